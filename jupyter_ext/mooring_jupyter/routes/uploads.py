"""`/uploads`: files that come from the browser's machine, in pieces. The pieces themselves go to `web/upload_handler`."""

from __future__ import annotations

from mooring_jupyter import uploading
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import NewUpload, Upload

_noun = Noun("models")
ROUTES = _noun.routes


@_noun.route("POST", "/uploads", action="write", status=201)
def begin_upload(call: Call, body: NewUpload) -> Upload:
    """Announce a file; send it in pieces with PATCH, each with its `Upload-Offset`."""
    return uploading.begin_upload(call.workspace.settings, body["name"], body["sizeBytes"])


@_noun.route("GET", "/uploads/{upload}")
def show_upload(call: Call, upload: str) -> Upload:
    """How much has arrived: go on at `offset`."""
    return uploading.find_upload(call.workspace.settings, upload)


@_noun.route("DELETE", "/uploads/{upload}", action="write", status=204)
def discard_upload(call: Call, upload: str) -> None:
    """Give a file up."""
    uploading.discard_upload(call.workspace.settings, upload)
