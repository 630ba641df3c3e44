"""The registry as everybody uses it: register, find, list, change, delete, and get the files back."""

from __future__ import annotations

import builtins
import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mooring.registry import layout
from mooring.registry.artifacts import ArtifactStore
from mooring.registry.errors import ModelNotFound, PropertyImmutable
from mooring.registry.frameworks import canonical_framework
from mooring.registry.garbage import Garbage, collect, find_garbage
from mooring.registry.mlflow import completed, fetched, is_mlflow_uri
from mooring.registry.names import check_labels, check_name, check_version, parse_filters, parse_id
from mooring.registry.registration import as_json, draft_version, register
from mooring.registry.source import scan
from mooring.registry.store import ModelQuery, ModelStore
from mooring.registry.values import ModelVersion, Progress, ResourceConfiguration

_KEEP: Any = object()
"""Default of what `update` may also set to None."""

MIN_GARBAGE_AGE_S = 3600.0
"""What is younger may belong to a registration that is still running."""


class ModelRegistry:
    """Models of one workspace: `store` knows about them, `artifacts` has their files."""

    def __init__(self, store: ModelStore, artifacts: ArtifactStore) -> None:
        self.store = store
        self.artifacts = artifacts

    def register(
        self,
        path: str | os.PathLike[str],
        name: str,
        *,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        framework: str | None = None,
        framework_version: str | None = None,
        sample_input: Any = None,
        sample_output: Any = None,
        resource_configuration: ResourceConfiguration | None = None,
        run_id: str | None = None,
        experiment_name: str | None = None,
        child_paths: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> ModelVersion:
        """Register a file or folder as the next version of `name`.

        Args:
            path: File or folder, relative to the working directory; or an address of MLflow (`runs:/…`, `models:/…`),
                which also gives the facts that are not given here.
            name: Letters, digits, dashes, dots and underscores.
            tags: Labels that may change.
            properties: Labels that may not.
            description: Free text.
            framework: One of `FRAMEWORKS`, or a word of your own.
            framework_version: Needs `framework`.
            sample_input: Anything that JSON can hold.
            sample_output: The same.
            resource_configuration: What a copy needs to run.
            run_id: Of the run that made it.
            experiment_name: Of that run.
            child_paths: Files and folders below `path`, to keep only those.
            progress: Told bytes done and bytes in all, perhaps from other threads.

        Raises:
            InvalidModelName, InvalidLabels, FrameworkVersionAlone, InvalidSample, InvalidChildPaths: An argument.
            SourceMissing, SourceEmpty, SourceUnreadable, SourceChanged: What is at `path`.
            StorageFull, StorageFailed: Where it should be kept.
            MlflowMissing, MlflowFailed: What an address of MLflow leads to.
        """
        check_name(name)
        facts: dict[str, Any] = {
            "tags": check_labels("tags", tags),
            "properties": check_labels("properties", properties),
            "description": description,
            "framework": framework,
            "framework_version": framework_version,
            "sample_input": sample_input,
            "sample_output": sample_output,
            "resource_configuration": resource_configuration,
            "run_id": run_id,
            "experiment_name": experiment_name,
        }
        if is_mlflow_uri(path):
            with fetched(str(path)) as origin:
                return self._register(origin.path, name, child_paths, progress, completed(facts, origin))
        return self._register(path, name, child_paths, progress, facts)

    def _register(
        self,
        path: str | os.PathLike[str],
        name: str,
        child_paths: Sequence[str] | None,
        progress: Progress | None,
        facts: dict[str, Any],
    ) -> ModelVersion:
        source = scan(path, child_paths=child_paths)
        draft = draft_version(name, source, **facts)
        return register(source, draft, store=self.store, artifacts=self.artifacts, progress=progress)

    def get(self, name: str, version: int | None = None) -> ModelVersion:
        """That version, or the newest.

        Raises:
            ModelNotFound, InvalidModelName, InvalidModelVersion: See there.
        """
        check_name(name)
        found = self.store.find(name, check_version(version))
        if found is None:
            raise self._not_found(name, version)
        return found

    def get_by_id(self, model_id: str) -> ModelVersion:
        """The version that `name` (the newest) or `name:version` means; raises as `get` does."""
        return self.get(*parse_id(model_id))

    def list(
        self,
        name: str | None = None,
        *,
        tags: Sequence[str | Sequence[str]] | None = None,
        properties: Sequence[str | Sequence[str]] | None = None,
        framework: str | None = None,
        run_id: str | None = None,
        latest: bool = False,
        limit: int | None = None,
        before: str | None = None,
    ) -> list[ModelVersion]:
        """Versions that satisfy every condition, newest registration first.

        Args:
            name: Exactly this one.
            tags: List of `key`, or of `[key, value]`.
            properties: The same.
            framework: In any case.
            run_id: Made by this run.
            latest: Only the newest version of each name. With it, the other conditions hold for that version.
            limit: At most so many.
            before: Id of the last version of the page before this one.

        Raises:
            InvalidFilter: `tags` or `properties` are no such list.
            ModelNotFound: `before` is not there any more.
        """
        return self.store.select(
            ModelQuery(
                name=name,
                tags=parse_filters("tags", tags),
                properties=parse_filters("properties", properties),
                framework=canonical_framework(framework),
                run_id=run_id,
                latest=latest,
                limit=limit,
                before=before,
            )
        )

    def update(
        self,
        model_id: str,
        *,
        tags: dict[str, str] | None = None,
        add_tags: dict[str, str] | None = None,
        remove_tags: Collection[str] | None = None,
        add_properties: dict[str, str] | None = None,
        description: str | None = _KEEP,
        sample_input: Any = _KEEP,
        sample_output: Any = _KEEP,
        resource_configuration: ResourceConfiguration | None = _KEEP,
    ) -> ModelVersion:
        """Change what may change of a version; whatever is not given stays.

        Args:
            model_id: `name` for the newest, or `name:version`.
            tags: Replace all tags.
            add_tags: Add or overwrite these.
            remove_tags: Keys; those that are not set are ignored.
            add_properties: New ones only.
            description: None removes it, here and below.
            sample_input: Anything that JSON can hold.
            sample_output: The same.
            resource_configuration: What a copy needs to run.

        Raises:
            ModelNotFound: It is not there.
            InvalidLabels, InvalidSample: An argument.
            PropertyImmutable: A property of that name is set already.
        """
        new_tags = check_labels("tags", tags) if tags is not None else None
        added = check_labels("tags", add_tags)
        new_properties = check_labels("properties", add_properties)
        rest = {
            "description": description,
            "sample_input": sample_input if sample_input is _KEEP else as_json("sample_input", sample_input),
            "sample_output": sample_output
            if sample_output is _KEEP
            else as_json("sample_output", sample_output),
            "resource_configuration": resource_configuration,
        }

        def edit(before: ModelVersion) -> ModelVersion:
            present = sorted(set(before.properties) & set(new_properties))
            if present:
                raise PropertyImmutable(before.id, tuple(present))
            merged = {**(before.tags if new_tags is None else new_tags), **added}
            kept = {key: value for key, value in merged.items() if key not in (remove_tags or ())}
            properties = {**before.properties, **new_properties}
            return replace(
                before,
                tags=kept,
                properties=properties,
                **{field: value for field, value in rest.items() if value is not _KEEP},
            )

        version = self.get_by_id(model_id)
        return self.store.change(version.name, version.version, edit)

    def delete(self, model_id: str) -> ModelVersion:
        """Forget a version; its files go with the next collection of garbage.

        Raises:
            ModelInUse: Services use it; the error names them.
            ModelNotFound: It is not there.
        """
        version = self.get_by_id(model_id)
        return self.store.remove(version.name, version.version)

    def download(
        self,
        model_id: str,
        target_dir: str | os.PathLike[str] = ".",
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Copy a version's file or folder into `target_dir` and return its path there.

        Raises:
            AlreadyThere: Something of that name is there, and `overwrite` is not set.
            ArtifactMissing, ArtifactDamaged, TargetUnwritable, StorageFull: See there.
        """
        version = self.get_by_id(model_id)
        return layout.download(
            version, Path(target_dir), self.artifacts, overwrite=overwrite, progress=progress
        )

    def checkout(self, model: ModelVersion, models_root: Path, *, progress: Progress | None = None) -> Path:
        """Lay a version out as `<models_root>/<name>/<version>/<entry>` and return that path.

        The files are read-only, checked, and take no extra space where hard links are possible. A layout that is
        there already is checked and mended.

        Raises:
            ArtifactMissing, ArtifactDamaged, TargetUnwritable, StorageFull: See there.
        """
        return layout.checkout(model, models_root, self.artifacts, progress=progress)

    def claim(self, service: str, model_ids: Collection[str]) -> None:
        """Note that a service uses these versions, so that nobody deletes them; ids as `get_by_id` takes them.

        Raises:
            ModelNotFound: One is not there; none is claimed then.
        """
        self.store.claim(service, [self._exact(model_id) for model_id in model_ids])

    def release(self, service: str, *, keep: Collection[str] = ()) -> None:
        """Note that a service uses no model any more, but those of `keep` (ids `name:version`)."""
        pairs = [parse_id(model_id) for model_id in keep]
        self.store.release(service, keep=[(name, version) for name, version in pairs if version is not None])

    def users(self, model_id: str) -> builtins.list[str]:
        """Names of the services that use a version, sorted."""
        return self.store.users(*self._exact(model_id))

    def garbage(self, *, min_age_s: float = MIN_GARBAGE_AGE_S) -> builtins.list[Garbage]:
        """Files that no version has, and half-written ones, that are at least so old."""
        return find_garbage(self.store, self.artifacts, min_age_s=min_age_s)

    def collect_garbage(self, *, min_age_s: float = MIN_GARBAGE_AGE_S) -> builtins.list[Garbage]:
        """Remove what `garbage` lists and say what was removed. Registrations may go on meanwhile."""
        return collect(self.store, self.artifacts, min_age_s=min_age_s)

    def _exact(self, model_id: str) -> tuple[str, int]:
        name, version = parse_id(model_id)
        return (name, version) if version is not None else (name, self.get(name).version)

    def _not_found(self, name: str, version: int | None) -> ModelNotFound:
        versions = tuple(self.store.versions(name))
        model_id = name if version is None else f"{name}:{version}"
        return ModelNotFound(
            model_id, known=() if versions else tuple(self.store.names(limit=1000)), versions=versions
        )
