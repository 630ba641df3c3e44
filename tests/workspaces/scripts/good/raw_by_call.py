import json

from serving.requests import answer, enable_rawhttp


def init():
    global models
    models = json.loads("{}")
    enable_rawhttp()


def run(request):
    if request.method == "POST":
        return answer(models, request.get_data(), request.args)
    return answer(models, b"", {})
