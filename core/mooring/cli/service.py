"""`mooring service …`: watching, calling, changing and deleting what is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from mooring.cli import common_flags as common
from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.nouns import noun
from mooring.cli.output import FORMATS, Answer
from mooring.cli.requests import read_secret
from mooring.cli.service_changes import add_changes
from mooring.cli.service_consume import add_consume
from mooring.cli.service_logs import add_logs
from mooring.cli.service_manifest import add_manifest
from mooring.cli.service_numbers import tell_numbers
from mooring.cli.service_replicas import replica_lines
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.deployments.values import Service

app = noun("service")

COLUMNS = {
    "Name": "name",
    "State": "state",
    "Compute": "computeType",
    "Models": "modelIds",
    "URL": "scoringUri",
}


@verb(
    app,
    "list",
    examples=["mooring service list", "mooring service list --model-name diabetes --tag area=health"],
)
def list_(
    call: Call,
    compute_type: Annotated[
        str | None, flag("--compute-type", "-c", help="Only of this compute type.", example="process")
    ] = None,
    model_name: Annotated[
        str | None,
        flag("--model-name", help="Only with a version of this model.", complete=common.complete_model_names),
    ] = None,
    model_id: Annotated[
        str | None, flag("--model-id", help="Only with this name:version.", complete=common.complete_models)
    ] = None,
    tag: common.WantedTags = None,
    property: common.WantedProperties = None,  # noqa: A002 (v1's flag)
    image_digest: Annotated[str | None, flag("--image-digest", help="Ignored.", hidden=True)] = None,
) -> Answer:
    """List services and how each is right now."""
    if image_digest:
        call.note("note: --image-digest has no meaning here and is ignored.")
    services = call.workspace.services.list(
        compute_type=compute_type,
        model_name=model_name,
        model_id=model_id,
        tags=common.wanted_labels(tag) or (),
        properties=common.wanted_labels(property) or (),
    )
    if not services:
        call.note("No services match. Deploy one: mooring model deploy -n NAME -m MODEL:VERSION --ic FILE")
    return Answer([service.to_dict() for service in services], services, columns=COLUMNS)


@verb(app, "show", examples=["mooring service show -n scorer", "mooring service show -n scorer -o json"])
def show(call: Call, name: common.ServiceName) -> Answer:
    """Show one service: state, address, models, numbers.

    The numbers are those of its own metrics, since it started: requests, server errors, and the times that half and
    99 % of the requests stayed below. A failed service shows the verdict: cause, evidence, remedy.
    """
    service = call.workspace.services.get(name)
    counts = call.workspace.services.counts(name) if service.state == "Healthy" else None
    replicas = call.workspace.services.replicas(name)
    facts = {
        **service.to_dict(),
        "requests": counts.to_dict() if counts is not None else None,
        "replicas": list(replicas),
    }
    rows: dict[str, Any] = {
        "name": service.name,
        "state": service.state,
        **_verdict_rows(service),
        "url": service.scoring_uri,
        "requests": tell_numbers(counts),
        **replica_lines(replicas),
        "swagger": service.swagger_uri,
        "models": list(service.models),
        "environment": service.environment,
        "compute type": facts["computeType"],
        "authentication": "token" if service.token_auth_enabled else "key" if service.auth_enabled else "off",
        "revision": service.revision,
        "description": service.description,
        "tags": service.tags,
        "properties": service.properties,
        "created": facts["createdTime"],
        "updated": facts["updatedTime"],
    }
    return Answer(
        facts, service, rows={label: value for label, value in rows.items() if value not in ("", {}, [])}
    )


@verb(
    app,
    "run",
    examples=[
        """mooring service run -n scorer -d '{"data": [[1,2,3,4,5,6,7,8,9,10]]}'""",
        "mooring service run -n scorer -d @sample.json",
        "cat sample.json | mooring service run -n scorer -d -",
    ],
)
def run(
    call: Call,
    name: common.ServiceName,
    input_data: Annotated[
        str,
        flag(
            "--input-data",
            "--data",
            "-d",
            help="Request body: text, @FILE, or - for stdin.",
            example="@sample.json",
        ),
    ],
) -> Answer:
    """Send one request and show the answer.

    The service's own key is used.
    """
    from mooring.cli.request_body import read_body

    answer = call.workspace.services.run(name, read_body(input_data))
    return Answer(answer, answer, is_plain=True)


@verb(
    app,
    "get-keys",
    examples=["mooring service get-keys -n scorer", "KEY=$(mooring service get-keys -n scorer -o primary)"],
    formats=(*FORMATS, "primary", "secondary"),
)
def get_keys(call: Call, name: common.ServiceName) -> Answer:
    """Show the keys of a service.

    `-o primary` and `-o secondary` give that key alone, for a script.
    """
    keys = call.workspace.services.keys(name)
    facts = {"primaryKey": keys.primary, "secondaryKey": keys.secondary}
    return _alone(call, Answer(facts), {"primary": keys.primary, "secondary": keys.secondary})


@verb(
    app,
    "get-access-token",
    examples=[
        "mooring service get-access-token -n scorer",
        "TOKEN=$(mooring service get-access-token -n scorer -o token)",
    ],
    formats=(*FORMATS, "token"),
)
def get_access_token(call: Call, name: common.ServiceName) -> Answer:
    """Get a token for a service.

    Only for services with token authentication. `-o token` gives it alone, for a script.
    """
    token = call.workspace.services.token(name)
    facts = {
        "accessToken": token.access_token,
        "tokenType": token.token_type,
        "refreshAfter": token.refresh_after.isoformat(timespec="seconds"),
        "expiryOn": token.expiry_on.isoformat(timespec="seconds"),
    }
    return _alone(call, Answer(facts), {"token": token.access_token})


@verb(
    app,
    "regen-key",
    examples=[
        "mooring service regen-key -n scorer -k Primary",
        "mooring service regen-key -n scorer -k Secondary -s @key.txt",
    ],
)
def regen_key(
    call: Call,
    name: common.ServiceName,
    key: Annotated[
        str,
        flag(
            "--key", "-k", help="Which key.", example="Primary", choices=("Primary", "Secondary", "Signing")
        ),
    ],
    set_key: Annotated[
        str | None,
        flag("--set-key", "-s", help="The new key, or @FILE that holds it; generated unless said."),
    ] = None,
) -> Answer:
    """Replace a key of a service.

    The old one stops working at once; the other one goes on. A new signing key revokes all tokens.
    """
    call.workspace.services.regenerate_key(name, key, read_secret(set_key) if set_key else None)
    which = key.lower()
    after = [f"See it: mooring service get-keys -n {name} -o {which}"] if which != "signing" else []
    return Answer(
        {"name": name, "regenerated": which}, text=f"The {which} key of {name} is a new one.", after=after
    )


def _verdict_rows(service: Service) -> dict[str, Any]:
    """The verdict; of the last change, when what served before it still does."""
    failure = service.failure
    if failure is None:
        return {}
    where = f"{failure.excerpt.path}, line {failure.excerpt.line}" if failure.excerpt else ""
    return {
        "last change failed" if service.state == "Healthy" else "cause": failure.cause,
        "where": where,
        "evidence": " · ".join(failure.evidence),
        "fix": failure.remedy,
        "code": failure.code,
    }


add_logs(app)
add_consume(app)
add_changes(app)
add_manifest(app)


def _alone(call: Call, whole: Answer, parts: dict[str, str]) -> Answer:
    """The one part that `-o` names, by itself, or the whole answer."""
    part = parts.get(call.form)
    if part is None:
        return whole
    call.form = "table"
    return Answer(whole.data, text=part)
