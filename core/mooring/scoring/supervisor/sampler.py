"""`supervisor sample FILE`: ask the service in this container a real question, as a probe that an orchestrator runs.

Ready is who answers it. An answer that blames the request (4xx) is an answer; one that blames the service (5xx) is
not, and its first words become the probe's, which orchestrators show.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import os
import ssl
import sys
import time
from typing import Mapping

__all__ = ["run_sampler"]

_TIMEOUT_S = 9.0
_SHOWN = 200
_FAILED = 500


def run_sampler(arguments: list[str]) -> int:
    """Exit code 0 when the service answered the request in the file."""
    with open(arguments[0], "rb") as file:
        body = file.read()
    try:
        status, answer = _ask(body, os.environ)
    except (OSError, http.client.HTTPException) as error:
        sys.stdout.write(f"no answer yet: {type(error).__name__}\n")
        return 1
    if status < _FAILED:
        return 0
    sys.stdout.write(f"Sample answered {status}: {answer[:_SHOWN].decode('utf-8', 'replace')}\n")
    return 1


def _ask(body: bytes, variables: Mapping[str, str]) -> tuple[int, bytes]:
    port = int(variables.get("SERVER_PORT") or 5001)
    if variables.get("MOORING_TLS_CERT"):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # of this very container
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=_TIMEOUT_S, context=context
        )
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    headers = {"Content-Type": "application/json", **_authorization(variables)}
    try:
        connection.request("POST", "/score", body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _authorization(variables: Mapping[str, str]) -> dict[str, str]:
    mode, path = variables.get("MOORING_AUTH", "off"), variables.get("MOORING_KEYS_FILE", "")
    if mode == "off" or not path:
        return {}
    with open(path, encoding="utf-8") as file:
        keys = json.load(file)
    if "key" in mode:
        return {"Authorization": "Bearer " + str(keys.get("primary") or "")}
    return {"Authorization": "Bearer " + _token(str(keys.get("signing") or ""), variables)}


def _token(secret: str, variables: Mapping[str, str]) -> str:
    """A token for the next minute (RFC 7519, HS256)."""
    now = int(time.time())
    claims = {
        "aud": variables.get("MOORING_JWT_AUDIENCE", ""),
        "iss": variables.get("MOORING_JWT_ISSUER", ""),
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    head = {"alg": "HS256", "typ": "JWT"}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in (head, claims))
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_encoded(digest)}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
