from sklearn.externals import joblib  # <- sklearn-externals:warning


def init():
    global model
    model = joblib.load("model.pkl")  # <- fixed-path:warning


def run(raw_data):
    rows = = raw_data  # <- entry-script-syntax:error
    return model.predict(rows)  # <- return-not-json:warning
