import json


def init():
    pass


def run(raw_data):
    try:
        result = json.loads(raw_data)
    except Exception as e:
        result = None
    if result is None:
        return str(e)  # <- undefined-name:error
    return result
