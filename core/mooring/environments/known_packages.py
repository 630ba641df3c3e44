"""Names that people mean when they misspell one; the package index itself can't be asked."""

from __future__ import annotations

from mooring.environments.twins import TWINS
from mooring.errors import did_you_mean

# Import names and common mistakes, and the distribution that has them.
_ALIASES: dict[str, str] = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "jwt": "pyjwt",
    "pil": "pillow",
    "pytorch": "torch",
    "skimage": "scikit-image",
    "sklearn-pandas": "sklearn-pandas",
    "yaml": "pyyaml",
}
_COMMON = (
    "numpy pandas scipy scikit-learn scikit-image matplotlib seaborn plotly joblib xgboost lightgbm catboost torch "
    "torchvision torchaudio tensorflow keras onnx onnxruntime transformers tokenizers datasets spacy nltk gensim "
    "statsmodels prophet pmdarima sktime shap lime imbalanced-learn category-encoders sklearn-pandas mlflow flask "
    "fastapi requests httpx pillow opencv-python opencv-python-headless pyarrow fastparquet tables h5py openpyxl xlrd "
    "sqlalchemy pyodbc psycopg2-binary azure-storage-blob azure-identity azure-core applicationinsights "
    "inference-schema pydantic pyyaml python-dateutil pytz tqdm beautifulsoup4 lxml cython numba dask polars networkx "
    "sympy geopandas shapely pyproj fiona rasterio cloudpickle dill msgpack orjson ujson gunicorn werkzeug jinja2"
).split()


def suggest_package(wrong: str) -> str:
    """A hint such as `; did you mean 'scikit-learn'?`, or an empty string."""
    alias = _ALIASES.get(wrong) or TWINS.get(wrong)
    if alias:
        return f"; did you mean {alias!r}?"
    return did_you_mean(wrong, _COMMON)
