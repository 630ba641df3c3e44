"""`/services/{name}/keys` and `/token`: secrets, shown on an explicit POST only, and a resource of their own."""

from __future__ import annotations

from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import Keys, Token, WhichKey

_noun = Noun("secrets")
ROUTES = _noun.routes


@_noun.route("POST", "/services/{name}/keys")
def show_keys(call: Call, name: str) -> Keys:
    """Both keys of a service."""
    keys = call.workspace.services.keys(name)
    return {"primaryKey": keys.primary, "secondaryKey": keys.secondary}


@_noun.route("POST", "/services/{name}/keys/regenerate", action="write", status=204)
def regenerate_key(call: Call, name: str, body: WhichKey) -> None:
    """Replace a key; callers that have the old one are refused from then on."""
    call.workspace.services.regenerate_key(name, body["key"])


@_noun.route("POST", "/services/{name}/token")
def issue_token(call: Call, name: str) -> Token:
    """A token that the service accepts for a while."""
    token = call.workspace.services.token(name)
    return {
        "accessToken": token.access_token,
        "tokenType": token.token_type,
        "refreshAfter": token.refresh_after.isoformat(),
        "expiryOn": token.expiry_on.isoformat(),
    }
