import json


def init():
    global n
    n = 1


def run(raw_data):
    data = json.loads(raw_data["data"]  # <- entry-script-syntax:error
    return data + n
