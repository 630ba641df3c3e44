import json

from azureml.core import Run, Workspace
from azureml.core.model import Model


def init():
    global model
    run = Run.get_context()  # <- workspace-in-script:information
    ws = Workspace.from_config()  # <- workspace-in-script:information
    model = Model(ws, "m")
    print(run)


def run(raw_data):
    return [str(model), json.loads(raw_data)]
