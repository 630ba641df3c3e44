"""One file: what it is, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.findings import Finding
from mooring.inspection.entry_script import inspect_script
from mooring.inspection.environment_facts import EnvironmentFacts
from mooring.inspection.options import DEFAULT, Options
from mooring.inspection.recognition import is_entry_script, is_named_as_script, kind_of_file
from mooring.inspection.source import SourceText, Undecodable, decode
from mooring.inspection.suppression import keep_unsuppressed

if TYPE_CHECKING:
    from mooring.inspection.script import Script

_SKIPPED = {
    "__pycache__", "node_modules", "site-packages", "venv", "env", "dist", "build", "azureml-models",
}  # fmt: skip
_NAMES_TARGET = re.compile(
    r"^\W*computeType\W*:\s*['\"]?(?:local|aci|aks|aksendpoint)\b", re.IGNORECASE | re.MULTILINE
)
_LARGEST = 4_000_000  # bytes; larger files are data
_LARGEST_CONDA = 200_000
_LARGEST_WORKSPACE = 10_000  # characters


def inspect_path(
    path: str | Path, *, environment: EnvironmentFacts | None = None, options: Options = DEFAULT
) -> list[Finding]:
    """Findings in a file, by what it is; none in files that are not ours. Never raises for what is in the file.

    Args:
        path: A script, config, conda or pip file, or notebook.
        environment: What is known about a script's packages.
        options: Which rules to look for.
    """
    file = Path(path)
    kind = kind_of_file(str(file))
    if kind is None:
        return []
    try:
        if file.stat().st_size > _LARGEST and kind != "notebook":
            return []
        content = file.read_bytes()
    except OSError as error:
        from mooring.inspection.rules.syntax import unreadable

        return [unreadable(str(file), error.strerror or str(error))] if kind == "script" else []
    return inspect_content(content, str(file), environment=environment, options=options)


def inspect_content(
    content: str | bytes,
    path: str,
    *,
    environment: EnvironmentFacts | None = None,
    options: Options = DEFAULT,
    is_script: bool | None = None,
) -> list[Finding]:
    """The same for content that may not be saved yet.

    Args:
        content: Text, or bytes as they are on disk.
        path: Where it is, or would be.
        environment: What is known about a script's packages.
        options: Which rules to look for.
        is_script: Whether a Python file is an entry script; None to tell by its content.
    """
    look = _LOOKS.get(kind_of_file(path) or "")
    if look is None:
        return []
    if look is _inspect_python:
        return _inspect_python(content, path, environment, options, is_script)
    text = _text(content)
    if text is None:
        return []
    found = look(text, path, environment, options)
    kept = [finding for finding in found if options.selects(finding.code, path)]
    return kept if look is _inspect_notebook else keep_unsuppressed(kept, SourceText(text, path))


def find_files(paths: Iterable[str | Path], options: Options = DEFAULT) -> Iterator[Path]:
    """The files below paths that may be ours; a path that is a file itself is always one of them."""
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            yield path
            continue
        for file in _walk(path):
            if kind_of_file(file.name) is not None and not (options.exclude and options.excludes(str(file))):
                yield file


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            is_hidden = entry.name.startswith(".") and entry.name not in {".azureml", ".cloud"}
            if not is_hidden and entry.name not in _SKIPPED and not entry.is_symlink():
                yield from _walk(entry)
        elif entry.is_file():  # no pipes, which would be waited for, and no links that lead nowhere
            yield entry


def _text(content: str | bytes) -> str | None:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _inspect_python(
    content: str | bytes,
    path: str,
    environment: EnvironmentFacts | None,
    options: Options,
    is_script: bool | None = None,
) -> list[Finding]:
    from mooring.inspection.rules.syntax import SYNTAX, other_kind, undecodable
    from mooring.inspection.script import Script

    try:
        text = content.removeprefix("\ufeff") if isinstance(content, str) else decode(content)
    except Undecodable as error:
        is_ours = is_script or is_entry_script(_roughly(content), path)
        return [undecodable(path, str(error), error.line)] if is_ours else []
    script = find_entry_script(text, path, environment, is_script)
    if script is not None:
        return inspect_script(script, options)
    if is_script is None and is_named_as_script(path) and other_kind(text):
        found = inspect_script(Script(SourceText(text, path), environment), options)
        return [finding for finding in found if finding.code == SYNTAX.code]
    return []


def find_entry_script(
    text: str, path: str, environment: EnvironmentFacts | None = None, is_script: bool | None = None
) -> Script | None:
    """A text as an entry script; None when it is none.

    Args:
        text: Without a byte-order mark.
        path: Where it is.
        environment: What is known about its packages.
        is_script: Whether it is one, when that is known otherwise; None to tell by its content.
    """
    from mooring.inspection.script import Script

    if is_script is False or (is_script is None and not is_entry_script(text, path)):
        return None
    script = Script(SourceText(text, path), environment)
    if is_script is None and script.is_whole and not script.index.star_imports:
        defined = {"init", "run"} & script.module_names.keys()
        return script if is_entry_script(text, path, defined) else None
    return script


def _roughly(content: str | bytes) -> str:
    """A text to look for words in."""
    if isinstance(content, str):
        return content
    is_utf16 = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return content.decode("utf-16" if is_utf16 else "latin-1", errors="replace")


def _inspect_config(
    text: str, path: str, environment: EnvironmentFacts | None, options: Options
) -> list[Finding]:
    del environment, options
    from mooring.configs import ConfigUnreadable, may_be_config, read_document
    from mooring.inspection.environment_files import inspect_conda_file, is_conda_file
    from mooring.inspection.workspace_files import inspect_workspace_config, is_workspace_config

    is_maybe_conda = (
        len(text) < _LARGEST_CONDA and "dependencies" in text and not path.lower().endswith(".json")
    )
    is_maybe_ours = may_be_config(text)
    is_maybe_workspace = len(text) < _LARGEST_WORKSPACE and (
        "workspace_name" in text or "subscription" in text
    )
    if not (is_maybe_conda or is_maybe_ours or is_maybe_workspace):
        return []
    try:
        document = read_document(text, path=path)
    except ConfigUnreadable as error:
        return [error.to_finding()] if is_maybe_ours and _is_surely_config(text) else []
    if is_maybe_conda and is_conda_file(document.value):
        return inspect_conda_file(Path(path), text, document.value)
    if is_workspace_config(document):
        return list(inspect_workspace_config(document))
    return inspect_config_document(document)


def inspect_config_document(document: object, current: Path | None = None) -> list[Finding]:
    """Findings in an inference or deployment configuration that has been read; none in any other document."""
    from mooring.configs import (
        Document,
        inspect_deployment_config,
        inspect_inference_config,
        is_deployment_config,
        is_inference_config,
    )

    if not isinstance(document, Document):
        return []
    if is_inference_config(document):
        found = inspect_inference_config(document, current)[1]
    elif is_deployment_config(document):
        found = inspect_deployment_config(document)[1]
    else:
        return []
    return [finding for finding in found if finding.path in {"", document.path}]


def _is_surely_config(text: str) -> bool:
    """Whether a text that is neither JSON nor YAML can only be a config that is being written."""
    names_target = _NAMES_TARGET.search(text) is not None
    return (
        "entryScript" in text
        or names_target
        or ("computeType" in text and "containerResourceRequirements" in text)
    )


def _inspect_requirements(
    text: str, path: str, environment: EnvironmentFacts | None, options: Options
) -> list[Finding]:
    del environment, options
    from mooring.inspection.environment_files import inspect_requirements

    return inspect_requirements(Path(path), text)


def _inspect_notebook(
    text: str, path: str, environment: EnvironmentFacts | None, options: Options
) -> list[Finding]:
    from mooring.inspection.environment_files import inspect_named_conda_file
    from mooring.inspection.notebooks import cells_of, moved

    found: list[Finding] = []
    for cell in cells_of(text):
        is_script = True if cell.is_entry_script else None
        target = _beside(path, cell.target)
        if cell.is_conda_file:
            inside = inspect_named_conda_file(Path(target), cell.text, serves=None)
        else:
            inside = inspect_content(
                cell.text, target, environment=environment, options=options, is_script=is_script
            )
        found += [moved(finding, cell, path) for finding in inside if finding.code != "file-missing"]
    return found


def _beside(notebook: str, target: str) -> str:
    """Where a cell writes, as far as its words tell."""
    return str(Path(notebook).parent / target.replace("$", "").replace("{", "").replace("}", ""))


_LOOKS: dict[str, Callable[..., list[Finding]]] = {
    "script": _inspect_python,
    "config": _inspect_config,
    "requirements": _inspect_requirements,
    "notebook": _inspect_notebook,
}
