"""One service: how it is, what it writes, how to ask it, and what can be changed."""

from __future__ import annotations

import re
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from mooring.deployments.errors import ServiceNotFound
from mooring.deployments.values import Service
from mooring.errors import MooringError
from mooring.watching import Change, Subscription
from mooring_jupyter.widgets.live import READER, SAMPLER, Log, Numbers, shown
from mooring_jupyter.widgets.opening import near, open_workspace, service_name
from mooring_jupyter.widgets.reporting import Reporter
from mooring_jupyter.widgets.view import View

_AROUND = 4


class ServiceWidget(View, page="service", uses=("service_log.js", "service_test.js", "service_page.js")):
    """A service, live: state with history, log, numbers, Details, Consume, Test, update, roll back, delete.

    What it shows is read from where the service runs: run the cell again after a restart of the kernel, or reload
    the page, and it shows how things are then.

    Args:
        service: Name, or the `Webservice`.
        workspace: Where it was deployed; the default one unless given.

    Raises:
        WrongArgument: That is no service.
    """

    def __init__(self, service: Any, workspace: Any = None) -> None:
        self.name = service_name(service)
        self._workspace = open_workspace(workspace or getattr(service, "workspace", None))
        self._desk = self._workspace.services
        super().__init__(**self._look())
        self._numbers = Numbers(
            self._workspace, self.name, lambda sample: self.tell("numbers", sample=sample)
        )
        self._log = Log(self._workspace, self.name, lambda lines: self.tell("log", lines=lines))
        self._watch: Subscription | None = self._workspace.watch(self._changed)

    def close(self) -> None:
        """Stop looking."""
        watch = getattr(self, "_watch", None)
        if watch is not None:
            watch.close()
            self._watch = None
            SAMPLER.leave(self._numbers.sample)
            READER.leave(self._log.read)
        super().close()

    # ---- what the page asks --------------------------------------------------------------------------------------

    def do_look(self) -> None:
        """Read the truth again."""
        self.change(**self._look())

    def do_watch(self, what: str, is_on: bool) -> Any:
        """Numbers or log: looked at from now on, or no more; gives what there is."""
        rounds, member = (SAMPLER, self._numbers.sample) if what == "numbers" else (READER, self._log.read)
        if not is_on:
            rounds.leave(member)
            return None
        if what == "log":
            self._log.cursor = None
        rounds.join(member)
        return list(self._numbers.samples) if what == "numbers" else None

    def do_details(self) -> dict[str, Any]:
        """Everything about it, without keys."""
        service = self._desk.get(self.name)
        facts = self._desk.details(service)
        return {**facts, "script": near(facts["script"]), "place": self._desk.seen_there(self.name)}

    def do_history(self) -> list[dict[str, Any]]:
        """Its events, oldest first."""
        return [shown(item) for item in self._desk.stream(self.name) if hasattr(item, "phase")][-500:]

    def do_last_start(self) -> list[dict[str, Any]]:
        """What the last start wrote, failed or not."""
        return [shown(line) for line in self._desk.logs(self.name, last_start=True)]

    def do_source(self, path: str, line: int) -> dict[str, Any]:
        """The lines around a place that a traceback names, from the user's own file."""
        original = self._desk.original_path(self.name, path)
        text = Path(original).read_text(encoding="utf-8", errors="replace").splitlines()
        first = max(line - _AROUND, 1)
        return {"path": original, "first": first, "line": line, "lines": text[first - 1 : line + _AROUND - 1]}

    def do_form(self) -> dict[str, Any]:
        """The form of a request."""
        return self._desk.request_form(self.name).to_dict()

    def do_test(self, body: Any = None, values: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a request: its text, or the values of the form."""
        if values is not None:
            body = self._desk.request_form(self.name).compose(values)
        answer = self._desk.ask(self.name, body)
        body, note = answer.preview()
        return {"status": answer.status, "seconds": answer.seconds, "body": body, "note": note}

    def do_snippets(self) -> list[dict[str, str]]:
        """Programs that ask it."""
        return [snippet.to_dict() for snippet in self._desk.snippets(self.name)]

    def do_keys(self) -> dict[str, str]:
        """Both keys, because somebody pressed the button; they travel in a message, which is never saved."""
        keys = self._desk.keys(self.name)
        return {"primary": keys.primary, "secondary": keys.secondary}

    def do_models(self) -> list[str]:
        """Versions that it could serve instead: of its models first, newest first."""
        own = {re.sub(r":\d+$", "", model) for model in self.facts["service"]["modelIds"]}
        found = self._workspace.models.list()
        return [
            m.id for m in sorted(found, key=lambda model: (model.name not in own, model.name, -model.version))
        ]

    def do_plan(self, models: list[str] | None = None) -> dict[str, Any]:
        """What an update would do."""
        return self._desk.plan_update(self.name, models=models).to_dict()

    def do_update(self, models: list[str] | None = None) -> None:
        """Serve other models, or the script as it is on disk now."""
        reporter = Reporter(self)
        if models is None or models == self.facts["service"]["modelIds"]:
            self._desk.reload(self.name, reporter=reporter)
        else:
            self._desk.update(self.name, models=models, reporter=reporter)
        self.do_look()

    def do_rollback(self) -> None:
        """Back to the revision before."""
        self._desk.rollback(self.name, reporter=Reporter(self))
        self.do_look()

    def do_delete(self) -> None:
        """Stop it and forget it."""
        self._desk.delete(self.name)
        self.do_look()

    # ---- the truth -----------------------------------------------------------------------------------------------

    def _look(self) -> dict[str, Any]:
        try:
            return {"name": self.name, "service": self._desk.summary(self._desk.get(self.name)), "gone": ""}
        except ServiceNotFound:
            gone = f"Workspace {self._workspace.name} has no service {self.name}. Once it is deployed it is here."
            return {"name": self.name, "service": self.facts.get("service"), "gone": gone}

    def _changed(self, change: Change) -> None:
        now = next((service for service in change.services if service.name == self.name), None)
        if now is None:
            if not self.facts["gone"]:
                with suppress(MooringError):  # a store that can't be read just now says nothing
                    self.do_look()
        elif self._differs(now):
            self.change(name=self.name, service=self._desk.summary(now), gone="")

    def _differs(self, now: Service) -> bool:
        """Whether the page shows something else; while something is being done its phases are news, too."""
        known = self.facts.get("service") or {}
        return (
            bool(now.operation is not None or self.facts["gone"])
            or any(known.get(key) != value for key, value in now.to_dict().items())
            or known.get("operation") is not None
        )

    def render_static(self) -> str:
        """The card of the service; a page without a kernel has nothing else."""
        from mooring.sdk import cards

        try:
            return cards.service(self._desk.get(self.name))
        except ServiceNotFound:
            return f"<p>{escape(self.facts['gone'])}</p>"
