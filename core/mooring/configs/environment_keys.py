"""The keys of v1's serialised environment, for hints and schemas; their meaning belongs to `mooring.environments`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mooring.configs.document import Document
from mooring.configs.fields import Kind, Setting
from mooring.errors import did_you_mean
from mooring.findings import Finding


def _one(key: str, kind: Kind, doc: str, default: Any = None) -> Setting:
    return Setting(key=key, kind=kind, doc=doc, default=default)


ENVIRONMENT_SETTINGS = (
    _one("name", "text", "Name; not beginning with Microsoft or AzureML, unless a curated one is meant."),
    _one("version", "text", "Version; absent: the next one is made when it is registered."),
    _one("assetId", "text", "Filled by the server; ignored."),
    _one("environmentVariables", "texts", "Variables set for the script."),
    _one("inferencingStackVersion", "text", "Kept for round trips; the scoring server is always ours."),
    _one("python.userManagedDependencies", "boolean", "True: the packages are there already.", False),
    _one(
        "python.interpreterPath", "text", "Interpreter to use when the packages are there already.", "python"
    ),
    _one("python.condaDependencies", "object", "A conda file as an object: name, channels, dependencies."),
    _one("python.condaDependenciesFile", "path", "Path of a conda file, instead of condaDependencies."),
    _one("python.baseCondaEnvironment", "text", "Conda environment of the image to build on."),
    _one("docker.enabled", "boolean", "Deprecated; ignored.", False),
    _one("docker.baseImage", "text", "Image to build on."),
    _one("docker.baseDockerfile", "text", "Dockerfile text, or the path of one; instead of baseImage."),
    _one("docker.buildContext", "object", "locationType, location and dockerfilePath; instead of baseImage."),
    _one("docker.baseImageRegistry", "object", "address, username and password of the image's registry."),
    _one("docker.platform", "object", "os and architecture."),
    _one("docker.arguments", "object", "Deprecated; ignored."),
    _one("docker.sharedVolumes", "boolean", "Deprecated; ignored.", True),
    _one("docker.shmSize", "text", "Deprecated; ignored.", "2g"),
    _one("docker.gpuSupport", "boolean", "Ignored."),
    _one("spark", "object", "Spark packages; kept, not installed."),
    _one("databricks", "object", "Databricks libraries; kept, not installed."),
    _one("r", "object", "R section; kept, not installed."),
)
_KNOWN = {one.path for one in ENVIRONMENT_SETTINGS}
_GROUPS = {path[:-1] for path in _KNOWN if len(path) > 1}


def unknown_environment_keys(document: Document) -> Iterator[Finding]:
    """A warning for each key below `environment` that nothing reads; null ones are passed over."""
    yield from _walk(document, document.value.get("environment"), ())


def _walk(document: Document, section: Any, prefix: tuple[str, ...]) -> Iterator[Finding]:
    for key, value in section.items() if isinstance(section, dict) else ():
        path = (*prefix, key)
        if path in _GROUPS:
            yield from _walk(document, value, path)
        elif path not in _KNOWN and value is not None:
            siblings = sorted({known[len(prefix)] for known in _KNOWN if known[: len(prefix)] == prefix})
            full = ("environment", *path)
            problem = f"{'.'.join(full)} is not known and is ignored{did_you_mean(key, siblings) or '.'}"
            span = document.key_span_of(full)
            remedy = "Correct or remove it."
            yield Finding("key-unknown", "warning", problem, remedy, document.path, span, {"key": full})
