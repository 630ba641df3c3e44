"""`/swagger.json`: the service's description in Swagger 2.0, OpenAPI 3.0 and 3.1, or the user's own files.

Source: azure-v1 reference, Swagger documents.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.scoring.contract import openapi
from mooring.scoring.contract.encoding import encode
from mooring.scoring.contract.failures import BootError, Refusal

if TYPE_CHECKING:
    from mooring.scoring.contract.plans import RunPlan
    from mooring.scoring.settings import ServerSettings

__all__ = ["Swagger"]

logger = logging.getLogger("azmlinfsrv")

# version: its other name, the files that replace it, in the order they are looked for
_VERSIONS = {
    "2": ("2.0", ("swagger.json", "swagger2.json")),
    "3": ("3.0", ("swagger3.json",)),
    "3.1": ("3.1", ("swagger3.1.json",)),
}
_ALIASES = {"2": "2", "2.0": "2", "3": "3", "3.0": "3", "3.1": "3.1"}


class Swagger:
    """The documents of one service, made when it starts; raises `BootError` for a user's file that is no JSON."""

    def __init__(self, settings: ServerSettings, app_root: Path, plan: RunPlan) -> None:
        self._documents: dict[str, Any] = {}
        self._pages: dict[str, bytes] = {}
        inputs, outputs, possible = plan.describe()
        for version, (alias, names) in _VERSIONS.items():
            document = _read_own(app_root, names)
            if not document and (version in possible or alias in possible):
                prefix = "/" + settings.service_path_prefix.strip("/") if settings.service_path_prefix else ""
                document = openapi.build(
                    version, settings.service_name, settings.service_version, prefix, inputs, outputs
                )
            if document:
                self._documents[version] = document

    def document(self, version: str) -> Any:
        """The document of a version; raises `Refusal` (404) for versions that are unknown or that can not describe the script."""
        known = ", ".join(sorted(self._documents))
        if version not in _ALIASES:
            raise Refusal(404, f"Swagger version [{version}] is not valid. Supported versions: [{known}].")
        document = self._documents.get(_ALIASES[version])
        if document is None:
            raise Refusal(
                404,
                f"Swagger version [{version}] is not supported for the scoring script. "
                f"Supported swagger versions: [{known}].",
            )
        return document

    def page(self, version: str) -> bytes:
        """The document as JSON bytes."""
        page = self._pages.get(version)
        if page is None:
            page = self._pages[version] = encode(self.document(version))
        return page


def _read_own(app_root: Path, names: tuple[str, ...]) -> Any:
    for name in names:
        path = app_root / name
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            message = f"{path} replaces the generated description but can not be read as JSON: {error}"
            raise BootError("swagger-file", message, str(path), getattr(error, "lineno", 1)) from error
        if document:
            logger.info("Loaded user's swagger file from %s", path)
            return document
    return None
