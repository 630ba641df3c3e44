"""`azureml.exceptions`: the classes that scripts catch."""

from __future__ import annotations

__all__ = [
    "AuthenticationException",
    "AzureMLException",
    "ComputeTargetException",
    "ModelNotFoundException",
    "RunEnvironmentException",
    "UserErrorException",
    "WebserviceException",
]


class AzureMLException(Exception):
    """Root of v1's exceptions.

    Args:
        exception_message: What happened; also `.message`.
    """

    def __init__(self, exception_message: str, *args: object, **details: object) -> None:
        super().__init__(exception_message, *args)
        self.message = exception_message
        self.details = details

    def __str__(self) -> str:
        return f"{type(self).__name__}:\n\tMessage: {self.message}"


class UserErrorException(AzureMLException):
    """Something the caller gave is wrong."""


class AuthenticationException(UserErrorException):
    """No valid identity."""


class WebserviceException(AzureMLException):
    """A service or model operation failed.

    Args:
        exception_message: What happened.
        status_code: The HTTP status, when there was one.
        logger: Ignored; kept for v1's signature.
    """

    def __init__(
        self, exception_message: str, status_code: int | None = None, logger: object = None, **details: object
    ) -> None:
        super().__init__(exception_message, **details)
        self.status_code = status_code
        del logger


class ModelNotFoundException(WebserviceException):
    """No model of that name is where scripts find models."""


class ComputeTargetException(AzureMLException):
    """A compute target operation failed."""


class RunEnvironmentException(AzureMLException):
    """There is no submitted run around the script."""

    def __init__(self, exception_message: str = "Could not load a submitted run, if outside of an execution context, use experiment.start_logging to initialize an azureml.core.Run.", **details: object) -> None:  # fmt: skip
        super().__init__(exception_message, **details)
