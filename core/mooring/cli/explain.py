"""`mooring explain`: what a code means, with a bad and a good example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.nouns import lone
from mooring.cli.output import Answer
from mooring.cli.verb import verb
from mooring.errors import MooringError, did_you_mean

app = lone("explain")


@dataclass(eq=False)
class CodeNotFound(MooringError):
    """A code that neither a rule nor a failure has."""

    code = "code-not-found"
    asked: str
    known: list[str]

    @property
    def problem(self) -> str:
        """The code, and what may have been meant."""
        return (
            f"No rule and no failure has the code {self.asked!r}{did_you_mean(self.asked, self.known) or '.'}"
        )

    @property
    def remedy(self) -> str:
        """Where codes come from."""
        return "Copy the code from a finding or a failure."


def _complete(typed: str) -> list[str]:
    from mooring.inspection import RULES

    return [code for code in RULES if code.startswith(typed)]


@verb(app, "explain", examples=["mooring explain sklearn-externals", "mooring explain run-signature -o json"])
def explain(
    call: Call,
    code: Annotated[
        str, flag("CODE", help="Code of a finding or a failure.", example="run-missing", complete=_complete)
    ],
) -> Answer:
    """Show what a finding's or a failure's code means, why it matters, and how to put it right."""
    del call
    facts = _facts(code)
    return Answer(facts, text=facts["page"])


def _facts(code: str) -> dict[str, Any]:
    from mooring.deployments.verdict.codes import CODES
    from mooring.inspection import RULES
    from mooring.inspection.pages import render_page

    rule = RULES.get(code)
    if rule is not None:
        return {"code": code, "title": rule.title, "severity": rule.severity, "page": render_page(rule)}
    if code in CODES:
        page = f"# {code}\n\n{CODES[code]}\n\nFailures, and what to do about them, are in docs/failures.md.\n"
        return {"code": code, "title": CODES[code].rstrip("."), "page": page}
    raise CodeNotFound(code, sorted({*RULES, *CODES}))
