"""What a rule is: a code, a severity, and the page that explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mooring.findings import Finding, Severity

if TYPE_CHECKING:
    from mooring.inspection.script import Script

Subject = Literal["script", "project", "config", "environment"]


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for.

    Attributes:
        code: Stable; the same word as the failure's, where the mistake also shows when a service starts.
        severity: As it is found when nothing more is known; with the environment known it may be another.
        title: One line, no full stop.
        why: What happens, and why; Markdown.
        bad: An example that has the mistake: a script, or the files of a small project one after another.
        good: The same put right.
        is_on: Whether it is looked for without being asked for by name.
        subject: What it looks at.
        example_packages: What the examples' environment holds, where that matters.
    """

    code: str
    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    is_on: bool = True
    subject: Subject = "script"
    example_packages: tuple[str, ...] = ()


ScriptCheck = Callable[["Script"], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """A function that looks for one or several rules.

    Attributes:
        find: The function.
        rules: What it may find.
        words: It finds nothing in a text that has none of these words; empty when any text will do.
    """

    find: ScriptCheck
    rules: tuple[Rule, ...]
    words: tuple[str, ...] = ()

    def may_find(self, text: str) -> bool:
        """False when looking is a waste of time."""
        return not self.words or any(word in text for word in self.words)


def check(*rules: Rule, words: tuple[str, ...] = ()) -> Callable[[ScriptCheck], Check]:
    """Make a function a `Check`."""
    return lambda find: Check(find, rules, words)
