"""Numbers people may quote, from the metrics page of a service."""

from mooring.cli.service_numbers import tell_numbers
from mooring.deployments.numbers import fetch_counts, read_counts


def page(*rows):
    return "\n".join(
        f'mooring_request_seconds_bucket{{model="m:1",status="{status}",le="{bound}"}} {count}'
        for status, bound, count in rows
    )


def test_counts_failures_and_bounds():
    told = read_counts(
        page(
            *(("200", "0.001", 90), ("200", "0.01", 98), ("200", "+Inf", 98)),
            *(("500", "0.001", 0), ("500", "0.01", 1), ("500", "+Inf", 2)),
        )
    )

    assert told.to_dict() == {"count": 100, "failed": 2, "p50AtMostSeconds": 0.001, "p99AtMostSeconds": 0.01}
    assert tell_numbers(told) == "100 since start, 2 failed, p50 at most 1.0 ms, p99 at most 10.0 ms"


def test_a_service_nobody_asked_has_counts_and_no_times():
    assert tell_numbers(read_counts("")) == "0 since start, 0 failed"


def test_beyond_the_last_bound_nothing_is_claimed():
    assert read_counts(page(("200", "1", 0), ("200", "+Inf", 5))).quantile(0.5) is None


def test_a_service_that_does_not_answer_has_no_numbers():
    assert fetch_counts("http://127.0.0.1:9/score") is None
    assert tell_numbers(None) == ""


def test_between_two_looks_only_what_was_added_counts():
    before = read_counts(page(("200", "0.001", 90), ("200", "0.01", 90), ("200", "+Inf", 90)))
    after = read_counts(page(("200", "0.001", 90), ("200", "0.01", 100), ("200", "+Inf", 100)))

    added = after.since(before)

    assert (added.count, added.quantile(0.5)) == (10, 0.01)
    assert before.since(after) == before  # started anew in between
