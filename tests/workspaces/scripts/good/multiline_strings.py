import json

SAMPLE = """
def run():
    return undefined_name  # AZUREML_MODEL_DIRECTORY
"""


def init():
    pass


def run(raw_data):
    '''Score.

    >>> run("{}")
    '''
    return f"{SAMPLE!r:>{10}}{json.loads(raw_data)}"
