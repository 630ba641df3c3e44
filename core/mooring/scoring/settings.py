"""Every setting of the scoring server: one table, read from flags, then the environment, then a config file.

Names and defaults of the first group are those of Azure ML v1's container server (`azmlinfsrv`), so that scripts,
images and habits keep working; the `MOORING_…` group is what this server knows beyond it.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Callable, Mapping, MutableMapping, Sequence

from mooring.scoring import settings_readers as readers

__all__ = ["OPTIONS", "Option", "ServerSettings", "SettingsError"]

CONFIG_FILE = "AZUREML_CONFIG_FILE"
AUTH_MODES = ("off", "key", "token", "key+token")


class SettingsError(Exception):
    """A setting that can not be used.

    Args:
        message: Names the setting and shows the offending value.
        exit_code: 3 for a wrong value (the reference's boot error), 1 for a command line that says too little.
    """

    def __init__(self, message: str, exit_code: int = 3) -> None:
        super().__init__(message, exit_code)
        self.message = message
        self.exit_code = exit_code

    def __str__(self) -> str:
        return self.message


class Option:
    """One setting: its attribute, environment variable, flag, default, reader and meaning."""

    __slots__ = ("default", "env", "flag", "meaning", "name", "read", "secret")

    def __init__(
        self,
        name: str,
        env: str,
        default: Any,
        read: Callable[[str], Any],
        meaning: str,
        flag: str = "",
        secret: bool = False,
    ) -> None:
        self.name = name
        self.env = env
        self.default = default
        self.read = read
        self.meaning = meaning
        self.flag = flag
        self.secret = secret


OPTIONS: list[Option] = [
    # ---- the reference server's own (azmlinfsrv 1.5.1) ----
    Option("app_root", "AML_APP_ROOT", "/var/azureml-app", readers.text, "Folder the script is started in."),
    Option("entry_script", "AZUREML_ENTRY_SCRIPT", None, readers.optional_text, "The script with init() and run(); without it module `main` of the app root.", "--entry_script"),
    Option("source_directory", "AZUREML_SOURCE_DIRECTORY", None, readers.optional_text, "Extra import folder under the app root."),
    Option("model_dir", "AZUREML_MODEL_DIR", None, readers.optional_text, "Where the script finds its models.", "--model_dir"),
    Option("service_name", "SERVICE_NAME", "ML service", readers.text, "Title of the Swagger document."),
    Option("service_version", "SERVICE_VERSION", "1.0", readers.text, "Version in the Swagger document."),
    Option("service_path_prefix", "SERVICE_PATH_PREFIX", "", readers.text, "Prefix below which every route is answered as well; of the paths in the Swagger document."),
    Option("workspace_name", "WORKSPACE_NAME", "", readers.text, "Workspace name for telemetry."),
    Option("scoring_timeout_ms", "SCORING_TIMEOUT_MS", 3_600_000, readers.number(1), "A run longer than this is stopped and answered with 500."),
    Option("worker_count", "WORKER_COUNT", 1, readers.number(1, 1024), "Worker processes; each calls init().", "--worker_count"),
    Option("worker_timeout_s", "WORKER_TIMEOUT", 300, readers.number(1), "A worker busy with one run for longer is reported stuck and replaced."),
    Option("worker_preload", "WORKER_PRELOAD", False, readers.truth, "Load the script before forking workers."),
    Option("port", "SERVER_PORT", 5001, readers.number(0, 65535), "Port of the scoring routes; 0 takes a free one.", "--port"),
    Option("separate_health", "SEPERATE_HEALTH_ENDPOINT", False, readers.truth, "Also listen on the health port."),
    Option("health_port", "HEALTH_PORT", 5000, readers.number(0, 65535), "The health port, when it is separate.", "--health_port"),
    Option("cors_origins", "AML_CORS_ORIGINS", None, readers.optional_text, "Comma list of origins, or *.", "--access_control_allow_origins"),
    Option("app_insights_enabled", "AML_APP_INSIGHTS_ENABLED", False, readers.truth, "Accepted for old images; nothing is sent anywhere."),
    Option("app_insights_key", "AML_APP_INSIGHTS_KEY", None, readers.optional_text, "Accepted for old images.", "--appinsights_instrumentation_key", secret=True),
    Option("app_insights_log_response", "APP_INSIGHTS_LOG_RESPONSE_ENABLED", True, readers.truth, "Accepted for old images."),
    Option("model_data_collection", "AML_MODEL_DC_STORAGE_ENABLED", False, readers.truth, "Switch of ModelDataCollector."),
    Option("log_level", "AZUREML_LOG_LEVEL", "INFO", readers.log_level, "Least severe level that is logged."),
    Option("debug_port", "AZUREML_DEBUG_PORT", None, readers.optional(readers.number(1, 65535)), "Wait for a debugger (debugpy) on this port."),
    Option("sends_server_version", "SERVER_VERSION_LOG_RESPONSE_ENABLED", True, readers.truth, "Send x-ms-server-version."),
    Option("server_version", "HTTP_X_MS_SERVER_VERSION", None, readers.optional_text, "Value of x-ms-server-version."),
    # ---- beyond it: where and who ----
    Option("host", "MOORING_HOST", "127.0.0.1", readers.text, "Address to listen on; the reference takes 0.0.0.0.", "--host"),
    Option("auth", "MOORING_AUTH", "off", readers.choice(*AUTH_MODES), "Who may score: off, key, token, key+token.", "--auth"),
    Option("keys_file", "MOORING_KEYS_FILE", None, readers.optional_text, "JSON file with primary, secondary and signing keys; read again when it changes.", "--keys_file"),
    Option("jwt_audience", "MOORING_JWT_AUDIENCE", None, readers.optional_text, "Audience tokens must name."),
    Option("jwt_issuer", "MOORING_JWT_ISSUER", None, readers.optional_text, "Issuer tokens must name."),
    Option("jwt_kid", "MOORING_JWT_KID", None, readers.optional_text, "Key id tokens must carry; the keys file's `kid` wins."),
    Option("open_routes", "MOORING_OPEN_ROUTES", ("/", "/metrics"), readers.routes, "Routes that need no key, of /, /metrics, /swagger.json.", "--open_routes"),
    Option("tls_cert", "MOORING_TLS_CERT", None, readers.optional_text, "PEM certificate chain; read again when it is renewed.", "--tls_cert"),
    Option("tls_key", "MOORING_TLS_KEY", None, readers.optional_text, "PEM private key.", "--tls_key"),
    # ---- limits ----
    Option("max_concurrent_requests", "MOORING_MAX_CONCURRENT_REQUESTS", 1, readers.number(1, 4096), "Runs at a time in one worker (async run: only when given).", "--max_concurrent_requests"),
    Option("max_queue", "MOORING_MAX_QUEUE", None, readers.optional(readers.number(0)), "Requests that may wait in one worker; further ones get 503.", "--max_queue"),
    Option("max_queue_wait_ms", "MOORING_MAX_QUEUE_WAIT_MS", None, readers.optional(readers.number(1)), "Longest wait for a run; then 503.", "--max_queue_wait_ms"),
    Option("gateway_timeout_ms", "MOORING_GATEWAY_TIMEOUT_MS", None, readers.optional(readers.number(1)), "Longest run as v1's front-end counted it (scoringTimeoutMs); then 504.", "--gateway_timeout_ms"),
    Option("max_body_bytes", "MOORING_MAX_BODY_BYTES", 100 * 1024 * 1024, readers.number(1), "Largest request body; more is 413.", "--max_body_bytes"),
    Option("max_header_bytes", "MOORING_MAX_HEADER_BYTES", 32 * 1024, readers.number(1024), "Largest request head; more is 431."),
    Option("max_headers", "MOORING_MAX_HEADERS", 100, readers.number(1), "Most header lines; more is 431."),
    Option("max_connections", "MOORING_MAX_CONNECTIONS", 4096, readers.number(1), "Connections one worker keeps; further ones get 503."),
    Option("idle_timeout_s", "MOORING_IDLE_TIMEOUT_S", 75.0, readers.number(0.05, whole=False), "Keep-alive connections idle for longer are closed."),
    Option("header_timeout_s", "MOORING_HEADER_TIMEOUT_S", 10.0, readers.number(0.05, whole=False), "A head must be complete this long after its first byte; then 408."),
    Option("body_timeout_s", "MOORING_BODY_TIMEOUT_S", 30.0, readers.number(0.05, whole=False), "Longest pause between two pieces of a body; then 408."),
    Option("drain_s", "MOORING_DRAIN_S", 30.0, readers.number(0, whole=False), "How long requests in flight may take after SIGTERM."),
    # ---- speed ----
    Option("batch", "MOORING_BATCH", None, readers.batch, "Micro-batching: most rows-carrying requests per run[,microseconds to wait].", "--batch"),
    # ---- watching ----
    Option("metrics", "MOORING_METRICS", True, readers.truth, "Serve /metrics."),
    Option("metrics_dir", "MOORING_METRICS_DIR", None, readers.optional_text, "Folder through which the workers of one service add up their metrics."),
    Option("models", "MOORING_MODELS", (), readers.words, "name:version of the models, for metrics and logs; taken from the model folder when not given."),
    Option("log_format", "MOORING_LOG_FORMAT", "reference", readers.choice("reference", "json"), "Log lines as the reference writes them, or JSON.", "--log_format"),
    Option("access_log", "MOORING_ACCESS_LOG", False, readers.truth, "One log line per request.", "--access_log"),
    Option("explain_errors", "MOORING_EXPLAIN_ERRORS", False, readers.truth, "Say in the answer what was wrong with the input.", "--explain_errors"),
]  # fmt: skip
_BY_NAME: dict[str, Option] = {option.name: option for option in OPTIONS}


class ServerSettings:
    """Values for every row of `OPTIONS`, as attributes; unknown names are refused.

    `given` holds the names that were set by a flag, the environment or a file, so that code can tell a
    default from a wish; `warnings` are sentences for the log.
    """

    # ---- reference
    app_root: str
    entry_script: str | None
    source_directory: str | None
    model_dir: str | None
    service_name: str
    service_version: str
    service_path_prefix: str
    workspace_name: str
    scoring_timeout_ms: int
    worker_count: int
    worker_timeout_s: int
    worker_preload: bool
    port: int
    separate_health: bool
    health_port: int
    cors_origins: str | None
    app_insights_enabled: bool
    app_insights_key: str | None
    app_insights_log_response: bool
    model_data_collection: bool
    log_level: str
    debug_port: int | None
    sends_server_version: bool
    server_version: str | None
    # ---- ours
    host: str
    auth: str
    keys_file: str | None
    jwt_audience: str | None
    jwt_issuer: str | None
    jwt_kid: str | None
    open_routes: tuple[str, ...]
    tls_cert: str | None
    tls_key: str | None
    max_concurrent_requests: int
    max_queue: int | None
    max_queue_wait_ms: int | None
    gateway_timeout_ms: int | None
    max_body_bytes: int
    max_header_bytes: int
    max_headers: int
    max_connections: int
    idle_timeout_s: float
    header_timeout_s: float
    body_timeout_s: float
    drain_s: float
    batch: tuple[int, int] | None
    metrics: bool
    metrics_dir: str | None
    models: tuple[str, ...]
    log_format: str
    access_log: bool
    explain_errors: bool

    def __init__(self, **values: Any) -> None:
        self.given = frozenset(values)
        self.warnings: list[str] = []
        for option in OPTIONS:
            setattr(self, option.name, values.pop(option.name, option.default))
        if values:
            raise SettingsError("Unknown setting {}.".format(", ".join(sorted(values))))
        self._check()

    def paths_of(self, route: str) -> frozenset[str]:
        """Every path that means a route: the route itself, and below `service_path_prefix`."""
        prefix = self.service_path_prefix.strip("/")
        return frozenset((route, "/" + prefix + route)) if prefix else frozenset((route,))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> ServerSettings:
        """Settings of a worker: the environment over the config file it names; raises `SettingsError`."""
        environ = os.environ if environ is None else environ
        values, warnings = _read_file(_find_config_file(environ))
        values.update(_read_environment(environ))
        values.update(overrides)
        settings = cls(**values)
        settings.warnings.extend(warnings)
        return settings

    @classmethod
    def from_command_line(
        cls, arguments: Sequence[str], environ: Mapping[str, str] | None = None
    ) -> ServerSettings:
        """Settings of `python -m mooring.scoring`: flags over environment over file; raises `SettingsError`."""
        from mooring.scoring.settings_flags import read_flags

        merged = dict(os.environ if environ is None else environ)
        merged.update(read_flags(arguments))
        root = merged.get("AML_APP_ROOT")
        named = merged.get("AZUREML_ENTRY_SCRIPT") or merged.get(CONFIG_FILE)
        if not named and not (root and Path(root, "main.py").is_file()):
            message = "Either provide an entry_script using --entry_script or provide a path to the configuration file using --config_file."
            raise SettingsError(message, exit_code=1)
        merged.setdefault("AML_APP_ROOT", str(Path.cwd()))
        return cls.from_environment(merged)

    def export(self, environ: MutableMapping[str, str]) -> None:
        """Write what was given into an environment, so that the script and child processes see it."""
        for option in OPTIONS:
            if option.name in self.given:
                environ[option.env] = _written(getattr(self, option.name))

    def model_names(self) -> tuple[str, ...]:
        """The models as `name:version`: as given, else as the last two parts of the model folder say."""
        if self.models:
            return self.models
        root, name, version = ("", "", "", *Path(self.model_dir or "").parts)[-3:]
        return (f"{name}:{version}",) if root == "azureml-models" and version.isdigit() else ()

    def _check(self) -> None:
        if self.auth != "off" and not self.keys_file:
            raise SettingsError(f"MOORING_AUTH is {self.auth!r} but no MOORING_KEYS_FILE is given.")
        if bool(self.tls_cert) != bool(self.tls_key):
            raise SettingsError("TLS needs both MOORING_TLS_CERT and MOORING_TLS_KEY.")
        uuid = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"
        if self.app_insights_key and not re.fullmatch(uuid, self.app_insights_key, re.IGNORECASE):
            self.app_insights_enabled = False
            self.warnings.append(
                "Invalid Application Insights instrumentation key provided. Application Insights has been disabled."
            )

    def __repr__(self) -> str:
        shown = [name for name in sorted(self.given) if not _BY_NAME[name].secret]
        return "ServerSettings({})".format(", ".join(f"{n}={getattr(self, n)!r}" for n in shown))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return str(value)


def read_value(option: Option, value: Any, place: str) -> Any:
    try:
        return option.read(value if isinstance(value, str) else _written(value))
    except ValueError as error:
        shown = "a secret" if option.secret else repr(value)
        raise SettingsError(f"{option.env} is {shown} in the {place}: {error}.") from None


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    return {
        option.name: read_value(option, environ[option.env], "environment")
        for option in OPTIONS
        if option.env in environ
    }


def _find_config_file(environ: Mapping[str, str]) -> Path | None:
    """The config file as the reference looks for it: named, in the app root, beside the script; empty ones do not count."""
    script = environ.get("AZUREML_ENTRY_SCRIPT")
    candidates = [Path(environ[CONFIG_FILE])] if environ.get(CONFIG_FILE) else []
    candidates.append(Path(environ.get("AML_APP_ROOT", "/var/azureml-app"), "config.json"))
    if script:
        candidates.append(Path(script).absolute().parent / "config.json")
    for path in candidates:
        if path.is_file() and path.stat().st_size:
            return path
    return None


def _read_file(path: Path | None) -> tuple[dict[str, Any], list[str]]:
    if path is None:
        return {}, []
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"The config file {path} can not be read: {error}.") from None
    if not isinstance(content, dict):
        raise SettingsError(f"The config file {path} must hold a JSON object.")
    known = {option.env: option for option in OPTIONS}
    values = {
        known[key].name: read_value(known[key], value, "config file")
        for key, value in content.items()
        if key in known and value is not None
    }
    extra = sorted(str(key) for key in content if key not in known)
    text = "Found extra keys in the config file that are not supported by the server: {}."
    return values, [text.format(", ".join(extra))] if extra else []
