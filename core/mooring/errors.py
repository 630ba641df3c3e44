"""Every failure that a user can meet has a class with a stable code, a problem and a remedy.

Each class lives beside the code that raises it and derives from `MooringError`; this module holds the root
and the few errors that belong to no part in particular.
"""

from __future__ import annotations

from typing import Any, ClassVar


class MooringError(Exception):
    """Root of all expected failures: a stable code, one sentence of problem, one of remedy.

    Subclasses are dataclasses (`@dataclass(eq=False)`) whose fields are the facts, and override `problem`
    and `remedy`. The text never holds a command line, an environment or a secret.
    """

    code: ClassVar[str] = "mooring-error"

    @property
    def problem(self) -> str:
        """One sentence that shows the offending value."""
        return "Something went wrong."

    @property
    def remedy(self) -> str:
        """One imperative sentence that says the way out."""
        return "Run the command again with -v for details."

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions built with keywords do not survive pickling by default, and worker processes pickle them.
        return (_revive, (type(self), dict(vars(self))))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of frames: the name to catch, the words, and which line met the failure."""
        return [*in_words(self.to_dict(), head=type(self).__name__).splitlines(), *_own_line(self)]

    def to_dict(self) -> dict[str, str]:
        """The error as every face's JSON shows it: code, problem, remedy."""
        return {"code": self.code, "problem": self.problem, "remedy": self.remedy}


def in_words(facts: dict[str, Any], *, head: str = "Error") -> str:
    """A failure's JSON for people: the problem, and below it the way out with the code."""
    problem, remedy = facts["problem"].rstrip(), facts["remedy"].rstrip()
    code = f"(code {facts['code']})"
    return f"{head}: {problem}\n  Fix  {remedy}  {code}\n" if remedy else f"{head}: {problem}\n  {code}\n"


def _own_line(error: BaseException) -> list[str]:
    """The innermost line of the caller's own script or cell, when it stands among others."""
    import linecache  # a failure has time for what a start has not
    import traceback

    found = [
        (frame.f_code.co_filename, line, frame.f_globals)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") == "__main__"
    ]
    if not found:
        return []
    file, line, names = found[-1]
    lines = linecache.getlines(file, names)
    text = lines[line - 1].strip() if line <= len(lines) else ""
    return [f"  At   line {line}: {text}"] if text and len(lines) > 1 else []


def facts_of_error(error: MooringError) -> dict[str, Any]:
    """An error as JSON with all it carries: the findings that stopped a deployment, the verdict on one that failed."""
    facts: dict[str, Any] = dict(error.to_dict())
    failure, findings = getattr(error, "failure", None), getattr(error, "findings", None)
    if failure is not None:
        facts["failure"] = failure.to_dict()
    if findings:
        facts["findings"] = [finding.to_dict() for finding in findings]
    return facts


def _revive(cls: type[MooringError], facts: dict[str, Any]) -> MooringError:
    error = cls.__new__(cls)
    error.__dict__.update(facts)
    return error


def did_you_mean(wrong: str, known: list[str] | tuple[str, ...]) -> str:
    """A short hint such as `; did you mean 'docker'?`, or an empty string when nothing is close."""
    import difflib

    close = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
