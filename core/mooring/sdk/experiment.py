"""`Experiment`: a name under which runs keep their files, for old training code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.sdk.run import Run
    from mooring.sdk.workspace import Workspace


class Experiment:
    """A named group of runs in a workspace.

    Args:
        workspace: Where its runs keep their files and register their models.
        name: Any name; it is recorded with each registered model.
    """

    def __init__(self, workspace: Workspace, name: str, **_ignored: Any) -> None:
        self.workspace = workspace
        self.name = name

    def start_logging(self, *_args: Any, **_kwargs: Any) -> Run:
        """A new interactive run of this experiment."""
        from mooring.sdk.run import Run

        return Run(self)

    def submit(self, config: Any, tags: dict[str, str] | None = None, **_kwargs: Any) -> Run:
        """Not offered: Mooring deploys models, it does not train them.

        Raises:
            NotBuiltYet: Always.
        """
        from mooring.sdk.unbuilt import NotBuiltYet

        raise NotBuiltYet(
            call="Experiment.submit()",
            instead="Train in this process with run = experiment.start_logging(), then run.register_model(...).",
        )

    def __repr__(self) -> str:
        return f"Experiment(name={self.name!r}, workspace={self.workspace.name!r})"
