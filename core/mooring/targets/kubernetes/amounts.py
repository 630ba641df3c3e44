"""Amounts as Kubernetes writes them (`250m`, `512Mi`), as numbers."""

from __future__ import annotations

_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50}
_DECIMAL = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}


def as_number(text: str) -> float:
    """The number an amount stands for: cores, bytes, pieces.

    Raises:
        ValueError: It is no amount.
    """
    for suffix, factor in _BINARY.items():
        if text.endswith(suffix):
            return float(text[: -len(suffix)]) * factor
    suffix = text[-1:] if text[-1:].isalpha() else ""
    return float(text.removesuffix(suffix)) * _DECIMAL[suffix]


def as_bytes(text: str) -> int:
    """Memory in bytes."""
    return round(as_number(text))
