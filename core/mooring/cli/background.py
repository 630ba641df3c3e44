"""`--no-wait`: a work that goes on in a process of its own, after it was checked and recorded.

The command line travels through a pipe, not through the process's arguments, which everybody on the machine can read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from mooring.errors import MooringError

NO_WAIT = "--no-wait"


@dataclass(eq=False)
class RefusedInBackground(MooringError):
    """What the process in the background said before it could begin."""

    facts: dict[str, str]

    @property
    def code(self) -> str:  # type: ignore[override]
        """Code of the failure there."""
        return self.facts["code"]

    @property
    def problem(self) -> str:
        """Problem there."""
        return self.facts["problem"]

    @property
    def remedy(self) -> str:
        """Remedy there."""
        return self.facts["remedy"]


def go_on_in_background(arguments: Sequence[str]) -> None:
    """Run the same command line in the background; returns once it is accepted there.

    Raises:
        RefusedInBackground: It was not.
    """
    words = [word for word in arguments if word != NO_WAIT]
    child = subprocess.Popen(
        [sys.executable, "-m", "mooring.cli.background"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    told, _ = child.communicate(json.dumps(words))
    if not told:
        told = json.dumps(
            {
                "code": "background-failed",
                "problem": "The process in the background ended at once.",
                "remedy": "Leave --no-wait out.",
            }
        )
    facts = json.loads(told)
    if facts:
        raise RefusedInBackground(facts=facts)


def _main() -> None:
    """The process in the background: says `{}` when it is accepted, the failure when it is not."""
    from mooring.cli.failures import facts_of
    from mooring.cli.running import perform

    arguments = json.load(sys.stdin)
    try:
        perform([*arguments, "--only-show-errors"], tell_accepted=lambda: _say({}))
    except Exception as error:  # noqa: BLE001 (whoever waits must hear of it; afterwards the service's history tells)
        _say(facts_of(error, arguments)[0])


def _say(facts: dict[str, str]) -> None:
    """Tell whoever waits, once, and let it go."""
    if sys.stdout.closed:
        return
    sys.stdout.write(json.dumps(facts))
    sys.stdout.flush()
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(silence, descriptor)
    os.close(silence)


if __name__ == "__main__":
    _main()
