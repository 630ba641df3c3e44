"""The service desk: every use case of a service's life, in one place to look for.

Each use case is a module of its own, loaded when it is first asked for: listing services should cost nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mooring.deployments.parts import Parts
from mooring.deployments.values import Event, LogLine, Revision, Service

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.calls import Answer
    from mooring.deployments.from_image import FromImage
    from mooring.deployments.history import Durations
    from mooring.deployments.keys import AccessToken, KeyPair
    from mooring.deployments.numbers import RequestCounts
    from mooring.deployments.planning import Plan
    from mooring.deployments.prepared import PreparedOperation
    from mooring.deployments.proposing import Proposal
    from mooring.deployments.reading import Label
    from mooring.deployments.request_form import RequestForm
    from mooring.deployments.snippets import Snippet
    from mooring.deployments.target import Reporter


class ServiceDesk:
    """Deploy, change, watch, ask and delete the services of a workspace.

    Args:
        parts: Around the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # ---- changing ------------------------------------------------------------------------------------------------

    def deploy(
        self,
        name: str,
        models: Sequence[str],
        inference: InferenceConfig | FromImage,
        deployment: DeploymentConfig | None = None,
        *,
        overwrite: bool = False,
        reporter: Reporter | None = None,
    ) -> Service:
        """Bring a service up and return it Healthy.

        Args:
            name: Of the service.
            models: Ids `name:version` or `name`; may be empty.
            inference: Script, folder, environment; or an image that is there already.
            deployment: Where and how; None means a process of this machine.
            overwrite: Replace a service of that name: same URL and keys when the place stays the same.
            reporter: Told about phases as they happen.

        Raises:
            InvalidServiceName, ServiceExists, ServiceBusy, UnknownComputeType, ChecksFailed, ModelNotFound: Nothing
                was made.
            DeploymentFailed: With the verdict; what served before still serves.
            KeyboardInterrupt: Everything was undone.
        """
        return self.prepare_deploy(
            name, models, inference, deployment, overwrite=overwrite, reporter=reporter
        ).carry_out()

    def prepare_deploy(
        self,
        name: str,
        models: Sequence[str],
        inference: InferenceConfig | FromImage,
        deployment: DeploymentConfig | None = None,
        *,
        overwrite: bool = False,
        reporter: Reporter | None = None,
    ) -> PreparedOperation:
        """The first half of `deploy`: checked and recorded; call `carry_out`, in any thread, for the second."""
        from mooring.deployments import deploying

        return deploying.prepare_deploy(
            self._parts, name, models, inference, deployment, overwrite=overwrite, reporter=reporter
        )

    def plan_deploy(
        self,
        name: str,
        models: Sequence[str],
        inference: InferenceConfig | FromImage,
        deployment: DeploymentConfig | None = None,
        *,
        overwrite: bool = False,
    ) -> Plan:
        """What `deploy` with the same arguments would do; makes nothing, and raises what `deploy` would raise first."""
        from mooring.deployments import planning

        return planning.plan_deploy(self._parts, name, models, inference, deployment, overwrite=overwrite)

    def plan_update(
        self,
        name: str,
        *,
        models: Sequence[str] | None = None,
        inference_config: InferenceConfig | FromImage | None = None,
        deployment_config: DeploymentConfig | None = None,
        settings: dict[str, Any] | None = None,
    ) -> Plan:
        """What `update` would do, or `reload` when nothing is given."""
        from mooring.deployments import planning

        return planning.plan_update(
            self._parts,
            name,
            models=models,
            inference=inference_config,
            deployment=deployment_config,
            settings=settings or {},
        )

    def update(
        self,
        name: str,
        *,
        models: Sequence[str] | None = None,
        inference_config: InferenceConfig | FromImage | None = None,
        deployment_config: DeploymentConfig | None = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        settings: dict[str, Any] | None = None,
        reporter: Reporter | None = None,
    ) -> Service:
        """Change what is given; URL and keys stay, and no request fails.

        Unlike v1, models may change alone: the script and environment are known from before.

        Args:
            name: Of the service.
            models: Serve these instead.
            inference_config: Another script or environment.
            deployment_config: Other settings, of the same compute type.
            tags: Replace the tags.
            properties: Add properties.
            description: Replace the description.
            settings: Single attributes of the deployment config.
            reporter: Told about phases.

        Raises:
            NothingToUpdate: Nothing was given.
            ServiceNotFound, ServiceBusy, ChecksFailed, ImmutableProperty, WrongComputeType: Nothing was changed.
            DeploymentFailed: With the verdict; what served before still serves.
        """
        operation = self.prepare_update(
            name,
            models=models,
            inference_config=inference_config,
            deployment_config=deployment_config,
            tags=tags,
            properties=properties,
            description=description,
            settings=settings,
            reporter=reporter,
        )
        return operation.carry_out() if operation else self.get(name)

    def prepare_update(
        self,
        name: str,
        *,
        models: Sequence[str] | None = None,
        inference_config: InferenceConfig | FromImage | None = None,
        deployment_config: DeploymentConfig | None = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        settings: dict[str, Any] | None = None,
        reporter: Reporter | None = None,
    ) -> PreparedOperation | None:
        """The first half of `update`; None when only labels changed, which is done by then."""
        from mooring.deployments import updating
        from mooring.deployments.errors import NothingToUpdate

        labelled = any(value is not None for value in (tags, properties, description))
        restarts = bool(settings) or any(v is not None for v in (models, inference_config, deployment_config))
        if not labelled and not restarts:
            raise NothingToUpdate(service=name)
        if labelled:
            updating.relabel(self._parts, name, tags=tags, properties=properties, description=description)
        if not restarts:
            return None
        return updating.prepare_update(
            self._parts,
            name,
            models=models,
            inference=inference_config,
            deployment=deployment_config,
            settings=settings or {},
            reason="update",
            reporter=reporter,
        )

    def reload(self, name: str, *, reporter: Reporter | None = None) -> Service:
        """Run the script as it is on disk now, with the same models and settings; also starts what stopped."""
        return self.prepare_reload(name, reporter=reporter).carry_out()

    def prepare_reload(self, name: str, *, reporter: Reporter | None = None) -> PreparedOperation:
        """The first half of `reload`."""
        from mooring.deployments import updating

        return updating.prepare_update(
            self._parts,
            name,
            models=None,
            inference=None,
            deployment=None,
            settings={},
            reason="reload",
            reporter=reporter,
        )

    def rollback(self, name: str, *, reporter: Reporter | None = None) -> Service:
        """Serve the previous revision again, with the code it had.

        Raises:
            NothingToRollBack: There is none.
        """
        from mooring.deployments import updating

        return updating.prepare_rollback(self._parts, name, reporter=reporter).carry_out()

    def delete(self, name: str) -> None:
        """Stop and forget a service: no process, port, file or record stays.

        Raises:
            ServiceNotFound, ServiceBusy: Nothing was changed.
        """
        from mooring.deployments import deleting

        deleting.delete(self._parts, name)

    # ---- reading -------------------------------------------------------------------------------------------------

    def get(self, name: str) -> Service:
        """A service as it is now.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments import reading

        return reading.get(self._parts, name)

    def replicas(self, name: str) -> Sequence[dict[str, Any]]:
        """What runs of a service, a row each: name, state, node, restarts, cpu, memory; empty where it means nothing."""
        from mooring.deployments import reading

        return reading.replicas(self._parts, name)

    # ---- endpoints: several versions behind one URL ----------------------------------------------------------------

    def versions(self, name: str) -> dict[str, dict[str, Any]]:
        """How an endpoint shares its requests out: by version `traffic` (percent), `default`, `control`.

        Raises:
            ServiceNotFound, NotAnEndpoint: There is none of that name, or it has one version only.
        """
        from mooring.deployments import endpoints

        return endpoints.versions(self._parts, name)

    def prepare_version(
        self,
        name: str,
        version: str,
        *,
        is_new: bool,
        models: Sequence[str] | None = None,
        inference_config: InferenceConfig | None = None,
        settings: dict[str, Any] | None = None,
        reporter: Reporter | None = None,
    ) -> PreparedOperation:
        """A version to be brought up behind the endpoint's URL; call `carry_out`. The others are not touched.

        Raises:
            VersionExists: It is there, and should be new.
            ServiceNotFound, NotAnEndpoint, ServiceBusy, ChecksFailed: Nothing was changed.
        """
        from mooring.deployments import endpoints, updating

        if is_new:
            endpoints.require_new(self._parts, name, version)
        return updating.prepare_update(
            self._parts,
            name,
            models=models,
            inference=inference_config,
            deployment=None,
            settings={**(settings or {}), "version_name": version},
            reason="update",
            reporter=reporter,
        )

    def set_traffic(
        self,
        name: str,
        version: str,
        *,
        traffic: float | None = None,
        default: bool | None = None,
        control: bool | None = None,
    ) -> None:
        """Send a version another share of the requests, in percent, or make it the default; nothing restarts.

        Raises:
            ServiceNotFound, NotAnEndpoint, ServiceBusy: Nothing was changed.
            MooringError: There is no such version, or more than everything would be assigned.
        """
        from mooring.deployments import endpoints

        wanted = {"traffic": traffic, "default": default, "control": control}
        endpoints.set_traffic(self._parts, name, version, wanted)

    def delete_version(self, name: str, version: str) -> None:
        """Remove a version of an endpoint, once nothing is sent to it any more.

        Raises:
            ServiceNotFound, NotAnEndpoint, ServiceBusy: Nothing was changed.
            MooringError: There is no such version, or it is the default.
        """
        from mooring.deployments import endpoints

        endpoints.delete_version(self._parts, name, version)

    def manifest(self, name: str) -> Sequence[dict[str, Any]]:
        """The objects a service was made of, as applied and without Secrets.

        Raises:
            ServiceNotFound: There is none.
            NoManifest: Its place is told by none, or it never served.
        """
        from mooring.deployments import reading

        return reading.manifest(self._parts, name)

    def planned_manifest(
        self,
        name: str,
        models: Sequence[str],
        inference: InferenceConfig | FromImage,
        deployment: DeploymentConfig | None = None,
    ) -> Sequence[dict[str, Any]]:
        """The objects that `deploy` would apply, replacing what is there; nothing is made.

        Raises:
            NoManifest: The place is not told by manifests.
            MooringError: What `deploy` would raise first.
        """
        from mooring.deployments import manifesting

        return manifesting.planned_manifest(self._parts, name, models, inference, deployment)

    def revisions(self, name: str) -> Sequence[Revision]:
        """What was asked for, time after time, oldest first."""
        return self._parts.store.revisions(name)

    def list(
        self,
        *,
        compute_type: str | None = None,
        model_name: str | None = None,
        model_id: str | None = None,
        tags: Sequence[Label] = (),
        properties: Sequence[Label] = (),
    ) -> Sequence[Service]:
        """Services as they are now, by name; every condition must hold. Tags: `key` or `(key, value)`."""
        from mooring.deployments import reading

        return reading.select(
            self._parts,
            compute_type=compute_type,
            model_name=model_name,
            model_id=model_id,
            tags=tags or (),
            properties=properties or (),
        )

    def summary(self, service: Service) -> dict[str, Any]:
        """A service as JSON, with what is being done to it and whether its script was edited since; holds no key."""
        from mooring.deployments import facts

        return facts.summary(self._parts, service)

    def details(self, service: Service) -> dict[str, Any]:
        """The same with its numbers, its revisions and what was asked for."""
        from mooring.deployments import facts

        return facts.details(self._parts, service)

    def seen_there(self, name: str) -> dict[str, Any]:
        """What the place where a service runs tells for people: workers or replicas, restarts, memory; JSON-able.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments.beginning import not_found

        record = self._parts.store.find(name)
        if record is None:
            raise not_found(self._parts, name)
        return self._parts.targets.named(record.target).observe(name).details

    def original_path(self, name: str, path: str) -> str:
        """The user's own file for a path that a service's log or traceback names; other paths come back as they are."""
        from mooring.deployments import facts

        return facts.original_path(self._parts, name, path)

    def created_time(self, name: str) -> datetime:
        """When a service was first deployed: tells it from an earlier one of the same name. Asks no target.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments.beginning import not_found

        record = self._parts.store.find(name)
        if record is None:
            raise not_found(self._parts, name)
        return record.created_time

    def propose(self, path: Path, *, compute_type: str | None = None) -> Proposal:
        """What deploying a script or configuration would take, when nothing else is said; nothing is made.

        Raises:
            NothingToDeploy: The file leads to no entry script.
        """
        from mooring.deployments import proposing

        return proposing.propose(self._parts, path, compute_type=compute_type)

    def using(self, script: Path) -> Sequence[Service]:
        """The services that run an entry script, as they are now, by name."""
        from mooring.deployments import proposing

        return [each for each in self.list() if script in proposing.scripts_of(self._parts, each)]

    def newest_models(self, name: str) -> Sequence[str]:
        """Ids of the newest versions of the models that a service serves.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments import proposing

        return proposing.newest_versions(self._parts, self.get(name).models)

    def stream(
        self, name: str, cursor: str | None = None, *, follow: bool = False
    ) -> Iterator[Event | LogLine]:
        """Events and log lines in order, each with a cursor to go on from.

        Args:
            name: Of the service.
            cursor: Of the last item seen; None begins at the start.
            follow: Wait for more, until the service is deleted.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments import streaming

        return streaming.stream(self._parts, name, cursor, follow=follow)

    def tail(self, name: str, num_lines: int = 5000) -> Sequence[Event | LogLine]:
        """The last events and log lines; `stream` goes on from the cursor of the last one."""
        from mooring.deployments import streaming

        return streaming.tail(self._parts, name, num_lines=num_lines)

    def past_durations(self) -> Durations:
        """Seconds each phase took in earlier operations, by phase; see `mooring.deployments.history`."""
        from mooring.deployments import history

        return history.past_durations(self._parts.store)

    def logs(self, name: str, num_lines: int = 5000, *, last_start: bool = False) -> Sequence[LogLine]:
        """The last lines it wrote; with `last_start` only those of the last start attempt, failed or not."""
        from mooring.deployments import streaming

        return streaming.logs(self._parts, name, num_lines=num_lines, last_start=last_start)

    # ---- using ---------------------------------------------------------------------------------------------------

    def run(self, name: str, data: Any) -> Any:
        """Send one request with the service's own key and return the decoded answer.

        Args:
            name: Of the service.
            data: Text and bytes are sent as they are, anything else as JSON.

        Raises:
            ServiceNotFound, ServiceUnreachable, BadAnswer: Each says what to do.
        """
        from mooring.deployments import scoring

        return scoring.run(self._parts, name, data)

    def ask(self, name: str, data: Any) -> Answer:
        """As `run`, but gives status, headers, time and body of whatever came back.

        Raises:
            ServiceNotFound, ServiceUnreachable: Each says what to do.
        """
        from mooring.deployments import scoring

        return scoring.ask(self._parts, name, data)

    def counts(self, name: str) -> RequestCounts | None:
        """Requests since the service started, from its own metrics; None while it does not tell."""
        from mooring.deployments.numbers import fetch_counts

        record = self._parts.store.find(name)
        return fetch_counts(record.scoring_uri) if record is not None and record.scoring_uri else None

    def request_form(self, name: str) -> RequestForm:
        """A good request, its schema, and the fields of a form that makes one.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments import asking

        return asking.request_form(self._parts, name)

    def snippets(self, name: str) -> Sequence[Snippet]:
        """Programs that ask the service, one a language; they hold no key.

        Raises:
            ServiceNotFound: There is none.
        """
        from mooring.deployments import asking

        return asking.snippets(self._parts, name)

    def keys(self, name: str) -> KeyPair:
        """Both keys.

        Raises:
            AuthOff: The service has none.
        """
        from mooring.deployments.keys import KeyPair

        self._require(name, "keys")
        keys = self._parts.keys(name).read()
        return KeyPair(primary=keys["primary"], secondary=keys["secondary"])

    def regenerate_key(self, name: str, which: str, value: str | None = None) -> None:
        """Replace the `Primary`, `Secondary` or `Signing` key; a new signing key revokes every token.

        Raises:
            AuthOff: The service has none.
            InvalidKey: No such key, or a value that can't be one.
        """
        service = self._require(name, "token" if which.casefold() == "signing" else "keys")
        self._parts.keys(name).regenerate(which, value)
        self._parts.targets.named(service.target).apply_keys(name)

    def token(self, name: str) -> AccessToken:
        """A token the service accepts for a while.

        Raises:
            AuthOff: It takes none.
        """
        self._require(name, "token")
        return self._parts.keys(name).issue_token(name)

    def _require(self, name: str, wanted: str) -> Service:
        from mooring.deployments.beginning import not_found
        from mooring.deployments.errors import AuthOff

        record = self._parts.store.find(name)
        if record is None:
            raise not_found(self._parts, name)
        if not (record.token_auth_enabled if wanted == "token" else record.auth_enabled):
            raise AuthOff(service=name, wanted=wanted)
        return record
