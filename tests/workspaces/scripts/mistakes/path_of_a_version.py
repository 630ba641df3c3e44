import joblib


def init():
    global model
    model_path = "azureml-models/diabetes/1/model.pkl"
    model = joblib.load(model_path)  # <- fixed-path:warning


def run(raw_data):
    return str(model)
