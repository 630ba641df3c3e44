# packages: tensorflow==2.4.0
import json
import os

import numpy as np
import tensorflow as tf


def init():
    global X, output, sess
    tf.reset_default_graph()  # <- tensorflow-1:warning
    root = os.getenv("AZUREML_MODEL_DIR")
    saver = tf.train.import_meta_graph(os.path.join(root, "m.meta"))  # <- tensorflow-1:warning
    X = tf.get_default_graph().get_tensor_by_name("X:0")  # <- tensorflow-1:warning
    sess = tf.Session()  # <- tensorflow-1:warning
    saver.restore(sess, os.path.join(root, "m"))


def run(raw_data):
    return np.argmax(sess.run(X, {X: json.loads(raw_data)["data"]}), axis=1).tolist()
