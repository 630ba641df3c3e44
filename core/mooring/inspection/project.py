"""Several files together: which config uses which script, in which environment, with which models."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.inspection.environment_facts import EnvironmentFacts
from mooring.inspection.files import (
    find_entry_script,
    find_files,
    inspect_config_document,
    inspect_content,
    inspect_path,
)
from mooring.inspection.options import DEFAULT, Options
from mooring.inspection.source import SourceText, Undecodable, decode
from mooring.inspection.suppression import keep_unsuppressed

if TYPE_CHECKING:
    from mooring.configs import Document, InferenceConfig
    from mooring.registry.values import ModelVersion


@dataclass(frozen=True)
class ModelFacts:
    """The models around a script.

    Attributes:
        registered: All that the workspace knows; None when nobody asked.
        deployed: Those that the service will have; None when that is open.
    """

    registered: Sequence[ModelVersion] | None = None
    deployed: Sequence[ModelVersion] | None = None


NO_MODELS = ModelFacts()


@dataclass(frozen=True)
class ScriptUse:
    """How an inference configuration uses a script.

    Attributes:
        script: Absolute path of the script.
        config: Path of the configuration, as it was given.
        source_directory: The folder that is shipped; None when only the script is.
        environment: What its environment's files say; None when they say nothing.
        environment_file: The conda file; None when the environment is written elsewhere.
    """

    script: Path
    config: str
    source_directory: Path | None = None
    environment: EnvironmentFacts | None = None
    environment_file: Path | None = None


@dataclass
class Project:
    """Files that belong together.

    Args:
        paths: Files and folders to look at.
        options: Which rules to look for.
        texts: Content of files as it is in an editor, by absolute path; the disk's counts for all others.
        models: What is known about models.
    """

    paths: Sequence[str | Path]
    options: Options = DEFAULT
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    models: ModelFacts = NO_MODELS

    def inspect(self) -> list[Finding]:
        """Findings of all files, by path and place."""
        return self.inspect_files(list(find_files(self.paths, self.options)))

    def inspect_files(self, files: Sequence[Path]) -> list[Finding]:
        """The same for files that have been found already."""
        configs = {file: document for file in files if (document := self._read_config(file)) is not None}
        uses = self.script_uses(configs)
        found: list[Finding] = []
        for file in files:
            places = {_absolute(file), str(_absolute_path(file).resolve())}
            served = [use for use in uses.values() if str(use.environment_file) in places]
            if served:
                found += self._inspect_conda_file(file, served)
                continue
            found += self._inspect_file(file, configs.get(file), uses.get(_absolute(file)))
        return sorted(_once(found), key=lambda each: (each.path, each.span.line, each.span.column, each.code))

    def script_uses(self, configs: Mapping[Path, Document]) -> dict[str, ScriptUse]:
        """For each script that a configuration names, its use; of several the first that knows its environment."""
        uses: dict[str, ScriptUse] = {}
        for file, document in configs.items():
            use = find_use(file, document)
            if use is None:
                continue
            known = uses.get(str(use.script))
            if known is None or (known.environment is None and use.environment is not None):
                uses[str(use.script)] = use
        return uses

    def _read_config(self, file: Path) -> Document | None:
        if file.suffix.lower() not in {".json", ".yml", ".yaml"}:
            return None
        from mooring.configs import ConfigUnreadable, is_inference_config, may_be_config, read_document

        text = self._text(file)
        if text is None or not may_be_config(text):
            return None
        try:
            document = read_document(text, path=str(file))
        except ConfigUnreadable:
            return None
        return document if is_inference_config(document) else None

    def _inspect_file(self, file: Path, document: Document | None, use: ScriptUse | None) -> list[Finding]:
        if document is not None:
            found = inspect_config_document(document, working_folder(file, document))
            return self._wanted(found, SourceText(document.text, str(file)))
        text = self.texts.get(_absolute(file))
        if file.suffix == ".py" and (use is not None or self.models != NO_MODELS):
            return self._inspect_script(file, text, use)
        if text is None:
            return inspect_path(file, options=self.options)
        return inspect_content(text, str(file), options=self.options)

    def _inspect_conda_file(self, file: Path, uses: Sequence[ScriptUse]) -> list[Finding]:
        """A file that is a conda file because configurations say so, beside the models their scripts use."""
        from mooring.inspection.cross_checks import find_other_versions
        from mooring.inspection.environment_files import inspect_named_conda_file

        text = self._text(file)
        found = inspect_named_conda_file(file, text) if text is not None else []
        for use in uses if self.models != NO_MODELS else ():
            script_text = self._text(use.script)
            script = find_entry_script(script_text, str(use.script), None, True) if script_text else None
            if script is not None:
                found += find_other_versions(script, use, self.models, path=str(file))
        return self._wanted(found, SourceText(text or "", str(file)))

    def _wanted(self, findings: Sequence[Finding], source: SourceText) -> list[Finding]:
        """Findings that neither the options nor a comment leaves out."""
        kept = [each for each in findings if self.options.selects(each.code, each.path)]
        return keep_unsuppressed(kept, source)

    def _inspect_script(self, file: Path, text: str | None, use: ScriptUse | None) -> list[Finding]:
        """A script together with its config, its environment and its models."""
        from mooring.inspection.cross_checks import inspect_across
        from mooring.inspection.entry_script import inspect_script

        content = text if text is not None else _bytes(file)
        try:
            plain = content if isinstance(content, str) else decode(content)
        except Undecodable:
            return inspect_content(content, str(file), options=self.options)
        environment = use.environment if use is not None else None
        is_script = True if use is not None else None
        script = find_entry_script(plain.removeprefix("\ufeff"), str(file), environment, is_script)
        if script is None:
            return inspect_content(plain, str(file), options=self.options)
        across = inspect_across(script, use, self.models)
        found = inspect_script(script, self.options)
        return found + [each for each in across if self.options.selects(each.code, each.path)]

    def _text(self, file: Path) -> str | None:
        known = self.texts.get(_absolute(file))
        if known is not None:
            return known
        try:
            return file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return None


def inspect_project(
    paths: Sequence[str | Path], *, options: Options = DEFAULT, models: ModelFacts = NO_MODELS
) -> list[Finding]:
    """Findings in files and folders, each file by itself and across.

    Args:
        paths: Files and folders.
        options: Which rules to look for.
        models: What is known about models; nothing is asked of a registry here.
    """
    return Project(paths, options, models=models).inspect()


def inspect_files(
    files: Sequence[Path], *, options: Options = DEFAULT, models: ModelFacts = NO_MODELS
) -> list[Finding]:
    """The same for files that have been found already."""
    return Project(files, options, models=models).inspect_files(files)


def find_use(file: Path, document: Document) -> ScriptUse | None:
    """How an inference configuration uses its script; None when there is no such script."""
    from mooring.configs import inspect_inference_config

    folder = working_folder(file, document)
    config, _ = inspect_inference_config(document, folder)
    if config is None:
        return None
    resolved = config.resolve(folder)
    if resolved.script_path is None:
        return None
    environment_file = resolved.conda_path or _named_conda_file(config, file)
    return ScriptUse(
        script=Path(_absolute(resolved.script_path)),
        config=str(file),
        source_directory=resolved.source_directory,
        environment=_facts(config, resolved.conda_path, environment_file),
        environment_file=environment_file,
    )


def working_folder(file: Path, document: Document) -> Path:
    """The folder that a configuration's relative paths start from: the nearest around it from which they lead somewhere.

    Configurations are written for the folder a command is run in, which is mostly the repository's, and need not be
    the one this runs in.
    """
    from mooring.configs import InferenceConfig
    from mooring.configs.fields import settings_of

    values = document.value if isinstance(document.value, dict) else {}
    settings = settings_of(InferenceConfig)
    written = {name: values.get(setting.key) for name, setting in settings.items()}
    paths = {name: value for name, value in written.items() if isinstance(value, str) and name in _PATHS}
    here = Path.cwd()
    for folder in (here, *_absolute_path(file).parents):
        config = InferenceConfig.of(paths)
        resolved = config.resolve(folder)
        if resolved.script_path is not None and (
            not paths.get("conda_file") or resolved.conda_path is not None
        ):
            return folder
        if (folder / ".git").exists() and folder != here:
            break
    return here


_PATHS = {"entry_script", "source_directory", "conda_file"}


def _facts(config: InferenceConfig, conda_path: Path | None, source: Path | None) -> EnvironmentFacts | None:
    from mooring.environments import Environment
    from mooring.inspection.environment_files import facts_of_environment

    try:
        environment = config.environment
        if environment is None and conda_path is not None:
            environment = Environment.from_conda_specification("environment", conda_path)
    except MooringError:
        return None
    if environment is None:
        return None
    facts = facts_of_environment(environment, str(source or ""))
    if facts is None or not config.base_image:
        return facts
    from dataclasses import replace

    return replace(facts, has_more=True)


def _named_conda_file(config: InferenceConfig, file: Path) -> Path | None:
    definition = config.environment_definition or {}
    python = definition.get("python")
    written = python.get("condaDependenciesFile") if isinstance(python, dict) else None
    path = file.parent / written if isinstance(written, str) else None
    return path if path is not None and path.is_file() else None


def _absolute_path(file: Path) -> Path:
    return Path(_absolute(file))


def _absolute(file: Path) -> str:
    return os.path.abspath(file)  # noqa: PTH100  links stay: they are what the user named


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Each mistake once, though two looks may see it; under the path that the file was given by."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        place = _absolute(Path(finding.path)) if finding.path else ""
        key = (place, finding.span, finding.code, finding.problem)
        if key not in seen or len(finding.path) < len(seen[key].path):
            seen[key] = finding
    return list(seen.values())
