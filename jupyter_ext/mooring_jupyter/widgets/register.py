"""Register a model: one of the notebook's fitted objects, a file or a folder."""

from __future__ import annotations

from copy import copy
from html import escape
from pathlib import Path
from textwrap import dedent
from typing import Any

from mooring_jupyter.widgets.opening import open_workspace, variable_name
from mooring_jupyter.widgets.view import Refused, View

_ENDINGS = (
    ".pkl",
    ".joblib",
    ".onnx",
    ".pt",
    ".pth",
    ".keras",
    ".h5",
    ".ubj",
    ".json",
    ".txt",
    ".pb",
    ".safetensors",
)
_KNOWN = ("sklearn", "xgboost", "lightgbm", "keras", "torch", "onnx")
_MOST = 100


class RegisterWidget(View, page="register"):
    """A form that registers.

    Args:
        model: A variable or its name, or a path, filled in already.
        name: Of the model, filled in already.
        workspace: Where to; the default one unless given.

    Raises:
        WrongArgument: That is neither a variable nor a path.
    """

    def __init__(self, model: Any = "", name: str = "", workspace: Any = None) -> None:
        self._workspace_name = open_workspace(workspace).name
        given = {"what": variable_name(_shell(), model), "name": str(name or "")}
        super().__init__(**self._around(), given=given, done=None)

    def do_look(self) -> None:
        """Variables and files as they are now."""
        self.change(**self._around())

    def do_register(self, given: dict[str, Any]) -> dict[str, Any]:
        """Register, and say what became of it."""
        what, name = str(given.get("what") or "").strip(), str(given.get("name") or "").strip()
        if not what:
            raise Refused("Choose a model, or name its file.")
        words = ["register", what, *(["-n", name] if name else [])]
        for flag, key in (("--description", "description"), ("--sample-input", "sample")):
            if str(given.get(key) or "").strip():
                words += [flag, str(given[key]).strip()]
        for pair in str(given.get("tags") or "").replace(",", "\n").splitlines():
            if pair.strip():
                words += ["--tag", pair.strip()]
        words += ["-w", self._workspace_name]
        model, how = _register(words)
        facts = {**model.serialize(), "said": how}
        self.change(done=facts, **self._around())
        return facts

    def _around(self) -> dict[str, Any]:
        shell = _shell()
        variables = [] if shell is None else _variables(shell)
        files = [str(path) for path in sorted(Path().iterdir()) if path.suffix in _ENDINGS][:_MOST]
        return {"variables": variables, "files": files}

    def render_static(self) -> str:
        """What was registered."""
        done = self.facts.get("done") or {}
        told = f"Registered {escape(str(done.get('id')))}" if done else "Open the notebook with a kernel."
        return f"<p>RegisterWidget: {told}</p>"


def _register(words: list[str]) -> tuple[Any, str]:
    """The model, and how a script reads it; that it is registered the page says itself."""
    from mooring_jupyter.loading import magic_for
    from mooring_jupyter.registering import register

    said: list[str] = []
    magic = copy(magic_for(_shell()))
    magic.say = said.append
    model = register(magic, words)
    return model, dedent("".join(said[1:])).rstrip()


def _variables(shell: Any) -> list[str]:
    """Names of fitted models, the newest first."""
    hidden = shell.user_ns_hidden
    return [
        name
        for name, value in reversed(list(shell.user_ns.items()))
        if name[0] != "_" and name not in hidden and not isinstance(value, type) and _is_model(value)
    ][:_MOST]


def _is_model(value: Any) -> bool:
    modules = {kind.__module__.partition(".")[0] for kind in type(value).__mro__}
    is_known = bool(modules & set(_KNOWN))
    return is_known and any(
        hasattr(value, name) for name in ("predict", "transform", "forward", "graph", "save_model")
    )


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()
