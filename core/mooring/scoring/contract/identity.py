"""Request ids: which of the client's are echoed, and under which names.

Source: azure-v1 reference, headers; the table of request, legacy and client ids.
"""

from __future__ import annotations

import itertools
import os
from typing import List, Tuple

from mooring.scoring.messages import Headers

__all__ = ["Identity", "identify", "new_id"]

LIMIT = 100  # characters; longer ids are refused with 431

Identity = List[Tuple[str, str]]

_CLIENTS = frozenset(("x-request-id", "x-ms-request-id", "x-ms-client-request-id", "traceid"))


class _Ids:
    """Ids of one process: 72 random bits, and a count from a random start.

    They need to be unique, not secret. Scripts may seed the global generator, so the bits come from elsewhere.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Start over; a forked process must not repeat its parent's ids."""
        bits = os.urandom(9).hex()
        self.prefix = f"{bits[:8]}-{bits[8:12]}-4{bits[12:15]}-a{bits[15:]}-"
        self.count = itertools.count(int.from_bytes(os.urandom(5), "big"))


_ids = _Ids()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ids.renew)


def new_id() -> str:
    """A UUID of version 4, as text."""
    return f"{_ids.prefix}{next(_ids.count):012x}"


def identify(headers: Headers) -> tuple[Identity, str]:
    """The id headers of the response, and the text of a refusal (431) when one of the client's ids is too long."""
    if _CLIENTS.isdisjoint(headers.by_name):
        request_id = new_id()
        return [("x-request-id", request_id), ("x-ms-request-id", request_id)], ""
    get = headers.get
    given = get("x-request-id")
    request_id = new_id() if given is None else given
    return _echo(
        request_id, get("x-ms-request-id") or "", get("x-ms-client-request-id") or "", get("traceid")
    )


def _echo(request_id: str, legacy: str, client: str, trace: str | None) -> tuple[Identity, str]:
    refusal = ""
    pairs: Identity = []
    if len(request_id) > LIMIT:
        refusal = f"x-request-id must not exceed {LIMIT} characters"
    else:
        if legacy:
            client = client or legacy
        else:
            legacy = client or request_id
        if request_id:
            pairs.append(("x-request-id", request_id))
        if len(legacy) > LIMIT or len(client) > LIMIT:
            refusal = f"x-ms-request-id and x-ms-client-request-id must not exceed {LIMIT} characters"
        else:
            if legacy:
                pairs.append(("x-ms-request-id", legacy))
            if client:
                pairs.append(("x-ms-client-request-id", client))
    if trace is not None:
        pairs.append(("TraceId", trace))
    return pairs, refusal
