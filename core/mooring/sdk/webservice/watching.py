"""Follow a deployment until it ends, and say how it ended."""

# One class in several files.
# pyright: reportPrivateUsage=false
from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from mooring.sdk.exceptions import WebserviceException

if TYPE_CHECKING:
    from mooring.sdk.webservice.base import Webservice

_LOOK_AGAIN_S = 0.1


def watch(service: Webservice, *, show_output: bool, timeout_s: float | None) -> None:
    """Return when the service is Healthy; raise with the verdict when it ends otherwise, or the time is over."""
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    cursor: str | None = None
    while True:
        is_done = _is_done(service)
        if show_output:
            cursor = _print_news(service, cursor)
        if is_done:
            break
        if deadline is not None and time.monotonic() > deadline:
            raise WebserviceException(
                f"{service.name} is still {service.state} after {timeout_s:g} s; the deployment goes on."
            )
        _pause(service)
    _judge(service, show_output=show_output)


def _is_done(service: Webservice) -> bool:
    if service._work is not None:
        return service._work.is_done
    service.update_deployment_state()
    return service._known.state != "Transitioning"


def _pause(service: Webservice) -> None:
    if service._work is not None:
        service._work.wait(_LOOK_AGAIN_S)
    else:
        time.sleep(_LOOK_AGAIN_S)


def _print_news(service: Webservice, cursor: str | None) -> str | None:
    for item in service.stream(cursor):
        phase = getattr(item, "phase", "")
        print(f"  {phase.capitalize():<12} {item.text}", flush=True)  # noqa: T201 (what show_output asks for)
        cursor = item.cursor
    return cursor


def _judge(service: Webservice, *, show_output: bool) -> None:
    work, service._work = service._work, None
    if work is not None:
        work.result()
    service.update_deployment_state()
    state = service._known.state
    if state != "Healthy":
        error: dict[str, Any] = service.serialize().get("error") or {}
        raise WebserviceException(
            "Service deployment polling reached non-successful terminal state, current service state: "
            f"{state}\nError:\n{json.dumps(error, indent=2)}"
        )
    if show_output:
        print(f'{service.compute_type} service creation operation finished, operation "Succeeded"')  # noqa: T201
