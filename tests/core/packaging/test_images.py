"""Images under names and versions: built, run plainly, deployed as they are, pushed, promoted, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from mooring.configs import (
    AciDeploymentConfig,
    InferenceConfig,
    LocalDeploymentConfig,
    ProcessDeploymentConfig,
)
from mooring.deployments.errors import ChecksFailed, ModelsInImage
from mooring.engine import Engine
from mooring.engine.errors import ImageNotFound, RegistryUnreachable
from mooring.packaging.records import (
    ImageInUse,
    ImageNameTaken,
    ImageNotRegistered,
    InvalidImageName,
    RegisteredImage,
)
from mooring.registry import ModelInUse
from mooring.testing.reporters import Recorder
from mooring.workspace import Workspace

from .conftest import REGISTRY

pytestmark = [pytest.mark.docker]

Build = Callable[..., RegisteredImage]


@pytest.fixture
def build(workspace: Workspace, inference: InferenceConfig) -> Build:
    def run(name: str = "offset-image", **options: object) -> RegisteredImage:
        return workspace.images.build(name, ["offset"], inference, **options)  # type: ignore[arg-type]

    return run


def test_an_image_runs_under_plain_docker_run(build: Build, run_plainly: Callable[..., str]) -> None:
    url = run_plainly(build().tag)

    answer = httpx.post(f"{url}/score", json={"data": [1, 2]})

    assert answer.json() == [11, 12]


def test_an_image_run_plainly_asks_for_the_keys_of_a_mounted_file(
    build: Build, run_plainly: Callable[..., str], tmp_path: Path
) -> None:
    keys = tmp_path / "keys" / "keys.json"
    keys.parent.mkdir()
    keys.write_text(
        '{"primary": "first-key", "secondary": "second-key", "signing": "a-signing-key-that-is-long-enough"}'
    )
    keys.chmod(0o444)

    url = run_plainly(
        build().tag,
        mounts=[f"{keys.parent}:/var/mooring:ro"],
        MOORING_AUTH="key",
        MOORING_KEYS_FILE="/var/mooring/keys.json",
    )

    assert httpx.post(f"{url}/score", json={"data": [1]}).status_code == 401
    told = {"Authorization": "Bearer first-key"}
    assert httpx.post(f"{url}/score", json={"data": [1]}, headers=told).json() == [11]


def test_variables_that_look_secret_stay_out_of_the_image_and_are_named(build: Build, engine: Engine) -> None:
    told = Recorder()
    image = build(reporter=told)

    facts = engine.api.inspect_image(image.image_id)
    assert "GREETING=good morning" in facts["Config"]["Env"]
    assert "canary-word" not in str(facts)
    assert "canary-word" not in str(engine.api.history(image.image_id))
    assert any("DB_PASSWORD" in text for _phase, text in told.events)


def test_building_the_same_again_is_the_same_image_under_the_next_version(build: Build) -> None:
    first, second = build(), build()

    assert (first.id, second.id) == ("offset-image:1", "offset-image:2")
    assert first.image_id == second.image_id


def test_labels_lead_back_to_model_script_and_environment(build: Build, engine: Engine) -> None:
    image = build(label="candidate")
    labels = engine.api.inspect_image("offset-image:candidate")["Config"]["Labels"]

    assert labels["io.mooring.models"] == "offset:1"
    assert labels["io.mooring.entry-script"] == "score.py"
    assert labels["io.mooring.environment"] == image.environment_digest


def test_a_service_of_an_image_runs_that_very_image(
    build: Build, workspace: Workspace, project: Path, engine: Engine
) -> None:
    image = build()
    (project / "score.py").write_text("def init(): pass\ndef run(data): return 'edited since'\n")
    wanted = workspace.images.as_inference("offset-image")

    workspace.services.deploy("from-image", [], wanted, LocalDeploymentConfig())

    assert workspace.services.run("from-image", {"data": [1]}) == [11]
    container = engine.api.containers(filters={"label": "io.mooring.service=from-image"})
    assert image.image_id in {each["ImageID"] for each in container}
    assert workspace.services.get("from-image").models == ("offset:1",)


def test_a_service_of_an_image_gets_variables_that_were_left_out_of_it(
    build: Build, workspace: Workspace
) -> None:
    build()
    wanted = workspace.images.as_inference("offset-image")
    workspace.services.deploy("from-image", [], wanted, LocalDeploymentConfig())

    workspace.services.run("from-image", {"data": [1]})

    assert any("good morning" in line.text for line in workspace.services.logs("from-image"))


def test_a_process_can_not_run_an_image(build: Build, workspace: Workspace) -> None:
    build()
    wanted = workspace.images.as_inference("offset-image")

    with pytest.raises(ChecksFailed, match="runs no containers"):
        workspace.services.deploy("from-image", [], wanted, ProcessDeploymentConfig())


def test_other_models_can_not_be_put_into_an_image(build: Build, workspace: Workspace, project: Path) -> None:
    build()
    workspace.models.register(str(project / "offset.txt"), "offset")
    wanted = workspace.images.as_inference("offset-image")

    with pytest.raises(ModelsInImage, match="holds offset:1"):
        workspace.services.deploy("from-image", ["offset:2"], wanted, LocalDeploymentConfig())


def test_the_image_of_a_local_service_is_promoted_by_digest(
    workspace: Workspace, inference: InferenceConfig, project: Path, engine: Engine
) -> None:
    workspace.services.deploy("local-one", ["offset"], inference, LocalDeploymentConfig())
    (project / "score.py").write_text("def init(): pass\ndef run(data): return 'edited since'\n")

    image = workspace.images.promote("local-one")
    wanted = workspace.images.as_inference(image.id)
    cloud = AciDeploymentConfig(cpu_cores=1, memory_gb=1)
    workspace.services.deploy("cloud-one", [], wanted, cloud)

    assert workspace.services.run("cloud-one", {"data": [1]}) == [11]
    used = [
        {each["ImageID"] for each in engine.api.containers(filters={"label": f"io.mooring.service={name}"})}
        for name in ("local-one", "cloud-one")
    ]
    assert image.image_id in used[0] & used[1]
    assert workspace.images.promote("local-one").id == image.id


def test_an_image_in_use_is_not_deleted(build: Build, workspace: Workspace) -> None:
    build()
    wanted = workspace.images.as_inference("offset-image")
    workspace.services.deploy("from-image", [], wanted, LocalDeploymentConfig())

    with pytest.raises(ImageInUse, match="from-image"):
        workspace.images.delete("offset-image:1")


def test_a_model_in_an_image_is_not_deleted(build: Build, workspace: Workspace) -> None:
    build()

    with pytest.raises(ModelInUse, match="image offset-image:1"):
        workspace.models.delete("offset:1")


def test_deleting_removes_the_image_from_the_engine_and_frees_the_model(
    build: Build, workspace: Workspace, engine: Engine
) -> None:
    image = build(label=f"only-{workspace.settings.home.name}")
    workspace.images.delete(image.id)

    assert engine.find_image(image.tag) is None
    assert not workspace.images.list()
    workspace.models.delete("offset:1")


def test_an_image_that_was_there_before_is_not_taken_over(build: Build, engine: Engine) -> None:
    base = engine.api.images(filters={"reference": "*/python"}) or engine.api.images(name="python")
    engine.api.tag(base[0]["Id"], "somebodys", "mine")
    try:
        with pytest.raises(ImageNameTaken, match="did not make"):
            build("somebodys", label="mine")
        assert engine.find_image("somebodys:mine")["Id"] == base[0]["Id"]
    finally:
        engine.api.remove_image("somebodys:mine")


def test_a_pushed_image_is_pulled_by_digest_where_the_engine_lost_it(
    build: Build, workspace: Workspace, engine: Engine
) -> None:
    image = build(label="pushed", registry=f"{REGISTRY}/test-{workspace.settings.home.name}".lower())
    assert "@sha256:" in image.reference
    for tag in engine.api.inspect_image(image.image_id)["RepoTags"]:
        engine.api.remove_image(tag, force=True)
    assert not workspace.images.is_on_engine(image)

    wanted = workspace.images.as_inference(image.id)
    workspace.services.deploy("from-registry", [], wanted, LocalDeploymentConfig())

    assert workspace.services.run("from-registry", {"data": [1]}) == [11]


def test_an_image_that_is_nowhere_any_more_says_so(
    build: Build, workspace: Workspace, engine: Engine
) -> None:
    image = build(label="lost")
    gone = replace(workspace.images.as_inference(image.id), engine_id="sha256:" + "0" * 64)

    with pytest.raises(Exception, match="not on the engine any more") as raised:
        workspace.services.deploy("from-image", [], gone, LocalDeploymentConfig())
    assert "mooring image build" in str(raised.value)


def test_a_push_that_fails_registers_nothing(build: Build, workspace: Workspace) -> None:
    with pytest.raises(RegistryUnreachable):
        build(registry="localhost:1/nowhere")

    assert not workspace.images.list()
    workspace.models.delete("offset:1")


def test_images_no_service_runs_are_unused_but_for_the_newest(build: Build, workspace: Workspace) -> None:
    build()
    wanted = workspace.images.as_inference("offset-image:1")
    build(), build()
    workspace.services.deploy("from-image", [], wanted, LocalDeploymentConfig())

    assert [image.id for image in workspace.images.unused()] == ["offset-image:2"]


@pytest.mark.parametrize("name", ["UPPER", "a", "-dash", "spaces in it", "x" * 33])
def test_a_name_that_no_image_may_have_is_refused_first(build: Build, name: str) -> None:
    with pytest.raises(InvalidImageName, match="name of an image"):
        build(name)


def test_an_unknown_image_is_told_with_a_near_name(build: Build, workspace: Workspace) -> None:
    build()

    with pytest.raises(ImageNotRegistered, match="offset-image"):
        workspace.images.get("ofset-image")


def test_an_image_lost_by_the_engine_is_not_pushed(build: Build, workspace: Workspace) -> None:
    build()
    workspace.images.relabel("offset-image", lambda image: replace(image, image_id="sha256:" + "1" * 64))

    with pytest.raises(ImageNotFound, match="no longer has"):
        workspace.images.push("offset-image", REGISTRY)
