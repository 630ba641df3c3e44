"""`mooring gc`: names what nothing refers to any more, and removes it when told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.nouns import lone
from mooring.cli.output import Answer
from mooring.cli.sizes import size
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from pathlib import Path

    from mooring.settings import Settings

app = lone("gc")

_REASONS = {
    "unreferenced": "no model version has it",
    "half-written": "left by a registration that ended early",
}


@verb(app, "gc", examples=["mooring gc", "mooring gc --yes"])
def gc(
    call: Call,
    yes: Annotated[bool, flag("--yes", "-y", help="Remove it; without this it is only listed.")] = False,
) -> Answer:
    """List files, environments and images that no model version and no service uses; remove them with --yes.

    Files and images younger than an hour and environments being built are left alone, so that work going on is safe.
    """
    settings = call.workspace.settings
    data = [
        *_artifacts(call, removes=yes),
        *_environments(settings, removes=yes),
        *_scoring_servers(settings, removes=yes),
        *_on_targets(call, removes=yes),
    ]
    freed = size(sum(item["sizeBytes"] for item in data))
    after = [f"Removed {freed}." if yes else f"{freed} can be freed: mooring gc --yes"]
    if not data:
        call.note("Nothing to remove.")
    columns = {"Size": "size", "Why": "reason", "What": "place"}
    return Answer(data, columns=columns, after=after if data else [])


def _artifacts(call: Call, *, removes: bool) -> list[dict[str, Any]]:
    models = call.workspace.models
    found = models.collect_garbage() if removes else models.garbage()
    return [_item(item.place, item.size_bytes, _REASONS[item.kind]) for item in found]


def _environments(settings: Settings, *, removes: bool) -> list[dict[str, Any]]:
    from mooring.environments import collect_garbage, find_garbage

    find = collect_garbage if removes else find_garbage
    return [
        _item(str(item.path), item.size_bytes, item.reason) for item in find(settings, used=_used(settings))
    ]


def _scoring_servers(settings: Settings, *, removes: bool) -> list[dict[str, Any]]:
    from mooring.targets.process.garbage import find_unused_rings, remove_unused_rings

    sizes = {path: _size_of(path) for path in find_unused_rings(settings)}
    gone = remove_unused_rings(settings) if removes else list(sizes)
    return [_item(str(path), sizes.get(path, 0), "a scoring server of an earlier version") for path in gone]


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _on_targets(call: Call, *, removes: bool) -> list[dict[str, Any]]:
    """What is left in the places where services run; a target that keeps such things says so by `garbage`."""
    from mooring.cli.places import places

    names = [service.name for service in call.workspace.services.list()]
    data: list[dict[str, Any]] = []
    for place in places(call.workspace.settings):
        target: Any = place
        found = target.garbage(names) if hasattr(target, "garbage") else []
        if removes and found:
            target.remove_garbage(found)
        data += [_item(f"{each.kind} {each.name}", each.size_bytes, each.reason) for each in found]
    return data


def _used(settings: Settings) -> set[str]:
    """Digests of the environments any service may start with; environments are shared by all workspaces."""
    from mooring.workspace import Workspace

    used: set[str] = set()
    for name in Workspace.list(settings):
        with Workspace.open(name, settings) as workspace:
            for service in workspace.services.list():
                used |= {
                    revision.environment_digest for revision in workspace.services.revisions(service.name)
                }
    return used


def _item(place: str, size_bytes: int, reason: str) -> dict[str, Any]:
    return {"place": place, "sizeBytes": size_bytes, "size": size(size_bytes), "reason": reason}
