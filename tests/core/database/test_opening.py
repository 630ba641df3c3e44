"""What is said when a database can't be opened or used."""

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from mooring.database import DatabaseUnusable, open_database
from mooring.database.errors import explain


def test_a_missing_folder_is_made(tmp_path):
    open_database(f"sqlite:///{tmp_path}/a/b/mooring.db").close()

    assert (tmp_path / "a" / "b" / "mooring.db").exists()


def test_a_database_that_may_not_be_created_is_missed(tmp_path):
    with pytest.raises(DatabaseUnusable, match="does not exist"):
        open_database(f"sqlite:///{tmp_path}/mooring.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    path = tmp_path / "mooring.db"
    path.write_bytes(b"this is a letter to my aunt " * 100)

    with pytest.raises(DatabaseUnusable, match="damaged"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_damaged_page_is_called_damage(tmp_path):
    path = tmp_path / "mooring.db"
    open_database(f"sqlite:///{path}").close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(size - 100))

    with pytest.raises(DatabaseUnusable, match="damaged"):
        open_database(f"sqlite:///{path}")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(DatabaseUnusable, match="can't be opened"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseUnusable, match="file"):
        open_database(f"sqlite:///{tmp_path}/file/mooring.db")


def test_a_read_only_database_can_be_read_but_not_written(tmp_path):
    path = tmp_path / "mooring.db"
    open_database(f"sqlite:///{path}").close()
    database = open_database(f"sqlite:///file:{path}?mode=ro&uri=true")

    assert database.models.names() == []
    with pytest.raises(DatabaseUnusable, match="read-only"):
        database.models.release("s")
    database.close()


def test_a_writer_that_waits_too_long_says_why(tmp_path):
    path = tmp_path / "mooring.db"
    open_database(f"sqlite:///{path}").close()
    hog = sqlite3.connect(path, isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")
    database = open_database(f"sqlite:///{path}?timeout=0.05")

    with pytest.raises(DatabaseUnusable, match="another process"):
        database.models.release("s")
    assert database.models.names() == []  # readers are not held up
    database.close()
    hog.close()


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("locking protocol", "network"),
        ("disk I/O error", "network"),
        ("database or disk is full", "full"),
        ("something new", "something new"),
        ("", "no reason"),
    ],
)
def test_rare_failures_are_explained_too(said, means):
    assert means in explain("/x.db", said).problem


@pytest.mark.parametrize("url", ["", "mooring.db", "nonsense://x", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_means_nothing_is_refused(url):
    with pytest.raises(DatabaseUnusable):
        open_database(url)


def test_a_password_is_not_shown(tmp_path):
    for url in ("nonsense://me:secret@host/x", "postgresql+psycopg://me:secret@127.0.0.1:1/x"):
        with pytest.raises(DatabaseUnusable) as caught:
            open_database(url)
        assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_called_unreachable():
    pytest.importorskip("psycopg")

    with pytest.raises(DatabaseUnusable, match="can't be reached"):
        open_database("postgresql+psycopg://me@127.0.0.1:1/x")


def test_a_server_is_prepared_once_and_then_only_looked_at(postgresql_url):
    open_database(postgresql_url).close()
    script = (
        "import sys; from mooring.database import open_database; open_database(sys.argv[1]).close();"
        "print([m for m in sys.modules if m.startswith('alembic')])"
    )

    answer = subprocess.run(
        [sys.executable, "-c", script, postgresql_url], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"


_FULL_DISK = """
import sys
from pathlib import Path
from mooring.database import DatabaseUnusable, open_database

small = Path(sys.argv[1])
open_database(f"sqlite:///{small}/mooring.db").close()
with open(small / "everything", "wb", buffering=0) as file:
    try:
        while file.write(b"x" * 4096):
            pass
    except OSError:
        pass
try:
    open_database(f"sqlite:///{small}/mooring.db").models.list()
except DatabaseUnusable as error:
    print(error)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("unshare") is None, reason="needs a private mount"
)
def test_a_full_disk_is_not_taken_for_a_network_folder(tmp_path):
    (tmp_path / "script.py").write_text(_FULL_DISK)
    (tmp_path / "small").mkdir()
    mount = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1"'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh"]
    answer = subprocess.run(
        [*command, tmp_path / "small", sys.executable, tmp_path / "script.py"],
        capture_output=True,
        text=True,
        check=False,
    )

    if "unshare" in answer.stderr or "mount:" in answer.stderr:
        pytest.skip("this user may not mount")
    assert "the disk is full" in answer.stdout, answer.stderr
    assert "Free a little space" in answer.stdout
