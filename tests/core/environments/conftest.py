"""What the tests of environments share: settings in a fresh home, and environments from YAML text."""

import http.server
import select
import shutil
import threading
from pathlib import Path

import httpx
import pytest
import yaml

from mooring.environments import CondaDependencies, Environment
from mooring.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def from_yaml():
    def build(text: str, name: str = "example") -> Environment:
        environment = Environment(name)
        structure = yaml.safe_load(text)
        environment.python.conda_dependencies = CondaDependencies(_underlying_structure=structure)
        return environment

    return build


@pytest.fixture
def asset_of_2019(from_yaml):
    """The conda file that Azure ML's documentation of August 2019 shows."""
    return from_yaml(
        "name: project_environment\n"
        "dependencies:\n"
        "  - python=3.6.2\n"
        "  - pip:\n"
        "    - azureml-defaults\n"
        "    - scikit-learn==0.20.0\n"
        "    - inference-schema[numpy-support]\n"
    )


@pytest.fixture
def from_pip(from_yaml):
    def build(*lines: str, python: str = "3.11") -> Environment:
        pip = "".join(f"\n    - {line!r}" for line in lines)
        return from_yaml(f"dependencies:\n  - python={python}\n  - pip:{pip}\n")

    return build


class SlowIndex:
    """A package index that hands on what PyPI says about packages, but holds their files back."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self._asked = threading.Event()
        self._left = threading.Event()
        self._released = threading.Event()
        self._released.set()
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.answer(self)

            def do_HEAD(self) -> None:
                self.send_error(405)

            def log_message(self, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/simple"

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        name = request.path.strip("/").split("/")[-1]
        if request.path.endswith(".whl") and not self._released.is_set():
            self._asked.set()
            while not self._released.is_set():
                if select.select([request.connection], [], [], 0.05)[0]:
                    self._left.set()
                    return
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        if request.path.startswith("/files/"):
            body = httpx.get("https://files.pythonhosted.org/" + request.path[len("/files/") :]).content
            kind = "application/octet-stream"
        else:
            answer = httpx.get(f"https://pypi.org/simple/{name}/", headers=accept)
            own = self.url.replace("/simple", "/files/")
            body = answer.text.replace("https://files.pythonhosted.org/", own).encode()
            kind = answer.headers["content-type"]
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def wait_until_downloading(self) -> None:
        assert self._asked.wait(60)

    def wait_until_client_left(self) -> bool:
        return self._left.wait(20)

    def hold(self) -> None:
        """From now on files do not come; what uv has kept of them is forgotten."""
        self._released.clear()
        shutil.rmtree(self.cache)

    def release(self) -> None:
        self._released.set()

    def close(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def slow_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    index = SlowIndex(tmp_path / "cache")
    yield index
    index.close()
