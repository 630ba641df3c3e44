"""What a container of a release is told: openly by environment variables, and in files what nobody else may see.

The same wherever containers run; `mooring.images.contract` says what an image makes of it.
"""

from __future__ import annotations

import json
from typing import Any

from mooring.deployments.target import Release
from mooring.images.contract import KEYS_FILE, PORT, SECRETS_DIR, VARIABLES_FILE

_FIXED = ("AML_APP_ROOT", "AZUREML_ENTRY_SCRIPT", "MOORING_HOST", "MOORING_MODELS")


def container_variables(release: Release, *, drain_s: float) -> dict[str, str]:
    """Environment variables of a release's container; variables of users are not among them, as they may be secret.

    Args:
        release: With its options.
        drain_s: How long the last requests may take once the container is told to end.
    """
    options = release.server
    values: dict[str, Any] = {
        "SERVICE_NAME": release.service,
        "SERVER_PORT": PORT,
        "WORKER_COUNT": options.worker_count if options.worker_count > 1 else "",
        "MOORING_REVISION": release.revision,
        "MOORING_CONTAINER_LOG": "records",
        "MOORING_READY_WITHIN_S": release.ready_within_s,
        "MOORING_DRAIN_S": drain_s,
        "MOORING_VARIABLES_FILE": f"{SECRETS_DIR}/{VARIABLES_FILE}",
        "MOORING_AUTH": options.auth_mode,
        "MOORING_KEYS_FILE": f"{SECRETS_DIR}/{KEYS_FILE}" if options.keys_path else "",
        "MOORING_JWT_AUDIENCE": options.token_audience,
        "MOORING_JWT_ISSUER": options.token_issuer,
        "MOORING_GATEWAY_TIMEOUT_MS": options.scoring_timeout_ms,
        "MOORING_MAX_CONCURRENT_REQUESTS": options.max_concurrent_requests,
        "MOORING_MAX_QUEUE_WAIT_MS": options.max_queue_wait_ms,
        "AML_APP_INSIGHTS_ENABLED": "true" if options.app_insights else "",
        "AML_MODEL_DC_STORAGE_ENABLED": "true" if options.collect_model_data else "",
    }
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def secret_files(release: Release) -> dict[str, bytes]:
    """The files a release's container needs in `SECRETS_DIR`, by name; for its user alone to read."""
    files = {VARIABLES_FILE: json.dumps(_variables_of_users(release)).encode()}
    if release.server.keys_path is not None:
        files[KEYS_FILE] = release.server.keys_path.read_bytes()
    return files


def _variables_of_users(release: Release) -> dict[str, str]:
    """All but those that say where the service's own parts are: on no target these are the user's to change."""
    ours = {*_FIXED, *container_variables(release, drain_s=0)}
    if release.source_directory:
        ours.add("AZUREML_SOURCE_DIRECTORY")
    if release.model_dir:
        ours.add("AZUREML_MODEL_DIR")
    return {name: value for name, value in release.environment_variables.items() if name not in ours}
