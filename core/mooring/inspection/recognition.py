"""What a file is, told by what it holds. What can't be ours is left alone."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

FileKind = Literal["script", "config", "requirements", "notebook"]

_DEFINES = re.compile(r"^(?:async[ \t]+)?def[ \t]+(init|run)[ \t]*\(|^(init|run)[ \t]*=", re.MULTILINE)
_IMPORTS = re.compile(
    r"^from[ \t].*\bimport\b(.*)$|^(init[ \t]*,[ \t]*run)[ \t]*=|^(init[ \t]*=[ \t]*run)\b", re.MULTILINE
)
_NAME = re.compile(r"\b(init|run)\b")
_SERVICE_WORDS = (
    "AZUREML_MODEL_DIR", "get_model_path", "inference_schema", "azureml.contrib.services", "azureml_inference_server_http",
    "azureml.monitoring", "AML_APP_ROOT", "# mooring: entry-script",
)  # fmt: skip
_PROGRAM_WORDS = ("argparse", "__main__", "get_context(")
_ODD_SIGNATURE = re.compile(r"^def[ \t]+(?:init\(\s*\w|run\(\s*\))", re.MULTILINE)
_LOADS = re.compile(r"\b(joblib|pickle|torch|keras|onnxruntime|tensorflow|sklearn|load_model)\b")
_SCORING_NAME = re.compile(r"(?:^|[_\-])(?:scor(?:e|ing)|inference)(?:[_\-\d]|$)", re.IGNORECASE)
_REQUIREMENTS_NAME = re.compile(r"^(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)$", re.IGNORECASE)


def kind_of_file(path: str) -> FileKind | None:
    """What a file may be by its name; its content decides."""
    name = PurePath(path.replace("\\", "/")).name.lower()
    if name.endswith((".py", ".pyw")):
        return "script"
    if name.endswith((".json", ".yml", ".yaml")):
        return "config"
    if name.endswith(".ipynb"):
        return "notebook"
    return "requirements" if _REQUIREMENTS_NAME.match(name) else None


def names_defined(text: str) -> set[str]:
    """Which of `init` and `run` a text seems to define, without parsing it: strings that hold code look the same."""
    defined = {name for groups in _DEFINES.findall(text) for name in groups if name}
    return defined | {
        name for groups in _IMPORTS.findall(text) for part in groups for name in _NAME.findall(part)
    }


def is_entry_script(text: str, path: str = "", defined: set[str] | None = None) -> bool:
    """Whether a Python file is an entry script: it has `init` and `run`, or one of them and a service's words.

    A pipeline's `score.py` with an argument parser is none; neither is a game with an `init(screen)` and a `run()`.

    Args:
        text: Of the file.
        path: Of the file.
        defined: Which of `init` and `run` it defines; None to tell by its lines.
    """
    defined = names_defined(text) if defined is None else defined
    if not defined:
        return False
    is_named = _SCORING_NAME.search(PurePath(path).stem) is not None
    speaks = any(word in text for word in _SERVICE_WORDS)
    if defined == {"init", "run"}:
        return is_named or speaks or _ODD_SIGNATURE.search(text) is None or _LOADS.search(text) is not None
    is_program = any(word in text for word in _PROGRAM_WORDS)
    return (speaks and not is_program) or (is_named and (speaks or _LOADS.search(text) is not None))


def is_named_as_script(path: str) -> bool:
    """Whether a file is meant to be an entry script by its name, whatever it holds."""
    return _SCORING_NAME.search(PurePath(path).stem) is not None
