"""Run an old script with v1's names switched on: `python -m mooring.azureml old_script.py --its arguments`."""

from __future__ import annotations

import runpy
import sys
import traceback
from pathlib import Path

from mooring.azureml import switch_on

_PACKAGE = str(Path(__file__).parents[1])
USAGE = "usage: python -m mooring.azureml SCRIPT.py [its arguments]"


def main() -> int:
    """Run the script named on the command line as if it had been started itself."""
    if len(sys.argv) < 2 or sys.argv[1] in {"-h", "--help"}:  # noqa: PLR2004 (a script is the least)
        print(__doc__, USAGE, sep="\n\n", file=sys.stderr)
        return 2
    script = Path(sys.argv[1])
    if not script.is_file():
        print(f"{script} is not there. {USAGE}", file=sys.stderr)
        return 2
    sys.argv = sys.argv[1:]
    sys.path[0] = str(script.parent.absolute())
    switch_on()
    try:
        runpy.run_path(str(script), run_name="__main__")
    except Exception as error:  # noqa: BLE001 (as Python itself tells what ended a script)
        print("".join(_told(error).format()), end="", file=sys.stderr)
        return 1
    return 0


def _told(error: BaseException) -> traceback.TracebackException:
    """The traceback that the script would have had of its own: without what runs it, and what is behind our errors."""
    told = traceback.TracebackException.from_exception(error)
    is_ours = type(error).__module__.startswith("mooring.")
    hidden = ("<frozen runpy>", runpy.__file__, __file__, *([_PACKAGE] if is_ours else []))
    told.stack = traceback.StackSummary.from_list(
        [frame for frame in told.stack if not frame.filename.startswith(hidden)]
    )
    if is_ours:
        told.__cause__ = told.__context__ = None
    return told


if __name__ == "__main__":
    raise SystemExit(main())
