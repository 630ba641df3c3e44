"""The flags of v1 that describe where and how a service runs, and which script answers.

Each stands for an attribute of `mooring.configs`. Those that mean nothing to a process on this machine are accepted
and not shown in `--help`; a configuration that has no such setting says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from mooring.cli import common_flags as common
from mooring.cli.completing import complete_environments, complete_images
from mooring.cli.flags import Parameter, flag

_TRUTH = bool | None


def _setting(attribute: str, type_: Any, *names: str, help: str, hidden: bool = False) -> Parameter:  # noqa: A002
    return Parameter(attribute, flag(*names, help=help, hidden=hidden), type_)


def _elsewhere(attribute: str, type_: Any, *names: str) -> Parameter:
    return _setting(attribute, type_, *names, help="For compute types other than process.", hidden=True)


SETTINGS = (
    _setting("port", int, "--port", "--po", help="Port on this machine; a free one unless said."),
    _setting("auth_enabled", _TRUTH, "--auth-enabled", "--ae", help="Callers must send a key."),
    _setting("token_auth_enabled", _TRUTH, "--token-auth-enabled", help="Callers must send a token."),
    _setting(
        "primary_key",
        str,
        "--primary-key",
        "--kp",
        help="First key, or @FILE that holds it; generated unless said.",
    ),
    _setting("secondary_key", str, "--secondary-key", "--ks", help="Second key, or @FILE that holds it."),
    _setting("scoring_timeout_ms", int, "--scoring-timeout-ms", "--tm", help="Milliseconds run() may take."),
    _setting(
        "replica_max_concurrent_requests",
        int,
        "--replica-max-concurrent-requests",
        "--rm",
        help="Requests one worker answers at once.",
    ),
    _setting(
        "max_request_wait_time",
        int,
        "--max-request-wait-time",
        "--mr",
        help="Milliseconds a request may wait, then 503.",
    ),
    _elsewhere("enable_app_insights", _TRUTH, "--enable-app-insights", "--ai"),
    _elsewhere("collect_model_data", _TRUTH, "--collect-model-data", "--md"),
    _elsewhere("cpu_cores", float, "--cpu-cores", "--cc"),
    _elsewhere("cpu_cores_limit", float, "--cpu-cores-limit", "--ccl"),
    _elsewhere("memory_gb", float, "--memory-gb", "--gb"),
    _elsewhere("memory_gb_limit", float, "--memory-gb-limit", "--gbl"),
    _elsewhere("gpu_cores", int, "--gpu-cores", "--gc"),
    _elsewhere("autoscale_enabled", _TRUTH, "--autoscale-enabled", "--as"),
    _elsewhere("autoscale_min_replicas", int, "--autoscale-min-replicas", "--mi"),
    _elsewhere("autoscale_max_replicas", int, "--autoscale-max-replicas", "--ma"),
    _elsewhere("autoscale_refresh_seconds", int, "--autoscale-refresh-seconds", "--ar"),
    _elsewhere("autoscale_target_utilization", int, "--autoscale-target-utilization", "--at"),
    _elsewhere("num_replicas", int, "--num-replicas", "--nr"),
    _elsewhere("period_seconds", int, "--period-seconds", "--ps"),
    _elsewhere("initial_delay_seconds", int, "--initial-delay-seconds", "--id"),
    _elsewhere("timeout_seconds", int, "--timeout-seconds", "--ts"),
    _elsewhere("success_threshold", int, "--success-threshold", "--st"),
    _elsewhere("failure_threshold", int, "--failure-threshold", "--ft"),
    _elsewhere("ssl_enabled", _TRUTH, "--ssl-enabled", "--se"),
    _elsewhere("ssl_cname", str, "--ssl-cname", "--sc"),
    _elsewhere("ssl_cert_pem_file", str, "--ssl-cert-pem-file", "--sp"),
    _elsewhere("ssl_key_pem_file", str, "--ssl-key-pem-file", "--sk"),
    _elsewhere("dns_name_label", str, "--dns-name-label", "--dn"),
    _elsewhere("location", str, "--location", "--lo"),
)
"""What `service update` takes, too."""

PLACE_SETTINGS = (
    _elsewhere("cmk_vault_base_url", str, "--vault-base-url"),
    _elsewhere("cmk_key_name", str, "--key-name"),
    _elsewhere("cmk_key_version", str, "--key-version"),
    _elsewhere("vnet_name", str, "--vnet-name"),
    _elsewhere("subnet_name", str, "--subnet-name"),
    _elsewhere("namespace", str, "--namespace"),
    _elsewhere("version_name", str, "--version-name", "--vn"),
    _elsewhere("traffic_percentile", float, "--traffic-percentile", "--tp"),
)
"""What only `model deploy` takes: it can't change later."""

SCRIPT_SETTINGS = (
    _setting(
        "entry_script", str, "--entry-script", "--es", help="Script with init() and run(), instead of --ic."
    ),
    _setting(
        "source_directory", str, "--source-directory", "--sd", help="Folder the script needs, shipped whole."
    ),
    _setting(
        "conda_file", str, "--conda-file", "--cf", help="Conda file with the packages the script needs."
    ),
    _setting("runtime", str, "--runtime", "--rt", help="python, python-slim or spark-py.", hidden=True),
    _elsewhere("extra_docker_file_steps", str, "--extra-docker-file-steps", "--ds"),
    _elsewhere("enable_gpu", _TRUTH, "--enable-gpu", "--eg"),
    _elsewhere("cuda_version", str, "--cuda-version", "--cv"),
    _elsewhere("base_image", str, "--base-image", "--bi"),
    _elsewhere("base_image_registry", str, "--base-image-registry", "--ir"),
)
"""What an inference config holds, one by one."""

InferenceFile = Annotated[
    str | None,
    flag(
        "--inference-config-file",
        "--ic",
        help="Inference config, JSON or YAML.",
        example="inferenceconfig.json",
    ),
]
DeployFile = Annotated[
    str | None,
    flag(
        "--deploy-config-file",
        "--dc",
        help="Deployment config, JSON or YAML; without one, a process on this machine.",
        example="deploymentconfig.json",
    ),
]
ModelFiles = Annotated[
    list[str] | None,
    flag("--model-metadata-file", "-f", help="File that `model register -t` wrote; may be repeated."),
]
Image = Annotated[
    str | None,
    flag(
        "--image",
        help="Registered image to run as it is, instead of --ic.",
        example="scorer:1",
        complete=complete_images,
    ),
]
EnvironmentName = Annotated[
    str | None,
    flag("--environment-name", "-e", help="Registered environment to use.", complete=complete_environments),
]
EnvironmentVersion = Annotated[
    str | None, flag("--environment-version", "--ev", help="Version of it; the newest unless said.")
]
EnvironmentDirectory = Annotated[
    Path | None, flag("--environment-directory", "--ed", help="Folder with an environment's files.")
]
NewModels = Annotated[
    list[str] | None,
    flag(
        "--model",
        "-m",
        help="Registered model, as name:version; may be repeated.",
        example="diabetes:1",
        complete=common.complete_models,
    ),
]
