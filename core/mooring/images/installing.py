"""The text of what runs inside the base image to install a locked environment.

It runs in a container of the base image, so that packages fit the image's own interpreter, processor and C library;
only the finished folder is taken out of it, so that nothing else of the run gets into the image.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

ENVIRONMENT_DIR = "/opt/mooring/environment"
RING_DIR = "/opt/mooring/ring"
BUILD_DIR = "/opt/mooring-build"
CACHE_DIR = "/opt/mooring-cache"

NO_PYTHON = 90
"""Exit code: neither the image nor uv has the Python."""
NO_UV = 91
"""Exit code: uv does not run in the image."""

_SCRIPT = """\
set -eu
export UV_CACHE_DIR={cache} UV_LINK_MODE=copy UV_NO_PROGRESS=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH
export UV_PYTHON_INSTALL_DIR={environment}/python PYTHONHASHSEED=0 SOURCE_DATE_EPOCH={epoch}
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX || true
{variables}
uv={build}/uv
"$uv" --version >/dev/null 2>&1 || {{ "$uv" --version || true; uname -m || true; exit {no_uv}; }}
mkdir -p {environment}
if ! "$uv" venv --quiet --no-project --no-config --python-preference only-system --no-python-downloads --allow-existing --python {python} {environment} 2>/tmp/no-python; then
  echo "The image has no Python {python}; fetching one"
  "$uv" python install --quiet {python} || {{ cat /tmp/no-python; exit {no_python}; }}
  "$uv" venv --quiet --no-project --no-config --python-preference only-managed --allow-existing --python {python} {environment}
fi
{install}
rm -f {environment}/.lock {environment}/.gitignore {environment}/CACHEDIR.TAG
"""

_INSTALL = (
    '"$uv" pip install --no-config --no-deps --compile-bytecode --python {environment}/bin/python '
    "--requirements {build}/requirements.txt {arguments}"
)


def render_install_script(
    *,
    python: str,
    has_packages: bool,
    arguments: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    epoch: int,
) -> str:
    """A script for `sh`.

    Args:
        python: Minor version, `3.11`.
        has_packages: Whether there is a requirements file.
        arguments: More arguments for uv.
        variables: Indexes and proxies; may hold secrets, so the file must be its owner's alone.
        epoch: Time that builds should take for now, seconds.
    """
    quoted = {
        "build": BUILD_DIR,
        "cache": CACHE_DIR,
        "environment": ENVIRONMENT_DIR,
        "python": shlex.quote(python),
        "epoch": str(epoch),
        "no_python": str(NO_PYTHON),
        "no_uv": str(NO_UV),
        "variables": "\n".join(
            f"export {name}={shlex.quote(value)}" for name, value in (variables or {}).items()
        ),
    }
    install = _INSTALL.format(**quoted, arguments=shlex.join(arguments)) if has_packages else "true"
    return _SCRIPT.format(**quoted, install=install)


def render_steps_dockerfile(parent: str, steps: str) -> str:
    """A Dockerfile that adds extra steps, as written, to an image."""
    return f"FROM {parent}\nUSER 0\n{steps.strip()}\n"
