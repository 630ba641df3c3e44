"""What may be registered, and how the rest is refused."""

import os
import socket
import sys

import pytest

from mooring.registry import InvalidChildPaths, SourceChanged, SourceEmpty, SourceMissing, SourceUnreadable
from mooring.registry.source import scan


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "given" / "bert"
    (folder / "vocab").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "vocab" / "words.txt").write_text("a b")
    return folder


def _paths(version):
    return [entry.path for entry in version.manifest]


def test_a_folder_keeps_its_files_below_its_own_name(registry, folder):
    version = registry.register(folder, "m")

    assert (version.entry, version.is_folder, version.size_bytes) == ("bert", True, 5)
    assert _paths(version) == ["bert/config.json", "bert/vocab/words.txt"]


def test_the_same_files_under_another_folder_name_have_the_same_digest(registry, folder):
    first = registry.register(folder, "m")
    second = registry.register(folder.rename(folder.with_name("other")), "m")

    assert first.digest == second.digest
    assert second.entry == "other"


def test_another_file_name_changes_the_digest_of_a_folder(registry, folder):
    first = registry.register(folder, "m")
    (folder / "config.json").rename(folder / "settings.json")

    assert registry.register(folder, "m").digest != first.digest


def test_child_paths_pick_files_and_folders(registry, folder):
    assert _paths(registry.register(folder, "m", child_paths=["vocab"])) == ["bert/vocab/words.txt"]
    both = registry.register(folder, "m", child_paths=["./config.json", "vocab/words.txt"])
    assert _paths(both) == ["bert/config.json", "bert/vocab/words.txt"]


@pytest.mark.parametrize("child", ["../given", "/etc/passwd", "vocab/../.."])
def test_child_paths_stay_below_the_folder(registry, folder, child):
    with pytest.raises(InvalidChildPaths, match="outside"):
        registry.register(folder, "m", child_paths=[child])


def test_child_paths_that_are_not_there_are_named(registry, folder):
    with pytest.raises(SourceMissing, match="weights"):
        registry.register(folder, "m", child_paths=["weights.bin"])


def test_child_paths_of_a_file_are_refused(registry, model_file):
    with pytest.raises(InvalidChildPaths, match="is a file"):
        registry.register(model_file, "m", child_paths=["a"])


def test_a_missing_path_is_named(registry):
    with pytest.raises(SourceMissing, match=r"no file or folder '.*nothing\.pkl'"):
        registry.register("nothing.pkl", "m")


def test_a_folder_without_files_is_refused(registry, tmp_path):
    (tmp_path / "empty" / "below").mkdir(parents=True)

    with pytest.raises(SourceEmpty, match="holds no file"):
        registry.register(tmp_path / "empty", "m")


def test_links_are_followed_to_their_content(registry, folder, tmp_path):
    (tmp_path / "blob").write_text("weights")
    (folder / "weights.bin").symlink_to(tmp_path / "blob")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "x").write_text("x")
    (folder / "linked").symlink_to(tmp_path / "shared")

    version = registry.register(folder, "m")

    assert "bert/weights.bin" in _paths(version)
    assert "bert/linked/x" in _paths(version)
    assert not registry.checkout(version, tmp_path / "out").joinpath("weights.bin").is_symlink()


def test_a_model_reached_through_a_link_keeps_the_name_of_the_link(registry, model_file, tmp_path):
    link = tmp_path / "best.pkl"
    link.symlink_to(model_file)

    assert registry.register(link, "m").entry == "best.pkl"


def test_a_link_that_leads_nowhere_is_named(registry, folder):
    (folder / "gone").symlink_to(folder / "nothing")

    with pytest.raises(SourceUnreadable, match=r"gone.*leads nowhere"):
        registry.register(folder, "m")


def test_links_in_a_circle_are_noticed(registry, folder):
    (folder / "vocab" / "up").symlink_to(folder)

    with pytest.raises(SourceUnreadable, match="circle"):
        registry.register(folder, "m")


def test_what_is_neither_file_nor_folder_is_refused(registry, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")

        with pytest.raises(SourceUnreadable, match="neither a file nor a folder"):
            registry.register(folder, "m")
    (folder / "s").unlink()
    os.mkfifo("pipe")
    with pytest.raises(SourceUnreadable, match="neither a file nor a folder"):
        registry.register("pipe", "m")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux file systems take any bytes as a name")
def test_a_file_name_that_is_no_text_is_refused(registry, folder):
    (folder / os.fsdecode(b"\xff.bin")).write_text("x")

    with pytest.raises(SourceUnreadable, match="no text"):
        registry.register(folder, "m")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(registry, model_file):
    model_file.chmod(0)

    with pytest.raises(SourceUnreadable, match="Permission denied"):
        registry.register(model_file, "m")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_file_that_fails_while_it_is_read_is_named(registry, artifacts):
    with pytest.raises(SourceUnreadable, match="/proc/self/mem"):
        registry.register("/proc/self/mem", "m")
    assert list(artifacts.half_written()) == []


def test_a_file_that_vanishes_on_the_way_is_named(registry, folder, artifacts):
    for number in range(40):
        (folder / f"{number:02}.bin").write_text(str(number))

    def remove_the_last(_done, _total):
        (folder / "vocab" / "words.txt").unlink(missing_ok=True)

    with pytest.raises(SourceMissing, match=r"words\.txt.*vanished"):
        registry.register(folder, "m", progress=remove_the_last)
    assert registry.list() == []
    assert list(artifacts.half_written()) == []


def test_a_file_that_is_written_meanwhile_is_refused(registry, tmp_path, artifacts):
    path = tmp_path / "growing.bin"
    path.write_bytes(b"x" * 5_000_000)

    def grow(_done, _total):
        with path.open("ab") as file:
            file.write(b"y")

    with pytest.raises(SourceChanged, match=r"growing\.bin"):
        registry.register(path, "m", progress=grow)
    assert registry.list() == []
    assert [*artifacts.half_written(), *artifacts.complete()] == []


def test_progress_ends_at_the_size_of_all_files(registry, folder):
    (folder / "big.bin").write_bytes(bytes(3_000_000))
    seen = []

    registry.register(folder, "m", progress=lambda done, total: seen.append((done, total)))

    assert seen[-1] == (3_000_005, 3_000_005)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_an_empty_file_is_a_model_too(registry, tmp_path):
    (tmp_path / "nothing.bin").touch()

    assert registry.register(tmp_path / "nothing.bin", "m").size_bytes == 0


def test_names_of_paths_are_taken_from_the_working_directory(registry, folder, monkeypatch):
    monkeypatch.chdir(folder)

    assert scan(".").entry == "bert"
    assert scan("vocab/").entry == "vocab"
