"""Names that the workspace knows: models and their versions, environments, services; in scripts, notebooks and configs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from lsprotocol import types

from mooring_lsp.completions.place import Place

_QUOTED = r"""(["'])(?P<written>[\w.:-]*)$"""
_WS = r"(?:workspace\s*=\s*)?[\w.]+\s*,\s*"
_MODEL_NAME = re.compile(
    r"(?:get_model_path\(\s*(?:model_name\s*=\s*)?|\bModel\(\s*" + _WS + r"(?:name\s*=\s*)?)" + _QUOTED
)
_MODEL_ID = re.compile(r"""(["'])(?P<written>(?P<name>[\w.-]+):\d*)$""")
_ENVIRONMENT = re.compile(r"\bEnvironment\.get\(\s*" + _WS + r"(?:name\s*=\s*)?" + _QUOTED)
_SERVICE = re.compile(r"\b(?:\w*Webservice|\w*Service)\(\s*" + _WS + r"(?:name\s*=\s*)?" + _QUOTED)
_COMPUTE = re.compile(
    r"\b(?:ComputeTarget|AksCompute)\(\s*"
    + _WS
    + r"(?:name\s*=\s*)?"
    + _QUOTED
    + r"|\bcompute_target_name\s*=\s*"
    + _QUOTED.replace("written", "target")
)
_CONFIG_COMPUTE = re.compile(r"""["']?computeTargetName["']?\s*:\s*["']?(?P<written>[\w.-]*)$""")
_CONFIG_NAME = re.compile(r"""["']?name["']?\s*:\s*["']?(?P<written>[\w.-]*)$""")
_IN_ENVIRONMENT = re.compile(r"""["']?environment["']?\s*:\s*\{?[^{}]*$""")


def complete(place: Place) -> Sequence[types.CompletionItem] | None:
    """Names for the place; None where no name of the workspace is written."""
    return _in_python(place) if place.is_python else _in_config(place)


def _in_python(place: Place) -> Sequence[types.CompletionItem] | None:
    shelf, folder = place.shelf, place.folder
    model, model_id = _MODEL_NAME.search(place.before), _MODEL_ID.search(place.before)
    if model is not None:
        return _items(place, model["written"], shelf.model_names(folder, model["written"]), kind="model")
    if model_id is not None:
        labels = [f"{model_id['name']}:{each}" for each in shelf.model_versions(folder, model_id["name"])]
        return _items(place, model_id["written"], labels, kind="model") if labels else None
    environment, service = _ENVIRONMENT.search(place.before), _SERVICE.search(place.before)
    if environment is not None:
        return _items(place, environment["written"], _environments(place), kind="environment")
    compute = _COMPUTE.search(place.before)
    if compute is not None:
        written = compute["written"] if compute["written"] is not None else compute["target"]
        return _items(place, written, shelf.compute_targets(folder), kind="compute")
    if service is not None:
        return _items(place, service["written"], _services(place), kind="service")
    return None


def _in_config(place: Place) -> Sequence[types.CompletionItem] | None:
    is_json = place.snapshot.path.lower().endswith(".json")
    compute = _CONFIG_COMPUTE.search(place.before)
    if compute is not None:
        names = place.shelf.compute_targets(place.folder)
        quote = _quoter(place, compute["written"], is_json=is_json)
        return _items(place, compute["written"], names, kind="compute", text_of=quote)
    found = _CONFIG_NAME.search(place.before)
    above = (
        place.snapshot.text[: place.offset - len(place.before)] + place.before[: found.start()]
        if found
        else ""
    )
    if found is None or "entryScript" not in place.snapshot.text or not _IN_ENVIRONMENT.search(above):
        return None
    quote = _quoter(place, found["written"], is_json=is_json)
    return _items(place, found["written"], _environments(place), kind="environment", text_of=quote)


def _quoter(place: Place, written: str, *, is_json: bool) -> Callable[[str], str]:
    """How a name is written there: in quotes of its own where JSON wants some, and none are open."""
    is_open = place.before.removesuffix(written).endswith(('"', "'"))
    return str if is_open or not is_json else lambda name: f'"{name}"'


def _environments(place: Place) -> Iterable[str]:
    return [each.name for each in place.shelf.environments(place.folder)]


def _services(place: Place) -> Iterable[str]:
    return [each.name for each in place.shelf.services(place.folder)]


def _items(
    place: Place,
    written: str,
    labels: Iterable[str],
    *,
    kind: str,
    text_of: Callable[[str], str] = str,
) -> list[types.CompletionItem]:
    fitting = [label for label in labels if label.startswith(written)]
    return [
        types.CompletionItem(
            label=label,
            kind=types.CompletionItemKind.Reference,
            sort_text=f"{number:05}",
            text_edit=place.edit(len(written), text_of(label)),
            filter_text=label,
            data={"kind": kind, "name": label, "folder": str(place.folder)},
        )
        for number, label in enumerate(fitting)
    ]
