"""Where a service keeps its things, and whether its supervisor is there."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.deployments.target import service_folder
from mooring.scoring.supervisor.client import MasterGone, ask
from mooring.scoring.supervisor.files import LOG_FOLDER, MASTER_FILE
from mooring.scoring.supervisor.identity import is_running
from mooring.scoring.supervisor.spec import ServiceSpec, load_service
from mooring.settings import Settings

_STATUS_WITHIN_S = 5.0


@dataclass(frozen=True)
class MasterIdentity:
    """Which process supervises, or did: a pid alone may belong to another one by now."""

    pid: int
    started: str
    nonce: str

    @property
    def is_running(self) -> bool:
        """Whether that very process is there."""
        return is_running(self.pid, self.started)


class Place:
    """The process target's folder of one service.

    Args:
        settings: Say where workspaces are.
        service: Name of the service.
    """

    def __init__(self, settings: Settings, service: str) -> None:
        self.service = service
        self.folder = service_folder(settings, service) / "process"

    @property
    def logs(self) -> str:
        """Folder of the log."""
        return str(self.folder / LOG_FOLDER)

    def make(self) -> None:
        """Make the folder, for its owner alone: files in it name variables of the environment."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def ask(self, question: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Ask the supervisor.

        Raises:
            MasterGone: There is none.
        """
        return ask(str(self.folder), question, **options)

    def status(self) -> dict[str, Any] | None:
        """How the supervisor says things are; None when there is none or it belongs to another life of the service."""
        if not (self.folder / "control.sock").exists():
            return None
        try:
            status = self.ask({"do": "status"}, within_s=_STATUS_WITHIN_S)
        except MasterGone:
            return None
        return status if status.get("service") == self.service else None

    def remembered(self) -> ServiceSpec | None:
        """What was last started here."""
        try:
            return load_service(str(self.folder))
        except (FileNotFoundError, ValueError):
            return None

    def master(self) -> MasterIdentity | None:
        """The supervisor that was last started here and has not ended in order."""
        try:
            return MasterIdentity(**json.loads((self.folder / MASTER_FILE).read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def forget_all_but_logs(self) -> None:
        """Remove what a start left."""
        with contextlib.suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                if path.name != Path(self.logs).name:
                    _remove(path)

    def forget(self) -> None:
        """Remove the folder."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder)


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
