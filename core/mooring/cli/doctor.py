"""`mooring doctor`: what this machine has, what it lacks, and what to do about it."""

from __future__ import annotations

from mooring.cli import exit_codes
from mooring.cli.call import Call
from mooring.cli.checkups import CHECKUPS, Checkup
from mooring.cli.nouns import lone
from mooring.cli.output import Answer, align
from mooring.cli.verb import verb
from mooring.errors import MooringError

app = lone("doctor")


@verb(app, "doctor", examples=["mooring doctor", "mooring doctor -o json"])
def doctor(call: Call) -> Answer:
    """Check that this machine has what Mooring needs: Python, uv, room on the disk, a database that opens.

    Exit code 1 when something is missing that a deployment needs.
    """
    found = _look(call.workspace_name)
    errors = [checkup for checkup in found if checkup.status == "error"]
    return Answer(
        [vars(checkup) for checkup in found],
        columns={"Status": "status", "Check": "check", "Found": "found", "Remedy": "remedy"},
        text=_as_text(found),
        after=[_verdict(len(errors))],
        exit_code=exit_codes.FAILED if errors else exit_codes.OK,
    )


def _look(workspace: str | None) -> list[Checkup]:
    from mooring.workspace import Workspace

    try:
        settings = Workspace.open(workspace).settings
    except MooringError as error:
        return [Checkup("error", "settings", error.problem, error.remedy)]
    except OSError as error:
        return [Checkup("error", "settings", str(error), "Set MOORING_HOME to a folder you can write.")]
    return [checkup for check in CHECKUPS for checkup in check(settings)]


def _as_text(found: list[Checkup]) -> str:
    lines = align([[f"  {checkup.status}", checkup.check, checkup.found] for checkup in found]).splitlines()
    told: list[str] = []
    for checkup, line in zip(found, lines, strict=True):
        told.append(line)
        if checkup.remedy:
            told.append(f"    Fix  {checkup.remedy}")
    return "\n".join(told)


def _verdict(errors: int) -> str:
    if not errors:
        return "\nReady. Try: mooring demo"
    return f"\n{errors} thing{'s' if errors > 1 else ''} to mend before a model can be deployed."
