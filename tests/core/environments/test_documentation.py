"""The page about environments names what the code does."""

import re
from pathlib import Path

import pytest

import mooring.environments
from mooring.environments import SUBSTITUTIONS, curated_names

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "core" / "mooring" / "environments").glob("*.py"))


@pytest.mark.parametrize("name", curated_names())
def test_every_curated_name_is_documented(name):
    assert f"`{name}`" in PAGE


def test_every_substitution_is_documented():
    assert [code for code in SUBSTITUTIONS if f"`{code}`" not in PAGE] == []


def test_every_documented_code_exists():
    documented = re.findall(r"^\| `([a-z-]+)`", PAGE, re.MULTILINE) + re.findall(
        r", `([a-z]+-[a-z]+)` \|", PAGE
    )
    written = "".join(path.read_text(encoding="utf-8") for path in SOURCES)

    assert [code for code in documented if f'"{code}"' not in written] == []


@pytest.mark.parametrize("name", mooring.environments.__all__)
def test_every_public_name_can_be_imported(name):
    assert getattr(mooring.environments, name) is not None
