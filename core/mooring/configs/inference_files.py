"""Reads inference configurations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mooring.configs.document import Document, load_document, read_document
from mooring.configs.environment_keys import unknown_environment_keys
from mooring.configs.inference import OLD_KEYS, InferenceConfig, InvalidInferenceConfig
from mooring.configs.inference_paths import with_conda_file
from mooring.configs.origin import Origin, errors_in, finding_at
from mooring.configs.reading import read_settings
from mooring.errors import MooringError
from mooring.findings import Finding, Severity

INFERENCE_FLAG = "--inference-config-file"


def load_inference_config(
    path: str | Path, *, current: Path | None = None
) -> tuple[InferenceConfig, list[Finding]]:
    """The configuration in a file, and what was noticed on the way (warnings and information).

    Args:
        path: Of the file.
        current: Stands for the current directory.

    Raises:
        ConfigUnreadable: It is neither JSON nor YAML, or isn't there.
        InvalidInferenceConfig: It can't work; says all at once.
    """
    return _accept(load_document(path, flag=INFERENCE_FLAG), current)


def parse_inference_config(text: str, path: str | Path = "") -> tuple[InferenceConfig, list[Finding]]:
    """The same for a text; `path` is where it would be saved.

    Raises:
        ConfigUnreadable: It is neither JSON nor YAML.
        InvalidInferenceConfig: It can't work; says all at once.
    """
    return _accept(read_document(text, path=path, flag=INFERENCE_FLAG))


def inspect_inference_config(
    document: Document, current: Path | None = None
) -> tuple[InferenceConfig | None, list[Finding]]:
    """The configuration in a document, None when it is no object, and every finding, errors included."""
    findings = list(document.findings)
    if not isinstance(document.value, dict):
        problem = "An inference configuration is an object with entryScript and other keys."
        span = document.span_of()
        findings.append(
            Finding("config-shape", "error", problem, "Start with an entryScript key.", document.path, span)
        )
        return None, findings
    reading = read_settings(InferenceConfig, document, elsewhere=_left_over)
    findings += reading.findings
    values, origin = dict(reading.values), Origin(document, reading.paths)
    definition = values.pop("environment", None)
    findings += _drop_old_keys(values, definition, origin)
    config = InferenceConfig.of(values, origin)
    findings += _take_environment(config, definition, current)
    findings += [
        *unknown_environment_keys(document),
        *_conflicts_in(definition, config),
        *config.validate(current),
    ]
    return config, findings


def _accept(document: Document, current: Path | None = None) -> tuple[InferenceConfig, list[Finding]]:
    config, findings = inspect_inference_config(document, current)
    errors = errors_in(findings)
    if config is None or errors:
        raise InvalidInferenceConfig(findings=errors, flag=INFERENCE_FLAG)
    return config, findings


def _left_over(path: tuple[str, ...]) -> tuple[Severity, str] | None:
    if path in {("schemaFile",), ("dependencies",)}:
        return "information", f"{path[0]} belongs to the image configurations of 2018 and is ignored."
    return None


def _drop_old_keys(values: dict[str, Any], definition: Any, origin: Origin) -> Iterator[Finding]:
    """In a file the environment wins over the old keys; in the constructor the mix is an error."""
    if not definition:
        return
    for name in OLD_KEYS:
        if values.pop(name, None):
            key = origin.paths[name][0]
            problem = f"{key} is ignored because environment is set."
            yield finding_at(origin, (name,), "key-ignored", "information", problem, f"Remove {key}.")


def _conflicts_in(definition: Any, config: InferenceConfig) -> Iterator[Finding]:
    """Settings of an environment that exclude each other, and names that Azure keeps for itself."""
    if not isinstance(definition, dict):
        return
    docker = definition.get("docker")
    if isinstance(docker, dict) and docker.get("baseImage") and docker.get("baseDockerfile"):
        problem = "environment.docker.baseImage and baseDockerfile exclude each other."
        yield config.finding("environment", "settings-conflict", problem, "Keep one of them.")
    name = definition.get("name")
    is_defined = any(definition.get(part) for part in ("python", "docker"))
    if is_defined and isinstance(name, str) and name.lower().startswith(("azureml", "microsoft")):
        problem = f"{name!r} begins like Azure's own environments, and Azure refuses to register it."
        yield config.finding(
            "environment", "environment-name", problem, "Give it another name.", severity="warning"
        )


def _take_environment(config: InferenceConfig, definition: Any, current: Path | None) -> Iterator[Finding]:
    if not definition:
        return
    from mooring.environments import Environment

    if not isinstance(definition, dict):
        problem = f"environment must be an object, not {type(definition).__name__}."
        remedy = "Define it here by an object with a name, or choose a registered one with -e and --ev."
        yield config.finding("environment", "value-type", problem, remedy)
        return
    given = {key: value for key, value in definition.items() if value is not None}
    if given.get("name") and not set(given) - {"name", "version"}:
        config.environment_definition = (
            given  # a registered one is meant: whoever has a workspace looks it up
        )
        return
    config.environment_definition, missing = with_conda_file(definition, config.roots(current))
    if missing:
        problem = f"Conda file {missing} doesn't exist."
        yield config.finding("environment", "file-missing", problem, "Correct condaDependenciesFile.")
        return
    try:
        config.environment = Environment.from_dict(config.environment_definition)
    except MooringError as error:
        yield config.finding("environment", error.code, error.problem, error.remedy)
    except (AttributeError, TypeError, ValueError) as error:  # a section of another shape than v1 writes
        problem = f"The environment can't be read: {error}."
        yield config.finding("environment", "environment-invalid", problem, "Write it as v1's samples do.")
