"""What the SDK raises and the engine says, put into words of ours: one trouble for each cause."""

from __future__ import annotations

import re

from mooring.engine import errors


def in_words(error: Exception, place: str, about: str, said: str = "") -> errors.DockerTrouble | None:
    """The trouble an exception of the SDK stands for; None for a mistake of ours.

    Args:
        error: That was raised.
        place: Of the engine.
        about: The image or container it is about.
        said: By whatever leads to the engine.
    """
    name, module = type(error).__name__, type(error).__module__
    if isinstance(error, ImportError) and error.name in ("docker", "pathspec"):
        return errors.sdk_missing(error.name)
    if name == "ReadTimeout" or "Read timed out" in str(error):
        return errors.EngineSilent(
            f"The Docker engine at {place} does not answer.",
            "Look after the engine, or restart it, and try again.",
        )
    if module.startswith("docker.errors") and name in ("APIError", "NotFound", "ImageNotFound"):
        words = str(getattr(error, "explanation", None) or error)
        return (
            errors.distrusted(place, words) if words.startswith(_PLAIN) else trouble_of(words, about, place)
        )
    if isinstance(error, OSError) or module.startswith(("docker", "requests", "urllib3")):
        return _of_connection(error, place, said)
    return None


def _of_connection(error: Exception, place: str, said: str) -> errors.DockerTrouble | None:
    text, name = f"{error} {said}", type(error).__name__
    if "Install paramiko" in text:
        return errors.sdk_missing("paramiko")
    if name == "TLSParameterError" or re.search(_TLS, text, re.IGNORECASE):
        return errors.distrusted(place, _first_sentence(str(error)))
    if "Permission denied" in text or "PermissionError" in text:
        return errors.forbidden(place)
    if not isinstance(error, OSError) or type(error).__module__.startswith(("requests", "urllib3")):
        return errors.not_running(place)
    return None


_PLAIN = "Client sent an HTTP request to an HTTPS server"
_TLS = r"certificate[_ ]verify[_ ]failed|alert (certificate required|bad certificate|unknown ca)"


_WORDS: tuple[tuple[str, str], ...] = (
    ("no space left|disk quota exceeded", "disk"),
    ("port is already allocated|address already in use|ports are not available", "port"),
    ("could not select device driver|nvidia-container-cli|unknown or invalid runtime name: nvidia", "gpu"),
    ("exec format error|no matching manifest for|does not match the specified platform", "architecture"),
    # Of a registry on the loopback: the engine was refused by HTTPS, and tried plain HTTP afterwards.
    ("http request to an https server", "login"),
    (
        "unauthorized|authentication required|no basic auth|(?<!permission )denied: |access denied|incorrect username",
        "login",
    ),
    (
        "manifest unknown|manifest for .* not found|repository does not exist|no such image|not found: ",
        "image",
    ),
    ("x509|certificate signed by unknown|server gave http response", "trust"),
    ("dial tcp|no such host|i/o timeout|connection refused|tls: |request canceled", "net"),
)


def trouble_of(words: str, about: str = "", place: str = "") -> errors.DockerTrouble:
    """The trouble that an engine's words stand for."""
    kind = next((kind for pattern, kind in _WORDS if re.search(pattern, words, re.IGNORECASE)), "")
    said, image = _first_sentence(words), repr(about) if about else "the image"
    if kind in _KINDS:
        make, cause, advice = _KINDS[kind]
        return make(cause.format(image=image), advice, said)
    return errors.DockerTrouble(
        f"The Docker engine{f' at {place}' if place else ''} refused: {_first_sentence(words)}", evidence=said
    )


_KINDS: dict[str, tuple[type[errors.DockerTrouble], str, str]] = {
    "disk": (
        errors.EngineDiskFull,
        "The Docker engine has no space left on its disk.",
        "Free some: mooring gc --yes, then docker system prune; and deploy again.",
    ),
    "port": (
        errors.PublishedPortTaken,
        "The port is already in use on the engine's machine.",
        "Stop the other process or container, or deploy without a port to take a free one.",
    ),
    "gpu": (
        errors.GpuMissing,
        "The Docker engine has no GPU to give.",
        "Install the NVIDIA container toolkit on the engine's machine, or deploy without a GPU.",
    ),
    "architecture": (
        errors.WrongArchitecture,
        "The base image {image} is for another processor than the engine's.",
        "Choose an image for the engine's processor (`docker info` names it), or one for several.",
    ),
    "login": (
        errors.RegistryUnauthorised,
        "The registry refuses to hand out {image}: it is not there, or wants another login.",
        "Check the name, then log in (`mooring image login` or `docker login`), or give baseImageRegistry a user and password.",
    ),
    "image": (
        errors.ImageNotFound,
        "No image {image} is there, neither on the engine nor in its registry.",
        "Correct its name or tag.",
    ),
    "trust": (
        errors.RegistryUnreachable,
        "The engine does not trust the certificate of the registry of {image}.",
        "Put its CA certificate at /etc/docker/certs.d/HOST:PORT/ca.crt on the engine's machine, and try again.",
    ),
    "net": (
        errors.RegistryUnreachable,
        "The registry of {image} can't be reached by the engine.",
        "Check its name, the network and proxy of the engine, and that it is trusted.",
    ),
}


def _first_sentence(words: str) -> str:
    line = next(iter(words.strip().splitlines()), "").strip() or "no reason given"
    return line if line.endswith(".") else f"{line}."
