"""Request ids: which of the client's are echoed, and under which names.

Source: azure-v1 reference, headers; the table of request, legacy and client ids.
"""

from __future__ import annotations

import os
import random
from typing import List, Tuple

from mooring.scoring.messages import Headers

__all__ = ["Identity", "identify", "new_id"]

LIMIT = 100  # characters; longer ids are refused with 431

Identity = List[Tuple[str, str]]

# Ids need to be unique, not secret; scripts may seed the global generator, so ours is apart from it.
_generator = random.Random()  # noqa: S311
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_generator.seed)


def new_id() -> str:
    """A random UUID, version 4, as text."""
    digits = f"{_generator.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def identify(headers: Headers) -> tuple[Identity, str]:
    """The id headers of the response, and the text of a refusal (431) when one of the client's ids is too long."""
    get = headers.get
    given = get("x-request-id")
    legacy = get("x-ms-request-id")
    client = get("x-ms-client-request-id")
    trace = get("traceid")
    if given is None and not legacy and not client and trace is None:
        request_id = new_id()
        return [("x-request-id", request_id), ("x-ms-request-id", request_id)], ""
    return _echo(new_id() if given is None else given, legacy or "", client or "", trace)


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
