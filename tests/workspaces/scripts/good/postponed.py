import json


def init():
    load()


def run(raw_data):
    return MODEL(json.loads(raw_data))


def load():
    global MODEL
    MODEL = len
