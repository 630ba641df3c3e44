"""A machine that is entered by ssh: this one, on a port, with a key and a user of the tests' own.

Run as a program it is the server: it prints its port, breaks all connections on SIGUSR1, and ends with its input.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import asyncssh

_CONFIG = """
Host *
  IdentityFile {folder}/key
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile /dev/null
"""


class SshServer:
    """Lets one key in until the block ends, to run commands and to connect to sockets.

    Args:
        folder: For keys, the client's configuration, and `bin/ssh`, which uses that instead of the person's own.
    """

    user = "ada"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.bin = folder / "bin"
        self.port = 0

    def __enter__(self) -> SshServer:
        self._write_client()
        words = [sys.executable, __file__, str(self._folder)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        host_key = (self._folder / "host.pub").read_text()
        (self._folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def place(self) -> str:
        """As DOCKER_HOST has it."""
        return f"ssh://{self.user}@127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection, as a network does that goes away for a moment."""
        self._process.send_signal(signal.SIGUSR1)

    def _write_client(self) -> None:
        self.bin.mkdir(parents=True)
        for name in ("host", "key"):
            key = asyncssh.generate_private_key("ssh-ed25519")
            key.write_private_key(self._folder / name)
            key.write_public_key(self._folder / f"{name}.pub")
            (self._folder / name).chmod(0o600)
        (self._folder / "config").write_text(_CONFIG.format(folder=self._folder))
        script = self.bin / "ssh"
        script.write_text(f'#!/bin/sh\nPATH="{os.environ["PATH"]}"\nexec ssh -F {self._folder}/config "$@"\n')
        script.chmod(0o755)


class _Gate(asyncssh.SSHServer):
    connections: list[asyncssh.SSHServerConnection] = []  # noqa: RUF012 - of the process

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connections.append(conn)

    def unix_connection_requested(self, dest_path: str) -> bool:
        return True


async def _run(process: asyncssh.SSHServerProcess[Any]) -> None:
    ends = subprocess.PIPE
    child = await asyncio.create_subprocess_shell(process.command or "", stdin=ends, stdout=ends, stderr=ends)
    await process.redirect(child.stdin, child.stdout, child.stderr)
    process.exit(await child.wait())


def _cut() -> None:
    for connection in _Gate.connections:
        connection.abort()
    _Gate.connections.clear()


async def _serve(folder: Path) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _cut)
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=_Gate,
        server_host_keys=[folder / "host"],
        authorized_client_keys=str(folder / "key.pub"),
        process_factory=_run,
    )
    print(server.get_port(), flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
