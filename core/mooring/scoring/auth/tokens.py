"""HS256 tokens: signature, expiry, audience, issuer and key id; each good one is verified once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mooring.scoring.auth.keys import KeysFile, KeysFileError

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["TokenVerifier"]

REMEMBERED = 1024
LONGEST_TOKEN_BYTES = 8192


class TokenVerifier:
    """Verifies tokens with the signing key of a keys file."""

    def __init__(self, keys: KeysFile, settings: ServerSettings) -> None:
        try:
            import jwt
        except ImportError:
            raise KeysFileError(
                "Token authentication needs the package PyJWT in the service's environment."
            ) from None
        self._jwt = jwt
        self._keys = keys
        self._audience = settings.jwt_audience
        self._issuer = settings.jwt_issuer
        self._kid = settings.jwt_kid
        self._good_until: dict[bytes, float] = {}
        self._generation = keys.generation

    def accepts(self, token: bytes) -> bool:
        """Whether the token is valid now; tokens of a former signing key are not."""
        if self._generation != self._keys.generation or len(self._good_until) >= REMEMBERED:
            self._good_until.clear()
            self._generation = self._keys.generation
        until = self._good_until.get(token)
        if until is None:
            until = self._verify(token)
            if until is None:
                return False
            self._good_until[token] = until
        return time.time() < until

    def _verify(self, token: bytes) -> float | None:
        """When the token expires, or None if it is not ours."""
        if self._keys.signing is None or len(token) > LONGEST_TOKEN_BYTES:
            return None
        try:
            wanted = self._keys.kid or self._kid
            if wanted is not None and self._jwt.get_unverified_header(token).get("kid") != wanted:
                return None
            claims = self._decode(token)
            return float(claims["exp"])
        except Exception:  # noqa: BLE001 - a token is a stranger's text; whatever is wrong with it, it is not valid
            return None

    def _decode(self, token: bytes) -> dict[str, Any]:
        claims: dict[str, Any] = self._jwt.decode(
            token,
            self._keys.signing or b"",
            algorithms=["HS256"],
            audience=self._audience,
            issuer=self._issuer,
            options={"require": ["exp"], "verify_aud": self._audience is not None},
        )
        return claims
