"""Registering what MLflow made: `runs:/<run>/<path>`, `models:/<name>/<version>`, `models:/m-<id>`.

MLflow's own library fetches the files; its `MLmodel` file, which describes a model in YAML, says the rest.

Source: MLflow's documented URIs and model format, read from models that MLflow 3.17 wrote.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mooring.errors import MooringError

_SCHEMES = ("runs:/", "models:/", "mlflow-artifacts:/")

_FRAMEWORKS = {
    "sklearn": "ScikitLearn",
    "onnx": "Onnx",
    "pytorch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "TfKeras",
}

_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)\s*")


@dataclass(eq=False)
class MlflowMissing(MooringError):
    """The library that can read the address is not installed."""

    code = "mlflow-missing"
    uri: str

    @property
    def problem(self) -> str:
        """The address."""
        return f"{self.uri!r} is an address of MLflow, which is not installed in this Python."

    @property
    def remedy(self) -> str:
        """Install it."""
        return "Install it with `pip install mlflow`, or download the model and register its folder."


@dataclass(eq=False)
class MlflowFailed(MooringError):
    """MLflow can't give what the address names."""

    code = "mlflow-failed"
    uri: str
    reason: str

    @property
    def problem(self) -> str:
        """The address, and MLflow's reason."""
        return f"MLflow can't fetch {self.uri!r}: {self.reason}."

    @property
    def remedy(self) -> str:
        """What to look at."""
        return "Check the address, and that MLFLOW_TRACKING_URI names the server that has it."


@dataclass(frozen=True)
class Origin:
    """What MLflow knows about a model; whatever it does not know is None or empty.

    Attributes:
        path: Its files, for as long as the context lasts.
        python_version: Major and minor, of the Python that made it.
        packages: Pinned in its requirements.
        properties: `mlflow.uri`, `mlflow.model_id`, `mlflow.flavor`, `mlflow.signature`.
    """

    path: Path
    run_id: str | None = None
    experiment_name: str | None = None
    framework: str | None = None
    framework_version: str | None = None
    sample_input: Any = None
    python_version: str | None = None
    packages: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])


def is_mlflow_uri(path: object) -> bool:
    """Whether a path is an address of MLflow rather than a file."""
    return isinstance(path, str) and path.startswith(_SCHEMES)


@contextmanager
def fetched(uri: str) -> Generator[Origin]:
    """The files at `uri` in a temporary folder, and what MLflow knows about them.

    Raises:
        MlflowMissing, MlflowFailed: See there.
    """
    try:
        import mlflow
    except ImportError as error:
        raise MlflowMissing(uri) from error
    with tempfile.TemporaryDirectory(prefix="mooring-mlflow-") as folder:
        # A model's files arrive in this folder itself, a run's below it under their own name.
        target = Path(folder, "model")
        try:
            path = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=str(target)))
        except Exception as error:  # stores, clouds and HTTP each have exceptions of their own
            raise MlflowFailed(
                uri, str(error).strip().splitlines()[0].rstrip(".") or type(error).__name__
            ) from error
        yield _read_origin(mlflow, uri, path)


def completed(facts: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """What the user said, and MLflow's word where the user said nothing."""
    said = {key: value for key, value in facts.items() if value is not None}
    known = {
        "run_id": origin.run_id,
        "experiment_name": origin.experiment_name,
        "sample_input": origin.sample_input,
        "python_version": origin.python_version,
        "packages": origin.packages or None,
    }
    if "framework" not in said:
        known |= {"framework": origin.framework, "framework_version": origin.framework_version}
    return {**facts, **known, **said, "properties": {**origin.properties, **facts["properties"]}}


def _read_origin(mlflow: Any, uri: str, path: Path) -> Origin:
    described = _read_description(path)
    flavors: dict[str, Any] = described.get("flavors") or {}
    flavor = next((name for name in flavors if name != "python_function"), None)
    run_id = described.get("run_id") or _run_in(uri)
    python = str(flavors.get("python_function", {}).get("python_version") or "")
    signature = described.get("signature")
    facts = {
        "mlflow.uri": uri,
        "mlflow.model_id": described.get("model_id"),
        "mlflow.flavor": flavor,
        "mlflow.signature": json.dumps(signature) if signature else None,
    }
    return Origin(
        path=path,
        run_id=run_id,
        experiment_name=_find_experiment(mlflow, run_id),
        framework=_FRAMEWORKS.get(flavor or "", "Custom" if flavors else None),
        framework_version=_flavor_version(flavors.get(flavor or "", {})),
        sample_input=_read_example(path, described),
        python_version=".".join(python.split(".")[:2]) or None,
        packages=_read_pins(path),
        properties={key: str(value) for key, value in facts.items() if value},
    )


def _read_description(path: Path) -> dict[str, Any]:
    import yaml

    with suppress(OSError, yaml.YAMLError):
        described = yaml.safe_load((path / "MLmodel").read_text(encoding="utf-8"))
        if isinstance(described, dict):
            return described
    return {}  # a file or folder that is no MLflow model


def _flavor_version(flavor: dict[str, Any]) -> str | None:
    versions = [str(value) for key, value in flavor.items() if key.endswith("_version")]
    return versions[0] if len(versions) == 1 else None


def _read_example(path: Path, described: dict[str, Any]) -> Any:
    """The example as a scoring request has it, or as it was given."""
    info = described.get("saved_input_example_info") or {}
    for key in ("serving_input_path", "artifact_path"):
        if isinstance(info.get(key), str):
            with suppress(OSError, ValueError):
                return json.loads((path / info[key]).read_text(encoding="utf-8"))
    return None


def _read_pins(path: Path) -> dict[str, str]:
    try:
        lines = (path / "requirements.txt").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {pin[1]: pin[2] for line in lines if (pin := _PIN.match(line))}


def _run_in(uri: str) -> str | None:
    return uri.removeprefix("runs:/").split("/")[0] if uri.startswith("runs:/") else None


def _find_experiment(mlflow: Any, run_id: str | None) -> str | None:
    """None when the run is gone, or kept on a server that this MLflow is not told about."""
    if not run_id:
        return None
    try:
        client = mlflow.MlflowClient()
        return str(client.get_experiment(client.get_run(run_id).info.experiment_id).name)
    except Exception:  # noqa: BLE001 (the files are here; a missing name is no reason to refuse them)
        return None
