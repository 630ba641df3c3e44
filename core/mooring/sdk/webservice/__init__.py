"""`Webservice` and its kinds: one class for each compute type, as v1 has them."""

from mooring.sdk.webservice.aci import AciWebservice
from mooring.sdk.webservice.aks import AksEndpoint, AksWebservice
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.deploying import deploy
from mooring.sdk.webservice.local import LocalWebservice
from mooring.sdk.webservice.process import ProcessWebservice

__all__ = [
    "AciWebservice",
    "AksEndpoint",
    "AksWebservice",
    "LocalWebservice",
    "ProcessWebservice",
    "Webservice",
    "deploy",
]
