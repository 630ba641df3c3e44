"""The build backend: hatchling's, which also asks for Node when a wheel or sdist has to build the panel.

An editable install needs neither: its panel is built by `poe panel`, when somebody works on it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.build import *  # noqa: F403 (every hook that is not changed below)
from hatchling.build import get_requires_for_build_sdist as _sdist
from hatchling.build import get_requires_for_build_wheel as _wheel

sys.path.insert(0, str(Path(__file__).parent))

from hook import is_wanted
from panel import NODE_PACKAGE, needs_node_package


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """What a wheel needs."""
    return _wheel(config_settings) + _node()


def get_requires_for_build_sdist(config_settings: dict[str, Any] | None = None) -> list[str]:
    """What an sdist needs."""
    return _sdist(config_settings) + _node()


def _node() -> list[str]:
    return [NODE_PACKAGE] if is_wanted() and needs_node_package() else []
