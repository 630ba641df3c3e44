"""The gate in front of the routes: lets a head through or says why not."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from mooring.scoring.auth.keys import KeysFile
from mooring.scoring.http.head import Head

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["MISSING", "WRONG", "Gate"]

MISSING = "Send the header Authorization: Bearer followed by a key or token of this service."
WRONG = "The key or token is not valid for this service, or it has expired."
_SCHEME = b"bearer "


class Gate:
    """Checks the `Authorization` header; raises `KeysFileError` when its keys can not be had."""

    def __init__(self, settings: ServerSettings) -> None:
        self.is_on = settings.auth != "off"
        self._open: frozenset[str] = frozenset().union(
            *(settings.paths_of(route) for route in settings.open_routes)
        )
        self._takes_keys = "key" in settings.auth
        self.keys = KeysFile(settings.keys_file or "")
        self._tokens = None
        if self.is_on:
            self.keys.load()
        if "token" in settings.auth:
            from mooring.scoring.auth.tokens import TokenVerifier

            self._tokens = TokenVerifier(self.keys, settings)

    def refusal(self, head: Head) -> str | None:
        """Why the request may not pass, or None."""
        given = head.authorization
        if not given:
            return None if not self.is_on or self._is_open(head) else MISSING
        if not self.is_on or self._has_key(given) or self._has_token(given) or self._is_open(head):
            return None
        return WRONG

    def _is_open(self, head: Head) -> bool:
        # A pre-flight request of a browser can not carry a key; it never reaches `run` unless the script is raw.
        return head.path in self._open and head.method in {"GET", "HEAD", "OPTIONS"}

    def _has_key(self, given: bytes) -> bool:
        if not self._takes_keys:
            return False
        if given[:7].lower() == _SCHEME and given[:7] != b"Bearer ":
            given = b"Bearer " + given[7:]
        is_known = False
        for expected in self.keys.expected:  # every key is compared, whichever matches
            is_known |= compare_digest(given, expected)
        return is_known

    def _has_token(self, given: bytes) -> bool:
        if self._tokens is None or given[:7].lower() != _SCHEME:
            return False
        return self._tokens.accepts(given[7:].strip())
