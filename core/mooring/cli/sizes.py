"""Sizes and times in the words people use."""

from __future__ import annotations

_THOUSAND = 1000
_MINUTE = 60


def size(size_bytes: float) -> str:
    """`1.2 kB`; decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < _THOUSAND:
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= _THOUSAND
    return f"{size_bytes:.1f} TB"


def seconds(elapsed_s: float) -> str:
    """`1.1 ms`, `0.4 s`, `12 s`, `3 min 20 s`."""
    if elapsed_s < 0.1:  # noqa: PLR2004
        return f"{elapsed_s * 1000:.1f} ms"
    if elapsed_s < 10:  # noqa: PLR2004
        return f"{elapsed_s:.1f} s"
    if elapsed_s < 2 * _MINUTE:
        return f"{elapsed_s:.0f} s"
    return f"{int(elapsed_s // _MINUTE)} min {int(elapsed_s % _MINUTE)} s"


def short_digest(digest: str) -> str:
    """`sha256 5f1c…9aa1`: enough to tell two apart at a glance."""
    algorithm, _, value = digest.partition(":")
    return f"{algorithm} {value[:4]}…{value[-4:]}"
