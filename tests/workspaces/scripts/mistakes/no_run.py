# <- run-missing:error
import json


def init():
    pass


def score(raw_data):
    return json.loads(raw_data)
