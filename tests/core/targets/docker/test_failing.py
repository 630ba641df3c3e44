"""One cause and one remedy for each way a container can fail to serve."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mooring.configs import LocalDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.target import Resources, StartFailed
from mooring.engine import Engine
from mooring.engine.words import trouble_of
from mooring.environments import Resolution
from mooring.errors import MooringError
from mooring.images.archive import archive_of
from mooring.images.parts import ImageWishes
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.testing.reporters import Recorder

from .conftest import BASE, MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("nothing_left")]

GREEDY = """
def init():
    global held
    held = bytearray(400 * 1024 * 1024)


def run(data):
    return 1
"""


@pytest.fixture
def target(settings: Settings):
    made = DockerTarget(settings)
    yield made
    made.stop("echo")


def crash_of(target: DockerTarget, release) -> StartFailed:
    with pytest.raises(StartFailed) as failed:
        target.start(release, Recorder())
    return failed.value


def trouble(target: DockerTarget, release) -> MooringError:
    with pytest.raises(MooringError) as failed:
        target.start(release, Recorder())
    return failed.value


def test_an_exception_in_init_names_the_line_of_the_laid_out_script(
    target: DockerTarget, release: MakeRelease
) -> None:
    broken = release(script="def init():\n    raise ValueError('no')\n\n\ndef run(data):\n    return 1\n")

    crash = crash_of(target, broken).crash

    assert crash.boot_error is not None
    assert crash.boot_error["line"] == 2
    assert crash.boot_error["path"] == str(broken.app_root / "score.py")


def test_running_out_of_memory_is_named_with_limit_and_peak(
    target: DockerTarget, release: MakeRelease
) -> None:
    greedy = replace(release(script=GREEDY), resources=Resources(memory_gb=0.2))

    crash = crash_of(target, greedy).crash

    assert "oom" in crash.engine
    assert crash.memory_limit_bytes == int(0.2 * 1024**3)
    assert (crash.memory_peak_bytes or 0) > 0.7 * int(0.2 * 1024**3)


def test_an_init_that_takes_too_long_is_told_as_such(target: DockerTarget, release: MakeRelease) -> None:
    slow = replace(
        release(
            script="import time\n\n\ndef init():\n    time.sleep(60)\n\n\ndef run(data):\n    return 1\n"
        ),
        ready_within_s=2.0,
    )

    assert crash_of(target, slow).crash.timed_out_after_s == 2.0


DEAF = """
import socket, time

def init():
    socket.socket.accept = lambda self: time.sleep(3600)

def run(data):
    return 1
