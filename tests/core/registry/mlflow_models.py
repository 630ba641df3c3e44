"""Runs where MLflow is installed: logs models with it, registers them by address, prints what the registry knows."""

import json
import sys
from pathlib import Path

import mlflow
import numpy as np
from sklearn.linear_model import Ridge

from mooring.database import open_database
from mooring.errors import MooringError
from mooring.registry import ModelRegistry, open_artifacts


def describe(version):
    facts = dict(vars(version))
    facts["created_time"] = version.created_time.isoformat()
    facts["manifest"] = [entry.path for entry in version.manifest]
    return facts


def refusal(registry, uri):
    try:
        return describe(registry.register(uri, "m"))
    except MooringError as error:
        return error.to_dict()


def main():
    home = Path(sys.argv[1])
    mlflow.set_tracking_uri(f"sqlite:///{home}/mlflow.db")
    mlflow.set_experiment("diabetes study")
    rows = np.arange(12.0).reshape(4, 3)
    with mlflow.start_run() as run:
        mlflow.log_dict({"coefficients": [1, 2]}, "extra/plain.json")
        logged = mlflow.sklearn.log_model(
            Ridge().fit(rows, rows[:, 0]), name="ridge", input_example=rows[:1], registered_model_name="known"
        )
    database = open_database(f"sqlite:///{home}/registry.db")
    registry = ModelRegistry(
        database.models, open_artifacts("", default=home / "artifacts", cache=home / "cache")
    )
    run_id = run.info.run_id
    answers = {"run_id": run_id, "model_id": logged.model_id}
    for title, uri, facts in (
        ("run", f"runs:/{run_id}/ridge", {}),
        ("logged", f"models:/{logged.model_id}", {}),
        ("named", "models:/known/1", {"framework": "Custom", "tags": {"t": "1"}, "properties": {"p": "1"}}),
        ("plain", f"runs:/{run_id}/extra/plain.json", {}),
    ):
        answers[title] = describe(registry.register(uri, title, **facts))
    for title, uri in (("no run", "runs:/none/ridge"), ("no model", "models:/none/1")):
        answers[title] = refusal(registry, uri)
    database.close()
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
