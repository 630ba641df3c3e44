"""Deployment configurations: what a service is given, and how it is protected, in the place where it runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from mooring.configs.coercion import coerce, out_of_range, shown
from mooring.configs.fields import Setting, render_repr, settings_of
from mooring.configs.origin import InvalidConfig, Origin, errors_in, finding_at
from mooring.findings import Finding, Severity


class InvalidDeploymentConfig(InvalidConfig):
    """A deployment configuration that can't work."""

    code = "deployment-config-invalid"


@dataclass(frozen=True)
class Broken:
    """A rule between settings that does not hold: the attributes it is about, v1's sentence, the way out."""

    names: tuple[str, ...]
    problem: str
    remedy: str
    code: str = "settings-conflict"
    severity: Severity = "error"


@dataclass(repr=False)
class DeploymentConfig:
    """Root of the deployment configurations; attributes carry v1's names and are None until set.

    Constructing one checks it, as v1 does.

    Raises:
        InvalidDeploymentConfig: A value is out of range, or two of them exclude each other; says all at once.
    """

    compute_type: ClassVar[str] = ""
    # Why a key of other compute types does nothing here, where that is worth a word.
    foreign_keys: ClassVar[dict[str, str]] = {}
    origin: Origin | None = dataclasses.field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.validate_configuration()

    def __repr__(self) -> str:
        return render_repr(self)

    def __setattr__(self, name: str, value: Any) -> None:
        described = settings_of(type(self)).get(name)
        if described is not None and value is not None:
            coerced = coerce(described, value)
            value = value if coerced.refused else coerced.value
        super().__setattr__(name, value)

    @classmethod
    def of(cls, values: dict[str, Any], origin: Origin | None = None) -> DeploymentConfig:
        """One with these values, unchecked; absent ones are None."""
        config = cls.__new__(cls)
        config.origin = origin
        for name in settings_of(cls):
            setattr(config, name, values.get(name))
        return config

    def effective(self, name: str) -> Any:
        """The value of an attribute, or what holds when it is not set."""
        value = getattr(self, name)
        return settings_of(type(self))[name].default if value is None else value

    def validate(self) -> list[Finding]:
        """Everything that is wrong with the values, in the order of the arguments."""
        findings = [
            finding
            for name, described in settings_of(type(self)).items()
            for finding in self._check_one(name, described)
        ]
        for broken in self.broken_rules():
            told = (broken.code, broken.severity, broken.problem, broken.remedy)
            findings.append(finding_at(self.origin, broken.names, *told))
        return findings

    def validate_configuration(self) -> None:
        """Return when nothing is wrong.

        Raises:
            InvalidDeploymentConfig: Something is; says all at once.
        """
        errors = errors_in(self.validate())
        if errors:
            raise InvalidDeploymentConfig(findings=errors)

    def broken_rules(self) -> Iterator[Broken]:
        """Rules between settings that do not hold."""
        yield from ()

    def server_options(self) -> dict[str, Any]:
        """What the scoring server is to do: None leaves a choice to the server.

        Returns:
            auth_enabled, token_auth_enabled, scoring_timeout_ms, max_concurrent (requests a worker answers at
            once), max_queue_wait_ms, worker_count.
        """
        return {
            "auth_enabled": bool(self._effective_or_none("auth_enabled")),
            "token_auth_enabled": bool(self._effective_or_none("token_auth_enabled")),
            "scoring_timeout_ms": self._effective_or_none("scoring_timeout_ms"),
            "max_concurrent": self._effective_or_none("replica_max_concurrent_requests"),
            "max_queue_wait_ms": self._effective_or_none("max_request_wait_time"),
            "worker_count": self._effective_or_none("worker_count"),
        }

    def to_dict(self, *, reveal: bool = False) -> dict[str, Any]:
        """The configuration as a file would hold it, without what is not set; keys only with `reveal`."""
        content: dict[str, Any] = {"computeType": self.compute_type}
        for name, described in settings_of(type(self)).items():
            value = getattr(self, name)
            if value is None or (described.is_secret and not reveal):
                continue
            section = content
            for step in described.path[:-1]:
                section = section.setdefault(step, {})
            section[described.path[-1]] = value
        return content

    @staticmethod
    def from_dict(content: dict[str, Any]) -> DeploymentConfig:
        """The configuration that `to_dict` described.

        Raises:
            InvalidDeploymentConfig: It describes none.
        """
        from mooring.configs.deployment_files import restore_deployment_config

        return restore_deployment_config(content)

    def find_file(self, path: str) -> Path | None:
        """A file named by a setting: in the current directory, else beside the configuration."""
        folders = [Path.cwd(), *([self.origin.folder] if self.origin and self.origin.folder else [])]
        return next((folder / path for folder in folders if (folder / path).is_file()), None)

    def _effective_or_none(self, name: str) -> Any:
        return self.effective(name) if name in settings_of(type(self)) else None

    def _check_one(self, name: str, described: Setting) -> Iterator[Finding]:
        value = getattr(self, name)
        if value is None or (described.only_with and not getattr(self, described.only_with)):
            return
        refused = coerce(described, value).refused
        wrong = (described.rule or refused) if refused else out_of_range(described, value)
        if wrong:
            problem = f"Invalid configuration, {name} {wrong}"
            remedy = f"Correct {described.key}, which is {shown(described, value)}."
            code = "value-type" if refused else "value-range"
            yield finding_at(self.origin, (name,), code, "error", problem, remedy)
