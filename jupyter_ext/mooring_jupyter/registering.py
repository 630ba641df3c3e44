"""`%mooring register`: a variable, a file or a folder as the next version of a model."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError
from mooring_jupyter.memory import Registered
from mooring_jupyter.shortcuts import spell_out, value_of, without
from mooring_jupyter.values import lookup

if TYPE_CHECKING:
    from mooring.registry.objects import SavedObject
    from mooring_jupyter.magic import Magic

_SAMPLE = ("--sample-input",)


@dataclass(eq=False)
class NoSample(MooringError):
    """A frame or array that a sample was to be taken from has no row for it."""

    code = "no-sample"
    name: str

    @property
    def problem(self) -> str:
        """Which."""
        return f"{self.name} has no row without gaps to take as a sample."

    @property
    def remedy(self) -> str:
        """Another one."""
        return "Give one with such a row, JSON, or @file."


def register(magic: Magic, words: list[str]) -> Any:
    """Register, say how the script reads it back, and return the model."""
    rest = words[1:]
    what = rest[0] if rest and not rest[0].startswith("-") else None
    words = _with_sample(magic, words)
    if what is None or _is_path(what):
        return magic.perform(_named(spell_out(words), _stem(what) if what else ""))
    is_variable, model = lookup(magic.shell, what)
    if not is_variable or isinstance(model, str | Path):
        path = str(model) if is_variable else what
        spelled = ["model", "register", "-p", path, *words[2:]]
        return magic.perform(_named(spelled, _stem(path)))
    return _register_object(magic, what, model, words[2:])


def _register_object(magic: Magic, variable: str, model: Any, flags: list[str]) -> Any:
    from mooring.registry.objects import save_object
    from mooring_jupyter.findings_view import show_findings
    from mooring_jupyter.state_check import left_behind

    with tempfile.TemporaryDirectory(prefix="mooring-") as folder:
        saved = save_object(model, Path(folder))
        spelled = _named(
            ["model", "register", "-p", str(saved.path), *_facts(saved, flags), *flags], variable
        )
        sample, source = _sample(magic, model, flags)
        registered = magic.perform([*spelled, *sample])
    magic.say(_how(saved, source))
    magic.memory.registered.append(
        Registered(variable, registered.id, magic.memory.current, saved.left_behind)
    )
    if saved.left_behind:
        show_findings(magic.shell, [left_behind(variable, saved.left_behind)])
    return registered


def _facts(saved: SavedObject, flags: list[str]) -> list[str]:
    if value_of(flags, "--model-framework"):
        return []
    return ["--model-framework", saved.framework, "--model-framework-version", saved.framework_version]


def _sample(magic: Magic, model: Any, flags: list[str]) -> tuple[list[str], str]:
    from mooring.registry.samples import find_training_data, sample_from

    if value_of(flags, *_SAMPLE) is not None:
        return [], "as given"
    hidden = magic.shell.user_ns_hidden
    known = [(n, v) for n, v in reversed(magic.shell.user_ns.items()) if n not in hidden and n[0] != "_"]
    found = find_training_data(model, known)
    sample = sample_from(found[1]) if found is not None else None
    if found is None or sample is None:
        return [], ""
    return ["--sample-input", json.dumps(sample)], f"first rows of {found[0]}"


def _how(saved: SavedObject, source: str) -> str:
    path = f'os.path.join(os.getenv("AZUREML_MODEL_DIR"), "{saved.path.name}")'
    return (
        f"  {saved.framework} {saved.framework_version}, saved as {saved.path.name}\n"
        f"  In init(): {saved.loading.format(path=path)}\n"
        f"  Sample: {source or 'none found; give one with --sample-input VARIABLE'}\n"
    )


def _with_sample(magic: Magic, words: list[str]) -> list[str]:
    """A variable after `--sample-input` as JSON."""
    given = value_of(words, *_SAMPLE)
    is_variable, value = lookup(magic.shell, given) if given is not None else (False, None)
    if not is_variable:
        return words
    from mooring.deployments.calls import as_body
    from mooring.registry.samples import sample_from

    sample = sample_from(value)
    if sample is None and hasattr(value, "shape"):
        raise NoSample(str(given))
    text = as_body(value if sample is None else sample).decode()
    return [*without(words, *_SAMPLE), "--sample-input", text]


def _named(spelled: list[str], default: str) -> list[str]:
    """With a name: the variable's or the file's, unless one was given."""
    if value_of(spelled, "-n", "--name") or "--help" in spelled or not default:
        return spelled
    return [*spelled, "-n", default.replace("/", "-")]


def _stem(path: str) -> str:
    """A name after the file or folder; `.` is a folder with a name, too."""
    return Path(path).stem or Path(path).resolve().stem


def _is_path(what: str) -> bool:
    return ":/" in what or Path(what).exists()
