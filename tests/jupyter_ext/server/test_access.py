"""Who may ask: every route, without anybody's word for it."""

from __future__ import annotations

import json

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from mooring_jupyter.openapi import openapi_document

EVERYTHING = [
    (method.upper(), path) for path, methods in openapi_document()["paths"].items() for method in methods
]
EVERYTHING += [("GET", "/openapi.json"), ("GET", "/events")]
CHANGING = [(method, path) for method, path in EVERYTHING if method != "GET"]


def filled(path: str) -> str:
    values = {
        "name": "x",
        "version": "1",
        "other": "2",
        "compute_type": "process",
        "upload": "0" * 24,
        "job": "j",
    }
    return path.format_map(values)


async def fetch(client, base_url, method, path, **headers):
    body = b"{}" if method in ("POST", "PATCH") else None
    return await client.fetch(
        f"{base_url}mooring/api{filled(path)}",
        method=method,
        body=body,
        headers={"Content-Type": "application/json", **headers},
        request_timeout=120,
        raise_error=False,
        follow_redirects=False,
    )


async def test_nobody_is_answered_without_a_token(jp_serverapp, http_server_client, jp_base_url):
    replies = {each: (await fetch(http_server_client, jp_base_url, *each)).code for each in EVERYTHING}

    assert replies == dict.fromkeys(EVERYTHING, 403)


async def test_a_wrong_token_opens_nothing(jp_serverapp, http_server_client, jp_base_url):
    replies = {
        each: (await fetch(http_server_client, jp_base_url, *each, Authorization="token wrong")).code
        for each in EVERYTHING
    }

    assert replies == dict.fromkeys(EVERYTHING, 403)


async def log_in(jp_serverapp, http_server_client, jp_base_url):
    """What a browser holds after logging in: who it is, and the XSRF token."""
    token = jp_serverapp.identity_provider.token
    form = await http_server_client.fetch(f"{jp_base_url}login")
    entered = await http_server_client.fetch(
        f"{jp_base_url}login?token={token}", follow_redirects=False, raise_error=False
    )
    told = [*form.headers.get_list("Set-Cookie"), *entered.headers.get_list("Set-Cookie")]
    return dict(each.split(";")[0].split("=", 1) for each in told)


def as_header(cookies):
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


async def test_another_sites_page_cannot_change_anything(jp_serverapp, http_server_client, jp_base_url):
    cookies = await log_in(jp_serverapp, http_server_client, jp_base_url)
    cookie = as_header(cookies)
    foreign = {"Cookie": cookie, "Origin": "https://elsewhere.example", "X-XSRFToken": cookies["_xsrf"]}

    without_xsrf = {
        each: (await fetch(http_server_client, jp_base_url, *each, Cookie=cookie)).code for each in CHANGING
    }
    elsewhere = {
        each: (await fetch(http_server_client, jp_base_url, *each, **foreign)).code for each in CHANGING
    }

    assert without_xsrf == dict.fromkeys(CHANGING, 403)
    assert set(elsewhere.values()) <= {403, 404}


async def test_a_browser_with_its_own_cookies_is_answered(jp_serverapp, http_server_client, jp_base_url):
    cookies = await log_in(jp_serverapp, http_server_client, jp_base_url)
    cookie = as_header(cookies)

    reply = await fetch(http_server_client, jp_base_url, "GET", "/models", Cookie=cookie)

    assert (reply.code, json.loads(reply.body)) == (200, {"models": [], "next": None})


async def test_another_sites_page_gets_no_event_stream(
    jp_serverapp, http_server_client, jp_http_port, jp_base_url
):
    cookies = await log_in(jp_serverapp, http_server_client, jp_base_url)
    url = f"ws://127.0.0.1:{jp_http_port}{jp_base_url}mooring/api/events"
    own = {"Cookie": as_header(cookies), "Origin": f"http://127.0.0.1:{jp_http_port}"}

    (await websocket_connect(HTTPRequest(url, headers=own))).close()
    with pytest.raises(HTTPClientError) as refused:
        await websocket_connect(HTTPRequest(url, headers={**own, "Origin": "https://elsewhere.example"}))

    assert refused.value.code == 403


class OnlyModels(Authorizer):
    """Lets everybody read models, and nothing else of ours."""

    def is_authorized(self, handler, user, action, resource):
        del handler, user
        return (action, resource) == ("read", "mooring:models") or not resource.startswith("mooring:")


class TestWithAnAuthorizer:
    @pytest.fixture
    def jp_server_config(self, jp_server_config):
        jp_server_config["ServerApp"]["authorizer_class"] = OnlyModels
        return jp_server_config

    async def test_it_decides_about_each_route(
        self, jp_serverapp, http_server_client, jp_base_url, jp_auth_header
    ):
        for method, path in EVERYTHING:
            reply = await fetch(http_server_client, jp_base_url, method, path, **jp_auth_header)

            may = method == "GET" and path.startswith(("/models", "/uploads"))
            assert (reply.code == 403) is not may, (method, path, reply.body)
            if not may and path != "/events":
                told = json.loads(reply.body)
                assert told["code"] == "access-denied"
                assert "mooring:" in told["problem"]

    async def test_keys_are_a_resource_of_their_own(self, api):
        refused = await api("POST", "/services/x/keys")

        assert refused.json["problem"].endswith("may not read mooring:secrets.")
