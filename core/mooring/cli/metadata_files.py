"""The small JSON files that v1's commands hand to each other: `-t` writes one, `-f` reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.errors import MooringError


@dataclass(eq=False)
class MetadataUnreadable(MooringError):
    """A metadata file is missing, no JSON, or lacks what is needed."""

    code = "metadata-file-invalid"
    path: str
    reason: str
    made_by: str

    @property
    def problem(self) -> str:
        """File and reason."""
        return f"{self.path} can't be used: {self.reason}."

    @property
    def remedy(self) -> str:
        """The command that writes a good one."""
        return f"Make it with {self.made_by}."


def write_metadata(path: Path | None, facts: dict[str, Any]) -> None:
    """Write the file if one was asked for."""
    if path is not None:
        path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_model_id(path: str) -> str:
    """The `name:version` that `mooring model register -t` wrote.

    Raises:
        MetadataUnreadable: It isn't such a file.
    """
    return str(_read(path, "modelId", "mooring model register -t"))


def read_run(path: str) -> tuple[str, str | None]:
    """Run id and experiment name of a run's metadata file.

    Raises:
        MetadataUnreadable: It isn't such a file.
    """
    run_id = _read(path, "run_id", "the tool that ran the experiment; it holds run_id and _experiment_name")
    return str(run_id), json.loads(Path(path).read_text(encoding="utf-8-sig")).get("_experiment_name")


def _read(path: str, key: str, made_by: str) -> Any:
    try:
        facts = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise MetadataUnreadable(path=path, reason=str(error), made_by=made_by) from error
    if not isinstance(facts, dict) or key not in facts:
        raise MetadataUnreadable(path=path, reason=f"it has no {key!r}", made_by=made_by)
    return facts[key]
