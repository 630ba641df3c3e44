"""What is wrong, found without running anything.

- `inspect_entry_script`, `inspect_entry_text`: one entry script.
- `inspect_path`, `inspect_content`: one file, by what it is.
- `inspect_project`, `inspect_files`, `Project`: files together, with what shows only across them.
- `RULES`: every rule, with its page (`mooring.inspection.pages.render_page`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mooring.inspection.entry_script import inspect_entry_script, inspect_entry_text

if TYPE_CHECKING:
    from mooring.inspection.catalog import RULES
    from mooring.inspection.environment_facts import EnvironmentFacts
    from mooring.inspection.files import find_files, inspect_content, inspect_path
    from mooring.inspection.fixes import Fix, TextEdit, apply_fixes, fix_of
    from mooring.inspection.fixing import fix_files
    from mooring.inspection.options import InvalidOptions, Options, load_options
    from mooring.inspection.project import (
        NO_MODELS,
        ModelFacts,
        Project,
        ScriptUse,
        inspect_files,
        inspect_project,
    )
    from mooring.inspection.rule import Rule

_LATER = {
    "EnvironmentFacts": "environment_facts",
    "Fix": "fixes",
    "InvalidOptions": "options",
    "ModelFacts": "project",
    "NO_MODELS": "project",
    "Options": "options",
    "Project": "project",
    "RULES": "catalog",
    "Rule": "rule",
    "ScriptUse": "project",
    "TextEdit": "fixes",
    "apply_fixes": "fixes",
    "find_files": "files",
    "fix_files": "fixing",
    "fix_of": "fixes",
    "inspect_content": "files",
    "inspect_files": "project",
    "inspect_path": "files",
    "inspect_project": "project",
    "load_options": "options",
}

__all__ = [
    "NO_MODELS",
    "RULES",
    "EnvironmentFacts",
    "Fix",
    "InvalidOptions",
    "ModelFacts",
    "Options",
    "Project",
    "Rule",
    "ScriptUse",
    "TextEdit",
    "apply_fixes",
    "find_files",
    "fix_files",
    "fix_of",
    "inspect_content",
    "inspect_entry_script",
    "inspect_entry_text",
    "inspect_files",
    "inspect_path",
    "inspect_project",
    "load_options",
]


def __getattr__(name: str) -> Any:
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