"""


def test_a_health_check_that_is_never_answered_is_told_with_the_last_lines(
    target: DockerTarget, release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mooring.targets.docker.target._ANSWERS_WITHIN_S", 1.0)

    crash = crash_of(target, release(script=DEAF)).crash

    assert crash.code == "health-unanswered"
    assert "GET /" in crash.engine
    assert "of the script" in crash.advice
    assert any("init has completed" in line for line in crash.log_tail)


def test_an_update_that_never_answers_gets_no_request_and_leaves_the_old_one_serving(
    target: DockerTarget, release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mooring.targets.docker.target._ANSWERS_WITHIN_S", 1.0)
    running = target.start(release(), Recorder())

    crash = crash_of(target, release(revision=2, port=running.port, script=DEAF)).crash

    assert crash.code == "health-unanswered"
    assert call(running.scoring_uri, method="POST", body=b"7").status == 200
    assert target.observe("echo").revision == 1


def test_variables_of_the_user_do_not_move_the_service_from_its_port_and_folder(
    target: DockerTarget, release: MakeRelease
) -> None:
    script = "import os\ndef init(): pass\ndef run(data): return [os.environ['GREETING'], os.environ['AML_APP_ROOT']]\n"
    variables = {
        "SERVER_PORT": "8080",
        "MOORING_HOST": "127.0.0.1",
        "AML_APP_ROOT": "/x",
        "GREETING": "hello",
    }

    running = target.start(release(script=script, environment_variables=variables), Recorder())

    answer = call(running.scoring_uri, method="POST", body=b"1").decoded()
    assert answer == ["hello", "/var/azureml-app"]


@pytest.mark.network
def test_a_package_that_is_not_there_is_named(target: DockerTarget, release: MakeRelease) -> None:
    locked = ("no-such-package-of-mooring==1.0",)
    wanted = release(environment=Resolution("missing-package", "3.11", locked))

    found = trouble(target, wanted)

    assert found.code == "environment-not-installed"
    assert "no-such-package-of-mooring" in found.problem


@pytest.mark.network
def test_an_apt_package_that_is_not_there_is_named(target: DockerTarget, release: MakeRelease) -> None:
    steps = ImageWishes(extra_steps="RUN apt-get update -qq && apt-get install -y no-such-package-of-apt")

    found = trouble(target, replace(release(), image=steps))

    assert found.code == "image-step-failed"
    assert "'no-such-package-of-apt'" in found.problem


def test_a_step_that_fails_is_quoted_with_its_exit_code(target: DockerTarget, release: MakeRelease) -> None:
    found = trouble(target, replace(release(), image=ImageWishes(extra_steps="RUN echo so sad && exit 7")))

    assert found.code == "image-step-failed"
    assert "echo so sad" in found.problem
    assert "exit code 7" in found.problem
    assert "so sad" in found.problem


def test_a_base_image_without_the_python_is_named(target: DockerTarget, release: MakeRelease) -> None:
    found = trouble(target, release(environment=Resolution("other-python", "3.99")))

    assert found.code == "base-image-unusable"
    assert "no Python 3.99" in found.problem
    assert "{python}" in found.remedy


def test_a_base_image_without_a_shell_is_named(
    engine: Engine, target: DockerTarget, release: MakeRelease
) -> None:
    engine.api.import_image(src=b"\0" * 10240, repository="mooring-test/bare", tag="1")
    try:
        found = trouble(target, replace(release(), image=ImageWishes(base_image="mooring-test/bare:1")))
    finally:
        engine.api.remove_image("mooring-test/bare:1", force=True)

    assert found.code == "base-image-unusable"
    assert "no shell" in found.problem


def test_a_base_image_for_another_processor_is_named(
    engine: Engine, target: DockerTarget, release: MakeRelease
) -> None:
    """Its shell is a program of a processor that no machine of ours is."""
    header = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x02\0\x16\0\x01\0\0\0" + b"\0" * 40  # s390
    archive = archive_of({"bin/sh": header}, mode=0o755)
    engine.api.import_image_from_data(archive, repository="mooring-test/foreign", tag="1")
    try:
        found = trouble(target, replace(release(), image=ImageWishes(base_image="mooring-test/foreign:1")))
    finally:
        engine.api.remove_image("mooring-test/foreign:1", force=True)

    assert found.code == "wrong-architecture"
    assert "docker info" in found.remedy


@pytest.mark.slow
def test_a_base_image_without_glibc_is_named(target: DockerTarget, release: MakeRelease) -> None:
    text = (
        f"FROM {BASE}\nRUN apt-get update -qq && apt-get install -y -qq busybox-static"
        " && cp /bin/busybox /bin/sh.new && mv /bin/sh.new /bin/sh && rm /lib64/ld-linux-*\n"
    )

    found = trouble(target, replace(release(), image=ImageWishes(base_dockerfile=text)))

    assert found.code == "base-image-unusable"
    assert "glibc" in found.problem


@pytest.mark.parametrize(
    ("ending", "expected"),
    [("os._exit(5)", {"exit_code": 5}), ("os.kill(os.getpid(), 11)", {"signal": 11})],
    ids=["exit code", "signal"],
)
def test_a_script_that_ends_its_process_is_told_with_its_last_lines(
    target: DockerTarget, release: MakeRelease, ending: str, expected: dict[str, int]
) -> None:
    script = f"import os\ndef init():\n    print('last words', flush=True)\n    {ending}\ndef run(d): pass\n"

    crash = crash_of(target, release(script=script)).crash

    assert {name: getattr(crash, name) for name in expected} == expected
    assert any("last words" in line for line in crash.log_tail)


def test_an_image_nobody_has_is_named(target: DockerTarget, release: MakeRelease) -> None:
    wanted = ImageWishes(base_image="localhost:5000/no/such:image")

    found = trouble(target, replace(release(), image=wanted))

    assert found.code in ("image-not-found", "registry-unauthorised")
    assert "localhost:5000/no/such:image" in found.problem


def test_a_registry_that_does_not_answer_is_named(target: DockerTarget, release: MakeRelease) -> None:
    found = trouble(target, replace(release(), image=ImageWishes(base_image="localhost:1/x:1")))

    assert found.code == "registry-unreachable"


def test_a_front_that_is_not_to_be_had_is_told_as_what_it_is(
    settings: Settings, release: MakeRelease
) -> None:
    poor = replace(settings, docker_base_image="localhost:1/x:{python}", docker_front_image="localhost:1/y:1")

    found = trouble(DockerTarget(poor), replace(release(), image=ImageWishes(base_image=BASE)))

    assert found.code == "registry-unreachable"
    assert "proxy in front of services" in found.problem
    assert "localhost:1/y:1" in found.problem
    assert "MOORING_DOCKER_FRONT_IMAGE" in found.remedy


def test_a_gpu_is_refused_before_anything_is_built(target: DockerTarget, release: MakeRelease) -> None:
    told = Recorder()
    with pytest.raises(MooringError) as failed:
        target.start(replace(release(), image=ImageWishes(needs_gpu=True)), told)

    assert failed.value.code == "gpu-missing"
    assert not told.phases


def test_a_port_that_is_taken_is_found_before_the_start(target: DockerTarget, release: MakeRelease) -> None:
    running = target.start(release(), Recorder())

    findings = target.check("another", LocalDeploymentConfig(port=running.port))

    assert [finding.code for finding in findings] == ["port-taken"]
    assert not target.check("echo", LocalDeploymentConfig(port=running.port))


def test_without_an_engine_the_way_to_start_it_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    target = DockerTarget(settings)

    (finding,) = target.check("echo", LocalDeploymentConfig())
    seen = target.observe("echo")

    assert finding.code == "engine-not-running"
    assert "Start" in finding.remedy
    assert seen.state == "Unhealthy"
    assert seen.crash is not None
    assert (seen.crash.code, seen.crash.advice) == ("engine-not-running", finding.remedy)


def test_a_container_removed_by_hand_is_told(
    engine: Engine, target: DockerTarget, release: MakeRelease
) -> None:
    target.start(release(), Recorder())
    engine.api.remove_container(target.observe("echo").details["container"], force=True)

    seen = target.observe("echo")

    assert seen.present
    assert seen.crash is not None
    assert "removed from outside" in seen.crash.engine


def test_a_container_stopped_by_hand_is_told_and_an_update_brings_it_back(
    engine: Engine, target: DockerTarget, release: MakeRelease
) -> None:
    running = target.start(release(), Recorder())
    engine.api.kill(target.observe("echo").details["container"])

    stopped = target.observe("echo")
    again = target.start(release(revision=2, port=running.port), Recorder())

    assert stopped.state == "Unhealthy"
    assert stopped.crash is not None
    assert stopped.crash.code == "not-running"
    assert again.scoring_uri == running.scoring_uri
    assert target.observe("echo").state == "Healthy"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("write /var/lib/x: no space left on device", "disk-full"),
        ("Bind for 127.0.0.1:80 failed: port is already allocated", "port-taken"),
        ("unauthorized: authentication required", "registry-unauthorised"),
        ("manifest for x:1 not found: manifest unknown", "image-not-found"),
        ("dial tcp: lookup x: no such host", "registry-unreachable"),
        ("no matching manifest for linux/arm64/v8 in the manifest list entries", "wrong-architecture"),
        ('could not select device driver "nvidia" with capabilities: [[gpu]]', "gpu-missing"),
        ("something quite new", "engine"),
    ],
)
def test_what_engines_say_has_a_code(words: str, code: str) -> None:
    assert trouble_of(words, BASE).code == code
