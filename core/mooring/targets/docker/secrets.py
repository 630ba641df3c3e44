"""What a container must know and nobody may see: keys, certificates, variables; as files in a volume of its own.

They reach the container through the engine's archive call, so that it works for engines of other machines, and are
no part of any image, label, environment listing or command line.
"""

from __future__ import annotations

import io
import tarfile
import time
from typing import Any

from mooring.engine import Engine
from mooring.images.contract import SECRETS_DIR, USER_ID


def put_secrets(engine: Engine, container: str, files: dict[str, bytes], folder: str = SECRETS_DIR) -> None:
    """Write files for the container's user alone; running processes see each of them whole."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            info: Any = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(content), 0o400, time.time()
            info.uid = info.gid = USER_ID
            tar.addfile(info, io.BytesIO(content))
    with engine.told(container):
        engine.api.put_archive(container, folder, buffer.getvalue())


def read_secret(engine: Engine, container: str, path: str) -> bytes:
    """A file of a container, as `put_secrets` wrote it."""
    with engine.told(container):
        pieces, _ = engine.api.get_archive(container, path)
        archive = io.BytesIO(b"".join(pieces))
    with tarfile.open(fileobj=archive) as tar:
        content = tar.extractfile(tar.getmembers()[0])
        return content.read() if content is not None else b""
