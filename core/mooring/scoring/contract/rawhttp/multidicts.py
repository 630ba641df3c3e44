"""Mappings with several values per name, as web frameworks have them."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator

__all__ = ["HeaderMap", "MultiDict"]


class MultiDict(Dict[str, Any]):
    """A dictionary that answers with the first value of a name and keeps the others.

    Args:
        pairs: Names and values, oldest first.
    """

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__()
        self._lists: dict[str, list[Any]] = {}
        for name, value in pairs:
            self._lists.setdefault(name, []).append(value)
            self.setdefault(name, value)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002
        """Every value of a name; values that `type` refuses are left out."""
        values = list(self._lists.get(key, []))
        if type is None:
            return values
        return [made for made in (_made(type, value) for value in values) if made is not _REFUSED]

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # noqa: A002
        """The first value of a name; `default` when it is absent or refused by `type`."""
        if key not in self:
            return default
        made = self[key] if type is None else _made(type, self[key])
        return default if made is _REFUSED else made

    def to_dict(self, flat: bool = True) -> dict[str, Any]:
        """A plain dictionary of first values, or of lists."""
        return dict(self) if flat else self.lists_dict()

    def lists_dict(self) -> dict[str, Any]:
        """A plain dictionary of lists."""
        return {name: list(values) for name, values in self._lists.items()}

    def lists(self) -> Iterator[tuple[str, list[Any]]]:
        """Names with all their values."""
        return iter([(name, list(values)) for name, values in self._lists.items()])


class HeaderMap:
    """Header pairs in order; names are compared without case.

    Args:
        pairs: Names and values, in sending order.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs: list[tuple[str, str]] = list(pairs)

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # noqa: A002
        """The first value of a header, made into `type` when given."""
        wanted = key.lower()
        for name, value in self._pairs:
            if name.lower() == wanted:
                made = value if type is None else _made(type, value)
                return default if made is _REFUSED else made
        return default

    def getlist(self, key: str) -> list[str]:
        """Every value of a header."""
        wanted = key.lower()
        return [value for name, value in self._pairs if name.lower() == wanted]

    get_all = getlist

    def add(self, name: str, value: Any) -> None:
        """Append a header, keeping others of the same name."""
        text = str(value)
        if "\n" in text or "\r" in text:
            raise ValueError("Header values must not contain newline characters.")
        self._pairs.append((name, text))

    add_header = add

    def set(self, name: str, value: Any) -> None:
        """Replace a header in its place, or append it."""
        wanted = name.lower()
        places = [i for i, (known, _) in enumerate(self._pairs) if known.lower() == wanted]
        self.add(name, value)
        if places:
            pair = self._pairs.pop()
            self._pairs[places[0]] = pair
            for i in reversed(places[1:]):
                del self._pairs[i]

    def remove(self, name: str) -> None:
        """Drop a header; one that is absent is no error."""
        wanted = name.lower()
        self._pairs = [(known, value) for known, value in self._pairs if known.lower() != wanted]

    def update(self, other: Any) -> None:
        """Replace headers by those of a mapping or of pairs."""
        for name, value in other.items() if hasattr(other, "items") else other:
            self.set(name, value)

    extend = update

    def setdefault(self, name: str, value: Any) -> str:
        """The header's value, set first when it is absent."""
        if name not in self:
            self.set(name, value)
        return self[name]

    def pop(self, name: str, default: Any = None) -> Any:
        """Take a header out and return its first value."""
        value = self.get(name, default)
        self.remove(name)
        return value

    def keys(self) -> list[str]:
        """Names in order."""
        return [name for name, _ in self._pairs]

    def values(self) -> list[str]:
        """Values in order."""
        return [value for _, value in self._pairs]

    def items(self) -> list[tuple[str, str]]:
        """Pairs in order."""
        return list(self._pairs)

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return str(value)

    def __setitem__(self, name: str, value: Any) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        self.remove(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __repr__(self) -> str:
        # Values may be secrets (Authorization); names are enough to debug with.
        return f"<HeaderMap {self.keys()}>"


_REFUSED: Any = object()


def _made(kind: Any, value: Any) -> Any:
    try:
        return kind(value)
    except (TypeError, ValueError):
        return _REFUSED
