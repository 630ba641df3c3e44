import json, os, joblib


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(data):
    for key, value in data.items():  # <- body-not-parsed:error
        print(key, value)
    return model.predict([list(data.values())]).tolist()
