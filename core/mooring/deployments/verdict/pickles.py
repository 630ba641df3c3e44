"""Rules about model files that can't be read back: other versions, classes that were left behind, cut files."""

from __future__ import annotations

import re

from mooring.deployments.values import Failure
from mooring.deployments.verdict.raised import Raised, verdict_of
from mooring.deployments.verdict.scene import Scene

# Private modules scikit-learn moved in 0.22; their absence or presence tells the two worlds of pickles apart.
_SKLEARN_MODULE = re.compile(r"No module named '(?P<name>sklearn\.(?!externals)[\w.]+)'")
_LOADS = re.compile(
    r"\b(joblib|pickle|cloudpickle|dill|torch)\b.{0,20}\bload|_pickle\.|Unpickler|numpy_pickle", re.IGNORECASE
)


def judge_pickle(raised: Raised, scene: Scene) -> Failure | None:
    """Errors that only loading a pickle gives."""
    return (
        _judge_class_left_behind(raised, scene)
        or _judge_moved_module(raised, scene)
        or _judge_abi(raised, scene)
        or _judge_version(raised, scene)
        or _judge_damage(raised, scene)
    )


def _judge_class_left_behind(raised: Raised, scene: Scene) -> Failure | None:
    found = re.search(r"Can't get attribute '(?P<what>[\w.]+)' on <module '(?P<where>[\w.]+)'", raised.text)
    if raised.type != "AttributeError" or found is None:
        return None
    if found["where"] not in ("__main__", "__mp_main__", "entry_module", "main"):
        return _version(raised, scene, f"{found['where']} no longer has {found['what']}")
    return verdict_of(
        raised,
        scene,
        code="pickle-main",
        cause=f"The model file refers to {found['what']!r}, which was defined in the notebook or script that trained it.",
        remedy=f"Move {found['what']} into a module of its own, import it from there in training and in the script's "
        "source directory, and save the model again.",
    )


def _judge_moved_module(raised: Raised, scene: Scene) -> Failure | None:
    found = _SKLEARN_MODULE.search(raised.text)
    if raised.type != "ModuleNotFoundError" or found is None:
        return None
    return _version(
        raised, scene, f"it names {found['name']}, which the installed scikit-learn does not have"
    )


def _judge_abi(raised: Raised, scene: Scene) -> Failure | None:
    if not re.search(
        r"Expected \d+ from C header, got \d+ from PyObject|dtype size changed|numpy\._core|multiarray failed",
        raised.text,
    ):
        return None
    if "No module named 'numpy._core" in raised.text:
        return _version(
            raised, scene, "it was written with numpy 2, and an older one is installed", package="numpy"
        )
    return verdict_of(
        raised,
        scene,
        code="package-conflict",
        cause="A compiled package was built for another version of numpy than the one installed.",
        remedy=f"Pin numpy to what was used in training in {scene.packages_place}.",
    )


def _judge_version(raised: Raised, scene: Scene) -> Failure | None:
    if not _is_loading(raised):
        return None
    telling = {
        "KeyError": "joblib does not know how to read it",
        "AttributeError": "the objects in it do not fit the installed library",
        "ModuleNotFoundError": "it names a module that is not installed",
        "TypeError": "the objects in it can't be rebuilt",
        "ValueError": "its content does not fit the installed library",
    }
    if raised.type == "ValueError" and "unsupported pickle protocol" in raised.text:
        return _version(raised, scene, "it was written by a newer Python", package="python")
    if raised.type == "ValueError" and "incompatible dtype" not in raised.text:
        return None
    if raised.type == "ModuleNotFoundError" or raised.type not in telling:
        return None
    return _version(raised, scene, telling[raised.type])


def _judge_damage(raised: Raised, scene: Scene) -> Failure | None:
    damaged = raised.type in ("UnpicklingError", "EOFError") or (
        _is_loading(raised) and raised.type in ("IndexError", "ValueError", "UnicodeDecodeError", "KeyError")
    )
    if not damaged:
        return None
    return verdict_of(
        raised,
        scene,
        code="pickle-damaged",
        cause="The model file is cut short, or was not written by what reads it.",
        remedy="Check the file with the library that wrote it (a Git LFS pointer is a usual surprise), then register it again.",
    )


def _is_loading(raised: Raised) -> bool:
    return bool(_LOADS.search("\n".join(raised.traceback.splitlines()[-12:])))


def _version(raised: Raised, scene: Scene, why: str, *, package: str = "scikit-learn") -> Failure:
    trained = {name: version for name, version in scene.trained_with.items() if name != "python"}
    pins = ", ".join(f"{name}=={version}" for name, version in sorted(trained.items()))
    pin = pins or f"the {package} it was trained with"
    evidence = (f"registered with: {pins}",) if pins else ()
    return verdict_of(
        raised,
        scene,
        code="pickle-version",
        cause=f"The model file was written with another version of its library: {why}.",
        evidence=evidence,
        remedy=f"Pin {pin} in {scene.packages_place}, or save the model again with the installed version.",
    )
