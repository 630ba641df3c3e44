"""What every program asks, and the words all of them say about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Question:
    """One request to one service.

    Attributes:
        body: JSON-able.
        is_sample_known: Whether the body is a real sample.
        auth: Whom the service lets in.
    """

    service: str
    url: str
    body: Any
    is_sample_known: bool
    auth: Literal["off", "key", "token"]

    @property
    def json(self) -> str:
        """The body on one line."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def variable(self) -> str:
        """The environment variable that holds the key or the token; empty for an open service."""
        return {"off": "", "key": "SERVICE_KEY", "token": "SERVICE_TOKEN"}[self.auth]

    def remarks(self, *, trusting: str) -> list[str]:
        """Lines of a comment: where the key comes from, and what is to be filled in.

        Args:
            trusting: How a program of this language comes to trust the certificate in `cert.pem`.
        """
        get = {
            "key": f"get-keys -n {self.service} -o primary",
            "token": f"get-access-token -n {self.service} -o token",
        }
        remarks = (
            [f'First: export {self.variable}="$(mooring service {get[self.auth]})"'] if self.variable else []
        )
        if not self.is_sample_known:
            remarks.append("Put your own request in: no sample was registered with the model.")
        if self.url.startswith("https:"):
            remarks.append(f"With a certificate that no public authority signed: {trusting}")
        return remarks


def lines(*parts: str | list[str]) -> str:
    """Program text from lines and lists of lines."""
    flat = [line for part in parts for line in ([part] if isinstance(part, str) else part)]
    return "\n".join(flat) + "\n"
