"""Upper bounds that old releases needed and did not declare.

Pinned packages of 2019 allow, by their own words, dependencies of today that they break with. Each row says which
releases need which bound, and why; a row only ever holds back what the user did not pin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import Version


@dataclass(frozen=True)
class Bound:
    """`package` in `releases` works only with `other` in `allowed`."""

    package: str
    releases: str
    other: str
    allowed: str
    why: str


_ALIASES_GONE = "numpy 1.24 removed np.int, np.float and np.bool"
_ABI_2 = "it was compiled for numpy 1"

BOUNDS: tuple[Bound, ...] = (
    # numpy.int and friends: deprecated in 1.20, gone in 1.24 (numpy release notes).
    Bound("scikit-learn", "<0.24", "numpy", "<1.20", _ALIASES_GONE),
    Bound("scikit-learn", "<1.1", "numpy", "<1.24", _ALIASES_GONE),
    Bound("pandas", "<1.2", "numpy", "<1.24", _ALIASES_GONE),
    Bound("scikit-image", "<0.19", "numpy", "<1.24", _ALIASES_GONE),
    Bound("xgboost", "<1.7", "numpy", "<1.24", _ALIASES_GONE),
    Bound("shap", "<0.42", "numpy", "<1.24", _ALIASES_GONE),
    # The binary interface changed with numpy 2.
    Bound("scikit-learn", "<1.4.2", "numpy", "<2", _ABI_2),
    Bound("pandas", "<2.2.2", "numpy", "<2", _ABI_2),
    Bound("scipy", "<1.13", "numpy", "<2", _ABI_2),
    Bound("matplotlib", "<3.8.4", "numpy", "<2", _ABI_2),
    Bound("torch", "<2.3", "numpy", "<2", _ABI_2),
    Bound("onnxruntime", "<1.19", "numpy", "<2", _ABI_2),
    Bound("onnx", "<1.16.2", "numpy", "<2", _ABI_2),
    Bound("pyarrow", "<16.1", "numpy", "<2", _ABI_2),
    Bound("statsmodels", "<0.14.2", "numpy", "<2", _ABI_2),
    Bound("tensorflow", "<2.17", "numpy", "<2", _ABI_2),
    # pandas 2 removed Int64Index.
    Bound("xgboost", "<1.6.2", "pandas", "<2", "pandas 2 removed Int64Index"),
    # Pallets: markupsafe 2.1 and jinja2 3.1 removed names that Flask 1 imports.
    Bound("flask", "<2", "jinja2", "<3.1", "jinja2 3.1 removed escape and Markup"),
    Bound("flask", "<2", "itsdangerous", "<2.1", "itsdangerous 2.1 removed json"),
    Bound("flask", "<2", "werkzeug", "<2.1", "werkzeug 2.1 removed what Flask 1 imports"),
    Bound("flask", "<2", "markupsafe", "<2.1", "markupsafe 2.1 removed soft_unicode"),
    Bound("flask", "<2.2.4", "werkzeug", "<3", "werkzeug 3 removed url_quote"),
    Bound("jinja2", "<3", "markupsafe", "<2.1", "markupsafe 2.1 removed soft_unicode"),
    # Generated code of these releases is refused by protobuf 4 (protobuf's news of May 2022).
    Bound("tensorflow", "<2.9.1", "protobuf", "<3.21", "protobuf 4 refuses its generated code"),
    Bound("onnx", "<1.12", "protobuf", "<3.21", "protobuf 4 refuses its generated code"),
    Bound("mlflow", "<1.27", "protobuf", "<3.21", "protobuf 4 refuses its generated code"),
    Bound("tensorflow", "<2.4", "h5py", "<3", "h5py 3 changed how strings are read"),
    Bound("keras", "<2.4", "h5py", "<3", "h5py 3 changed how strings are read"),
)


def find_broken_bounds(versions: Mapping[str, str]) -> list[Bound]:
    """Rows that a set of locked versions (by normalised name) breaks."""
    return [
        bound
        for bound in BOUNDS
        if _holds(versions, bound.package, bound.releases)
        and bound.other in versions
        and not _holds(versions, bound.other, bound.allowed)
    ]


def _holds(versions: Mapping[str, str], name: str, specifier: str) -> bool:
    version = versions.get(name)
    return version is not None and SpecifierSet(specifier, prereleases=True).contains(Version(version))
