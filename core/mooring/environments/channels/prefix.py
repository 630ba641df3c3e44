"""A conda prefix where an environment will be: made in a temporary folder, but knowing its final path.

Files of conda packages have the path of their prefix written into them, and their scripts look there. So while the
prefix is made, its final path leads to the temporary folder.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from mooring.environments.channels.rattler_process import require_rattler, run_rattler
from mooring.environments.channels.verdicts import failure_of
from mooring.environments.resolution import Resolution
from mooring.environments.uv_process import Progress


@contextmanager
def leading_to(making: Path, *, place: Path) -> Generator[None, None, None]:
    """`place`, where nothing is, is a link to `making` until the block ends."""
    place.symlink_to(making)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)


def install_records(
    resolution: Resolution, making: Path, *, place: Path, progress: Progress | None
) -> dict[str, str]:
    """Install the conda packages of a resolution; the answer is the variables that they want set.

    Args:
        resolution: Has conda packages.
        making: The prefix for now; does not exist.
        place: Its final path, which leads to `making`.
        progress: Called with a phase and a line.

    Raises:
        CondaExtraMissing: The library for it is not installed.
        InstallationFailed: It could not be done; says why.
    """
    require_rattler([record.name for record in resolution.conda])
    if progress is not None:
        progress("environment", f"Installing {len(resolution.conda)} conda packages")
    folder = making.parent / "rattler"
    folder.mkdir()
    making.mkdir()
    request = {
        "do": "install",
        "folder": str(folder),
        "prefix": str(making),
        "final": str(place),
        "records": [record.facts for record in resolution.conda],
    }
    answer = run_rattler(request, folder, credentials=resolution.conda_credentials, progress=progress)
    if "error" in answer:
        channels = dict.fromkeys(str(record.facts.get("channel") or "") for record in resolution.conda)
        raise failure_of(answer, ", ".join(filter(None, channels)), installing=True)
    return dict(answer["variables"])
