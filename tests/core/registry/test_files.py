"""What happens to files once they are kept: shared, laid out, downloaded, damaged, healed, collected."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mooring.registry import AlreadyThere, ArtifactDamaged, ArtifactMissing, StorageFailed, TargetUnwritable


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "given" / "bert"
    (folder / "vocab").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "vocab" / "words.txt").write_text("a b")
    return folder


def _blobs(artifacts):
    return sorted(Path(leftover.place) for leftover in artifacts.complete())


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def _contents(top):
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def test_the_same_content_is_kept_once(registry, artifacts, model_file):
    copy = model_file.with_name("copy.pkl")
    shutil.copy(model_file, copy)

    registry.register(model_file, "a")
    registry.register(model_file, "a")
    registry.register(copy, "b")

    assert len(_blobs(artifacts)) == 1


def test_registering_does_not_depend_on_the_original_any_more(registry, model_file, tmp_path):
    version = registry.register(model_file, "m")
    model_file.write_bytes(b"something else")

    assert registry.checkout(version, tmp_path / "models").read_bytes() == b"coefficients"


def test_a_file_of_the_same_size_and_ends_is_still_told_apart(registry, tmp_path):
    path = tmp_path / "w.bin"
    path.write_bytes(bytes(1_000_000))
    first = registry.register(path, "m")
    path.write_bytes(bytes(300_000) + b"x" + bytes(699_999))

    assert registry.register(path, "m").digest != first.digest


def test_a_checkout_lies_where_services_look(registry, model_file, folder, tmp_path):
    file, tree = registry.register(model_file, "f"), registry.register(folder, "t")

    assert registry.checkout(file, tmp_path / "models") == tmp_path / "models/f/1/ridge.pkl"
    assert registry.checkout(tree, tmp_path / "models") == tmp_path / "models/t/1/bert"
    assert _contents(tmp_path / "models") == {
        "f/1/ridge.pkl": b"coefficients",
        "t/1/bert/config.json": b"{}",
        "t/1/bert/vocab/words.txt": b"a b",
    }
    assert _names(tmp_path / "models") == ["f", "t"]


def test_a_checkout_is_read_only_and_takes_no_space(registry, artifacts, model_file, tmp_path):
    placed = registry.checkout(registry.register(model_file, "m"), tmp_path / "models")

    assert stat.S_IMODE(placed.stat().st_mode) == 0o444
    assert placed.samefile(_blobs(artifacts)[0])


def test_a_checkout_that_is_there_is_left_alone(registry, model_file, tmp_path):
    version = registry.register(model_file, "m")
    before = registry.checkout(version, tmp_path / "models").parent.stat()

    after = registry.checkout(version, tmp_path / "models").parent.stat()

    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("harm", ["extra", "missing", "changed"])
def test_a_checkout_that_was_tampered_with_is_mended(registry, folder, tmp_path, harm):
    version = registry.register(folder, "m")
    placed = registry.checkout(version, tmp_path / "models")
    expected = _contents(placed)
    if harm == "extra":
        (placed / "new.txt").write_text("x")
    elif harm == "missing":
        (placed / "config.json").unlink()
    else:
        (placed / "config.json").unlink()
        (placed / "config.json").write_text("[]")

    assert _contents(registry.checkout(version, tmp_path / "models")) == expected
    assert _names(tmp_path / "models") == ["m"]


@pytest.mark.skipif(
    not os.access("/dev/shm", os.W_OK) or Path("/dev/shm").stat().st_dev == Path("/tmp").stat().st_dev,
    reason="needs a second file system",
)
def test_a_checkout_on_another_file_system_is_a_checked_copy(registry, folder):
    version = registry.register(folder, "m")
    root = Path("/dev/shm") / f"mooring-{os.getpid()}"
    try:
        placed = registry.checkout(version, root)

        assert _contents(placed) == _contents(folder)
        assert registry.checkout(version, root) == placed
    finally:
        shutil.rmtree(root)


def test_writing_through_a_link_never_reaches_the_next_service(registry, model_file, tmp_path):
    """A service that runs as root can write even read-only files, and a hard link is the store's own file."""
    version = registry.register(model_file, "m")
    placed = registry.checkout(version, tmp_path / "one")
    placed.chmod(0o644)
    placed.write_bytes(b"COEFFICIENTS")

    with pytest.raises(ArtifactDamaged, match=version.digest):
        registry.checkout(version, tmp_path / "two")
    assert not (tmp_path / "two" / "m" / "1").exists()


def test_registering_the_same_content_again_heals_what_was_damaged(registry, artifacts, model_file, tmp_path):
    version = registry.register(model_file, "m")
    _blobs(artifacts)[0].chmod(0o644)
    _blobs(artifacts)[0].write_bytes(b"damaged")

    registry.register(model_file, "other")

    assert registry.checkout(version, tmp_path / "models").read_bytes() == b"coefficients"


def test_a_file_that_was_only_touched_is_found_to_be_right(registry, artifacts, model_file, tmp_path):
    version = registry.register(model_file, "m")
    os.utime(_blobs(artifacts)[0])

    assert registry.checkout(version, tmp_path / "models").read_bytes() == b"coefficients"


