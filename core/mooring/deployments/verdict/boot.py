"""A verdict for what the worker said about its own start."""

from __future__ import annotations

import re
from typing import Any

from mooring.deployments.values import Failure
from mooring.deployments.verdict.exceptions import judge_exception
from mooring.deployments.verdict.raised import Raised
from mooring.deployments.verdict.scene import Scene

_TEMPLATE = "Define it: `def init(): …` loads the model, `def run(raw_data): …` answers a request."
_SIGNATURES = (
    "Write `def run(raw_data)`, or one parameter per name in @input_schema; *args, **kwargs and positional-only "
    "parameters can't be filled."
)


def judge_boot_error(boot_error: dict[str, Any] | None, scene: Scene) -> Failure | None:
    """The verdict, or None when the worker said nothing.

    Args:
        boot_error: `{kind, message, path, line, traceback}`, as `mooring.scoring` reports it.
        scene: What may be looked at.
    """
    if not boot_error:
        return None
    kind = str(boot_error.get("kind") or "")
    for judge in (_judge_definition, _judge_swagger, _judge_server):
        found = judge(kind, boot_error, scene)
        if found:
            return found
    return judge_exception(Raised.of(boot_error), scene)


def _judge_definition(kind: str, boot_error: dict[str, Any], scene: Scene) -> Failure | None:
    script = scene.source.entry_script.name
    sentences = {
        "script-missing": (f"The entry script {script} is not in what was deployed.", "Correct entryScript: it is relative to sourceDirectory."),
        "script-not-python": (f"The entry script {script} is no Python file.", "Name a .py file as entryScript."),
        "init-missing": (f"{script} defines no init().", _TEMPLATE),
        "run-missing": (f"{script} defines no run().", _TEMPLATE),
        "run-not-callable": (f"run in {script} is not a function.", _SIGNATURES),
        "run-signature": (f"run() in {script} can't be called with a request.", _SIGNATURES),
    }  # fmt: skip
    if kind not in sentences:
        return None
    cause, remedy = sentences[kind]
    return Failure(
        code="run-signature" if kind == "run-not-callable" else kind,
        cause=cause,
        evidence=(scene.shorten(str(boot_error.get("message") or "")),),
        remedy=remedy,
        excerpt=scene.excerpt(boot_error.get("path"), boot_error.get("line"))
        if "missing" not in kind
        else None,
    )


def _judge_server(kind: str, boot_error: dict[str, Any], scene: Scene) -> Failure | None:
    """A setting the server refuses, or a fault of its own: no line of the script is to blame."""
    if kind in ("init-raised", "import-raised"):
        return None
    message = scene.shorten(str(boot_error.get("message") or "no reason given"))
    return Failure(
        code="server-failed",
        cause=f"The scoring server of {scene.service} could not start: {message.rstrip('.')}.",
        evidence=tuple(
            scene.shorten(line) for line in str(boot_error.get("traceback") or "").splitlines()[-3:]
        ),
        remedy=f"Read its log: mooring service get-logs -n {scene.service} --last-start.",
    )


def _judge_swagger(kind: str, boot_error: dict[str, Any], scene: Scene) -> Failure | None:
    message = str(boot_error.get("message") or "")
    file = re.search(r"swagger[23]?\.json", f"{message} {boot_error.get('path') or ''}")
    if "swagger" not in kind and not (file and kind not in ("init-raised", "import-raised")):
        return None
    return Failure(
        code="swagger-file-broken",
        cause=f"{file.group() if file else 'swagger.json'} in the source directory can't be read.",
        evidence=(scene.shorten(message),),
        remedy="Correct it, or remove it: a description is generated from the decorators then.",
    )
