"""What can go wrong with a registry, each with its facts and its way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.errors import MooringError, did_you_mean


@dataclass(eq=False)
class ModelNotFound(MooringError):
    """No such model, or no such version of it."""

    code = "model-not-found"
    model_id: str
    known: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()

    @property
    def problem(self) -> str:
        """Which one."""
        return f"Model {self.model_id!r} is not registered{did_you_mean(self.model_id, self.known)}."

    @property
    def remedy(self) -> str:
        """What there is instead."""
        if self.versions:
            return f"Use one of its versions {', '.join(map(str, self.versions))}."
        return "List what is registered with `mooring model list`, or register it first."


@dataclass(eq=False)
class ModelInUse(MooringError):
    """A service still uses the model that should be deleted."""

    code = "model-in-use"
    model_id: str
    services: tuple[str, ...]

    @property
    def problem(self) -> str:
        """Which services."""
        names = ", ".join(repr(name) for name in self.services)
        return f"The model {self.model_id!r} cannot be deleted because it is currently being used in {names}."

    @property
    def remedy(self) -> str:
        """Free it first."""
        return "Delete those services, or update them to another version, then delete the model."


@dataclass(eq=False)
class InvalidModelName(MooringError):
    """A name that no model may have."""

    code = "model-name-invalid"
    name: Any

    @property
    def problem(self) -> str:
        """The name and what is wrong with it."""
        return f"Model name {self.name!r} is not valid."

    @property
    def remedy(self) -> str:
        """The rule."""
        return (
            "Use 1 to 255 letters, digits, dashes, dots and underscores, the first a letter or digit "
            "(^[a-zA-Z0-9][a-zA-Z0-9\\-\\._]{0,254}$)."
        )


@dataclass(eq=False)
class InvalidModelVersion(MooringError):
    """A version that is no whole number above zero."""

    code = "model-version-invalid"
    version: Any

    @property
    def problem(self) -> str:
        """v1's sentence, and the value."""
        return f"version should be an int, not {self.version!r}."

    @property
    def remedy(self) -> str:
        """How versions look."""
        return "Give a whole number from 1, or leave it out for the newest version."


@dataclass(eq=False)
class InvalidLabels(MooringError):
    """Tags or properties of the wrong shape."""

    code = "labels-invalid"
    kind: str
    reason: str

    @property
    def problem(self) -> str:
        """What is wrong with them."""
        return f"{self.kind} can't be used: {self.reason}."

    @property
    def remedy(self) -> str:
        """The right shape."""
        return f"Give {self.kind} as a dictionary of strings, for instance {{'area': 'health'}}."


@dataclass(eq=False)
class InvalidFilter(MooringError):
    """A filter of the wrong shape."""

    code = "filter-invalid"
    kind: str
    value: Any

    @property
    def problem(self) -> str:
        """What was given."""
        return f"{self.kind} must be a list of `key` or `[key, value]`, not {self.value!r}."

    @property
    def remedy(self) -> str:
        """The right shape."""
        return f"Write, for instance, {self.kind}=['area', ['stage', 'test']]."


@dataclass(eq=False)
class PropertyImmutable(MooringError):
    """A property that is set already."""

    code = "property-immutable"
    model_id: str
    keys: tuple[str, ...]

    @property
    def problem(self) -> str:
        """Which."""
        return f"Model {self.model_id!r} has the properties {', '.join(map(repr, self.keys))} already."

    @property
    def remedy(self) -> str:
        """What can change."""
        return "Properties can't be changed once set; use tags for what changes."


@dataclass(eq=False)
class InvalidResources(MooringError):
    """A resource figure that nothing can satisfy."""

    code = "resources-invalid"
    field: str
    value: Any

    @property
    def problem(self) -> str:
        """Field and value."""
        return f"Resource {self.field} should be a number above zero, not {self.value!r}."

    @property
    def remedy(self) -> str:
        """A good one."""
        return "Write, for instance, ResourceConfiguration(cpu=1, memory_in_gb=0.5)."


@dataclass(eq=False)
class FrameworkVersionAlone(MooringError):
    """A version of a framework, but no framework."""

    code = "framework-missing"
    framework_version: str

    @property
    def problem(self) -> str:
        """What was given."""
        return f"model_framework_version {self.framework_version!r} was given without model_framework."

    @property
    def remedy(self) -> str:
        """Say both."""
        return "Give model_framework too, for instance 'ScikitLearn'."


@dataclass(eq=False)
class InvalidSample(MooringError):
    """A sample that JSON can't hold."""

    code = "sample-invalid"
    field: str
    reason: str

    @property
    def problem(self) -> str:
        """Which, and why."""
        return f"{self.field} can't be written as JSON: {self.reason}."

    @property
    def remedy(self) -> str:
        """How to make it so."""
        return "Turn it into lists, dictionaries, strings and numbers first, for instance with `.tolist()`."
