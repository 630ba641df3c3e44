"""A PostgreSQL server for those tests that want one; they are skipped where none is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from mooring.database import open_database


@pytest.fixture(scope="session")
def postgresql():
    """URL of a server of this test run's own, ending in a slash."""
    pytest.importorskip("psycopg")
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="mooring-pg-"))  # pytest's own folders are closed to other users
    as_user = _unprivileged(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    _run(*as_user, "initdb", "-D", data, "-U", "mooring", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    _run(*as_user, "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    yield f"postgresql+psycopg://mooring@127.0.0.1:{port}/"
    _run(*as_user, "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


def _unprivileged(folder):
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _run(*command):
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture
def postgresql_url(postgresql):
    """A fresh database on that server."""
    name = f"t{uuid.uuid4().hex}"
    engine = create_engine(f"{postgresql}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"{postgresql}{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mooring.db'}"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def database(url):
    database = open_database(url)
    yield database
    database.close()
