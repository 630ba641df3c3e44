"""What a deploy or update asks for, put together from flags and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.cli.call import Call
from mooring.cli.deploy_flags import PLACE_SETTINGS, SCRIPT_SETTINGS, SETTINGS
from mooring.cli.metadata_files import read_model_id
from mooring.cli.mistakes import UsageMistake

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.from_image import FromImage
    from mooring.environments import Environment
    from mooring.findings import Finding

_SECRETS = ("primary_key", "secondary_key")


@dataclass(frozen=True)
class EnvironmentChoice:
    """Which environment the flags name: a registered one, or a folder's."""

    name: str | None = None
    version: str | None = None
    directory: Path | None = None


def models_asked(call: Call, models: list[str] | None, metadata_files: list[str] | None) -> list[str]:
    """Ids of the models, in order; a bare name becomes its newest version."""
    named = [*(models or []), *(read_model_id(path) for path in metadata_files or [])]
    return [call.workspace.models.get_by_id(model).id for model in named]


def inference_asked(
    call: Call, path: str | None, settings: dict[str, Any], environment: EnvironmentChoice
) -> InferenceConfig | None:
    """The inference config; None when no flag says anything about it.

    Raises:
        UsageMistake: Flags exclude each other.
        MooringError: The config can't work.
    """
    from mooring.configs import InferenceConfig, load_inference_config

    given = _pick(settings, SCRIPT_SETTINGS)
    if path and given:
        names = ", ".join(_names_of(given, SCRIPT_SETTINGS))
        raise UsageMistake(f"--ic {path} already says what {names} would.", f"Keep one of them: --ic {path}.")
    chosen = _environment(call, environment)
    if not path and not given and chosen is None:
        return None
    if path:
        config, findings = load_inference_config(path)
        _note_findings(call, findings)
        if chosen is not None:
            config.environment = chosen
        return config
    if "entry_script" not in given:
        raise UsageMistake("No entry script was named.", "Add --ic inferenceconfig.json or --es score.py.")
    return InferenceConfig(**given, environment=chosen)


def script_or_image_asked(
    call: Call, image: str | None, path: str | None, settings: dict[str, Any], environment: EnvironmentChoice
) -> InferenceConfig | FromImage | None:
    """The inference config, or the registered image to run instead; None when no flag says anything about either.

    Raises:
        UsageMistake: Flags exclude each other.
        MooringError: The config can't work, or there is no such image.
    """
    inference = inference_asked(call, path, settings, environment)
    if image is None:
        return inference
    if inference is not None:
        raise UsageMistake(
            f"--image {image} holds a script and its environment already.",
            "Keep --image, or the flags that describe a script.",
        )
    return call.workspace.images.as_inference(image)


def deployment_asked(
    call: Call,
    path: str | None,
    settings: dict[str, Any],
    *,
    compute_type: str | None = None,
    compute_target: str | None = None,
) -> DeploymentConfig | None:
    """The deployment config; None when no flag says anything about it.

    Raises:
        UsageMistake: Flags exclude each other, or name no compute type.
        MooringError: The config can't work.
    """
    from mooring.configs import load_deployment_config

    given = _read_secrets(_pick(settings, (*SETTINGS, *PLACE_SETTINGS)) | _pick_labels(settings))
    wanted = _compute_type(compute_type, compute_target, given)
    if path:
        config, findings = load_deployment_config(path)
        _note_findings(call, findings)
        if wanted and wanted != config.compute_type:
            told = f"{path} says computeType {config.compute_type}, the flags say {wanted}."
            raise UsageMistake(told, "Keep one of them.")
    elif given or wanted:
        config = _config_class(wanted or "process").of({})
    else:
        return None
    for name, value in _known_settings(call, type(config), given).items():
        setattr(config, name, value)
    config.validate_configuration()
    return config


def settings_asked(call: Call, settings: dict[str, Any], compute_type: str) -> dict[str, Any]:
    """The settings of a deployed service that the flags change; those its compute type lacks are told and left out."""
    given = _read_secrets(_pick(settings, (*SETTINGS, *PLACE_SETTINGS)))
    return _known_settings(call, _config_class(compute_type), given)


def _known_settings(call: Call, config: type[DeploymentConfig], given: dict[str, Any]) -> dict[str, Any]:
    from mooring.configs.fields import settings_of

    known = settings_of(config)
    left = {name: value for name, value in given.items() if name not in known}
    if left:
        names = ", ".join(_names_of(left, (*SETTINGS, *PLACE_SETTINGS))) or ", ".join(left)
        call.note(f"note: {names} has no effect with computeType {config.compute_type} and is ignored.")
    return {name: value for name, value in given.items() if name in known}


def _environment(call: Call, choice: EnvironmentChoice) -> Environment | None:
    if choice.name and choice.directory:
        raise UsageMistake("-e and --ed both name an environment.", "Keep one of them.")
    if choice.directory is not None:
        from mooring.environments import Environment

        return Environment.load_from_directory(choice.directory)
    return call.workspace.environments.get(choice.name, choice.version) if choice.name else None


def _compute_type(kind: str | None, target: str | None, given: dict[str, Any]) -> str | None:
    """v1: a compute target is a cluster; here it may also be the name of a place that `computetarget list` shows."""
    if target is None:
        return kind.lower() if kind else None
    from mooring.cli.places import places

    here = {place.name: place.compute_types[0] for place in places()}
    if target in here:
        return here[target]
    given["compute_target_name"] = target
    return (kind or "aks").lower()


def _config_class(compute_type: str) -> type[DeploymentConfig]:
    from mooring.configs import DEPLOYMENT_CONFIGS
    from mooring.errors import did_you_mean

    if compute_type not in DEPLOYMENT_CONFIGS:
        known = list(DEPLOYMENT_CONFIGS)
        told = f"There is no compute type {compute_type!r}{did_you_mean(compute_type, known) or '.'}"
        raise UsageMistake(told, f"Use one of {', '.join(known)}.")
    return DEPLOYMENT_CONFIGS[compute_type]


def read_secret(text: str) -> str:
    """The text, or what the file after `@` holds: that keeps a key out of process lists and the shell's history.

    Raises:
        UsageMistake: The file can't be read.
    """
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8").strip()
    except OSError as error:
        told = f"{text[1:]} can't be read: {error.strerror}."
        raise UsageMistake(told, "Name a file that holds the key.") from error


def _read_secrets(given: dict[str, Any]) -> dict[str, Any]:
    return {name: read_secret(value) if name in _SECRETS else value for name, value in given.items()}


def _pick_labels(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in ("tags", "properties", "description") if name in settings}


def _pick(settings: dict[str, Any], parameters: Iterable[Any]) -> dict[str, Any]:
    names = {parameter.name for parameter in parameters}
    return {name: value for name, value in settings.items() if name in names}


def _names_of(given: dict[str, Any], parameters: Iterable[Any]) -> list[str]:
    return [parameter.flag.names[0] for parameter in parameters if parameter.name in given]


def _note_findings(call: Call, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.severity != "hint":
            call.note(f"  {finding.severity:<12} {finding}")
