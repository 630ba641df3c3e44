import json
import os


def init():
    global model
    from sklearn.externals import joblib  # <- sklearn-externals:warning
    try:
        from sklearn.externals.joblib import load  # <- sklearn-externals:warning
        model = load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))
    except Exception as error:
        print(error, joblib)
        raise


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
