"""API servers are restarted; what runs does not mind, and who deploys waits for them."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from mooring.deployments.target import Reporter
from mooring.targets.kubernetes.errors import CertificateUntrusted, ClusterUnreachable

_WITHIN_S = 120.0
_TRY_EVERY_S = 0.5
_REPORTER: ContextVar[Reporter | None] = ContextVar("mooring_waits_for_api", default=None)


@contextmanager
def waiting_for_api(reporter: Reporter) -> Generator[None, None, None]:
    """While the block runs, every request of its thread waits up to two minutes for an API server that is away."""
    token = _REPORTER.set(reporter)
    try:
        yield
    finally:
        _REPORTER.reset(token)


class Patience:
    """How long one request still waits.

    Args:
        reporter: Told that it does.
    """

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._give_up = time.monotonic() + _WITHIN_S

    @staticmethod
    def now() -> Patience | None:
        """That of a request which begins; None when it has none."""
        reporter = _REPORTER.get()
        return Patience(reporter) if reporter is not None else None

    def goes_on(self, trouble: ClusterUnreachable) -> bool:
        """Whether to ask again, after a moment; who answers with a wrong certificate will do so again."""
        if isinstance(trouble, CertificateUntrusted) or time.monotonic() > self._give_up:
            return False
        self._reporter.progress("started", "the API server does not answer; waiting for it")
        time.sleep(_TRY_EVERY_S)
        return True
