"""Metrics, logs, traces."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .conftest import ECHO, app_root, wait_until


def test_metrics_count_by_status_and_name_the_model(serve, tmp_path):
    server = serve(
        "def init(): pass\ndef run(data):\n    return 1 / int(data)\n",
        AZUREML_MODEL_DIR=str(tmp_path / "azureml-models" / "diabetes" / "3"),
    )
    server.post("1")
    server.post("1")
    server.post("0")
    server.ask(b"GARBAGE\r\n\r\n")

    labels = {"model": "diabetes:3"}
    assert server.metric("mooring_request_seconds_count", status="200", **labels) == 2
    assert server.metric("mooring_request_seconds_count", status="500", **labels) == 1
    assert server.metric("mooring_request_seconds_count", status="400", **labels) == 1
    assert (
        server.metric("mooring_run_seconds_count", **labels) == 2
    )  # a run that raised took no time worth a mean
    assert server.metric("mooring_queue_wait_seconds_count", **labels) == 3
    assert server.metric("mooring_init_seconds", **labels) > 0
    assert server.metric("mooring_resident_memory_bytes", **labels) > 1_000_000
    assert server.metric("mooring_workers", **labels) == 1


def test_who_watches_a_service_is_not_counted_as_using_it(serve):
    server = serve(ECHO)
    for path in ("/", "/metrics", "/swagger.json", "/metrics"):
        assert server.get(path).status == 200
    assert server.get("/nowhere").status == 404

    assert server.metric("mooring_request_seconds_count", status="200") == 0
    assert server.metric("mooring_request_seconds_count", status="404") == 1


def test_metrics_can_be_switched_off(serve):
    assert serve(MOORING_METRICS="false").get("/metrics").status == 404


def test_the_scripts_own_metrics_are_on_the_page(serve):
    pytest.importorskip("prometheus_client")
    server = serve(
        "from prometheus_client import Counter\nrows = Counter('my_rows', 'Rows.')\n"
        "def init(): pass\ndef run(data):\n    rows.inc(3)\n    return data\n"
    )
    server.post("x")

    assert server.metric("my_rows_total") == 3


def test_print_goes_through_the_log_in_the_references_shape(serve):
    server = serve(
        "import sys\ndef init():\n    print('loaded', 1, sep='-')\ndef run(data):\n    print('to stderr', file=sys.stderr)\n    return data\n"
    )
    server.post("x")
    server.wait_for("to stderr")

    line = next(line for line in server.lines if "loaded" in line)
    day, clock, level, pid, name, dash, text = line.split(" ", 6)
    assert [len(day), len(clock)] == [10, 12]
    assert (level, pid, name, dash, text) == (
        "I",
        f"[{server.process.pid}]",
        "azmlinfsrv.print",
        "-",
        "loaded-1",
    )
    assert "to stderr" in server.lines


def test_json_logs_carry_the_request_id_of_print_and_errors(serve):
    server = serve(
        "def init(): pass\ndef run(data):\n    print('seen', data)\n    return 1 / 0\n",
        MOORING_LOG_FORMAT="json",
    )
    server.post("x", x_request_id="id-of-mine")
    server.wait_for("ZeroDivisionError")

    lines = [json.loads(line) for line in server.lines if line.startswith("{")]
    seen = next(line for line in lines if line["message"] == "seen x")
    assert seen["request_id"] == "id-of-mine"
    assert seen["level"] == "info"
    assert any(line.get("request_id") == "id-of-mine" and line["level"] == "error" for line in lines)
    assert "request_id" not in lines[0]


def test_an_id_that_was_made_up_here_is_the_same_in_log_and_answer(serve):
    server = serve(
        "def init(): pass\ndef run(data):\n    print('seen')\n    return data\n", MOORING_LOG_FORMAT="json"
    )
    answer = server.post("x")
    server.wait_for('"seen"')

    line = json.loads(next(line for line in server.lines if '"seen"' in line))
    assert line["request_id"] == answer.headers["x-request-id"]


def test_the_access_log_is_off_unless_asked_for(serve):
    quiet, loud = serve(), serve(MOORING_ACCESS_LOG="true")
    for server in (quiet, loud):
        server.post("x")
        server.terminate()
        server.end()

    assert "POST /score 200" in loud.log
    assert "POST /score" not in quiet.log


def test_a_logging_json_of_the_users_replaces_our_format(tmp_path, serve):
    folder = tmp_path / "app0"
    folder.mkdir()
    (folder / "logging.json").write_text(
        json.dumps(
            {
                "version": 1,
                "formatters": {"f": {"format": "MINE %(message)s"}},
                "handlers": {
                    "h": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "f"}
                },
                "loggers": {"azmlinfsrv": {"level": "INFO", "handlers": ["h"], "propagate": False}},
            }
        )
    )
    server = serve("def init():\n    print('hello')\ndef run(data):\n    return data\n")

    assert "MINE hello" in server.lines
    assert app_root(server) == folder


def test_no_secret_of_the_client_is_logged(serve):
    server = serve(ECHO.replace("return data", "raise ValueError('x')"), MOORING_ACCESS_LOG="true")
    server.post("x", authorization="Bearer top-secret-thing", path="/score?code=top-secret-thing")
    server.terminate()
    server.end()

    assert "top-secret-thing" not in server.log


@pytest.fixture
def collector():
    """A stand-in for an OpenTelemetry collector: keeps what is sent to it."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()


def test_traces_continue_the_clients(serve, collector):
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    endpoint, received = collector
    server = serve(
        "from opentelemetry import trace\ndef init(): pass\ndef run(data):\n"
        "    return format(trace.get_current_span().get_span_context().trace_id, '032x')\n",
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_BSP_SCHEDULE_DELAY="50",
    )
    trace_id = "0af7651916cd43dd8448eb211c80319c"

    answer = server.post("x", traceparent=f"00-{trace_id}-b7ad6b7169203331-01")

    assert answer.json == trace_id
    wait_until(lambda: any(bytes.fromhex(trace_id) in body and b"POST /score" in body for body in received))


def test_the_log_is_exported_with_its_trace(serve, collector):
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    endpoint, received = collector
    server = serve(
        "def init(): pass\ndef run(data):\n    print('printed by the script')\n    return 1\n",
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_BLRP_SCHEDULE_DELAY="50",
    )
    trace_id = "0af7651916cd43dd8448eb211c80319c"

    server.post("x", traceparent=f"00-{trace_id}-b7ad6b7169203331-01")

    wait_until(
        lambda: any(bytes.fromhex(trace_id) in body and b"printed by the script" in body for body in received)
    )


def test_an_endpoint_without_the_sdk_is_said_in_the_log(serve, tmp_path):
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "opentelemetry.py").write_text("raise ImportError('hidden')\n")
    server = serve(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", PYTHONPATH=str(tmp_path / "shadow"))

    assert "No traces" in server.log
    assert server.post("x").status == 200
