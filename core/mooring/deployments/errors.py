"""The failures of a service's life, each with its way out. Verdicts about a start are in `verdict`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mooring.deployments.values import Failure
from mooring.errors import MooringError, did_you_mean
from mooring.findings import Finding


@dataclass(eq=False)
class InvalidServiceName(MooringError):
    """A service name breaks v1's rule."""

    code = "service-name-invalid"
    name: str

    @property
    def problem(self) -> str:
        """The name and the rule."""
        return (
            f"{self.name!r} is no name for a service: 2 to 32 lower-case letters, digits and dashes, "
            "beginning with a letter, not ending with a dash."
        )

    @property
    def remedy(self) -> str:
        """A name that fits, when one is near."""
        near = nearest_service_name(self.name)
        return f"Use {near!r}, for instance." if near else "Choose another name."


def nearest_service_name(name: str) -> str:
    """A name for a service that is like this one; empty when nothing of it can be kept."""
    import re

    near = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-0123456789")[:32].strip("-")
    return near if len(near) >= 3 else ""  # noqa: PLR2004


@dataclass(eq=False)
class NothingToDeploy(MooringError):
    """A file that leads to no entry script."""

    code = "nothing-to-deploy"
    path: str

    @property
    def problem(self) -> str:
        """Which file."""
        return f"{self.path} leads to no entry script."

    @property
    def remedy(self) -> str:
        """What would."""
        return "Deploy a score.py, or put an inference configuration that names one beside it."


@dataclass(eq=False)
class ServiceExists(MooringError):
    """The name is taken (v1: 409 Conflict, ServiceExists)."""

    code = "service-exists"
    name: str
    state: str

    @property
    def problem(self) -> str:
        """Which service, and how it is."""
        return f"A service with the name {self.name!r} already exists (ServiceExists); it is {self.state}."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return (
            "Deploy with --overwrite (overwrite=True) to replace it at the same URL, or delete it first: "
            f"mooring service delete -n {self.name}."
        )


@dataclass(eq=False)
class ServiceNotFound(MooringError):
    """No service of that name."""

    code = "service-not-found"
    name: str
    known: list[str] = field(default_factory=list[str])

    @property
    def problem(self) -> str:
        """v1's words, and a near name."""
        hint = did_you_mean(self.name, self.known)
        return f"WebserviceNotFound: Webservice with name {self.name} not found in provided workspace{hint}."

    @property
    def remedy(self) -> str:
        """Where the names are."""
        return "List the services with: mooring service list."


@dataclass(eq=False)
class ServiceBusy(MooringError):
    """Somebody else is changing the service."""

    code = "service-busy"
    name: str
    doing: str = ""
    user: str = ""
    pid: int = 0
    since: str = ""

    @property
    def problem(self) -> str:
        """Who, what and since when."""
        if not self.doing:
            return f"{self.name!r} is being changed by another process."
        return f"{self.name!r} is busy: {self.doing} by {self.user} (process {self.pid}) since {self.since}."

    @property
    def remedy(self) -> str:
        """Wait, or watch."""
        return f"Wait for it to end, or watch it: mooring service get-logs -n {self.name} --follow."


@dataclass(eq=False)
class UnknownComputeType(MooringError):
    """No installed target takes this compute type."""

    code = "compute-type-unavailable"
    compute_type: str
    installed: list[str]
    install: str = ""

    @property
    def problem(self) -> str:
        """What was asked for, and what is there."""
        return (
            f"computeType {self.compute_type!r} needs a target that is not installed; "
            f"installed: {', '.join(self.installed) or 'none'}."
        )

    @property
    def remedy(self) -> str:
        """Install it, or run it here."""
        install = f"Install it with `{self.install}`, or deploy" if self.install else "Deploy"
        return (
            f"{install} to this machine instead: leave the deployment config out (mooring model deploy without --dc) "
            'or write "computeType": "process".'
        )


@dataclass(eq=False)
class DuplicateTarget(MooringError):
    """Two installed targets claim one compute type, or one name."""

    code = "target-duplicate"
    claim: str
    claimants: list[str]

    @property
    def problem(self) -> str:
        """All of them."""
        return f"{' and '.join(self.claimants)} both claim {self.claim}."

    @property
    def remedy(self) -> str:
        """One has to go."""
        return "Uninstall one of them."


@dataclass(eq=False)
class BrokenTarget(MooringError):
    """An installed target can't be imported, most often because its extra is not installed."""

    code = "target-broken"
    target: str
    reason: str
    install: str

    @property
    def problem(self) -> str:
        """Which target, and the import's own words."""
        return f"Target {self.target} can't be loaded: {self.reason}."

    @property
    def remedy(self) -> str:
        """What installs the missing part."""
        return f"Install what it needs: {self.install}."


@dataclass(eq=False)
class ChecksFailed(MooringError):
    """Findings that would keep the service from starting; nothing was made."""

    code = "checks-failed"
    service: str
    findings: list[Finding]

    @property
    def problem(self) -> str:
        """How many, and each of them."""
        count = len(self.findings)
        lines = "\n".join(f"  {finding}" for finding in self.findings)
        return f"{self.service} was not deployed: {count} error{'s' if count != 1 else ''} found.\n{lines}\n"

    @property
    def remedy(self) -> str:
        """The same check, alone."""
        return "Correct the lines above and deploy again; nothing was changed."


