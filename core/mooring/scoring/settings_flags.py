"""The command line of `python -m mooring.scoring`: the reference server's flags and ours."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Sequence

from mooring.scoring import settings_readers as readers
from mooring.scoring.settings import CONFIG_FILE, OPTIONS, SettingsError, read_value

__all__ = ["read_flags"]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.print_help(sys.stderr)
        raise SettingsError(message, exit_code=1)


def read_flags(arguments: Sequence[str]) -> dict[str, str]:
    """What the flags say, as environment variables; a wrong one ends with exit code 1, as in the reference."""
    found = {key: value for key, value in vars(_parser().parse_args(arguments)).items() if value is not None}
    for option in OPTIONS:
        if option.env in found:
            _check(option, found[option.env])
    for path in ("AZUREML_ENTRY_SCRIPT", CONFIG_FILE):
        if path in found:
            found[path] = os.path.realpath(found[path])
    if "AML_APP_INSIGHTS_KEY" in found:
        found["AML_APP_INSIGHTS_ENABLED"] = "true"
    return found


def _parser() -> _Parser:
    parser = _Parser(prog="python -m mooring.scoring", description="Serve an Azure ML v1 entry script.")
    meaning = "JSON file with the same keys as the environment."
    parser.add_argument("--config_file", "--config-file", dest=CONFIG_FILE, help=meaning)
    for option in OPTIONS:
        if option.flag:
            switch: dict[str, Any] = {"nargs": "?", "const": "true"} if option.read is readers.truth else {}
            spellings = sorted({option.flag, "--" + option.flag[2:].replace("_", "-")}, reverse=True)
            parser.add_argument(*spellings, dest=option.env, help=option.meaning.replace("%", "%%"), **switch)
    return parser


def _check(option: Any, value: str) -> None:
    try:
        read_value(option, value, "command line")
    except SettingsError as error:
        raise SettingsError(error.message, exit_code=1) from None
