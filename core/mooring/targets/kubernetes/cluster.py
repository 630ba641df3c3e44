"""One cluster, as one kubeconfig context names it: asked in plain JSON, its refusals in words.

The official client reads kubeconfigs, logs in (certificates, tokens, exec plugins) and keeps connections; requests
and answers are the API's own JSON, which manifests are made of, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mooring.targets.kubernetes import errors
from mooring.targets.kubernetes.kinds import Kind
from mooring.targets.kubernetes.patience import Patience
from mooring.targets.kubernetes.words import trouble_of

Json = dict[str, Any]

FIELD_MANAGER = "mooring"
_CONNECT_S, _READ_S = 5.0, 20.0
_NOT_FOUND, _CONFLICT, _GOOD = 404, 409, 300


class Cluster:
    """A cluster.

    Args:
        context: Of the kubeconfig; empty means its current one.
        kubeconfig: Path; empty means what KUBECONFIG says, else `~/.kube/config`.
    """

    def __init__(self, context: str = "", kubeconfig: str = "") -> None:
        self.context = context
        self.kubeconfig = kubeconfig

    @cached_property
    def client(self) -> Any:
        """The official client, logged in.

        Raises:
            KubernetesTrouble: It is not installed, or the kubeconfig has no such context.
        """
        try:
            from kubernetes.config import ConfigException, new_client_from_config
        except ImportError as error:
            raise sdk_missing() from error
        try:
            return new_client_from_config(
                config_file=_config_file(self.kubeconfig), context=self.context or None
            )
        except (ConfigException, OSError, ValueError) as error:
            raise no_kubeconfig(error) from error

    @property
    def server(self) -> str:
        """Address of the API server."""
        return str(self.client.configuration.host)

    @property
    def host(self) -> str:
        """Its host name or address."""
        return urlsplit(self.server).hostname or ""

    @cached_property
    def default_namespace(self) -> str:
        """The namespace the context names; `default` when it names none."""
        with suppress(Exception):
            found, active = contexts(self.kubeconfig)
            chosen = next((each for each in found if each["name"] == self.context), active)
            return str(chosen["context"].get("namespace") or "default")
        return "default"

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.context or "the current context's cluster"

    # ---- objects --------------------------------------------------------------------------------------------------

    def find(self, kind: Kind, namespace: str | None, name: str) -> Json | None:
        """An object; None when there is none."""
        status, answer = self._ask("GET", kind.path(namespace, name))
        return None if status == _NOT_FOUND else answer

    def items(
        self, kind: Kind, namespace: str | None, *, labels: dict[str, str] | None = None, fields: str = ""
    ) -> list[Json]:
        """Objects with these labels; of all namespaces when none is given; none when the kind is unknown."""
        wanted = {
            "labelSelector": ",".join(f"{key}={value}" for key, value in (labels or {}).items()),
            "fieldSelector": fields,
        }
        status, answer = self._ask("GET", kind.path(namespace), query=wanted)
        found: list[Json] = [] if status == _NOT_FOUND else answer.get("items") or []
        return found

    def create(self, kind: Kind, namespace: str, manifest: Json) -> Json | None:
        """The object as it was made; None when there is one of that name."""
        status, answer = self._ask(
            "POST", kind.path(namespace), manifest, query={"fieldManager": FIELD_MANAGER}
        )
        return None if status == _CONFLICT else answer

    def apply(
        self, kind: Kind, namespace: str, manifest: Json, on_conflict: Callable[[str], None] | None = None
    ) -> Json:
        """The object after a server-side apply of ours.

        Args:
            kind: Of the object.
            namespace: Where.
            manifest: All that we want of it.
            on_conflict: Told what somebody else has set that we set differently; then ours counts.
        """
        path = kind.path(namespace, manifest["metadata"]["name"])
        query = {"fieldManager": FIELD_MANAGER, "force": "false" if on_conflict else "true"}
        status, answer = self._ask("PATCH", path, manifest, query=query, content="apply-patch+yaml")
        if status == _CONFLICT and on_conflict:
            on_conflict(str(answer.get("message") or ""))
            return self.apply(kind, namespace, manifest)
        if status in (_CONFLICT, _NOT_FOUND):
            raise trouble_of(status, answer, self.name)
        return answer

    def merge(self, kind: Kind, namespace: str, name: str, change: Json) -> Json | None:
        """The object after a merge patch; None when it is gone."""
        path = kind.path(namespace, name)
        query = {"fieldManager": FIELD_MANAGER}
        status, answer = self._ask("PATCH", path, change, query=query, content="merge-patch+json")
        if status == _CONFLICT:
            raise trouble_of(status, answer, self.name)
        return None if status == _NOT_FOUND else answer

    def delete(self, kind: Kind, namespace: str, name: str, *, grace_s: int | None = None) -> None:
        """Delete an object, what it owns included; nothing happens when it is gone."""
        options: Json = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
        if grace_s is not None:
            options["gracePeriodSeconds"] = grace_s
        self._ask("DELETE", kind.path(namespace, name), options)

    def ask(self, method: str, path: str, body: Json | None = None) -> Json | None:
        """An answer of the API; None for 404."""
        status, answer = self._ask(method, path, body)
        return None if status == _NOT_FOUND else answer

    def read_log(self, namespace: str, pod: str, container: str, **wanted: Any) -> bytes:
        """What a container wrote; empty when it is gone or has not begun."""
        path = f"/api/v1/namespaces/{quote(namespace)}/pods/{quote(pod)}/log"
        response = self._send("GET", path, None, {"container": container, **wanted}, "json")
        if response.status >= _GOOD:
            if response.status in (401, 403):
                raise trouble_of(response.status, _as_json(response.data), self.name)
            return b""
        return bytes(response.data)

    # ---- the wire ---------------------------------------------------------------------------------------------------

    def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: dict[str, str] | None = None,
        content: str = "json",
    ) -> tuple[int, Json]:
        response = self._send(method, path, body, query or {}, content)
        answer = _as_json(response.data)
        if response.status >= _GOOD and response.status not in (_NOT_FOUND, _CONFLICT):
            raise trouble_of(response.status, answer, self.name)
        if response.status == _NOT_FOUND and "namespaces" in str(answer.get("message")) and method == "POST":
            raise trouble_of(response.status, answer, self.name)
        return int(response.status), answer

    def _send(self, method: str, path: str, body: Json | None, query: dict[str, Any], content: str) -> Any:
        """The response; waits for an API server that is away, see `waiting_for_api`.

        Whatever is asked may be asked twice: who applies, deletes or claims a name again finds it done.
        """
        patience = Patience.now()
        while True:
            try:
                return self._send_once(method, path, body, query, content)
            except errors.ClusterUnreachable as trouble:  # noqa: PERF203 - to wait is what the loop is for
                if patience is None or not patience.goes_on(trouble):
                    raise

    def _send_once(
        self, method: str, path: str, body: Json | None, query: dict[str, Any], content: str
    ) -> Any:
        import urllib3

        told = {key: value for key, value in query.items() if value not in ("", None)}
        url = self.server + path + (f"?{urlencode(told)}" if told else "")
        headers = {"Accept": "application/json", "Content-Type": f"application/{content}"}
        token = self.client.configuration.auth_settings().get("BearerToken")
        if token and token["value"]:
            headers["Authorization"] = token["value"]
        data = None if body is None else json.dumps(body).encode()
        with self.told():
            return self.client.rest_client.pool_manager.request(
                method,
                url,
                body=data,
                headers=headers,
                timeout=urllib3.Timeout(connect=_CONNECT_S, read=_READ_S),
                retries=urllib3.Retry(1 if method == "GET" else 0, redirect=0, status=0),
            )

    @contextmanager
    def told(self) -> Generator[None, None, None]:
        """Turns what the connection raises into trouble with a remedy."""
        import urllib3.exceptions as vendor

        try:
            yield
        except (vendor.HTTPError, OSError) as error:
            raise _unreachable(self.name, self.server, error) from error


def _unreachable(name: str, server: str, error: Exception) -> errors.KubernetesTrouble:
    words = str(error)
    if "not yet valid" in words or "has expired" in words:
        kind = "not yet valid" if "not yet valid" in words else "expired"
        return errors.ClockSkewed(
            f"The certificate of {name} ({server}) is {kind} by this machine's clock.",
            "Set the clock right (`date`; timedatectl set-ntp true), or renew the cluster's certificates.",
            _first_line(error),
        )
    if "CERTIFICATE_VERIFY_FAILED" in words or "certificate verify failed" in words:
        return errors.CertificateUntrusted(
            f"The certificate of {name} ({server}) is not signed by the authority its kubeconfig names.",
            "Fetch the kubeconfig again from whoever runs the cluster.",
            _first_line(error),
        )
    return errors.ClusterUnreachable(
        f"The API server of {name} ({server}) does not answer.",
        "See that the cluster runs and its address is reachable from here (VPN, proxy), then try again.",
        _first_line(error),
    )


def _as_json(data: bytes) -> Json:
    try:
        answer = json.loads(data)
    except ValueError:
        return {"message": data.decode("utf-8", "replace")}
    return answer if isinstance(answer, dict) else {}


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def contexts(kubeconfig: str = "") -> tuple[list[Json], Json]:
    """The contexts a kubeconfig names, and the current one.

    Raises:
        NoKubeconfig: There is none.
    """
    try:
        from kubernetes.config import ConfigException, list_kube_config_contexts
    except ImportError as error:
        raise sdk_missing() from error
    try:
        found: Any = list_kube_config_contexts(config_file=_config_file(kubeconfig))
    except (ConfigException, OSError) as error:
        raise no_kubeconfig(error) from error
    return list(found[0]), dict(found[1])


def sdk_missing() -> errors.KubernetesSdkMissing:
    """What installs the client."""
    return errors.KubernetesSdkMissing(
        "The Python package 'kubernetes' is not installed.", 'Install it: pip install "mooring[kubernetes]".'
    )


def no_kubeconfig(error: Exception) -> errors.NoKubeconfig:
    """How to name a cluster."""
    return errors.NoKubeconfig(
        f"No cluster is known here: {_first_line(error)}",
        "Name one with `mooring computetarget attach kubernetes -n NAME --context CONTEXT`, or set KUBECONFIG.",
    )


def _config_file(named: str) -> str | None:
    """What to read; the client itself looks at KUBECONFIG only once, when it is imported."""
    return named or os.environ.get("KUBECONFIG") or None


def has_kubeconfig() -> bool:
    """Whether there is a kubeconfig to look into, without loading the client."""
    named = os.environ.get("KUBECONFIG", "")
    paths = named.split(os.pathsep) if named else [os.path.expanduser("~/.kube/config")]  # noqa: PTH111
    return any(path and os.path.exists(path) for path in paths)  # noqa: PTH110
