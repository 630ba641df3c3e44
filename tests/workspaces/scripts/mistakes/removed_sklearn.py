from sklearn.cross_validation import train_test_split  # <- sklearn-removed:information
from sklearn.preprocessing import Imputer  # <- sklearn-removed:information


def init():
    print(train_test_split)


def run(raw_data):
    return str(Imputer)
