"""A folder that any `docker build` makes the image of: a Dockerfile, locked requirements, the code, the models, the server.

Nothing of Mooring is needed there. The image keeps the same promises as those we assemble (`mooring.images.contract`).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mooring.environments import Resolution
from mooring.environments.redaction import redact
from mooring.errors import MooringError
from mooring.images.application import describe_settings, interpreter_of, render_variables
from mooring.images.bases import BaseLock, base_lock_path, base_name
from mooring.images.context import APP_ROOT, code_files, model_files, ring_files
from mooring.images.contract import PORT
from mooring.images.installing import ENVIRONMENT_DIR, RING_DIR
from mooring.images.layers import LayerFile
from mooring.images.naming import LABEL
from mooring.images.parts import ImageParts
from mooring.scoring.supervisor.ring import materialize_ring
from mooring.settings import Settings

_REQUIREMENTS = "requirements.txt"
_HEADER = """\
# Made by Mooring: {models} with {script}, python {python}.
# Build it:  docker build -t {name} .
# Run it:    docker run --read-only --tmpfs /tmp -p 127.0.0.1:6789:{port} {name}
# Ask it:    curl -d @sample.json http://127.0.0.1:6789/score
"""
_INSTALL = """\
COPY {requirements} {build}/{requirements}
RUN python{python} -m venv {environment} \\
 && {environment}/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps -r {build}/{requirements}"""


@dataclass(eq=False)
class FolderNotEmpty(MooringError):
    """A folder that has files already."""

    code = "folder-not-empty"
    folder: str

    @property
    def problem(self) -> str:
        """Which folder."""
        return f"{self.folder} is not empty."

    @property
    def remedy(self) -> str:
        """Choose."""
        return "Choose a folder that is empty or not there yet; nothing was written."


def check_empty(folder: Path) -> None:
    """Raise unless the folder is empty or missing.

    Raises:
        FolderNotEmpty: It is neither.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder=str(folder))


def write_context(parts: ImageParts, folder: Path, settings: Settings) -> int:
    """Write the folder; how many files it has.

    Raises:
        OSError: It can't be written.
    """
    ring = Path(materialize_ring(str(settings.home)))
    code = code_files(parts.app_root, parts.source_directory, parts.entry_script)
    texts = {"Dockerfile": render_dockerfile(parts, settings)}
    if not parts.environment.is_user_managed:
        texts[_REQUIREMENTS] = _requirements(parts.environment)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    app = _copy((*code.files, *model_files(parts.app_root)), APP_ROOT, folder / "app")
    served = _copy(ring_files(ring, RING_DIR.strip("/")), RING_DIR, folder / "ring")
    return len(texts) + app + served


def render_dockerfile(parts: ImageParts, settings: Settings) -> str:
    """The text of the Dockerfile."""
    python = interpreter_of(parts.environment)
    keep = describe_settings(python)
    variables = {} if parts.environment.is_user_managed else {"PATH": f"{ENVIRONMENT_DIR}/bin:$PATH"}
    compiled = f"{python} -S -E -s -m compileall -q --invalidation-mode unchecked-hash {RING_DIR}"
    pieces = [
        _header(parts),
        _base(parts, settings),
        "USER 0",
        "" if parts.environment.is_user_managed else _install(parts.environment),
        parts.wishes.extra_steps.strip(),
        f"COPY ring {RING_DIR}",
        f"RUN {compiled} || true",
        f"COPY app {APP_ROOT}",
        *(f"ENV {name}={_quoted(value)}" for name, value in {**variables, **render_variables(parts)}.items()),
        f"LABEL {LABEL}models={_quoted(','.join(model.id for model in parts.models))}",
        f"LABEL {LABEL}entry-script={_quoted(parts.entry_script)}",
        f"LABEL {LABEL}environment={_quoted(parts.environment.digest)}",
        f"EXPOSE {PORT}",
        f"USER {keep['User']}",
        f"WORKDIR {keep['WorkingDir']}",
        f"STOPSIGNAL {keep['StopSignal']}",
        f"ENTRYPOINT {json.dumps(keep['Entrypoint'])}",
        "CMD []",
    ]
    return "\n".join(piece for piece in pieces if piece) + "\n"


def _header(parts: ImageParts) -> str:
    models = ", ".join(model.id for model in parts.models) or "no model"
    name = re.sub(r"[^a-z0-9]+", "-", (parts.models[0].name if parts.models else "service").lower()).strip(
        "-"
    )
    script = parts.entry_script
    python = parts.environment.python_version
    return _HEADER.format(models=models, script=script, python=python, name=name or "service", port=PORT)


def _base(parts: ImageParts, settings: Settings) -> str:
    if parts.wishes.base_dockerfile:
        return parts.wishes.base_dockerfile.strip()
    name = base_name(parts, settings)
    pinned = BaseLock(base_lock_path(settings)).digest_of(name)
    return f"# {name}\nFROM {pinned}" if pinned else f"FROM {name}"


def _install(resolution: Resolution) -> str:
    names = {"requirements": _REQUIREMENTS, "build": "/opt/mooring-build", "environment": ENVIRONMENT_DIR}
    return _INSTALL.format(**names, python=resolution.python_version)


def _requirements(resolution: Resolution) -> str:
    """Locked, without anybody's credentials: those are given to `docker build` by whoever runs it."""
    return "".join(f"{line}\n" for line in (*map(redact, resolution.options.lines), *resolution.requirements))


def _copy(files: Iterable[LayerFile], top: str, folder: Path) -> int:
    """Lay files below a folder as they lie below `top` in the image, readable for everybody; how many."""
    count = 0
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        path = folder / Path(f"/{file.name}").relative_to(top)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(file.source, bytes):
            path.write_bytes(file.source)
        else:
            shutil.copyfile(file.source, path)
        path.chmod(0o755 if file.is_executable else 0o644)
        count += 1
    return count


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
