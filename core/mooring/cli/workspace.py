"""`mooring workspace …`: named stores. The default one needs no set-up."""

from __future__ import annotations

from typing import Annotated, Any

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.verb import verb

app = noun("workspace")

Name = Annotated[str, flag("--workspace-name", "-w", help="Name of the workspace.", example="lab")]
ExistOk = Annotated[bool, flag("--exist-ok", help="Fine when it is there already.")]
_AZURE = "Ignored: means something in Azure only."


@verb(app, "create", examples=["mooring workspace create -w lab"], without=["-w", "--workspace-name"])
def create(
    call: Call,
    name: Name,
    exist_ok: ExistOk = False,
    location: Annotated[str | None, flag("--location", "-l", help=_AZURE, hidden=True)] = None,
    friendly_name: Annotated[str | None, flag("--friendly-name", "-f", help=_AZURE, hidden=True)] = None,
    sku: Annotated[str | None, flag("--sku", help=_AZURE, hidden=True)] = None,
    yes: Annotated[bool, flag("--yes", "-y", help=_AZURE, hidden=True)] = False,
) -> Answer:
    """Make a new, empty workspace."""
    from mooring.workspace import Workspace

    if location or friendly_name or sku or yes:
        call.note("note: --location, --friendly-name, --sku and --yes have no meaning on your own machines.")
    workspace = Workspace.create(name, exist_ok=exist_ok)
    try:
        facts = _facts(workspace)
    finally:
        workspace.close()
    return Answer(
        facts,
        text=f"Created {name}  {facts['folder']}",
        after=[f"Use it with -w {name}, or for good: export MOORING_WORKSPACE={name}"],
    )


@verb(app, "list", examples=["mooring workspace list"])
def list_(call: Call) -> Answer:
    """List the workspaces of this machine."""
    del call
    from mooring.settings import load_settings
    from mooring.workspace import Workspace

    chosen = load_settings().workspace
    data = [{"name": name, "selected": name == chosen} for name in Workspace.list()]
    return Answer(data, columns={"Name": "name", "Selected": "selected"})


@verb(app, "show", examples=["mooring workspace show", "mooring workspace show -w lab -o json"])
def show(call: Call) -> Answer:
    """Show a workspace: where it keeps things, and how much is in it."""
    workspace = call.workspace
    facts = {
        **_facts(workspace),
        "models": len(workspace.models.list(latest=True)),
        "environments": len(workspace.environments.list()),
        "services": len(workspace.services.list()),
    }
    return Answer(facts)


def _facts(workspace: Any) -> dict[str, Any]:
    settings = workspace.settings
    return {"name": workspace.name, "folder": str(settings.workspace_dir), "home": str(settings.home)}
