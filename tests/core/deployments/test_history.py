"""What is expected of a phase is what earlier ones took."""

from __future__ import annotations

import pytest

from mooring.deployments.history import expected_s, past_durations


def test_each_phase_of_each_operation_counts(desk_with_history):
    durations = past_durations(desk_with_history)

    assert durations["image"] == pytest.approx([40.0, 0.2])
    assert durations["init"] == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(
    ("elapsed_s", "expected"),
    [(0.1, 20.1), (5.0, 40.0), (41.0, None)],
    ids=["at first", "goes on", "never so long"],
)
def test_only_longer_times_tell_anything(elapsed_s, expected):
    known = {"image": [40.0, 0.2]}

    assert expected_s(known, "image", elapsed_s) == (pytest.approx(expected) if expected else None)
    assert expected_s(known, "unknown", elapsed_s) is None


@pytest.fixture
def desk_with_history(tmp_path):
    """Two operations of a service in a real store: one that built an image, one that reused it."""
    from datetime import datetime, timezone

    from mooring.database import open_database
    from mooring.deployments.values import Service

    database = open_database(f"sqlite:///{tmp_path / 'm.db'}")
    now = datetime.now(timezone.utc)
    database.services.put(Service("scorer", "local", "docker", now, now))
    for phase, elapsed_s in (
        ("plan", 0.0),
        ("checked", 0.1),
        ("image", 40.1),
        ("init", 41.1),
        ("plan", 0.0),
        ("checked", 0.1),
        ("image", 0.3),
        ("init", 1.3),
    ):
        database.services.add_event("scorer", now, "phase", phase, "", {"elapsed_s": elapsed_s})
    yield database.services
    database.close()
