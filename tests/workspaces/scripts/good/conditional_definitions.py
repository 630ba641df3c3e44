import os

if os.name == "nt":
    def load(path):
        return open(path, "rb").read()
else:
    def load(path):
        with open(path, "rb") as file:
            return file.read()

try:
    unicode
except NameError:
    unicode = str

try:
    import fastjson as json
except ImportError:
    import json

if os.environ.get("FAST"):
    def init():
        pass
else:
    def init():
        print("slow")


def run(raw_data):
    return {"size": len(unicode(raw_data)), "data": json.loads(raw_data)}
