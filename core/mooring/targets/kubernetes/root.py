"""The root of a service's objects: who made it has the name; what serves, and where, is written on it.

A ConfigMap, so that it can be read and deleted with `kubectl`, and everything else goes with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.errors import NameTaken
from mooring.targets.kubernetes.kinds import CONFIG_MAP
from mooring.targets.kubernetes.manifests import root_object
from mooring.targets.kubernetes.place import LABEL, SCOPE, KubernetesPlace
from mooring.targets.kubernetes.reaching import Address

ADDRESS, HOW, EXPOSURE = (LABEL + name for name in ("address", "reached-by", "exposure"))


@dataclass(frozen=True)
class Serving:
    """What serves.

    Attributes:
        revision: Its number.
        objects: As they were applied, without Secrets.
    """

    revision: int
    objects: list[Json] = field(default_factory=list[Json])


class Root:
    """The root object of one service.

    Args:
        cluster: It is in.
        place: Of the service.
        found: The object.
    """

    def __init__(self, cluster: Cluster, place: KubernetesPlace, found: Json) -> None:
        self._cluster = cluster
        self._place = place
        self.object = found

    @staticmethod
    def find(cluster: Cluster, place: KubernetesPlace) -> Root | None:
        """The root of our service; None when there is none, or it is another workspace's."""
        found = cluster.find(CONFIG_MAP, place.namespace, place.service)
        if found is None or (found["metadata"].get("labels") or {}).get(SCOPE) != place.scope:
            return None
        return Root(cluster, place, found)

    @staticmethod
    def claim(cluster: Cluster, place: KubernetesPlace) -> tuple[Root, bool]:
        """The root, made when it was not there, and whether it was made now: of two who try, one makes it.

        Raises:
            NameTaken: Somebody else has the name.
            NamespaceMissing: There is no such namespace.
        """
        made = cluster.create(CONFIG_MAP, place.namespace, root_object(place))
        if made is not None:
            return Root(cluster, place, made), True
        found = cluster.find(CONFIG_MAP, place.namespace, place.service)
        if found is None:
            return Root.claim(cluster, place)
        if (found["metadata"].get("labels") or {}).get(SCOPE) != place.scope:
            raise taken(place, found)
        if found["metadata"].get("deletionTimestamp"):
            raise NameTaken(
                f"{place.service} is being deleted from namespace {place.namespace}.",
                "Try again in a moment.",
            )
        return Root(cluster, place, found), False

    @property
    def serving(self) -> Serving | None:
        """What serves, as it was written down last; None when nothing ever did."""
        return self._read("serving")

    @property
    def trial(self) -> Serving | None:
        """What is, or was when its client was killed, being tried; None when nothing is."""
        return self._read("trial")

    @property
    def versions(self) -> list[str]:
        """Versions of an endpoint that serve or are tried, by name; `[""]` of a service that has only one."""
        keys = [key.removesuffix(".json").partition(".")[::2] for key in self.object.get("data") or {}]
        found = {version for kind, version in keys if kind in ("serving", "trial")}
        return sorted(found) or [""]

    def of_version(self, version: str) -> Root:
        """The same object, asked about one version."""
        return Root(self._cluster, replace(self._place, version=version), self.object)

    @property
    def place(self) -> KubernetesPlace:
        """Of the service, or of the version that is asked about."""
        return self._place

    @property
    def traffic(self) -> dict[str, Any]:
        """How an endpoint shares its requests out, by version; empty for a service that has only one."""
        text = (self.object.get("data") or {}).get("traffic.json")
        told: dict[str, Any] = json.loads(text) if text else {}
        return told

    @property
    def address(self) -> Address | None:
        """Where it is reached; None before that is known."""
        notes = self.object["metadata"].get("annotations") or {}
        return Address(notes[ADDRESS], notes[HOW]) if notes.get(ADDRESS) else None

    @property
    def lasting_address(self) -> Address | None:
        """The address, unless the compute target exposes services in another way since it was found."""
        notes = self.object["metadata"].get("annotations") or {}
        exposure = self._place.compute.exposure
        return self.address if notes.get(EXPOSURE, exposure) == exposure else None

    def note_trial(self, revision: int, objects: list[Json]) -> None:
        """Write down what is about to be applied."""
        self._note({self._key("trial"): _written(revision, objects)})

    def note_serving(self, revision: int, objects: list[Json], address: Address) -> None:
        """Write down that this serves, and that nothing is tried any more."""
        notes = self._notes_of(address)
        self._note({self._key("serving"): _written(revision, objects), self._key("trial"): None}, notes)

    def note_address(self, address: Address) -> None:
        """Write down that it is reached there from now on."""
        self._note({}, self._notes_of(address))

    def forget_trial(self) -> None:
        """Nothing is tried any more."""
        self._note({self._key("trial"): None})

    def note_traffic(self, traffic: dict[str, Any]) -> None:
        """Write down how requests are shared out."""
        self._note({"traffic.json": json.dumps(traffic, sort_keys=True)})

    def forget_version(self) -> None:
        """The version that is asked about is gone."""
        self._note({self._key("serving"): None, self._key("trial"): None})

    def _notes_of(self, address: Address) -> dict[str, str]:
        return {ADDRESS: address.base, HOW: address.how, EXPOSURE: self._place.compute.exposure}

    def _key(self, kind: str) -> str:
        return f"{kind}.{self._place.version}.json" if self._place.version else f"{kind}.json"

    def _read(self, kind: str) -> Serving | None:
        text = (self.object.get("data") or {}).get(self._key(kind))
        if not text:
            return None
        facts: dict[str, Any] = json.loads(text)
        return Serving(int(facts["revision"]), facts["objects"])

    def _note(self, data: dict[str, Any], notes: dict[str, str] | None = None) -> None:
        change: Json = {"data": data, **({"metadata": {"annotations": notes}} if notes else {})}
        changed = self._cluster.merge(CONFIG_MAP, self._place.namespace, self._place.service, change)
        if changed is None:
            raise NameTaken(
                f"{self._place.service} was deleted from namespace {self._place.namespace} meanwhile.",
                "Deploy it again.",
            )
        self.object = changed


def taken(place: KubernetesPlace, found: Json) -> NameTaken:
    """Who has the name."""
    try:
        owner = str(json.loads((found.get("data") or {})["about.json"])["madeBy"])
    except (KeyError, ValueError, TypeError):
        owner = "somebody else, who did not make it with Mooring"
    return NameTaken(
        f"{place.service} in namespace {place.namespace} belongs to {owner}.",
        "Choose another name for the service, or another namespace.",
    )


def _written(revision: int, objects: list[Json]) -> str:
    return json.dumps({"revision": revision, "objects": objects}, sort_keys=True)
