"""A folder that any `docker build` makes the image of."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from mooring.configs import InferenceConfig
from mooring.engine import Engine
from mooring.environments.pip_configuration import read_pip_indexes
from mooring.packaging.dockerfile import FolderNotEmpty
from mooring.workspace import Workspace

from .conftest import NETWORK

pytestmark = [pytest.mark.docker]


@pytest.fixture
def folder(workspace: Workspace, inference: InferenceConfig, tmp_path: Path) -> Path:
    inference.environment.python.conda_dependencies.add_pip_package("six==1.16.0")
    return workspace.images.write_context(["offset"], inference, tmp_path / "packed")


@pytest.mark.slow
def test_the_engine_builds_it_and_the_image_answers(
    folder: Path, engine: Engine, run_plainly: Callable[..., str]
) -> None:
    indexes = {key: value for key, value in read_pip_indexes().items() if "://" in value}
    arguments = {"PIP_INDEX_URL": indexes["UV_DEFAULT_INDEX"]} if "UV_DEFAULT_INDEX" in indexes else {}
    words = engine.api.build(
        fileobj=_archive(folder),
        custom_context=True,
        tag="mooring-test-packed",
        network_mode=NETWORK,
        rm=True,
        decode=True,
        buildargs=arguments,
    )
    said = [word.get("stream") or word.get("error") or "" for word in words]
    try:
        url = run_plainly("mooring-test-packed")

        assert httpx.post(f"{url}/score", json={"data": [1, 2]}).json() == [11, 12], said
    finally:
        engine.api.remove_image("mooring-test-packed", force=True)


def test_the_dockerfile_pins_packages_and_leaves_secrets_out(folder: Path) -> None:
    text = (folder / "Dockerfile").read_text()

    assert "six==1.16.0" in (folder / "requirements.txt").read_text()
    assert "--hash=sha256:" in (folder / "requirements.txt").read_text()
    assert 'ENV GREETING="good morning"' in text
    assert not any(
        "canary-word" in path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()
    )


def test_extra_steps_are_in_the_dockerfile_as_written(
    workspace: Workspace, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "steps").write_text("RUN echo extra > /etc/extra\n")
    (tmp_path / "myenv.yml").write_text("dependencies:\n- python=3.11\n")
    config = InferenceConfig(
        entry_script=str(project / "score.py"),
        conda_file=str(tmp_path / "myenv.yml"),
        extra_docker_file_steps=str(tmp_path / "steps"),
    )

    folder = workspace.images.write_context([], config, tmp_path / "packed")

    assert "\nRUN echo extra > /etc/extra\n" in (folder / "Dockerfile").read_text()


def test_models_and_code_lie_as_services_have_them(folder: Path) -> None:
    assert (folder / "app/azureml-models/offset/1/offset.txt").read_text() == "10"
    assert (folder / "app/score.py").exists()


def test_a_folder_with_files_is_left_alone(
    workspace: Workspace, inference: InferenceConfig, tmp_path: Path
) -> None:
    with pytest.raises(FolderNotEmpty, match="nothing was written"):
        workspace.images.write_context([], inference, tmp_path)


def _archive(folder: Path) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(folder, arcname=".")
    buffer.seek(0)
    return buffer
