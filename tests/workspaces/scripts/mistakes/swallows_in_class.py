import json, joblib, os, logging


class S:
    model = None
    def load(self):
        try:
            self.model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))
        except Exception:  # <- init-swallows-errors:warning
            pass
s = S()


def init():
    s.load()


def run(raw):
    return s.model.predict(json.loads(raw)).tolist()
