"""What tests of all targets share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .crowd import Crowd


@pytest.fixture
def crowd_at() -> Callable[..., Crowd]:
    """Makes clients that never pause: `with crowd_at(port) as crowd: …`."""
    return Crowd
