import json, os, xgboost as xgb


def init():
    global bst
    bst = xgb.Booster()
    bst.load_model(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.json"))


def run(raw):
    preds = bst.predict(xgb.DMatrix(json.loads(raw)["data"]))
    return preds  # <- return-not-json:error
