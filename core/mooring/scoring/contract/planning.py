"""Which plan fits a script: looked at once, between import and `init()`."""

from __future__ import annotations

import inspect
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, Callable

from mooring.scoring.contract.declared import find_registry, read_declared
from mooring.scoring.contract.failures import BootError
from mooring.scoring.contract.plans import RunPlan, SchemaPlan, TextPlan
from mooring.scoring.contract.replies import Replies
from mooring.scoring.contract.script import Script
from mooring.scoring.contract.signatures import base_function, place_of, read_signature

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["make_plan", "prepare_process"]

logger = logging.getLogger("azmlinfsrv")

# Modules whose `rawhttp` decorator leaves its mark in a flag of this name: ours and, where installed, the real ones.
_RAW_FLAG = "_rawHttpRequested"
_RAW_MODULES = (
    "mooring.scoring.contract.rawhttp",
    "azureml_inference_server_http.api.aml_request",
    "azureml.contrib.services.aml_request",
)


def prepare_process(app_root: str) -> None:
    """Make the process what a container gave the script: working directory, no mark left by an earlier script."""
    if os.path.isdir(app_root):
        os.chdir(app_root)
    for name in _RAW_MODULES:
        module = sys.modules.get(name)
        if module is not None and hasattr(module, _RAW_FLAG):
            setattr(module, _RAW_FLAG, False)
    if not os.environ.get("AZUREML_MODEL_DIR"):
        logger.info("AZUREML_MODEL_DIR is not set: no model was given to this service.")


def make_plan(script: Script, settings: ServerSettings) -> RunPlan:
    """The plan for a script's `run`; raises `BootError` for what can not be served."""
    run = script.run
    parameters, wants_headers = read_signature(run)
    path, line = place_of(run)
    replies = Replies(f"{path or script.path}:{line or 1}")
    is_decorated = find_registry(run) is not None
    is_async = _is_async(run)
    if any(getattr(sys.modules.get(name), _RAW_FLAG, False) for name in _RAW_MODULES):
        if is_decorated:
            message = "run() cannot be decorated with both @rawhttp and @input_schema"
            raise BootError("run-signature", message, path or script.path, line)
        from mooring.scoring.contract.rawhttp.plan import RawPlan

        logger.info("run() is decorated with @rawhttp. Server will invoke it with the request object.")
        return RawPlan(run, parameters, replies, is_async=is_async, wants_headers=wants_headers)
    if is_decorated:
        names = ", ".join(parameter.name for parameter in parameters)
        logger.info(
            "run() is decorated with @input_schema. Server will invoke it with the following arguments: %s.",
            names,
        )
        declared = read_declared(run)
        return SchemaPlan(
            run, parameters, replies, declared=declared, is_async=is_async, wants_headers=wants_headers
        )
    from mooring.scoring.contract.typed import make_typed_plan

    typed = make_typed_plan(run, parameters, replies, is_async=is_async, wants_headers=wants_headers)
    if typed is not None:
        logger.info("run() has typed parameters. Server will validate the input against them.")
        return typed
    logger.info("run() is not decorated. Server will invoke it with the input in JSON string.")
    return TextPlan(run, parameters, replies, is_async=is_async, wants_headers=wants_headers)


def _is_async(run: Callable[..., Any]) -> bool:
    return any(inspect.iscoroutinefunction(function) for function in (run, base_function(run)))
