"""The life of a service: states, events, use cases (deploy, update, reload, delete), keys and logs.

A *target* is where a service runs; it joins by the entry point group `mooring.targets` and keeps the promises
of `mooring.deployments.target.Target`. Everything else here is the same for every target.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.deployments.desk import ServiceDesk
    from mooring.deployments.errors import (
        AuthOff,
        BadAnswer,
        ChecksFailed,
        DeploymentFailed,
        InvalidServiceName,
        NothingToRollBack,
        NothingToUpdate,
        ServiceBusy,
        ServiceExists,
        ServiceNotFound,
        ServiceUnreachable,
        UnknownComputeType,
    )
    from mooring.deployments.keys import AccessToken, KeyPair
    from mooring.deployments.parts import Parts
    from mooring.deployments.planning import Plan
    from mooring.deployments.prepared import PreparedOperation
    from mooring.deployments.request_form import FormColumn, FormField, RequestForm
    from mooring.deployments.snippets import Snippet
    from mooring.deployments.target import (
        Crash,
        Observation,
        Release,
        Reporter,
        Resources,
        Running,
        ServerOptions,
        StartFailed,
        Target,
        service_folder,
    )
    from mooring.deployments.values import (
        Event,
        Excerpt,
        Failure,
        LogLine,
        Operation,
        Revision,
        Service,
        State,
    )

__all__ = [
    "AccessToken",
    "AuthOff",
    "BadAnswer",
    "ChecksFailed",
    "Crash",
    "DeploymentFailed",
    "Event",
    "Excerpt",
    "Failure",
    "FormColumn",
    "FormField",
    "InvalidServiceName",
    "KeyPair",
    "LogLine",
    "NothingToRollBack",
    "NothingToUpdate",
    "Observation",
    "Operation",
    "Parts",
    "Plan",
    "PreparedOperation",
    "Release",
    "Reporter",
    "RequestForm",
    "Resources",
    "Revision",
    "Running",
    "ServerOptions",
    "Service",
    "ServiceBusy",
    "ServiceDesk",
    "ServiceExists",
    "ServiceNotFound",
    "ServiceUnreachable",
    "Snippet",
    "StartFailed",
    "State",
    "Target",
    "UnknownComputeType",
    "service_folder",
]

_HOME_OF = {
    "Snippet": "snippets",
    "FormColumn": "request_form",
    "FormField": "request_form",
    "RequestForm": "request_form",
    "Plan": "planning",
    "AccessToken": "keys",
    "AuthOff": "errors",
    "BadAnswer": "errors",
    "ChecksFailed": "errors",
    "Crash": "target",
    "DeploymentFailed": "errors",
    "Event": "values",
    "Excerpt": "values",
    "Failure": "values",
    "InvalidServiceName": "errors",
    "KeyPair": "keys",
    "LogLine": "values",
    "NothingToRollBack": "errors",
    "NothingToUpdate": "errors",
    "Observation": "target",
    "Operation": "values",
    "Parts": "parts",
    "PreparedOperation": "prepared",
    "Release": "target",
    "Reporter": "target",
    "Resources": "target",
    "Revision": "values",
    "Running": "target",
    "ServerOptions": "target",
    "Service": "values",
    "ServiceBusy": "errors",
    "ServiceDesk": "desk",
    "ServiceExists": "errors",
    "ServiceNotFound": "errors",
    "ServiceUnreachable": "errors",
    "StartFailed": "target",
    "State": "values",
    "Target": "target",
    "UnknownComputeType": "errors",
    "service_folder": "target",
}


def __getattr__(name: str) -> Any:
    """Loaded on first use: a supervisor's client needs `target`, not the whole desk."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
