"""The tutorials run from top to bottom, in a real kernel, and are kept without output."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SHOWN = {
    "azureml-v1-register-deploy-consume": [
        "Healthy",
        "Succeeded",
        "['diabetes:2']",
        "using var client",
        "0.5, 1.0",
    ],
    "car-prices-designer-as-code": [
        "R² 0.9",
        "saved as model.pkl",
        "Healthy in",
        "price",
        "Webservice <b>car-price</b>",
    ],
    "first-service": ["[10.0, 20.0, 30.0]"],
}


def by_name(path):
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
@pytest.mark.filterwarnings("default")
def test_a_tutorial_runs_and_answers(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()

    shown = "\n".join(str(output) for cell in notebook.cells for output in cell.get("outputs", []))
    assert "Traceback" not in shown
    assert "Error:" not in shown
    assert [text for text in SHOWN[path.stem] if text not in shown] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=by_name)
def test_a_tutorial_is_kept_without_output(path):
    notebook = nbformat.read(path, as_version=4)

    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