@dataclass(eq=False)
class DeploymentFailed(MooringError):
    """An operation on a service failed; `failure` is the verdict."""

    code = "deployment-failed"
    service: str
    failure: Failure

    @property
    def problem(self) -> str:
        """The cause, with its evidence, over several lines."""
        from mooring.deployments.rendering import render_failure

        return "\n".join([self.headline, *render_failure(self.failure)])

    @property
    def headline(self) -> str:
        """One line: what became of the service, and why."""
        what = "was not changed" if self.failure.kept else "is Failed"
        return f"{self.service} {what}: {self.failure.cause}"

    def __str__(self) -> str:
        return f"{self.problem}\n   Fix   {self.remedy}  (code {self.failure.code})"

    @property
    def remedy(self) -> str:
        """The verdict's remedy."""
        return self.failure.remedy

    def to_dict(self) -> dict[str, Any]:
        """With the verdict beside the usual three."""
        return {
            "code": self.failure.code,
            "problem": self.failure.cause,
            "remedy": self.remedy,
            "failure": self.failure.to_dict(),
        }


@dataclass(eq=False)
class ModelsInImage(MooringError):
    """Other models were asked for than the image holds."""

    code = "models-in-image"
    image_id: str
    models: Sequence[str]
    asked: Sequence[str]

    @property
    def problem(self) -> str:
        """Both."""
        held = ", ".join(self.models) or "no model"
        return f"The image {self.image_id} holds {held}; {', '.join(self.asked)} can't be put into it."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return "Leave the models out, or build an image with them: mooring image build -n NAME -m MODEL."


@dataclass(eq=False)
class NothingToRollBack(MooringError):
    """There is no earlier revision that served."""

    code = "rollback-impossible"
    service: str

    @property
    def problem(self) -> str:
        """Which service."""
        return f"{self.service} has no earlier revision that served."

    @property
    def remedy(self) -> str:
        """What can be done."""
        return (
            f"Update it with the models you want: mooring service update -n {self.service} -m NAME:VERSION."
        )


@dataclass(eq=False)
class NothingToUpdate(MooringError):
    """An update that changes nothing."""

    code = "update-empty"
    service: str

    @property
    def problem(self) -> str:
        """v1's words."""
        return "No parameters provided to update."

    @property
    def remedy(self) -> str:
        """Reloading needs none."""
        return f"Say what to change, or reload the script of {self.service} as it is on disk."


@dataclass(eq=False)
class NeverServed(MooringError):
    """A service was interrupted before anything about it was written down."""

    code = "update-impossible"
    service: str

    @property
    def problem(self) -> str:
        """Which service."""
        return f"{self.service} has no revision that could be updated."

    @property
    def remedy(self) -> str:
        """Deploy it."""
        return f"Deploy it: mooring model deploy -n {self.service} …."


@dataclass(eq=False)
class WrongComputeType(MooringError):
    """An update can't move a service to another place."""

    code = "compute-type-changed"
    service: str
    compute_type: str
    given: str

    @property
    def problem(self) -> str:
        """Both types."""
        return f"{self.service} runs as {self.compute_type!r}; the deployment config says {self.given!r}."

    @property
    def remedy(self) -> str:
        """Overwrite moves."""
        return f"Move it with: mooring model deploy -n {self.service} --overwrite …, or correct computeType."


@dataclass(eq=False)
class ImmutableProperty(MooringError):
    """Properties are never changed once set, as in v1."""

    code = "property-immutable"
    service: str
    key: str
    value: str

    @property
    def problem(self) -> str:
        """The property as it is."""
        return f"{self.service} has the property {self.key!r} already; it is {self.value!r} and can't be changed."

    @property
    def remedy(self) -> str:
        """Tags can."""
        return "Add a property of another name, or use a tag."


@dataclass(eq=False)
class AuthOff(MooringError):
    """Keys or tokens were asked of a service that has none."""

    code = "auth-off"
    service: str
    wanted: str

    @property
    def problem(self) -> str:
        """What was wanted."""
        return f"{self.service} has no {self.wanted}: it was deployed without that kind of authentication."

    @property
    def remedy(self) -> str:
        """How to switch it on."""
        option = "tokenAuthEnabled" if self.wanted == "token" else "authEnabled"
        return f'Deploy it with "{option}": true.'


@dataclass(eq=False)
class InvalidKey(MooringError):
    """A key that can't be set, or a key name that does not exist."""

    code = "key-invalid"
    reason: str

    @property
    def problem(self) -> str:
        """Never the key itself."""
        return f"The key can't be changed: {self.reason}."

    @property
    def remedy(self) -> str:
        """The names."""
        return "Name the key 'Primary', 'Secondary' or 'Signing'; a key has at most 256 printable ASCII characters and no space."


@dataclass(eq=False)
class ServiceUnreachable(MooringError):
    """A request got no answer."""

    code = "service-unreachable"
    service: str
    state: str
    reason: str
    cause: str = ""

    @property
    def problem(self) -> str:
        """The state, the connection's own words, and why when that is known."""
        return f"{self.service} does not answer ({self.reason}); it is {self.state}. {self.cause}".rstrip()

    @property
    def remedy(self) -> str:
        """Log, then restart."""
        return (
            f"Read mooring service get-logs -n {self.service}, "
            f"then start it again with mooring service update -n {self.service}."
        )


@dataclass(eq=False)
class BadAnswer(MooringError):
    """A request was answered with a status that is not 200."""

    code = "scoring-failed"
    service: str
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def problem(self) -> str:
        """v1's words, with the answer."""
        text = self.content[:2000].decode("utf-8", "replace")
        return (
            f"Received bad response from service {self.service}: status {self.status}, "
            f"content type {self.headers.get('content-type', 'none')}, content {text!r}."
        )

    @property
    def remedy(self) -> str:
        """The log says why."""
        return f"More information can be found in its log: mooring service get-logs -n {self.service}."
