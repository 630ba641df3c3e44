"""From the name a script imports to the distribution that has it."""

from __future__ import annotations

import sys

from packaging.utils import canonicalize_name

# Import names whose distribution is called otherwise; more than one when any of them will do.
_DIFFERING: dict[str, tuple[str, ...]] = {
    "PIL": ("pillow",),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn",),
    "cv2": (
        "opencv-python",
        "opencv-python-headless",
        "opencv-contrib-python",
        "opencv-contrib-python-headless",
    ),
    "yaml": ("pyyaml",),
    "bs4": ("beautifulsoup4",),
    "dateutil": ("python-dateutil",),
    "jwt": ("pyjwt",),
    "dotenv": ("python-dotenv",),
    "attr": ("attrs",),
    "Crypto": ("pycryptodome", "pycrypto"),
    "google.protobuf": ("protobuf",),
    "OpenSSL": ("pyopenssl",),
    "serial": ("pyserial",),
    "fitz": ("pymupdf",),
    "docx": ("python-docx",),
    "pptx": ("python-pptx",),
    "magic": ("python-magic",),
    "Levenshtein": ("levenshtein", "python-levenshtein"),
    "fuzzywuzzy": ("fuzzywuzzy",),
    "tables": ("tables",),
    "umap": ("umap-learn",),
    "hdbscan": ("hdbscan",),
    "imblearn": ("imbalanced-learn",),
    "category_encoders": ("category-encoders",),
    "sentence_transformers": ("sentence-transformers",),
    "pytorch_lightning": ("pytorch-lightning",),
    "faiss": ("faiss-cpu", "faiss-gpu"),
    "fbprophet": ("fbprophet",),
    "pmdarima": ("pmdarima",),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "MySQLdb": ("mysqlclient",),
    "onnxruntime": ("onnxruntime", "onnxruntime-gpu", "onnxruntime-openvino"),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tf-nightly"),
    "keras": ("keras", "tensorflow", "tensorflow-cpu", "tensorflow-gpu"),
    "tensorflow_hub": ("tensorflow-hub",),
    "tensorflow_text": ("tensorflow-text",),
    "torch": ("torch", "pytorch"),
    "torchvision": ("torchvision",),
    "mlflow": ("mlflow", "mlflow-skinny"),
    "applicationinsights": ("applicationinsights",),
    "opencensus": ("opencensus",),
    "pkg_resources": ("setuptools",),
    "setuptools": ("setuptools",),
    "flask": ("flask",),
    "werkzeug": ("werkzeug", "flask"),
    "rest_framework": ("djangorestframework",),
    "git": ("gitpython",),
    "slugify": ("python-slugify",),
    "telegram": ("python-telegram-bot",),
    "win32com": ("pywin32",),
    "en_core_web_sm": ("en-core-web-sm", "en-core-web-sm"),
    "azureml_user": (),
    "mpl_toolkits": ("matplotlib",),
    "pylab": ("matplotlib",),
    "nltk": ("nltk",),
    "spacy": ("spacy",),
    "face_recognition": ("face-recognition",),
    "kafka": ("kafka-python",),
    "lightning": ("lightning",),
    "snowflake": ("snowflake-connector-python",),
    "unidecode": ("unidecode",),
    "usaddress": ("usaddress",),
    "rdkit": ("rdkit", "rdkit-pypi"),
}

