import joblib, os, numpy as np
import inference_schema.schema_decorators as sd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType as N


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


@sd.input_schema(param_name="Inputs", param_type=N(np.array([[1.0, 2.0]])))  # <- schema-parameter:error
@sd.output_schema(N(np.array([1.0])))
def run(inputs):
    return m.predict(inputs).tolist()
