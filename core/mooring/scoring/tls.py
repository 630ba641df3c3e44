"""TLS with a given certificate, read again when it is renewed."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

__all__ = ["Certificate", "CertificateError"]

logger = logging.getLogger("azmlinfsrv")


class CertificateError(Exception):
    """The certificate or its key can not be used."""


class Certificate:
    """One certificate chain and key, and the context that serves them.

    Raises:
        CertificateError: They can not be read, or do not belong together.
    """

    def __init__(self, cert_path: str, key_path: str) -> None:
        self._paths = (Path(cert_path), Path(key_path))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        self._seen = self._signature()
        self._load()

    def refresh(self) -> bool:
        """Load the files again if they changed; new connections get the new certificate."""
        seen = self._signature()
        if seen == self._seen or None in seen:
            return False
        try:
            self._load()
        except CertificateError as error:
            logger.warning("%s The certificate loaded before stays in use.", error)
            return False
        self._seen = seen
        logger.info("The certificate was read again.")
        return True

    def _load(self) -> None:
        cert, key = self._paths
        try:
            self.context.load_cert_chain(cert, key)
        except (OSError, ssl.SSLError) as error:
            reason = error.strerror or getattr(error, "reason", "") or "not a PEM file"
            raise CertificateError(
                f"The certificate {cert} with the key {key} can not be used: {reason}."
            ) from None

    def _signature(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_changed(path) for path in self._paths)


def _changed(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size)
