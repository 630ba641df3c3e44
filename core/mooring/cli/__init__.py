"""The command line: prints, never decides.

`main` is the `mooring` command. `perform` does the same for a caller inside Python, such as the `%mooring` magic, and
hands back the answer instead of writing it.
"""

from __future__ import annotations

from mooring.cli.running import main, perform, run

__all__ = ["main", "perform", "run"]
