"""`mooring environment …`: what a model needs around it, as folders of files and as registered names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from mooring.cli import common_flags as common
from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.metadata_files import write_metadata
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.verb import verb

if TYPE_CHECKING:
    pass

app = noun("environment")

Directory = Annotated[
    Path, flag("--directory", "-d", help="Folder with the environment's files.", example="myenv")
]
Version = Annotated[str | None, flag("--version", "-v", help="This version; the newest unless said.")]
_COLUMNS = {"Name": "name", "Version": "version", "Python": "pythonVersion", "Packages": "packages"}


@verb(app, "scaffold", examples=["mooring environment scaffold -n myenv -d myenv"])
def scaffold(
    call: Call,
    name: common.EnvironmentName,
    directory: Directory,
    output_metadata_file: common.Metadata = None,
) -> Answer:
    """Write the files of a new environment into a folder, to be edited and registered."""
    del call
    from mooring.environments import CondaDependencies, Environment

    environment = Environment(name)
    environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["scikit-learn"])
    environment.save_to_directory(directory)
    facts = {
        "name": name,
        "directory": str(directory),
        "files": sorted(path.name for path in directory.iterdir()),
    }
    write_metadata(output_metadata_file, facts)
    return Answer(
        facts,
        environment,
        text=f"Wrote {directory}/  {'  '.join(facts['files'])}",
        after=[f"Edit conda_dependencies.yml, then: mooring environment register -d {directory}"],
    )


@verb(app, "register", examples=["mooring environment register -d myenv"])
def register(call: Call, directory: Directory, output_metadata_file: common.Metadata = None) -> Answer:
    """Register the environment in a folder; equal content is the same version."""
    from mooring.environments import Environment

    environment = call.workspace.environments.register(Environment.load_from_directory(directory))
    facts = environment.to_dict()
    write_metadata(output_metadata_file, facts)
    return Answer(facts, environment, text=f"Registered {environment.name}:{environment.version}")


@verb(app, "list", examples=["mooring environment list", "mooring environment list -o json"])
def list_(call: Call, output_metadata_file: common.Metadata = None) -> Answer:
    """List registered environments, the newest version of each."""
    environments = call.workspace.environments.list()
    data = [environment.summary() for environment in environments]
    write_metadata(output_metadata_file, {"environments": data})
    if not data:
        call.note("No environments yet. Begin with: mooring environment scaffold -n NAME -d FOLDER")
    return Answer(data, environments, columns=_COLUMNS)


@verb(
    app,
    "show",
    examples=["mooring environment show -n myenv", "mooring environment show -n myenv -v 2 -o yaml"],
    without=["-v"],
)
def show(
    call: Call,
    name: common.EnvironmentName,
    version: Version = None,
    output_metadata_file: common.Metadata = None,
) -> Answer:
    """Show an environment."""
    environment = call.workspace.environments.get(name, version)
    facts = environment.to_dict()
    write_metadata(output_metadata_file, facts)
    variables = list(environment.environment_variables)
    return Answer(facts, environment, rows={**environment.summary(), "environment variables": variables})


@verb(
    app,
    "download",
    examples=[
        "mooring environment download -n myenv -d myenv",
        "mooring environment download -n myenv -v 1 -d old",
    ],
    without=["-v"],
)
def download(
    call: Call,
    name: common.EnvironmentName,
    directory: Directory,
    version: Version = None,
    overwrite: Annotated[bool, flag("--overwrite", help="Replace what is there.")] = False,
    output_metadata_file: common.Metadata = None,
) -> Answer:
    """Write a registered environment into a folder, to be edited and registered again."""
    environment = call.workspace.environments.get(name, version)
    environment.save_to_directory(directory, overwrite=overwrite)
    facts = {"name": environment.name, "version": environment.version, "directory": str(directory)}
    write_metadata(output_metadata_file, facts)
    return Answer(facts, environment, text=f"Wrote {environment.name}:{environment.version} to {directory}/")
