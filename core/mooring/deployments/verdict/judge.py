"""The order in which a cause is looked for."""

from __future__ import annotations

import signal
from dataclasses import replace

from mooring.deployments.target import Crash
from mooring.deployments.values import Failure
from mooring.deployments.verdict.boot import judge_boot_error
from mooring.deployments.verdict.codes import CODES
from mooring.deployments.verdict.scene import Scene

_TAIL_LINES = 5
_MIB = 1024 * 1024
_KILLED_BY_SHELL = 128  # a shell, and Docker, report signal n as exit code 128 + n
_CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT)


def judge(crash: Crash, scene: Scene) -> Failure:
    """One verdict for what a target saw."""
    found = (
        _from_sure_code(crash, scene)
        or judge_boot_error(crash.boot_error, scene)
        or _from_memory(crash, scene)
        or _from_signal(crash, scene)
        or _from_log(crash, scene)
        or _from_timeout(crash, scene)
        or _from_exit(crash, scene)
        or _from_engine(crash, scene)
    )
    if found.evidence or not crash.log_tail:
        return found
    return replace(found, evidence=_tail(crash, scene))


def _from_sure_code(crash: Crash, scene: Scene) -> Failure | None:
    if crash.code not in CODES:
        return None
    words = crash.engine or CODES[crash.code]
    return Failure(
        code=crash.code,
        cause=_sentence(words),
        remedy=crash.advice or _SURE_REMEDIES.get(crash.code, _restart(scene)),
    )


_SURE_REMEDIES = {
    "port-taken": "Stop the other process, or deploy without a port to take a free one.",
    "disk-full": "Free some space (`mooring gc` may help) and deploy again.",
    "no-permission": "Make the file or folder readable and writable for your user.",
}


def _restart(scene: Scene) -> str:
    return f"Start it again: mooring service update -n {scene.service}."


def _from_memory(crash: Crash, scene: Scene) -> Failure | None:
    limit, peak = crash.memory_limit_bytes, crash.memory_peak_bytes
    killed = _signal_of(crash) == signal.SIGKILL
    near_limit = limit is not None and peak is not None and peak >= 0.9 * limit
    if not killed or not (near_limit or "oom" in crash.engine.lower()):
        return None
    facts = [
        f"limit {limit // _MIB} MiB" if limit else "",
        f"peak {peak // _MIB} MiB" if peak else "",
        "exit 137",
    ]
    asked = (
        f"memoryInGB is {scene.memory_gb:g}; raise it"
        if scene.memory_gb
        else "Give it more memory (memoryInGB)"
    )
    return Failure(
        code="memory-exceeded",
        cause=f"{scene.service} needed more memory than it may use and was ended.",
        evidence=(", ".join(fact for fact in facts if fact),),
        remedy=f"{asked}, or load a smaller model.",
    )


def _from_signal(crash: Crash, scene: Scene) -> Failure | None:
    number = _signal_of(crash)
    if number is None:
        return None
    name = _signal_name(number)
    if number in _CRASHES:
        return Failure(
            code="crashed",
            cause=f"The process of {scene.service} died inside compiled code ({name}).",
            evidence=_tail(crash, scene),
            remedy="Check that the packages fit the model and each other; a library built for another processor or "
            "version is the usual reason.",
        )
    peak = f"; it had used {crash.memory_peak_bytes // _MIB} MiB" if crash.memory_peak_bytes else ""
    hint = " The system does so when memory runs out." if number == signal.SIGKILL else ""
    return Failure(
        code="killed",
        cause=f"The process of {scene.service} was ended from outside by {name}{peak}.{hint}",
        evidence=_tail(crash, scene),
        remedy=f"Find out who sent the signal (`dmesg` tells when it was the system). {_restart(scene)}",
    )


def _from_log(crash: Crash, scene: Scene) -> Failure | None:
    """A traceback in the log says more than an exit code."""
    starts = [n for n, line in enumerate(crash.log_tail) if "Traceback (most recent call last)" in line]
    if not starts:
        return None
    text = "\n".join(crash.log_tail[starts[-1] :])
    return judge_boot_error({"kind": "import-raised", "message": "", "traceback": text}, scene)


def _from_timeout(crash: Crash, scene: Scene) -> Failure | None:
    if crash.timed_out_after_s is None:
        return None
    return Failure(
        code="not-ready",
        cause=f"{scene.service} runs, but did not answer within {crash.timed_out_after_s:g} s.",
        evidence=_tail(crash, scene),
        remedy="Look at what init() is waiting for in the log; load or download less, or give it more time.",
    )


def _from_exit(crash: Crash, scene: Scene) -> Failure | None:
    if crash.exit_code is None:
        return None
    return Failure(
        code="exited",
        cause=f"The process of {scene.service} ended with exit code {crash.exit_code} before it answered.",
        evidence=_tail(crash, scene),
        remedy=f"Read its log: mooring service get-logs -n {scene.service} --last-start.",
    )


def _from_engine(crash: Crash, scene: Scene) -> Failure:
    return Failure(
        code="engine",
        cause=_sentence(crash.engine)
        if crash.engine
        else f"{scene.service} did not start, and nothing says why.",
        evidence=_tail(crash, scene),
        remedy=f"Read its log: mooring service get-logs -n {scene.service} --last-start.",
    )


def _signal_of(crash: Crash) -> int | None:
    if crash.signal:
        return crash.signal
    code = crash.exit_code
    if code is None:
        return None
    if code < 0:  # Python's own convention for a child ended by a signal
        return -code
    return (
        code - _KILLED_BY_SHELL
        if code > _KILLED_BY_SHELL and code - _KILLED_BY_SHELL in _KNOWN_SIGNALS
        else None
    )


_KNOWN_SIGNALS = frozenset(int(member) for member in signal.Signals)


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in _KNOWN_SIGNALS else f"signal {number}"


def _tail(crash: Crash, scene: Scene) -> tuple[str, ...]:
    return tuple(scene.shorten(line) for line in crash.log_tail[-_TAIL_LINES:])


def _sentence(words: str) -> str:
    line = words.strip().splitlines()[0]
    return line if line.endswith((".", "!", "?")) else f"{line}."
