"""Files of the user's that are written whole or not at all, also on a full disk."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Leave all of the new content or all of the old; permissions stay, and a link leads where it did.

    Raises:
        OSError: The system does not let it be written; the file is as it was.
    """
    file = file.resolve()
    if not file.exists():
        _write(file, content)
        return
    if not os.access(file, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(descriptor)
    new = Path(name)
    _write(new, content)
    shutil.copymode(file, new)
    new.replace(file)


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError:
        file.unlink(missing_ok=True)
        raise
