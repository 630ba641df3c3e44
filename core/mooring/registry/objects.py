"""Fitted models as files: each framework's own format, with what registering wants to know about it.

No framework is imported for its own sake: an object's framework is loaded already, or there would be no object.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.errors import MooringError

_NAMES_WITHIN_PICKLES = ("__main__", "__mp_main__")


@dataclass(eq=False)
class NotAModel(MooringError):
    """An object that no framework we know made."""

    code = "not-a-model"
    kind: str

    @property
    def problem(self) -> str:
        """What it is."""
        return f"A {self.kind} is no fitted model that Mooring can save."

    @property
    def remedy(self) -> str:
        """Save it oneself."""
        return "Save it to a file yourself, and register the file."


@dataclass(eq=False)
class NotFitted(MooringError):
    """A model that has learned nothing yet."""

    code = "model-not-fitted"
    kind: str

    @property
    def problem(self) -> str:
        """What it is."""
        return f"This {self.kind} is not fitted."

    @property
    def remedy(self) -> str:
        """Fit it."""
        return "Call its fit() with training data first."


@dataclass(eq=False)
class NotPicklable(MooringError):
    """A model that can't be written to a file."""

    code = "model-not-picklable"
    kind: str
    reason: str

    @property
    def problem(self) -> str:
        """What it is, and what Python says."""
        return f"This {self.kind} can't be saved: {self.reason.rstrip('.')}."

    @property
    def remedy(self) -> str:
        """The usual cause."""
        return "Replace lambdas, open files and functions defined inside functions by functions of a module."


@dataclass(frozen=True)
class SavedObject:
    """A model that was written to a file.

    Attributes:
        path: The file.
        framework: As `Model.register` takes it.
        framework_version: The installed one.
        loading: The expression that reads it back in a script; `{path}` stands for its path.
        left_behind: Classes and functions defined in the notebook itself: another process can't read the file.
    """

    path: Path
    framework: str
    framework_version: str
    loading: str
    left_behind: tuple[str, ...] = ()


def save_object(model: Any, folder: Path) -> SavedObject:
    """Write a fitted model into a folder, in its framework's own format.

    Raises:
        NotAModel: No framework we know made it.
        NotFitted: It has learned nothing yet.
    """
    modules = {kind.__module__.partition(".")[0] for kind in type(model).__mro__}
    for name, save in _SAVERS.items():
        if name in modules:
            return save(model, folder)
    raise NotAModel(kind=type(model).__name__)


def find_left_behind(model: Any) -> tuple[str, ...]:
    """What a pickle of the object would only name, and only this process has: classes and functions of `__main__`."""
    seeker = _Seeker()
    try:
        seeker.dump(model)
    except Exception:  # noqa: BLE001 (what can't be pickled is told by whoever pickles it)
        return tuple(sorted(seeker.found))
    return tuple(sorted(seeker.found))


class _Nowhere:
    """A file that forgets what is written."""

    def write(self, data: bytes) -> int:
        """Take it."""
        return len(data)


class _Seeker(pickle.Pickler):
    """Pickles into nothing and remembers what belongs to `__main__`."""

    def __init__(self) -> None:
        super().__init__(_Nowhere())
        self.found: set[str] = set()

    def reducer_override(self, obj: Any) -> Any:
        for each in (obj, type(obj)):
            if getattr(each, "__module__", None) in _NAMES_WITHIN_PICKLES and hasattr(each, "__qualname__"):
                self.found.add(each.__qualname__)
        return NotImplemented


# ---- each framework's own way ------------------------------------------------------------------------------------------


def _save_sklearn(model: Any, folder: Path) -> SavedObject:
    import joblib
    import sklearn
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise NotFitted(kind=type(model).__name__) from error
    except TypeError as error:
        raise NotAModel(kind=type(model).__name__) from error
    path = folder / "model.pkl"
    try:
        joblib.dump(model, path)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise NotPicklable(kind=type(model).__name__, reason=str(error)) from error
    left_behind = find_left_behind(model)
    return SavedObject(path, "ScikitLearn", sklearn.__version__, "joblib.load({path})", left_behind)


def _save_xgboost(model: Any, folder: Path) -> SavedObject:
    import xgboost

    path = folder / "model.ubj"
    try:
        model.save_model(path)
    except Exception as error:
        if type(error).__name__ == "NotFittedError":
            raise NotFitted(kind=type(model).__name__) from error
        raise
    kind = type(model).__name__ if type(model).__module__.startswith("xgboost") else "Booster"
    return SavedObject(
        path, "XGBoost", xgboost.__version__, f"model = xgboost.{kind}(); model.load_model({{path}})"
    )


def _save_lightgbm(model: Any, folder: Path) -> SavedObject:
    import lightgbm

    try:
        booster = getattr(model, "booster_", model)
    except Exception as error:
        if type(error).__name__ in ("LGBMNotFittedError", "NotFittedError"):
            raise NotFitted(kind=type(model).__name__) from error
        raise
    path = folder / "model.txt"
    booster.save_model(str(path))
    return SavedObject(path, "LightGBM", lightgbm.__version__, "lightgbm.Booster(model_file={path})")


def _save_onnx(model: Any, folder: Path) -> SavedObject:
    import onnx

    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return SavedObject(path, "Onnx", onnx.__version__, "onnxruntime.InferenceSession({path})")


def _save_torch(model: Any, folder: Path) -> SavedObject:
    """A scripted module whole; of another one what it has learned: its class belongs into the script's folder."""
    import torch

    path = folder / "model.pt"
    version = str(torch.__version__)
    if isinstance(model, torch.jit.ScriptModule):
        torch.jit.save(model, str(path))
        return SavedObject(path, "PyTorch", version, "torch.jit.load({path})")
    torch.save(model.state_dict(), str(path))
    loading = f"model = {type(model).__name__}(…); model.load_state_dict(torch.load({{path}}))"
    left = (type(model).__qualname__,) if type(model).__module__ in _NAMES_WITHIN_PICKLES else ()
    return SavedObject(path, "PyTorch", version, loading, left)


def _save_keras(model: Any, folder: Path) -> SavedObject:
    import keras

    path = folder / "model.keras"
    model.save(str(path))
    return SavedObject(path, "TfKeras", str(keras.__version__), "keras.models.load_model({path})")


_SAVERS: dict[str, Callable[[Any, Path], SavedObject]] = {
    "xgboost": _save_xgboost,
    "lightgbm": _save_lightgbm,
    "keras": _save_keras,
    "torch": _save_torch,
    "onnx": _save_onnx,
    "sklearn": _save_sklearn,
}
"""In this order: XGBoost's and LightGBM's estimators are scikit-learn's, too."""
