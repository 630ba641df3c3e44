"""What the cluster says when no pod is made or no image comes, told apart by its words."""

from __future__ import annotations

import pytest

from mooring.targets.kubernetes.cluster import Json
from mooring.targets.kubernetes.judging import Sight, judge_pod, judge_set

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


@pytest.mark.parametrize(("status", "code"), [("True", "quota-exceeded"), ("False", None)])
def test_that_no_pod_may_be_made_is_told_while_the_deployment_says_so(status: str, code: str | None) -> None:
    said = 'pods "echo-5" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1'
    condition = {"type": "ReplicaFailure", "reason": "FailedCreate", "status": status, "message": said}

    crash = judge_set({"status": {"conditions": [condition]}}, "here")

    assert (crash.code if crash else None) == code
