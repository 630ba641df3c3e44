"""Puts JupyterLab's panel into wheels and sdists, and into an editable install when it is built already."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

from panel import BUILT, PLACE, build


class PanelHook(BuildHookInterface[Any]):  # pyright: ignore[reportUntypedBaseClass] (only there while building)
    """Runs before each build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the panel, unless this is an editable install, and say where it goes."""
        if not is_wanted():
            return
        if version != "editable":
            build()
        if not BUILT.is_dir():
            return
        if self.target_name == "wheel":
            build_data["shared_data"][str(BUILT)] = PLACE.as_posix()
        else:
            build_data["artifacts"].append("/jupyter_ext/labextension/built/**")


def is_wanted() -> bool:
    """False when MOORING_WITHOUT_PANEL is set: for places that reach no npm registry."""
    return not os.environ.get("MOORING_WITHOUT_PANEL")
