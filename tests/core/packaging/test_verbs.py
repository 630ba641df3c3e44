"""`mooring image …` and `mooring model package`, as people and scripts type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mooring.cli import run as main
from mooring.workspace import Workspace

from .conftest import REGISTRY

pytestmark = [pytest.mark.docker]

ENVIRONMENT = {
    "name": "plain",
    "python": {"condaDependencies": {"dependencies": ["python=3.11", {"pip": []}]}},
}


@pytest.fixture
def config(project: Path) -> Path:
    path = project / "inferenceconfig.json"
    path.write_text(json.dumps({"entryScript": "score.py", "environment": ENVIRONMENT}))
    return path


def test_an_image_is_built_listed_shown_deployed_and_deleted(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def mooring(*words: str) -> str:
        assert main(list(words)) == 0
        return capsys.readouterr().out

    built = mooring("image", "build", "-n", "scorer-image", "-m", "offset:1", "--ic", str(config))
    listed = json.loads(mooring("image", "list", "--model-name", "offset", "-o", "json"))
    mooring("model", "deploy", "-n", "scorer", "--image", "scorer-image:1", "-o", "json")
    shown = json.loads(mooring("image", "show", "-i", "scorer-image", "-o", "json"))
    answer = mooring("service", "run", "-n", "scorer", "-d", '{"data": [1]}')
    mooring("service", "delete", "-n", "scorer")
    mooring("image", "delete", "-i", "scorer-image:1")

    assert "docker run --read-only" in built
    assert [image["id"] for image in listed] == ["scorer-image:1"]
    assert shown["services"] == ["scorer"]
    assert "11" in answer
    assert "[]" in mooring("image", "list", "-o", "json")


def test_a_package_is_an_image_with_the_name_and_label_asked_for(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["model", "package", "-m", "offset", "--ic", str(config), "--in", "packed", "--il", "first"]

    assert main([*words, "-o", "json"]) == 0
    facts = json.loads(capsys.readouterr().out)

    assert facts["imageLocation"] == "packed:first"
    assert facts["modelIds"] == ["offset:1"]


def test_a_package_with_an_output_path_is_a_folder(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "packed"
    words = ["model", "package", "-m", "offset", "--ic", str(config), "--output-path", str(folder)]

    assert main(words) == 0

    assert (folder / "Dockerfile").exists()
    assert "docker build" in capsys.readouterr().out


def test_a_push_answers_with_the_name_by_digest(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry = f"{REGISTRY}/verbs"
    main(["image", "build", "-n", "scorer-image", "-m", "offset:1", "--ic", str(config)])
    capsys.readouterr()

    assert main(["image", "push", "-i", "scorer-image", "--registry", registry, "-o", "json"]) == 0

    assert json.loads(capsys.readouterr().out)["imageLocation"].startswith(f"{registry}/scorer-image@sha256:")


def test_pruning_lists_first_and_deletes_when_told(
    config: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        main(["image", "build", "-n", "scorer-image", "-m", "offset:1", "--ic", str(config)])
    capsys.readouterr()

    main(["image", "prune"])
    listed = capsys.readouterr().out
    main(["image", "prune", "--yes"])

    assert "mooring image prune --yes" in listed
    assert [image.id for image in workspace.images.list()] == ["scorer-image:2"]


def test_image_and_script_exclude_each_other(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "deploy", "-n", "scorer", "--image", "x:1", "--ic", str(config)]) != 0

    assert "--image" in capsys.readouterr().err