def test_content_that_is_gone_is_named(registry, artifacts, model_file, tmp_path):
    version = registry.register(model_file, "m")
    _blobs(artifacts)[0].unlink()

    with pytest.raises(ArtifactMissing, match=version.digest):
        registry.checkout(version, tmp_path / "models")


def test_a_download_is_the_users_own_copy(registry, artifacts, model_file, folder, tmp_path):
    registry.register(model_file, "f")
    registry.register(folder, "t")

    file = registry.download("f", tmp_path / "out")
    tree = registry.download("t:1", tmp_path / "out")

    assert (file, tree) == (tmp_path / "out/ridge.pkl", tmp_path / "out/bert")
    assert _contents(tree) == _contents(folder)
    assert os.access(file, os.W_OK)
    assert file.stat().st_nlink == 1
    assert _names(tmp_path / "out") == ["bert", "ridge.pkl"]


def test_a_download_overwrites_only_when_told(registry, folder, tmp_path):
    registry.register(folder, "t")
    registry.download("t", tmp_path / "out")
    (tmp_path / "out" / "bert" / "mine.txt").write_text("mine")

    with pytest.raises(AlreadyThere, match=r"^File already exists. To overwrite, set exist_ok to True\."):
        registry.download("t", tmp_path / "out")
    assert (tmp_path / "out" / "bert" / "mine.txt").exists()
    assert _contents(registry.download("t", tmp_path / "out", overwrite=True)) == _contents(folder)


def test_a_place_that_cannot_be_written_is_named(registry, model_file, tmp_path):
    registry.register(model_file, "m")
    (tmp_path / "file").touch()

    with pytest.raises(TargetUnwritable, match="file"):
        registry.download("m", tmp_path / "file" / "below")


def test_a_store_that_cannot_be_written_is_named(registry, model_file, tmp_path):
    (tmp_path / "artifacts").touch()

    with pytest.raises(StorageFailed, match="artifacts"):
        registry.register(model_file, "m")
    assert registry.list() == []


_FULL_DISK = """
import sys
from pathlib import Path
from mooring.database import open_database
from mooring.registry import ModelRegistry, StorageFull, open_artifacts

small, home, model = map(Path, sys.argv[1:])
database = open_database(f"sqlite:///{home}/registry.db")
artifacts = open_artifacts(str(small), default=small, cache=small)
registry = ModelRegistry(database.models, artifacts)
try:
    registry.register(model, "m")
except StorageFull as error:
    print("full", [*artifacts.half_written(), *artifacts.complete()], registry.list(), str(small) in str(error))
database.close()
"""


@pytest.mark.parametrize("size", [100_000, 8_000_000], ids=["in one piece", "in many pieces"])
@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("unshare") is None, reason="needs a private mount"
)
def test_a_full_disk_leaves_nothing_behind(tmp_path, size):
    model = tmp_path / "model.bin"
    model.write_bytes(os.urandom(size))
    small = tmp_path / "small"
    small.mkdir()
    (tmp_path / "script.py").write_text(_FULL_DISK)
    mount = 'mount -t tmpfs -o size=64k tmpfs "$1" && exec "$2" "$3" "$1" "$4" "$5"'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh", small, sys.executable]

    answer = subprocess.run(
        [*command, tmp_path / "script.py", tmp_path, model], capture_output=True, text=True, check=False
    )

    if "unshare" in answer.stderr or "mount:" in answer.stderr:
        pytest.skip("this user may not mount")
    assert (answer.stdout.strip(), answer.stderr) == ("full [] [] True", "")


def test_deleted_versions_leave_garbage_that_is_named_and_collected(registry, artifacts, model_file, folder):
    registry.register(model_file, "m")
    registry.register(folder, "kept")
    registry.delete("m:1")

    assert registry.garbage() == []  # too young
    named = registry.garbage(min_age_s=0)
    assert [(item.kind, item.size_bytes) for item in named] == [("unreferenced", 12)]
    removed = registry.collect_garbage(min_age_s=0)
    assert [item.place for item in removed] == [item.place for item in named]
    assert len(_blobs(artifacts)) == 2
    assert registry.garbage(min_age_s=0) == []


def test_content_that_another_version_has_is_no_garbage(registry, model_file):
    registry.register(model_file, "a")
    registry.register(model_file, "b")
    registry.delete("a:1")

    assert registry.collect_garbage(min_age_s=0) == []


def test_half_written_files_are_named_and_collected(registry, tmp_path, model_file):
    registry.register(model_file, "m")
    (tmp_path / "artifacts" / "tmp" / "left").write_bytes(b"12345")

    assert [(item.kind, item.size_bytes) for item in registry.collect_garbage(min_age_s=0)] == [
        ("half-written", 5)
    ]
    assert registry.garbage(min_age_s=0) == []


def test_content_collected_during_a_registration_is_stored_again(registry, artifacts, model_file, tmp_path):
    """The registration recognises its file in the store; a moment later a collection takes it away."""
    registry.register(model_file, "m")

    def collect(_done, _total):
        if registry.list():
            registry.delete("m:1")
            registry.collect_garbage(min_age_s=0)

    version = registry.register(model_file, "m", progress=collect)

    assert version.id == "m:2"
    assert registry.checkout(version, tmp_path / "models").read_bytes() == b"coefficients"
