"""How a deployed service wants to be asked: its example and schema, and programs that ask it."""

from __future__ import annotations

import json
from typing import Any

from mooring.deployments.calls import call
from mooring.deployments.parts import Parts
from mooring.deployments.reading import get
from mooring.deployments.releasing import sample_of
from mooring.deployments.request_form import RequestForm, SampleSource, form_of
from mooring.deployments.sampling import bearer_for
from mooring.deployments.snippets import Snippet, consume_snippets
from mooring.deployments.values import Service
from mooring.errors import MooringError

_TIMEOUT_S = 5.0
_OK = 200
_VERSIONS = ("3.1", "3", "2")  # what an older one can't describe, a newer one may


def request_form(parts: Parts, name: str) -> RequestForm:
    """The form of a request.

    Raises:
        ServiceNotFound: There is none.
    """
    return _form(parts, get(parts, name))


def snippets(parts: Parts, name: str) -> list[Snippet]:
    """Programs that ask the service, one a language.

    Raises:
        ServiceNotFound: There is none.
    """
    service = get(parts, name)
    return consume_snippets(service, _form(parts, service).sample)


def _form(parts: Parts, service: Service) -> RequestForm:
    schema = _described_input(parts, service)
    registered = sample_of([model for each in service.models if (model := _model(parts, each)) is not None])
    source: SampleSource = "model" if registered is not None else "schema"
    return form_of(service.name, registered, source, schema)


def _model(parts: Parts, model_id: str) -> Any:
    try:
        return parts.models.get_by_id(model_id)
    except MooringError:
        return None


def _described_input(parts: Parts, service: Service) -> dict[str, Any]:
    """The input's schema in the service's own description; empty when it has none, or does not answer now."""
    if service.state != "Healthy" or not service.swagger_uri:
        return {}
    mode = "token" if service.token_auth_enabled else "key" if service.auth_enabled else "off"
    bearer = bearer_for(parts, service.name, mode)
    address = service.swagger_uri.partition("?")[0]
    for version in _VERSIONS:
        try:
            answer = call(f"{address}?version={version}", bearer=bearer, timeout_s=_TIMEOUT_S)
            document = json.loads(answer.content) if answer.status == _OK else None
        except (OSError, ValueError):
            return {}
        found = _input_of(document)
        if found:
            return found
    return {}


def _input_of(document: Any) -> dict[str, Any]:
    """`ServiceInput` of any version; a script that takes anything is described by no properties, and says nothing."""
    if not isinstance(document, dict):
        return {}
    schemas = document.get("definitions") or (document.get("components") or {}).get("schemas") or {}
    found = schemas.get("ServiceInput") if isinstance(schemas, dict) else None
    return found if isinstance(found, dict) and found.get("properties") else {}
