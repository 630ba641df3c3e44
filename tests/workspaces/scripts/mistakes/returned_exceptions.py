# select: ALL
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except Exception as e:
        error = str(e)
        return error  # <- exception-returned:hint
