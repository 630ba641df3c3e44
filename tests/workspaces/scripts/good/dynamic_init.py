import importlib
import json
import os


def init():
    global module
    module = importlib.import_module(os.getenv("IMPLEMENTATION", "json"))


def run(raw_data):
    return module.loads(raw_data) if module else json.loads(raw_data)
