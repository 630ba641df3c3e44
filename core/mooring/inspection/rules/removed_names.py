"""Names that the usual packages have dropped, with the version that did, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Removed:
    """One name that is gone.

    Attributes:
        since: Version of the distribution that no longer has it.
        instead: What to write, for the remedy.
        rename: What the last part of the name may simply be replaced with; empty when it is not so simple.
        until: Version that has it again, with another meaning; empty for never.
    """

    since: str
    instead: str
    rename: str = ""
    until: str = ""


_BUILTIN = {
    name: Removed("1.24", f"Write `{name}`.", name) for name in ("float", "int", "complex", "object", "str")
}
NUMPY: dict[str, Removed] = {
    **{f"numpy.{name}": removed for name, removed in _BUILTIN.items()},
    "numpy.bool": Removed("1.24", "Write `bool`.", "bool", until="2.0"),
    "numpy.unicode": Removed("1.24", "Write `str`.", "str"),
    "numpy.long": Removed("1.24", "Write `int`.", "int", until="2.0"),
    "numpy.asscalar": Removed("1.23", "Call `.item()` on the array."),
    "numpy.rank": Removed("1.18", "Write `np.ndim`."),
    **{
        f"numpy.{old}": Removed("2.0", f"Write `np.{new}`.", f"np.{new}")
        for old, new in {
            "float_": "float64", "complex_": "complex128", "unicode_": "str_", "string_": "bytes_", "Inf": "inf",
            "Infinity": "inf", "infty": "inf", "NaN": "nan", "NAN": "nan", "product": "prod", "cumproduct": "cumprod",
            "alltrue": "all", "sometrue": "any", "row_stack": "vstack",
        }.items()
    },
}  # fmt: skip
PANDAS: dict[str, Removed] = {
    "pandas.Panel": Removed("1.0", "Use a DataFrame with a MultiIndex."),
    "pandas.datetime": Removed("2.0", "Import datetime from the standard library."),
    "pandas.np": Removed("2.0", "Import numpy itself."),
    "pandas.Int64Index": Removed("2.0", "Write `pd.Index`."),
    "pandas.Float64Index": Removed("2.0", "Write `pd.Index`."),
    "pandas.io.json.json_normalize": Removed("2.0", "Write `pd.json_normalize`."),
    "pandas.util.testing": Removed("2.0", "Import pandas.testing."),
}
PILLOW: dict[str, Removed] = {
    "PIL.Image.ANTIALIAS": Removed("10.0", "Write `Image.LANCZOS`, the same filter.", "LANCZOS"),
    "PIL.Image.LINEAR": Removed("10.0", "Write `Image.BILINEAR`, the same filter.", "BILINEAR"),
    "PIL.Image.CUBIC": Removed("10.0", "Write `Image.BICUBIC`, the same filter.", "BICUBIC"),
}
_TF1_NAMES = (
    "Session", "InteractiveSession", "placeholder", "placeholder_with_default", "GraphDef", "ConfigProto", "GPUOptions",
    "get_default_graph", "reset_default_graph", "get_default_session", "global_variables_initializer",
    "local_variables_initializer", "initialize_all_variables", "tables_initializer", "import_graph_def",
    "variable_scope", "get_variable", "get_variable_scope", "get_collection", "trainable_variables", "layers",
    "set_random_seed", "python_io", "app", "flags", "logging", "train.Saver", "train.import_meta_graph",
    "train.AdamOptimizer", "train.GradientDescentOptimizer", "train.write_graph", "train.get_or_create_global_step",
    "summary.FileWriter", "summary.merge_all", "saved_model.loader", "saved_model.tag_constants",
    "saved_model.signature_constants", "saved_model.simple_save", "saved_model.builder", "nn.rnn_cell", "gfile", "assign",
    "to_float", "to_int32", "to_int64", "log", "ceil", "string_to_number", "decode_raw", "read_file", "RunOptions",
    "RunMetadata", "resource_loader", "MetaGraphDef", "NodeDef", "Print", "mod", "verify_tensor_all_finite", "metrics",
    "keras.backend.get_session", "keras.backend.set_session", "image.resize_images", "image.resize_bilinear",
    "graph_util.convert_variables_to_constants", "disable_v2_behavior", "disable_eager_execution", "enable_eager_execution",
)  # fmt: skip
TENSORFLOW: dict[str, Removed] = {
    **{f"tensorflow.{name}": Removed("2.0", f"Write `tf.compat.v1.{name}`.") for name in _TF1_NAMES},
    "tensorflow.contrib": Removed("2.0", "Look for its part in tf.keras, TensorFlow Addons or tf_slim."),
    "keras.backend.get_session": Removed("2.0", "Write `tf.compat.v1.keras.backend.get_session`."),
    "keras.backend.set_session": Removed("2.0", "Write `tf.compat.v1.keras.backend.set_session`."),
    "keras.backend.tensorflow_backend": Removed("2.0", "Import tensorflow.compat.v1.keras.backend."),
}
SKLEARN: dict[str, Removed] = {
    "sklearn.cross_validation": Removed("0.20", "Import sklearn.model_selection."),
    "sklearn.grid_search": Removed("0.20", "Import sklearn.model_selection."),
    "sklearn.learning_curve": Removed("0.20", "Import sklearn.model_selection."),
    "sklearn.preprocessing.Imputer": Removed("0.22", "Use sklearn.impute.SimpleImputer."),
    "sklearn.preprocessing.imputation": Removed("0.22", "Use sklearn.impute."),
    "sklearn.externals.six": Removed("0.23", "Import six itself."),
    "sklearn.utils.linear_assignment_": Removed("0.23", "Use scipy.optimize.linear_sum_assignment."),
    "sklearn.datasets.load_boston": Removed("1.2", "Use another data set."),
    "sklearn.metrics.plot_confusion_matrix": Removed("1.2", "Use ConfusionMatrixDisplay."),
    "sklearn.metrics.plot_roc_curve": Removed("1.2", "Use RocCurveDisplay."),
}
SCIPY: dict[str, Removed] = {
    "scipy.misc.imread": Removed("1.2", "Use imageio or Pillow."),
    "scipy.misc.imresize": Removed("1.3", "Use Pillow's Image.resize."),
    "scipy.misc.imsave": Removed("1.2", "Use imageio or Pillow."),
    "scipy.misc.toimage": Removed("1.2", "Use Pillow's Image.fromarray."),
    "scipy.misc.logsumexp": Removed("1.3", "Use scipy.special.logsumexp."),
    "scipy.misc.comb": Removed("1.3", "Use scipy.special.comb."),
    "scipy.misc.factorial": Removed("1.3", "Use scipy.special.factorial."),
}
PYTHON: dict[str, Removed] = {
    "time.clock": Removed("3.8", "Write `time.perf_counter()`.", "perf_counter"),
    **{
        f"collections.{name}": Removed("3.10", f"Import {name} from collections.abc.")
        for name in ("Mapping", "MutableMapping", "Sequence", "MutableSequence", "Iterable", "Iterator", "Callable", "Set",
                     "Hashable", "Sized", "Container", "Generator")
    },
    "inspect.getargspec": Removed("3.11", "Write `inspect.getfullargspec`.", "getfullargspec"),
    "imp": Removed("3.12", "Use importlib."),
    "distutils": Removed("3.12", "Use shutil, sysconfig or packaging."),
    "asyncio.coroutine": Removed("3.11", "Write `async def`."),
}  # fmt: skip
