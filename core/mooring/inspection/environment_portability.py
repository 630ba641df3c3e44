"""What an environment file carries over from the machine or the time it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from mooring.findings import Finding, Severity, Span
from mooring.inspection.environment_checks import place_of
from mooring.inspection.project_rules import DEFAULTS_MISSING
from mooring.inspection.rule import Rule

CONDA_PREFIX = Rule(
    code="conda-prefix",
    severity="information",
    title="A conda file names a folder of the machine that it was exported on",
    why="`conda env export` adds `prefix:`, the place of the environment on that machine. Nobody else has it, and nothing "
    "reads it.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\nprefix: /home/me/miniconda3/envs/env\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\n",
    subject="environment",
)
OTHER_SYSTEM = Rule(
    code="package-of-other-system",
    severity="warning",
    title="An environment names a package that only Windows or macOS has",
    why="Services run on Linux. There conda answers `ResolvePackageNotFound` and pip finds no distribution, so the "
    "environment can't be built. Of a conda package it is information: Mooring leaves such packages out.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - pywin32==306\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - pywin32==306; sys_platform == 'win32'\n",
    subject="environment",
)
DEFAULTS_VERSION = Rule(
    code="azureml-defaults-version",
    severity="information",
    title="A version of azureml-defaults that Azure ML itself can't serve with",
    why="Versions 1.34 to 1.43 leave Flask's companions open and fail with those of today (`cannot import name 'Markup' from "
    "'jinja2'`); those before 1.0.45 bring no scoring server. Mooring brings its own, so here any version does.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - azureml-defaults==1.38.0\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - azureml-defaults==1.59.0\n",
    subject="environment",
)
UNPINNED = Rule(
    code="package-unpinned",
    severity="hint",
    title="A package that models are pickled with has no version",
    why="Whatever is newest on the day is installed. Pickles of scikit-learn and its kin often fail to load with another "
    "version (`No module named 'sklearn.linear_model._ridge'`), or load and answer wrongly. It is looked for in files that "
    "an inference configuration names, or that are plainly meant for a service.",
    bad="# conda.yml\nname: project_environment\ndependencies:\n  - python=3.12\n  - pip:\n      - azureml-defaults\n"
    "      - scikit-learn\n",
    good="# conda.yml\nname: project_environment\ndependencies:\n  - python=3.12\n  - pip:\n      - azureml-defaults\n"
    "      - scikit-learn==1.3.2\n",
    subject="environment",
)
PORTABILITY_RULES = (CONDA_PREFIX, OTHER_SYSTEM, DEFAULTS_VERSION, UNPINNED)

_CONDA_ELSEWHERE = re.compile(
    r"appnope|libcxx(abi)?|python\.app|pyobjc.*|applaunchservices|vc|vc14_runtime|vs201\d_runtime|ucrt|pywin32(-ctypes)?"
    r"|pywinpty|pypiwin32|winpty|wincertstore|win_inet_pton|win_unicode_console|menuinst|console_shortcut|icc_rt"
    r"|m2w64-.*|msys2-.*"
)
_PIP_ELSEWHERE = re.compile(r"pywin32|pypiwin32|pywinpty|pyobjc.*")
_PICKLED_WITH = ("scikit-learn", "xgboost", "lightgbm", "catboost")
_FOR_SERVICE = re.compile(r"scor(e|ing)|inferenc|deploy|serv(e|ing|ice)|^myenv\.", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")


def is_for_service(path: Path, value: dict[str, Any]) -> bool:
    """Whether a conda file is plainly meant for a service: by its name, or by the one v1 gives such environments."""
    return value.get("name") == "project_environment" or _FOR_SERVICE.search(path.name) is not None


def find_without_server(text: str, path: Path) -> Iterator[Finding]:
    """A file that brings no scoring server to Azure.

    Args:
        text: Of a conda file, or of a configuration that holds an environment.
        path: Where findings say it is.
    """
    if not text or re.search(r"azureml[-_.](defaults|inference-server|core|sdk)|azure-ml-api-sdk", text):
        return
    problem = "azureml-defaults is not named, which brings the scoring server on Azure; Mooring needs no such package."
    remedy = "Add azureml-defaults to the pip list if the file is to be deployed to Azure as well."
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        column = line.lower().find("dependencies") + 1
        if column:
            place = Span(number, column, number, column + len("dependencies"))
            yield _finding(DEFAULTS_MISSING, problem, remedy, path, place)
            return


def check_portability(value: dict[str, Any], text: str, path: Path, *, serves: bool) -> Iterator[Finding]:
    """Findings in a conda file that has been read.

    Args:
        value: The file, read.
        text: The same as it is written.
        path: Where findings say it is.
        serves: Whether a service is made from it.
    """
    if value.get("prefix"):
        problem = f"prefix names {value['prefix']!s}, a folder of the machine this was exported on."
        yield _finding(CONDA_PREFIX, problem, "Remove the line.", path, place_of(text, "prefix"))
    entries = [entry for entry in value["dependencies"] if isinstance(entry, str)]
    lines = [
        str(line)
        for group in value["dependencies"]
        if isinstance(group, dict) and isinstance(group.get("pip"), list)
        for line in group["pip"]
    ]
    yield from _of_other_systems(entries, lines, text, path)
    yield from _old_defaults(lines, text, path)
    if serves:
        yield from _unpinned([*entries, *lines], text, path)


def _of_other_systems(entries: list[str], lines: list[str], text: str, path: Path) -> Iterator[Finding]:
    for entry in entries:
        name = _name_in(entry.rpartition("::")[2])
        if _CONDA_ELSEWHERE.fullmatch(name.lower()):
            problem = f"{name} is a package of Windows or macOS, and services run on Linux."
            place = place_of(text, name)
            yield _finding(OTHER_SYSTEM, problem, "Remove the line.", path, place, severity="information")
    for line in lines:
        name = _name_in(line)
        if _PIP_ELSEWHERE.fullmatch(name.lower()) and ";" not in line:
            problem = f"{name} can only be installed on Windows or macOS, and services run on Linux."
            yield _finding(OTHER_SYSTEM, problem, "Remove the line.", path, place_of(text, name))


def _old_defaults(lines: list[str], text: str, path: Path) -> Iterator[Finding]:
    for line in lines:
        found = re.match(r"azureml[-_.]defaults\s*[=~]=\s*([\d.]+)", line.strip(), re.IGNORECASE)
        version = _version(found[1]) if found else None
        if version is None:
            continue
        is_bare = version < Version("1.0.45")
        if is_bare or Version("1.34") <= version < Version("1.44"):
            lacks = "brings no scoring server" if is_bare else "fails with today's Jinja2 and MarkupSafe"
            problem = f"azureml-defaults {version} {lacks} on Azure."
            place = place_of(text, line.strip())
            yield _finding(DEFAULTS_VERSION, problem, "Ask for 1.44 or newer.", path, place)


def _unpinned(entries: list[str], text: str, path: Path) -> Iterator[Finding]:
    for entry in entries:
        name = _name_in(entry.rpartition("::")[2])
        if canonicalize_name(name) not in _PICKLED_WITH or re.search(r"[=<>~@]", entry):
            continue
        problem = f"{name} has no version, and models are pickled with it."
        remedy = "Write the version that the model was trained with."
        yield _finding(UNPINNED, problem, remedy, path, place_of(text, name))


def _name_in(entry: str) -> str:
    try:
        return Requirement(entry).name
    except InvalidRequirement:
        found = _NAME.match(entry.strip())
        return found[0] if found else ""


def _version(written: str) -> Version | None:
    try:
        return Version(written)
    except InvalidVersion:
        return None


def _finding(
    rule: Rule, problem: str, remedy: str, path: Path, place: Span, *, severity: Severity | None = None
) -> Finding:
    return Finding(rule.code, severity or rule.severity, problem, remedy, str(path), place)
