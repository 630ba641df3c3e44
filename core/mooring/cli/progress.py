"""What people see while something goes on: one line a phase, and on a terminal a live line for the current one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from mooring.cli.sizes import seconds, size

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from mooring.deployments.history import Durations

LABEL_WIDTH = 12
_WORTH_TELLING_S = 0.3
_WORTH_EXPECTING_S = 1.0
_SHOW_AFTER_S = 0.15  # nothing flickers for what is done at once; people notice a stillness from 0.2 s


def line(label: str, text: str, elapsed_s: float | None = None) -> str:
    """One phase as one line: `  Environment  python 3.11, 9 packages   2.1 s`."""
    took = f"   {seconds(elapsed_s)}" if elapsed_s is not None else ""
    return f"  {label.capitalize():<{LABEL_WIDTH}} {text}{took}"


Expect = Callable[[float], "float | None"]
"""What something that has gone on for so many seconds is going to take; None when nobody knows."""


def _expect_nothing(_elapsed_s: float) -> float | None:
    return None


class LiveLine:
    """The current phase with its elapsed time, rewritten in place; silent unless `stream` is a terminal.

    A stream that is none may have a `show_live(text)` of its own, as below a notebook's cell.
    """

    def __init__(self, stream: TextIO, *, is_quiet: bool = False) -> None:
        self._stream = stream
        self._show_live: Callable[[str], None] | None = (
            None if is_quiet else getattr(stream, "show_live", None)
        )
        self._is_live = not is_quiet and (stream.isatty() or self._show_live is not None)
        self._status: Any = None
        self._timer: threading.Timer | None = None
        self._text = ""
        self._expect: Expect = _expect_nothing
        self._since = time.monotonic()
        self._lock = threading.RLock()

    def __enter__(self) -> LiveLine:  # noqa: PYI034 (Self is not in the standard library of 3.10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def show(self, label: str, text: str, expect: Expect | None = None) -> None:
        """Say what goes on now, and how long it is expected to take."""
        if not self._is_live:
            return
        with self._lock:
            self._text = line(label, text)
            self._expect = expect or _expect_nothing
            if isinstance(self._status, _Ticking):
                pass  # it looks at the text by itself
            elif self._status is not None:
                self._status.update(self)
            elif self._timer is None:
                self._timer = threading.Timer(_SHOW_AFTER_S, self._start)
                self._timer.daemon = True
                self._timer.start()

    def clear(self) -> None:
        """Take the line away; the next phase starts its own clock."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._status is not None:
                self._status.stop()
                self._status = None
            self._since = time.monotonic()

    def _start(self) -> None:
        from rich.status import Status

        with self._lock:
            if self._timer is None:
                return
            if self._show_live is not None:
                self._status = _Ticking(self._show_live, lambda: str(self.__rich__()))
                self._status.start()
                return
            self._status = Status(self, console=_console(self._stream), spinner="dots")
            self._status.start()

    def __rich__(self) -> Text:
        """One line of the terminal; the spinner stands in its indentation."""
        from rich.text import Text

        elapsed_s = time.monotonic() - self._since
        expected_s = self._expect(elapsed_s)
        of = f" of about {seconds(expected_s)}" if expected_s and expected_s > _WORTH_EXPECTING_S else ""
        told = f"{self._text[2:]}  {seconds(elapsed_s)}{of}"
        return Text(told, no_wrap=True, overflow="ellipsis")


class _Ticking:
    """Shows a text that changes, a few times a second, in a place that is no terminal."""

    _EVERY_S = 0.3

    def __init__(self, show: Callable[[str], None], text: Callable[[], str]) -> None:
        self._show = show
        self._text = text
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="mooring-progress", daemon=True).start()

    def stop(self) -> None:
        """End, and take the text away."""
        self._ended.set()
        self._show("")

    def _run(self) -> None:
        while not self._ended.is_set():
            self._show(self._text())
            self._ended.wait(self._EVERY_S)


class PhaseLines:
    """Told by the service desk what happens; writes a line for each phase.

    Args:
        stream: Written to.
        is_quiet: Nothing is.
        history: Seconds that phases took before, asked for when somebody waits; None shows no expectation.

    Attributes:
        elapsed_s: Since it was made.
    """

    LEFT_OUT: tuple[str, ...] = ("healthy", "failed")  # the answer and the error say these, with more

    def __init__(
        self, stream: TextIO, *, is_quiet: bool = False, history: Callable[[], Durations] | None = None
    ) -> None:
        self._stream = stream
        self._is_quiet = is_quiet
        self._history = history
        self._live = LiveLine(stream, is_quiet=is_quiet)
        self._began = self._last = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done: write it down, with its time where that surprises."""
        if phase in self.LEFT_OUT:
            self._live.clear()
            return
        is_detail = "finding" in (data or {})
        took_s = time.monotonic() - self._last
        self.say(
            "" if is_detail else phase, text, took_s if took_s > _WORTH_TELLING_S and not is_detail else None
        )

    def say(self, label: str, text: str, elapsed_s: float | None = None) -> None:
        """Write one line, in place of what went on before it."""
        self._live.clear()
        self._last = time.monotonic()
        if not self._is_quiet:
            self._stream.write(line(label, text, elapsed_s) + "\n")
            self._stream.flush()

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on."""
        self._live.show(phase, text, lambda elapsed_s: self._expected(phase, elapsed_s))

    def _expected(self, phase: str, elapsed_s: float) -> float | None:
        if self._history is None:
            return None
        from mooring.deployments.history import expected_s

        return expected_s(self._durations, phase, elapsed_s)

    @cached_property
    def _durations(self) -> Durations:
        return self._history() if self._history is not None else {}

    def close(self) -> None:
        """Nothing follows."""
        self._live.clear()


@contextmanager
def phases(
    stream: TextIO, *, is_quiet: bool = False, history: Callable[[], Durations] | None = None
) -> Generator[PhaseLines, None, None]:
    """A `PhaseLines` that cleans up after itself."""
    view = PhaseLines(stream, is_quiet=is_quiet, history=history)
    try:
        yield view
    finally:
        view.close()


@contextmanager
def bytes_moving(stream: TextIO, label: str, *, is_quiet: bool = False) -> Generator[Any, None, None]:
    """A callback for bytes done and bytes in all, shown on a terminal only."""
    with LiveLine(stream, is_quiet=is_quiet) as live:

        def moved(done: int, total: int) -> None:
            share = f"  {done / total:.0%}" if total else ""
            live.show(label, f"{size(done)} of {size(total)}{share}")

        yield moved


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False)
