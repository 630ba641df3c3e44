# packages: scikit-learn==0.20.3
import sklearn.externals.joblib as joblib  # <- sklearn-externals:hint


def init():
    print(joblib)


def run(raw_data):
    return raw_data
