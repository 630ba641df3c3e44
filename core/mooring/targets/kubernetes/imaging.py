"""The image of a release, in the registry that the cluster pulls from, by digest."""

from __future__ import annotations

from mooring.deployments.target import Release, Reporter
from mooring.engine import Engine
from mooring.images.building import build_image
from mooring.images.pushing import push_image
from mooring.settings import Settings
from mooring.targets.kubernetes.computes import Compute


def pushed_image(settings: Settings, compute: Compute, release: Release, reporter: Reporter) -> str:
    """`repository@sha256:…`: built and pushed as far as it is not there yet.

    Raises:
        MooringError: It can't be made, or the registry does not take it.
    """

    def tell(text: str) -> None:
        reporter.progress("image", text)

    engine = Engine()
    image = build_image(release.image_parts, engine=engine, settings=settings, tell=tell)
    pushed = push_image(engine, image.tag, compute.registry, settings=settings, tell=tell)
    facts = {
        "id": image.id,
        "tag": image.tag,
        "base": image.base,
        "made": list(image.made),
        "image": pushed.reference,
    }
    reporter.event("image", f"{image.describe()}; pushed to {compute.registry}", data=facts)
    return pushed.reference
