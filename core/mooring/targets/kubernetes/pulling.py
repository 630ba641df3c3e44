"""How pods may pull from a registry that wants a login: a Secret somebody made, or one of ours for each service.

Ours holds what `mooring image login` was told for the registry, and nothing of docker's own logins; it is the
service's, and goes with it.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from mooring.images.logins import RegistryLogins
from mooring.targets.kubernetes.place import KubernetesPlace

Json = dict[str, Any]

PULL_TYPE = "kubernetes.io/dockerconfigjson"
PULL_KEY = ".dockerconfigjson"


def pull_secrets(place: KubernetesPlace) -> Json:
    """What a pod's spec says about it; nothing when the registry lets everybody pull."""
    name = place.compute.pull_secret or (place.pull_secret if _login(place) else "")
    return {"imagePullSecrets": [{"name": name}]} if name else {}


def pull_content(place: KubernetesPlace) -> bytes | None:
    """What the service's own Secret holds, as docker writes it; None when it needs none."""
    login = None if place.compute.pull_secret else _login(place)
    if login is None:
        return None
    user, password = login["username"], login["password"]
    both = base64.b64encode(f"{user}:{password}".encode()).decode()
    host = place.compute.registry.partition("/")[0]
    entry = {"username": user, "password": password, "auth": both}
    return json.dumps({"auths": {host: entry}}).encode()


def _login(place: KubernetesPlace) -> dict[str, str] | None:
    return RegistryLogins(place.settings).find(f"{place.compute.registry.rstrip('/')}/")
