"""What nodes say when they can't pull an image, told apart by its words and not by numbers that happen to be in it."""

from __future__ import annotations

import pytest

from mooring.targets.kubernetes.cluster import Json
from mooring.targets.kubernetes.judging import Sight, judge_pod

IMAGE = "localhost:40301/mooring/service@sha256:ab404c401d403e"
FAILED = f'Failed to pull image "{IMAGE}": failed to pull and unpack image "{IMAGE}": failed to resolve reference: '


def waiting_pod() -> Json:
    state = {"waiting": {"reason": "ImagePullBackOff", "message": f"Back-off pulling image {IMAGE}"}}
    return {
        "metadata": {"name": "echo-1"},
        "spec": {"containers": [{"name": "scoring", "image": IMAGE}]},
        "status": {"containerStatuses": [{"name": "scoring", "state": state}]},
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("dial tcp 127.0.0.1:40301: connect: connection refused", "registry-unreachable"),
        ("dial unix /run/some.sock: connect: permission denied", "registry-unreachable"),
        ("unexpected status from HEAD request: 403 Forbidden", "registry-unauthorised"),
        (
            "pull access denied, repository does not exist or may require authorization",
            "registry-unauthorised",
        ),
        ("localhost:40301/mooring/service: not found", "image-not-found"),
        ("no match for platform in manifest", "wrong-architecture"),
    ],
)
def test_why_an_image_is_not_pulled(said: str, code: str) -> None:
    event = {"reason": "Failed", "message": FAILED + said}

    crash = judge_pod(Sight(waiting_pod(), [event], []))

    assert crash is not None
    assert crash.code == code
