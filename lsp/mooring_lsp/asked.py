"""What a client asks for: the one object that a command or request takes, its fields checked by name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from mooring.errors import MooringError
from mooring.settings import Settings
from mooring.workspace import Workspace
from mooring_lsp.documents import path_of
from mooring_lsp.workspaces import Workspaces

T = TypeVar("T")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: one is a drive
_WORDS: dict[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}


@dataclass(eq=False)
class WrongArgument(MooringError):
    """A field that is missing or of the wrong kind."""

    code = "argument-invalid"
    field: str
    wanted: str
    given: str = ""

    @property
    def problem(self) -> str:
        """Which one, and what it was."""
        return f"{self.field} should be {self.wanted}{f', not {self.given}' if self.given else ''}."

    @property
    def remedy(self) -> str:
        """Where the fields are listed."""
        return "See docs/language-server.md for the fields of each command and request."


@dataclass(frozen=True)
class Asked:
    """The fields of one command or request.

    Args:
        fields: As they came.
        workspaces: To open one from.
        folder: What stands for a folder where the fields name none.
    """

    fields: Mapping[str, Any]
    workspaces: Workspaces
    folder: Path

    @property
    def settings(self) -> Settings:
        """Of the workspace it is about."""
        return self.workspaces.settings_for(self._folder(), self.find("workspace", str))

    @property
    def workspace(self) -> Workspace:
        """The workspace it is about.

        Raises:
            NothingThereYet: It would have to be made.
        """
        return self.workspaces.require(self.settings)

    @property
    def writable(self) -> Workspace:
        """The same for who is going to put something in: made when needed."""
        return self.workspaces.open(self.settings)

    @property
    def service(self) -> str:
        """The name of the service it is about."""
        return self.get("service", str)

    def path(self, field: str = "uri") -> Path:
        """The file that a field's address means.

        Raises:
            WrongArgument: It is missing, or means no file of this machine.
        """
        found = self.find_path(field)
        if found is None:
            raise WrongArgument(field, "the address of a file")
        return found

    def find_path(self, field: str) -> Path | None:
        """The same; None when the field is not there."""
        uri = self.find(field, str)
        if uri is None:
            return None
        is_address = _ADDRESS.match(uri) is not None
        path = path_of(uri) if is_address else uri
        if is_address and not uri.startswith("file:"):
            raise WrongArgument(field, "the address of a file on this machine", repr(uri))
        return Path(os.path.abspath(path))  # noqa: PTH100  links stay: they are what the user named

    def get(self, field: str, kind: type[T]) -> T:
        """A field that has to be there.

        Raises:
            WrongArgument: It is missing, or of another kind.
        """
        found = self.find(field, kind)
        if found is None:
            raise WrongArgument(field, _WORDS[kind])
        return found

    def find(self, field: str, kind: type[T]) -> T | None:
        """A field that may be left out."""
        value: object = self.fields.get(field)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise WrongArgument(field, _WORDS[kind], repr(value)[:80])
        return value

    def with_field(self, field: str, value: Any) -> Asked:
        """The same with one more field."""
        return replace(self, fields={**self.fields, field: value})

    def texts(self, field: str) -> list[str] | None:
        """A list of texts that may be left out."""
        value = self.fields.get(field)
        if value is None:
            return None
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise WrongArgument(field, "a list of texts", repr(value)[:80])
        return [str(each) for each in value]

    def _folder(self) -> Path:
        uri = self.find("uri", str)
        if uri is None or (_ADDRESS.match(uri) and not uri.startswith("file:")):
            return self.folder
        path = Path(path_of(uri) if _ADDRESS.match(uri) else uri)
        return path if path.is_dir() else path.parent
