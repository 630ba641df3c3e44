"""What the front is told: HAProxy's configuration, and the commands that move traffic while it runs.

The front knows two slots by name and finds their addresses itself, so that it comes back right after a restart of the
engine. Requests that could not be delivered are delivered again until the container is back: those whose connection
failed, and those whose connection broke before the first byte of an answer. What the script itself answers, also
with 500, is never asked for twice.

Three backends share that work, because HAProxy does each part of it only under conditions of its own:

- `again` sends a request once more when its connection broke: to a socket of this same process, where nothing else
  can fail, and over a new connection each time, as HAProxy hangs up on a second request instead of saying that it
  failed; and only once it has the request whole. A reset, which HAProxy does not count as an empty answer, reaches it as status 425. There is no wait
  between its attempts; a container that is being ended accepts and resets connections for some 100 ms, which takes
  hundreds of them.
- `service` has the containers, and keeps connections to them open.
- `patient` takes over while a container is down. It opens a new connection for each request: only then HAProxy waits
  between two attempts; on a connection that was used before, it would use up all of them within milliseconds.
"""

from __future__ import annotations

SLOTS = ("a", "b")
FRONT_PORT = 5001
ADMIN_PORT = 9999
CONFIG_DIR = "/var/mooring"
CONFIG_FILE = "haproxy.cfg"
CERTIFICATE_FILE = "tls.pem"
AGAIN_FILE = "again.http"

REPLAYED_BODY_BYTES = 128 * 1024
"""Requests up to this size are kept until answered, so that they can be delivered again."""

_PATIENT_PORT = 5002

_CONFIG = """\
global
  maxconn 8192
  log stdout format raw daemon notice
  stats socket ipv4@127.0.0.1:{admin} level admin
  tune.bufsize {buffer}
  ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
  mode http
  log global
  option redispatch 1
  timeout connect 400ms
  timeout client 1h
  timeout server 1h
  timeout http-request 60s
  timeout http-keep-alive 75s
  timeout queue 60s
  retry-on {retry_on_break}
  http-error status 502 content-type application/json string '{{"message": "The service closed the connection without an answer."}}'
  http-error status 503 content-type application/json string '{{"message": "The service is not running."}}'
resolvers engine
  nameserver engine 127.0.0.11:53
  resolve_retries 3
  timeout resolve 500ms
  timeout retry 500ms
  hold valid 500ms
  hold nx 1h
  hold obsolete 1h
  hold other 1h
  hold refused 1h
  hold timeout 1h
frontend address
  bind :{port}{tls}
  option forwardfor
  default_backend again
backend again
  retries 3000
  option http-buffer-request
  option http-server-close
  http-reuse never
  retry-on {retry_on}
  server itself unix@/tmp/again.sock
frontend inside
  bind unix@/tmp/again.sock
  default_backend service
backend service
  http-error status 502 errorfile {folder}/{again}
  retries 10
  http-reuse always
  default-server check inter 250ms fastinter 100ms downinter 100ms rise 1 fall 1 observe layer4 error-limit 1 on-error mark-down
{servers}
  server patient 127.0.0.1:{patient} backup no-check
frontend patience
  bind 127.0.0.1:{patient}
  default_backend patient
backend patient
  retries 100
  http-error status 502 errorfile {folder}/{again}
  option http-server-close
  http-reuse never
{servers}
"""


def render_front_config(aliases: dict[str, str], active: str, *, has_tls: bool, replays: bool) -> str:
    """HAProxy's configuration.

    Args:
        aliases: Name of the container in each slot on the private network.
        active: The slot that gets the traffic.
        has_tls: Whether a certificate was put beside the configuration.
        replays: Whether a request may be delivered again after the script may have seen it.
    """
    servers = (
        f"  server {slot} {alias}:5001 resolvers engine resolve-prefer ipv4 resolve-opts allow-dup-ip init-addr none{'' if slot == active else ' disabled'}"
        for slot, alias in aliases.items()
    )
    return _CONFIG.format(
        admin=ADMIN_PORT,
        buffer=REPLAYED_BODY_BYTES,
        port=FRONT_PORT,
        tls=f" ssl crt {CONFIG_DIR}/{CERTIFICATE_FILE} alpn http/1.1" if has_tls else "",
        patient=_PATIENT_PORT,
        folder=CONFIG_DIR,
        again=AGAIN_FILE,
        retry_on="conn-failure empty-response junk-response 425" if replays else "conn-failure",
        retry_on_break="conn-failure empty-response junk-response" if replays else "conn-failure",
        servers="\n".join(servers),
    )


def with_active(config: str, active: str) -> str:
    """The same configuration with the traffic going to another slot."""
    lines = config.split("\n")
    for number, line in enumerate(lines):
        words = line.split()
        if words[:1] == ["server"] and words[1] in SLOTS:
            enabled = line.removesuffix(" disabled")
            lines[number] = enabled if words[1] == active else f"{enabled} disabled"
    return "\n".join(lines)


def render_again(*, replays: bool) -> str:
    """The answer by which one backend tells another that a connection was reset before an answer came."""
    status = "425 Too Early" if replays else "502 Bad Gateway"
    body = '{"message": "The service closed the connection without an answer."}'
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"


def render_switch(new: str, address: str) -> str:
    """The command that moves traffic to a slot: requests under way go on where they are."""
    old = next(slot for slot in SLOTS if slot != new)
    return "; ".join(
        command
        for backend in ("patient", "service")
        for command in (
            f"set server {backend}/{new} addr {address} port 5001",
            f"set server {backend}/{new} state ready",
            f"set server {backend}/{old} state maint",
        )
    )


def render_teller(command: str) -> list[str]:
    """A command line that puts a command to the front from inside its container, with what its image has."""
    script = (
        f'if command -v nc >/dev/null 2>&1; then printf "%s\\n" "$0" | nc 127.0.0.1 {ADMIN_PORT}; '
        f'else exec bash -c \'exec 3<>/dev/tcp/127.0.0.1/{ADMIN_PORT}; printf "%s\\n" "$0" >&3; cat <&3\' "$0"; fi'
    )
    return ["sh", "-c", script, command]
