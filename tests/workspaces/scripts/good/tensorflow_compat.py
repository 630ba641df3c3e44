import json
import os

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def init():
    global X, output, sess
    tf.reset_default_graph()
    root = os.getenv("AZUREML_MODEL_DIR")
    saver = tf.train.import_meta_graph(os.path.join(root, "mnist-tf.model.meta"))
    X = tf.get_default_graph().get_tensor_by_name("network/X:0")
    output = tf.get_default_graph().get_tensor_by_name("network/output/MatMul:0")
    sess = tf.Session()
    saver.restore(sess, os.path.join(root, "mnist-tf.model"))


def run(raw_data):
    data = np.array(json.loads(raw_data)["data"])
    out = output.eval(session=sess, feed_dict={X: data})
    y_hat = np.argmax(out, axis=1)
    return y_hat.tolist()
