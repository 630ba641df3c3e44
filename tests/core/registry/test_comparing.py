"""Two versions side by side, and finding models by words."""

from __future__ import annotations

import pytest

from mooring.registry.comparing import compare


@pytest.fixture
def versions(registry, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(b"a model")
    first = registry.register(
        tmp_path / "ridge.pkl",
        "ridge",
        tags={"area": "health"},
        framework="scikitlearn",
        description="A first try",
    )
    (tmp_path / "ridge.pkl").write_bytes(b"a better model")
    return first, registry.register(tmp_path / "ridge.pkl", "ridge", tags={"area": "finance"})


def test_only_what_one_of_them_has_is_compared(versions):
    lines = {line.field: line for line in compare(*versions)}

    assert (lines["tag area"].first, lines["tag area"].second) == ("health", "finance")
    assert (lines["description"].first, lines["description"].second) == ("A first try", "")
    assert lines["entry"].is_same
    assert not lines["digest"].is_same
    assert not lines["file ridge.pkl"].is_same
    assert "experiment" not in lines


@pytest.mark.parametrize(
    ("text", "found"),
    [("RIDGE", True), ("try first", True), ("area=health", True), ("scikit:1", False), ("", True)],
)
def test_every_word_must_be_found_somewhere(versions, text, found):
    assert versions[0].matches(text) is found
