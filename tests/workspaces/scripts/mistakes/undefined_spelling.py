import json


def init():
    global threshold
    threshold = 0.5


def run(raw_data):
    try:
        values = json.loads(raw_data)["data"]
        return [value > treshold for value in values]  # <- undefined-name:error
    except:
        return "failed"
