"""Conda and pip files: what of them can't be had, and what they say about the packages around a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError, did_you_mean
from mooring.findings import Finding, Span
from mooring.inspection.environment_checks import (
    CONDA_BUILD_PINNED,
    NOT_A_DISTRIBUTION,
    PINS_EXCLUDE,
    SERVER_PACKAGE_PINNED,
    check_entries,
    check_lines,
)
from mooring.inspection.environment_facts import EnvironmentFacts
from mooring.inspection.environment_portability import (
    PORTABILITY_RULES,
    check_portability,
    find_without_server,
    is_for_service,
)
from mooring.inspection.rule import Rule
from mooring.inspection.wheels import END_OF_LIFE, first_version_with_wheel

if TYPE_CHECKING:
    from mooring.environments import Environment

PIN_WITHOUT_WHEEL = Rule(
    code="pin-without-wheel",
    severity="warning",
    title="A pinned version has no wheel for the environment's Python",
    why="Packages with compiled parts are published ready-made for some versions of Python. A version that is older than "
    "the Python asked for has to be built from source, which mostly fails. Pin a newer version, or ask for the Python "
    "the model was trained with.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.11\n  - pip:\n      - scikit-learn==0.22.1\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.8\n  - pip:\n      - scikit-learn==0.22.1\n",
    subject="environment",
)
PYTHON_END_OF_LIFE = Rule(
    code="python-end-of-life",
    severity="information",
    title="The environment asks for a Python that gets no more fixes",
    why="A Python past its end gets no security fixes, and new versions of packages no longer support it. One that "
    "the scoring server can't run on (older than 3.8) is replaced with the nearest that it can, which the finding "
    "`python-substituted` says.",
    bad="# conda.yml\nname: env\ndependencies:\n  - python=3.8\n  - pip:\n      - joblib\n",
    good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib\n",
    subject="environment",
)
ENVIRONMENT_RULES = (
    PIN_WITHOUT_WHEEL,
    PYTHON_END_OF_LIFE,
    NOT_A_DISTRIBUTION,
    PINS_EXCLUDE,
    SERVER_PACKAGE_PINNED,
    CONDA_BUILD_PINNED,
    *PORTABILITY_RULES,
)


def is_conda_file(value: Any) -> bool:
    """Whether a document is a conda specification: a list of dependencies, and nothing of other tools."""
    if not isinstance(value, dict) or not isinstance(value.get("dependencies"), list):
        return False
    if not set(value) <= {"name", "channels", "dependencies", "prefix", "variables", "platforms", "category"}:
        return False
    entries = value["dependencies"]
    return all(
        isinstance(entry, str) or (isinstance(entry, dict) and set(entry) & {"pip", "conda"})
        for entry in entries
    )


def inspect_conda_file(
    path: Path, text: str, value: dict[str, Any], *, serves: bool | None = None
) -> list[Finding]:
    """Findings in a conda file.

    Args:
        path: Where it is; files that it names are looked for beside it.
        text: What it holds.
        value: The same, read.
        serves: Whether a service is made from it; None to tell by its names.
    """
    from mooring.environments import CondaDependencies, Environment

    def read() -> Environment:
        environment = Environment("environment")
        conda = CondaDependencies(_underlying_structure=value)
        conda.source_path = path
        environment.python.conda_dependencies = conda
        return environment

    serves = is_for_service(path, value) if serves is None else serves
    found = [*_inspect(path, text, read), *check_entries(value, text, path)]
    found += check_portability(value, text, path, serves=serves)
    return [*found, *(find_without_server(text, path) if serves else ())]


def inspect_requirements(path: Path, text: str) -> list[Finding]:
    """Findings in a pip file that is saved."""
    from mooring.environments import Environment

    if not path.is_file():
        return []
    found = _inspect(path, text, lambda: Environment.from_pip_requirements("environment", path))
    return [*found, *check_lines(text.removeprefix("\ufeff").splitlines(), text, path)]


def inspect_named_conda_file(path: Path, text: str, *, serves: bool | None = True) -> list[Finding]:
    """Findings in a file that a configuration names as its conda file, whatever it holds.

    Args:
        path: Where it is.
        text: What it holds.
        serves: Whether a service is made from it; None to tell by its names.
    """
    from mooring.configs import ConfigUnreadable, read_document

    try:
        document = read_document(text, path=path)
    except ConfigUnreadable as error:
        return [error.to_finding()]
    value = document.value
    if is_conda_file(value):
        return inspect_conda_file(path, text, value, serves=serves)
    if not isinstance(value, dict):
        problem, place = "A conda file is an object with a list of dependencies.", Span()
    elif "dependencies" not in value:
        near = next((key for key in value if did_you_mean(str(key), ["dependencies"])), None)
        problem = "There are no dependencies" + (f", but {near!r}." if near is not None else ".")
        place = document.key_span_of((near,)) if near is not None else Span()
    elif not isinstance(value["dependencies"], list):
        problem = f"dependencies is a list, not {_kind_of(value['dependencies'])}."
        place = document.span_of(("dependencies",))
    else:
        return []
    remedy = "Write `dependencies:` and below it lines such as `- python=3.12`."
    return [Finding("environment-invalid", "error", problem, remedy, str(path), place)]


def _kind_of(value: Any) -> str:
    return "an object" if isinstance(value, dict) else repr(value)


def facts_of_environment(environment: Environment, source: str = "") -> EnvironmentFacts | None:
    """What an environment's definition says about packages; None when it says nothing that can be read."""
    from mooring.environments.reading import read_environment

    if environment.python.conda_dependencies is None:
        return None
    try:
        specification = read_environment(environment)
    except MooringError:
        return None
    docker = environment.docker
    has_more = bool(
        environment.python.user_managed_dependencies
        or docker.base_dockerfile
        or _is_custom(docker.base_image)
    )
    locked = _locked_packages(environment)
    facts = EnvironmentFacts.of(
        locked or (wanted.text for wanted in specification.wanted),
        python=specification.python,
        is_lock=bool(locked),
        source=source,
    )
    return replace(facts, has_more=has_more)


