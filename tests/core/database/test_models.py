"""The store of models keeps its promises on SQLite and on PostgreSQL."""

import itertools
import re
from concurrent import futures
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from mooring.database import open_database
from mooring.errors import MooringError
from mooring.registry import (
    ManifestEntry,
    ModelInUse,
    ModelNotFound,
    ModelQuery,
    ModelVersion,
    ResourceConfiguration,
)


def _draft(name="m", *, content="a", **more):
    digest = f"sha256:{content * 64}"
    return ModelVersion(
        name=name,
        version=0,
        digest=digest,
        size_bytes=3_000_000_000,
        entry="w.bin",
        is_folder=False,
        created_time=datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=timezone(timedelta(hours=2))),
        manifest=(ManifestEntry("w.bin", digest, 3_000_000_000),),
        **more,
    )


def _ids(store, **query):
    return [version.id for version in store.select(ModelQuery(**query))]


def test_what_was_added_is_found_as_it_was(database):
    draft = _draft(
        tags={"a": "1", "ü": "é😀"},
        properties={"p": "x"},
        framework="Onnx",
        framework_version="1.16",
        description="long " * 1000,
        run_id="r",
        experiment_name="e",
        sample_input={"data": [1, None, 2.5, "x"]},
        sample_output=[],
        resource_configuration=ResourceConfiguration(cpu=0.5, gpu=2),
        python_version="3.11",
        packages={"numpy": "2.0"},
        created_by="me",
    )

    added = database.models.add(draft)

    assert added == replace(draft, version=1)
    assert database.models.find("m") == added
    assert database.models.find("m", 1) == added
    assert database.models.find("m").created_time.utcoffset() == timedelta(0)


def test_nothing_is_found_where_nothing_is(database):
    assert database.models.find("m") is None
    assert database.models.find("m", 1) is None
    assert database.models.versions("m") == []
    assert database.models.select(ModelQuery()) == []


def test_a_confirmation_that_raises_undoes_the_addition(database):
    database.models.add(_draft())

    def refuse():
        raise LookupError

    with pytest.raises(LookupError):
        database.models.add(_draft(), confirm=refuse)

    assert _ids(database.models) == ["m:1"]
    assert _ids(database.models, latest=True) == ["m:1"]
    assert database.models.add(_draft()).version == 2


def test_threads_that_add_the_same_name_get_different_versions(url):
    databases = [open_database(url) for _ in range(4)]
    try:
        with futures.ThreadPoolExecutor(8) as pool:
            added = list(pool.map(lambda n: databases[n % 4].models.add(_draft()).version, range(40)))
        latest = _ids(databases[0].models, latest=True)
    finally:
        for database in databases:
            database.close()

    assert sorted(added) == list(range(1, 41))
    assert latest == ["m:40"]


def test_every_combination_of_conditions_gives_what_a_plain_search_would(database):
    store = database.models
    everything = []
    for number in range(60):
        tags = {"even": "yes"} if number % 2 == 0 else {"even": "no", "odd": "1"}
        everything.append(
            store.add(
                _draft(
                    f"m{number % 5}",
                    tags=tags | {"all": "1"},
                    properties={"third": str(number % 3)},
                    framework="Onnx" if number % 4 == 0 else None,
                    run_id=f"r{number % 7}",
                )
            )
        )
    newest = {version.name: version.id for version in everything}
    choices = itertools.product(
        [None, "m1"],
        [(), (("even", "yes"),), (("odd", None), ("all", "1"))],
        [(), (("third", "1"),)],
        [None, "Onnx"],
        [None, "r3"],
        [False, True],
    )
    for name, tags, properties, framework, run_id, latest in choices:
        expected = [
            v.id
            for v in reversed(everything)
            if (name is None or v.name == name)
            and all(k in v.tags and value in (None, v.tags[k]) for k, value in tags)
            and all(v.properties.get(k) == value for k, value in properties)
            and framework in (None, v.framework)
            and run_id in (None, v.run_id)
            and (not latest or newest[v.name] == v.id)
        ]
        query = {
            "name": name,
            "tags": tags,
            "properties": properties,
            "framework": framework,
            "run_id": run_id,
            "latest": latest,
        }

        assert _ids(store, **query) == expected, query
        assert _ids(store, **query, limit=2) == expected[:2], query
        if len(expected) > 2:
            assert _ids(store, **query, limit=2, before=expected[1]) == expected[2:4], query


