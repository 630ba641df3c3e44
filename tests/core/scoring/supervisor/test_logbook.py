from __future__ import annotations

import os
import threading

from mooring.scoring.supervisor.logbook import LogBook, segment_names
from mooring.scoring.supervisor.logreader import book_name, last_event, read_records


def texts(folder, after=0):
    return [record["text"] for record in read_records(str(folder), after)]


def write_lines(book, count, start=0):
    for number in range(start, start + count):
        book.line("stdout", f"line {number}", pid=1)
        book.flush()


def test_records_are_numbered_from_one_without_gaps(tmp_path):
    book = LogBook(str(tmp_path))
    book.event("started", "up", pid=1)
    write_lines(book, 3)
    book.close()

    assert [record["seq"] for record in read_records(str(tmp_path))] == [1, 2, 3, 4]


def test_a_cursor_goes_on_across_rotation(tmp_path):
    book = LogBook(str(tmp_path), segment_bytes=500, segments_kept=1000)
    write_lines(book, 100)
    book.close()

    assert len(segment_names(str(tmp_path), "stream")) > 5
    assert texts(tmp_path, after=37) == [f"line {number}" for number in range(37, 100)]


def test_only_so_many_segments_are_kept_and_the_rest_is_still_in_order(tmp_path):
    book = LogBook(str(tmp_path), segment_bytes=500, segments_kept=3)
    write_lines(book, 200)
    book.close()

    kept = texts(tmp_path, after=5)

    assert len(segment_names(str(tmp_path), "stream")) == 3
    assert kept == [f"line {number}" for number in range(200 - len(kept), 200)]


def test_events_outlive_the_noise_around_them(tmp_path):
    book = LogBook(str(tmp_path), segment_bytes=500, segments_kept=2)
    book.event("worker-crashed", "Worker 1 was ended by signal 9.")
    write_lines(book, 200)
    book.close()

    assert texts(tmp_path)[0] == "Worker 1 was ended by signal 9."
    assert last_event(str(tmp_path), "worker-crashed") == 1


def test_numbers_go_on_after_a_writer_that_was_killed_in_the_middle_of_a_line(tmp_path):
    book = LogBook(str(tmp_path))
    write_lines(book, 3)
    (segment,) = segment_names(str(tmp_path), "stream")
    with (tmp_path / segment).open("ab") as file:
        file.write(b'{"seq": 4, "text": "half a li')

    assert texts(tmp_path) == ["line 0", "line 1", "line 2"]
    again = LogBook(str(tmp_path))
    write_lines(again, 1, start=3)

    assert [record["seq"] for record in read_records(str(tmp_path), 2)] == [3, 4]


def test_a_book_has_a_name_of_its_own_that_stays(tmp_path):
    LogBook(str(tmp_path / "a")).close()
    LogBook(str(tmp_path / "b")).close()
    name = book_name(str(tmp_path / "a"))
    LogBook(str(tmp_path / "a")).close()

    assert name == book_name(str(tmp_path / "a")) != book_name(str(tmp_path / "b"))


def test_only_its_owner_can_read_it(tmp_path):
    book = LogBook(str(tmp_path / "logs"))
    write_lines(book, 1)

    assert (tmp_path / "logs").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "logs").glob("*.jsonl"))


def test_what_is_no_unicode_and_what_is_odd_comes_back_as_one_record(tmp_path):
    book = LogBook(str(tmp_path))
    book.line("stdout", "a\u2028b\x00\udcff\U0001f600", pid=1)
    book.flush()

    (record,) = read_records(str(tmp_path))
    assert record["text"].startswith("a\u2028b\x00")


def test_a_full_disk_loses_lines_but_never_half_of_one(tmp_path, monkeypatch):
    book = LogBook(str(tmp_path))
    write_lines(book, 1)
    really_write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: really_write(fd, data[: len(data) // 2]))
    write_lines(book, 1, start=1)
    monkeypatch.undo()
    write_lines(book, 1, start=2)

    assert texts(tmp_path) == ["line 0", "line 2"]


def test_a_reader_beside_the_writer_sees_every_record_once_and_whole(tmp_path):
    book = LogBook(str(tmp_path), segment_bytes=20_000, segments_kept=1000)
    writer = threading.Thread(target=write_lines, args=(book, 3000))
    writer.start()
    seen = []
    while len(seen) < 3000:
        seen += [record["seq"] for record in read_records(str(tmp_path), seen[-1] if seen else 0)]
    writer.join()

    assert seen == list(range(1, 3001))
