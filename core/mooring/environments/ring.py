"""What the scoring server likes to find in an environment, and how old a Python it can live with."""

from __future__ import annotations

import sys

OLDEST_PYTHON = (3, 8)
NEWEST_PYTHON = (3, 13)
SUPPORTED_PYTHONS: tuple[str, ...] = tuple(
    f"3.{minor}" for minor in range(OLDEST_PYTHON[1], NEWEST_PYTHON[1] + 1)
)
DEFAULT_PYTHON = "3.11"

# All optional: the server has a slower way for each, so none may stand in the way of what the user asks for.
_LOOSE: tuple[str, ...] = (
    "orjson>=3.6",
    "PyJWT>=2.0",
    *(("uvloop>=0.16",) if sys.platform != "win32" else ()),
)

SCORING_REQUIREMENTS: dict[str, tuple[str, ...]] = dict.fromkeys(SUPPORTED_PYTHONS, _LOOSE)
"""Requirements of the scoring server by Python version."""

SCORING_MODULES: tuple[str, ...] = (
    "orjson",
    "jwt",
    *(("uvloop",) if sys.platform != "win32" else ()),
)
"""What those requirements are imported as, in no particular order."""
