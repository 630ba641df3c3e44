from flask import jsonify


def init():
    pass


def run(raw_data):
    response = jsonify({"ok": True})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
