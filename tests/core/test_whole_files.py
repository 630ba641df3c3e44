"""A file of the user's has all of its new content or all of its old."""

from __future__ import annotations

import resource
import signal
from contextlib import contextmanager

import pytest

from mooring.whole_files import write_whole


@contextmanager
def no_room():
    """Files of this process may not grow, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_takes_nothing(tmp_path):
    (tmp_path / "old").write_text("old")

    with no_room():
        for name in ("old", "new"):
            with pytest.raises(OSError, match="too large"):
                write_whole(tmp_path / name, b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text() == "old"


def test_a_file_that_can_not_be_put_in_its_place_leaves_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "old").write_text("old")

    def is_interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.copymode", is_interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "old", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text() == "old"


def test_permissions_stay_and_links_lead_where_they_did(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o750)
    link.symlink_to(file)

    write_whole(link, b"new")

    assert link.is_symlink()
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o750


def test_a_new_file_is_as_any_program_makes_it(tmp_path):
    (tmp_path / "any").touch()

    write_whole(tmp_path / "new", b"new")

    assert (tmp_path / "new").stat().st_mode == (tmp_path / "any").stat().st_mode
