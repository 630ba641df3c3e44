import json


def init():
    print "loading"  # <- entry-script-syntax:error


def run(raw_data):
    return json.loads(raw_data)
