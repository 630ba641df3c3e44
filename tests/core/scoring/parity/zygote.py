"""A process that has imported the heavy libraries once and forks a fresh one for every script.

Started as `python zygote.py <kind>`; reads one JSON order per line and answers each with one line. Standard library
only, since it runs inside the compared interpreters. Kinds: `reference` (azmlinfsrv), `ours`.
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys

PRELOADED = {
    "reference": [
        "flask",
        "flask_cors",
        "werkzeug.wrappers",
        "gunicorn.app.wsgiapp",
        "gunicorn.workers.sync",
        "pydantic_settings",
        "opentelemetry.sdk.trace",
        "azure.monitor.opentelemetry.exporter",
        "numpy",
        "pandas",
        "inference_schema.parameter_types.numpy_parameter_type",
        "inference_schema.parameter_types.pandas_parameter_type",
        "inference_schema.parameter_types.standard_py_parameter_type",
        "inference_schema.schema_decorators",
    ],
    "ours": [
        "numpy",
        "pandas",
        "asyncio",
        "email.parser",
        "http.cookies",
        "flask",
        "inference_schema.parameter_types.numpy_parameter_type",
        "inference_schema.parameter_types.pandas_parameter_type",
        "inference_schema.parameter_types.standard_py_parameter_type",
        "inference_schema.schema_decorators",
    ],
}


def preload(kind):
    for name in PRELOADED[kind]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def serve(order):
    """Become the server the order names; never returns."""
    os.setsid()
    os.chdir(order["cwd"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(order["env"])
    config = sys.modules.get("gunicorn.config")
    if config is not None:
        config.Chdir.default = order["cwd"]  # taken from the working directory when gunicorn was imported
    sys.argv = [order["module"], *order["arguments"]]
    sys.path[0] = ""
    code = 0
    try:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001  the exit code is the answer
        import traceback

        traceback.print_exc()
        code = 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def stop(pid):
    """End the whole group of a forked server and say how its first process ended."""
    done, status = os.waitpid(pid, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if done == 0:
        os.waitpid(pid, 0)
        return None
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)


def poll(pid):
    """Whether a forked server still runs."""
    return {"alive": os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None}


def main():
    preload(sys.argv[1])
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    orders = os.fdopen(os.dup(0), "r", buffering=1)
    for line in iter(orders.readline, ""):
        order = json.loads(line)
        if order["do"] == "start":
            pid = os.fork()
            if pid == 0:
                serve(order)
            answer = {"pid": pid}
        elif order["do"] == "poll":
            answer = poll(order["pid"])
        else:
            answer = {"status": stop(order["pid"])}
        channel.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
