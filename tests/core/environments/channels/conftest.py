"""A conda channel in a folder, made by the tests: real packages, whose Python is the one that runs the tests."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import http.server
import io
import json
import platform
import sys
import tarfile
import threading
from pathlib import Path

import pytest

pytest.importorskip("rattler", reason="py-rattler is not installed")

MINOR = "{}.{}".format(*sys.version_info[:2])
PLACEHOLDER = "/a/prefix/that/is/long/enough/for/what/takes/its/place"
_SUBDIRS = {
    ("linux", "x86_64"): "linux-64",
    ("linux", "aarch64"): "linux-aarch64",
    ("darwin", "arm64"): "osx-arm64",
}
SUBDIR = _SUBDIRS.get((sys.platform, platform.machine()), "osx-64")


class LocalChannel:
    """Writes packages and the index of a channel."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._index = {subdir: {} for subdir in (SUBDIR, "noarch")}
        self._write_index()

    @property
    def url(self) -> str:
        return self.root.as_uri()

    def add(self, name, version, *, depends=(), files=None, links=None, noarch=None):
        """A package.

        Args:
            files: Text by path; a path below `bin/` or `.sh` is executable.
            links: Target by path.
        """
        subdir = "noarch" if noarch else SUBDIR
        index = {
            "name": name,
            "version": version,
            "build": "0",
            "build_number": 0,
            "depends": list(depends),
            "subdir": subdir,
            "timestamp": 1_700_000_000_000,
            **({"noarch": noarch} if noarch else {}),
        }
        archive = self.root / subdir / f"{name}-{version}-0.tar.bz2"
        with tarfile.open(archive, "w:bz2") as tar:
            entries = [_add_file(tar, path, text) for path, text in (files or {}).items()]
            entries += [_add_link(tar, path, target) for path, target in (links or {}).items()]
            _add_bytes(tar, "info/index.json", json.dumps(index).encode())
            _add_bytes(tar, "info/paths.json", json.dumps({"paths": entries, "paths_version": 1}).encode())
        content = archive.read_bytes()
        self._index[subdir][archive.name] = {
            **index,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "md5": hashlib.md5(content).hexdigest(),
        }
        self._write_index()
        return archive

    def add_distribution(self, name, version, *, depends=("python",), source=""):
        """A package that brings a Python distribution, as conda-forge's pure ones do."""
        info = f"site-packages/{name}-{version}.dist-info"
        files = {
            f"site-packages/{name}.py": source or f"__version__ = {version!r}\n",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/INSTALLER": "conda\n",
            f"{info}/RECORD": f"{name}.py,,\n",
        }
        return self.add(name, version, depends=depends, files=files, noarch="python")

    def _write_index(self):
        for subdir, packages in self._index.items():
            folder = self.root / subdir
            folder.mkdir(parents=True, exist_ok=True)
            document = {
                "info": {"subdir": subdir},
                "packages": packages,
                "packages.conda": {},
                "repodata_version": 1,
            }
            (folder / "repodata.json").write_text(json.dumps(document))


def _add_file(tar, path, text):
    content = text.encode()
    _add_bytes(tar, path, content, 0o755 if path.startswith("bin/") or path.endswith(".sh") else 0o644)
    has_prefix = {"prefix_placeholder": PLACEHOLDER, "file_mode": "text"} if PLACEHOLDER in text else {}
    return {
        "_path": path,
        "path_type": "hardlink",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_in_bytes": len(content),
        **has_prefix,
    }


def _add_link(tar, path, target):
    entry = tarfile.TarInfo(path)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)
    return {
        "_path": path,
        "path_type": "softlink",
        "sha256": hashlib.sha256(b"").hexdigest(),
        "size_in_bytes": 0,
    }


def _add_bytes(tar, path, content, mode=0o644):
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Packages of these names must not meet those of other tests, or of the user."""
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "rattler"))


@pytest.fixture
def channel(tmp_path):
    """Has a Python, a program `dot` (graphviz), and `mooring-geo`, which is a Python package and needs six 1.15."""
    channel = LocalChannel(tmp_path / "channel")
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    channel.add(
        "python",
        platform.python_version(),
        files={"pyvenv.cfg": f"home = {base.parent}\ninclude-system-site-packages = false\n"},
        links={f"bin/python{MINOR}": str(base), "bin/python": f"python{MINOR}"},
    )
    channel.add(
        "graphviz",
        "2.50.0",
        files={
            "bin/dot": f"#!/bin/sh\necho drawn by {PLACEHOLDER}/bin/dot, $(cat {PLACEHOLDER}/share/plugins)\n",
            "bin/.graphviz-post-link.sh": "#!/bin/sh\nmkdir -p $PREFIX/share\necho with plugins > $PREFIX/share/plugins\n",
            "etc/conda/activate.d/graphviz.sh": 'export GRAPHVIZ_HOME="$CONDA_PREFIX/share"\n',
        },
    )
    channel.add_distribution("six", "1.15.0")
    channel.add_distribution("six", "1.16.0")
    channel.add_distribution("mooring_geo", "0.3", depends=("python >=3.8", "six 1.15.*"))
    return channel


@pytest.fixture
def conda_file(channel):
    """Text of a conda file that takes packages from the channel."""

    def write(*conda: str, pip: tuple[str, ...] = (), channels: tuple[str, ...] = ()) -> str:
        lists = {"channels": [*channels] or [channel.url], "dependencies": [f"python={MINOR}", *conda]}
        if pip:
            lists["dependencies"].append({"pip": list(pip)})
        return json.dumps(lists)

    return write


@pytest.fixture
def settings(tmp_path):
    from mooring.settings import Settings

    return Settings(home=tmp_path / "home", use_conda=True)


@pytest.fixture
def leftovers(settings):
    """Names in the folder of environments that only work in progress may have."""

    def find() -> list[str]:
        return [
            path.name
            for path in settings.environments_dir.iterdir()
            if path.name.startswith(".") or path.is_symlink()
        ]

    return find


class ChannelServer:
    """The channel over HTTP, for those with the right name and password or token; can hold files back."""

    LOGIN = ("keeper", "s3cr3t-word")
    TOKEN = "s3cr3t-token"

    def __init__(self, root: Path) -> None:
        self.asked, self.released = threading.Event(), threading.Event()
        self.released.set()
        server = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                if not server.lets_in(self):
                    self.send_error(401)
                    return
                if self.path.endswith(".tar.bz2"):
                    server.asked.set()
                    server.released.wait(60)
                self.path = self.path.removeprefix(f"/t/{server.TOKEN}").removeprefix("/open")
                with contextlib.suppress(ConnectionError):
                    super().do_GET()

            def log_message(self, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(root))
        )
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def lets_in(self, request: http.server.BaseHTTPRequestHandler) -> bool:
        basic = "Basic " + base64.b64encode(":".join(self.LOGIN).encode()).decode()
        is_known = request.headers.get("Authorization") == basic
        return is_known or request.path.startswith((f"/t/{self.TOKEN}/", "/open/"))

    def hold(self) -> None:
        self.released.clear()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(channel):
    server = ChannelServer(channel.root)
    yield server
    server.close()
