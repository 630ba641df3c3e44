"""What a script, its environment and its models say against each other."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import canonicalize_name

from mooring.errors import did_you_mean
from mooring.findings import Finding, Severity, Span
from mooring.inspection.distributions import comes_along, distributions_for, is_known, is_standard
from mooring.inspection.environment_facts import EnvironmentFacts
from mooring.inspection.environment_portability import find_without_server
from mooring.inspection.fixes import replace_all
from mooring.inspection.model_paths import ModelPath, model_paths
from mooring.inspection.own_modules import find_modules_not_shipped, imported_modules, is_local
from mooring.inspection.project import ModelFacts, ScriptUse
from mooring.inspection.project_rules import (
    MODEL_FILE,
    MODEL_NOT_DEPLOYED,
    MODEL_UNKNOWN,
    PACKAGE_MISSING,
    TRAINING_VERSION,
)
from mooring.inspection.rules.azure import model_names
from mooring.inspection.samples import find_other_samples
from mooring.inspection.script import Script
from mooring.inspection.suppression import keep_unsuppressed
from mooring.registry.values import ModelVersion
from mooring.scoring.shims.names import OURS, PACKAGES

_STANDS_IN = {name.partition(".")[0] for name in (*OURS, *PACKAGES)} - {"azure"}


def inspect_across(script: Script, use: ScriptUse | None, models: ModelFacts) -> list[Finding]:
    """Findings in a script that need its environment or its models."""
    found = [
        *_missing_packages(script, use),
        *find_modules_not_shipped(script, use),
        *_wrong_models(script, models),
        *_wrong_files(script, models),
    ]
    found += find_other_samples(script, _used_models(script, models))
    found = keep_unsuppressed(found, script.source)
    return [*found, *find_other_versions(script, use, models), *_without_server(use)]


# ---- packages ----------------------------------------------------------------------------------------------------------


def _missing_packages(script: Script, use: ScriptUse | None) -> Iterator[Finding]:
    facts = use.environment if use is not None else None
    if use is None or facts is None or facts.has_more or not facts.packages:
        return
    named = frozenset(facts.packages)
    is_certain = facts.is_lock or all(is_known(name) for name in named)
    told: set[str] = set()
    for node in script.index.of(ast.Import, ast.ImportFrom):
        for module in imported_modules(node):
            if module in told or script.is_guarded(node) or script.is_for_main(node):
                continue
            if (
                is_standard(module)
                or module in _STANDS_IN
                or is_local(module, use)
                or _is_there(module, facts, named)
            ):
                continue
            told.add(module)
            yield _missing(script, node, module, facts, is_certain=is_certain)


def _missing(
    script: Script, node: ast.AST, module: str, facts: EnvironmentFacts, *, is_certain: bool
) -> Finding:
    wanted = distributions_for(module)
    name = wanted[0] if wanted else module
    severity: Severity = "error" if facts.is_lock else "warning" if is_certain else "information"
    where = Path(facts.source).name if facts.source else "the environment"
    called = f" (distribution {name})" if canonicalize_name(module) != name else ""
    lacks = (
        f"the packages resolved for {where} are without it" if facts.is_lock else f"{where} does not name it"
    )
    problem = f"{module}{called} is imported, but {lacks}."
    return script.finding(
        PACKAGE_MISSING,
        script.source.word_span(node, module),
        problem,
        f"Add {name} to {where}.",
        severity=severity,
    )


def _is_there(module: str, facts: EnvironmentFacts, named: frozenset[str]) -> bool:
    wanted = {canonicalize_name(name) for name in distributions_for(module)}
    wanted.add(canonicalize_name(module))
    if wanted & named:
        return True
    if module in {"azure", "google"}:  # namespaces of many distributions
        return any(name.startswith(f"{module}-") for name in named)
    if any(name.startswith(f"{canonicalize_name(module)}-") for name in named):
        return True  # `opencensus` is of `opencensus-ext-azure`, too
    return not facts.is_lock and any(comes_along(name, named) for name in wanted)


def _without_server(use: ScriptUse | None) -> Iterator[Finding]:
    """An environment, of a file or written in the configuration, that brings no scoring server to Azure."""
    facts = use.environment if use is not None else None
    if use is None or facts is None or facts.has_more or not (facts.packages or facts.python):
        return
    path = str(use.environment_file or use.config)
    yield from find_without_server(_text_of(path), Path(path))


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


# ---- models ------------------------------------------------------------------------------------------------------------


def _wrong_models(script: Script, models: ModelFacts) -> Iterator[Finding]:
    for call, name in model_names(script):
        if _is_tried(script, call) or script.is_for_main(call) or _lies_beside(script, name):
            continue
        place = call.args[0] if call.args else call
        deployed = None if models.deployed is None else [model.name for model in models.deployed]
        registered = None if models.registered is None else [model.name for model in models.registered]
        if deployed is not None and name not in deployed:
            near = did_you_mean(name, deployed)
            problem = f"The service has no model {name!r}{near or '.'}"
            remedy = f"Deploy it with -m {name}, or write one of: {', '.join(deployed) or 'none'}."
            yield script.finding(MODEL_NOT_DEPLOYED, place, problem, remedy)
        elif registered is not None and name not in registered:
            near = did_you_mean(name, registered)
            problem = f"No model {name!r} is registered{near or '.'}"
            yield script.finding(
                MODEL_UNKNOWN, place, problem, "Register it, or write the name of one that is."
            )


def _is_tried(script: Script, node: ast.AST) -> bool:
    return any(isinstance(around, ast.Try) for around in script.index.around(node))


def _lies_beside(script: Script, name: str) -> bool:
    return (Path(script.path).parent / name).exists()


def _wrong_files(script: Script, models: ModelFacts) -> Iterator[Finding]:
    """Paths below AZUREML_MODEL_DIR that the deployed models don't have."""
    for path in model_paths(script) if models.deployed else ():
        if path.steps and not _is_tried(script, path.node) and "*" not in "".join(path.steps):
            yield from _judge_path(script, path, list(models.deployed or ()))


