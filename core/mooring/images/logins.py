"""Registries that were logged in to: address, user and password, in a file of the owner's alone.

Docker's own logins are used for every other registry. A login given with an image (`baseImageRegistry`) comes first.
"""

from __future__ import annotations

import json
import os
from typing import Any

from mooring.settings import Settings


class RegistryLogins:
    """The registries this machine's user has registered.

    Args:
        settings: Say where they are kept.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "registries.json"

    def list(self) -> dict[str, str]:
        """User names by address, for people."""
        return {address: str(login.get("username")) for address, login in sorted(self._load().items())}

    def find(self, image: str) -> dict[str, str] | None:
        """The login for the registry of an image's name, as docker's SDK takes it; None when there is none."""
        logins = self._load()
        known = [address for address in logins if image.startswith(f"{address}/")]
        return dict(logins[max(known, key=len)]) if known else None

    def add(self, address: str, username: str, password: str) -> None:
        """Register one; an address that is known gets the new login."""
        self._save({**self._load(), bare_address(address): {"username": username, "password": password}})

    def remove(self, address: str) -> bool:
        """Forget one; whether it was known."""
        known = self._load()
        was_known = known.pop(bare_address(address), None) is not None
        if was_known:
            self._save(known)
        return was_known

    def _load(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _save(self, logins: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(logins, indent=1) + "\n", encoding="utf-8")
        temporary.replace(self._path)


def bare_address(address: str) -> str:
    """`host:port/path`, without a scheme."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")
