"""What can go wrong with files: those that are registered, those that are kept, those that are written out."""

from __future__ import annotations

from dataclasses import dataclass

from mooring.errors import MooringError


@dataclass(eq=False)
class SourceMissing(MooringError):
    """Nothing is where the model should be, or it went away while it was read."""

    code = "model-path-missing"
    path: str
    vanished: bool = False

    @property
    def problem(self) -> str:
        """The path."""
        if self.vanished:
            return f"{self.path!r} vanished while it was being registered."
        return f"There is no file or folder {self.path!r}."

    @property
    def remedy(self) -> str:
        """Look again."""
        return "Check the path; it is relative to the working directory. Nothing was registered."


@dataclass(eq=False)
class SourceEmpty(MooringError):
    """A folder without a single file."""

    code = "model-folder-empty"
    path: str

    @property
    def problem(self) -> str:
        """The folder."""
        return f"The folder {self.path!r} holds no file."

    @property
    def remedy(self) -> str:
        """Fill it."""
        return "Save the model into it first, or give the path of another folder."


@dataclass(eq=False)
class SourceUnreadable(MooringError):
    """A file that this user may not read, or that is no ordinary file."""

    code = "model-path-unreadable"
    path: str
    reason: str

    @property
    def problem(self) -> str:
        """Path and reason."""
        return f"{self.path!r} can't be read: {self.reason}."

    @property
    def remedy(self) -> str:
        """Make it readable, or leave it out."""
        return "Make it a readable file, or leave it out (`child_paths` picks files of a folder)."


@dataclass(eq=False)
class SourceChanged(MooringError):
    """A file was written while it was being registered."""

    code = "model-path-changed"
    path: str

    @property
    def problem(self) -> str:
        """Which."""
        return f"{self.path!r} changed while it was being registered."

    @property
    def remedy(self) -> str:
        """Wait."""
        return "Wait until the model is written completely, then register it again."


@dataclass(eq=False)
class InvalidChildPaths(MooringError):
    """`child_paths` names something outside the folder, or is given with a file."""

    code = "child-paths-invalid"
    value: str
    reason: str

    @property
    def problem(self) -> str:
        """Which, and why."""
        return f"child_paths {self.value!r} can't be used: {self.reason}."

    @property
    def remedy(self) -> str:
        """The right use."""
        return "Give a folder as the model path, and paths below it as child_paths."


@dataclass(eq=False)
class StorageFull(MooringError):
    """No room is left where a file should be written."""

    code = "storage-full"
    place: str

    @property
    def problem(self) -> str:
        """Where."""
        return f"There is no space left in {self.place!r}."

    @property
    def remedy(self) -> str:
        """Make room."""
        return "Free some space (`mooring gc` may help), then run the command again; nothing half-written was left."


@dataclass(eq=False)
class StorageFailed(MooringError):
    """Files can't be kept where they should be."""

    code = "storage-failed"
    place: str
    reason: str

    @property
    def problem(self) -> str:
        """Where, and why."""
        return f"Files can't be kept in {self.place!r}: {self.reason}."

    @property
    def remedy(self) -> str:
        """Another place, or its rights."""
        return "Check that place and its permissions, or choose another with MOORING_ARTIFACT_URL."


@dataclass(eq=False)
class ArtifactMissing(MooringError):
    """A registered file is gone from the store."""

    code = "artifact-missing"
    digest: str
    place: str

    @property
    def problem(self) -> str:
        """Which content, and where it should be."""
        return f"The content {self.digest} of a registered model is missing from {self.place!r}."

    @property
    def remedy(self) -> str:
        """Put it back."""
        return "Register the same files again (under any name): the same content heals every version that has it."


@dataclass(eq=False)
class ArtifactDamaged(MooringError):
    """A registered file no longer has the content it was registered with."""

    code = "artifact-damaged"
    digest: str
    place: str

    @property
    def problem(self) -> str:
        """Which file."""
        return f"{self.place!r} no longer holds the registered content {self.digest}."

    @property
    def remedy(self) -> str:
        """Put it back."""
        return "Register the same files again (under any name): the same content heals every version that has it."


@dataclass(eq=False)
class AlreadyThere(MooringError):
    """A download would overwrite something."""

    code = "file-exists"
    path: str

    @property
    def problem(self) -> str:
        """v1's sentence, and the path."""
        return f"File already exists. To overwrite, set exist_ok to True. It is {self.path!r}."

    @property
    def remedy(self) -> str:
        """How, from the command line."""
        return "Or choose another folder; `mooring model download` takes --overwrite."


@dataclass(eq=False)
class TargetUnwritable(MooringError):
    """A model's files can't be written where they were asked for."""

    code = "target-unwritable"
    path: str
    reason: str

    @property
    def problem(self) -> str:
        """Where, and why."""
        return f"The model can't be written to {self.path!r}: {self.reason}."

    @property
    def remedy(self) -> str:
        """Elsewhere."""
        return "Choose a folder that may be written."
