"""The package index that this machine's pip uses, for uv, which reads none of pip's settings."""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path

_VARIABLES = {
    "index-url": ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("PIP_EXTRA_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("PIP_FIND_LINKS", "UV_FIND_LINKS", "UV_FIND_LINKS"),
}


def read_pip_indexes() -> dict[str, str]:
    """Variables for uv that say where packages come from; what uv was told itself counts more.

    The values may hold credentials.
    """
    configured = _read_files()
    found: dict[str, str] = {}
    for option, (pip_variable, uv_variable, older_variable) in _VARIABLES.items():
        value = os.environ.get(pip_variable) or configured.get(option)
        is_told = os.environ.get(uv_variable) or os.environ.get(older_variable)
        if value and not is_told:
            separator = "," if option == "find-links" else " "
            found[uv_variable] = separator.join(value.split())
    return found


def _read_files() -> dict[str, str]:
    values: dict[str, str] = {}
    for path in _paths():
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # pip itself will complain about its own file
        for section in ("global", "install"):
            values.update(parser.items(section) if parser.has_section(section) else [])
    return values


def _paths() -> list[Path]:
    """Least to most important, as pip reads them."""
    home = Path.home()
    chosen = os.environ.get("PIP_CONFIG_FILE")
    user = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
    paths = [Path("/etc/pip.conf"), home / ".pip" / "pip.conf", Path(user) / "pip" / "pip.conf"]
    paths.append(Path(sys.prefix) / "pip.conf")
    if chosen == os.devnull:
        return []
    return [*paths, Path(chosen)] if chosen else paths
