import json
import os
from distutils.version import LooseVersion

import sklearn


def init():
    global model
    if LooseVersion(sklearn.__version__) < LooseVersion("0.21"):
        from sklearn.externals import joblib
    else:
        import joblib
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
