"""Numbers people may quote, from the metrics page of a service."""

from mooring.cli.service_numbers import fetch_numbers, read_numbers, tell_numbers


def page(*rows):
    return "\n".join(
        f'mooring_request_seconds_bucket{{model="m:1",status="{status}",le="{bound}"}} {count}'
        for status, bound, count in rows
    )


def test_counts_failures_and_bounds():
    told = read_numbers(
        page(
            *(("200", "0.001", 90), ("200", "0.01", 98), ("200", "+Inf", 98)),
            *(("500", "0.001", 0), ("500", "0.01", 1), ("500", "+Inf", 2)),
        )
    )

    assert told == {"count": 100, "failed": 2, "p50AtMostSeconds": 0.001, "p99AtMostSeconds": 0.01}
    assert tell_numbers(told) == "100 since start, 2 failed, p50 at most 1.0 ms, p99 at most 10.0 ms"


def test_a_service_nobody_asked_has_counts_and_no_times():
    assert tell_numbers(read_numbers("")) == "0 since start, 0 failed"


def test_beyond_the_last_bound_nothing_is_claimed():
    assert read_numbers(page(("200", "1", 0), ("200", "+Inf", 5)))["p50AtMostSeconds"] is None


def test_a_service_that_does_not_answer_has_no_numbers():
    assert fetch_numbers("http://127.0.0.1:9/score") is None
    assert tell_numbers(None) == ""
