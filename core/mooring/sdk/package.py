"""`ModelPackage`: models and a script, packed to run anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.sdk.exceptions import WebserviceException, raises_as
from mooring.sdk.making import Making

if TYPE_CHECKING:
    from mooring.packaging.records import RegisteredImage
    from mooring.sdk.workspace import Workspace


class ModelPackage:
    """An image, or a folder with a Dockerfile, that is being made or is ready; `Model.package` returns it.

    Args:
        workspace: Where the models are registered.
        make: Makes the image, or the folder; told about phases.
        folder: Of the Dockerfile; None for an image.
    """

    def __init__(self, workspace: Workspace, make: Callable[[Any], Any], folder: Path | None) -> None:
        self.workspace = workspace
        self._folder = folder
        self._making = Making(make, name="mooring-package")

    @property
    def generate_dockerfile(self) -> bool:
        """Whether this is a folder with a Dockerfile."""
        return self._folder is not None

    @property
    def state(self) -> str:
        """`Running`, `Succeeded` or `Failed`."""
        return self._making.state

    @property
    def error(self) -> dict[str, Any] | None:
        """What went wrong; None when nothing did."""
        return self._making.error

    @property
    def location(self) -> str | None:
        """What `docker pull` or `docker run` takes, or the folder; None until it is ready."""
        made = self._making.result_if_done
        return None if made is None else str(self._folder or made.location)

    @property
    def package_build_log_uri(self) -> str | None:
        """The build's log is on this machine: `get_logs` gives it."""
        return None

    def wait_for_creation(self, show_output: bool = False) -> None:
        """Return once it is ready.

        Args:
            show_output: Print phases while they happen.

        Raises:
            WebserviceException: It could not be made; the message says why and what to do.
        """
        self._making.wait(show_output=show_output)
        if show_output:
            print(f"Package creation Succeeded: {self.location}")  # noqa: T201 (what show_output asks for)

    def update_creation_state(self) -> None:
        """Nothing to do: `state` is always as of now."""

    def get_logs(self, decode: bool = True, offset: int = 0) -> str | bytes:
        """The build's log so far.

        Args:
            decode: Text; else bytes.
            offset: Leave out so many bytes at the beginning.
        """
        raw = self._making.log.encode()[offset:]
        return raw.decode("utf-8", "replace") if decode else raw

    def get_container_registry(self) -> Any:
        """Where the image is: `address`, with the login Mooring uses there, if there is one."""
        from mooring.environments.sections import ContainerRegistry
        from mooring.images.logins import RegistryLogins

        registry = ContainerRegistry()
        image = self._image()
        host = image.reference.partition("/")[0] if image.reference else ""
        registry.address = host or None
        login = RegistryLogins(self.workspace.core.settings).find(image.reference) or {}
        registry.username, registry.password = login.get("username"), login.get("password")
        return registry

    @raises_as(WebserviceException)
    def pull(self) -> None:
        """Have the image on this machine's engine; it is there already when it was built there."""
        image = self._image()
        engine = self.workspace.core.images.engine
        if engine.find_image(image.image_id) is None:
            from mooring.images.bases import BaseImages

            BaseImages(engine, self.workspace.core.settings).pull(image.location, None, print)
        print(image.location)  # noqa: T201 (v1 shows what it pulls)

    def save(self, output_directory: str) -> None:
        """Copy the Dockerfile, and all it needs, into a folder.

        Raises:
            WebserviceException: This is an image, or the folder has files already.
        """
        if self._folder is None:
            raise WebserviceException(
                "save() is for packages with generate_dockerfile=True; this one is an image.",
                remedy="Call pull() instead.",
            )
        self._making.wait(show_output=False)
        _check_empty(Path(output_directory))
        shutil.copytree(self._folder, output_directory, dirs_exist_ok=True)

    def serialize(self) -> dict[str, Any]:
        """The package as JSON-ready values."""
        made = self._making.result_if_done
        facts = made.to_dict() if made is not None and not self.generate_dockerfile else {}
        return {
            **facts,
            "state": self.state,
            "location": self.location,
            "generateDockerfile": self.generate_dockerfile,
        }

    def __repr__(self) -> str:
        return f"ModelPackage(state={self.state}, location={self.location})"

    def _image(self) -> RegisteredImage:
        if self._folder is not None:
            raise WebserviceException(
                "This package is a folder with a Dockerfile, not an image.",
                remedy="Call save(folder) instead.",
            )
        self._making.wait(show_output=False)
        made: RegisteredImage = self._making.result_if_done
        return made


@raises_as(WebserviceException)
def _check_empty(folder: Path) -> None:
    from mooring.packaging.dockerfile import check_empty

    check_empty(folder)
