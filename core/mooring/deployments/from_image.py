"""A service of an image that was built before: nothing is resolved or built again, the very image runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_KEY = "fromImage"


@dataclass(frozen=True)
class FromImage:
    """An image instead of an inference config; see `ServiceDesk.deploy`.

    Attributes:
        image_id: `name:version` of the registered image.
        engine_id: `sha256:…`, the engine's own name for it.
        reference: Where it can be pulled from; empty when it is in no registry.
        environment_digest, python_version: What is installed in it.
        models: Ids of the models in it.
        inference: What it was built from, with the code where it is kept.
    """

    image_id: str
    engine_id: str
    reference: str
    environment_digest: str
    python_version: str
    models: tuple[str, ...] = ()
    inference: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)

    def to_document(self) -> dict[str, Any]:
        """What a revision remembers."""
        facts = {
            "id": self.image_id,
            "engineId": self.engine_id,
            "reference": self.reference,
            "environmentDigest": self.environment_digest,
            "pythonVersion": self.python_version,
            "models": list(self.models),
        }
        return {**self.inference, _KEY: facts}


def image_of(document: dict[str, Any]) -> FromImage | None:
    """The image a revision runs as it is; None for one that is built from its code."""
    facts = document.get(_KEY)
    if not facts:
        return None
    return FromImage(
        image_id=facts["id"],
        engine_id=facts["engineId"],
        reference=facts["reference"],
        environment_digest=facts["environmentDigest"],
        python_version=facts["pythonVersion"],
        models=tuple(facts.get("models") or ()),
        inference={name: value for name, value in document.items() if name != _KEY},
    )
