"""Send a request to a service, as its owner."""

from __future__ import annotations

from typing import Any

from mooring.deployments.calls import Answer, as_body, call
from mooring.deployments.errors import BadAnswer, ServiceUnreachable
from mooring.deployments.parts import Parts
from mooring.deployments.reading import get
from mooring.deployments.sampling import bearer_for
from mooring.deployments.values import Service

_OK = 200
_UNAUTHORIZED = 401


def run(parts: Parts, name: str, data: Any) -> Any:
    """The decoded answer to one request.

    Raises:
        ServiceNotFound: There is no such service.
        ServiceUnreachable: It does not answer; says how it is.
        BadAnswer: It answered with another status than 200.
    """
    answer = ask(parts, name, data)
    if answer.status != _OK:
        raise BadAnswer(service=name, status=answer.status, headers=answer.headers, content=answer.content)
    return answer.decoded()


def ask(parts: Parts, name: str, data: Any) -> Answer:
    """The answer to one request, whatever its status.

    Raises:
        ServiceNotFound: There is no such service.
        ServiceUnreachable: It does not answer; says how it is.
    """
    record = parts.store.find(name) or get(parts, name)
    body = as_body(data)
    answer = _send(parts, record, body)
    if (
        answer.status == _UNAUTHORIZED
    ):  # somebody may have changed the keys between our reading and the request
        answer = _send(parts, record, body)
    return answer


def _send(parts: Parts, record: Service, body: bytes) -> Answer:
    if not record.scoring_uri:
        raise _unreachable(parts, record.name, "scoring_uri unavailable")
    mode = "token" if record.token_auth_enabled else "key" if record.auth_enabled else "off"
    try:
        return call(record.scoring_uri, method="POST", body=body, bearer=bearer_for(parts, record.name, mode))
    except OSError as error:
        raise _unreachable(
            parts, record.name, error.strerror or str(error) or type(error).__name__
        ) from error


def _unreachable(parts: Parts, name: str, reason: str) -> ServiceUnreachable:
    service = get(parts, name)
    cause = service.failure.cause if service.failure is not None and service.state != "Healthy" else ""
    return ServiceUnreachable(service=name, state=service.state, reason=reason, cause=cause)
