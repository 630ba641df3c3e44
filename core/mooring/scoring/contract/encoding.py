"""Results as JSON, byte for byte as `json.dumps` writes them, without its set-up cost per call."""

from __future__ import annotations

import json
import json.encoder
from typing import Any, Callable

__all__ = ["encode", "fast_loads"]

_PROBE = {"a": [1, 2.5, float("nan"), None, True, "é\n"], "1": {"b": (3,)}}


def _make_encoder() -> Callable[[Any], str]:
    """The C encoder, kept; or `json.dumps` where it is missing or no longer answers the same."""
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.dumps
    fallback = json.JSONEncoder().default
    escape = json.encoder.encode_basestring_ascii
    try:
        # No marker dictionary: a circular result ends in RecursionError, which is answered like any other failure.
        chunks = make(None, fallback, escape, None, ": ", ", ", False, False, True)
        same = "".join(chunks(_PROBE, 0)) == json.dumps(_PROBE)
    except Exception:  # noqa: BLE001
        return json.dumps
    if not same:
        return json.dumps

    join = "".join

    def encode_text(value: Any) -> str:
        return join(chunks(value, 0))

    return encode_text


_encode_text = _make_encoder()


def encode(value: Any) -> bytes:
    """`json.dumps(value)` as bytes; raises TypeError, ValueError or RecursionError for what JSON can not hold."""
    return _encode_text(value).encode("ascii")


def fast_loads() -> Callable[[Any], Any]:
    """`orjson.loads` over `json.loads`, for input that only becomes floats; errors are `json`'s own.

    orjson reads integers beyond 64 bits as floats; where every value ends in a float array that makes no
    difference, and anything it refuses (NaN, UTF-16, lone surrogates) is read again by `json`.
    """
    try:
        import orjson
    except ImportError:
        return json.loads

    quick = orjson.loads
    careful = json.loads

    def loads(body: Any) -> Any:
        try:
            return quick(body)
        except ValueError:
            return careful(body)

    return loads
