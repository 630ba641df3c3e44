"""`/jobs`: long work, how far it is, and how it ended."""

from __future__ import annotations

from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import Job, Jobs

_noun = Noun("jobs")
ROUTES = _noun.routes


@_noun.route("GET", "/jobs")
def list_jobs(call: Call) -> Jobs:
    """Long work of the last day, newest first; also what other tabs and servers on the same home began."""
    return {"jobs": call.jobs.find()}


@_noun.route("GET", "/jobs/{job}")
def show_job(call: Call, job: str) -> Job:
    """One piece of long work."""
    return call.jobs.get(job)


@_noun.route("DELETE", "/jobs/{job}", action="write")
def cancel_job(call: Call, job: str) -> Job:
    """Interrupt it, as Ctrl-C would: what it began is undone."""
    return call.jobs.cancel(job)
