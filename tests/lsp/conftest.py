"""The packaged server, started as an editor starts it, over its standard streams."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Union

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

from mooring_lsp.convert import Places

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
        self.client.texts[uri] = text
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

    async def progress_until(self, phase: str) -> str:
        """The token of the work whose phase has come."""
        while True:
            for token, reports in self.client.progress_reports.items():
                if any((getattr(each, "message", "") or "").startswith(phase) for each in reports):
                    return str(token)
            await asyncio.sleep(0.05)

    async def lens_titles(self, uri: str) -> list[str]:
        return [lens.command.title for lens in await self.lenses(uri)]

    async def lenses(self, uri: str) -> list[types.CodeLens]:
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        return list(await self.client.text_document_code_lens_async(params) or [])

    async def actions_on(self, uri: str, line: int) -> dict[str, types.CodeAction]:
        """Everything that is offered on a line, by its title."""
        place = types.Range(types.Position(line, 0), types.Position(line, 0))
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, types.CodeActionContext([]))
        found = await self.client.text_document_code_action_async(params)
        return {action.title: action for action in found or []}

    async def take(self, action: types.CodeAction) -> Any:
        """Carry an offer out."""
        return await self.command(action.command.command, **action.command.arguments[0])

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
        batch = await asyncio.wait_for(self.batches.get(), 60)
        self.items += batch["items"]
        taken = {"subscription": self.subscription, "batch": batch["batch"]}
        self.client.protocol.notify("mooring/logs/acknowledge", taken)
        return batch


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """A text as an editor has it after these changes."""
    places = Places(text)
    for edit in sorted(edits, key=lambda each: places.offset_at(each.range.start), reverse=True):
        start, end = places.offset_at(edit.range.start), places.offset_at(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


class Chooser:
    """The person who answers the server's questions: by a word that the choice begins with."""

    def __init__(self) -> None:
        self.wanted = ""
        self.asked: list[types.ShowMessageRequestParams] = []

    def __call__(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        self.asked.append(params)
        return next((each for each in params.actions if each.title.startswith(self.wanted or "?")), None)


def plain(value: Any) -> Any:
    """JSON again, of the objects that pygls makes of it."""
    if hasattr(value, "_asdict"):
        return {key: plain(each) for key, each in value._asdict().items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _create_client() -> LanguageClient:
    client = make_test_lsp_client()
    # The client library takes an action that carries a command for a command.
    client.protocol._converter.register_structure_hook(
        Union[types.Command, types.CodeAction],  # noqa: UP007
        lambda data, _: client.protocol._converter.structure(data, types.CodeAction),
    )
    client.published = asyncio.Queue()
    client.log_readers = []

    def publish(params: types.PublishDiagnosticsParams) -> None:
        client.published.put_nowait(params)

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = publish

    def read_log(params: Any) -> None:
        batch = plain(params)
        for reader in client.log_readers:
            if reader.subscription in ("", batch["subscription"]):
                reader.batches.put_nowait(batch)

    client.feature("mooring/logs")(read_log)
    client.changes = asyncio.Queue()
    client.feature("mooring/changed")(lambda params: client.changes.put_nowait(plain(params)))
    client.edits = []

    def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        changes = params.edit.document_changes
        edits = changes[0].edits if changes else next(iter(params.edit.changes.values()))
        text = client.texts[changes[0].text_document.uri if changes else next(iter(params.edit.changes))]
        client.edits.append(edited(text, edits))
        return types.ApplyWorkspaceEditResult(applied=True)

    client.texts = {}
    client.protocol.fm.features[types.WORKSPACE_APPLY_EDIT] = apply_edit
    client.refreshed = []
    for method in (
        types.WORKSPACE_CODE_LENS_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
        types.WORKSPACE_DIAGNOSTIC_REFRESH,
    ):
        client.protocol.fm.features[method] = lambda _, method=method: client.refreshed.append(method)
    client.protocol.fm.features[types.WINDOW_SHOW_MESSAGE_REQUEST] = client.choose = Chooser()

    return client


def _server() -> ClientServerConfig:
    return ClientServerConfig(server_command=[SERVER], server_env=os.environ, client_factory=_create_client)


def _capabilities(profile: str, *, pulls: bool, encodings: list[str]) -> types.ClientCapabilities:
    capabilities = client_capabilities(profile)
    capabilities.general = types.GeneralClientCapabilities(position_encodings=encodings)
    capabilities.window.work_done_progress = True
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities() if pulls else None
    return capabilities


async def _session(
    lsp_client: LanguageClient,
    folder: Path,
    profile: str,
    *,
    pulls: bool = False,
    encodings: tuple[str, ...] = (),
    options: dict[str, Any] | None = None,
) -> None:
    root = types.WorkspaceFolder(folder.as_uri(), folder.name)
    answer = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=_capabilities(profile, pulls=pulls, encodings=list(encodings or ["utf-16"])),
            root_uri=folder.as_uri(),
            workspace_folders=[root],
            initialization_options=options,
        )
    )
    lsp_client.capabilities_of_server = plain(answer.capabilities.experimental)


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
async def doomed_client(lsp_client: LanguageClient, folder: Path):
    """One whose server the test kills."""
    await _session(lsp_client, folder, "neovim")
    yield


@pytest_lsp.fixture(config=_server())
async def pulling_client(lsp_client: LanguageClient, folder: Path):
    options = {"showsOutcomes": True}
    encodings = ("utf-8", "utf-16")
    await _session(lsp_client, folder, "visual_studio_code", pulls=True, encodings=encodings, options=options)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient, folder: Path) -> Editor:
    return Editor(client, folder)


@pytest.fixture
def pulling_editor(pulling_client: LanguageClient, folder: Path) -> Editor:
    return Editor(pulling_client, folder)


@pytest.fixture
def doomed_editor(doomed_client: LanguageClient, folder: Path) -> Editor:
    return Editor(doomed_client, folder)
