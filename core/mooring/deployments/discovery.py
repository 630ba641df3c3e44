"""Which targets are installed: entry points of the group `mooring.targets`, loaded when first needed."""

from __future__ import annotations

from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, metadata
from typing import TYPE_CHECKING

from mooring.deployments.errors import BrokenTarget, DuplicateTarget, UnknownComputeType

if TYPE_CHECKING:
    from mooring.deployments.target import Target
    from mooring.settings import Settings

GROUP = "mooring.targets"

# Compute types of our own extras, so that a missing one can be answered with what installs it.
_EXTRAS = {"local": "docker", "aci": "docker", "aks": "kubernetes", "aksendpoint": "kubernetes"}


class Targets:
    """The targets at hand, by compute type and by name.

    Args:
        settings: Handed to each target.
        given: Targets made by the caller; with them no entry point is read.
    """

    def __init__(self, settings: Settings, given: list[Target] | None = None) -> None:
        self._settings = settings
        self._by_name: dict[str, Target] = {target.name: target for target in given or []}
        self._discovers = given is None
        self._broken: dict[str, BrokenTarget] = {}

    def for_compute_type(self, compute_type: str) -> Target:
        """The target that takes a compute type.

        Raises:
            UnknownComputeType: None does; says what would.
            DuplicateTarget: Two do.
            BrokenTarget: None does, and one that might can't be imported.
        """
        self._load_all()
        takers = [target for target in self._by_name.values() if compute_type in target.compute_types]
        if len(takers) > 1:
            raise DuplicateTarget(
                claim=f"computeType {compute_type!r}", claimants=[_describe(each) for each in takers]
            )
        if takers:
            return takers[0]
        if self._broken:
            raise next(iter(self._broken.values()))
        extra = _EXTRAS.get(compute_type)
        raise UnknownComputeType(
            compute_type=compute_type,
            installed=sorted(kind for target in self._by_name.values() for kind in target.compute_types),
            install=f'pip install "mooring[{extra}]"' if extra and _is_offered(extra) else "",
        )

    def named(self, name: str) -> Target:
        """The target of that name.

        Raises:
            UnknownComputeType: It was uninstalled since.
            DuplicateTarget: Two have that name.
            BrokenTarget: It can't be imported.
        """
        if name not in self._by_name and self._discovers:
            self._load_named(name)
        if name in self._broken:
            raise self._broken[name]
        if name not in self._by_name:
            raise UnknownComputeType(compute_type=name, installed=sorted(self._by_name))
        return self._by_name[name]

    def all(self) -> tuple[list[Target], list[BrokenTarget]]:
        """Every target that is installed, by name, and why others that are can't be used."""
        self._load_all()
        broken = [self._broken[name] for name in sorted(self._broken)]
        return [self._by_name[name] for name in sorted(self._by_name)], broken

    def _load_all(self) -> None:
        if self._discovers:
            for name in dict.fromkeys(point.name for point in entry_points(group=GROUP)):
                self._load_named(name)
            self._discovers = False

    def _load_named(self, name: str) -> None:
        points = list(dict.fromkeys(entry_points(group=GROUP, name=name)))
        if len({point.value for point in points}) > 1:
            claimants = [f"{point.value} ({_distribution(point)})" for point in points]
            raise DuplicateTarget(claim=f"the target name {name!r}", claimants=claimants)
        if not points or name in self._by_name:
            return
        try:
            self._by_name[name] = points[0].load()(self._settings)
        except ImportError as error:
            self._broken[name] = BrokenTarget(
                target=f"{name} ({points[0].value})",
                reason=str(error),
                install=f'pip install "{_distribution(points[0])}[{name}]"',
            )


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "mooring"


def _is_offered(extra: str) -> bool:
    """Whether our own distribution has such an extra: an install line that does not work is worse than none."""
    try:
        return extra in (metadata("mooring").get_all("Provides-Extra") or [])
    except PackageNotFoundError:
        return False


def _describe(target: Target) -> str:
    kind = type(target)
    return f"{target.name} ({kind.__module__}:{kind.__qualname__})"
