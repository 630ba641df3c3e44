"""The channels of a conda file: names turned into addresses, credentials taken out of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from mooring.environments.failures import InvalidEnvironment
from mooring.environments.redaction import redact

_ALIAS = "https://conda.anaconda.org"
_DEFAULTS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
_USUAL = "conda-forge"  # conda's own default asks companies for a licence; this one asks nobody
_TOKEN = re.compile(r"^/t/(?P<token>[^/]+)(?=/)")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<bare>\w+))")


@dataclass(frozen=True)
class Channel:
    """Where conda packages come from.

    Attributes:
        name: As written, without credentials.
        urls: One; several of equal rank for conda's `defaults`. Without credentials.
    """

    name: str
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Channels:
    """The channels of an environment, first wins.

    Attributes:
        listed: Without credentials.
        addresses: What rattler knows the channel of each entry by, under the entry as written.
        credentials: By host, in the form of rattler's authentication file.
    """

    listed: tuple[Channel, ...]
    addresses: dict[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)
    credentials: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, compare=False)

    @property
    def names(self) -> str:
        """For messages: `conda-forge, file:///srv/channel`."""
        return ", ".join(channel.name for channel in self.listed)


def read_channels(entries: Iterable[str], *, base_dir: Path, subject: str) -> Channels:
    """The channels that a conda file lists; conda-forge when it lists none.

    Args:
        entries: Names, addresses or folders.
        base_dir: What relative folders are relative to.
        subject: Whose list it is, for messages.

    Raises:
        InvalidEnvironment: An entry names a variable that is not set, or a host gets two different credentials.
    """
    listed: dict[str, Channel] = {}
    addresses: dict[str, str] = {}
    credentials: dict[str, Any] = {}
    for entry in entries:
        if entry == "nodefaults":
            continue
        urls, found = _locate(entry, base_dir, subject)
        for host, credential in found.items():
            if credentials.setdefault(host, credential) != credential:
                raise InvalidEnvironment(
                    subject,
                    f"channels of host {host!r} have different credentials",
                    "Use one account for all channels of a host.",
                )
        first, *more = urls
        listed.setdefault(first, Channel(redact(entry), urls))
        addresses[entry] = entry if more else first
    if not listed:
        return read_channels([_USUAL], base_dir=base_dir, subject=subject)
    return Channels(tuple(listed.values()), addresses, credentials)


def _locate(entry: str, base_dir: Path, subject: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    if entry == "defaults":
        return _DEFAULTS, {}
    if entry.startswith((".", "/", "~")):
        return ((base_dir / os.path.expanduser(entry)).resolve().as_uri(),), {}  # noqa: PTH111  leaves `~nobody` as it is; Path's own raises
    if "://" not in entry:
        alias = os.environ.get("CONDA_CHANNEL_ALIAS", _ALIAS).rstrip("/")
        entry = f"{alias}/{entry.strip('/')}"
    url, credentials = _without_credentials(_fill_in(entry, subject))
    return (url,), credentials


def _fill_in(entry: str, subject: str) -> str:
    def value(found: re.Match[str]) -> str:
        name = found["braced"] or found["bare"]
        if name not in os.environ:
            raise InvalidEnvironment(
                subject,
                f"channel {redact(entry)!r} names variable {name}, which is not set",
                f"Set {name}, or correct the channel.",
            )
        return os.environ[name]

    return _VARIABLE.sub(value, entry)


def _without_credentials(url: str) -> tuple[str, dict[str, Any]]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    credentials: dict[str, Any] = {}
    if parts.username is not None:
        login = {"username": unquote(parts.username), "password": unquote(parts.password or "")}
        credentials[host] = {"BasicHTTP": login}
    token = _TOKEN.match(parts.path)
    path = parts.path
    if token is not None:
        credentials[host] = {"CondaToken": token["token"]}
        path = path[token.end() :]
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, path.rstrip("/"), parts.query, "")), credentials
