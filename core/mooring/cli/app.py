"""The typer application: `mooring` and its own few options."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mooring.cli.nouns import RootGroup

HELP = """Register a model, deploy it, test it, watch it, update it, on your own machines.

    Every verb explains itself: mooring model deploy --help. Exit codes: 0 done, 1 failed, 2 not understood,
    3 not found, 4 in conflict, 5 deployment failed, 130 interrupted.
"""

app = typer.Typer(
    name="mooring", cls=RootGroup, help=HELP, rich_markup_mode=None, pretty_exceptions_enable=False
)


def _print_version(wanted: bool) -> None:
    if wanted:
        import mooring

        typer.echo(f"mooring {mooring.__version__}")
        raise typer.Exit


@app.callback(epilog="\b\nFirst steps:\n  mooring demo\n  mooring doctor")
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Nothing to do before a verb."""
    del version


def command() -> Any:
    """The application as a command that can be run or looked into."""
    return typer.main.get_command(app)
