"""From a snapshot to findings: asks the core, with what the other files of the project say. Runs in one worker thread."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mooring.configs import ConfigUnreadable, Document, is_inference_config, may_be_config, read_document
from mooring.findings import Finding
from mooring.inspection import (
    NO_MODELS,
    InvalidOptions,
    ModelFacts,
    Options,
    Project,
    ScriptUse,
    find_files,
    inspect_content,
    load_options,
)
from mooring.inspection.notebooks import Cell, cell_of, moved
from mooring.inspection.project import find_use
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.loading import load_rules
from mooring_lsp.workspaces import Workspaces

log = logging.getLogger(__name__)
_CONFIG_ENDINGS = (".json", ".yml", ".yaml")
_MOST_FILES = 20_000  # a folder with more is no project; its configs count as soon as they are opened
_LARGEST_CONFIG = 200_000  # bytes


@dataclass
class OpenProject(Project):
    """A project whose configurations have been read before.

    Attributes:
        uses: For each script, by absolute path, the configuration that names it.
    """

    uses: Mapping[str, ScriptUse] = field(default_factory=dict[str, ScriptUse])

    def script_uses(self, configs: Mapping[Path, Document]) -> dict[str, ScriptUse]:
        """What is known, besides what the files at hand say."""
        return {**self.uses, **super().script_uses(configs)}


class Inspector:
    """What is known about the project around the open documents. Not for several threads at once."""

    def __init__(self, workspaces: Workspaces) -> None:
        self.models: dict[str, ModelFacts] = {}  # by name of the workspace
        self._workspaces = workspaces
        self._workspace_names: dict[Path, str] = {}
        self._uses: dict[str, ScriptUse] = {}  # by path of the configuration
        self._options: dict[Path, Options] = {}

    def inspect(self, snapshot: Snapshot) -> list[Finding]:
        """Findings of one document. Never raises: what goes wrong is logged, and shown as nothing found."""
        try:
            load_rules()
            return self._inspect_cell(snapshot) if snapshot.kind == "cell" else self._inspect_file(snapshot)
        except Exception:
            log.exception("%s could not be inspected", snapshot.uri)
            return []

    def learn(self, snapshot: Snapshot) -> frozenset[str]:
        """Read which script a configuration names now. Returns the scripts for which that makes a difference."""
        if not snapshot.path.lower().endswith(_CONFIG_ENDINGS):
            return frozenset()
        before = self._uses.get(snapshot.path)
        self._read_use(snapshot.path, snapshot.text)
        after = self._uses.get(snapshot.path)
        return frozenset(str(use.script) for use in (before, after) if use is not None and before != after)

    def learn_folders(self, folders: Iterable[Path]) -> None:
        """Read the configurations on disk; forgets what options and earlier files said."""
        load_rules()
        self._options.clear()
        self._workspace_names.clear()
        self._uses.clear()
        for file in itertools.islice(find_files(folders), _MOST_FILES):
            if file.suffix.lower() in _CONFIG_ENDINGS:
                self._read_use_on_disk(file)

    def use_of(self, path: str) -> ScriptUse | None:
        """The configuration that names a script, of several one that knows its environment."""
        return self._by_script().get(absolute(path))

    def _read_use_on_disk(self, file: Path) -> None:
        try:
            if file.stat().st_size <= _LARGEST_CONFIG:
                self._read_use(absolute(file), file.read_text(encoding="utf-8-sig", errors="replace"))
        except OSError as error:
            log.info("%s can't be read: %s", file, error)

    def _read_use(self, path: str, text: str) -> None:
        use = None
        try:
            document = read_document(text, path=path) if may_be_config(text) else None
            if document is not None and is_inference_config(document):
                use = find_use(Path(path), document)
        except ConfigUnreadable:
            return  # somebody is typing: what it said last still holds
        except Exception:
            log.exception("%s could not be read", path)
        if use is None:
            self._uses.pop(path, None)
        else:
            self._uses[path] = use

    def _by_script(self) -> dict[str, ScriptUse]:
        found: dict[str, ScriptUse] = {}
        for use in self._uses.values():
            known = found.get(str(use.script))
            if known is None or (known.environment is None and use.environment is not None):
                found[str(use.script)] = use
        return found

    def _inspect_file(self, snapshot: Snapshot) -> list[Finding]:
        options, path = self._options_of(snapshot), snapshot.path
        if options.excludes(path) or path.endswith(".ipynb"):  # a notebook's text is no cell
            return []
        text = snapshot.text.removeprefix("\ufeff")
        project = OpenProject(
            [path], options, {absolute(path): text}, self._models_of(snapshot), self._by_script()
        )
        found = project.inspect_files([Path(path)])
        return [finding for finding in found if finding.path in {"", path}]

    def _inspect_cell(self, snapshot: Snapshot) -> list[Finding]:
        cell = cell_of(snapshot.text) or _written_by(snapshot)
        if cell is None:
            return []
        options = self._options_of(snapshot)
        target = str(folder_of(snapshot) / cell.target)
        found = inspect_content(
            cell.text, target, options=options, is_script=True if cell.is_entry_script else None
        )
        # What a cell names may be written by a later one.
        return [moved(finding, cell, snapshot.path) for finding in found if finding.code != "file-missing"]

    def _models_of(self, snapshot: Snapshot) -> ModelFacts:
        if not self.models:
            return NO_MODELS
        folder = folder_of(snapshot)
        name = self._workspace_names.get(folder)
        if name is None:
            name = self._workspace_names[folder] = self._workspaces.settings_for(folder).workspace
        return self.models.get(name, NO_MODELS)

    def _options_of(self, snapshot: Snapshot) -> Options:
        folder = folder_of(snapshot)
        if folder not in self._options:
            try:
                self._options[folder] = load_options(folder)
            except InvalidOptions as error:
                log.warning("%s %s", error.problem, error.remedy)
                self._options[folder] = Options()
        return self._options[folder]


def _written_by(snapshot: Snapshot) -> Cell | None:
    """The file that JupyterLab cuts out of a cell: its magic has become a comment, or where there are none a blank line."""
    if not snapshot.uri.lower().endswith((".py", *_CONFIG_ENDINGS)):
        return None
    if snapshot.text.startswith("#"):
        return cell_of(snapshot.text[1:])
    return Cell(1, f"cell{Path(snapshot.uri).suffix}", snapshot.text, line_offset=0, is_entry_script=False)


def absolute(path: str | Path) -> str:
    """The path in the form that the core compares scripts by."""
    return os.path.abspath(path)  # noqa: PTH100  links stay: they are what the user named
