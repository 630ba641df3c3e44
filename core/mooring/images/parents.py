"""Images of an engine as something to put layers on."""

from __future__ import annotations

from mooring.engine import Engine
from mooring.images.archive import ParentImage


def find_parent(engine: Engine, image: str) -> ParentImage | None:
    """An image as something to put layers on; None when the engine does not have it."""
    facts = engine.find_image(image)
    if facts is None:
        return None
    layers = tuple((facts.get("RootFS") or {}).get("Layers") or ())
    return ParentImage(
        id=facts["Id"],
        layers=layers,
        config=facts.get("Config") or {},
        architecture=facts.get("Architecture") or "amd64",
        system=facts.get("Os") or "linux",
        variant=facts.get("Variant") or "",
        abouts=_abouts(engine, image, len(layers)),
    )


def _abouts(engine: Engine, image: str, layers: int) -> tuple[str, ...]:
    """What each layer holds: known of images of our own, whose history has one entry a layer."""
    with engine.told(image):
        history = [entry.get("CreatedBy") or "base image" for entry in engine.questions.history(image)]
    return tuple(reversed(history)) if len(history) == layers else ()