def _locked_packages(environment: Environment) -> tuple[str, ...]:
    """The exact packages, where the environment was resolved before; empty where it was not."""
    from mooring.environments import find_resolved
    from mooring.settings import InvalidSettings, load_settings

    try:
        found = find_resolved(environment, load_settings())
    except (InvalidSettings, MooringError):
        return ()
    return found.requirements if found is not None else ()


def _is_custom(image: str | None) -> bool:
    """Whether an image may bring packages: Azure's own base images bring none."""
    return bool(image) and "azureml/" not in (image or "") and "mcr.microsoft.com" not in (image or "")


def _inspect(path: Path, text: str, read: Callable[[], Environment]) -> list[Finding]:
    from mooring.environments.reading import check_environment, read_environment

    try:
        environment = read()
        specification = read_environment(environment)
    except MooringError as error:
        return [
            Finding(error.code, "error", error.problem, error.remedy, str(path), _place(text, error.problem))
        ]
    found = [
        replace(finding, path=str(path), span=_place(text, finding.problem))
        for finding in check_environment(environment, use_conda=_takes_from_conda())
    ]
    facts = EnvironmentFacts.of((w.text for w in specification.wanted), python=specification.python)
    return [
        *found,
        *_python_findings(path, text, specification.python),
        *_pins_without_wheel(path, text, facts, specification.python),
    ]


def _takes_from_conda() -> bool:
    """Whether services take packages from conda; settings that can't be read are no fault of the file."""
    from mooring.settings import InvalidSettings, load_settings

    try:
        return load_settings().use_conda
    except InvalidSettings:
        return False


def _python_findings(path: Path, text: str, specifier: str) -> Iterator[Finding]:
    from mooring.environments.python_choice import choose_python

    if not specifier:
        return
    choice = choose_python(specifier, None)
    span = _span_of(text, r"python\s*[=<>~!]+[^\s'\",#]*")
    yield from (replace(finding, path=str(path), span=span) for finding in choice.findings)
    asked = re.search(r"\d+\.\d+", specifier)
    end = END_OF_LIFE.get(asked[0]) if asked and not choice.is_substituted else None
    if end is not None:
        problem = f"Python {asked[0] if asked else ''} gets no more fixes since {end}."
        remedy = f"Ask for a newer Python once the model works with it; {choice.minor} is used until then."
        yield Finding(PYTHON_END_OF_LIFE.code, "information", problem, remedy, str(path), span)


def _pins_without_wheel(path: Path, text: str, facts: EnvironmentFacts, specifier: str) -> Iterator[Finding]:
    from mooring.environments.python_choice import choose_python

    if not specifier:
        return
    python = choose_python(specifier, None).minor
    for name in facts.packages:
        version = facts.pinned(name)
        first = first_version_with_wheel(name, version, python) if version else ""
        if first:
            problem = f"{name} {version} has no wheel for Python {python}; {first} is the first that has."
            remedy = f"Pin {name}=={first} or newer, or ask for an older Python."
            span = _span_of(text, rf"{_loosely(name)}\s*[=<>~!]+[^\s'\",#]*")
            yield Finding(PIN_WITHOUT_WHEEL.code, "warning", problem, remedy, str(path), span)


def _loosely(name: str) -> str:
    return re.escape(name).replace(r"\-", "[-_.]")


def _span_of(text: str, pattern: str) -> Span:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        found = re.search(rf"(?<![\w-]){pattern}", line.partition("#")[0], re.IGNORECASE)
        if found:
            return Span(number, found.start() + 1, number, found.end() + 1)
    return Span()


def _place(text: str, problem: str) -> Span:
    """The place of the first quoted word of a sentence."""
    quoted = problem.split("'")
    return _span_of(text, re.escape(quoted[1])) if len(quoted) > 2 and quoted[1] else Span()  # noqa: PLR2004
