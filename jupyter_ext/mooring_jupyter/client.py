"""A typed client of the server extension's REST interface, for programs outside of the browser.

    client = MooringClient("http://127.0.0.1:8888/", token="…")
    job = client.register_model({"name": "diabetes", "path": "ridge.pkl"})
    client.wait(job, told=lambda job: print(job["phase"], job["text"]))
    client.deploy_service({"name": "scorer", "models": ["diabetes:1"], "entryScript": "score.py"})

Every method is a route of the OpenAPI document, under the name of its operation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

from typing_extensions import Unpack

from mooring.errors import MooringError
from mooring_jupyter import shapes
from mooring_jupyter.openapi import PREFIX
from mooring_jupyter.routes import all_routes

_TIMEOUT_S = 300.0
_PIECE_BYTES = 8 * 1024 * 1024


@dataclass(eq=False)
class RequestRefused(MooringError):
    """The server's own words about a request it could not carry out.

    Attributes:
        status: HTTP status.
        facts: A `Problem`.
    """

    status: int
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def code(self) -> str:  # type: ignore[override]
        """The server's code."""
        return str(self.facts.get("code") or f"http-{self.status}")

    @property
    def problem(self) -> str:
        """The server's problem."""
        return str(self.facts.get("problem") or f"The server answered {self.status}.")

    @property
    def remedy(self) -> str:
        """The server's remedy."""
        return str(self.facts.get("remedy") or "")


@dataclass(eq=False)
class ServerUnreachable(MooringError):
    """No Jupyter server answers there."""

    code = "server-unreachable"
    url: str
    reason: str

    @property
    def problem(self) -> str:
        """Where, and why."""
        return f"{self.url} does not answer: {self.reason}."

    @property
    def remedy(self) -> str:
        """What to look at."""
        return "Start JupyterLab, and give the address and token that `jupyter server list` shows."


