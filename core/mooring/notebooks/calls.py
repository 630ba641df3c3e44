"""What a notebook's Azure ML v1 calls ask for, as far as their arguments are written out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mooring.errors import MooringError

_NOTHING = object()
_COMPUTE_TYPES = {
    "AciWebservice": "aci",
    "AksWebservice": "aks",
    "LocalWebservice": "local",
    "ProcessWebservice": "process",
    "AksEndpoint": "aksendpoint",
}
_PACKAGES = {"conda_packages": "conda", "pip_packages": "pip"}


@dataclass
class Calls:
    """What was found.

    Attributes:
        inference: Arguments of the last `InferenceConfig`.
        deployment: The last `deploy_configuration`, as a deployment config's file has it.
        conda: Text of the conda file that `CondaDependencies` calls describe; empty without them.
        models: Names that are registered or asked for.
        unclear: Arguments whose values are computed.
    """

    inference: dict[str, Any] = field(default_factory=dict[str, Any])
    deployment: dict[str, Any] | None = None
    conda: str = ""
    models: list[str] = field(default_factory=list[str])
    unclear: list[str] = field(default_factory=list[str])


def read_calls(sources: Iterable[str]) -> Calls:
    """Read cells in order; later calls win."""
    found = Calls()
    known: dict[str, Any] = {}
    packages: dict[str, list[str]] = {"conda": [], "pip": []}
    for tree in _trees(sources):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Assign)
                and len(node.targets) == 1
                and isinstance(node.targets[0], ast.Name)
            ):
                value = _value(node.value, known)
                if value is not _NOTHING:
                    known[node.targets[0].id] = value
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                _take(node, found, known, packages)
    if any(packages.values()):
        found.conda = _conda_text(packages)
    return found


def _trees(sources: Iterable[str]) -> Iterator[ast.Module]:
    """Each cell by itself, without lines of magics and shells."""
    for source in sources:
        lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
        try:
            yield ast.parse("\n".join(lines))
        except (SyntaxError, ValueError):
            continue


def _take(call: ast.Call, found: Calls, known: dict[str, Any], packages: dict[str, list[str]]) -> None:
    name, owner = _callee(call)
    if name == "InferenceConfig":
        found.inference = _arguments(call, known, found, "InferenceConfig")
    elif name == "deploy_configuration" and owner in _COMPUTE_TYPES:
        found.deployment = _deployment(_COMPUTE_TYPES[owner], _arguments(call, known, found, name), found)
    elif owner == "CondaDependencies" and name == "create":
        given = _arguments(call, known, found, "CondaDependencies.create")
        for key, kind in _PACKAGES.items():
            packages[kind] += [str(each) for each in given.get(key) or []]
    elif name in ("add_pip_package", "add_conda_package") and call.args:
        value = _value(call.args[0], known)
        if isinstance(value, str):
            packages["pip" if "pip" in name else "conda"].append(value)
    elif name in ("register", "register_model", "get_model_path"):
        given = _arguments(call, known, None, name)
        model = given.get("model_name") or (given.get(0) if name == "get_model_path" else None)
        if isinstance(model, str):
            found.models.append(model)


def _callee(call: ast.Call) -> tuple[str, str]:
    """Name of what is called, and of what it belongs to."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id, ""
    if isinstance(function, ast.Attribute):
        owner = function.value
        return function.attr, owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return "", ""


def _arguments(call: ast.Call, known: dict[str, Any], found: Calls | None, what: str) -> dict[Any, Any]:
    given: dict[Any, Any] = {}
    for at, node in enumerate(call.args):
        value = _value(node, known)
        if value is not _NOTHING:
            given[at] = value
    for keyword in call.keywords:
        value = _value(keyword.value, known)
        if value is not _NOTHING and keyword.arg is not None:
            given[keyword.arg] = value
        elif found is not None and keyword.arg not in (None, "environment"):
            found.unclear.append(f"{what}({keyword.arg}={ast.unparse(keyword.value)})")
    return given


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id, _NOTHING)
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return _NOTHING


def _deployment(compute_type: str, given: dict[Any, Any], found: Calls) -> dict[str, Any] | None:
    from mooring.configs import DEPLOYMENT_CONFIGS
    from mooring.configs.fields import settings_of

    kind = DEPLOYMENT_CONFIGS[compute_type]
    settings = settings_of(kind)
    values = {
        name: value
        for name, value in given.items()
        if name in settings and settings[name].in_file and not settings[name].is_secret
    }
    # v1 takes these from arguments only: a file can't hold them.
    found.unclear += [
        f"deploy_configuration({name}=…), which goes on the command line"
        for name in given
        if name not in values
    ]
    try:
        return {"computeType": compute_type, **_without_nothing(kind.of(values).to_dict())}
    except MooringError as error:
        found.unclear.append(f"deploy_configuration ({error.problem})")
        return None


def _without_nothing(document: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: _without_nothing(value) if isinstance(value, dict) else value for key, value in document.items()
    }
    return {key: value for key, value in kept.items() if value not in (None, {}, [])}


def _conda_text(packages: dict[str, list[str]]) -> str:
    from mooring.environments import CondaDependencies

    conda = CondaDependencies.create(
        conda_packages=list(dict.fromkeys(packages["conda"])),
        pip_packages=list(dict.fromkeys(packages["pip"])),
    )
    return conda.serialize_to_string()
