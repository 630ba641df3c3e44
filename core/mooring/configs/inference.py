"""The inference configuration: which script answers, from which folder, in which environment."""

# ruff: noqa: RUF009 - the calls make dataclass fields

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.configs.coercion import coerce
from mooring.configs.fields import render_repr, required_setting, setting, settings_of
from mooring.configs.inference_paths import (
    ResolvedInference,
    Roots,
    find_file,
    find_folder,
    path_in_app,
)
from mooring.configs.origin import InvalidConfig, Origin, errors_in, finding_at
from mooring.findings import Finding, Severity

if TYPE_CHECKING:
    from mooring.environments import Environment

INFERENCE_FLAG = "--inference-config-file"
OLD_KEYS = (
    "runtime", "conda_file", "extra_docker_file_steps", "enable_gpu", "cuda_version", "base_image", "base_image_registry",
)  # fmt: skip
REGISTRY_PARTS = ("address", "username", "password")


class InvalidInferenceConfig(InvalidConfig):
    """An inference configuration that can't work."""

    code = "inference-config-invalid"


@dataclass(repr=False)
class InferenceConfig:
    """How to answer requests: an entry script, perhaps a folder with what it needs, and an environment.

    Constructing one checks it, as v1 does: the script has to be there. The old way describes the environment by
    `runtime`, `conda_file` and their kin; the new way gives an `Environment`. Not both.

    Raises:
        InvalidInferenceConfig: Something is missing or contradicts something else; says all at once.
    """

    entry_script: str = required_setting(
        "entryScript",
        "path",
        "Python file with init() and run(); relative to sourceDirectory when that is set.",
    )
    runtime: str | None = setting(
        "runtime",
        "text",
        "python, python-slim or spark-py; replaced by environment.",
        choices=("python", "spark-py", "python-slim"),
        rule="Provided runtime not supported. Possible runtimes are: spark-py|python",
    )
    conda_file: str | None = setting(
        "condaFile", "path", "Conda environment file, relative to sourceDirectory; replaced by environment."
    )
    extra_docker_file_steps: str | None = setting(
        "extraDockerfileSteps",
        "path",
        "File with Dockerfile lines to append to the image.",
        other_keys=("extraDockerFileSteps",),
    )
    source_directory: str | None = setting(
        "sourceDirectory", "path", "Folder that is shipped whole, under its name."
    )
    enable_gpu: bool | None = setting("enableGpu", "boolean", "Use a CUDA base image.", default=False)
    description: str | None = setting("description", "text", "Free text.")
    base_image: str | None = setting(
        "baseImage", "text", "Docker image to build on; needs the python runtime."
    )
    base_image_registry: Any = setting(
        "baseImageRegistry",
        "object",
        "address, username and password of the image's registry.",
        is_secret=True,
    )
    cuda_version: str | None = setting(
        "cudaVersion",
        "text",
        "CUDA of the base image: 9.0, 9.1 or 10.0; 9.1 when enableGpu is true.",
        choices=("9.0", "9.1", "10.0"),
        rule="Provided cuda_version not supported. Possible cuda_versions are: 9.0|9.1|10.0",
    )
    environment: Environment | None = setting(
        "environment",
        "object",
        "Environment definition; takes the place of runtime, condaFile and their kin.",
    )
    origin: Origin | None = dataclasses.field(default=None, init=False, repr=False, compare=False)
    environment_definition: dict[str, Any] | None = dataclasses.field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.validate_configuration()

    def __repr__(self) -> str:
        return render_repr(self)

    def __setattr__(self, name: str, value: Any) -> None:
        described = settings_of(type(self)).get(name)
        if described is not None and value is not None:
            coerced = coerce(described, value)
            value = value if coerced.refused else coerced.value
        super().__setattr__(name, value)

    @classmethod
    def load(cls, path: str | Path) -> InferenceConfig:
        """The configuration in a file; relative paths inside follow `resolve`.

        Raises:
            ConfigUnreadable: It is neither JSON nor YAML, or isn't there.
            InvalidInferenceConfig: It can't work; says all at once.
        """
        from mooring.configs.inference_files import load_inference_config

        return load_inference_config(path)[0]

    @classmethod
    def parse(cls, text: str, path: str | Path = "") -> InferenceConfig:
        """The same for a text; `path` is where it would be saved.

        Raises:
            ConfigUnreadable: It is neither JSON nor YAML.
            InvalidInferenceConfig: It can't work; says all at once.
        """
        from mooring.configs.inference_files import parse_inference_config

        return parse_inference_config(text, path)[0]

    @classmethod
    def of(cls, values: dict[str, Any], origin: Origin | None = None) -> InferenceConfig:
        """One with these values, unchecked; absent ones are None."""
        config = cls.__new__(cls)
        config.origin = origin
        config.environment_definition = None
        for name in settings_of(cls):
            setattr(config, name, values.get(name))
        return config

    def validate(self, current: Path | None = None) -> list[Finding]:
        """Everything that is wrong, v1's own messages first; `current` stands for the current directory."""
        from mooring.configs.inference_checks import check_inference

        return list(check_inference(self, self.resolve(current)))

    def validate_configuration(self) -> None:
        """Return when nothing is wrong.

        Raises:
            InvalidInferenceConfig: Something is; says all at once.
        """
        errors = errors_in(self.validate())
        if errors:
            raise InvalidInferenceConfig(findings=errors)

    def resolve(self, current: Path | None = None) -> ResolvedInference:
        """Where the named files are: v1's place first, then beside the configuration file.

        Args:
            current: Stands for the current directory.
        """
        roots = self.roots(current, with_source=False)
        taken: dict[str, str] = {}
        source = None
        if self.source_directory and not is_refused(self, "source_directory"):
            source, taken["sourceDirectory"] = find_folder(self.source_directory, roots)
        roots = dataclasses.replace(roots, source=source)
        found: dict[str, Path | None] = {}
        for name in ("entry_script", "conda_file", "extra_docker_file_steps"):
            written = getattr(self, name)
            is_path = bool(written) and not is_refused(self, name)
            found[name], rule = find_file(written, roots) if is_path else (None, "")
            taken[settings_of(type(self))[name].key] = rule
        script = found["entry_script"]
        return ResolvedInference(
            script_path=script,
            source_directory=source,
            script_in_app=path_in_app(script, source) if script else "",
            conda_path=found["conda_file"],
            extra_docker_steps_path=found["extra_docker_file_steps"],
            taken={key: rule for key, rule in taken.items() if rule},
        )

    def environment_for(self, service_name: str) -> Environment | None:
        """The environment, made from the old keys as v1 does where need be; None when nothing is asked for.

        None too when `environment_definition` only names a registered environment.

        Raises:
            InvalidEnvironment: The conda file can't be read.
        """
        from mooring.configs.old_style import environment_of

        return environment_of(self, f"{service_name}-env")

    def roots(self, current: Path | None = None, *, with_source: bool = True) -> Roots:
        """Folders that relative paths of this configuration may start from."""
        source = self.resolve(current).source_directory if with_source else None
        return Roots(current or Path.cwd(), self.origin.folder if self.origin else None, source)

    def to_dict(self, *, reveal: bool = False) -> dict[str, Any]:
        """The configuration as a file would hold it, without what is not set; the registry only with `reveal`."""
        content: dict[str, Any] = {}
        for name, described in settings_of(type(self)).items():
            value = getattr(self, name)
            if name == "environment":
                value = self._described_environment(reveal=reveal)
            elif name == "base_image_registry" and value is not None:
                value = registry_parts(value)
            if value is not None and (reveal or not described.is_secret):
                content[described.key] = value
        return content

    def _described_environment(self, *, reveal: bool) -> dict[str, Any] | None:
        described = (
            self.environment.to_dict() if self.environment else copy.deepcopy(self.environment_definition)
        )
        registry = ((described or {}).get("docker") or {}).get("baseImageRegistry")
        if isinstance(registry, dict) and not reveal:
            registry.pop("password", None)
        return described

    def finding(
        self, name: str, code: str, problem: str, remedy: str, severity: Severity = "error"
    ) -> Finding:
        """A finding on the place where the file sets an attribute."""
        return finding_at(self.origin, (name,), code, severity, problem, remedy)


def is_refused(config: InferenceConfig, name: str) -> bool:
    """True when the value of an attribute is of a kind it can't be."""
    return bool(coerce(settings_of(type(config))[name], getattr(config, name)).refused)


def registry_parts(value: Any) -> dict[str, Any]:
    """address, username and password of a registry given as an object or as v1's ContainerRegistry."""
    if isinstance(value, dict):
        return {part: value.get(part) for part in REGISTRY_PARTS}
    return {part: getattr(value, part, None) for part in REGISTRY_PARTS}
