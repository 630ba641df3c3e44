import json


def init()  # <- entry-script-syntax:error
    pass


def run(raw_data):
    return json.loads(raw_data)
