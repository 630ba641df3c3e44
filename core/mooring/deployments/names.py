"""Names of services, as Azure ML v1 allows them."""

from __future__ import annotations

import re

from mooring.deployments.errors import InvalidServiceName

# v1: `^[a-z]([-a-z0-9]*[a-z0-9])?$`, 3 to 32 characters; two are enough here, for notebooks call things nb. \Z, because $ would let a final newline pass.
_SERVICE = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?\Z")
_SHORTEST, _LONGEST = 2, 32


def check_service_name(name: str) -> None:
    """Accept a service name or say what is wrong with it.

    Raises:
        InvalidServiceName: Wrong characters or length.
    """
    if not (_SHORTEST <= len(name) <= _LONGEST and _SERVICE.match(name)):
        raise InvalidServiceName(name=name)
