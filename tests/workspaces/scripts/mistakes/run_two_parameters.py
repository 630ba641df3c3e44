import json


def init():
    pass


def run(data, method):  # <- run-parameters:error
    return [json.loads(data), method]
