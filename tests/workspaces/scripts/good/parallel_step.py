import argparse

import pandas as pd
from azureml.core import Run  # the run of a pipeline's parallel step


def init():
    global options
    print(Run)
    parser = argparse.ArgumentParser()
    parser.add_argument("--output")
    options, _ = parser.parse_known_args()


def run(mini_batch):
    rows = [pd.read_csv(path).shape[0] for path in mini_batch]
    return pd.DataFrame({"rows": rows})
