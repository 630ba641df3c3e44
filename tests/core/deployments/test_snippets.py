"""Programs that ask a service: they run, and hold no key."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mooring.configs import ProcessDeploymentConfig
from mooring.deployments.snippets import LANGUAGES, consume_snippets

ODD = {"data": [["it's", 'a "quoted" \\ one', '"""', "'''", ")-'", "$HOME", "`x`", "${y}", "é😀"]], "n": None}
RUN = {
    "python": [sys.executable, "{file}"],
    "javascript": ["node", "{file}"],
    "curl": ["sh", "{file}"],
    "java": ["java", "{file}"],
    "r": ["Rscript", "{file}"],
}


@pytest.fixture
def odd_sample(workspace, tmp_path):
    (tmp_path / "odd.pkl").write_text("odd")
    workspace.models.register(tmp_path / "odd.pkl", "odd", sample_input=ODD)
    return "odd:1"


@pytest.fixture
def by_language(desk, inference, odd_sample):
    desk.deploy("scorer", [odd_sample], inference, ProcessDeploymentConfig(auth_enabled=True))
    return {snippet.language: snippet for snippet in desk.snippets("scorer")}


def test_each_language_has_the_address_and_reads_the_key_from_a_variable(desk, by_language):
    keys = desk.keys("scorer")

    assert tuple(by_language) == LANGUAGES
    for snippet in by_language.values():
        assert desk.get("scorer").scoring_uri in snippet.text
        assert "SERVICE_KEY" in snippet.text
        assert "mooring service get-keys -n scorer -o primary" in snippet.text
        assert keys.primary not in snippet.text
        assert keys.secondary not in snippet.text


@pytest.mark.parametrize("language", list(RUN))
def test_a_program_runs_and_sends_the_sample_as_it_is(desk, by_language, target, tmp_path, language):
    command = RUN[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    received: list[object] = []
    target.answer = lambda _release, body: (received.append(json.loads(body)), (200, {"ok": "yes"}))[1]
    file = tmp_path / by_language[language].file_name
    file.write_text(by_language[language].text, encoding="utf-8")

    done = subprocess.run(
        [word.format(file=file) for word in command],
        env={**os.environ, "SERVICE_KEY": desk.keys("scorer").primary, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "yes" in done.stdout, done.stderr
    assert received == [ODD]


@pytest.fixture
def https(tmp_path):
    """Where a server with a certificate of its own answers; the certificate is `cert.pem` in the test's folder."""
    key, certificate = _own_certificate()
    (tmp_path / "cert.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Yes)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://localhost:{server.server_port}/score"
    server.shutdown()
    thread.join()
    server.server_close()


class _Yes(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"ok": "yes"}')

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("language", list(RUN))
def test_a_program_trusts_an_own_certificate_as_it_says(desk, inference, https, tmp_path, language):
    command = RUN[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    desk.deploy("scorer", [], inference)
    service = replace(desk.get("scorer"), scoring_uri=https)
    snippet = next(each for each in consume_snippets(service, None) if each.language == language)
    (said,) = re.findall("no public authority signed: (.*)", snippet.text)
    file = tmp_path / snippet.file_name

    def start(line, text=snippet.text):
        file.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["sh", "-c", line.replace("python", sys.executable)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.stdout

    plain = " ".join(command).format(file=file)
    if language == "r":
        trusting = start(plain, snippet.text.replace("POST(url,", said.partition(" …")[0]))
    else:
        trusting = start(said)

    assert "yes" in trusting
    assert "yes" not in start(plain)


def _own_certificate():
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    kept = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return kept, certificate.public_bytes(serialization.Encoding.PEM)


def test_an_open_service_needs_no_key_and_a_token_service_says_token(desk, inference):
    desk.deploy("open", [], inference)
    desk.deploy("tokened", [], inference, ProcessDeploymentConfig(token_auth_enabled=True))

    assert all("SERVICE_" not in snippet.text for snippet in desk.snippets("open"))
    assert all("SERVICE_TOKEN" in snippet.text for snippet in desk.snippets("tokened"))
    assert all("Put your own request in" in snippet.text for snippet in desk.snippets("open"))


def test_a_long_sample_is_shown_by_its_first_rows(desk, inference, workspace, tmp_path):
    (tmp_path / "long.pkl").write_text("long")
    workspace.models.register(tmp_path / "long.pkl", "long", sample_input={"data": [[0.125] * 10] * 500})
    desk.deploy("scorer", ["long:1"], inference)

    assert all(len(snippet.text) < 2500 for snippet in desk.snippets("scorer"))
