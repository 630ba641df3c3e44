import json
import logging
import os
import sys
import time
import traceback

logging.basicConfig(stream=sys.stdout, level=logging.INFO)


def init():
    global started
    started = time.strftime("%H:%M:%S")
    with open(os.path.join(os.getcwd(), "init.log"), "w") as log:
        log.write(started)


def run(raw_data):
    try:
        info = {"input": raw_data, "output": [1]}
        print(json.dumps(info))
        return [1]
    except Exception:
        logging.error(traceback.format_exc())
        raise
