"""`mooring gc`: names what nothing refers to any more, and removes it when told to."""

from __future__ import annotations

from mooring.cli.nouns import lone

app = lone("gc")
