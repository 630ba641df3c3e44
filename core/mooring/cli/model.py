"""`mooring model …`: registering, finding, changing, fetching."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from mooring.cli import common_flags as common
from mooring.cli.call import Call
from mooring.cli.completing import complete_model_names, complete_models
from mooring.cli.deploy_verb import add_deploy
from mooring.cli.flags import flag
from mooring.cli.metadata_files import read_run, write_metadata
from mooring.cli.mistakes import UsageMistake
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.package_verb import add_package
from mooring.cli.progress import bytes_moving
from mooring.cli.sizes import short_digest, size
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.registry import ModelVersion

app = noun("model")

_COLUMNS = {
    "Name": "name",
    "Version": "version",
    "Framework": "framework",
    "Size": "size",
    "Created": "createdTime",
    "Tags": "tags",
}

Path_ = Annotated[
    str | None,
    flag("--model-path", "-p", help="File or folder; an MLflow URI works too.", example="model.pkl"),
]
AssetPath = Annotated[
    str | None,
    flag("--asset-path", help="Path inside a run's outputs; with --run-id.", example="outputs/model.pkl"),
]
SampleIn = Annotated[
    str | None, flag("--sample-input-dataset-id", help="Ignored: there are no datasets here.", hidden=True)
]
SampleRequest = Annotated[
    str | None,
    flag(
        "--sample-input",
        help="A good request, as JSON or @FILE; sent after each deployment, and shown to who wants to test.",
        example="@sample.json",
    ),
]
SampleOut = Annotated[
    str | None, flag("--sample-output-dataset-id", help="Ignored: there are no datasets here.", hidden=True)
]


@verb(
    app,
    "register",
    examples=[
        "mooring model register -n diabetes -p ridge.pkl --tag area=health",
        "mooring model register -n bert -p ./bert --model-framework PyTorch --model-framework-version 2.4",
        "mooring model register -n mnist -p runs:/7f3c…/model",
        "mooring model register -n diabetes -p ridge.pkl -t model.json -o json",
    ],
)
def register(
    call: Call,
    name: common.ModelName,
    model_path: Path_ = None,
    tag: common.NewTags = None,
    property: common.NewProperties = None,  # noqa: A002 (v1's flag)
    description: common.ShortDescription = None,
    model_framework: Annotated[
        str | None,
        flag(
            "--model-framework",
            help="What made it: TensorFlow, ScikitLearn, Onnx, PyTorch, TfKeras, Custom, Multi.",
        ),
    ] = None,
    model_framework_version: Annotated[
        str | None, flag("--model-framework-version", help="Version of the framework.")
    ] = None,
    cpu_cores: common.Cpu = None,
    memory_gb: common.Memory = None,
    gpu_cores: common.Gpu = None,
    asset_path: AssetPath = None,
    experiment_name: Annotated[str | None, flag("--experiment-name", help="Experiment of the run.")] = None,
    run_id: Annotated[str | None, flag("--run-id", "-r", help="Run that made the model.")] = None,
    run_metadata_file: Annotated[
        Path | None, flag("--run-metadata-file", "-f", help="JSON file with run_id and _experiment_name.")
    ] = None,
    sample_input: SampleRequest = None,
    output_metadata_file: common.Metadata = None,
    sample_input_dataset_id: SampleIn = None,
    sample_output_dataset_id: SampleOut = None,
) -> Answer:
    """Register a file or folder as the next version of a model.

    The same content registered again is stored once. The name and version are what every other verb takes.
    """
    if run_metadata_file is not None:
        run_id, experiment_name = read_run(str(run_metadata_file))
    _note_datasets(call, sample_input_dataset_id, sample_output_dataset_id)
    with bytes_moving(call.err, "Registering", is_quiet=call.is_quiet) as moved:
        model = call.workspace.models.register(
            _source(model_path, asset_path, run_id),
            name,
            tags=tag,
            properties=property,
            description=description,
            framework=model_framework,
            framework_version=model_framework_version,
            resource_configuration=_resources(cpu_cores, memory_gb, gpu_cores),
            sample_input=_read_sample(sample_input),
            run_id=run_id,
            experiment_name=experiment_name,
            progress=moved,
        )
    facts = model.to_dict()
    write_metadata(output_metadata_file, {"modelId": model.id, "workspaceName": call.workspace.name, **facts})
    return Answer(
        facts,
        model,
        text=f"Registered {model.id}  {size(model.size_bytes)}  {short_digest(model.digest)}",
        after=[
            f"Deploy it: mooring model deploy -n NAME -m {model.id}   undo: mooring model delete -i {model.id}"
        ],
    )


@verb(
    app,
    "list",
    examples=[
        "mooring model list",
        "mooring model list -n diabetes --tag area=health",
        "mooring model list -l -o json",
    ],
)
def list_(
    call: Call,
    model_name: Annotated[
        str | None, flag("--model-name", "-n", help="Only this model.", complete=complete_model_names)
    ] = None,
    tag: common.WantedTags = None,
    property: common.WantedProperties = None,  # noqa: A002 (v1's flag)
    model_framework: Annotated[str | None, flag("--model-framework", help="Only this framework.")] = None,
    run_id: Annotated[str | None, flag("--run-id", help="Only what this run registered.")] = None,
    latest: Annotated[bool, flag("--latest", "-l", help="Only the newest version of each model.")] = False,
    dataset_id: Annotated[
        str | None, flag("--dataset-id", help="Ignored: no datasets here.", hidden=True)
    ] = None,
) -> Answer:
    """List registered models, newest first."""
    _note_datasets(call, dataset_id)
    models = call.workspace.models.list(
        model_name,
        tags=common.wanted_labels(tag),
        properties=common.wanted_labels(property),
        framework=model_framework,
        run_id=run_id,
        latest=latest,
    )
    if not models:
        call.note("No models match. Register one: mooring model register -n NAME -p PATH")
    data = [{**model.to_dict(), "size": size(model.size_bytes)} for model in models]
    return Answer(data, models, columns=_COLUMNS)


@verb(
    app,
    "show",
    examples=[
        "mooring model show -i diabetes:1",
        "mooring model show -n diabetes",
        "mooring model show -i diabetes:1 -o json",
    ],
)
def show(
    call: Call,
    model_id: Annotated[
        str | None,
        flag(
            "--model-id", "-i", help="Model, as name:version.", example="diabetes:1", complete=complete_models
        ),
    ] = None,
    model_name: Annotated[
        str | None,
        flag("--model-name", "-n", help="Newest version of this model.", complete=complete_model_names),
    ] = None,
    version: Annotated[int | None, flag("--version", help="This version, with --model-name.")] = None,
    run_id: Annotated[str | None, flag("--run-id", help="The newest that this run registered.")] = None,
) -> Answer:
    """Show one version of a model."""
    model = _find(call, model_id, model_name, version, run_id)
    facts = model.to_dict()
    rows = {_spaced(key): value for key, value in facts.items() if value not in (None, "", {}, [])}
    return Answer(facts, model, rows={**rows, "size bytes": f"{model.size_bytes} ({size(model.size_bytes)})"})


@verb(
    app,
    "update",
    examples=[
        "mooring model update -i diabetes:1 --add-tag stage=production --remove-tag area",
        'mooring model update -i diabetes:1 --description "ridge, alpha 0.5"',
    ],
)
def update(
    call: Call,
    model_id: common.ModelId,
    add_tag: common.AddedTags = None,
    remove_tag: common.RemovedTags = None,
    add_property: common.AddedProperties = None,
    description: common.Description = None,
    cpu_cores: common.Cpu = None,
    memory_gb: common.Memory = None,
    gpu_cores: common.Gpu = None,
    sample_input: SampleRequest = None,
    sample_input_dataset_id: SampleIn = None,
    sample_output_dataset_id: SampleOut = None,
) -> Answer:
    """Change tags, description or needs of a version. Its content never changes."""
    _note_datasets(call, sample_input_dataset_id, sample_output_dataset_id)
    changes: dict[str, Any] = {
        "add_tags": add_tag,
        "remove_tags": remove_tag,
        "add_properties": add_property,
        "description": description,
        "resource_configuration": _resources(cpu_cores, memory_gb, gpu_cores),
        "sample_input": _read_sample(sample_input),
    }
    given = {name: value for name, value in changes.items() if value is not None}
    if not given:
        raise UsageMistake(
            "Nothing was given to change.", "Add --add-tag key=value or --description TEXT, for instance."
        )
    model = call.workspace.models.update(model_id, **given)
    return Answer(model.to_dict(), model, text=f"Updated {model.id}")


@verb(app, "delete", examples=["mooring model delete -i diabetes:1"])
def delete(call: Call, model_id: common.ModelId) -> Answer:
    """Delete one version; refused while a service uses it."""
    model = call.workspace.models.get_by_id(model_id)
    call.workspace.models.delete(model.id)
    return Answer(
        {"deleted": model.id},
        text=f"Deleted {model.id}",
        after=["Its files stay until `mooring gc` removes what nothing refers to."],
    )


@verb(
    app,
    "download",
    examples=[
        "mooring model download -i diabetes:1 -t .",
        "mooring model download -i diabetes:1 -t ./models --overwrite",
    ],
)
def download(
    call: Call,
    model_id: common.ModelId,
    target_dir: Annotated[Path, flag("--target-dir", "-t", help="Folder to put it in.", example=".")],
    overwrite: Annotated[bool, flag("--overwrite", help="Replace what is there.")] = False,
) -> Answer:
    """Copy a version to a folder of yours."""
    path = call.workspace.models.download(model_id, target_dir, overwrite=overwrite)
    return Answer({"modelId": model_id, "path": str(path)}, path, text=str(path))


add_deploy(app)
add_package(app)


def _source(model_path: str | None, asset_path: str | None, run_id: str | None) -> str:
    if model_path and asset_path:
        raise UsageMistake("--model-path and --asset-path exclude each other.", "Keep one of them.")
    if model_path:
        return model_path
    if asset_path is None:
        raise UsageMistake("-p/--model-path is missing.", "Add -p model.pkl, for instance.")
    if run_id is None:
        raise UsageMistake(
            "--asset-path is a path inside a run.", "Add --run-id, or use --model-path for your own file."
        )
    return f"runs:/{run_id}/{asset_path}"


def _find(
    call: Call, model_id: str | None, name: str | None, version: int | None, run_id: str | None
) -> ModelVersion:
    models = call.workspace.models
    if model_id:
        return models.get_by_id(model_id)
    if run_id:
        from mooring.registry import ModelNotFound

        found = models.list(name, run_id=run_id)
        if not found:
            raise ModelNotFound(model_id=f"{name or 'any'} of run {run_id}")
        return found[0]
    if not name:
        raise UsageMistake("No model was named.", "Add -i diabetes:1, for instance.")
    return models.get(name, version)


def _resources(cpu: float | None, memory_gb: float | None, gpu: int | None) -> Any:
    if cpu is None and memory_gb is None and gpu is None:
        return None
    from mooring.registry import ResourceConfiguration

    return ResourceConfiguration(cpu=cpu, memory_in_gb=memory_gb, gpu=gpu)


def _read_sample(given: str | None) -> Any:
    if given is None:
        return None
    from mooring.cli.request_body import read_body

    try:
        return json.loads(read_body(given))
    except ValueError as error:
        raise UsageMistake(
            f"--sample-input is no JSON: {error}.", "Give JSON, or @FILE with JSON in it."
        ) from error


def _note_datasets(call: Call, *given: str | None) -> None:
    if any(given):
        call.note("note: dataset ids have no meaning on your own machines and are ignored.")


def _spaced(key: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() and key != "id" else char for char in key)
