"""What a file is, told by what it holds. What can't be ours is left alone."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

FileKind = Literal["script", "config", "requirements", "notebook"]

_DEFINES = re.compile(r"^(?:async[ \t]+)?def[ \t]+(init|run)[ \t]*\(|^(init|run)[ \t]*=", re.MULTILINE)
_DEFINES_FOR_MAIN = re.compile(
    r"^if[ \t]+__name__\b[^\n]*\n(?:[ \t][^\n]*\n|\n)*?[ \t]+def[ \t]+(?:init|run)[ \t]*\(", re.MULTILINE
)
_DEFINES_INSIDE = re.compile(r"^[ \t]+def[ \t]+(init|run)[ \t]*\(", re.MULTILINE)
_IMPORTS = re.compile(
    r"^from[ \t].*\bimport\b(.*)$|^(init[ \t]*,[ \t]*run)[ \t]*=|^(init[ \t]*=[ \t]*run)\b", re.MULTILINE
)
_NAME = re.compile(r"\b(init|run)\b")
_SERVICE_WORDS = (
    "AZUREML_MODEL_DIR", "get_model_path", "inference_schema", "azureml.contrib.services", "azureml_inference_server_http",
    "azureml.monitoring", "AML_APP_ROOT", "# mooring: entry-script",
)  # fmt: skip
_PROGRAM_WORDS = ("argparse", "__main__", "get_context(", "import click", "import typer", "import fire")
_MODEL_WORDS = re.compile(
    r"\b(joblib|pickle|dill|cloudpickle|torch|keras|onnxruntime|tensorflow|sklearn|xgboost|lightgbm|catboost|mlflow|spacy"
    r"|transformers|fasttext|fastai|numpy|pandas|load_model)\b|\.predict\("
)
_ODD_SIGNATURE = re.compile(r"^def[ \t]+(?:init\(\s*\w|run\(\s*\))", re.MULTILINE)
_LOADS = re.compile(r"\b(joblib|pickle|torch|keras|onnxruntime|tensorflow|sklearn|load_model)\b")
_ANSWERS_TEXT = re.compile(
    r"^(?:async[ \t]+)?def[ \t]+run[ \t]*\([ \t]*(\w+)[^\n]*\n(?:.*\n)*?.*\bloads\([ \t]*\1\b", re.MULTILINE
)
_ANSWERS_SOMETHING = re.compile(
    r"^def[ \t]+run\(\s*(?:raw_?data|request_?body|json_?\w*|input_?data|raw\w*)\b", re.MULTILINE
)
_SETS_GLOBALS = re.compile(r"^def[ \t]+init\(\s*\)[^\n]*\n(?:[ \t].*\n|\n)*?[ \t]+global[ \t]", re.MULTILINE)
_SCORING_NAME = re.compile(r"(?:^|[_\-])(?:scor(?:e|ing)|inference)(?:[_\-\d]|$)", re.IGNORECASE)
_EXACT_NAME = re.compile(r"(?:score|scoring|scoring_script|score_script|entry_script)", re.IGNORECASE)
_AZURE_WORDS = (
    "AZUREML_MODEL_DIR", "Model.get_model_path(", "inference_schema.", "azureml.contrib.services",
    "azureml_inference_server_http",
)  # fmt: skip
_OTHER_SERVER = re.compile(
    r"\b(flask|fastapi|uvicorn|starlette|streamlit|gradio|tornado|aiohttp|grpc|bentoml|litserve|mlserver|mini_batch)\b",
    re.IGNORECASE,
)
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
    if _DEFINES_FOR_MAIN.search(text) is not None:
        defined |= set(_DEFINES_INSIDE.findall(text))
    return defined | {
        name for groups in _IMPORTS.findall(text) for part in groups for name in _NAME.findall(part)
    }


def is_entry_script(text: str, path: str = "", defined: set[str] | None = None) -> bool:
    """Whether a Python file is an entry script: it has `init` and `run`, or one of them and a service's words.

    A pipeline's `score.py` with an argument parser is none; neither is a game with an `init()` and a `run()`, or a tool's
    plug-in with an `init()` and a `run(url)`: nothing in them speaks of models, or of requests that are text.

    Args:
        text: Of the file.
        path: Of the file.
        defined: Which of `init` and `run` it defines; None to tell by its lines.
    """
    defined = names_defined(text) if defined is None else defined
    if not defined:
        return _lacks_both(text, path)
    is_named = is_named_as_script(path)
    speaks = any(word in text for word in _SERVICE_WORDS)
    if defined == {"init", "run"}:
        return is_named or speaks or _serves(text)
    is_program = any(word in text for word in _PROGRAM_WORDS)
    if speaks:
        is_started_by_hand = any(word in text for word in _PROGRAM_WORDS if word != "__main__")
        return not is_program or (not is_started_by_hand and _takes_request(text))
    return is_named and not is_program and _half_serves(text)


def _lacks_both(text: str, path: str) -> bool:
    """Whether a `score.py` without `init` and `run` is meant to be one: Azure's words, a model, and no other server."""
    if _EXACT_NAME.fullmatch(PurePath(path).stem) is None or not any(word in text for word in _AZURE_WORDS):
        return False
    is_other = any(word in text for word in _PROGRAM_WORDS) or _OTHER_SERVER.search(text) is not None
    return not is_other and ".predict" in text and _LOADS.search(text) is not None


def _serves(text: str) -> bool:
    """Whether an `init` and a `run` have to do with models or requests."""
    if _ODD_SIGNATURE.search(text) is not None:
        return _LOADS.search(text) is not None
    return _MODEL_WORDS.search(text) is not None or _takes_request(text)


def _half_serves(text: str) -> bool:
    """Whether an `init` or a `run` alone can only be a service's: it keeps a model, or takes one request's text."""
    if _LOADS.search(text) is None:
        return False
    return _takes_request(text) or _SETS_GLOBALS.search(text) is not None


def _takes_request(text: str) -> bool:
    """Whether `run` takes a request's text, as its parameter's name or what it does with it shows."""
    return _ANSWERS_SOMETHING.search(text) is not None or _ANSWERS_TEXT.search(text) is not None


def is_named_as_script(path: str) -> bool:
    """Whether a file is meant to be an entry script by its name, whatever it holds."""
    return _SCORING_NAME.search(PurePath(path).stem) is not None
