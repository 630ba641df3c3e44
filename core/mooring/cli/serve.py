"""`mooring serve`: the scoring server alone, in the current Python, with the reference server's flags."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.nouns import lone
from mooring.cli.verb import verb

app = lone("serve")


@verb(
    app,
    "serve",
    examples=[
        "mooring serve score.py --model-dir ./model --port 5001",
        "mooring serve score.py --model-dir ./model --worker-count 2",
        "mooring serve --entry_script score.py --model_dir ./model",
    ],
)
def serve(
    call: Call,
    script: Annotated[str | None, flag("SCRIPT", help="Scoring script with init() and run().")] = None,
    entry_script: Annotated[
        str | None, flag("--entry-script", "--entry_script", help="The same, as the reference server's flag.")
    ] = None,
    model_dir: Annotated[
        Path | None, flag("--model-dir", "--model_dir", help="What AZUREML_MODEL_DIR says to the script.")
    ] = None,
    port: Annotated[int | None, flag("--port", help="Port to listen on; 5001 unless said.")] = None,
    health_port: Annotated[
        int | None, flag("--health-port", "--health_port", help="Port for health checks.")
    ] = None,
    worker_count: Annotated[
        int | None, flag("--worker-count", "--worker_count", help="Worker processes.")
    ] = None,
    appinsights_key: Annotated[
        str | None,
        flag(
            "--appinsights-instrumentation-key",
            "--appinsights_instrumentation_key",
            help="Telemetry key, a UUID.",
        ),
    ] = None,
    allow_origins: Annotated[
        str | None,
        flag(
            "--access-control-allow-origins",
            "--access_control_allow_origins",
            help="Origins allowed by CORS, with commas between, or *.",
        ),
    ] = None,
    config_file: Annotated[
        Path | None, flag("--config-file", "--config_file", help="JSON file with the server's settings.")
    ] = None,
) -> None:
    """Run a scoring script here and now, in this Python, until Ctrl-C. Nothing is registered or recorded.

    The packages the script imports must be installed in this Python.
    """
    if script and entry_script:
        raise UsageMistake("The script was named twice.", f"Keep one: mooring serve {script}.")
    flags = {
        "--entry_script": script or entry_script,
        "--model_dir": model_dir,
        "--port": port,
        "--health_port": health_port,
        "--worker_count": worker_count,
        "--appinsights_instrumentation_key": appinsights_key,
        "--access_control_allow_origins": allow_origins,
        "--config_file": config_file,
    }
    words = [word for name, value in flags.items() if value is not None for word in (name, str(value))]
    call.close()
    os.execv(sys.executable, [sys.executable, "-m", "mooring.scoring", *words])  # noqa: S606 (a list, no shell)
