"""Both servers, warm, once per test process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The tables are modules of their own, shared with the document and with people who want to run one case by hand.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import parity_servers as servers


@pytest.fixture(scope="session")
def reference() -> Iterator[servers.Zygote]:
    yield from _zygote("reference", servers.REFERENCE)


@pytest.fixture(scope="session")
def ours() -> Iterator[servers.Zygote]:
    """Without Flask and inference_schema: every stand-in is ours."""
    yield from _zygote("ours", servers.BARE)


@pytest.fixture(scope="session")
def ours_beside_real_packages() -> Iterator[servers.Zygote]:
    """With the real Flask and inference_schema."""
    yield from _zygote("ours", servers.FULL)


def _zygote(kind: str, requirements: tuple[str, ...]) -> Iterator[servers.Zygote]:
    name = kind if requirements is not servers.FULL else "ours-full"
    zygote = servers.Zygote(kind, servers.make_environment(name, requirements))
    yield zygote
    zygote.close()
