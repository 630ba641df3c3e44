"""Which package of PyPI a conda package corresponds to.

Most have the same name in both places; here are those that do not, those that conda alone needs (compilers'
libraries, which wheels carry inside), and those that PyPI can't provide.
"""

from __future__ import annotations

import re

TWINS: dict[str, str] = {
    "backports-zoneinfo": "backports.zoneinfo",
    "blas-devel": "",
    "dask-core": "dask",
    "faiss": "faiss-cpu",
    "fastparquet": "fastparquet",
    "geopandas-base": "geopandas",
    "importlib_metadata": "importlib-metadata",
    "jpype1": "JPype1",
    "keras-gpu": "keras",
    "lightgbm-base": "lightgbm",
    "matplotlib-base": "matplotlib",
    "mlflow-skinny": "mlflow-skinny",
    "msgpack-python": "msgpack",
    "numpy-base": "numpy",
    "onnxruntime-cpu": "onnxruntime",
    "opencv": "opencv-python-headless",
    "psycopg2": "psycopg2-binary",
    "py-catboost": "catboost",
    "py-lightgbm": "lightgbm",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost",
    "py-xgboost-gpu": "xgboost",
    "pyqt": "PyQt5",
    "pytables": "tables",
    "python-flatbuffers": "flatbuffers",
    "python-graphviz": "graphviz",
    "python-snappy": "python-snappy",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "ruamel-yaml": "ruamel.yaml",
    "seaborn-base": "seaborn",
    "tensorflow-base": "tensorflow",
    "tensorflow-cpu": "tensorflow-cpu",
    "tensorflow-eigen": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-mkl": "tensorflow",
    "torchvision-cpu": "torchvision",
    "xgboost-cpu": "xgboost",
}

_RUNTIME = re.compile(
    r"""
    # conda itself, and what every Python environment has
    conda|conda-.*|pycosat|python-abi|pip|wheel|anaconda|anaconda-.*|menuinst|console-shortcut|_.*|tzdata
    # libraries that wheels carry inside
    |lib(?!archive-c|clang|cst|rosa|sass|pysal|lite|virt-python).*|ld-impl-.*
    |mkl|mkl[-_].*|nomkl|blas|openblas.*|intel-openmp|llvm-openmp|llvmdev|tbb|tbb4py
    |openssl|ca-certificates|sqlite|tk|xz|xz-.*|zlib|zlib-ng|readline|ncurses|bzip2|zstd|lz4-c|icu|jpeg|openjpeg|lcms2
    |lerc|giflib|freetype|fontconfig|expat|glib|glib-tools|pcre2?|dbus|gettext|gst-plugins-base|gstreamer|qt|qt-main|qt5-.*
    |krb5|keyutils|cyrus-sasl|c-ares|nghttp2|curl|zeromq|yaml|yaml-cpp|hdf5|hdf4|netcdf-c|blosc|c-blosc2|snappy|brotli
    |brotli-bin|charls|aom|dav1d|svt-av1|rav1e|x264|x265|lame|openh264|gmp|mpfr|mpc|nettle|gnutls|p11-kit|geos|proj|gflags
    |glog|re2|orc|s2n|utf8proc|double-conversion|rapidjson|boost|boost-cpp|arrow-cpp|parquet-cpp|thrift-cpp|grpc-cpp
    |aws-.*|google-cloud-cpp|uriparser|nspr|nss|mysql-.*|alsa-lib|pulseaudio.*|attr|pthread-stubs|pixman|cairo|pango
    |harfbuzz|fribidi|graphite2|gdk-pixbuf|atk.*|font-.*|fonts-.*|xorg-.*|fftw|ninja-base|metis|mumps.*|suitesparse|glpk
    |perl|less|util-linux|wayland|elfutils|unixodbc
    # other systems' own
    |m2w64-.*|msys2-.*|vc|vc14-runtime|vs2015-runtime|ucrt|wincertstore|win-inet-pton|winpty|pywin32.*|pyreadline|appnope
    |pyobjc-.*|.*-(linux|osx|win)-(64|32|arm64|aarch64|ppc64le)
    # devices: wheels bring what they need
    |cpuonly|cudatoolkit|cudnn|cuda|cuda-.*|nccl|pytorch-mutex|pytorch-cuda|cupti|tensorflow-estimator
    """,
    re.VERBOSE,
)
_KEPT = {"tensorflow-estimator"}

ELSEWHERE = "install it on the machine, use a Docker base image that has it, or write extraDockerfileSteps"
"""Where services find a program that is no Python package."""

WITHOUT_TWIN: dict[str, str] = {
    r"r|r-.*|rpy2.*": "R is not available to Python services",
    r"(openjdk|java-.*|maven)": (
        "install a Java runtime on the machine, use a Docker base image that has one, or write extraDockerfileSteps"
    ),
    r"(nodejs|yarn|go|rust|ruby)": ELSEWHERE,
    r"(gcc|gxx|gfortran|cmake|make|autoconf|automake|libtool|m4|swig|bison|flex|pkg-config|clang|llvm).*": (
        "packages come as ready wheels; remove it unless score.py itself compiles something"
    ),
    r"(git|git-lfs|wget|unzip|p7zip|tar|rsync|openssh|vim|htop|tini)": (ELSEWHERE),
    r"(ffmpeg|graphviz|poppler|tesseract|ghostscript|pandoc|imagemagick|sox)": (ELSEWHERE),
    r"(cudf|cuml|cugraph|rapids.*|cupy-core)": "take the wheel from its maker's index with --extra-index-url",
    r"(gdal|grass|pdal|mapnik|esmpy)": ELSEWHERE,
    r"spacy-model-.*": "name the model's wheel by URL in the pip list",
    r"(spark|hadoop|openmpi|mpich|mpi)": ELSEWHERE,
}


def is_runtime_library(name: str) -> bool:
    """Whether only conda needs this package to be named; wheels carry it inside or Python has it anyway."""
    return name in _KEPT or _RUNTIME.fullmatch(name) is not None


def find_advice_without_twin(name: str) -> str | None:
    """What to do about a conda package that PyPI can't provide, or None when PyPI may have it."""
    for pattern, advice in WITHOUT_TWIN.items():
        if re.fullmatch(pattern, name):
            return advice
    return None


def find_twin(name: str) -> str:
    """Name on PyPI of a conda package."""
    return TWINS.get(name) or name
