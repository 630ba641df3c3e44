import json
import os

import numpy as np
import tensorflow as tf

if tf.__version__.startswith("1."):
    Session = tf.Session
else:
    Session = tf.compat.v1.Session


def init():
    global model
    model = tf.keras.models.load_model(os.path.join(os.environ["AZUREML_MODEL_DIR"], "net"))


def run(raw_data):
    rows = np.array(json.loads(raw_data)["data"], dtype=np.float32)
    return model.predict(rows).tolist()
