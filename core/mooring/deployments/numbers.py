"""Counts and times since the start, from the service's own metrics; no average, and never more precise than measured."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mooring.deployments.calls import call

_BUCKET = re.compile(r'mooring_request_seconds_bucket\{.*?status="(\d+)".*?le="([^"]+)".*?\} (\S+)')
_PATIENCE_S = 1.0
_SERVER_ERROR = 500
_OK = 200


@dataclass(frozen=True)
class RequestCounts:
    """How many requests were answered, how many of them with a server error, and how fast.

    Attributes:
        buckets: For each bound in seconds, ascending, how many took at most so long; the last bound is infinite.
    """

    buckets: tuple[tuple[float, float], ...] = ()
    failed: int = 0

    @property
    def count(self) -> int:
        """All requests."""
        return int(self.buckets[-1][1]) if self.buckets else 0

    def quantile(self, share: float) -> float | None:
        """At most so many seconds took that share of them; None without requests, or beyond the last bound.

        The page has histograms: a quantile is known only to be at most the bound of its bucket.
        """
        bound = next(
            (bound for bound, count in self.buckets if self.count and count >= share * self.count), None
        )
        return None if bound is None or math.isinf(bound) else bound

    def since(self, before: RequestCounts) -> RequestCounts:
        """What was added; everything when the service was started anew in between."""
        earlier = dict(before.buckets)
        added = tuple((bound, count - earlier.get(bound, 0.0)) for bound, count in self.buckets)
        if any(count < 0 for _, count in added):
            return self
        return RequestCounts(added, max(self.failed - before.failed, 0))

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "count": self.count,
            "failed": self.failed,
            "p50AtMostSeconds": self.quantile(0.5),
            "p99AtMostSeconds": self.quantile(0.99),
        }


def fetch_counts(scoring_uri: str) -> RequestCounts | None:
    """Since the start; None when unknown."""
    parts = urlsplit(scoring_uri)
    try:
        below = parts.path.removesuffix("/score")
        answer = call(f"{parts.scheme}://{parts.netloc}{below}/metrics", timeout_s=_PATIENCE_S)
    except OSError:
        return None
    return read_counts(answer.content.decode("utf-8", "replace")) if answer.status == _OK else None


def read_counts(page: str) -> RequestCounts:
    """The same from a metrics page in Prometheus' text format."""
    buckets: dict[float, float] = defaultdict(float)
    failed = 0.0
    for status, bound, count in _BUCKET.findall(page):
        buckets[float(bound)] += float(count)
        if float(bound) == math.inf and int(status) >= _SERVER_ERROR:
            failed += float(count)
    return RequestCounts(tuple(sorted(buckets.items())), int(failed))
