"""How v1's scripts say which model, image or service they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mooring.sdk.exceptions import UserErrorException, WebserviceException, raises_as

if TYPE_CHECKING:
    from mooring.registry import ModelVersion
    from mooring.sdk.workspace import Workspace

Filter = Sequence[str | Sequence[str]]


@raises_as(WebserviceException)
def find_model(
    workspace: Workspace,
    *,
    name: str | None,
    model_id: str | None,
    version: int | None,
    tags: Filter | None,
    properties: Filter | None,
    run_id: str | None,
    framework: str | None,
) -> ModelVersion:
    """The version that v1's constructor arguments mean; the newest of those that fit.

    Raises:
        UserErrorException: Neither a name nor an id was given.
        WebserviceException: There is none.
    """
    if not name and not model_id:
        raise UserErrorException("Model needs a name or an id.")
    models = workspace.core.models
    if model_id:
        return models.get_by_id(model_id)
    if name and not (tags or properties or run_id or framework):
        return models.get(name, version)
    found = models.list(
        name, tags=pairs(tags), properties=pairs(properties), run_id=run_id, framework=framework
    )
    matching = [record for record in found if version is None or record.version == version]
    if not matching:
        raise WebserviceException(f"ModelNotFound: no version of {name} has what was asked for.")
    return max(matching, key=lambda record: record.version)


def pairs(filters: Filter | None) -> list[str | tuple[str, str]]:
    """v1's filters (`key` or `[key, value]`) as the registry and the desk take them."""
    if filters is None:
        return []
    if isinstance(filters, str):
        raise UserErrorException(f"tags and properties to filter by are a list, not {filters!r}.")
    return [item if isinstance(item, str) else (item[0], item[1]) for item in filters]
