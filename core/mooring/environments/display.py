"""How an environment shows itself in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mooring.environments.redaction import redact

if TYPE_CHECKING:
    from mooring.environments.environment import Environment

_SHOWN = 12


def render_environment(environment: Environment) -> str:
    """A small table: python, packages, variables, image. Values of variables and passwords are left out."""
    title = f"{environment.name}:{environment.version}" if environment.version else environment.name
    rows = [f"<tr><th>{escape(name)}</th><td>{text}</td></tr>" for name, text in _facts(environment) if text]
    return f"<table><caption><b>Environment {escape(title)}</b></caption>{''.join(rows)}</table>"


def _facts(environment: Environment) -> list[tuple[str, str]]:
    python, docker = environment.python, environment.docker
    image = docker.base_image or ("own Dockerfile" if docker.base_dockerfile else "")
    variables = ", ".join(sorted(environment.environment_variables))
    if python.user_managed_dependencies or python.conda_dependencies is None:
        packages = [("Python", f"<code>{escape(python.interpreter_path)}</code>, as it is (user-managed)")]
    else:
        conda = python.conda_dependencies
        listed = [entry for entry in conda.conda_packages if entry != conda.get_python_version()]
        packages = [
            ("Python", escape(conda.get_python_version() or "not said: the model's own")),
            ("Conda packages", _listing(listed)),
            ("Pip packages", _listing(conda.pip_packages)),
            ("Channels", escape(", ".join(conda.conda_channels))),
        ]
    return [*packages, ("Variables", escape(variables)), ("Image", escape(redact(image)))]


def _listing(packages: list[str]) -> str:
    shown = ", ".join(f"<code>{escape(redact(package))}</code>" for package in packages[:_SHOWN])
    more = len(packages) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
