"""`azureml.core` inside a service: imports work, an offline run logs, and a workspace says why it is not there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mooring.scoring.shims.exceptions import RunEnvironmentException, UserErrorException, WebserviceException
from mooring.scoring.shims.model import Model

__all__ = [
    "VERSION",
    "AciWebservice",
    "AksWebservice",
    "Dataset",
    "Datastore",
    "Environment",
    "Experiment",
    "LocalWebservice",
    "Model",
    "Run",
    "Webservice",
    "Workspace",
]

VERSION = "1.61.0"


class _Absent(type):
    """Classes that can be imported, named and inherited from, but not used inside a service."""

    def __call__(cls, *_args: Any, **_kwargs: Any) -> Any:
        raise WebserviceException(f"{cls.__name__} can not be used inside a running service.")

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_args: Any, **_kwargs: Any) -> Any:
            raise WebserviceException(f"{cls.__name__}.{name} can not be used inside a running service.")

        return refuse


class Dataset(metaclass=_Absent):
    """Registered data."""


class Datastore(metaclass=_Absent):
    """Registered storage."""


class Environment(metaclass=_Absent):
    """What a model needs around it."""


class Experiment(metaclass=_Absent):
    """A set of runs."""


class Webservice(metaclass=_Absent):
    """A deployed service."""


class AciWebservice(Webservice):
    """A service on a container instance."""


class AksWebservice(Webservice):
    """A service on Kubernetes."""


class LocalWebservice(Webservice):
    """A service on this machine."""


class Workspace(metaclass=_Absent):
    """A workspace, which a service has none of."""

    @staticmethod
    def from_config(path: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Raises UserErrorException: there is no config.json, and a service could not sign in with it."""
        del args, kwargs
        place = path or Path.cwd()
        raise UserErrorException(
            "The workspace configuration file config.json, could not be found in "
            f"{place} or its parent directories. A running service has no workspace; use AZUREML_MODEL_DIR for models."
        )


class _OfflineRun:
    """What `Run.get_context()` gives outside of a submitted run: metrics are printed, nothing is kept."""

    id = "OfflineRun"
    _run_id = "OfflineRun"

    def log(self, name: str, value: Any, description: str = "", step: Any = None) -> None:
        """Print one metric."""
        del description, step
        self._say(name, value)

    def log_list(self, name: str, value: Any, description: str = "") -> None:
        """Print a list metric."""
        del description
        self._say(name, value)

    def log_row(self, name: str, description: str | None = None, **values: Any) -> None:
        """Print a row metric."""
        del description
        self._say(name, values)

    def log_table(self, name: str, value: Any, description: str = "") -> None:
        """Print a table metric."""
        del description
        self._say(name, value)

    def log_image(self, name: str, path: str | None = None, plot: Any = None, description: str = "") -> None:
        """Print that an image was logged."""
        del description
        self._say(name, path or plot)

    def tag(self, key: str, value: str | None = None) -> None:
        """Print a tag."""
        self._say(key, value)

    def upload_file(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing."""

    def upload_folder(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing."""

    def flush(self, *args: Any, **kwargs: Any) -> None:
        """Nothing waits."""

    def complete(self, *args: Any, **kwargs: Any) -> None:
        """Nothing was started."""

    def get_status(self) -> str:
        """Always running."""
        return "Running"

    def get_details(self) -> dict[str, Any]:
        """Only the id."""
        return {"runId": self.id}

    def _say(self, name: str, value: Any) -> None:
        sys.stdout.write(f"Attempted to log scalar metric {name}:\n{value}\n")


class Run(metaclass=_Absent):
    """A submitted run, which a service never is."""

    @classmethod
    def get_context(cls, allow_offline: bool = True, **kwargs: Any) -> _OfflineRun:
        """An offline run; raises RunEnvironmentException when that is not allowed."""
        del kwargs
        if not allow_offline:
            raise RunEnvironmentException
        return _OfflineRun()