class MooringClient:
    """Asks a Jupyter server that has Mooring's extension.

    Args:
        url: Of the server, with its base URL.
        token: Of the server, or of JupyterHub.
        workspace: None for the server's default one.
    """

    def __init__(self, url: str, token: str = "", workspace: str | None = None) -> None:
        self._base = urljoin(url if url.endswith("/") else url + "/", PREFIX)
        self._token = token
        self._workspace = workspace
        self._routes = {route.name: route for route in all_routes()}

    # ---- models --------------------------------------------------------------------------------------------------

    def list_models(self, **query: Unpack[shapes.ModelFilter]) -> shapes.Models:
        """Registered models, the newest first."""
        return self._ask("list_models", query=query)

    def register_model(self, body: shapes.NewModel) -> shapes.Job:
        """Register what the server can read, or a finished upload."""
        return self._ask("register_model", body=body)

    def list_versions(self, name: str) -> shapes.Models:
        """All versions of a model."""
        return self._ask("list_versions", name=name)

    def show_version(self, name: str, version: int) -> shapes.ModelDetails:
        """One version."""
        return self._ask("show_version", name=name, version=version)

    def change_version(self, name: str, version: int, body: shapes.ModelChange) -> shapes.ModelDetails:
        """Change tags and description."""
        return self._ask("change_version", name=name, version=version, body=body)

    def delete_version(self, name: str, version: int) -> None:
        """Forget a version that no service uses."""
        self._ask("delete_version", name=name, version=version)

    def compare_versions(self, name: str, version: int, other: str) -> shapes.Comparison:
        """Two versions side by side."""
        return self._ask("compare_versions", name=name, version=version, other=other)

    def upload(self, path: Path, told: Callable[[int, int], None] | None = None) -> shapes.Upload:
        """Send a file in pieces; give its id to `register_model`. Call it with the `Upload` again to go on.

        Args:
            path: A file of this machine.
            told: Bytes sent, and bytes in all.
        """
        upload = self.begin_upload({"name": path.name, "sizeBytes": path.stat().st_size})
        return self.continue_upload(upload, path, told)

    def continue_upload(
        self, upload: shapes.Upload, path: Path, told: Callable[[int, int], None] | None = None
    ) -> shapes.Upload:
        """Send what has not arrived yet."""
        upload = self.show_upload(upload["id"])
        with path.open("rb") as file:
            while upload["offset"] < upload["sizeBytes"]:
                file.seek(upload["offset"])
                upload = self._send_piece(upload, file.read(_PIECE_BYTES))
                if told is not None:
                    told(upload["offset"], upload["sizeBytes"])
        return upload

    def begin_upload(self, body: shapes.NewUpload) -> shapes.Upload:
        """Announce a file."""
        return self._ask("begin_upload", body=body)

    def show_upload(self, upload: str) -> shapes.Upload:
        """How much has arrived."""
        return self._ask("show_upload", upload=upload)

    def discard_upload(self, upload: str) -> None:
        """Give a file up."""
        self._ask("discard_upload", upload=upload)

    # ---- services ------------------------------------------------------------------------------------------------

    def list_services(self) -> shapes.Services:
        """Services and how each is right now."""
        return self._ask("list_services")

    def deploy_service(self, body: shapes.NewService) -> shapes.Job:
        """Deploy models behind one URL."""
        return self._ask("deploy_service", body=body)

    def show_service(self, name: str) -> shapes.ServiceDetails:
        """One service."""
        return self._ask("show_service", name=name)

    def update_service(self, name: str, body: shapes.Deployment) -> shapes.Job:
        """Change what a service serves, or how."""
        return self._ask("update_service", name=name, body=body)

    def reload_service(self, name: str) -> shapes.Job:
        """Run the script as it is on disk now."""
        return self._ask("reload_service", name=name)

    def rollback_service(self, name: str) -> shapes.Job:
        """Serve the revision before again."""
        return self._ask("rollback_service", name=name)

    def delete_service(self, name: str) -> shapes.Job:
        """Stop a service and forget it."""
        return self._ask("delete_service", name=name)

    def plan_service(self, name: str, body: shapes.Deployment) -> shapes.Plan:
        """What deploying under a new name, or updating a service, would do."""
        return self._ask("plan_service", name=name, body=body)

    def consume_service(self, name: str) -> shapes.Consume:
        """Programs that ask the service."""
        return self._ask("consume_service", name=name)

    def show_form(self, name: str) -> shapes.RequestForm:
        """What a request to the service looks like."""
        return self._ask("show_form", name=name)

    def compose_request(self, name: str, body: shapes.FormValues) -> shapes.RequestBody:
        """The body that the values of a form mean."""
        return self._ask("compose_request", name=name, body=body)

    def run_service(self, name: str, body: shapes.ScoringRequest) -> shapes.ScoringAnswer:
        """Send one request."""
        return self._ask("run_service", name=name, body=body)

    def read_logs(self, name: str, **query: Unpack[shapes.LogRange]) -> shapes.Log:
        """Log lines and history."""
        return self._ask("read_logs", name=name, query=query)

    def show_keys(self, name: str) -> shapes.Keys:
        """Both keys."""
        return self._ask("show_keys", name=name)

    def regenerate_key(self, name: str, body: shapes.WhichKey) -> None:
        """Replace a key."""
        self._ask("regenerate_key", name=name, body=body)

    def issue_token(self, name: str) -> shapes.Token:
        """A token that the service accepts for a while."""
        return self._ask("issue_token", name=name)

    # ---- around them ---------------------------------------------------------------------------------------------

    def list_environments(self, **query: Unpack[shapes.EnvironmentFilter]) -> shapes.Environments:
        """Registered environments."""
        return self._ask("list_environments", query=query)

    def register_environment(self, body: shapes.NewEnvironment) -> shapes.Environment:
        """Register the packages of a conda or pip file."""
        return self._ask("register_environment", body=body)

    def list_targets(self) -> shapes.Compute:
        """Places where services can run."""
        return self._ask("list_targets")

    def list_settings(self, compute_type: str) -> shapes.Settings:
        """What a deployment of that compute type can be told."""
        return self._ask("list_settings", compute_type=compute_type)

    def about(self) -> shapes.About:
        """Which Mooring answers."""
        return self._ask("about")

    def describe_file(self, **query: Unpack[shapes.FilePath]) -> shapes.FileFacts:
        """What a file is."""
        return self._ask("describe_file", query=query)

    def check_file(self, **query: Unpack[shapes.FilePath]) -> shapes.Findings:
        """What is wrong with a file."""
        return self._ask("check_file", query=query)

    def find_original(self, **query: Unpack[shapes.SourcePlace]) -> shapes.FilePath:
        """The file that a path of a failure or a log means."""
        return self._ask("find_original", query=query)

    def deploy_demo(self, body: shapes.DemoRequest) -> shapes.Job:
        """Train, register and deploy the demo model."""
        return self._ask("deploy_demo", body=body)

    # ---- long work and events ------------------------------------------------------------------------------------

    def list_jobs(self) -> shapes.Jobs:
        """Long work of the last day."""
        return self._ask("list_jobs")

    def show_job(self, job: str) -> shapes.Job:
        """One piece of long work."""
        return self._ask("show_job", job=job)

    def cancel_job(self, job: str) -> shapes.Job:
        """Interrupt it."""
        return self._ask("cancel_job", job=job)

    def wait(self, job: shapes.Job, told: Callable[[shapes.Job], None] | None = None) -> shapes.Job:
        """The job once it has ended.

        Args:
            job: As the server gave it.
            told: Called with each news of it.
        """
        if job["status"] != "running":
            return job
        for message in self.events("jobs"):
            for news in message["items"]:
                if news["id"] == job["id"] and told is not None:
                    told(news)
                if news["id"] == job["id"] and news["status"] != "running":
                    return news
        return self.show_job(job["id"])

    def events(self, topic: str, cursor: str = "") -> Iterator[dict[str, Any]]:
        """Messages of a topic, as `mooring_jupyter.web.events` describes them, until the server goes away.

        Args:
            topic: `changes`, `jobs` or `service:NAME`.
            cursor: Of the last message seen.

        Raises:
            RequestRefused: The subscription was refused.
        """
        import websocket

        parts = urlsplit(self._base)
        scheme = "wss" if parts.scheme == "https" else "ws"
        url = f"{scheme}://{parts.netloc}{parts.path}/events{self._query({})}"
        try:
            opened = websocket.create_connection(url, header=self._headers(), timeout=None)
        except (OSError, websocket.WebSocketException) as error:
            raise ServerUnreachable(url=url.partition("?")[0], reason=str(error)) from error
        with closing(opened) as socket:
            socket.send(json.dumps({"subscribe": topic, "cursor": cursor}))
            while text := socket.recv():
                message: dict[str, Any] = json.loads(text)
                if "error" in message:
                    raise RequestRefused(status=0, facts=message["error"])
                yield message
                if message.get("end"):
                    return

    # ---- how it is asked -----------------------------------------------------------------------------------------

    def _ask(
        self,
        operation: str,
        /,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        **path: str | int,
    ) -> Any:
        """One request; its address and method are the route's own."""
        route = self._routes[operation]
        place = route.path.format_map({key: quote(str(value), safe="") for key, value in path.items()})
        data = json.dumps(body).encode() if route.method in ("POST", "PATCH") else None
        return self._send(route.method, place + self._query(query or {}), data, {})

    def _send_piece(self, upload: shapes.Upload, piece: bytes) -> shapes.Upload:
        headers = {"Upload-Offset": str(upload["offset"]), "Content-Type": "application/octet-stream"}
        sent: shapes.Upload = self._send("PATCH", f"/uploads/{upload['id']}{self._query({})}", piece, headers)
        return sent

    def _send(self, method: str, place: str, data: bytes | None, headers: dict[str, str]) -> Any:
        url = self._base + place
        request = Request(url, data, {**self._headers(), **headers}, method=method)  # noqa: S310 (the caller's own server)
        try:
            with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                text = answer.read()
        except HTTPError as error:
            with error:
                raise RequestRefused(status=error.code, facts=_facts(error.read())) from error
        except (URLError, OSError) as error:
            raise ServerUnreachable(url=self._base, reason=str(getattr(error, "reason", error))) from error
        return json.loads(text) if text else None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self._token}"} if self._token else {}

    def _query(self, given: Mapping[str, Any]) -> str:
        values = {**given, **({"workspace": self._workspace} if self._workspace else {})}
        plain = {
            key: str(value).lower() if isinstance(value, bool) else value for key, value in values.items()
        }
        return f"?{urlencode(plain, doseq=True)}" if plain else ""


def _facts(content: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(content)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
