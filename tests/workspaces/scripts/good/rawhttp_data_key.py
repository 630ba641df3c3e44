from azureml_inference_server_http.api.aml_request import rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse
import json


def init():
    print("ready")


@rawhttp
def run(req):
    files = [req.files[key] for key in req.files]
    names = [file.filename for file in files]
    response = AMLResponse(json.dumps(names), 200)
    response.headers["Allow"] = "POST"
    response.mimetype = "application/json"
    return response
