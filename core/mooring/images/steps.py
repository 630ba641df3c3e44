"""Dockerfiles of users: built as written by the engine, each step told, a failed step named."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from mooring.engine import Engine, errors
from mooring.engine.words import trouble_of

_STEP = re.compile(r"^Step (\d+)/(\d+) : (.*)")
_EXIT = re.compile(r"The command '(.*)' returned a non-zero code: (\d+)", re.DOTALL)
_NO_APT_PACKAGE = re.compile(r"Unable to locate package (\S+)")
_APT_NETWORK = re.compile(r"(Could not resolve|Temporary failure resolving|Failed to fetch)", re.IGNORECASE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOISE = ("Removing intermediate container", "---> ", "--->")
_TAIL = 8


def build_dockerfile(
    engine: Engine, dockerfile: str, tag: str, network: str, tell: Callable[[str], None]
) -> None:
    """Have the engine build a Dockerfile that needs no other files; what a failed build made is removed.

    Args:
        engine: That builds.
        dockerfile: Its text.
        tag: Name of the image.
        network: Of the steps; empty for the engine's default.
        tell: Told each step.

    Raises:
        DockerTrouble: A step failed, or the image it begins with can't be had.
    """
    options: dict[str, Any] = {"network_mode": network} if network else {}
    told = _Steps(tell)
    with engine.told(tag):
        words: Iterator[dict[str, Any]] = engine.api.build(
            fileobj=io.BytesIO(dockerfile.encode()), tag=tag, rm=True, forcerm=True, decode=True, **options
        )
        failures = [str(word["error"]) for word in words if told.hears_error(word)]
        if failures:
            raise told.verdict(failures[0])


class _Steps:
    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._step = ""
        self._lines: list[str] = []

    def hears_error(self, word: dict[str, Any]) -> bool:
        """Take one word of the engine; whether it says that the build failed."""
        self.hear(str(word.get("stream") or ""))
        return bool(word.get("error"))

    def hear(self, text: str) -> None:
        for line in filter(None, (part.strip() for part in _COLOUR.sub("", text).splitlines())):
            found = _STEP.match(line)
            if found:
                self._step = found[3]
                self._tell(f"step {found[1]} of {found[2]}: {found[3][:100]}")
            elif not line.startswith(_NOISE):
                self._lines.append(line)

    def verdict(self, words: str) -> errors.DockerTrouble:
        said = "\n".join([*self._lines[-50:], words])
        tail = "\n".join(self._lines[-_TAIL:])
        missing = _NO_APT_PACKAGE.search(said)
        if missing:
            return errors.ImageStepFailed(
                f"apt has no package {missing[1]!r} (step `{self._step}`).",
                "Correct its name, or run apt-get update in the same step.",
                tail,
            )
        if self._step.startswith("RUN") and "apt" in self._step and _APT_NETWORK.search(said):
            return errors.ImageStepFailed(
                f"The step `{self._step}` can't reach the package servers.",
                "Check the engine's network, or build in the host's: set MOORING_DOCKER_BUILD_NETWORK=host.",
                tail,
            )
        if "exec format error" in said:
            return trouble_of("exec format error", "of the Dockerfile")
        failed = _EXIT.search(words)
        if failed:
            return errors.ImageStepFailed(
                f"The step `{self._step}` ended with exit code {failed[2]}: {(self._lines or ['no output'])[-1]}",
                "Correct the step; it can be tried with `docker run` on the image before it.",
                tail,
            )
        return trouble_of(words, self._step.removeprefix("FROM ").split(" ")[0])
