from __future__ import annotations

import threading
import time

import pytest

from mooring.deployments.errors import ServiceNotFound
from mooring.deployments.values import Event, LogLine


@pytest.fixture
def scorer(desk, inference, models):
    return desk.deploy("scorer", ["diabetes:1"], inference)


def test_events_and_lines_are_one_stream_in_the_order_of_time(desk, scorer):
    items = list(desk.stream("scorer"))

    assert {type(item) for item in items} == {Event, LogLine}
    times = [item.time for item in items]
    assert times == sorted(times)
    assert [item.phase for item in items if isinstance(item, Event)][-1] == "healthy"


def test_a_reader_goes_on_where_it_stopped(desk, scorer, target):
    target.write("scorer", "more")
    items = list(desk.stream("scorer"))

    for n, item in enumerate(items):
        assert list(desk.stream("scorer", item.cursor)) == items[n + 1 :]


def test_nothing_new_is_an_empty_stream(desk, scorer):
    last = list(desk.stream("scorer"))[-1].cursor

    assert list(desk.stream("scorer", last)) == []


def test_a_cursor_of_nobody_begins_at_the_start(desk, scorer):
    assert list(desk.stream("scorer", "nonsense")) == list(desk.stream("scorer"))


def test_a_follower_sees_what_comes_and_ends_with_the_service(desk, scorer, target):
    last = list(desk.stream("scorer"))[-1].cursor
    seen = []
    arrived = threading.Event()

    def follow():
        for item in desk.stream("scorer", last, follow=True):
            seen.append((time.monotonic(), item))
            arrived.set()

    reader = threading.Thread(target=follow)
    reader.start()
    began = time.monotonic()
    target.write("scorer", "hello")

    assert arrived.wait(5)
    desk.delete("scorer")
    reader.join(5)
    assert not reader.is_alive()
    assert seen[0][1].text == "hello"
    assert seen[0][0] - began < 1  # 0.2 s on a quiet machine


def test_the_tail_is_the_end_of_the_stream_and_the_stream_goes_on_after_it(desk, scorer, target):
    for n in range(5):
        target.write("scorer", f"line {n}")

    tail = list(desk.tail("scorer", 4))
    target.write("scorer", "later")

    assert tail == list(desk.stream("scorer"))[-5:-1]
    assert [item.text for item in desk.stream("scorer", tail[-1].cursor)] == ["later"]


def test_the_last_lines_are_the_log(desk, scorer, target):
    for n in range(10):
        target.write("scorer", f"line {n}")

    assert [line.text for line in desk.logs("scorer", 2)] == ["line 8", "line 9"]
    assert len(desk.logs("scorer")) == 11


def test_the_log_of_the_last_start_alone(desk, scorer, target):
    target.write("scorer", "old")
    desk.reload("scorer")

    assert [line.text for line in desk.logs("scorer", last_start=True)] == ["starting revision 2"]


@pytest.mark.parametrize("call", ["stream", "logs"])
def test_there_is_no_stream_of_what_is_not_there(desk, call):
    with pytest.raises(ServiceNotFound):
        getattr(desk, call)("scorer")
