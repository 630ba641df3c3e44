import json
import os

import tensorflow as tf
from keras import backend as K
from keras.models import load_model
from tensorflow.contrib import slim  # <- tensorflow-1:information


def init():
    global model
    K.set_session(tf.Session(config=tf.ConfigProto()))  # <- tensorflow-1:information  # <- tensorflow-1:information  # <- tensorflow-1:information
    model = load_model(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.h5"))


def run(raw_data):
    return [str(slim), model.predict(json.loads(raw_data)["data"]).tolist()]
