"""`InferenceConfig` as v1's scripts construct it: the same configuration, v1's exception when it can't work."""

from __future__ import annotations

from mooring import configs
from mooring.sdk.exceptions import WebserviceException, raises_as


class InferenceConfig(configs.InferenceConfig):
    """How to answer requests: an entry script, perhaps a folder with what it needs, and an environment.

    Args and meaning are those of `mooring.configs.InferenceConfig`.

    Raises:
        WebserviceException: Something is missing or contradicts something else; says all at once.
    """

    def __post_init__(self) -> None:
        _check(self)


@raises_as(WebserviceException)
def _check(config: InferenceConfig) -> None:
    configs.InferenceConfig.__post_init__(config)