def _judge_path(script: Script, path: ModelPath, deployed: list[ModelVersion]) -> Iterator[Finding]:
    written, place = path.steps, path.place
    shown = "/".join(written)
    if len(deployed) == 1:
        model = deployed[0]
        files = _files_of(model)
        if any(file == shown or file.startswith(f"{shown}/") for file in files):
            return
        near = model.entry if len(written) == 1 and not model.is_folder else _same_name(files, written[-1])
        problem = f"{shown!r} is not in {model.id}, which holds {_some(files)}."
        fix = None
        if near and path.is_one_text:
            fix = replace_all(f"Write {near!r}", [(script.source.span(place), json.dumps(near))])
        yield script.finding(MODEL_FILE, place, problem, f'Write "{near or files[0]}".', fix=fix)
    elif written[0] not in {model.name for model in deployed}:
        names = ", ".join(model.name for model in deployed)
        problem = f"{shown!r} does not begin with the name of a model, but the service has several: {names}."
        yield script.finding(MODEL_FILE, place, problem, "Begin the path with <name>/<version>.")


def _files_of(model: ModelVersion) -> list[str]:
    return [entry.path for entry in model.manifest] or [model.entry]


def _same_name(files: list[str], name: str) -> str:
    return next((file for file in files if file.rpartition("/")[2] == name), "")


def _some(files: list[str]) -> str:
    shown = ", ".join(files[:3])
    return shown if len(files) <= 3 else f"{shown} and {len(files) - 3} more"  # noqa: PLR2004


# ---- samples and versions ------------------------------------------------------------------------------------------------


def _used_models(script: Script, models: ModelFacts) -> list[ModelVersion]:
    if models.deployed is not None:
        return list(models.deployed)
    names = {name for _, name in model_names(script)}
    newest: dict[str, ModelVersion] = {}
    for model in models.registered or ():
        if model.name in names and (model.name not in newest or newest[model.name].version < model.version):
            newest[model.name] = model
    return list(newest.values())


def find_other_versions(
    script: Script, use: ScriptUse | None, models: ModelFacts, *, path: str = ""
) -> Iterator[Finding]:
    """Pins in the environment's file that differ from what a model was registered with.

    Args:
        script: Says which models it uses.
        use: Its environment.
        models: With the versions they were registered with.
        path: Of the environment's file, as findings are to name it; empty for where it was found.
    """
    facts = use.environment if use is not None else None
    if use is None or facts is None:
        return
    path = path or str(use.environment_file or use.config)
    for model in _used_models(script, models):
        for name, trained in model.packages.items():
            pinned = facts.pinned(name)
            span = _line_of(path, name) if pinned and not _is_same(pinned, trained) else None
            if span is not None:
                asked = "is what it resolves to" if facts.is_lock else "is pinned"
                problem = f"{name} {pinned} {asked}, but {model.id} was registered with {name} {trained}."
                yield Finding(
                    TRAINING_VERSION.code, "warning", problem, f"Pin {name}=={trained}.", path, span
                )


def _is_same(pinned: str, trained: str) -> bool:
    """Bug-fix releases load each other's pickles."""
    return pinned.split(".")[:2] == trained.split(".")[:2]


def _line_of(path: str, name: str) -> Span | None:
    """Where a file names a package; None when it does not, but another brings it."""
    lines = _text_of(path).splitlines()
    pattern = re.compile(
        rf"(?<![\w-]){re.escape(name).replace(chr(92) + '-', '[-_.]')}(?![\w-])(\s*[=<>~!]+[^\s'\",#]*)?",
        re.IGNORECASE,
    )
    for number, line in enumerate(lines, start=1):
        found = pattern.search(line)
        if found:
            return Span(number, found.start() + 1, number, found.end() + 1)
    return None