def test_a_page_after_a_version_that_is_gone_is_an_error_and_not_empty(database):
    database.models.add(_draft())
    database.models.add(_draft())
    database.models.remove("m", 2)

    with pytest.raises(ModelNotFound, match="m:2"):
        _ids(database.models, before="m:2")


@pytest.mark.parametrize("place", ["m", "m:x", "%5", "m:99999999999999999999"])
def test_a_page_after_what_can_not_be_an_id_is_an_error_of_its_own(database, place):
    database.models.add(_draft())

    with pytest.raises(MooringError, match=re.escape(place.rpartition(":")[2])):
        _ids(database.models, before=place)


def test_a_change_keeps_what_may_not_change(database):
    database.models.add(_draft(tags={"a": "1"}))

    changed = database.models.change(
        "m", 1, lambda before: replace(before, tags={"b": "2"}, digest="sha256:other", sample_input=[1])
    )

    assert changed == database.models.find("m")
    assert (changed.tags, changed.sample_input, changed.digest) == ({"b": "2"}, [1], _draft().digest)
    assert _ids(database.models, tags=(("a", None),)) == []
    assert _ids(database.models, tags=(("b", "2"),), latest=True) == ["m:1"]
    with pytest.raises(ModelNotFound):
        database.models.change("m", 9, lambda before: before)


def test_removing_makes_the_one_before_the_latest(database):
    for _ in range(3):
        database.models.add(_draft(tags={"t": "1"}))

    removed = database.models.remove("m", 3)

    assert removed.id == "m:3"
    assert _ids(database.models, tags=(("t", "1"),), latest=True) == ["m:2"]
    assert database.models.find("m").version == 2
    database.models.remove("m", 1)
    assert database.models.versions("m") == [2]
    database.models.remove("m", 2)
    assert database.models.names() == []
    assert database.models.add(_draft()).version == 4


def test_a_version_in_use_stays(database):
    database.models.add(_draft())
    database.models.claim("b", [("m", 1)])
    database.models.claim("a", [("m", 1)])

    with pytest.raises(ModelInUse) as caught:
        database.models.remove("m", 1)
    assert caught.value.services == ("a", "b")
    database.models.release("a")
    database.models.release("b", keep=[("m", 1)])
    assert database.models.users("m", 1) == ["b"]
    database.models.release("b", keep=[("m", 2), ("n", 1)])
    assert database.models.users("m", 1) == []


def test_names_are_completed_literally(database):
    for name in ("a_b", "aXb", "a.b"):
        database.models.add(_draft(name))

    assert database.models.names("a_") == ["a_b"]
    assert sorted(database.models.names()) == ["a.b", "aXb", "a_b"]
    assert len(database.models.names(limit=2)) == 2


def test_unused_digests_are_those_that_no_version_has(database):
    store = database.models
    a, b, c = (f"sha256:{letter * 64}" for letter in "abc")
    store.add(_draft(content="a"))
    freed = []

    assert store.unused_digests([a, b]) == {b}
    store.release_digests([a, b, c], freed.append)
    assert freed == [{b, c}]


def test_no_version_can_be_added_while_digests_are_freed(database):
    """Otherwise a version could appear whose file is being removed."""
    digest = _draft().digest
    order = []

    with futures.ThreadPoolExecutor(1) as pool:

        def free(digests):
            adding = pool.submit(lambda: (database.models.add(_draft()), order.append("added")))
            with pytest.raises(futures.TimeoutError):
                adding.result(timeout=0.3)
            order.append(f"freed {len(digests)}")

        database.models.release_digests([digest], free)

    assert order == ["freed 1", "added"]
    assert database.models.unused_digests([digest]) == frozenset()
