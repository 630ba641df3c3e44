"""Which plan fits a script: looked at once, between import and `init()`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from types import ModuleType

from mooring.scoring.contract.declared import find_registry, read_declared
from mooring.scoring.contract.plans import RunPlan, SchemaPlan, TextPlan
from mooring.scoring.contract.replies import Replies
from mooring.scoring.contract.script import Script
from mooring.scoring.contract.signatures import RunFunction
from mooring.scoring.contract.typed import make_typed_plan

__all__ = ["make_plan", "prepare_process"]

logger = logging.getLogger("azmlinfsrv")

# Modules whose `rawhttp` decorator leaves its mark in a flag of this name: ours and, where installed, the real ones.
_RAW_FLAG = "_rawHttpRequested"
_RAW_MODULES = (
    "mooring.scoring.contract.rawhttp",
    "azureml_inference_server_http.api.aml_request",
    "azureml.contrib.services.aml_request",
)


def prepare_process(app_root: Path) -> None:
    """Make the process what a container gave the script: working directory, no mark left by an earlier script."""
    if app_root.is_dir():
        os.chdir(app_root)
    for name in _RAW_MODULES:
        module = sys.modules.get(name)
        if module is not None and hasattr(module, _RAW_FLAG):
            setattr(module, _RAW_FLAG, False)
    if not os.environ.get("AZUREML_MODEL_DIR"):
        logger.info("AZUREML_MODEL_DIR is not set: no model was given to this service.")


def make_plan(script: Script) -> RunPlan:
    """The plan for a script's `run`; raises `BootError` for what can not be served."""
    run = RunFunction(script.run)
    replies = Replies(f"{run.path or script.path}:{run.line or 1}")
    is_decorated = find_registry(run.function) is not None
    if any(getattr(sys.modules.get(name), _RAW_FLAG, False) for name in _RAW_MODULES):
        if is_decorated:
            raise run.error("run() cannot be decorated with both @rawhttp and @input_schema")
        from mooring.scoring.contract.rawhttp.plan import RawPlan

        logger.info("run() is decorated with @rawhttp. Server will invoke it with the request object.")
        return RawPlan(run, replies)
    plan = _plan_without_request(run, replies, is_decorated)
    if _names_flask(script.module):
        from mooring.scoring.contract.rawhttp.werkzeug_objects import in_application

        plan.call = in_application(run.function, run.is_async)
    return plan


def _plan_without_request(run: RunFunction, replies: Replies, is_decorated: bool) -> RunPlan:
    if is_decorated:
        names = ", ".join(parameter.name for parameter in run.parameters)
        text = (
            "run() is decorated with @input_schema. Server will invoke it with the following arguments: %s."
        )
        logger.info(text, names)
        return SchemaPlan(run, replies, read_declared(run.function))
    typed = make_typed_plan(run, replies)
    if typed is not None:
        logger.info("run() has typed parameters. Server will validate the input against them.")
        return typed
    logger.info("run() is not decorated. Server will invoke it with the input in JSON string.")
    return TextPlan(run, replies)


def _names_flask(module: ModuleType) -> bool:
    """Whether a script imported something of Flask: `jsonify` and its like need a context around them."""
    origins = (
        getattr(value, "__module__", None) or getattr(value, "__name__", "")
        for value in vars(module).values()
    )
    return any(isinstance(origin, str) and origin.partition(".")[0] == "flask" for origin in origins)
