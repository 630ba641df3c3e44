import os


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))  # <- undefined-name:error


def run(raw_data):
    data = np.array(json.loads(raw_data)["data"])  # <- undefined-name:error  # <- undefined-name:error
    return model.predict(data).tolist()
