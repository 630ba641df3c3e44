"""Hiding what must not be seen: user names, passwords and tokens inside URLs."""

from __future__ import annotations

import re

_USERINFO = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.\-]*://)[^/@\s'\"]+@")
_CONDA_TOKEN = re.compile(r"(?<=\w)/t/[^/\s]+/")
_QUERY = re.compile(
    r"(?P<key>[?&](?:sig|token|access_token|key|api_key|password|sas)=)[^&\s'\"#]+", re.IGNORECASE
)


def redact(text: str) -> str:
    """The text with `****` for the user part and for secret-looking query values of each URL.

    `git@` as user of an ssh URL is no secret and stays.
    """
    hidden = _USERINFO.sub(lambda m: m[0] if m[0].endswith("://git@") else f"{m['scheme']}****@", text)
    hidden = _CONDA_TOKEN.sub("/t/****/", hidden)
    return _QUERY.sub(lambda m: f"{m['key']}****", hidden)
