"""Install Mooring from this folder into `.venv`, with nothing but Python: `python3 core/install.py [demo|test]`.

Needs neither pip nor ensurepip (Debian ships them apart, and marks its Python "externally managed"): it takes
`uv` from PATH, or fetches uv's wheel from the package index once, and lets it make the environment.

    python3 core/install.py          installs Mooring
    python3 core/install.py demo     ... and runs the main job, `mooring demo`
    python3 core/install.py test     ... with what the tests need, and runs them
"""

from __future__ import annotations

import hashlib
import html.parser
import io
import os
import platform
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
UV_VERSION = "0.13.8"
OLDEST = (3, 10)
DEMO_PACKAGES = "."
TEST_PACKAGES = ".[dev]"


def main(arguments: list[str]) -> int:  # noqa: PLR0911 (each way out has its own status)
    """Install, then do what the one argument says; answers the exit status."""
    purpose = arguments[0] if arguments else "install"
    if purpose not in {"install", "demo", "test"} or len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        print(f"Mooring needs Python 3.10 or newer; this is {platform.python_version()}.", file=sys.stderr)
        return 1
    packages = TEST_PACKAGES if purpose == "test" else DEMO_PACKAGES
    try:
        install(packages, uv=find_uv() or fetch_uv())
    except (OSError, urllib.error.URLError) as error:
        print(f"The package index can't be reached: {error}. Check the network and proxy.", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    binaries = VENV / ("Scripts" if os.name == "nt" else "bin")
    if purpose == "demo":
        status = subprocess.call([str(binaries / "mooring"), "demo"])
        if status == 0 and not shutil.which("mooring"):
            print(f"\nThese words are in {VENV.name}; first: {_activation(binaries)}")
        return status
    if purpose == "test":
        return subprocess.call([str(binaries / "pytest")], cwd=ROOT)
    print(f"Installed. Try: {binaries / 'mooring'} demo")
    return 0


def _activation(binaries: Path) -> str:
    """What to type so that the shell finds `mooring`."""
    script = os.path.relpath(binaries / "activate")
    return script if os.name == "nt" else f". {script}"


def install(packages: str, *, uv: Path) -> None:
    """Make `.venv` when it isn't there, and install this folder into it."""
    # As pip does: a company's own certificate authority is known to the system alone.
    environment = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true", **os.environ}
    if not (VENV / "pyvenv.cfg").exists():
        subprocess.run([str(uv), "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True)
    subprocess.run(
        [
            str(uv),
            "pip",
            "install",
            "--quiet",
            "--compile-bytecode",
            "--python",
            str(VENV),
            "--editable",
            packages,
        ],
        cwd=ROOT,
        env=environment,
        check=True,
    )


def find_uv() -> Path | None:
    """The `uv` of an earlier run, or of PATH."""
    for candidate in (_uv_cache(), shutil.which("uv")):
        if candidate and Path(candidate).exists():
            return Path(candidate)
    return None


def fetch_uv() -> Path:
    """Fetch uv's wheel for this platform from the package index, check its digest, keep its program."""
    url, digest = _wheel_link(_index_page())
    content = _read(url)
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise OSError(f"the digest of {url.rsplit('/', 1)[-1]} differs from the index")
    target = _uv_cache()
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith(("/scripts/uv", "/scripts/uv.exe")))
        partial = target.with_suffix(f".{os.getpid()}")
        partial.write_bytes(wheel.read(name))
    partial.chmod(0o755)
    partial.replace(target)
    return target


def _uv_cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "mooring" / f"uv-{UV_VERSION}" / ("uv.exe" if os.name == "nt" else "uv")


def _index_page() -> str:
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    return index.rstrip("/") + "/uv/"


def _wheel_link(page: str) -> tuple[str, str]:
    links = _Links()
    links.feed(_read(page).decode())
    for wanted in _platform_tags():
        for href in links.found:
            file = urllib.parse.unquote(href.rsplit("/", 1)[-1].split("#")[0])
            if file.startswith(f"uv-{UV_VERSION}-py3-none-") and wanted in file:
                url, _, fragment = urllib.parse.urljoin(page, href).partition("#")
                return url, fragment.removeprefix("sha256=")
    raise OSError(f"no uv {UV_VERSION} for {platform.system()} {platform.machine()} at {page}")


def _platform_tags() -> list[str]:
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if sys.platform == "darwin":
        return [f"macosx_11_0_{'arm64' if machine == 'aarch64' else machine}", f"macosx_10_12_{machine}.whl"]
    if os.name == "nt":
        return [f"win_{'amd64' if machine == 'x86_64' else 'arm64'}"]
    libc = platform.libc_ver()[0]
    kind = "manylinux" if libc == "glibc" else "musllinux"
    return [f"{kind}_2_17_{machine}", f"{kind}_2_28_{machine}", f"{kind}_1_1_{machine}"]


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def _read(url: str) -> bytes:
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise OSError(f"{urllib.parse.urlsplit(url).scheme} is no safe way to fetch a program")
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (scheme checked above)
        return answer.read()  # type: ignore[no-any-return]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
