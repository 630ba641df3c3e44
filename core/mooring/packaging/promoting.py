"""The image a service runs right now, with all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass

from mooring.deployments import layout, records
from mooring.deployments.asked import app_root_of, source_of
from mooring.deployments.beginning import existing, hold
from mooring.deployments.parts import Parts
from mooring.engine import Engine
from mooring.environments import Resolution
from mooring.errors import MooringError
from mooring.images.naming import LABEL
from mooring.images.parts import BuiltImage, ImageParts
from mooring.packaging.registering import Made


@dataclass(eq=False)
class NotInAContainer(MooringError):
    """The service has no image that could go elsewhere."""

    code = "service-without-image"
    service: str
    target: str

    @property
    def problem(self) -> str:
        """Where it runs instead."""
        return f"{self.service} runs on target {self.target}, not in a container of this engine."

    @property
    def remedy(self) -> str:
        """How to get one."""
        return "Build an image of the same model and script: mooring image build, or deploy to computeType local first."


def running_image(parts: Parts, service: str, engine: Engine) -> Made:
    """The image a service runs; the code is where the serving revision is laid out.

    Raises:
        ServiceNotFound: There is no such service.
        NotInAContainer: It runs in none of this engine.
    """
    with hold(parts, service):
        record = existing(parts, service)
        revision = records.find_revision(parts.store.revisions(service), record.revision)
        seen = parts.targets.named(record.target).observe(service)
        image_id = str(seen.details.get("image") or "")
        facts = engine.find_image(image_id) if image_id and revision else None
        if revision is None or facts is None:
            raise NotInAContainer(service=service, target=record.target)
        labels: dict[str, str] = (facts.get("Config") or {}).get("Labels") or {}
        tag = next(iter(facts.get("RepoTags") or []), image_id)
        source = source_of(revision.inference)
        models = [parts.models.get_by_id(model) for model in revision.models]
        environment = Resolution(
            digest=revision.environment_digest, python_version=labels.get(LABEL + "python", "")
        )
        made_of = ImageParts(
            app_root=app_root_of(parts.folder(service), revision),
            entry_script=source.entry_in_app_root,
            source_directory=source.directory_name,
            model_dir=layout.model_dir(models),
            models=models,
            environment=environment,
        )
        document = {key: value for key, value in revision.inference.items() if key != "fromImage"}
        base = labels.get(LABEL + "base", "")
        image = BuiltImage(image_id, tag, base, reused=("image",), made=())
        return Made(image, made_of, document)
