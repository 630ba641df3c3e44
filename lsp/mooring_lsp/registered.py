"""What is registered or deployed under a name, in Markdown."""

from __future__ import annotations

from pathlib import Path

from mooring.cli.sizes import size
from mooring_lsp.shelf import Shelf

_SHOWN = 5
_SHOWN_PACKAGES = 20


def describe_model(shelf: Shelf, folder: Path, name: str) -> str:
    """A model, or one version of it; empty when it is not registered."""
    plain, _, version = name.rpartition(":")
    is_id = bool(plain) and version.isdecimal()
    model = shelf.model(folder, plain if is_id else name, int(version) if is_id else None)
    if model is None:
        return ""
    lines = [
        f"**{model.id}** · {size(model.size_bytes)} · registered {model.created_time:%Y-%m-%d %H:%M} UTC"
    ]
    if model.created_by:
        lines[0] += f" by {model.created_by}"
    if model.framework:
        lines.append(f"{model.framework} {model.framework_version or ''}".strip())
    if model.description:
        lines.append(model.description)
    if model.tags:
        lines.append("Tags: " + ", ".join(f"`{key}={value}`" for key, value in model.tags.items()))
    files = [entry.path for entry in model.manifest] or [model.entry]
    lines.append(
        "Holds " + ", ".join(f"`{file}`" for file in files[:_SHOWN]) + (" …" if len(files) > _SHOWN else "")
    )
    if not is_id:
        versions = shelf.model_versions(folder, model.name)
        lines.append(f"{len(versions)} version{'s' if len(versions) != 1 else ''}; this is the newest.")
    return "\n\n".join(lines)


def describe_environment(shelf: Shelf, folder: Path, name: str) -> str:
    """The newest version of a registered environment; empty when there is none."""
    for environment in shelf.environments(folder):
        if environment.name == name:
            packages = environment.python.conda_dependencies
            shown = [*packages.conda_packages, *packages.pip_packages] if packages is not None else []
            held = ", ".join(f"`{each}`" for each in shown[:_SHOWN_PACKAGES])
            return f"**{name}:{environment.version}** · environment\n\n{held}".rstrip()
    return ""


def describe_service(shelf: Shelf, folder: Path, name: str) -> str:
    """A service as it was when somebody looked last; empty when there is none."""
    for service in shelf.services(folder):
        if service.name == name:
            models = ", ".join(service.models) or "no model"
            return f"**{name}** · {service.state} · {service.target} · {models}\n\n{service.scoring_uri}".rstrip()
    return ""
