"""What is wrong with an inference configuration, in v1's words."""

from __future__ import annotations

from collections.abc import Iterator

from mooring.configs.coercion import coerce, out_of_range, shown
from mooring.configs.entry_script import find_syntax_error, wrong_name
from mooring.configs.fields import settings_of
from mooring.configs.inference import OLD_KEYS, REGISTRY_PARTS, InferenceConfig, is_refused, registry_parts
from mooring.configs.inference_paths import CONFIG, CURRENT, ResolvedInference
from mooring.findings import Finding

_MIXED = (
    "Error, unable to provide runtime, conda_file, extra_docker_file_steps, enable_gpu, cuda_version, or base_image "
    "along with an environment object."
)


def check_inference(config: InferenceConfig, found: ResolvedInference) -> Iterator[Finding]:
    """Everything that is wrong with the values and with the files they name."""
    if not config.entry_script:
        yield config.finding("", "entry-script", "Error, need to specify entry_script.", "Add entryScript.")
    if config.environment is not None and any(getattr(config, name) for name in OLD_KEYS):
        yield config.finding("environment", "settings-conflict", _MIXED, "Move them into the environment.")
    yield from _check_kinds(config)
    yield from _check_image(config)
    yield from _check_files(config, found)


def _check_kinds(config: InferenceConfig) -> Iterator[Finding]:
    for name, described in settings_of(InferenceConfig).items():
        value = getattr(config, name)
        refused = coerce(described, value).refused
        wrong = f"Invalid configuration, {name} {refused}" if refused else ""
        if value is not None and not refused:
            wrong = out_of_range(described, value)
        if wrong:
            code = "value-type" if refused else "value-range"
            yield config.finding(
                name, code, wrong, f"Correct {described.key}, which is {shown(described, value)}."
            )


def _check_image(config: InferenceConfig) -> Iterator[Finding]:
    runtime = str(config.runtime or "python")
    if config.base_image and runtime.lower() != "python":
        problem = f"Custom base image is not supported for {runtime} run time."
        remedy = "Remove baseImage, or use the python runtime."
        yield config.finding("base_image", "settings-conflict", problem, remedy)
    parts = registry_parts(config.base_image_registry)
    if any(parts.values()) and not all(parts.values()):
        problem = "Address, Username and Password must be provided for base image registry."
        missing = " and ".join(part for part in REGISTRY_PARTS if not parts[part])
        yield config.finding(
            "base_image_registry", "settings-conflict", problem, f"Add {missing}, or remove all."
        )


def _check_files(config: InferenceConfig, found: ResolvedInference) -> Iterator[Finding]:
    for name, path, words in (
        ("source_directory", found.source_directory, "source directory"),
        ("conda_file", found.conda_path, "Conda file"),
        ("extra_docker_file_steps", found.extra_docker_steps_path, "extra docker file steps"),
    ):
        written = getattr(config, name)
        if written and path is None and not is_refused(config, name):
            yield config.finding(
                name, "file-missing", f"{words} {written} doesn't exist.", "Correct the path."
            )
    if config.entry_script and not is_refused(config, "entry_script"):
        yield from _check_script(config, found)


def _check_script(config: InferenceConfig, found: ResolvedInference) -> Iterator[Finding]:
    written = config.entry_script
    name_problem = wrong_name(written)
    if name_problem:
        remedy = "Rename the file, for instance score.py."
        yield config.finding("entry_script", "entry-script-name", name_problem, remedy)
    if found.script_path is None:
        folder = "sourceDirectory" if config.source_directory else "current working directory"
        problem = f"entry_script {written} doesn't exist. entry_script should be path relative to {folder}."
        yield config.finding("entry_script", "file-missing", problem, "Correct the path, or create the file.")
        return
    if found.is_script_outside:
        problem = f"entry_script {written} is outside of sourceDirectory {config.source_directory}."
        remedy = "Move it there: only that folder is shipped."
        yield config.finding("entry_script", "entry-script-outside", problem, remedy)
    elif found.source_directory and found.taken.get("entryScript") in {CURRENT, CONFIG}:
        problem = f"entry_script {written} does not start at sourceDirectory {config.source_directory}, where Azure ML looks."
        inside = found.script_in_app.partition("/")[2]
        yield config.finding(
            "entry_script", "entry-script-place", problem, f"Write {inside}.", severity="warning"
        )
    syntax_error = find_syntax_error(found.script_path) if not name_problem else None
    if syntax_error:
        yield syntax_error
