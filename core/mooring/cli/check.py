"""`mooring check`: what is wrong with scripts and configs, found without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from mooring.cli import common_flags as common
from mooring.cli import exit_codes
from mooring.cli.call import Call
from mooring.cli.check_formats import as_github, as_sarif, as_text, count
from mooring.cli.flags import flag
from mooring.cli.nouns import lone
from mooring.cli.output import Answer
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.findings import Finding
    from mooring.inspection import ModelFacts, Options

app = lone("check")

Paths = Annotated[list[str] | None, flag("PATH", help="Files and folders; the current folder unless said.")]

_MOST_ROUNDS = 5


@verb(
    app,
    "check",
    examples=[
        "mooring check",
        "mooring check score.py inferenceconfig.json",
        "mooring check . --fix",
        "mooring check . -o github",
        "mooring check score.py -m diabetes:2 --select ALL",
        "mooring check --schemas .vscode/schemas",
    ],
    formats=("table", "json", "sarif", "github"),
)
def check(
    call: Call,
    paths: Paths = None,
    fix: Annotated[bool, flag("--fix", help="Change the files where that is safe.")] = False,
    select: Annotated[
        list[str] | None,
        flag("--select", help="Look for this rule too, or ALL; may be repeated.", example="ALL"),
    ] = None,
    ignore: Annotated[
        list[str] | None, flag("--ignore", help="Do not report this rule; may be repeated.", example="CODE")
    ] = None,
    model: common.Models = None,
    schemas: Annotated[
        str,
        flag(
            "--schemas",
            help="Write the configurations' JSON Schemas into this folder, for editors that know nothing of Mooring.",
            example="FOLDER",
        ),
    ] = "",
) -> Answer:
    """Look for mistakes in entry scripts, configs, conda and pip files, and cells that write them. Nothing is run.

    With -m the scripts are held against the models that the service will have. Exit code 1 when an error was found.
    `mooring explain CODE` shows what a finding means; `# mooring: ignore[CODE]` on its line silences it.
    """
    if schemas:
        return _write_schemas(Path(schemas))
    from mooring.inspection import find_files, fix_files, inspect_files

    wanted = paths or ["."]
    _check_there(wanted)
    options = _options(wanted, select or [], ignore or [])
    models = _models(call, model)
    files = list(find_files(wanted, options))
    findings = inspect_files(files, options=options, models=models)
    fixed = 0
    for _ in range(_MOST_ROUNDS if fix else 0):  # of two changes at one place, the second takes another look
        done = fix_files(findings)
        if not done:
            break
        fixed += done
        findings = inspect_files(files, options=options, models=models)
    return _answer(findings, len(files), fixed)


def _write_schemas(folder: Path) -> Answer:
    from mooring.cli.mistakes import UsageMistake
    from mooring.configs.json_schema import write_schemas

    try:
        written = [str(path) for path in write_schemas(folder)]
    except OSError as error:
        raise UsageMistake(
            f"The schemas can't be written into {str(folder)!r}: {error.strerror}.", "Choose another folder."
        ) from error
    return Answer(written, text="\n".join(written))


def _answer(findings: Sequence[Finding], files: int, fixed: int) -> Answer:
    has_errors = any(finding.severity == "error" for finding in findings)
    return Answer(
        [finding.to_dict() for finding in findings],
        findings,
        text=as_text(findings),
        texts={"sarif": as_sarif(findings), "github": as_github(findings)},
        after=[count(findings, files, fixed)],
        exit_code=exit_codes.FAILED if has_errors else exit_codes.OK,
    )


def _check_there(paths: Sequence[str]) -> None:
    from mooring.cli.mistakes import UsageMistake

    for path in paths:
        if not Path(path).exists():
            raise UsageMistake(f"There is no file or folder {path!r}.", "Correct the path.")


def _options(paths: Sequence[str], select: list[str], ignore: list[str]) -> Options:
    from dataclasses import replace

    from mooring.cli.mistakes import UsageMistake
    from mooring.inspection import load_options
    from mooring.inspection.options import find_misspelled_code

    options = load_options(Path(paths[0]))
    given = {code for text in (*select, *ignore) for code in text.split(",")}
    misspelled = find_misspelled_code(given)
    if misspelled:
        raise UsageMistake(misspelled, "See docs/rules for all of them.")
    chosen = frozenset(code for text in select for code in text.split(","))
    left_out = frozenset(code for text in ignore for code in text.split(","))
    return replace(options, select=options.select | chosen, ignore=(options.ignore - chosen) | left_out)


def _models(call: Call, names: list[str] | None) -> ModelFacts:
    from mooring.inspection import NO_MODELS, ModelFacts

    if not names:
        return NO_MODELS
    registry = call.workspace.models
    return ModelFacts(
        registered=registry.list(latest=True), deployed=[registry.get_by_id(name) for name in names]
    )
