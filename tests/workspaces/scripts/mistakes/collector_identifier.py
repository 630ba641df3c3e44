import json

from azureml.monitoring import ModelDataCollector


def init():
    global inputs_dc
    inputs_dc = ModelDataCollector("m", identifier="inputs", feature_names=["a"])  # <- collector-identifier:warning


def run(raw_data):
    inputs_dc.collect(json.loads(raw_data)["data"])
    return "ok"
