"""What the REST interface offers: one file a noun, each route a plain function over the core.

A route's signature is its definition: path parameters by name, `query` and `body` as typed dictionaries, and the answer's
type. Checking of requests, the OpenAPI document, and the types of the Python client and the panel all follow from it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring_jupyter.routes.route import Route


@cache
def all_routes() -> tuple[Route, ...]:
    """Every route, by noun."""
    from mooring_jupyter.routes import compute, environments, files, jobs, models, secrets, services, uploads

    nouns = (models, services, secrets, environments, compute, files, uploads, jobs)
    return tuple(route for noun in nouns for route in noun.ROUTES)
