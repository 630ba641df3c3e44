"""Files of the user's that are written whole or not at all, also on a full disk."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Leave all of the new content or all of the old; permissions stay, and a link leads where it did.

    Raises:
        OSError: The system does not let it be written; the file is as it was.
    """
    file = file.resolve()
    if not file.exists():
        with _whole(file):
            file.write_bytes(content)
        return
    if not os.access(file, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(descriptor)
    new = Path(name)
    with _whole(new):
        new.write_bytes(content)
        shutil.copymode(file, new)
        new.replace(file)


@contextmanager
def _whole(file: Path) -> Generator[None, None, None]:
    """Whatever stops the block, a Ctrl-C too, leaves nothing of the file."""
    try:
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise
