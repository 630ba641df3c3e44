"""Counts and times since the start, on one line."""

from __future__ import annotations

from mooring.cli.sizes import seconds
from mooring.deployments.numbers import RequestCounts


def tell_numbers(counts: RequestCounts | None) -> str:
    """`41 since start, 0 failed, p50 at most 2.5 ms, p99 at most 5.0 ms`."""
    if counts is None:
        return ""
    told = f"{counts.count} since start, {counts.failed} failed"
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        bound = counts.quantile(share)
        if bound is not None:
            told += f", {name} at most {seconds(bound)}"
    return told
