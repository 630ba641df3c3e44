"""Stand-ins for packages that v1 scripts import, offered only where the real ones are absent."""

from __future__ import annotations

from mooring.scoring.shims.finder import install_shims

__all__ = ["install_shims"]
