"""`mooring notebook …`: from notebooks to services."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.verb import verb

app = noun("notebook")


@verb(
    app,
    "to-service",
    examples=[
        "mooring notebook to-service train.ipynb",
        "mooring notebook to-service train.ipynb --directory service --overwrite",
    ],
)
def to_service(
    call: Call,  # noqa: ARG001 (every verb gets one)
    notebook: Annotated[Path, flag("NOTEBOOK", help="The notebook.", example="train.ipynb")],
    directory: Annotated[
        Path | None,
        flag("--directory", "-d", help="Folder for the files; the notebook's name unless said."),
    ] = None,
    overwrite: Annotated[bool, flag("--overwrite", help="Replace files that are there.")] = False,
) -> Answer:
    """Extract entry script, configs and environment from a notebook.

    Cells that write files give them as they are; Azure ML v1 calls (InferenceConfig, deploy_configuration,
    CondaDependencies) become config files; without a script, the cells that define init() and run() are put together.
    Nothing is executed.
    """
    if importlib.util.find_spec("nbformat") is None:
        raise UsageMistake("Reading notebooks needs nbformat.", 'pip install "mooring[jupyter]"')
    from mooring.inspection import inspect_project
    from mooring.notebooks import extract, write_service

    found = extract(notebook)
    folder = directory or notebook.with_suffix("")
    paths = write_service(found, folder, overwrite=overwrite)
    findings = inspect_project([folder])
    model = f" -m {found.models[-1]}" if found.models else ""
    name = folder.name.lower().replace("_", "-")
    return Answer(
        {
            "directory": str(folder),
            "entryScript": found.script,
            "files": [str(path) for path in paths],
            "models": found.models,
            "remarks": found.remarks,
            "findings": [finding.to_dict() for finding in findings],
        },
        paths,
        text="\n".join(f"Wrote {path}" for path in paths),
        after=[
            *(f"  {remark}" for remark in found.remarks),
            *(f"  {finding}" for finding in findings),
            f"Deploy it: cd {folder} && mooring model deploy -n {name}{model} --ic inferenceconfig.json"
            + (" --dc deploymentconfig.json" if "deploymentconfig.json" in found.files else ""),
        ],
    )
