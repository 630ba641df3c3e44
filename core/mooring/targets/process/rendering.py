"""A release as the supervisor understands it: an interpreter, a folder, and environment variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.deployments.target import Release
from mooring.scoring.supervisor.spec import GenerationSpec
from mooring.scoring.supervisor.sweep import SERVICE_MARK
from mooring.targets.process.conditions import import_conditions

if TYPE_CHECKING:
    from mooring.environments import ReadyEnvironment

# What a service takes from the shell that deploys it. All else would make a service depend on who deployed it, and
# from where; Azure ML v1's containers saw nothing of it either.
_INHERITED = (
    "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_HOME", "CUDA_VISIBLE_DEVICES",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE",
)  # fmt: skip

DRAIN_S = 30.0
SILENT_AFTER_S = 30.0


def render_spec(
    release: Release, *, environment: ReadyEnvironment, ring: str, nonce: str, host: str, port: int
) -> GenerationSpec:
    """What the supervisor is asked to run.

    Args:
        release: What the target was asked to run.
        environment: The Python that runs it, and what that needs set.
        ring: Folder of the scoring ring.
        nonce: Marks every process of the service.
        host: Address the service listens on.
        port: Port it listens on.
    """
    given, python = release.environment_variables, environment.python
    return GenerationSpec(
        revision=release.revision,
        python=str(python),
        ring=ring,
        app_root=str(release.app_root),
        interpreter_variables=_interpreter_variables({**environment.variables, **given}, python, nonce),
        worker_variables={
            **_contract(release),
            **_server(release),
            "MOORING_HOST": host,
            "SERVER_PORT": str(port),
        },
        worker_count=_worker_count(release),
        ready_within_s=release.ready_within_s,
        drain_s=DRAIN_S,
        import_conditions=import_conditions(release.app_root, python),
        is_warm=_is_on(given.get("MOORING_WARM")),
        replays=_is_on(given.get("MOORING_REPLAY")),
        silent_after_s=float(given.get("MOORING_SILENT_AFTER_S") or SILENT_AFTER_S),
    )


def _is_on(word: str | None) -> bool:
    return (word or "on").lower() not in ("false", "0", "no", "off")


def _interpreter_variables(given: dict[str, str], python: Path, nonce: str) -> dict[str, str]:
    inherited = {
        name: os.environ[name] for name in os.environ if name in _INHERITED or name.startswith("LC_")
    }
    # A script that starts `python` or a tool of its environment means the ones of its environment.
    inherited["PATH"] = os.pathsep.join([str(python.parent), inherited.get("PATH", os.defpath)])
    return {**inherited, **given, SERVICE_MARK: nonce}


def _contract(release: Release) -> dict[str, str]:
    root = release.app_root
    values = {"AML_APP_ROOT": str(root), "AZUREML_ENTRY_SCRIPT": release.entry_script}
    if release.source_directory:
        values["AZUREML_SOURCE_DIRECTORY"] = release.source_directory
    if release.model_dir:
        values["AZUREML_MODEL_DIR"] = str(root / release.model_dir)
    values["SERVICE_NAME"] = release.service
    values["MOORING_MODELS"] = ",".join(model.id for model in release.models)
    return values


def _server(release: Release) -> dict[str, str]:
    options = release.server
    values = {
        "MOORING_AUTH": options.auth_mode,
        "MOORING_KEYS_FILE": options.keys_path,
        "MOORING_JWT_AUDIENCE": options.token_audience,
        "MOORING_JWT_ISSUER": options.token_issuer,
        "MOORING_GATEWAY_TIMEOUT_MS": options.scoring_timeout_ms,
        "MOORING_MAX_CONCURRENT_REQUESTS": options.max_concurrent_requests,
        "MOORING_MAX_QUEUE_WAIT_MS": options.max_queue_wait_ms,
        "AML_APP_INSIGHTS_ENABLED": "true" if options.app_insights else "",
        "AML_MODEL_DC_STORAGE_ENABLED": "true" if options.collect_model_data else "",
        "MOORING_METRICS_DIR": release.folder / "process" / "metrics" if _worker_count(release) > 1 else "",
    }
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _worker_count(release: Release) -> int:
    """The deployment's word, else WORKER_COUNT, which is how v1 scripts asked for more."""
    asked = release.environment_variables.get("WORKER_COUNT", "")
    if release.server.worker_count > 1 or not asked.isdigit():
        return release.server.worker_count
    return max(1, int(asked))
