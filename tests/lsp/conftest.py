"""The packaged server, started as an editor starts it, over its standard streams."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

SERVER = str(Path(sys.executable).with_name("mooring-lsp"))


class Editor:
    """A client with words for what a person does."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str, *, language: str = "python", save: bool = False) -> str:
        if save:
            (self.folder / name).write_text(text, encoding="utf-8", newline="")
        uri = name if ":" in name else self.uri(name)
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def replace(self, uri: str, version: int, text: str, place: types.Range | None = None) -> None:
        change: types.TextDocumentContentChangeEvent = (
            types.TextDocumentContentChangeWholeDocument(text)
            if place is None
            else types.TextDocumentContentChangePartial(range=place, text=text)
        )
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), [change])
        )

    async def diagnostics(
        self, uri: str, version: int | None = 1, until: Callable[[set[object]], bool] = lambda _: True
    ) -> list[types.Diagnostic]:
        """Of that version, once their codes are as wanted; those that arrived before are passed over."""
        while True:
            got = await self.client.published.get()
            if (got.uri, got.version) == (uri, version) and until({each.code for each in got.diagnostics}):
                return list(got.diagnostics)

    async def pull(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        params = types.DocumentDiagnosticParams(
            types.TextDocumentIdentifier(uri), previous_result_id=previous
        )
        return await self.client.text_document_diagnostic_async(params)

    async def actions(
        self, uri: str, diagnostics: list[types.Diagnostic], only: list[str] | None = None
    ) -> list[types.CodeAction]:
        place = (
            diagnostics[0].range if diagnostics else types.Range(types.Position(0, 0), types.Position(0, 0))
        )
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), place, types.CodeActionContext(diagnostics, only)
        )
        return list(await self.client.text_document_code_action_async(params) or [])

    async def ask(self, method: str, /, **params: object) -> Any:
        return plain(await self.client.protocol.send_request_async(method, params))

    async def command(self, name: str, /, **argument: object) -> Any:
        params = types.ExecuteCommandParams(name, [argument])
        return plain(await self.client.workspace_execute_command_async(params))

    async def subscribe(self, service: str, /, **more: object) -> LogReader:
        reader = LogReader(self.client)
        answer = await self.ask("mooring/logs/subscribe", service=service, **more)
        reader.subscription = answer["subscription"]
        return reader


class LogReader:
    """What a client shows of a service's log."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.subscription = ""
        self.items: list[dict[str, Any]] = []
        self.batches: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        client.log_readers.append(self)

    async def until(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        while not wanted(self.items):
            await self._take()
        return self.items

    async def until_ended(self) -> None:
        while not (await self._take()).get("ended"):
            continue

    async def _take(self) -> dict[str, Any]:
        batch = await asyncio.wait_for(self.batches.get(), 20)
        self.items += batch["items"]
        taken = {"subscription": self.subscription, "batch": batch["batch"]}
        self.client.protocol.notify("mooring/logs/acknowledge", taken)
        return batch


def plain(value: Any) -> Any:
    """JSON again, of the objects that pygls makes of it."""
    if hasattr(value, "_asdict"):
        return {key: plain(each) for key, each in value._asdict().items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _create_client() -> LanguageClient:
    client = make_test_lsp_client()
    client.published = asyncio.Queue()
    client.log_readers = []

    def read_log(params: Any) -> None:
        batch = plain(params)
        for reader in client.log_readers:
            if reader.subscription in ("", batch["subscription"]):
                reader.batches.put_nowait(batch)

    client.feature("mooring/logs")(read_log)

    def publish(params: types.PublishDiagnosticsParams) -> None:
        client.published.put_nowait(params)

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = publish
    return client


def _server() -> ClientServerConfig:
    return ClientServerConfig(server_command=[SERVER], server_env=os.environ, client_factory=_create_client)


def _capabilities(profile: str, *, pulls: bool, encodings: list[str]) -> types.ClientCapabilities:
    capabilities = client_capabilities(profile)
    capabilities.general = types.GeneralClientCapabilities(position_encodings=encodings)
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities() if pulls else None
    return capabilities


async def _session(
    lsp_client: LanguageClient,
    folder: Path,
    profile: str,
    *,
    pulls: bool = False,
    encodings: tuple[str, ...] = (),
) -> None:
    root = types.WorkspaceFolder(folder.as_uri(), folder.name)
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=_capabilities(profile, pulls=pulls, encodings=list(encodings or ["utf-16"])),
            root_uri=folder.as_uri(),
            workspace_folders=[root],
        )
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "projé 😀"
    place.mkdir()
    return place


@pytest_lsp.fixture(config=_server())
async def client(lsp_client: LanguageClient, folder: Path):
    await _session(lsp_client, folder, "neovim")
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=_server())
async def pulling_client(lsp_client: LanguageClient, folder: Path):
    await _session(lsp_client, folder, "visual_studio_code", pulls=True, encodings=("utf-8", "utf-16"))
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient, folder: Path) -> Editor:
    return Editor(client, folder)


@pytest.fixture
def pulling_editor(pulling_client: LanguageClient, folder: Path) -> Editor:
    return Editor(pulling_client, folder)
