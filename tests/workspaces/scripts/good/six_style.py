import json
import sys

if sys.version_info[0] < 3:
    text_type = unicode
    import cPickle as pickle
else:
    text_type = str
    import pickle


def init():
    global loaded
    loaded = pickle.dumps(1)


def run(raw_data):
    return text_type(json.loads(raw_data))
