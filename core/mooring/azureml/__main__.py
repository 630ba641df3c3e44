"""Run an old script with v1's names switched on: `python -m mooring.azureml old_script.py --its arguments`."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from mooring.azureml import switch_on

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
    runpy.run_path(str(script), run_name="__main__")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
