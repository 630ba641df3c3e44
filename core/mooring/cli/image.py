"""`mooring image …`: images that run by themselves, under names and versions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from mooring.cli import common_flags as common
from mooring.cli import deploy_flags as deploying
from mooring.cli import requests
from mooring.cli.call import Call
from mooring.cli.completing import complete_image_names, complete_images, complete_model_names
from mooring.cli.flags import flag
from mooring.cli.image_login import add_logins
from mooring.cli.mistakes import UsageMistake
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.progress import phases
from mooring.cli.sizes import seconds, size
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.packaging.records import RegisteredImage

app = noun("image")

_COLUMNS = {"Image": "id", "Tag": "imageTag", "Models": "modelIds", "Size": "size", "Created": "createdTime"}

ImageName = Annotated[
    str, flag("--name", "-n", help="Name of the image.", example="scorer", complete=complete_image_names)
]
ImageId = Annotated[
    str,
    flag("--image-id", "-i", help="Image, as name:version.", example="scorer:1", complete=complete_images),
]
Registry = Annotated[
    str | None,
    flag("--registry", help="Also push it there: host:port/path.", example="registry.local:5000/ml"),
]
Label = Annotated[
    str | None, flag("--image-label", "--il", help="Its tag; the version unless said.", example="candidate")
]


@verb(
    app,
    "build",
    examples=[
        "mooring image build -n scorer -m diabetes:1 --ic inferenceconfig.json",
        "mooring image build -n scorer -m diabetes --es score.py --cf myenv.yml --registry registry.local:5000/ml",
    ],
    settings=deploying.SCRIPT_SETTINGS,
)
def build(
    call: Call,
    name: ImageName,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    label: Label = None,
    registry: Registry = None,
    tag: common.NewTags = None,
    property: common.NewProperties = None,  # noqa: A002 (v1's flag)
    description: common.Description = None,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Build an image of models and a script, and register it as the next version of its name.

    It runs under plain `docker run`, and `model deploy --image` runs it as a service. What was built before is reused.
    """
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    inference = requests.inference_asked(call, inference_config_file, settings or {}, choice)
    if inference is None:
        raise UsageMistake("No entry script was named.", "Add --ic inferenceconfig.json or --es score.py.")
    models = requests.models_asked(call, model, model_metadata_file)
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        image = call.workspace.images.build(
            name,
            models,
            inference,
            label=label or "",
            registry=registry or "",
            description=description or "",
            tags=tag,
            properties=property,
            reporter=view,
        )
        return told_built(image, view.elapsed_s)


def told_built(image: RegisteredImage, elapsed_s: float) -> Answer:
    """The answer to an image that was built."""
    run = f"docker run --read-only --tmpfs /tmp -p 127.0.0.1:6789:5001 {image.location}"
    return Answer(
        image.to_dict(),
        image,
        text=f"\n{image.id}   {image.location}   {size(image.size_bytes)}   in {seconds(elapsed_s)}",
        after=[
            f"Run it: {run}",
            f"Deploy it: mooring model deploy -n NAME --image {image.id} --cp local",
            f"Undo: mooring image delete -i {image.id}",
        ],
    )


@verb(
    app, "list", examples=["mooring image list", "mooring image list -n scorer --model-name diabetes -o json"]
)
def list_(
    call: Call,
    name: Annotated[
        str | None, flag("--name", "-n", help="Only this image.", complete=complete_image_names)
    ] = None,
    model_name: Annotated[
        str | None,
        flag("--model-name", help="Only with a version of this model.", complete=complete_model_names),
    ] = None,
    model_id: Annotated[str | None, flag("--model-id", help="Only with this model, as name:version.")] = None,
    tag: common.WantedTags = None,
    property: common.WantedProperties = None,  # noqa: A002 (v1's flag)
) -> Answer:
    """List registered images, newest first."""
    images = call.workspace.images.list(
        name,
        model_name=model_name,
        model_id=model_id,
        tags=common.wanted_labels(tag) or (),
        properties=common.wanted_labels(property) or (),
    )
    if not images:
        call.note(
            "No images match. Build one: mooring image build -n NAME -m MODEL --ic inferenceconfig.json"
        )
    data = [{**image.to_dict(), "size": size(image.size_bytes)} for image in images]
    return Answer(data, images, columns=_COLUMNS)


