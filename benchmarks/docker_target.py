"""How long the docker target takes from an edit to the first answer, how large its images are, what its front costs.

    MOORING_DOCKER_BASE_IMAGE=… python benchmarks/docker_target.py

Needs a Docker engine and, the first time, a package index; wrk for the throughput, which is also measured through
nginx on the same network, as a front that people would write themselves. Prints Markdown.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from mooring.configs import InferenceConfig, LocalDeploymentConfig
from mooring.environments import Environment
from mooring.images.bases import BaseImages
from mooring.images.parts import ImageWishes
from mooring.settings import load_settings
from mooring.targets.docker import DockerTarget
from mooring.workspace import Workspace

SCRIPT = """\
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return [VERSION, model.predict(json.loads(raw_data)["data"]).tolist()]
"""
TRAIN = """
import joblib, sys
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
joblib.dump(Ridge(alpha=float(sys.argv[1])).fit(*load_diabetes(return_X_y=True)), "model.pkl")
"""
BODY = json.dumps({"data": [[0.01] * 10]}).encode()
ROUNDS = 5
NGINX = """
worker_processes auto;
daemon off;
events { worker_connections 4096; }
http {
  access_log off;
  upstream app { server APP; keepalive 64; }
  server {
    listen 5001;
    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mooring-docker-bench-"))
    settings = replace(load_settings(), home=folder / "home")
    try:
        with Workspace.open(settings=settings) as workspace:
            measure(workspace, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(workspace: Workspace, folder: Path) -> None:
    first, *others = [register(workspace, folder, alpha) for alpha in range(1, ROUNDS + 2)]
    try:
        began = time.perf_counter()
        service = deploy(workspace, folder, first)
        row("first deploy", [time.perf_counter() - began])
        row("redeploy after an edit of score.py", [edit(workspace, folder, n) for n in range(ROUNDS)])
        row("new model version", [change_model(workspace, model) for model in others])
        sizes(workspace)
        throughput(workspace, service.port)
    finally:
        workspace.services.delete("bench")


def register(workspace: Workspace, folder: Path, alpha: int) -> str:
    wanted = ["--with", "scikit-learn==1.5.2", "--with", "numpy<2"]
    command = [
        "uv",
        "run",
        "-q",
        "--no-project",
        "--python",
        "3.11",
        *wanted,
        "python",
        "-c",
        TRAIN,
        str(alpha),
    ]
    subprocess.run(command, cwd=folder, check=True)
    return workspace.models.register(folder / "model.pkl", "bench").id


def config(folder: Path, version: int) -> InferenceConfig:
    (folder / "score.py").write_text(SCRIPT.replace("VERSION", str(version)))
    (folder / "myenv.yml").write_text(
        "dependencies: [python=3.11, {pip: [scikit-learn==1.5.2, 'numpy<2', joblib]}]\n"
    )
    environment = Environment.from_conda_specification("bench", folder / "myenv.yml")
    return InferenceConfig(entry_script=str(folder / "score.py"), environment=environment)


def deploy(workspace: Workspace, folder: Path, model: str):
    service = workspace.services.deploy("bench", [model], config(folder, 0), LocalDeploymentConfig())
    assert ask(service.port)[0] == 0
    return service


def edit(workspace: Workspace, folder: Path, n: int) -> float:
    """Seconds from the edit to the first answer of the new script."""
    port = workspace.services.get("bench").port
    changed = config(folder, n + 1)
    return until(
        port,
        lambda answer: answer[0] == n + 1,
        lambda: workspace.services.update("bench", inference_config=changed),
    )


def change_model(workspace: Workspace, model: str) -> float:
    port = workspace.services.get("bench").port
    before = ask(port)[1]
    return until(
        port, lambda answer: answer[1] != before, lambda: workspace.services.update("bench", models=[model])
    )


def until(port: int, is_new, start) -> float:
    import threading

    began = time.perf_counter()
    thread = threading.Thread(target=start)
    thread.start()
    while not is_new(ask(port)):
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    thread.join()
    return seconds


def ask(port: int):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/score", BODY, {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def sizes(workspace: Workspace) -> None:
    target = DockerTarget(workspace.settings)
    image = target.observe("bench").details["image"]
    facts = target.engine.find_image(image)
    base_name = facts["Config"]["Labels"]["io.mooring.base"]
    base = BaseImages(target.engine, workspace.settings).get_named(
        base_name, ImageWishes(), lambda _text: None
    )
    for entry in target.engine.api.history(image):
        if entry["CreatedBy"].startswith("mooring"):
            print(f"| layer: {entry['CreatedBy'].split(': ')[1]} | {entry['Size'] / 1e6:.2f} MB |")
    over = facts["Size"] - target.engine.find_image(base.id)["Size"]
    print(f"| image over its base | {over / 1e6:.1f} MB |")


def throughput(workspace: Workspace, port: int) -> None:
    """Rounds of five seconds each, in turn, so that whatever else the machine does meets all of them."""
    if not shutil.which("wrk"):
        print("wrk is not installed: no throughput.", file=sys.stderr)
        return
    target = DockerTarget(workspace.settings)
    container = target.engine.find_container(target.observe("bench").details["container"])
    ((network, facts),) = container["NetworkSettings"]["Networks"].items()
    direct = f"{facts['IPAddress']}:5001"
    with (
        rival_front(network, direct) as nginx,
        tempfile.NamedTemporaryFile("w", suffix=".lua") as script,
    ):
        script.write(
            f"wrk.method='POST'; wrk.body=[[{BODY.decode()}]]; wrk.headers['Content-Type']='application/json'"
        )
        script.flush()
        places = {
            "container itself": direct,
            "through the front": f"127.0.0.1:{port}",
            "through nginx": nginx,
        }
        found = [
            {name: ask_many(place, script.name) for name, place in places.items()} for _ in range(ROUNDS)
        ]
    for name in places:
        per_s = statistics.median(each[name][0] for each in found)
        share = statistics.median(each[name][0] / each["container itself"][0] for each in found)
        p50, p99 = (statistics.median(each[name][n] for each in found) for n in (1, 2))
        print(f"| requests/s, {name} | {per_s:.0f} ({share:.0%}; p50 {p50:.1f} ms, p99 {p99:.1f} ms) |")


def ask_many(place: str, script: str) -> tuple[float, float, float]:
    """Requests a second, and two quantiles of the wait in milliseconds."""
    command = ["wrk", "-t1", "-c16", "-d5", "--latency", "-s", script, f"http://{place}/score"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {line.split()[0]: line.split()[-1] for line in told if line.strip()}
    return float(found["Requests/sec:"]), milliseconds(found["50%"]), milliseconds(found["99%"])


def milliseconds(text: str) -> float:
    unit = next(unit for unit in ("us", "ms", "s") if text.endswith(unit))
    return float(text.removesuffix(unit)) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


@contextlib.contextmanager
def rival_front(network: str, app: str):
    """Address of an nginx that passes on to the app over connections it keeps."""
    base = load_settings().docker_base_image.format(python="3.11")
    install = "apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "nginx.conf").write_text(NGINX.replace("APP", app))
        Path(folder, "Dockerfile").write_text(f"FROM {base}\nRUN {install}\nCOPY nginx.conf /nginx.conf\n")
        build = ["docker", "build", "-q", "--network", "host", folder]
        image = subprocess.run(build, check=True, capture_output=True, text=True).stdout.strip()
    run = ["docker", "run", "-d", "--network", network, "-p", "127.0.0.1::5001", image]
    container = subprocess.run(
        [*run, "nginx", "-c", "/nginx.conf"], check=True, capture_output=True, text=True
    ).stdout.strip()
    try:
        asked = subprocess.run(
            ["docker", "port", container, "5001"], check=True, capture_output=True, text=True
        )
        place = asked.stdout.split()[0]
        while ask(int(place.rpartition(":")[2])) is None:
            time.sleep(0.1)
        yield place
    finally:
        subprocess.run(["docker", "rm", "-f", container], check=False, capture_output=True)
        subprocess.run(["docker", "rmi", image], check=False, capture_output=True)


def row(name: str, seconds: list[float]) -> None:
    spread = f" ({min(seconds):.2f} to {max(seconds):.2f}, {len(seconds)} times)" if len(seconds) > 1 else ""
    print(f"| {name} | {statistics.median(seconds):.2f} s{spread} |", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("MOORING_DOCKER_BUILD_NETWORK", "host")
    main()
