"""A registry on real files, and something to register."""

import pytest

from mooring.database import open_database
from mooring.registry import ModelRegistry, open_artifacts


@pytest.fixture
def artifacts(tmp_path):
    return open_artifacts("", default=tmp_path / "artifacts", cache=tmp_path / "cache")


@pytest.fixture
def database(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'registry.db'}")
    yield database
    database.close()


@pytest.fixture
def registry(database, artifacts):
    return ModelRegistry(database.models, artifacts)


@pytest.fixture
def model_file(tmp_path):
    path = tmp_path / "given" / "ridge.pkl"
    path.parent.mkdir()
    path.write_bytes(b"coefficients")
    return path
