"""Rules over the exception a script raised while it started, most telling first."""

from __future__ import annotations

import re
from collections.abc import Callable

from mooring.deployments.values import Failure
from mooring.deployments.verdict.files import judge_missing_file
from mooring.deployments.verdict.imports import judge_import
from mooring.deployments.verdict.pickles import judge_pickle
from mooring.deployments.verdict.raised import Raised, verdict_of
from mooring.deployments.verdict.scene import Scene

Rule = Callable[[Raised, Scene], Failure | None]


def judge_exception(raised: Raised, scene: Scene) -> Failure:
    """The verdict of the first rule that knows the exception, else one that only names it."""
    for rule in _RULES:
        found = rule(raised, scene)
        if found is not None:
            return found
    at = f" at line {raised.line}" if raised.line else ""
    verb = "raised" if raised.kind == "init-raised" else "could not be imported: it raised"
    return verdict_of(
        raised,
        scene,
        code=raised.kind if raised.kind in ("init-raised", "import-raised") else "import-raised",
        cause=f"{raised.during} {verb} {raised.type}{at}.",
        remedy=f"Correct the line, then: mooring service update -n {scene.service}.",
    )


def _judge_syntax(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type not in ("SyntaxError", "IndentationError", "TabError"):
        return None
    return verdict_of(
        raised,
        scene,
        code="script-syntax",
        cause=f"Line {raised.line or '?'} is not valid in the Python of the service's environment.",
        remedy="Correct the line; if it is right, ask for a newer Python in the environment.",
    )


def _judge_exit(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type != "SystemExit":
        return None
    return verdict_of(
        raised,
        scene,
        code="script-exits",
        cause=f"{raised.during} calls sys.exit(), which ends the service.",
        remedy="Remove the call, or raise an exception that says why the service can't start.",
    )


def _judge_init_signature(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type != "TypeError" or not re.search(r"\binit\(\) (missing|takes)", raised.text):
        return None
    return verdict_of(
        raised,
        scene,
        code="init-signature",
        cause="init() asks for arguments, but is called without any.",
        remedy="Write `def init():` and read what it needs from environment variables or files.",
    )


def _judge_model_dir(raised: Raised, scene: Scene) -> Failure | None:
    """os.getenv("AZUREML_MODEL_DIR") is None when the release has no model: join() then raises TypeError."""
    if scene.model_dir:
        return None
    named = raised.type == "KeyError" and "AZUREML_MODEL_DIR" in raised.text
    joined = (
        raised.type == "TypeError"
        and "NoneType" in raised.text
        and "AZUREML_MODEL_DIR" in _near(raised, scene)
    )
    if not (named or joined):
        return None
    return verdict_of(
        raised,
        scene,
        code="model-dir-unset",
        cause="The script reads AZUREML_MODEL_DIR, but the service was deployed without a model.",
        remedy=f"Deploy with a model: mooring model deploy -n {scene.service} -m NAME:VERSION ….",
    )


def _near(raised: Raised, scene: Scene) -> str:
    excerpt = scene.excerpt(raised.path, raised.line)
    frames = raised.traceback
    try:
        script = (scene.app_root / scene.source.entry_in_app_root).read_text(
            encoding="utf-8", errors="replace"
        )
    except OSError:
        script = ""
    # The variable is often read on one line and joined on another.
    return f"{excerpt.text if excerpt else ''}\n{frames}\n{script}"


def _judge_model_path(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type != "ModelNotFoundException":
        return None
    named = re.search(r"Model (\S+) not found", raised.text)
    name = named.group(1) if named else "?"
    registered = ", ".join(f'"{model.rpartition(":")[0]}"' for model in scene.models)
    has = f"The service has: {registered}" if registered else "The service was deployed without a model"
    remedy = (
        f"Use Model.get_model_path({registered.split(', ')[0]})."
        if registered
        else "Deploy with -m NAME:VERSION."
    )
    return verdict_of(
        raised,
        scene,
        code="model-not-found",
        cause=f"Model.get_model_path asks for {name!r}, which is no registered name among the service's models.",
        evidence=(has,),
        remedy=remedy,
    )


def _judge_network(raised: Raised, scene: Scene) -> Failure | None:
    network = (
        "URLError", "HTTPError", "ConnectionError", "ConnectTimeout", "ConnectError", "gaierror", "MaxRetryError",
        "NewConnectionError", "SSLError", "ReadTimeout", "ConnectionRefusedError", "LocalEntryNotFoundError",
    )  # fmt: skip
    missing_data = raised.type == "LookupError" and "nltk.download" in raised.traceback
    if raised.type not in network and not missing_data:
        return None
    return verdict_of(
        raised,
        scene,
        code="network-unreachable",
        cause=f"{raised.during} downloads something, and could not get it.",
        remedy="Register what it downloads as a model, or ship it in sourceDirectory, and load it from there.",
    )


def _judge_workspace(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type not in ("UserErrorException", "RunEnvironmentException", "ExperimentExecutionException"):
        return None
    return verdict_of(
        raised,
        scene,
        code="workspace-in-script",
        cause="The script asks for a workspace or a run, and a service has neither.",
        remedy="Read models below AZUREML_MODEL_DIR, and settings from environment variables.",
    )


def _judge_memory(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type not in ("MemoryError", "_ArrayMemoryError"):
        return None
    return verdict_of(
        raised,
        scene,
        code="memory-exceeded",
        cause=f"{raised.during} asked for more memory than there is.",
        remedy="Give the service more memory, or load a smaller model.",
    )


def _judge_disk(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type == "PermissionError":
        return verdict_of(
            raised,
            scene,
            code="no-permission",
            cause=f"{raised.during} may not read or write a file.",
            remedy="Write to a folder of tempfile.mkdtemp(); the models' folder is read-only.",
        )
    if raised.type == "OSError" and "No space left" in raised.text:
        return verdict_of(
            raised,
            scene,
            code="disk-full",
            cause=f"{raised.during} could not write: the disk is full.",
            remedy="Free some space (`mooring gc` may help) and deploy again.",
        )
    return None


# v1-era names that current libraries no longer have, as met in real scripts.
_REMOVED = (
    (r"module 'numpy' has no attribute '(object|float|int|bool|str|asscalar)'", "numpy", "numpy<1.24"),
    (r"'?PIL\.Image'? has no attribute 'ANTIALIAS'", "Pillow", "Pillow<10"),
    (r"'DataFrame' object has no attribute '(append|ix|as_matrix)'", "pandas", "pandas<2"),
    (r"module 'tensorflow' has no attribute '(Session|placeholder|get_default_graph|gfile|ConfigProto|GraphDef)'", "tensorflow", "tensorflow.compat.v1"),
    (r"module 'keras\.\S+' has no attribute", "keras", "the keras the model was trained with"),
)  # fmt: skip


def _judge_removed_api(raised: Raised, scene: Scene) -> Failure | None:
    if raised.type != "AttributeError":
        return None
    for pattern, package, advice in _REMOVED:
        found = re.search(pattern, raised.text)
        if found:
            way = (
                f"Use {advice}"
                if "compat" in advice
                else f"Replace the call, or pin {advice} in {scene.packages_place}"
            )
            return verdict_of(
                raised,
                scene,
                code="api-removed",
                cause=f"The script uses something the installed {package} no longer has.",
                remedy=f"{way}.",
            )
    return None


_RULES: tuple[Rule, ...] = (
    _judge_syntax,
    _judge_exit,
    _judge_init_signature,
    judge_missing_file,
    _judge_model_dir,
    _judge_model_path,
    _judge_workspace,
    judge_pickle,
    judge_import,
    _judge_removed_api,
    _judge_network,
    _judge_memory,
    _judge_disk,
)
