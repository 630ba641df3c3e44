"""The rules of names, ids, versions, tags and filters.

Source: azure-v1.md §6.3 and §6.8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mooring.registry.errors import InvalidFilter, InvalidLabels, InvalidModelName, InvalidModelVersion

_MODEL_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-._]{0,254}")

_LARGEST_VERSION = 2**31 - 1  # every database's INTEGER holds it
_VERSION = re.compile(r"[0-9]{1,10}")

Pairs = tuple[tuple[str, "str | None"], ...]


def check_name(name: Any) -> str:
    """The name, when a model may have it.

    Raises:
        InvalidModelName: It may not.
    """
    if not isinstance(name, str) or not _MODEL_NAME.fullmatch(name):
        raise InvalidModelName(name)
    return name


def check_version(version: Any) -> int | None:
    """The version, or None.

    Raises:
        InvalidModelVersion: It is no int; v1 takes no `"9"` either.
    """
    if version is None:
        return None
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= _LARGEST_VERSION:
        raise InvalidModelVersion(version)
    return version


def parse_id(model_id: Any) -> tuple[str, int | None]:
    """Name and version of `name` or `name:version`; without a version, None for the newest.

    Raises:
        InvalidModelName: The name breaks the rules.
        InvalidModelVersion: What follows the colon is no whole number above zero.
    """
    name, colon, version = model_id.partition(":") if isinstance(model_id, str) else (model_id, "", "")
    check_name(name)
    if not colon:
        return name, None
    if not _VERSION.fullmatch(version):
        raise InvalidModelVersion(version)
    return name, check_version(int(version))


def check_labels(kind: str, labels: Any) -> dict[str, str]:
    """A copy of tags or properties.

    Raises:
        InvalidLabels: They are no dictionary, or a key or value is no string.
    """
    if labels is None:
        return {}
    if not isinstance(labels, Mapping):
        raise InvalidLabels(kind, f"{labels!r} is no dictionary")
    for key, value in labels.items():
        if not isinstance(key, str) or not key:
            raise InvalidLabels(kind, f"the key {key!r} is no text")
        if not isinstance(value, str):
            raise InvalidLabels(kind, f"the value of {key!r} is {value!r}, not a string")
    return dict(labels)


def parse_filters(kind: str, wanted: Any) -> Pairs:
    """Pairs of key and value, None for any value, of v1's list of `key` or `[key, value]`.

    Raises:
        InvalidFilter: It is no such list.
    """
    if wanted is None:
        return ()
    if isinstance(wanted, str) or not isinstance(wanted, (list, tuple)):
        raise InvalidFilter(kind, wanted)
    return tuple(_parse_filter(kind, item) for item in wanted)


def _parse_filter(kind: str, item: Any) -> tuple[str, str | None]:
    if isinstance(item, str):
        return item, None
    if isinstance(item, (list, tuple)) and len(item) == 2 and all(isinstance(part, str) for part in item):  # noqa: PLR2004
        return item[0], item[1]
    raise InvalidFilter(kind, item)
