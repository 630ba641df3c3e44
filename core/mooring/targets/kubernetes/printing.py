"""A service's objects as a file for people: in YAML, in their namespace, and with what the file leaves out told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mooring.images.contract import KEYS_FILE
from mooring.targets.kubernetes.place import REVISION, KubernetesPlace

Json = dict[str, Any]

NOT_BUILT = "mooring/service:not-built-yet"
"""Repository and tag that stand for an image which only a deployment makes."""

_WIDTH = 110


def placed(place: KubernetesPlace, objects: Iterable[Json]) -> list[Json]:
    """The objects with the namespace they are for, so that `kubectl` needs no other word."""
    return [{**each, "metadata": {**each["metadata"], "namespace": place.namespace}} for each in objects]


def render_manifest(objects: list[Json], *, is_planned: bool) -> str:
    """YAML, one document an object, after comments about what is missing in it.

    Args:
        objects: As `KubernetesTarget.manifest` and `planned_manifest` give them.
        is_planned: Whether they are to be applied, not applied already.
    """
    import json

    import yaml

    # What several places share would be written as anchors, which nobody wants to read.
    plain = [json.loads(json.dumps(each)) for each in objects]
    lines = [f"# {line}" for line in _about(objects, is_planned=is_planned)]
    return "\n".join([*lines, yaml.safe_dump_all(plain, sort_keys=False, width=_WIDTH)])


def _about(objects: list[Json], *, is_planned: bool) -> Iterator[str]:
    revision = next((each["metadata"]["labels"].get(REVISION) for each in objects), "")
    if is_planned:
        yield f"What `mooring model deploy` would apply as revision {revision}; nothing was made."
    else:
        yield f"What was applied for revision {revision}."
    secrets = list(dict.fromkeys(name for each in objects for name in _secrets(each)))
    if secrets:
        yield f"Its Secrets are not in it ({', '.join(secrets)}): their values belong in no file that is kept."
        yield "Where `kubectl apply` is to make what Mooring did not, make them first: docs/kubernetes.md says how."
    if any(NOT_BUILT in image for each in objects for image in _images(each)):
        yield "The image is built and pushed by the deployment, and named by its digest then;"
        yield "with --image NAME:VERSION, one that was pushed with `mooring image build --registry`, it is named now."


def _pod(manifest: Json) -> Json:
    found: Json = ((manifest.get("spec") or {}).get("template") or {}).get("spec") or {}
    return found


def _images(manifest: Json) -> list[str]:
    return [str(each["image"]) for each in _pod(manifest).get("containers") or []]


def _secrets(manifest: Json) -> Iterator[str]:
    for volume in _pod(manifest).get("volumes") or []:
        for source in (volume.get("projected") or {}).get("sources") or []:
            name = str(source["secret"]["name"])
            yield f"{name} with {KEYS_FILE}" if name.endswith("-keys") else name
        if volume.get("secret"):
            yield str(volume["secret"]["secretName"])
    for each in _pod(manifest).get("imagePullSecrets") or []:
        yield str(each["name"])
