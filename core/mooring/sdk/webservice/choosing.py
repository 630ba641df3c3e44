"""Which class a service is shown as."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.sdk.webservice.base import Webservice


def class_for(compute_type: str) -> type[Webservice]:
    """The class of services of that compute type; plain `Webservice` for one that nobody knows."""
    from mooring.sdk import webservice as kinds

    for kind in (
        kinds.ProcessWebservice,
        kinds.LocalWebservice,
        kinds.AciWebservice,
        kinds.AksWebservice,
        kinds.AksEndpoint,
    ):
        if compute_type.lower() in kind.compute_types:
            return kind
    return kinds.Webservice
