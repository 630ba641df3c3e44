"""The look at a deployment before it begins, from the notebook's side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_jupyter import state_check
from mooring_jupyter.magic import script_text

if TYPE_CHECKING:
    from mooring.deployments import Plan
    from mooring.findings import Finding
    from mooring_jupyter.magic import Magic


def look(magic: Magic, plan: Plan) -> list[Finding]:
    """What the service would miss because only this kernel has it; the plan's own findings are told by the deployment."""
    script = script_text(plan.entry_script)
    found = [
        finding
        for finding in state_check.check_script(magic.shell, magic.memory, script, plan.entry_script)
        if finding.code in state_check.CODES
    ]
    found += state_check.check_models(magic.memory, plan.models)
    found += state_check.check_order(magic.shell, magic.memory, plan.models)
    found += state_check.check_packages(
        magic.memory,
        script,
        plan.requirements,
        plan.environment or "the environment",
        is_own=bool(plan.interpreter),
    )
    return [_shown(finding) for finding in found]


def explained(magic: Magic, findings: Sequence[Finding]) -> list[Finding]:
    """Findings that stopped a deployment; names that only the kernel has are told as such."""
    by_script: dict[str, list[Finding]] = {}
    told: list[Finding] = []
    for finding in findings:
        if finding.code == "undefined-name":
            if finding.path not in by_script:
                by_script[finding.path] = state_check.check_script(
                    magic.shell, magic.memory, script_text(finding.path), finding.path
                )
            told += [each for each in by_script[finding.path] if each.span == finding.span][:1] or [finding]
        else:
            told.append(finding)
    return [_shown(finding) for finding in told]


def _shown(finding: Finding) -> Finding:
    """With the path as people would write it here."""
    from pathlib import Path

    try:
        return (
            replace(finding, path=str(Path(finding.path).relative_to(Path.cwd())))
            if finding.path
            else finding
        )
    except ValueError:
        return finding
