"""What a notebook says about a service: the files it writes, and what its Azure ML v1 calls ask for.

Nothing is executed. Cells are read one by one, for many notebooks are no Python as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from mooring.errors import MooringError
from mooring.inspection.notebooks import cell_of
from mooring.notebooks.calls import Calls, read_calls
from mooring.notebooks.functions import script_from_functions

_CONFIG_MAGICS = {
    "inference_config": "inferenceconfig.json",
    "deployment_config": "deploymentconfig.json",
    "conda": "myenv.yml",
}


@dataclass(eq=False)
class NotebookUnreadable(MooringError):
    """A file that is no notebook."""

    code = "notebook-unreadable"
    path: str
    reason: str

    @property
    def problem(self) -> str:
        """The file, and why."""
        return f"{self.path} can't be read as a notebook: {self.reason.rstrip('.')}."

    @property
    def remedy(self) -> str:
        """Name one."""
        return "Name a file that Jupyter saved (.ipynb, format 4)."


@dataclass(eq=False)
class NothingToExtract(MooringError):
    """A notebook without an entry script."""

    code = "notebook-without-script"
    path: str

    @property
    def problem(self) -> str:
        """The file."""
        return f"{self.path} has no entry script: no cell writes one, and none defines init() and run()."

    @property
    def remedy(self) -> str:
        """Write one."""
        return "Put init() and run() into a cell that begins with %%entry_script score.py."


@dataclass
class Extracted:
    """The files of a service, as a notebook has them.

    Attributes:
        script: Name of the entry script.
        files: Text by name, relative to the service's folder.
        models: Names that the notebook registers, or asks for.
        remarks: What a person should look at.
    """

    script: str = ""
    files: dict[str, str] = field(default_factory=dict[str, str])
    models: list[str] = field(default_factory=list[str])
    remarks: list[str] = field(default_factory=list[str])


def extract(path: Path) -> Extracted:
    """Read a notebook.

    Raises:
        NotebookUnreadable: It is none.
        NothingToExtract: It has no entry script.
    """
    sources = list(_sources(path))
    found = Extracted()
    for source in sources:
        _take_file(source, found)
    calls = read_calls(source for source in sources if not source.lstrip().startswith("%%"))
    if not found.script:
        found.script = _named_script(calls, found)
    if not found.script:
        script = script_from_functions(sources)
        if script is None:
            raise NothingToExtract(path=str(path))
        found.script = "score.py"
        found.files["score.py"] = script
        found.remarks.append("score.py was put together from the cells that define init() and run().")
    _take_configs(calls, found)
    found.models = list(dict.fromkeys(calls.models))
    return found


def _sources(path: Path) -> Iterator[str]:
    import nbformat

    reader: Any = nbformat  # has types for some of its functions only
    try:
        notebook = reader.read(path, as_version=4)
    except OSError as error:
        raise NotebookUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    except Exception as error:  # nbformat has no root of its errors
        raise NotebookUnreadable(path=str(path), reason=str(error).partition("\n")[0]) from error
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield str(cell.source)


def _take_file(source: str, found: Extracted) -> None:
    """A cell that writes a file: `%%writefile`, `%%entry_script`, or one of the configs' magics."""
    first, _, rest = source.lstrip().partition("\n")
    magic = first.split()[0].removeprefix("%%") if first.startswith("%%") and first.split() else ""
    if magic in _CONFIG_MAGICS:
        words = first.split()[1:]
        found.files[_plain(words[0]) if words else _CONFIG_MAGICS[magic]] = rest
        return
    cell = cell_of(source)
    if cell is None:
        return
    name = _plain(cell.target)
    found.files[name] = cell.text
    if cell.is_entry_script or (name.endswith(".py") and not found.script and _is_entry_script(cell.text)):
        found.script = name


def _plain(target: str) -> str:
    """The file's own name and folders below: `C:/abc/score.py` and `$folder/score.py` become `score.py`."""
    path = PureWindowsPath(target) if ":" in target or "\\" in target else PurePosixPath(target)
    parts = [
        part for part in path.parts if "$" not in part and "{" not in part and part not in ("/", "..", ".")
    ]
    name = "/".join(parts) if not path.is_absolute() and parts else path.name
    return name if name.strip("$") and "$" not in name else "score.py"


def _is_entry_script(text: str) -> bool:
    from mooring.inspection.recognition import is_entry_script

    return is_entry_script(text, "score.py")


def _named_script(calls: Calls, found: Extracted) -> str:
    """The one that an InferenceConfig names, when a cell writes it."""
    named = str(calls.inference.get("entry_script") or "")
    return (
        next((name for name in found.files if name == named or name.endswith(f"/{named}")), "")
        if named
        else ""
    )


def _take_configs(calls: Calls, found: Extracted) -> None:
    import json

    if calls.conda and not any(name.endswith((".yml", ".yaml")) for name in found.files):
        found.files["myenv.yml"] = calls.conda
    conda = next((name for name in found.files if name.endswith((".yml", ".yaml"))), None)
    if "inferenceconfig.json" not in found.files:
        config: dict[str, Any] = {"entryScript": found.script}
        if conda is not None:
            config["condaFile"] = conda
        found.files["inferenceconfig.json"] = json.dumps(config, indent=2) + "\n"
    if calls.deployment is not None and "deploymentconfig.json" not in found.files:
        found.files["deploymentconfig.json"] = json.dumps(calls.deployment, indent=2) + "\n"
    if calls.unclear:
        found.remarks.append(f"Not taken over: {', '.join(calls.unclear)}.")
