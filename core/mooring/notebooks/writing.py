"""Writing what was extracted; nothing of the user's is overwritten unasked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mooring.errors import MooringError
from mooring.notebooks.extraction import Extracted
from mooring.whole_files import write_whole


@dataclass(eq=False)
class FilesInTheWay(MooringError):
    """Files of these names are there, with other content."""

    code = "files-in-the-way"
    folder: str
    names: list[str] = field(default_factory=list[str])

    @property
    def problem(self) -> str:
        """Which."""
        return f"{self.folder} has {', '.join(self.names)} already, with other content."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return "Name another folder with --directory, or add --overwrite."


def write_service(found: Extracted, folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the files into a folder; gives their paths.

    Raises:
        FilesInTheWay: Some are there and differ, and `overwrite` is false.
        OSError: The folder can't be written.
    """
    places = {
        folder / name: text if text.endswith("\n") else text + "\n" for name, text in found.files.items()
    }
    differing = [
        str(path.relative_to(folder))
        for path, text in places.items()
        if path.exists() and path.read_text(encoding="utf-8", errors="replace") != text
    ]
    if differing and not overwrite:
        raise FilesInTheWay(folder=str(folder), names=differing)
    for path, text in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    return list(places)
