"""v1's scripts of 2018 to 2021: packages, images, services of images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from mooring import Workspace as V1Workspace
from mooring.configs import InferenceConfig
from mooring.engine import Engine
from mooring.sdk import ContainerImage, Image, LocalWebservice, Model, Webservice
from mooring.sdk.exceptions import WebserviceException
from mooring.workspace import Workspace

pytestmark = [pytest.mark.docker]

CONDA = "name: plain\ndependencies:\n- python=3.11\n- pip:\n  - six==1.16.0\n"


@pytest.fixture
def ws(workspace: Workspace, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[V1Workspace]:
    monkeypatch.chdir(project)
    (project / "myenv.yml").write_text(CONDA)
    return V1Workspace()


def test_a_package_is_waited_for_pulled_and_run(
    ws: V1Workspace,
    inference: InferenceConfig,
    run_plainly: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    package = Model.package(ws, [Model(ws, "offset")], inference, image_name="packed", image_label="one")
    package.wait_for_creation(show_output=True)
    package.pull()

    assert package.state == "Succeeded"
    assert package.location == "packed:one"
    assert "Package creation Succeeded" in capsys.readouterr().out
    url = run_plainly(package.location)
    assert httpx.post(f"{url}/score", json={"data": [1]}).json() == [11]


def test_a_package_with_a_dockerfile_is_saved(
    ws: V1Workspace, inference: InferenceConfig, tmp_path: Path
) -> None:
    package = Model.package(ws, [Model(ws, "offset")], inference, generate_dockerfile=True)
    package.wait_for_creation()
    package.save(str(tmp_path / "saved"))

    assert (tmp_path / "saved" / "Dockerfile").read_text().startswith("# Made by Mooring")
    with pytest.raises(WebserviceException, match="save"):
        package.pull()


def test_a_package_that_fails_says_why(ws: V1Workspace, inference: InferenceConfig, project: Path) -> None:
    inference.environment.docker.base_image = "localhost:1/nowhere:1"
    package = Model.package(ws, [], inference)

    with pytest.raises(WebserviceException, match="can't be reached"):
        package.wait_for_creation()
    assert package.state == "Failed"
    assert package.error["code"] == "registry-unreachable"


def test_an_image_is_created_deployed_updated_and_deleted_as_in_2018(
    ws: V1Workspace, engine: Engine, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = ContainerImage.image_configuration(
        execution_script="score.py", runtime="python", conda_file="myenv.yml", description="adds"
    )
    image = ContainerImage.create(
        name="offset-image", models=[Model(ws, "offset")], image_config=config, workspace=ws
    )
    image.wait_for_creation(show_output=True)
    tried = image.run('{"data": [5]}')
    left = [each.name for each in Webservice.list(ws)]
    service = Webservice.deploy_from_image(workspace=ws, name="scorer", image=image)
    service.wait_for_deployment(show_output=False)
    said = capsys.readouterr().out

    assert (tried, left) == ([15], [])
    assert "Creating image" in said
    assert 'Image creation operation finished for image offset-image:1, operation "Succeeded"' in said
    assert service.run('{"data": [1]}') == [11]
    assert [each.id for each in Image.list(ws, model_name="offset")] == ["offset-image:1"]
    assert Image(ws, name="offset-image").image_location.startswith("offset-image:1")

    (project / "score.py").write_text("def init(): pass\ndef run(data): return 'second'\n")
    second = ContainerImage.create(ws, "offset-image", [], config)
    service.update(image=second)
    service.wait_for_deployment()

    assert service.run("{}") == "second"
    with pytest.raises(WebserviceException, match="used by scorer"):
        second.delete()


def test_dependencies_of_an_image_lie_beside_its_script(ws: V1Workspace, project: Path) -> None:
    (project / "tools" / "inner").mkdir(parents=True)
    (project / "tools" / "inner" / "numbers.txt").write_text("5")
    (project / "helping.py").write_text("def times(x): return 3 * x\n")
    (project / "score.py").write_text(
        "import os, helping\n"
        "def init(): pass\n"
        "def run(data):\n"
        "    here = os.path.dirname(os.path.abspath(__file__))\n"
        "    return helping.times(int(open(os.path.join(here, 'tools', 'inner', 'numbers.txt')).read()))\n"
    )
    config = ContainerImage.image_configuration(
        "score.py", "python", conda_file="myenv.yml", dependencies=["helping.py", "tools"]
    )
    service = Webservice.deploy_local_from_model(ws, "scorer", [], config, wait=True)

    assert service.run("{}") == 15
    with pytest.raises(WebserviceException, match="does not exist"):
        ContainerImage.image_configuration("score.py", "python", dependencies=["not-there.py"])


def test_a_local_service_is_reloaded_and_deployed_to_the_cloud(
    ws: V1Workspace, inference: InferenceConfig, project: Path
) -> None:
    service = Model.deploy(
        ws, "local-one", [Model(ws, "offset")], inference, LocalWebservice.deploy_configuration()
    )
    service.wait_for_deployment()
    (project / "score.py").write_text("def init(): pass\ndef run(data): return 'reloaded'\n")
    assert service.run('{"data": [1]}') == [11]

    service.reload(wait=True)
    cloud = service.deploy_to_cloud()
    cloud.wait_for_deployment()

    assert service.run("{}") == cloud.run("{}") == "reloaded"
    assert (cloud.name, cloud.compute_type) == ("local-one-aci", "ACI")
    assert (cloud.image_id, service.image_id) == ("local-one:1", None)
    assert cloud.image.id == "local-one:1"
    assert cloud.image_digest.startswith("sha256:")
    assert cloud.container_resource_requirements.cpu is None
    assert (cloud.ssl_enabled, cloud.public_fqdn, cloud.public_ip) == (False, None, "127.0.0.1")


def test_deploy_from_model_builds_the_same_as_deploy(ws: V1Workspace) -> None:
    config = ContainerImage.image_configuration("score.py", "python", conda_file="myenv.yml")
    service = Webservice.deploy_local_from_model(ws, "scorer", [Model(ws, "offset")], config, wait=True)

    assert service.state == "running"
    assert service.run('{"data": [5]}') == [15]
