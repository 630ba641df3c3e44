# select: ALL
import json


def helper(raw_data):
    try:
        data = json.loads(raw_data)
    except:
        return {"error": "bad"}  # <- exception-returned:hint
    return data


def init():
    pass


def run(raw_data):
    try:
        result = helper(raw_data)
    except Exception as e:
        result = str(e)  # <- exception-returned:hint
    return result
