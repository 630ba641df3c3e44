"""Which pins of the usual packages have no wheel for a Python, known without asking an index.

Wheels of these packages are built for one Python each; a version that is older than a Python has none for it, and
building it takes a compiler and, often, luck. First versions with a wheel for CPython on Linux, from PyPI, 2025.
"""

from __future__ import annotations

from packaging.version import InvalidVersion, Version

FIRST_WITH_WHEEL: dict[str, dict[str, str]] = {
    "numpy": {"3.8": "1.17.3", "3.9": "1.19.3", "3.10": "1.21.2", "3.11": "1.23.2", "3.12": "1.26.0", "3.13": "2.1.0"},
    "pandas": {"3.8": "0.25.2", "3.9": "1.1.3", "3.10": "1.3.3", "3.11": "1.5.0", "3.12": "2.1.1", "3.13": "2.2.3"},
    "scipy": {"3.8": "1.3.2", "3.9": "1.5.4", "3.10": "1.7.2", "3.11": "1.9.2", "3.12": "1.11.2", "3.13": "1.14.1"},
    "scikit-learn": {"3.8": "0.22", "3.9": "0.24.0", "3.10": "1.0.2", "3.11": "1.1.3", "3.12": "1.3.1", "3.13": "1.5.2"},
    "tensorflow": {"3.8": "2.2.0", "3.9": "2.5.0", "3.10": "2.8.0", "3.11": "2.12.0", "3.12": "2.16.1", "3.13": "2.20.0"},
    "torch": {"3.8": "1.4.0", "3.9": "1.7.1", "3.10": "1.11.0", "3.11": "1.13.0", "3.12": "2.2.0", "3.13": "2.5.0"},
}  # fmt: skip

# When Python's own fixes ended, of those that have ended. A table, not the clock: the same files give the same findings
# on every day. Source: devguide.python.org/versions.
END_OF_LIFE: dict[str, str] = {
    "2.7": "January 2020",
    "3.5": "September 2020",
    "3.6": "December 2021",
    "3.7": "June 2023",
    "3.8": "October 2024",
    "3.9": "October 2025",
}


def first_version_with_wheel(distribution: str, version: str, python: str) -> str:
    """The first version with a wheel when the pinned one has none for this Python; empty when it has, or nobody knows."""
    first = FIRST_WITH_WHEEL.get(distribution, {}).get(python, "")
    try:
        return first if first and Version(version) < Version(first) else ""
    except InvalidVersion:
        return ""