# What comes with a distribution that a file names, as far as that is so for all its usual versions.
_BRINGS: dict[str, tuple[str, ...]] = {
    "pandas": ("numpy", "python-dateutil", "pytz", "six"),
    "scikit-learn": ("numpy", "scipy", "joblib"),
    "scipy": ("numpy",),
    "xgboost": ("numpy", "scipy"),
    "lightgbm": ("numpy", "scipy", "scikit-learn", "joblib"),
    "catboost": ("numpy", "pandas", "scipy", "six", "matplotlib", "plotly"),
    "tensorflow": ("numpy", "keras", "six", "h5py", "protobuf", "wrapt", "requests", "setuptools"),
    "keras": ("numpy", "h5py", "scipy", "pyyaml", "six"),
    "torch": ("numpy", "setuptools"),
    "torchvision": ("numpy", "torch", "pillow"),
    "fastai": ("torch", "torchvision", "numpy", "pandas", "scipy", "scikit-learn", "joblib", "matplotlib", "pillow", "pyyaml", "requests", "spacy"),
    "transformers": ("numpy", "requests", "tqdm", "pyyaml", "regex", "packaging", "filelock", "tokenizers"),
    "sentence-transformers": ("transformers", "torch", "numpy", "scikit-learn", "scipy", "nltk", "tqdm", "joblib", "pillow", "requests", "torchvision"),
    "matplotlib": ("numpy", "pillow", "python-dateutil", "six"),
    "seaborn": ("numpy", "pandas", "scipy", "matplotlib"),
    "statsmodels": ("numpy", "scipy", "pandas", "patsy"),
    "spacy": ("numpy", "requests", "tqdm", "setuptools", "jinja2", "packaging"),
    "nltk": ("joblib", "click", "regex", "tqdm", "six"),
    "gensim": ("numpy", "scipy", "smart-open", "six", "requests"),
    "onnxruntime": ("numpy", "protobuf", "onnx"),
    "onnxmltools": ("numpy", "protobuf", "onnx"),
    "onnx": ("numpy", "protobuf", "six", "typing-extensions"),
    "scikit-image": ("numpy", "scipy", "pillow", "networkx", "imageio", "matplotlib"),
    "imbalanced-learn": ("numpy", "scipy", "scikit-learn", "joblib"),
    "opencv-python": ("numpy",),
    "opencv-python-headless": ("numpy",),
    "opencv-contrib-python": ("numpy",),
    "shap": ("numpy", "scipy", "scikit-learn", "pandas", "tqdm", "joblib", "matplotlib", "ipython"),
    "lime": ("numpy", "scipy", "scikit-learn", "joblib", "matplotlib", "scikit-image"),
    "mlflow": ("numpy", "pandas", "requests", "pyyaml", "flask", "sqlalchemy", "click", "cloudpickle", "gitpython", "protobuf", "six", "python-dateutil", "pytz", "scipy", "scikit-learn", "joblib", "matplotlib", "packaging", "jinja2"),
    "prophet": ("numpy", "pandas", "matplotlib"),
    "fbprophet": ("numpy", "pandas", "matplotlib", "pystan"),
    "flask": ("werkzeug", "jinja2", "click", "itsdangerous", "markupsafe"),
    "requests": ("urllib3", "certifi", "idna", "chardet"),
    "inference-schema": ("numpy", "pandas", "python-dateutil", "pytz", "wrapt"),
    "dask": ("numpy", "pandas", "pyyaml", "toolz", "cloudpickle"),
    "pyspark": ("py4j",),
    "umap-learn": ("numpy", "scipy", "scikit-learn", "joblib", "numba"),
    "category-encoders": ("numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "patsy", "joblib"),
    "sklearn-pandas": ("numpy", "pandas", "scipy", "scikit-learn", "joblib"),
    "librosa": ("numpy", "scipy", "scikit-learn", "joblib", "numba", "soundfile"),
    "azure-storage-blob": ("azure-core", "cryptography", "requests"),
    "nimbusml": ("numpy", "scipy", "pandas", "scikit-learn"),
    "interpret": ("numpy", "pandas", "scikit-learn", "scipy", "joblib"),
    "interpret-community": ("numpy", "pandas", "scikit-learn", "scipy", "shap", "joblib"),
    "econml": ("numpy", "pandas", "scikit-learn", "scipy", "joblib"),
    "pmdarima": ("numpy", "pandas", "scikit-learn", "scipy", "statsmodels", "joblib"),
    "sktime": ("numpy", "pandas", "scikit-learn", "scipy", "joblib"),
    "datasets": ("numpy", "pandas", "pyarrow", "requests", "tqdm"),
    "pyarrow": ("numpy",),
    "h5py": ("numpy",),
    "numba": ("numpy",),
    "textblob": ("nltk",),
    "ultralytics": ("torch", "torchvision", "numpy", "pillow", "opencv-python", "pandas", "matplotlib", "pyyaml", "requests", "scipy"),
}  # fmt: skip


def distributions_for(module: str) -> tuple[str, ...]:
    """The distributions that have a top-level module, any of them; the module's own name when nothing else is known."""
    known = _DIFFERING.get(module)
    return known if known is not None else (canonicalize_name(module),)


def modules_of(distribution: str) -> tuple[str, ...]:
    """The top-level modules that a distribution is known to have; by its own name when nothing else is known."""
    known = tuple(module for module, names in _DIFFERING.items() if distribution in names)
    return known or (distribution.replace("-", "_"),)


def is_standard(module: str) -> bool:
    """Whether a top-level module is of the standard library, of this Python or an older one."""
    return module in sys.stdlib_module_names or module in {
        "imp",
        "distutils",
        "asyncore",
        "asynchat",
        "smtpd",
        "__future__",
    }


def comes_along(wanted: str, named: frozenset[str]) -> bool:
    """Whether one of the named distributions brings another."""
    seen: set[str] = set()
    queue = list(named)
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        brought = _BRINGS.get(_plain(name), ())
        if wanted in brought:
            return True
        queue += brought
    return False


def is_known(distribution: str) -> bool:
    """Whether a distribution, and so what it brings, is known here; others may bring anything."""
    return _plain(distribution) in _BRINGS or distribution in _ALONE


def _plain(name: str) -> str:
    for known in ("tensorflow", "onnxruntime"):
        if name.startswith(f"{known}-"):
            return known
    return name


# Distributions that bring nothing a script imports.
_ALONE = frozenset(
    (
        "numpy", "joblib", "pillow", "pyyaml", "six", "pytz", "python-dateutil", "tqdm", "cloudpickle", "dill", "orjson", "ujson",
        "httptools", "uvloop", "prometheus-client", "pyjwt", "gunicorn", "pip", "setuptools", "wheel", "py4j", "wrapt", "psutil",
        "protobuf", "regex", "networkx", "cython", "openpyxl", "xlrd", "simplejson", "chardet", "python-dotenv", "pyodbc", "toolz",
        "applicationinsights", "debugpy", "ptvsd", "pymysql", "redis", "attrs", "click", "markupsafe", "certifi", "configparser",
    )
)  # fmt: skip
