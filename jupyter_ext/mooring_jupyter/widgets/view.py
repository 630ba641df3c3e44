"""What all widgets share: facts that travel to the page, questions that come from it, a static picture for pages without a kernel."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mooring.errors import MooringError
from mooring_jupyter.display import in_cell_words

_HERE = Path(__file__).parent


class Refused(Exception):
    """A question that can't be answered; the text is shown where it was asked."""


class View(anywidget.AnyWidget):
    """A widget with a page of its own.

    A subclass says which files it is made of, `class ServiceWidget(View, page="service")` for `service.js` and
    `service.css`, with other scripts before its own in `uses`. It answers questions with methods `do_<question>(**given)`.
    Questions are answered in threads of their own, so that the kernel stays free; answers travel as messages, which a
    notebook never saves: only they may hold a secret.
    """

    facts = traitlets.Dict().tag(sync=True)
    """What the page shows first, and on a page without a kernel; saved with the notebook."""

    def __init_subclass__(cls, *, page: str = "", uses: tuple[str, ...] = ()) -> None:
        super().__init_subclass__()
        if not page:  # anywidget makes a subclass for every widget
            return
        cls._esm = _together("parts.js", *uses, f"{page}.js")
        cls._css = _together("look.css", f"{page}.css")

    def __init__(self, **facts: Any) -> None:
        self._answers: dict[str, Callable[..., Any]] = {
            each.removeprefix("do_"): getattr(self, each)
            for each in dir(type(self))
            if each.startswith("do_")
        }
        super().__init__(facts=facts)
        self.on_msg(self._asked)

    def change(self, **facts: Any) -> None:
        """Replace some facts; the page follows."""
        changed = {**self.facts, **facts}
        if changed != self.facts:
            self.facts = changed

    def tell(self, what: str, **more: Any) -> None:
        """Send the page something that is not kept."""
        self.send({"told": what, **more})

    def do_ping(self) -> None:
        """Somebody is here."""

    def render_static(self) -> str:
        """HTML for a page that has no kernel and no scripts."""
        return ""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        static = self.render_static()
        if isinstance(bundle, tuple):
            data, metadata = bundle
            return {**data, "text/html": static}, metadata
        return {**(bundle or {}), "text/html": static}

    def _asked(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        question, number = content.get("ask"), content.get("number")
        if question not in self._answers:
            return
        self.send({"heard": number})
        thread = threading.Thread(
            target=self._answer, args=(question, number, content.get("given") or {}), daemon=True
        )
        thread.start()

    def _answer(self, question: str, number: Any, given: dict[str, Any]) -> None:
        try:
            value = self._answers[question](**given)
        except BaseException as error:  # noqa: BLE001 (whatever it is, who asked waits for an answer)
            self.send({"answer": number, "error": told(error)})
        else:
            self.send({"answer": number, "value": value})


def told(error: BaseException) -> dict[str, Any]:
    """An error as the page shows it; never a traceback of ours."""
    from mooring.cli.failures import facts_of

    if isinstance(error, Refused):
        return {"problem": str(error), "remedy": "", "code": ""}
    if not isinstance(error, MooringError) and not hasattr(error, "strerror"):
        text = "".join(traceback.format_exception_only(error)).strip()
        return {
            "problem": text,
            "remedy": "Run the cell again; if it stays, report it.",
            "code": "internal-error",
        }
    facts, _ = facts_of(error, ())
    return {**facts, "remedy": in_cell_words(facts["remedy"])}


def _together(*names: str) -> str:
    """Files after one another: a widget's page is one module."""
    files = [_HERE / name for name in names]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())
