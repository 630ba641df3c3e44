"""Cells that are files: `%%entry_script`, `%%inference_config`, `%%deployment_config`, `%%conda`.

Such a cell is written and checked, never executed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mooring_jupyter.magic import CommandFailed

if TYPE_CHECKING:
    from mooring.findings import Finding
    from mooring_jupyter.magic import Magic

_DEPLOY = "--deploy"

FILES = {
    "entry_script": "score.py",
    "inference_config": "inferenceconfig.json",
    "deployment_config": "deploymentconfig.json",
    "conda": "myenv.yml",
}
"""Each cell magic with the file it writes unless another is named."""


def cell_magic(magic: Magic, kind: str) -> Callable[[str, str], None]:
    """The cell magic of that name."""

    def write(line: str, cell: str) -> None:
        from mooring_jupyter.findings_view import show_findings

        path, deploy = _read_line(kind, line)
        file = Path(magic.shell.var_expand(path)).expanduser()
        _write(file, cell)
        findings = _inspect(magic, kind, cell, file)
        print(f"{file} written · {_count(findings)}")  # noqa: T201 (the answer)
        show_findings(magic.shell, findings, text=cell, path=str(file))
        if deploy is not None:
            _deploy(magic, file, deploy, findings)

    write.__doc__ = f"Write the cell to a file ({FILES[kind]} unless named) and check it; it is not executed."
    return write


def _read_line(kind: str, line: str) -> tuple[str, list[str] | None]:
    """The file's name, and the words after `--deploy`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CommandFailed(f"Error: {line!r} has an open quote.\n  Fix  Close it.", 2) from error
    deploy = None
    if _DEPLOY in words:
        at = words.index(_DEPLOY)
        words, deploy = words[:at], words[at + 1 :]
    if kind != "entry_script" and deploy is not None:
        raise CommandFailed(f"Error: %%{kind} deploys nothing.\n  Fix  Use --deploy with %%entry_script.", 2)
    if len(words) > 1:
        raise CommandFailed(
            f"Error: %%{kind} takes one file name, not {' '.join(words)!r}.\n  Fix  Write %%{kind} {words[0]}",
            2,
        )
    return (words[0] if words else FILES[kind]), deploy


def _write(file: Path, text: str) -> None:
    from mooring.whole_files import write_whole

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, (text if text.endswith("\n") else text + "\n").encode())
    except OSError as error:
        raise CommandFailed(
            f"Error: {file} can't be written: {error.strerror}.\n  Fix  Name a file in a folder that is yours.",
            1,
        ) from error


def _inspect(magic: Magic, kind: str, text: str, file: Path) -> list[Finding]:
    if kind == "entry_script":
        from mooring_jupyter.state_check import check_script

        return check_script(magic.shell, magic.memory, text, str(file))
    from mooring.errors import MooringError
    from mooring.findings import Finding

    try:
        return _INSPECTORS[kind](file)
    except MooringError as error:
        return [Finding(error.code, "error", error.problem, error.remedy, str(file))]


def _inspect_inference(file: Path) -> list[Finding]:
    from mooring.configs import inspect_inference_config, load_document

    return inspect_inference_config(load_document(file))[1]


def _inspect_deployment(file: Path) -> list[Finding]:
    from mooring.configs import inspect_deployment_config, load_document

    return inspect_deployment_config(load_document(file))[1]


def _inspect_conda(file: Path) -> list[Finding]:
    from mooring.inspection import inspect_path

    return inspect_path(file)


_INSPECTORS: dict[str, Callable[[Path], list[Finding]]] = {
    "inference_config": _inspect_inference,
    "deployment_config": _inspect_deployment,
    "conda": _inspect_conda,
}
"""What the cell says it is, it is checked as, however wrong it is."""


def _deploy(magic: Magic, file: Path, words: list[str], findings: list[Finding]) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise CommandFailed(
            f"Error: not deployed: {errors[0].problem}\n  Fix  {errors[0].remedy}  (code {errors[0].code})", 1
        )
    has_script = {"--ic", "--inference-config-file", "--es", "--entry-script"} & set(words)
    magic.run_words(["deploy", *words, *([] if has_script else ["--es", str(file)]), "--overwrite"])


def _count(findings: list[Finding]) -> str:
    counts = {s: sum(f.severity == s for f in findings) for s in ("error", "warning", "information", "hint")}
    told = [f"{n} {s}{'s' if n > 1 and s != 'information' else ''}" for s, n in counts.items() if n]
    return ", ".join(told) or "no findings"
