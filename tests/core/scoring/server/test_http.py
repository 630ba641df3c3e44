"""The HTTP layer as clients meet it."""

import hashlib
import json

import pytest

from .conftest import app_root, read_answer, read_chunks, render, wait_until

HASH = """
import hashlib

def init():
    pass

def run(data):
    return [len(data), hashlib.sha256(data.encode()).hexdigest()]
"""


def test_a_request_is_answered_with_length_date_and_ids(serve):
    answer = serve().post("hello")

    assert answer.status == 200
    assert answer.json == "hello"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["date"].endswith("GMT")
    assert len(answer.headers["x-request-id"]) == 36
    assert "server" not in answer.headers
    assert "connection" not in answer.headers


def test_many_requests_share_a_connection(serve):
    with serve().connect() as connection:
        pending = bytearray()
        for number in range(50):
            connection.sendall(render("POST", "/score", f"{number}", {}))
            assert read_answer(connection, pending).json == f"{number}"


def test_pipelined_requests_are_answered_in_order(serve):
    batch = b"".join(render("POST", "/score", f"{n}", {}) + render("GET", "/", b"", {}) for n in range(300))
    with serve().connect() as connection:
        connection.sendall(batch)
        pending = bytearray()

        answers = [read_answer(connection, pending).body for _ in range(600)]

    assert answers == [body for n in range(300) for body in (f'"{n}"'.encode(), b"Healthy")]


def test_a_body_may_come_in_any_pieces(serve):
    raw = render("POST", "/score", "héllo", {})
    with serve().connect() as connection:
        for place in range(len(raw)):
            connection.sendall(raw[place : place + 1])

        assert read_answer(connection).json == "héllo"


def test_chunked_bodies_are_put_together_and_the_connection_goes_on(serve):
    head = b"POST /score HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n"
    body = b"5;name=value\r\nhello\r\nA\r\n, chunked \r\n00005\r\nworld\r\n0\r\ntrailer: x\r\n\r\n"
    with serve().connect() as connection:
        pending = bytearray()
        connection.sendall(head + body + render("POST", "/score", "next", {}))

        assert read_answer(connection, pending).json == "hello, chunked world"
        assert read_answer(connection, pending).json == "next"


def test_sixty_megabytes_arrive_whole(serve):
    body = b"0123456789abcdef" * (60 * 65536)
    answer = serve(HASH).post(body)

    assert answer.json == [len(body), hashlib.sha256(body).hexdigest()]


def test_a_large_body_is_in_memory_once(serve):
    server = serve(
        "import resource\nfrom azureml.contrib.services.aml_request import rawhttp\ndef init(): pass\n"
        "@rawhttp\ndef run(request):\n"
        "    return len(request.get_data()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
    )
    _, before = server.post("x").json
    size, after = server.post(b"x" * 60_000_000).json

    assert size == 60_000_000
    assert after - before < 1.5 * size


