# <- init-missing:error
import json


def initialize():
    pass


def run(raw_data):
    return json.loads(raw_data)
