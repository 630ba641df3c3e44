"""Kinds of values, and the calls and methods that are known to give them."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """What a value is."""

    UNKNOWN = "unknown"
    ARRAY = "a NumPy array"
    PREDICTED = "what predict() returns, usually a NumPy array"
    INTEGER_ARRAY = "a NumPy array of integers"
    NUMPY_INTEGER = "a NumPy integer"
    INTEGER_ITEMS = "a list of NumPy integers"
    NUMPY_ITEM = "one item of an array"
    ITEMS = "a list of an array's items"
    FRAME = "a pandas object"
    OUTPUTS = "a list of NumPy arrays"
    TENSOR = "a tensor"
    TEXT = "text"
    JSON_TEXT = "JSON text"
    SET = "a set"
    BYTES = "bytes"
    MOMENT = "a date or time"
    OBJECT = "a Python object"
    ITERATOR = "an iterator"
    COROUTINE = "a coroutine that nothing awaits"
    PLAIN = "plain"


CERTAIN = frozenset(
    (
        Kind.ARRAY, Kind.INTEGER_ARRAY, Kind.NUMPY_INTEGER, Kind.INTEGER_ITEMS, Kind.FRAME, Kind.SET, Kind.BYTES, Kind.MOMENT,
        Kind.OBJECT, Kind.ITERATOR, Kind.COROUTINE, Kind.TENSOR,
    )
)  # fmt: skip
NOT_JSON = CERTAIN | {Kind.PREDICTED, Kind.OUTPUTS}
ARRAY_LIKE = frozenset((Kind.ARRAY, Kind.INTEGER_ARRAY, Kind.PREDICTED))

ARRAY_MAKERS = frozenset(
    f"numpy.{name}"
    for name in (
        "array", "asarray", "zeros", "ones", "empty", "full", "arange", "linspace", "concatenate", "stack", "vstack", "hstack",
        "squeeze", "reshape", "expand_dims", "where", "argsort", "sort", "unique", "zeros_like", "ones_like", "eye",
        "atleast_1d", "atleast_2d", "ravel", "transpose", "tile", "repeat", "append", "column_stack", "flip", "frombuffer",
    )
)  # fmt: skip
KEEPS_ARRAY = {
    "round",
    "exp",
    "log",
    "sqrt",
    "abs",
    "clip",
    "around",
    "rint",
    "expm1",
    "log1p",
    "power",
    "argmax",
    "argmin",
}
FRAME_MAKERS = ("pandas.DataFrame", "pandas.Series", "pandas.read_csv", "pandas.read_json", "pandas.concat")
PREDICTS = {
    "predict",
    "predict_proba",
    "decision_function",
    "predict_log_proba",
    "predict_on_batch",
    "inverse_transform",
}
ARRAY_METHODS = {"reshape", "flatten", "ravel", "round", "squeeze", "transpose", "copy", "clip"}
FRAME_METHODS = {
    "head", "tail", "reset_index", "fillna", "dropna", "copy", "rename", "sort_values", "astype", "round", "value_counts", "drop",
    "sort_index", "set_index", "assign", "query", "drop_duplicates", "nlargest", "nsmallest", "describe", "transpose", "abs",
}  # fmt: skip
ITERATORS = {"map", "filter", "zip", "range", "enumerate", "reversed"}
MOMENTS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.datetime.strptime",
    "datetime.datetime.fromtimestamp", "datetime.date.today", "datetime.timedelta", "pandas.Timestamp", "pandas.Timestamp.now",
    "pandas.Timestamp.utcnow", "pandas.Timestamp.today",
}  # fmt: skip
OBJECTS = {"decimal.Decimal", "uuid.uuid1", "uuid.uuid4", "pathlib.Path"}
BYTES_MAKERS = {
    "base64.b64encode", "base64.b64decode", "base64.urlsafe_b64encode", "base64.encodebytes", "pickle.dumps",
    "cloudpickle.dumps", "dill.dumps", "zlib.compress", "gzip.compress",
}  # fmt: skip
PLAIN_CALLS = {
    "float",
    "int",
    "str",
    "bool",
    "list",
    "dict",
    "len",
    "sum",
    "round",
    "sorted",
    "tuple",
    "repr",
}
