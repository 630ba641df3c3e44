"""`Run`: where old training code logs metrics, keeps outputs and registers its model."""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.sdk.experiment import Experiment

if TYPE_CHECKING:
    from mooring.registry import ResourceConfiguration
    from mooring.sdk.model import Model


class Run:
    """One training run on this machine: a folder for its outputs, its metrics, and the models it registers.

    Args:
        experiment: What the run belongs to.
        run_id: An id of your own; a new UUID otherwise.
    """

    def __init__(self, experiment: Experiment, run_id: str | None = None, **_ignored: Any) -> None:
        self.experiment = experiment
        self.id = run_id or str(uuid.uuid4())
        self.status = "Running"
        self.tags: dict[str, str] = {}
        self.properties: dict[str, str] = {}
        self._metrics: dict[str, Any] = {}

    @classmethod
    def get_context(cls, allow_offline: bool = True, **_ignored: Any) -> Run:
        """The run that the calling script belongs to: here always a new one of the default workspace.

        Raises:
            RunEnvironmentException: `allow_offline` is False, since no submitted run exists here.
        """
        from mooring.sdk.exceptions import RunEnvironmentException
        from mooring.sdk.workspace import Workspace

        if not allow_offline:
            raise RunEnvironmentException("Could not load a submitted run: scripts run on this machine.")
        return cls(Experiment(Workspace(), "interactive"))

    # ---- metrics ---------------------------------------------------------------------------------------------
    def log(self, name: str, value: Any, description: str = "", step: int | None = None) -> None:
        """Keep a metric; logging a name again makes a list of its values."""
        before = self._metrics.get(name)
        if before is None:
            self._metrics[name] = value
        else:
            self._metrics[name] = [*(before if isinstance(before, list) else [before]), value]
        self._save_metrics()

    def log_list(self, name: str, value: list[Any], description: str = "") -> None:
        """Keep a list of values as one metric."""
        self._metrics[name] = list(value)
        self._save_metrics()

    def log_row(self, name: str, description: str | None = None, **columns: Any) -> None:
        """Keep one row of a table metric."""
        self.log(name, columns)

    def get_metrics(self, name: str | None = None, **_ignored: Any) -> dict[str, Any]:
        """All metrics, or the one named."""
        return dict(self._metrics) if name is None else {name: self._metrics[name]}

    def tag(self, key: str, value: str | None = None) -> None:
        """Tag the run."""
        self.tags[key] = value or ""

    def set_tags(self, tags: dict[str, str]) -> None:
        """Add tags to the run."""
        self.tags.update(tags)

    # ---- files -----------------------------------------------------------------------------------------------
    @property
    def folder(self) -> Path:
        """The run's own folder; made when first used."""
        folder = self.experiment.workspace.folder / "runs" / self.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def upload_file(self, name: str, path_or_stream: Any, datastore_name: str | None = None) -> None:
        """Keep a copy of a file, or of a stream's bytes, under `name` in the run's folder."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if hasattr(path_or_stream, "read"):
            target.write_bytes(path_or_stream.read())
        else:
            shutil.copyfile(path_or_stream, target)

    def upload_folder(self, name: str, path: str, datastore_name: str | None = None) -> None:
        """Keep a copy of a folder under `name` in the run's folder."""
        shutil.copytree(path, self.folder / name, dirs_exist_ok=True)

    def get_file_names(self) -> list[str]:
        """Names of the kept files, sorted."""
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file())

    # ---- models ----------------------------------------------------------------------------------------------
    def register_model(
        self,
        model_name: str,
        model_path: str | None = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        description: str | None = None,
        datasets: Any = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: ResourceConfiguration | None = None,
        **_ignored: Any,
    ) -> Model:
        """Register a file or folder of this run as a new model version.

        Args:
            model_name: Name of the model.
            model_path: Relative to the run's outputs, looked for in the run's folder and then in the current
                directory; the model's name when not given.
            tags: As in `Model.register`, like all that follow.
        """
        from mooring.sdk.model import Model

        path = Path(model_path or model_name)
        kept = self.folder / path
        return Model.register(
            self.experiment.workspace,
            str(kept if kept.exists() else path),
            model_name,
            tags=tags,
            properties=properties,
            description=description,
            datasets=datasets,
            model_framework=model_framework,
            model_framework_version=model_framework_version,
            sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset,
            resource_configuration=resource_configuration,
            _run=self,
        )

    # ---- life ------------------------------------------------------------------------------------------------
    def complete(self, **_ignored: Any) -> None:
        """Mark the run as done."""
        self.status = "Completed"

    def fail(self, error_details: Any = None, error_code: str | None = None, **_ignored: Any) -> None:
        """Mark the run as failed."""
        self.status = "Failed"

    def wait_for_completion(self, show_output: bool = False, **_ignored: Any) -> dict[str, Any]:
        """The run's details; there is nothing to wait for, since it runs in this process."""
        return self.get_details()

    def get_status(self) -> str:
        """`Running`, `Completed` or `Failed`."""
        return self.status

    def get_details(self) -> dict[str, Any]:
        """Id, status, tags and metrics."""
        return {"runId": self.id, "status": self.status, "tags": self.tags, "metrics": self.get_metrics()}

    def __enter__(self) -> Run:  # noqa: PYI034 (Self is newer than Python 3.10)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self.complete()
        else:
            self.fail()

    def _repr_html_(self) -> str:
        from mooring.sdk import cards

        metrics = {name: _shown(value) for name, value in self._metrics.items()}
        files = ", ".join(self.get_file_names())
        return cards.table(
            f"Run {self.id} · {self.experiment.name} · {self.status}", {**metrics, "files": files}
        )

    def __repr__(self) -> str:
        return f"Run(experiment={self.experiment.name!r}, id={self.id!r}, status={self.status!r})"

    def _save_metrics(self) -> None:
        (self.folder / "metrics.json").write_text(json.dumps(self._metrics, default=str, indent=1))


def _shown(value: Any) -> str:
    """A metric as one cell; of a long list the last values."""
    most = 8
    if isinstance(value, list) and len(value) > most:
        return f"… {', '.join(map(str, value[-most:]))} ({len(value)} values)"
    return str(value)
