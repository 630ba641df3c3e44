"""What can be known to be wrong before anything is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring.deployments.errors import ChecksFailed
from mooring.deployments.from_image import FromImage
from mooring.deployments.target import Target
from mooring.findings import Finding

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig


def check(
    service: str, target: Target, inference: InferenceConfig | FromImage | None, deployment: DeploymentConfig
) -> list[Finding]:
    """Findings that do not stop the operation: of both configs, the entry script and the target.

    Raises:
        ChecksFailed: Some do.
    """
    findings = deployment.validate()
    if isinstance(inference, FromImage):
        findings += _check_image(inference, target)
    elif inference is not None:
        findings += inference.validate() + check_script(inference)
    if not _errors(findings):
        findings += target.check(service, deployment)
    errors = _errors(findings)
    if errors:
        raise ChecksFailed(service=service, findings=errors)
    return _once(findings)


def check_alone(name: str, inference: InferenceConfig) -> list[Finding]:
    """Findings of an inference config and its script that do not stop an image from being built.

    Raises:
        ChecksFailed: Some do.
    """
    findings = inference.validate() + check_script(inference)
    errors = _errors(findings)
    if errors:
        raise ChecksFailed(service=name, findings=errors)
    return _once(findings)


def _check_image(image: FromImage, target: Target) -> list[Finding]:
    if target.runs_elsewhere:
        return []
    return [
        Finding(
            code="image-needs-container",
            severity="error",
            problem=f"{image.image_id} is an image, and target {target.name} runs no containers.",
            remedy='Choose a place that does, for instance "computeType": "local".',
        )
    ]


def check_script(inference: InferenceConfig) -> list[Finding]:
    """What the entry script's text shows; it is not run."""
    from mooring.inspection import inspect_entry_script

    path = inference.resolve().script_path
    return inspect_entry_script(path) if path is not None else []


def summarize(findings: list[Finding]) -> str:
    """`no findings`, or how many of each severity."""
    counts = {
        severity: sum(1 for finding in findings if finding.severity == severity)
        for severity in ("warning", "information", "hint")
    }
    said = [f"{n} {name}{'s' if n != 1 and name != 'information' else ''}" for name, n in counts.items() if n]
    return ", ".join(said) or "no findings"


def _errors(findings: list[Finding]) -> list[Finding]:
    return _once([finding for finding in findings if finding.severity == "error"])


def _once(findings: list[Finding]) -> list[Finding]:
    """Two checkers may see the same mistake: one line about it is enough."""
    by_place = {(finding.path, finding.span, finding.code): finding for finding in reversed(findings)}
    return list(reversed(by_place.values()))
