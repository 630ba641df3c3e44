"""Where a failure happened: what the rules may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mooring.deployments.layout import MODELS, Source
from mooring.deployments.values import Excerpt


@dataclass(frozen=True)
class Scene:
    """One revision, as far as verdicts need to know it.

    Attributes:
        service: Name of the service.
        source: Where its code comes from.
        app_root: Where it was laid out.
        models: Ids, in order.
        model_dir: Relative to `app_root`, as AZUREML_MODEL_DIR; empty without models.
        conda_file: The file packages are listed in; empty when there is none.
        trained_with: Distribution to version, as recorded when the models were registered.
        memory_gb: Limit asked for.
    """

    service: str
    source: Source
    app_root: Path
    models: tuple[str, ...] = ()
    model_dir: str = ""
    conda_file: str = ""
    trained_with: dict[str, str] = field(default_factory=dict[str, str])
    memory_gb: float | None = None

    @property
    def models_root(self) -> Path:
        """`azureml-models` inside the app root."""
        return self.app_root / MODELS

    @property
    def packages_place(self) -> str:
        """Where to write a package's name, for remedies."""
        return self.conda_file or "the environment's packages"

    def shorten(self, text: str) -> str:
        """A text with the app root's long path cut, and the user's own paths for copies of their files."""
        root = str(self.app_root)
        if self.source.source_directory is not None:
            copy = f"{root}/{self.source.directory_name}"
            text = text.replace(copy, str(self.source.source_directory))
        return text.replace(root, "…")

    def excerpt(self, path: str | None, line: int | None) -> Excerpt | None:
        """The line of a file, under the name its owner knows."""
        if not path or not line:
            return None
        return Excerpt(
            path=self.source.original_of(path, self.app_root), line=line, text=_read_line(Path(path), line)
        )


def _read_line(path: Path, line: int) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
