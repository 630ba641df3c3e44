import json

get_ipython().run_line_magic("matplotlib", "inline")  # <- undefined-name:error


def init():
    pass


def run(raw_data):
    return json.loads(raw_data)
