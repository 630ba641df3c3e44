"""The stream to the editor carries messages and nothing else; whatever arrives, the server lives."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from mooring import __version__

SERVER = str(Path(sys.executable).with_name("mooring-lsp"))
NOISY = """\
import os, sys
import mooring_lsp.inspector as inspector
plain = inspector.Inspector.inspect
def noisy(self, snapshot):
    print("a stray word")
    os.write(1, b"and bytes")
    os.system("echo a child speaks")
    if "raise" in snapshot.text:
        raise RuntimeError("a mistake of ours")
    return plain(self, snapshot)
inspector.Inspector.inspect = noisy
import mooring_lsp
sys.exit(mooring_lsp.main([]))
"""


def framed(**message: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def read(stream) -> dict:
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b": ")
        assert name in {b"Content-Length", b"Content-Type"}, line
        length = int(value) if name == b"Content-Length" else length
    return json.loads(stream.read(length))


def opened(uri: str, text: str) -> bytes:
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    return framed(method="textDocument/didOpen", params={"textDocument": item})


INITIALIZE = framed(
    id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}}
)
INITIALIZED = framed(method="initialized", params={})
GOODBYE = framed(id=2, method="shutdown") + framed(method="exit")


def test_a_stray_print_does_not_reach_the_editor_and_an_error_ends_nothing():
    with subprocess.Popen(
        [sys.executable, "-c", NOISY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdin.write(INITIALIZE + INITIALIZED)
        process.stdin.write(opened("file:///w/score.py", "raise\n"))
        process.stdin.flush()
        assert read(process.stdout)["id"] == 1
        process.stdin.write(opened("file:///w/score2.py", "def init(): pass\ndef run(x): return zzz\n"))
        process.stdin.flush()
        told = read(process.stdout)
        while told["params"]["uri"] != "file:///w/score2.py":
            told = read(process.stdout)
        assert [each["code"] for each in told["params"]["diagnostics"]] == ["undefined-name"]
        output, errors = process.communicate(GOODBYE, timeout=20)
    assert process.returncode == 0
    assert b"stray" not in output
    assert b"a stray word" in errors
    assert b"a child speaks" in errors
    assert b"a mistake of ours" in errors


def test_it_listens_on_a_port_when_asked():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([SERVER, "--tcp", str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            connection = _connect(port, process)
            with connection, connection.makefile("rb") as stream:
                connection.sendall(INITIALIZE)
                assert read(stream)["result"]["serverInfo"]["name"] == "mooring-lsp"
        finally:
            process.kill()


def _connect(port: int, process: subprocess.Popen) -> socket.socket:
    while True:
        assert process.poll() is None
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5)
        except ConnectionRefusedError:
            continue


def test_it_tells_its_version():
    told = subprocess.run([SERVER, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == f"mooring-lsp {__version__}\n"
