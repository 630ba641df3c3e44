import json, os, lightgbm as lgb


def init():
    global bst
    bst = lgb.Booster(model_file=os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.txt"))


def run(raw):
    return bst.predict(json.loads(raw)["data"])  # <- return-not-json:error
