"""Stores that fsspec reaches keep the same promises as a local folder."""

import uuid

import fsspec
import pytest

from mooring.registry import ArtifactDamaged, ArtifactMissing, ModelRegistry, StorageFailed, open_artifacts
from mooring.registry.local_artifacts import LocalArtifacts
from mooring.registry.remote_artifacts import RemoteArtifacts


@pytest.fixture(params=["whole or nothing", "renamed"])
def artifacts(request, tmp_path):
    cache = tmp_path / "cache"
    if request.param == "whole or nothing":
        return open_artifacts(f"memory://{uuid.uuid4().hex}/store", default=tmp_path, cache=cache)
    root = str(tmp_path / "far")
    return RemoteArtifacts(fsspec.filesystem("file"), root, place=root, cache=LocalArtifacts(cache))


@pytest.fixture
def elsewhere(database, artifacts, tmp_path):
    """The same store, seen from a machine that has nothing cached."""
    cache = LocalArtifacts(tmp_path / "other-cache")
    return ModelRegistry(
        database.models,
        RemoteArtifacts(artifacts._files, artifacts._root, place=artifacts.place, cache=cache),
    )


def _objects(artifacts):
    return [leftover.place for leftover in artifacts.complete()]


def test_another_machine_gets_what_was_registered(registry, elsewhere, model_file, tmp_path):
    version = registry.register(model_file, "m")

    assert elsewhere.checkout(version, tmp_path / "models").read_bytes() == b"coefficients"
    assert elsewhere.download("m", tmp_path / "out").read_bytes() == b"coefficients"


def test_a_folder_arrives_whole(registry, elsewhere, tmp_path):
    (tmp_path / "net" / "a").mkdir(parents=True)
    (tmp_path / "net" / "a" / "w.bin").write_bytes(bytes(3_000_000))
    (tmp_path / "net" / "b.json").write_text("{}")
    version = registry.register(tmp_path / "net", "m")

    placed = elsewhere.checkout(version, tmp_path / "models")

    assert (placed / "a" / "w.bin").stat().st_size == 3_000_000
    assert (placed / "b.json").read_text() == "{}"


def test_the_same_content_is_sent_once(registry, artifacts, model_file):
    registry.register(model_file, "a")
    registry.register(model_file, "b")

    assert len(_objects(artifacts)) == 1
    assert list(artifacts.half_written()) == []


def test_an_object_with_other_content_is_refused(registry, elsewhere, artifacts, model_file, tmp_path):
    version = registry.register(model_file, "m")
    artifacts._files.pipe_file(_objects(artifacts)[0], b"COEFFICIENTS")

    with pytest.raises(ArtifactDamaged):
        elsewhere.checkout(version, tmp_path / "models")


def test_an_object_that_is_gone_is_named(registry, elsewhere, artifacts, model_file, tmp_path):
    version = registry.register(model_file, "m")
    artifacts._files.rm_file(_objects(artifacts)[0])

    with pytest.raises(ArtifactMissing, match=version.digest):
        elsewhere.checkout(version, tmp_path / "models")


def test_garbage_is_collected_there_too(registry, artifacts, model_file):
    registry.register(model_file, "m")
    registry.delete("m:1")

    assert registry.garbage() == []
    assert [item.kind for item in registry.collect_garbage(min_age_s=-60)] == ["unreferenced"]
    assert _objects(artifacts) == []


def test_a_store_without_its_driver_is_refused_with_the_reason(tmp_path):
    with pytest.raises(StorageFailed, match="driver is not installed"):
        open_artifacts("hdfs-of-nobody://user:secret@host/x", default=tmp_path, cache=tmp_path)


def test_a_password_in_the_address_is_not_shown(tmp_path):
    with pytest.raises(StorageFailed) as caught:
        open_artifacts("hdfs-of-nobody://user:secret@host/x", default=tmp_path, cache=tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_path_and_a_file_address_are_local_folders(tmp_path, form):
    artifacts = open_artifacts(
        form.format(tmp_path / "store"), default=tmp_path / "no", cache=tmp_path / "no"
    )

    assert isinstance(artifacts, LocalArtifacts)
    assert artifacts.place == str(tmp_path / "store")
