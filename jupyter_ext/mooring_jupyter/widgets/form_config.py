"""What the deploy form's values mean as a deployment that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.configs.config_form import config_fields
from mooring_jupyter.widgets.view import Refused

if TYPE_CHECKING:
    from mooring_jupyter.shapes import Deployment

_CONFIG_ENDINGS = (".json", ".yml", ".yaml")


def asked_of(given: dict[str, Any]) -> Deployment:
    """The deployment, with absolute paths: it is carried out in another process.

    Raises:
        Refused: Something is missing, or is not what its field takes.
    """
    script = _text(given, "script")
    if not script:
        raise Refused("Name the entry script or an inference config.")
    asked: Deployment = {
        "models": [str(model) for model in given.get("models") or [] if model],
        "computeType": _text(given, "compute_type") or "process",
        "settings": _settings_of(given),
    }
    if Path(script).suffix.lower() in _CONFIG_ENDINGS:
        asked["inferenceConfig"] = _path(script)
        return asked
    if folder := _text(given, "folder"):
        asked["sourceDirectory"] = _path(folder)
        if Path(folder, script).is_file():  # as v1 has it: from the source folder
            script = str(Path(folder, script))
    if conda := _text(given, "conda"):
        asked["condaFile"] = _path(conda)
    asked["entryScript"] = _path(script)
    return asked


def _text(given: dict[str, Any], key: str) -> str:
    return str(given.get(key) or "").strip()


def _path(text: str) -> str:
    path = Path(text).expanduser().absolute()
    if not path.exists():
        raise Refused(f"There is no {text!r} here: the notebook runs in {Path.cwd()}.")
    return str(path)


def _settings_of(given: dict[str, Any]) -> dict[str, Any]:
    """Those that are not left empty."""
    kinds = {field.name: field.kind for field in config_fields(_text(given, "compute_type") or "process")}
    return {
        name: _value(kinds[name], name, value)
        for name, value in (given.get("settings") or {}).items()
        if name in kinds and value not in ("", None)
    }


def _value(kind: str, name: str, value: Any) -> Any:
    if kind == "boolean":
        return value in (True, "true")
    if kind == "texts":
        pairs = [line.partition("=") for line in str(value).splitlines() if line.strip()]
        if any(not equals for _, equals, _ in pairs):
            raise Refused(f"{name}: write one name=value a line.")
        return {key.strip(): text for key, _, text in pairs}
    if kind in ("number", "integer"):
        try:
            return int(value) if kind == "integer" else float(value)
        except ValueError:
            raise Refused(f"{name} takes a number, not {value!r}.") from None
    return value
