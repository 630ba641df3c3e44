"""Micro-batching: requests that wait in the same turn of the event loop share one call of `run`.

Only for scripts whose schema gives every argument rows on axis 0, and only when switched on. The result must have as
many rows as went in; whether it does, and whether each request gets the answer it would have got alone, is tried on
the first batches before any client sees a split result.
"""

from __future__ import annotations

import json
import logging
import math
from time import perf_counter
from typing import TYPE_CHECKING, Any, Callable, Sequence

from mooring.scoring.binary import has_long_id, is_binary
from mooring.scoring.execution.interruption import ScoringTimeout
from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.contract.application import Application
    from mooring.scoring.metrics import Metrics

__all__ = ["Batcher"]

logger = logging.getLogger("azmlinfsrv")
PROOFS = 3
CLOSE = 1e-6  # relative; the sum of a row may be rounded differently among other rows
_OK = 200


class _Item:
    """One request in a batch: its place, its arguments, its rows."""

    __slots__ = ("arguments", "place", "request", "rows")

    def __init__(self, place: int, request: Request, arguments: dict[str, Any], rows: int) -> None:
        self.place = place
        self.request = request
        self.arguments = arguments
        self.rows = rows


class Batcher:
    """Answers several requests with one run.

    Attributes:
        most: Requests per run.
        wait_s: How long a busy server may wait for more of them.
    """

    def __init__(
        self,
        application: Application,
        answer: Callable[[Request], Any],
        batch: tuple[int, int],
        metrics: Metrics,
    ) -> None:
        self.most = batch[0]
        self.wait_s = batch[1] / 1e6
        self._application = application
        self._answer_alone = answer
        self._plan: Any = application.run_plan
        self._metrics = metrics
        self._proofs_left = PROOFS

    @classmethod
    def for_plan(
        cls,
        application: Application,
        answer: Callable[[Request], Any],
        batch: tuple[int, int],
        metrics: Metrics,
    ) -> Batcher | None:
        """A batcher, or None when the script's `run` can not be batched; the log says so."""
        plan: Any = application.run_plan
        if plan.is_async or not plan.allows_batching:
            logger.warning("MOORING_BATCH is ignored: not every argument of run() is declared to have rows.")
            return None
        return cls(application, answer, batch, metrics)

    def answer(self, requests: Sequence[Request]) -> list[Response]:
        """One response per request, in order; a request that can not be batched, or is wrong, is answered alone."""
        responses: dict[int, Any] = {}
        items = self._read(requests, responses)
        self._metrics.note_batch(len(items))
        if len(items) > 1:
            self._run_together(items, responses)
        return [
            responses[place] if place in responses else self._answer_alone(request)
            for place, request in enumerate(requests)
        ]

    def _read(self, requests: Sequence[Request], responses: dict[int, Any]) -> list[_Item]:
        items: list[_Item] = []
        read = self._plan.read
        for place, request in enumerate(requests):
            if is_binary(request) or has_long_id(request):
                continue
            try:
                arguments = read(request)
            except Exception as error:  # noqa: BLE001 - the contract knows what each kind is answered with
                responses[place] = self._application.failed(request, error)
                continue
            rows = _count_rows(arguments)
            if rows:
                items.append(_Item(place, request, arguments, rows))
        return items

    def _run_together(self, items: list[_Item], responses: dict[int, Any]) -> None:
        """Fill in the responses; on any doubt leave them out, so that each request is run alone."""
        try:
            merged = _merge(items)
            started = perf_counter()
            result = self._plan.call(**merged)
            run_ms = (perf_counter() - started) * 1000.0
            parts = _split(result, items)
        except ScoringTimeout:
            raise
        except Exception:  # noqa: BLE001 - one bad row fails alone
            return
        if parts is None:
            self._distrust("its result does not have one row per row of input")
        elif self._proofs_left:
            self._prove(items, parts, responses)
        else:
            reply, complete = self._plan.reply, self._application.complete
            for item, part in zip(items, parts):
                responses[item.place] = complete(item.request, reply(part, item.request, run_ms))

    def _prove(self, items: list[_Item], parts: list[Any], responses: dict[int, Any]) -> None:
        """Run each request alone as well, give the clients those answers, and compare."""
        for item, part in zip(items, parts):
            alone: Any = self._answer_alone(item.request)
            responses[item.place] = alone
            together = self._plan.reply(part, item.request, 0.0)
            if alone.status == _OK and not _is_same(json.loads(alone.body), json.loads(together.body)):
                self._distrust("its answer to a batch differs from its answers to the single requests")
                return
        self._proofs_left -= 1

    def _distrust(self, reason: str) -> None:
        logger.warning("run() is not batched any more: %s.", reason)
        self.most = 1


def _count_rows(arguments: dict[str, Any]) -> int:
    """Rows of a request's arguments; 0 when they are no lists of equal length, which is judged alone."""
    counts = {len(value) if isinstance(value, list) else 0 for value in arguments.values()}
    return counts.pop() if len(counts) == 1 else 0


def _merge(items: list[_Item]) -> dict[str, list[Any]]:
    """All rows of all requests, by argument: converting them once is much cheaper than one by one."""
    merged: dict[str, list[Any]] = {name: [] for name in items[0].arguments}
    for item in items:
        for name, value in item.arguments.items():
            merged[name] += value
    return merged


def _split(result: Any, items: list[_Item]) -> list[Any] | None:
    """The rows of a result that belong to each request; None when it does not come in rows."""
    total = sum(item.rows for item in items)
    if isinstance(result, dict):
        if not result or not all(_has_rows(value, total) for value in result.values()):
            return None
        columns = [(name, _cut(value, items)) for name, value in result.items()]
        return [{name: parts[place] for name, parts in columns} for place in range(len(items))]
    return _cut(result, items) if _has_rows(result, total) else None


def _has_rows(value: Any, total: int) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) == total
    shape = getattr(value, "shape", None)
    return isinstance(shape, tuple) and len(shape) > 0 and shape[0] == total


def _cut(value: Any, items: list[_Item]) -> list[Any]:
    rows = getattr(value, "iloc", value)
    parts = []
    start = 0
    for item in items:
        parts.append(rows[start : start + item.rows])
        start += item.rows
    return parts


def _is_same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal, floats as nearly as rounding allows."""
    if isinstance(one, float) and isinstance(other, float):
        are_both_nan = math.isnan(one) and math.isnan(other)
        return are_both_nan or one == other or abs(one - other) <= CLOSE * max(abs(one), abs(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    return bool(one == other)
