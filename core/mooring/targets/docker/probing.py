"""Asks a service's own address whether anybody is there, whatever name its certificate bears."""

from __future__ import annotations

import contextlib
import http.client
import ssl
from urllib.parse import urlsplit


def answers(host: str, uri: str, within_s: float) -> int:
    """Status of the health route; 0 when nobody answers.

    Args:
        host: Of the engine: names on certificates need not be known here.
        uri: Scoring URI; scheme and port are taken from it.
        within_s: Longest silence.
    """
    parts = urlsplit(uri)
    if parts.scheme == "https":
        # Nothing is sent but "are you there": who answers is proved to clients, not here.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=within_s, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=within_s)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
