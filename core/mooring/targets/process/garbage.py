"""Copies of the scoring ring that no service uses any more."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from mooring.scoring.supervisor.ring import materialize_ring
from mooring.scoring.supervisor.spec import load_service
from mooring.settings import Settings


def find_unused_rings(settings: Settings) -> list[Path]:
    """Folders of rings that neither a service of any workspace nor this Mooring uses."""
    current = Path(materialize_ring(str(settings.home)))
    used = {current.name, *(Path(ring).name for ring in _rings_of_services(settings))}
    return sorted(path for path in current.parent.iterdir() if path.name not in used)


def remove_unused_rings(settings: Settings) -> list[Path]:
    """Remove them; gives what was removed."""
    unused = find_unused_rings(settings)
    for path in unused:
        shutil.rmtree(path, ignore_errors=True)
    return unused


def _rings_of_services(settings: Settings) -> Iterator[str]:
    for path in settings.workspaces_dir.glob("*/services/*/process/service.json"):
        with contextlib.suppress(FileNotFoundError):  # stopped since it was listed
            yield load_service(str(path.parent)).current.ring
