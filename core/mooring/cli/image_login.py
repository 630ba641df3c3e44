"""`mooring image login` and `logout`: private registries, registered once."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.output import Answer
from mooring.cli.requests import read_secret
from mooring.cli.verb import verb

Address = Annotated[
    str, flag("--registry", help="Address: host:port, or with a path.", example="registry.local:5000")
]


def add_logins(app: typer.Typer) -> None:
    """Add the verbs to their noun."""
    logins = [
        "mooring image login --registry registry.local:5000 -u ada --password @password.txt",
        "echo $PASSWORD | mooring image login --registry registry.local:5000 -u ada",
    ]
    verb(app, "login", examples=logins)(login)
    verb(app, "logout", examples=["mooring image logout --registry registry.local:5000"])(logout)


def login(
    call: Call,
    registry: Address,
    username: Annotated[str, flag("--username", "-u", help="User name.", example="ada")],
    password: Annotated[
        str | None,
        flag("--password", help="@FILE that holds it; asked for, or read from standard input, unless said."),
    ] = None,
) -> Answer:
    """Register a private registry, for pulling base images and pushing built ones.

    The engine tries the login first. It is kept in a file that only you can read.
    """
    from mooring.engine import Engine
    from mooring.images.logins import RegistryLogins, bare_address

    if password is not None and not password.startswith("@"):
        raise UsageMistake(
            "A password on the command line is seen by everybody on this machine.",
            "Write it into a file and give --password @FILE, or leave the flag out to be asked.",
        )
    secret = read_secret(password) if password else _ask(registry)
    address = bare_address(registry)
    Engine().log_in(address.partition("/")[0], username, secret)
    RegistryLogins(call.workspace.settings).add(address, username, secret)
    return Answer(
        {"registry": address, "username": username},
        text=f"Logged in to {address} as {username}",
        after=[f"Undo: mooring image logout --registry {address}"],
    )


def logout(call: Call, registry: Address) -> Answer:
    """Forget the login of a registry."""
    from mooring.images.logins import RegistryLogins

    was_known = RegistryLogins(call.workspace.settings).remove(registry)
    text = f"Forgot the login of {registry}" if was_known else f"{registry} was not logged in to."
    return Answer({"registry": registry, "wasKnown": was_known}, text=text)


def _ask(registry: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Password for {registry}: ")
    return sys.stdin.readline().rstrip("\n")
