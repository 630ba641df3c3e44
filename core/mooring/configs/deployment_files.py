"""Reads deployment configurations, choosing the class by `computeType`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mooring.configs.aks import AksDeploymentConfig, AksEndpointDeploymentConfig
from mooring.configs.deployment import DeploymentConfig, InvalidDeploymentConfig
from mooring.configs.document import Document, load_document, read_document
from mooring.configs.fields import settings_of
from mooring.configs.origin import Origin, errors_in
from mooring.configs.reading import read_settings
from mooring.configs.targets import AciDeploymentConfig, LocalDeploymentConfig, ProcessDeploymentConfig
from mooring.errors import did_you_mean
from mooring.findings import Finding, Severity

DEPLOY_FLAG = "--deploy-config-file"
DEPLOYMENT_CONFIGS: dict[str, type[DeploymentConfig]] = {
    cls.compute_type: cls
    for cls in (
        ProcessDeploymentConfig,
        LocalDeploymentConfig,
        AciDeploymentConfig,
        AksDeploymentConfig,
        AksEndpointDeploymentConfig,
    )
}


def load_deployment_config(path: str | Path) -> tuple[DeploymentConfig, list[Finding]]:
    """The configuration in a file, and what was noticed on the way (warnings and information).

    Raises:
        ConfigUnreadable: It is neither JSON nor YAML, or isn't there.
        InvalidDeploymentConfig: It describes no deployment, or one that can't work; says all at once.
    """
    return _accept(load_document(path, flag=DEPLOY_FLAG))


def parse_deployment_config(text: str, path: str | Path = "") -> tuple[DeploymentConfig, list[Finding]]:
    """The same for a text; `path` is where it would be saved.

    Raises:
        ConfigUnreadable: It is neither JSON nor YAML.
        InvalidDeploymentConfig: It describes no deployment, or one that can't work; says all at once.
    """
    return _accept(read_document(text, path=path, flag=DEPLOY_FLAG))


def inspect_deployment_config(document: Document) -> tuple[DeploymentConfig | None, list[Finding]]:
    """The configuration in a document, None where it can't be told which, and every finding, errors included."""
    findings = list(document.findings)
    cls = _class_of(document, findings)
    if cls is None:
        return None, findings
    reading = read_settings(cls, document, elsewhere=lambda path: _known_elsewhere(cls, path))
    config = cls.of(reading.values, Origin(document, reading.paths))
    findings += [*reading.findings, *config.validate()]
    findings.sort(key=lambda finding: (finding.span.line, finding.span.column))
    return config, findings


def restore_deployment_config(content: dict[str, Any]) -> DeploymentConfig:
    """The configuration that `to_dict` wrote.

    Raises:
        InvalidDeploymentConfig: It describes none.
    """
    document = Document(content)
    findings: list[Finding] = []
    cls = _class_of(document, findings)
    if cls is None:
        raise InvalidDeploymentConfig(findings=tuple(findings))
    reading = read_settings(cls, document, is_stored=True)
    if errors_in(reading.findings):
        raise InvalidDeploymentConfig(findings=errors_in(reading.findings))
    return cls.of(reading.values)


def _accept(document: Document) -> tuple[DeploymentConfig, list[Finding]]:
    config, findings = inspect_deployment_config(document)
    errors = errors_in(findings)
    if config is None or errors:
        raise InvalidDeploymentConfig(findings=errors, flag=DEPLOY_FLAG)
    return config, findings


def _class_of(document: Document, findings: list[Finding]) -> type[DeploymentConfig] | None:
    content = document.value
    known = list(DEPLOYMENT_CONFIGS)
    if not isinstance(content, dict):
        problem = "A deployment configuration is an object with computeType and other keys."
        findings.append(_error(document, (), problem, "Start with a computeType key."))
        return None
    written = content.get("computeType")
    if isinstance(written, str) and written.lower() in DEPLOYMENT_CONFIGS:
        return DEPLOYMENT_CONFIGS[written.lower()]
    if written is None:
        findings.append(_missing_type(document, content, known))
    else:
        problem = f"unknown deployment type: {written}{did_you_mean(str(written).lower(), known) or '.'}"
        findings.append(_error(document, ("computeType",), problem, f"Use one of {', '.join(known)}."))
    return None


def _missing_type(document: Document, content: Iterable[str], known: list[str]) -> Finding:
    close = next(
        (key for key in content if did_you_mean(key.lower().replace("_", ""), ["computetype"])), None
    )
    hint = f" (there is a key {close!r})" if close else ""
    problem = f"Need to specify computeType in --deploy-config-file{hint}."
    return _error(
        document, (close,) if close else (), problem, f"Add computeType: one of {', '.join(known)}."
    )


def _error(document: Document, path: tuple[str, ...], problem: str, remedy: str) -> Finding:
    return Finding("compute-type", "error", problem, remedy, document.path, document.span_of(path))


def _known_elsewhere(cls: type[DeploymentConfig], path: tuple[str, ...]) -> tuple[Severity, str] | None:
    readers = [
        (other, described)
        for other, config in DEPLOYMENT_CONFIGS.items()
        for described in settings_of(config).values()
        if described.in_file and any(one[: len(path)] == path for one in described.paths)
    ]
    if not readers:
        return None
    reason = cls.foreign_keys.get(path[0])
    others = dict.fromkeys(other for other, _ in readers)
    because = reason or f"only {' and '.join(others)} read it"
    severity: Severity = "warning" if any(described.protects for _, described in readers) else "information"
    return severity, f"{'.'.join(path)} has no effect with computeType {cls.compute_type}: {because}."
