"""`RunDetails`: v1's display of a run."""

from __future__ import annotations

import builtins
from typing import Any

from mooring.sdk.run import Run


class RunDetails:
    """Shows a run: its state, metrics and files.

    Args:
        run_instance: The run.
    """

    def __init__(self, run_instance: Run) -> None:
        self._run = run_instance

    def show(self, render_lib: Any = None, widget_settings: Any = None) -> None:
        """Show it below the cell; elsewhere print its details."""
        display = getattr(builtins, "display", None)  # IPython puts it there
        if display is not None:
            display(self._run)
        else:
            print(self._run.get_details())  # noqa: T201 (what was asked for)

    def get_widget_data(self, widget_settings: Any = None) -> dict[str, Any]:
        """The run's details."""
        return self._run.get_details()
