"""What the server can do, one file for each method of the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_lsp.features import (
    code_action,
    code_lens,
    completion,
    definition,
    diagnostic,
    did_change,
    did_change_watched_files,
    did_close,
    did_open,
    did_save,
    document_link,
    document_symbol,
    hover,
    initialized,
    inlay_hint,
    notebook,
    rename,
)

if TYPE_CHECKING:
    from mooring_lsp.server import MooringServer

_FEATURES = (
    initialized,
    did_open,
    did_change,
    did_close,
    did_save,
    did_change_watched_files,
    notebook,
    diagnostic,
    code_action,
    hover,
    completion,
    document_link,
    code_lens,
    definition,
    document_symbol,
    inlay_hint,
    rename,
)


def register_features(server: MooringServer) -> None:
    """Add them all."""
    for feature in _FEATURES:
        feature.register(server)
