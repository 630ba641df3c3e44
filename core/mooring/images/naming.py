"""Names of images: each says by a digest what went into it, so that the same is never made twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

REPOSITORY = "mooring"
LABEL = "io.mooring."
"""Before the name of every label."""

_DIGEST_LENGTH = 20
_FORMAT = "2"  # raise it when the same inputs should make other images


def digest_of(*parts: str) -> str:
    """A short digest of texts, in order."""
    whole = hashlib.sha256("\0".join((_FORMAT, *parts)).encode()).hexdigest()
    return whole[:_DIGEST_LENGTH]


def image_tag(kind: str, digest: str, registry: str = "") -> str:
    """`mooring/<kind>:<digest>`, in a registry when one is given.

    Args:
        kind: `packages`, `environment`, `models`, `service/<name>`.
        digest: Of what went into it.
        registry: `host:port/path`; empty for the engine's own store.
    """
    name = f"{REPOSITORY}/{kind}:{digest}"
    return f"{registry.rstrip('/')}/{name}" if registry else name


@dataclass(frozen=True)
class ImageInputs:
    """What an environment image is made of; every field counts in its name.

    Attributes:
        base: Id of the base image.
        packages: Digest of the locked environment.
        ring: Digest of the scoring ring.
        steps: Extra Dockerfile lines.
    """

    base: str
    packages: str
    ring: str
    steps: str = ""

    @property
    def packages_digest(self) -> str:
        """Names base and packages."""
        return digest_of("packages", self.base, self.packages)

    @property
    def environment_digest(self) -> str:
        """Names all of it."""
        return digest_of("environment", self.base, self.packages, self.ring, self.steps)