@verb(app, "show", examples=["mooring image show -i scorer:1", "mooring image show -i scorer -o json"])
def show(call: Call, image_id: ImageId) -> Answer:
    """Show an image: what is in it, where it is, which services run it."""
    desk = call.workspace.images
    image = desk.get(image_id)
    facts = {**image.to_dict(), "services": list(desk.users(image)), "engine": _on_engine(call, image)}
    rows = {_spaced(key): value for key, value in facts.items() if value not in (None, "", {}, [])}
    return Answer(facts, image, rows={**rows, "size bytes": f"{image.size_bytes} ({size(image.size_bytes)})"})


@verb(
    app,
    "update",
    examples=["mooring image update -i scorer:1 --add-tag stage=production"],
)
def update(
    call: Call,
    image_id: ImageId,
    add_tag: common.AddedTags = None,
    remove_tag: common.RemovedTags = None,
    description: common.Description = None,
) -> Answer:
    """Change tags or description of an image. The image itself never changes."""
    if not add_tag and not remove_tag and description is None:
        raise UsageMistake(
            "Nothing was given to change.", "Add --add-tag key=value or --description TEXT, for instance."
        )

    def change(image: RegisteredImage) -> RegisteredImage:
        kept = {key: value for key, value in image.tags.items() if key not in (remove_tag or [])}
        told = image.description if description is None else description
        return replace(image, tags={**kept, **(add_tag or {})}, description=told)

    image = call.workspace.images.relabel(image_id, change)
    return Answer(image.to_dict(), image, text=f"Updated {image.id}")


@verb(app, "push", examples=["mooring image push -i scorer:1 --registry registry.local:5000/ml"])
def push(
    call: Call,
    image_id: ImageId,
    registry: Annotated[
        str, flag("--registry", help="Where to: host:port/path.", example="registry.local:5000/ml")
    ],
) -> Answer:
    """Send an image to a registry; it is named by its digest afterwards."""
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        image = call.workspace.images.push(image_id, registry, reporter=view)
        return Answer(
            image.to_dict(),
            image,
            text=f"\n{image.reference}   in {seconds(view.elapsed_s)}",
            after=[f"Get it anywhere: docker pull {image.reference}"],
        )


@verb(app, "delete", examples=["mooring image delete -i scorer:1"])
def delete(call: Call, image_id: ImageId) -> Answer:
    """Delete an image, here and on the engine; refused while a service runs it. Registries keep their copies."""
    image = call.workspace.images.delete(image_id)
    return Answer({"deleted": image.id}, text=f"Deleted {image.id}")


@verb(app, "prune", examples=["mooring image prune", "mooring image prune --yes --keep 3"])
def prune(
    call: Call,
    yes: Annotated[bool, flag("--yes", "-y", help="Delete them; without this they are only listed.")] = False,
    keep: Annotated[
        int | None, flag("--keep", help="How many versions of each name stay in any case; 1 unless said.")
    ] = None,
) -> Answer:
    """List images that no service runs, but for the newest of each name; delete them with --yes."""
    desk = call.workspace.images
    found = desk.unused(keep=1 if keep is None else max(keep, 0))
    if yes:
        for image in found:
            desk.delete(image.id)
    data = [{**image.to_dict(), "size": size(image.size_bytes)} for image in found]
    count = f"{len(found)} image{'s' if len(found) != 1 else ''}"
    after = [f"Deleted {count}." if yes else f"{count} can be deleted: mooring image prune --yes"]
    if not found:
        call.note("Nothing to delete.")
    return Answer(data, found, columns=_COLUMNS, after=after if found else [])


add_logins(app)


def _on_engine(call: Call, image: RegisteredImage) -> str:
    from mooring.engine import DockerTrouble

    try:
        return "has it" if call.workspace.images.is_on_engine(image) else "does not have it"
    except DockerTrouble as trouble:
        return trouble.problem


def _spaced(key: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() and key != "id" else char for char in key)
