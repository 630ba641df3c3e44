import json


def init():
    global names
    names = ["a", "b"]


def run(raw_data):
    try:
        return [names[at] for at in json.loads(raw_data)]
    except IndexError as error:
        return {"error": str(error), "known": names if "names" in globals() else []}
