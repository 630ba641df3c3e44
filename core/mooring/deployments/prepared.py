"""An operation that was accepted: recorded, owned, and carried out now or in another thread."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from mooring.deployments import endpoints, failing, records, sampling
from mooring.deployments.journal import Journal
from mooring.deployments.layout import digest_of
from mooring.deployments.parts import Parts
from mooring.deployments.releasing import forget_layouts, prepare_release
from mooring.deployments.target import Release, Running, Target
from mooring.deployments.values import Revision, Service


@dataclass
class PreparedOperation:
    """Holds a service's lock until `carry_out` or `abandon` was called.

    Attributes:
        record: As stored, with its operation.
        revision: To be started.
        code_from: The earlier revision whose code is taken, on a rollback.
        held: What is let go at the end: the lock.
    """

    parts: Parts
    target: Target
    record: Service
    revision: Revision
    journal: Journal
    held: ExitStack
    code_from: Revision | None = None
    _is_over: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        """The service's."""
        return self.record.name

    def carry_out(self) -> Service:
        """Bring the revision up; what served before keeps serving when that fails.

        Raises:
            DeploymentFailed: With the verdict.
            KeyboardInterrupt: After everything was undone.
        """
        with self.held:
            release: Release | None = None
            try:
                release = self._prepare()
                running = self.target.start(release, self.journal)
            except Exception as error:
                raise failing.settle_failure(self, error) from error
            except BaseException:
                failing.undo(self)
                raise
            self._sample(release, running)
            return self._succeed(running)

    def abandon(self) -> None:
        """Give up before it began: the record becomes what it was."""
        with self.held:
            failing.undo(self)

    def _prepare(self) -> Release:
        serving = records.find_revision(self.parts.store.revisions(self.name), self.record.revision)
        release = prepare_release(
            self.parts,
            self.revision,
            self.journal,
            target=self.target,
            port=self.record.port,
            known_environment=serving.environment_digest if serving else "",
            code_from=self.code_from,
        )
        script = release.app_root / release.entry_script
        self.revision = replace(
            self.revision, environment_digest=release.environment.digest, source=digest_of(script)
        )
        self.parts.store.put_revision(self.revision)
        return release

    def _sample(self, release: Release, running: Running) -> None:
        """A service that answers is Healthy; a sample that fails is said, not punished, as in v1."""
        try:
            sampling.send_sample(self.parts, release, running, self.journal)
        except KeyboardInterrupt:
            self._succeed(running)
            raise

    def _succeed(self, running: Running) -> Service:
        return succeed(self.parts, self.record, self.revision, running, self.journal)


def succeed(parts: Parts, record: Service, revision: Revision, running: Running, journal: Journal) -> Service:
    """Write down that a revision serves, and let go of what only earlier ones needed."""
    before = records.find_revision(parts.store.revisions(record.name), record.revision)
    parts.store.put_revision(replace(revision, status="serving"))
    if before is not None and before.number != revision.number:
        parts.store.put_revision(replace(before, status="superseded"))
    after = records.serving(record, revision, running)
    parts.store.put(after)
    parts.models.release(record.name, keep=endpoints.models_kept(parts, revision))
    forget_layouts(parts.folder(record.name), keep={revision.number, record.revision or 0})
    journal.event("healthy", running.scoring_uri, data={"scoring_uri": running.scoring_uri})
    return after
