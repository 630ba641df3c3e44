"""TLS with a given certificate."""

import contextlib
import datetime as dt
import socket
import ssl

import pytest

from .conftest import read_answer, render, wait_until

x509 = pytest.importorskip("cryptography.x509")


def write_certificate(folder, name):
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))


def served_name(server):
    with secure(server) as connection:
        served = x509.load_der_x509_certificate(connection.getpeercert(binary_form=True))
        return served.subject.rfc4514_string()


def secure(server):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", server.port), timeout=10))


@pytest.fixture
def tls(serve, tmp_path):
    write_certificate(tmp_path, "first")
    return serve(MOORING_TLS_CERT=str(tmp_path / "cert.pem"), MOORING_TLS_KEY=str(tmp_path / "key.pem"))


def test_answers_are_encrypted_large_ones_too(tls):
    assert "https://" in tls.lines[0]
    with secure(tls) as connection:
        pending = bytearray()
        connection.sendall(render("POST", "/score", "x" * 3_000_000, {}))
        assert len(read_answer(connection, pending).json) == 3_000_000
        connection.sendall(render("POST", "/score", "more", {}))
        assert read_answer(connection, pending).json == "more"


def test_plain_text_on_the_port_harms_nobody(tls):
    with tls.connect() as connection:
        connection.sendall(render("GET", "/", b"", {}))
        with contextlib.suppress(ConnectionError):
            assert b"Healthy" not in connection.recv(1000)
    with secure(tls) as connection:
        connection.sendall(render("GET", "/", b"", {}))
        assert read_answer(connection).body == b"Healthy"


def test_a_renewed_certificate_is_served_without_a_restart(tls, tmp_path):
    assert served_name(tls) == "CN=first"
    write_certificate(tmp_path, "second")

    wait_until(lambda: served_name(tls) == "CN=second")


def test_a_certificate_that_can_not_be_used_stops_the_start(serve, tmp_path):
    (tmp_path / "cert.pem").write_text("nothing")
    (tmp_path / "key.pem").write_text("nothing")
    server = serve(
        ready=False, MOORING_TLS_CERT=str(tmp_path / "cert.pem"), MOORING_TLS_KEY=str(tmp_path / "key.pem")
    )

    assert server.end() == 3
    assert "can not be used" in server.log
