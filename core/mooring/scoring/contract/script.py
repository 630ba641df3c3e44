"""The entry script: found, imported and initialised the way v1 containers did it.

Source: azure-v1 reference, entry script contract; observed boot failures of azureml-inference-server-http 1.5.1.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import logging
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from mooring.scoring.contract.failures import BootError

__all__ = ["Script", "call_init", "import_script", "locate", "prepare_import_path"]

logger = logging.getLogger("azmlinfsrv")

MODULE_NAME = "entry_module"


class Script:
    """An imported entry script: the functions that the contract calls.

    Args:
        module: The module that was imported; it holds `init`.
        run: The function that answers, taken from `module.driver_module` when there is one.
        path: The file of `module`.
    """

    def __init__(self, module: ModuleType, run: Callable[..., Any], path: str) -> None:
        self.module = module
        self.init: Callable[[], Any] = module.init
        self.run = run
        self.path = path


def prepare_import_path(app_root: Path, source_directory: str | None, entry_script: str | None) -> None:
    """Put the user's folders first on `sys.path`: a script's `from utils import x` finds the user's `utils`."""
    folders = [app_root]
    if source_directory:
        folders.append(app_root / source_directory)
    if entry_script:
        folders.append((app_root / entry_script).parent)
    wanted: list[str] = []
    for folder in folders:
        if str(folder) not in wanted:
            wanted.append(str(folder))
    sys.path[:] = wanted + [entry for entry in sys.path if entry not in wanted]
    importlib.invalidate_caches()


def import_script(app_root: Path, entry_script: str | None) -> Script:
    """Import the entry script, or the module `main` when none is named; raises `BootError`."""
    module = _import_file(app_root / entry_script) if entry_script else _import_main(app_root)
    path = getattr(module, "__file__", None) or str(entry_script)
    for name in ("init", "run"):
        if not hasattr(module, name):
            message = f"User script at {path} does not have a {name}() function defined."
            raise BootError(f"{name}-missing", message, path, 1)
    return Script(module, _choose_run(module, path), path)


def call_init(script: Script) -> None:
    """Call `init()` once; raises `BootError`, also for `sys.exit(0)`."""
    logger.info("Invoking user's init function")
    try:
        outcome = script.init()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise _boot_error("init-raised", "init() raised", error, script.path) from error
    if inspect.iscoroutine(outcome):
        outcome.close()
        logger.warning("init() is asynchronous and is not awaited; its body has not run (%s)", script.path)
    logger.info("Users's init has completed successfully")


def locate(error: BaseException, near: str | None = None) -> tuple[str | None, int | None]:
    """The user's file and line where `error` comes from: the deepest frame beside `near`, else the deepest one."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_ours(frame.filename)]
    if not frames:
        return near, None
    folder = str(Path(near).parent) if near else None
    own = [frame for frame in frames if folder and frame.filename.startswith(folder)]
    frame = (own or frames)[-1]
    return frame.filename, frame.lineno


def _import_file(file: Path) -> ModuleType:
    path = str(file)
    if not file.is_file():
        raise BootError("script-missing", f"The entry script {path} does not exist.", path)
    spec = importlib.util.spec_from_file_location(MODULE_NAME, path)
    if spec is None or spec.loader is None:
        raise BootError("script-not-python", f"The entry script {path} is not a Python file.", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise _boot_error("import-raised", "The entry script could not be imported", error, path) from error
    return module


def _import_main(app_root: Path) -> ModuleType:
    try:
        return importlib.import_module("main")
    except ModuleNotFoundError as error:
        if error.name != "main":
            raise _boot_error("import-raised", "The entry script could not be imported", error) from error
        message = f"No score script found. Expected score script main.py in {app_root}."
        raise BootError("script-missing", message, str(app_root / "main.py")) from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise _boot_error("import-raised", "The entry script could not be imported", error) from error


def _choose_run(module: ModuleType, path: str) -> Callable[..., Any]:
    """A driver script generated by the designer holds the real one as `driver_module`; its `run` is the one to call."""
    driver = getattr(module, "driver_module", None)
    if isinstance(driver, ModuleType) and hasattr(driver, "run"):
        logger.info(
            "Found driver script at %s and the score script at %s", path, getattr(driver, "__file__", "?")
        )
        return driver.run  # type: ignore[no-any-return]
    logger.info("Found user script at %s", path)
    return module.run  # type: ignore[no-any-return]


def _boot_error(kind: str, what: str, error: BaseException, near: str | None = None) -> BootError:
    path, line = locate(error, near)
    text = "".join(traceback.format_exception(type(error), error, _user_frames(error)))
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return BootError(kind, f"{what}: {reason}", path, line, text)


def _user_frames(error: BaseException) -> Any:
    """The traceback from the first frame that is neither ours nor the import system's."""
    current = error.__traceback__
    while current is not None and _is_ours(current.tb_frame.f_code.co_filename):
        current = current.tb_next
    return current


_OURS = str(Path(__file__).absolute().parents[1]) + os.sep


def _is_ours(filename: str) -> bool:
    return filename.startswith((_OURS, "<frozen importlib"))
