"""What an environment file says that other systems, or pip itself, refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from mooring.findings import Finding, Span
from mooring.inspection.rule import Rule

NOT_A_DISTRIBUTION = Rule(
    code="not-a-distribution",
    severity="warning",
    title="A pip list names the module instead of the package that brings it",
    why="`import sklearn` comes with the package `scikit-learn`, and `import json` with Python. What PyPI has under the "
    "module's name refuses to be installed, or there is nothing, so the environment can't be built.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - sklearn\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - scikit-learn\n",
    subject="environment",
)
PINS_EXCLUDE = Rule(
    code="pins-exclude-each-other",
    severity="error",
    title="A pip list asks for two versions of one package",
    why="Only one version of a package can be installed, so pip gives up.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib==1.3.2\n      - joblib==1.4.2\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib==1.4.2\n",
    subject="environment",
)
SERVER_PACKAGE_PINNED = Rule(
    code="server-package-pinned",
    severity="information",
    title="A package of Azure's scoring server is pinned",
    why="Azure ML's scoring server is a Flask application. A pin of Flask, Werkzeug, Jinja2 or their kin that it does not "
    "go with stops it with messages such as `cannot import name 'Markup' from 'jinja2'`. Mooring's server has none of them, "
    "so here the pin does no harm.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - flask==1.0.3\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib\n",
    subject="environment",
)
CONDA_BUILD_PINNED = Rule(
    code="conda-build-pinned",
    severity="information",
    title="A conda file pins builds of one system",
    why="`conda env export` writes the build of each package, which only exists for the system it was exported on; on another "
    "one conda answers `ResolvePackageNotFound`. Mooring takes the version and leaves the build out.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib=1.4.2=py312hca03da5_0\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib=1.4.2\n",
    subject="environment",
)

_MODULES = {
    "sklearn": "scikit-learn",
    "pil": "pillow",
    "cv2": "opencv-python-headless",
    "yaml": "pyyaml",
    "crypto": "pycryptodome",
}
# Modules of Python itself that PyPI has nothing to install for; backports such as argparse and typing are left out.
_STANDARD = frozenset((
    "os", "sys", "json", "re", "io", "pickle", "time", "math", "csv", "glob", "copy", "base64", "itertools", "collections",
    "functools", "warnings", "shutil", "tempfile", "traceback", "string", "random", "subprocess", "logging", "sqlite3",
))  # fmt: skip
_OF_THE_SERVER = {"flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click"}
_BUILD = re.compile(r"^\s*-\s*['\"]?([\w.-]+\s*=\s*[^=\s]+\s*=\s*[^=\s'\"]+)['\"]?\s*$", re.MULTILINE)


def check_entries(value: Any, text: str, path: Path) -> Iterator[Finding]:
    """Findings in the entries of a conda file that has been read."""
    for entry in value.get("dependencies") or ():
        if isinstance(entry, str) and re.search(r"\s-\s", entry):
            problem = f"{entry!r} is one entry, because its lines do not begin below each other."
            remedy = "Indent the dashes alike."
            yield Finding(
                "environment-invalid", "error", problem, remedy, str(path), place_of(text, entry.split()[0])
            )
    for group in value.get("dependencies") or ():
        if isinstance(group, dict) and isinstance(group.get("pip"), list):
            yield from check_lines([str(line) for line in group["pip"]], text, path)
    build = _BUILD.search(text)
    if build is not None:
        problem = f"{build[1]!r} names a build, which other systems do not have; it is left out here."
        remedy = "Export with `conda env export --from-history`, or write name=version."
        yield _finding(CONDA_BUILD_PINNED, problem, remedy, path, place_of(text, build[1]))


def check_lines(lines: list[str], text: str, path: Path) -> Iterator[Finding]:
    """Findings in the lines of a pip list."""
    seen: dict[str, tuple[str, SpecifierSet]] = {}
    for line in lines:
        try:
            requirement = Requirement(line.partition("#")[0].strip())
        except InvalidRequirement:
            continue
        name = canonicalize_name(requirement.name)
        written = line.partition("#")[0].strip()
        if name in _MODULES and str(requirement.specifier) != "==0.0":
            problem = f"{requirement.name!r} is the name of a module; the package is called {_MODULES[name]}."
            yield _finding(
                NOT_A_DISTRIBUTION, problem, f"Write {_MODULES[name]}.", path, place_of(text, written)
            )
        if name in _STANDARD:
            problem = f"{requirement.name!r} is part of Python itself; there is nothing to install."
            yield _finding(NOT_A_DISTRIBUTION, problem, "Remove the line.", path, place_of(text, written))
        if name in _OF_THE_SERVER and requirement.specifier:
            problem = f"{written!r} pins a package of Azure's scoring server, which may not go with it."
            remedy = "Remove the line if only the server needs it."
            yield _finding(SERVER_PACKAGE_PINNED, problem, remedy, path, place_of(text, written))
        known = seen.setdefault(name, (written, requirement.specifier))
        if requirement.marker is None and _exclude(known[1], requirement.specifier):
            problem = f"{written!r} and {known[0]!r} can't both be installed."
            yield _finding(PINS_EXCLUDE, problem, "Keep one of them.", path, place_of(text, written))


def _exclude(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Whether one pins a version that the other does not allow."""
    return any(
        part.operator == "==" and not part.version.endswith(".*") and not second.contains(part.version)
        for first, second in ((one, other), (other, one))
        for part in first
    )


def _finding(rule: Rule, problem: str, remedy: str, path: Path, span: Span) -> Finding:
    return Finding(rule.code, rule.severity, problem, remedy, str(path), span)


def place_of(text: str, word: str) -> Span:
    """Where an entry stands: the last line that holds it whole."""
    found = Span()
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w.-])")
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        match = pattern.search(line.partition(" #")[0])
        if match:
            found = Span(number, match.start() + 1, number, match.end() + 1)
    return found
