"""What a script fetches from the network while it serves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mooring.findings import Finding
from mooring.inspection.guards import caught_names
from mooring.inspection.loaded_models import is_made_by
from mooring.inspection.rule import Rule, check
from mooring.inspection.rules.sentences import shown
from mooring.inspection.scopes import Function
from mooring.inspection.script import Script

DOWNLOAD = Rule(
    code="download",
    severity="warning",
    title="The script downloads while it serves",
    why="A service may have no network, and every worker would download anew. Register what is needed as a model, put "
    "it into the source directory, or install it with the environment (spaCy's models are packages).",
    bad='import nltk\n\n\ndef init():\n    nltk.download("punkt")\n\n\ndef run(raw_data):\n'
    "    return nltk.word_tokenize(raw_data)\n",
    good="import os\n\nimport nltk\n\n\ndef init():\n"
    '    nltk.data.path.append(os.path.join(os.environ["AZUREML_MODEL_DIR"], "nltk_data"))\n\n\n'
    "def run(raw_data):\n    return nltk.word_tokenize(raw_data)\n",
)

_DOWNLOAD_CALLS = {
    "nltk.download", "nltk.downloader.download", "spacy.cli.download", "spacy.cli.download.download",
    "urllib.request.urlretrieve", "urllib.urlretrieve", "urllib.request.urlopen", "urllib.urlopen", "urllib2.urlopen",
    "requests.get", "wget.download", "gdown.download", "torch.hub.load", "torch.hub.load_state_dict_from_url",
    "torch.utils.model_zoo.load_url", "tensorflow.keras.utils.get_file", "keras.utils.get_file", "gensim.downloader.load",
    "httpx.get", "urllib3.request", "huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download", "keras.utils.data_utils.get_file",
}  # fmt: skip
_SESSIONS = ("requests.Session", "requests.session", "requests.sessions.Session", "httpx.Client")
# Of clients of blob stores and buckets; no other library's methods are called so.
_STORE_METHODS = {
    "download_blob", "download_fileobj", "download_to_filename", "download_as_bytes", "get_blob_to_path", "get_blob_to_bytes",
}  # fmt: skip
_HUB_LOADERS = {"tensorflow_hub.KerasLayer", "tensorflow_hub.load", "tensorflow_hub.Module"}
_SHELL_CALLS = {
    "os.system", "os.popen", "subprocess.call", "subprocess.run", "subprocess.check_call", "subprocess.check_output",
    "subprocess.Popen", "pip.main", "pip._internal.main",
}  # fmt: skip
_SHELL_DOWNLOAD = re.compile(
    r"\b(pip3?'?,? '?install|conda'?,? '?install|wget|curl|apt-get|apt install|git clone|spacy'?,? '?download"
    r"|nltk\.downloader)\b"
)
_URL = re.compile(r"\w+://")


@check(DOWNLOAD, words=(
    "download", "url", "imagenet", "pretrained", "SentenceTransformer", "requests", "pip", "curl", "wget", "from_pretrained", "hub", "clone", "get_file", "torchvision", "transformers", "pipeline(", "model_zoo",
    "httpx", "get_blob_to",
))  # fmt: skip
def find_downloads(script: Script) -> Iterator[Finding]:
    """Calls that fetch something from the network, at the start or in a request."""
    for call in script.index.of(ast.Call):
        what = _downloads(script, call)
        if not what or not _runs_in_service(script, call) or _is_second_choice(script, call):
            continue
        problem = f"{shown(call)} {what}; a service may have no network, and each worker does it anew."
        remedy = (
            "Register it as a model, ship it in the source directory, or install it with the environment."
        )
        yield script.finding(DOWNLOAD, call, problem, remedy)


def _downloads(script: Script, call: ast.Call) -> str:
    """What a call does, as the middle of a sentence; empty when it fetches nothing."""
    name = script.called(call)
    if name in _DOWNLOAD_CALLS or (name in _HUB_LOADERS and _URL.match(_first_text(script, call))):
        return "downloads"
    if isinstance(call.func, ast.Attribute) and not name:
        is_of_session = call.func.attr == "get" and is_made_by(script, call.func.value, _SESSIONS)
        if is_of_session or call.func.attr in _STORE_METHODS:
            return "downloads"
    if name in _SHELL_CALLS and _SHELL_DOWNLOAD.search(" ".join(map(ast.unparse, call.args))):
        return "installs or downloads"
    if _wants_weights(script, call, name):
        return "downloads weights"
    if name in {"transformers.pipeline", "transformers.pipelines.pipeline"} and _wants_hub_model(
        script, call
    ):
        return "downloads from the model hub"
    is_hub_call = name == "sentence_transformers.SentenceTransformer" or (
        isinstance(call.func, ast.Attribute) and call.func.attr == "from_pretrained"
    )
    return (
        "downloads from the model hub"
        if is_hub_call and _is_hub_name(script, _first_text(script, call))
        else ""
    )


def _first_text(script: Script, call: ast.Call) -> str:
    wanted = script.constant(call.args[0]) if call.args else None
    return wanted if isinstance(wanted, str) else ""


def _wants_hub_model(script: Script, call: ast.Call) -> bool:
    """`pipeline("task")` takes the task's usual model from the hub; with a model it depends on its name."""
    model = call.args[1] if len(call.args) > 1 else _keyword(call, "model")
    if model is None:
        return not any(keyword.arg is None for keyword in call.keywords)
    wanted = script.constant(model)
    return isinstance(wanted, str) and _is_hub_name(script, wanted)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _wants_weights(script: Script, call: ast.Call, name: str) -> bool:
    """`ResNet50(weights="imagenet")` of Keras, `resnet18(pretrained=True)` of torchvision."""
    given = {keyword.arg: script.constant(keyword.value) for keyword in call.keywords}
    if name.startswith("torchvision.models."):
        weights = next((keyword.value for keyword in call.keywords if keyword.arg == "weights"), None)
        is_named = weights is not None and (
            "Weights" in ast.unparse(weights) or isinstance(given["weights"], str)
        )
        return given.get("pretrained") is True or is_named
    return ".applications." in name and given.get("weights") == "imagenet"


def _is_hub_name(script: Script, wanted: str) -> bool:
    """`bert-base-uncased` and `org/name` are names on the hub; what lies beside the script is a folder."""
    if wanted.startswith((".", "/", "~")) or "\\" in wanted or wanted.count("/") > 1 or not wanted:
        return False
    folder = Path(script.path).parent
    return (
        not (folder / wanted).exists()
        and not (folder.parent / wanted).exists()
        and "model" not in wanted.lower()
    )


def _runs_in_service(script: Script, node: ast.AST) -> bool:
    function = script.function_around(node)
    if function is None or _is_in_class(script, function):
        return not script.is_for_main(node)
    return function in script.at_start or function in script.at_request


def _is_in_class(script: Script, function: Function) -> bool:
    return isinstance(script.index.parents.get(function), ast.ClassDef)


def _is_second_choice(script: Script, node: ast.AST) -> bool:
    """Whether it only runs when the local copy is not there, or not there yet."""
    below = node
    for around in script.index.around(node):
        if isinstance(around, ast.ExceptHandler) and caught_names(around) & {
            "LookupError",
            "OSError",
            "IOError",
            "FileNotFoundError",
        }:
            return True
        if (
            isinstance(around, ast.If)
            and below is not around.test
            and re.search(r"exists|isfile|isdir|is_file|find\(", ast.unparse(around.test))
        ):
            return True
        below = around
    return False
