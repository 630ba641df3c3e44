"""Counts and times since the start, from the service's own metrics; no average, and never more precise than measured."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from mooring.cli.sizes import seconds

_BUCKET = re.compile(r'mooring_request_seconds_bucket\{.*?status="(\d+)".*?le="([^"]+)".*?\} (\S+)')
_PATIENCE_S = 1.0
_SERVER_ERROR = 500
_OK = 200


def fetch_numbers(scoring_uri: str) -> dict[str, Any] | None:
    """How many requests were answered since the start, how many with a server error, and how fast; None when unknown."""
    from mooring.deployments.calls import call

    parts = urlsplit(scoring_uri)
    try:
        answer = call(f"{parts.scheme}://{parts.netloc}/metrics", timeout_s=_PATIENCE_S)
    except OSError:
        return None
    return read_numbers(answer.content.decode("utf-8", "replace")) if answer.status == _OK else None


def read_numbers(page: str) -> dict[str, Any]:
    """The same from a metrics page in Prometheus' text format.

    The page has histograms: a quantile is known only to be at most the bound of its bucket.
    """
    buckets: dict[float, float] = defaultdict(float)
    failed = 0.0
    for status, bound, count in _BUCKET.findall(page):
        buckets[float(bound)] += float(count)
        if float(bound) == math.inf and int(status) >= _SERVER_ERROR:
            failed += float(count)
    return {
        "count": int(buckets[math.inf]),
        "failed": int(failed),
        "p50AtMostSeconds": _quantile(buckets.items(), 0.5),
        "p99AtMostSeconds": _quantile(buckets.items(), 0.99),
    }


def tell_numbers(numbers: dict[str, Any] | None) -> str:
    """`41 since start, 0 failed, p50 at most 2.5 ms, p99 at most 5.0 ms`."""
    if numbers is None:
        return ""
    told = f"{numbers['count']} since start, {numbers['failed']} failed"
    for name, key in (("p50", "p50AtMostSeconds"), ("p99", "p99AtMostSeconds")):
        if numbers[key] is not None:
            told += f", {name} at most {seconds(numbers[key])}"
    return told


def _quantile(buckets: Iterable[tuple[float, float]], share: float) -> float | None:
    """Bound of the bucket that holds it; None without requests, or beyond the last bound."""
    ordered = sorted(buckets)
    total = ordered[-1][1] if ordered else 0
    bound = next((bound for bound, count in ordered if total and count >= share * total), None)
    return None if bound is None or math.isinf(bound) else bound
