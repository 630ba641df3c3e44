"""Keys and tokens of a service: made here, kept in one 0600 file, never anywhere else."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from mooring.deployments.errors import InvalidKey

KEY_NAMES = ("primary", "secondary", "signing")

TOKEN_ISSUER = "mooring"  # noqa: S105 (a name)
_LONGEST = 256
_TOKEN_LIFETIME_S = 12 * 3600
# v1 clients ask again once refresh_by has passed; half the lifetime leaves room for clocks that differ.
_TOKEN_REFRESH_S = _TOKEN_LIFETIME_S // 2


@dataclass(frozen=True)
class KeyPair:
    """Both keys of a service; either one opens it. Its repr does not show them."""

    primary: str = field(repr=False)
    secondary: str = field(repr=False)


@dataclass(frozen=True)
class AccessToken:
    """A signed token for one service. Its repr does not show it.

    Attributes:
        refresh_after: Ask for a new one from then on, UTC.
        expiry_on: The service refuses it from then on, UTC.
    """

    access_token: str = field(repr=False)
    refresh_after: datetime
    expiry_on: datetime
    token_type: str = "Bearer"  # noqa: S105 (the scheme's name)


class ServiceKeys:
    """The keys file of one service.

    Args:
        path: Where it is; its folder is made when needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def exist(self) -> bool:
        """Whether the service has keys."""
        return self.path.exists()

    def read(self) -> dict[str, str]:
        """All keys; missing ones are empty."""
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raw = {}
        return {name: str(raw.get(name) or "") for name in KEY_NAMES}

    def ensure(self, given: Mapping[str, str | None]) -> None:
        """Make what is missing; `given` values (primary, secondary) replace what is there.

        Raises:
            InvalidKey: A given key is too long or can't travel in a header.
        """
        wanted = {name: given.get(name) for name in KEY_NAMES}
        for value in wanted.values():
            if value:
                _check(value)
        kept = self.read()
        keys = {name: wanted[name] or kept[name] or _new_key() for name in KEY_NAMES}
        if keys != kept:
            self._write(keys)

    def regenerate(self, which: str, value: str | None = None) -> None:
        """Replace one key; a new signing key revokes every token.

        Raises:
            InvalidKey: There is no key of that name, or the value can't be a key.
        """
        name = which.casefold()
        if name not in KEY_NAMES:
            raise InvalidKey(reason=f"there is no key named {which!r}")
        if value is not None:
            _check(value)
        self._write({**self.read(), name: value or _new_key()})

    def issue_token(self, service: str) -> AccessToken:
        """A token the service accepts, valid for twelve hours (HS256, audience: the service)."""
        import jwt

        now = int(time.time())
        claims = {
            "aud": service,
            "iss": TOKEN_ISSUER,
            "iat": now,
            "nbf": now,
            "exp": now + _TOKEN_LIFETIME_S,
            "jti": secrets.token_hex(8),
        }
        return AccessToken(
            access_token=jwt.encode(claims, self.read()["signing"], algorithm="HS256"),
            refresh_after=_as_time(now + _TOKEN_REFRESH_S),
            expiry_on=_as_time(now + _TOKEN_LIFETIME_S),
        )

    def _write(self, keys: Mapping[str, str]) -> None:
        """Atomically: the server may read at any moment, and a killed writer must not lose the keys."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(dict(keys), file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _check(value: str) -> None:
    if len(value) > _LONGEST or not value.isascii() or not value.isprintable() or " " in value:
        raise InvalidKey(
            reason=f"the value given has more than {_LONGEST} characters, or some that can't travel in a header"
        )


def _as_time(epoch_s: int) -> datetime:
    return datetime.fromtimestamp(epoch_s, tz=timezone.utc)
