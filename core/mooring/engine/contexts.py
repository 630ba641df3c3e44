"""Docker's contexts: which engine `docker` itself would talk to.

Read from docker's own files, as its SDK finds none of them where there is no `config.json`, which a context does not need.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.engine.errors import EngineNotRunning


@dataclass(frozen=True)
class Context:
    """An engine's address under a name.

    Attributes:
        host: `unix://…`, `tcp://…` or `ssh://…`.
        certificates: Folder with `ca.pem`, `cert.pem` and `key.pem`, as far as they are there; None without TLS.
        is_verified: Whether the engine's own certificate is looked at.
    """

    host: str
    certificates: Path | None = None
    is_verified: bool = True

    @property
    def tls(self) -> Any:
        """For docker's SDK; False without TLS."""
        if self.certificates is None:
            return False
        from docker.tls import TLSConfig

        ca, cert, key = (self.certificates / f"{name}.pem" for name in ("ca", "cert", "key"))
        return TLSConfig(
            client_cert=(str(cert), str(key)) if cert.exists() and key.exists() else None,
            ca_cert=str(ca) if ca.exists() else None,
            verify=self.is_verified,
        )


def current_context() -> Context | None:
    """The context of DOCKER_CONTEXT, else the one in use; None for the default engine.

    Raises:
        EngineNotRunning: DOCKER_CONTEXT names none.
    """
    folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    asked = os.environ.get("DOCKER_CONTEXT") or ""
    name = asked or str(_read(folder / "config.json").get("currentContext") or "default")
    if name == "default":
        return None
    known = hashlib.sha256(name.encode()).hexdigest()
    endpoint = (_read(folder / "contexts" / "meta" / known / "meta.json").get("Endpoints") or {}).get(
        "docker"
    )
    if not endpoint or not endpoint.get("Host"):
        if asked:
            raise EngineNotRunning(
                f"There is no docker context {name!r}, which DOCKER_CONTEXT names.",
                "Choose one that `docker context ls` lists, or unset DOCKER_CONTEXT.",
            )
        return None
    certificates = folder / "contexts" / "tls" / known / "docker"
    is_verified = not endpoint.get("SkipTLSVerify")
    has_tls = certificates.exists() or not is_verified
    return Context(str(endpoint["Host"]), certificates if has_tls else None, is_verified)


def _read(path: Path) -> dict[str, Any]:
    """A file that can't be read is as good as none."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
