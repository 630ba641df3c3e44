"""What an image of ours promises to whoever runs it: the port, the user, the folders, the names of its files.

An image runs by itself: `docker run -p 5001:5001 mooring/service:…` answers, open to whoever reaches the port. It
needs nothing of this machine and writes to `/tmp` only, so its root file system may be read-only
(`--read-only --tmpfs /tmp`), and it asks for no capability. A place that runs it gives it these, all optional:

| what | where |
| --- | --- |
| port | `PORT`, HTTP; SERVER_PORT moves it |
| user | `USER_ID`, without a name; the files of the image are root's and readable |
| alive, ready | GET `/` answers 200 once init() is through; connections made before wait, so a probe wants a timeout. A failed start ends with exit code 3 |
| log | plain text on standard output; as JSON records with MOORING_CONTAINER_LOG=records, see `container_records` |
| end | SIGTERM: no new requests, those under way are finished within MOORING_DRAIN_S, exit code 0 |
| keys | a JSON file `KEYS_FILE` with `primary`, `secondary` and `signing`, named by MOORING_KEYS_FILE, with MOORING_AUTH=key; |
| | usually mounted in `SECRETS_DIR`, readable for `USER_ID` alone; looked at four times a second, so a change is in force at once |
| variables of users | a JSON object in a file named by MOORING_VARIABLES_FILE, as they may be secret |
| everything else | environment variables, `mooring.scoring.settings` and `mooring.scoring.supervisor.contained` list them |

`mooring.deployments.contained` puts the options of a release into these variables and files.
"""

from __future__ import annotations

PORT = 5001
"""The container's own; v1's."""

USER_ID = 10001
"""Every container of ours runs as this user, who has no name and owns nothing."""

SECRETS_DIR = "/var/mooring"
KEYS_FILE = "keys.json"
VARIABLES_FILE = "variables.json"