def test_a_large_chunked_body_arrives_whole(serve):
    server = serve(HASH)
    piece = b"x" * 70_000
    with server.connect() as connection:
        connection.sendall(b"POST /score HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(40):
            connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")

        assert read_answer(connection).json == [2_800_000, hashlib.sha256(piece * 40).hexdigest()]


def test_a_client_that_asks_is_told_to_continue(serve):
    with serve().connect() as connection:
        connection.sendall(
            b"POST /score HTTP/1.1\r\nhost: t\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n"
        )
        assert read_answer(connection).status == 100
        connection.sendall(b"ok")

        assert read_answer(connection).json == "ok"


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(serve):
    server = serve(MOORING_MAX_BODY_BYTES="1000")
    head = b"POST /score HTTP/1.1\r\nhost: t\r\nexpect: 100-continue\r\ncontent-length: 1001\r\n\r\n"

    assert server.post(b"x" * 1000).status == 200
    assert server.ask(head).status == 413
    assert server.post(b"x" * 1001).status == 413
    chunked = b"POST /score HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001
    answer = server.ask(chunked)
    assert answer.status == 413
    assert answer.headers["connection"] == "close"


def test_a_refused_client_still_reads_its_answer_while_sending(serve):
    server = serve(MOORING_MAX_BODY_BYTES="1000")
    with server.connect() as connection:
        connection.sendall(b"POST /score HTTP/1.1\r\nhost: t\r\ncontent-length: 900000\r\n\r\n")
        connection.sendall(b"x" * 900_000)

        assert read_answer(connection).status == 413


def test_head_answers_without_a_body(serve):
    with serve().connect() as connection:
        connection.sendall(
            b"HEAD / HTTP/1.1\r\nhost: t\r\n\r\n" + render("GET", "/", b"", {"connection": "close"})
        )
        said = b"".join(iter(lambda: connection.recv(65536), b""))

    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert said.count(b"Content-Length: 7\r\n") == 2
    assert said.count(b"Healthy") == 1


def test_old_and_polite_clients_decide_about_the_connection(serve):
    server = serve()
    for raw, expected in (
        (b"GET / HTTP/1.0\r\n\r\n", "close"),
        (b"GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", "keep-alive"),
        (b"GET / HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n", "close"),
        (b"GET / HTTP/1.1\r\nhost: t\r\nconnection: foo, Close\r\n\r\n", "close"),
    ):
        assert server.ask(raw).headers.get("connection") == expected


def test_a_client_that_closes_only_its_side_is_answered(serve):
    with serve().connect() as connection:
        connection.sendall(render("POST", "/score", "half", {}))
        connection.shutdown(1)

        assert read_answer(connection).json == "half"
        assert connection.recv(10) == b""


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS hello\r\n", 400),
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\nhost: t\n\n", 400),
        (b"GET / HTTP/1.1\r\nhost : t\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: t\r\n folded: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad\x00name: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nname: bad\x00value\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nname: a\rb\r\n\r\n", 400),
        (b"POST /score HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!", 400),
        (b"POST /score HTTP/1.1\r\ncontent-length: +5\r\n\r\nhello", 400),
        (b"POST /score HTTP/1.1\r\ncontent-length: 5, 5\r\n\r\nhello", 400),
        (b"POST /score HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /score HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST /score HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n", 400),
        (b"POST /score HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", 400),
        (b"POST /score HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n", 400),
        (b"POST /score HTTP/1.1\r\nexpect: miracles\r\ncontent-length: 1\r\n\r\nx", 417),
        (b"GET / HTTP/1.1\r\n" + b"a: " + b"x" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"a: x\r\n" * 101 + b"\r\n", 431),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(serve, raw, status):
    server = serve()
    with server.connect() as connection:
        connection.sendall(raw)
        answer = read_answer(connection)

        assert answer.status == status
        assert answer.headers["connection"] == "close"
        assert "message" in answer.json
        assert connection.recv(10) == b""
    assert server.get("/").status == 200


def test_a_slow_head_is_given_up(serve):
    server = serve(MOORING_HEADER_TIMEOUT_S="0.2")
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nslow")

        assert read_answer(connection).status == 408


def test_a_body_that_stops_coming_is_given_up(serve):
    server = serve(MOORING_BODY_TIMEOUT_S="0.2")
    with server.connect() as connection:
        connection.sendall(b"POST /score HTTP/1.1\r\ncontent-length: 100\r\n\r\nslow")

        assert read_answer(connection).status == 408


def test_silent_and_idle_connections_are_closed_without_a_word(serve):
    server = serve(MOORING_HEADER_TIMEOUT_S="0.2", MOORING_IDLE_TIMEOUT_S="0.2")
    with server.connect() as silent, server.connect() as idle:
        idle.sendall(render("GET", "/", b"", {}))
        read_answer(idle)

        assert silent.recv(10) == b""
        assert idle.recv(10) == b""


def test_connections_beyond_the_limit_are_turned_away(serve):
    server = serve(MOORING_MAX_CONNECTIONS="2")
    with server.connect() as one, server.connect() as two:
        for connection in (one, two):
            connection.sendall(render("GET", "/", b"", {}))
            read_answer(connection)

        answer = server.get("/")

        assert answer.status == 503
        assert answer.headers["retry-after"] == "1"


def test_a_script_can_not_split_its_response(serve):
    server = serve(
        """
from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse

def init():
    pass

@rawhttp
def run(request):
    response = AMLResponse("ok", 200)
    response.mimetype = "text/plain\\r\\nx-bad: yes"
    return response
"""
    )

    assert "x-bad" not in server.post("x").headers


def test_a_generator_is_streamed_piece_by_piece(serve):
    server = serve(
        """
import os, time

def init():
    pass

def run(data):
    def pieces():
        yield "first"
        while not os.path.exists("go"):
            time.sleep(0.005)
        yield "second"
    return pieces()
"""
    )
    with server.connect() as connection:
        connection.sendall(render("POST", "/score", "x", {}))
        data = bytearray()
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        assert b"Transfer-Encoding: chunked" in data
        del data[: data.index(b"\r\n\r\n") + 4]
        chunks = read_chunks(connection, data)

        assert b"first" in next(chunks)
        assert server.get("/").status == 200  # the loop is not held up
        (app_root(server) / "go").touch()
        assert b"second" in b"".join(chunks)


def test_a_stream_that_breaks_off_is_not_taken_for_whole(serve):
    server = serve("def init(): pass\n\ndef run(data):\n    yield 'first'\n    raise ValueError('secret')\n")
    with server.connect() as connection:
        connection.sendall(render("POST", "/score", "x", {}))
        with pytest.raises((EOFError, ConnectionError)):
            read_answer(connection)

    server.wait_for("ValueError: secret")


def test_a_client_that_leaves_a_stream_frees_the_script(serve):
    server = serve(
        """
def init():
    pass

def run(data):
    if data == "plain":
        return "ok"
    def pieces():
        try:
            while True:
                yield "x" * 10000
        finally:
            print("generator closed")
    return pieces()
"""
    )
    with server.connect() as connection:
        connection.sendall(render("POST", "/score", "endless", {}))
        connection.recv(100)

    server.wait_for("generator closed")
    assert server.post("plain").json == "ok"


def test_an_asynchronous_run_serves_requests_side_by_side(serve):
    server = serve(
        """
import asyncio
waiting = []

def init():
    pass

async def run(data):
    waiting.append(data)
    while len(waiting) < 3:
        await asyncio.sleep(0.001)
    return sorted(waiting)
"""
    )
    connections = [server.connect() for _ in range(3)]
    for name, connection in zip("abc", connections, strict=False):
        connection.sendall(render("POST", "/score", name, {}))

    assert [read_answer(connection).json for connection in connections] == [["a", "b", "c"]] * 3
    for connection in connections:
        connection.close()


def test_an_abandoned_asynchronous_run_is_cancelled(serve):
    server = serve(
        """
import asyncio

def init():
    pass

async def run(data):
    try:
        await asyncio.sleep(60 if data == "long" else 0)
    except asyncio.CancelledError:
        print("cancelled")
        raise
    return data
"""
    )
    with server.connect() as connection:
        connection.sendall(render("POST", "/score", "long", {}))
        wait_until(lambda: server.metric("mooring_requests_in_flight") >= 2)

    server.wait_for("cancelled")
    assert server.post("short").json == "short"


def test_errors_are_json(serve):
    assert json.loads(serve().ask(b"GARBAGE\r\n\r\n").body) == {
        "message": "The request line is not valid HTTP/1.1."
    }
