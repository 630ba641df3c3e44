import logging
import os
import pickle

import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

data_sample = PandasParameterType(pd.DataFrame({"age": pd.Series([40], dtype="int64"), "city": ["Paris"]}))
method_sample = StandardPythonParameterType("predict")
result_sample = StandardPythonParameterType({"Results": [0]})
logger = logging.getLogger(__name__)


def init():
    global model
    model_path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl")
    path = os.path.normpath(model_path)
    logger.info("loading from %s", path)
    try:
        with open(path, "rb") as file:
            model = pickle.load(file)
        logger.info("Loading successful.")
    except Exception as e:
        logger.exception(e)
        raise


@input_schema("GlobalParameters", method_sample, convert_to_provided_type=False)
@input_schema("Inputs", data_sample)
@output_schema(result_sample)
def run(Inputs, GlobalParameters="predict"):
    result = model.predict(Inputs)
    if isinstance(result, pd.DataFrame):
        result = result.values
    return {"Results": result.tolist()}
