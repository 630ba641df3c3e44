"""`mooring computetarget …`: the places a model can be deployed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.places import places
from mooring.cli.verb import verb
from mooring.errors import MooringError, did_you_mean

app = noun("computetarget")


@dataclass(eq=False)
class ComputeTargetNotFound(MooringError):
    """No such place."""

    code = "computetarget-not-found"
    name: str
    known: list[str]

    @property
    def problem(self) -> str:
        """Which one, and a near name."""
        return f"There is no compute target {self.name!r}{did_you_mean(self.name, self.known) or '.'}"

    @property
    def remedy(self) -> str:
        """What there is."""
        return f"Use one of {', '.join(self.known)}."


@verb(app, "list", examples=["mooring computetarget list"])
def list_(call: Call) -> Answer:
    """List the places a model can be deployed to from here."""
    del call
    return Answer(_targets(), columns={"Name": "name", "Compute types": "computeTypes"})


@verb(app, "show", examples=["mooring computetarget show -n process"])
def show(
    call: Call,
    name: Annotated[str, flag("--name", "-n", help="Name of the target.", example="process")],
) -> Answer:
    """Show one place."""
    del call
    targets = _targets()
    found = [target for target in targets if target["name"] == name]
    if not found:
        raise ComputeTargetNotFound(name=name, known=[target["name"] for target in targets])
    return Answer(found[0])


def _targets() -> list[dict[str, Any]]:
    return [{"name": place.name, "computeTypes": list(place.compute_types)} for place in places()]
