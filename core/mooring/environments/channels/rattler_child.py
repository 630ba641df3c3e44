"""The only program that loads py-rattler: reads `request.json` in the folder it is given, writes `answer.json` there.

`python -m mooring.environments.channels.rattler_child FOLDER`
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rattler import (
    Client,
    Gateway,
    MatchSpec,
    MultiSource,
    PackageRecord,
    RepoDataRecord,
    Subdir,
    VirtualPackage,
    install,
    solve,
)
from rattler.exceptions import SolverError
from rattler.install import InstallerReporter
from rattler.shell import ActivationVariables, PathModificationBehavior, Shell, activate

from mooring.environments.channels.rattler_process import PROGRESS_MARK

_BESIDE = {"url", "channel", "fn", "size", "sha256", "md5"}  # what an index.json does not hold
_OF_THE_SHELL = {"PATH", "PWD", "OLDPWD", "SHLVL", "_", "CONDA_SHLVL", "CONDA_PROMPT_MODIFIER", "PS1"}
_PLAIN = {"PATH": os.defpath, "HOME": os.environ.get("HOME", "/")}
_ACTIVATED_WITHIN_S = 60.0


async def _solve(request: dict[str, Any]) -> dict[str, Any]:
    gateway = Gateway(client=Client.default_client())
    sources = [MultiSource(name, urls) if len(urls) > 1 else urls[0] for name, *urls in request["channels"]]
    specs = [MatchSpec(text, strict=False) for text in request["specs"]]
    try:
        records = await solve(
            sources,
            specs,
            gateway=gateway,
            virtual_packages=VirtualPackage.detect(),
            constraints=[MatchSpec(text, strict=False) for text in request["constraints"]],
        )
    except SolverError as error:
        return {"error": str(error), "known": await _known_versions(gateway, sources, specs)}
    return {"records": [json.loads(record.to_json()) for record in records]}


async def _known_versions(
    gateway: Gateway, sources: list[Any], specs: list[MatchSpec]
) -> dict[str, list[str]]:
    """What the channels have of each package that was asked for, oldest first."""
    platforms = [Subdir.current(), Subdir("noarch")]
    names = [spec.name.normalized for spec in specs]
    found = await gateway.query(sources, platforms, [MatchSpec(name) for name in names], recursive=False)
    records = [record for some in found for record in some]
    return {
        name: list(
            dict.fromkeys(
                str(each.version)
                for each in sorted(records, key=lambda record: record.version)
                if each.name.normalized == name
            )
        )
        for name in names
    }


async def _install(request: dict[str, Any]) -> dict[str, Any]:
    folder = Path(request["folder"])
    records = [_record(facts, folder) for facts in request["records"]]
    await install(
        records,
        request["prefix"],
        # Some packages are complete only after their own script (graphviz writes the list of its plugins); conda and
        # micromamba run them, too.
        execute_link_scripts=True,
        client=Client.default_client(),
        reporter=_Told(),  # type: ignore[abstract]  # the protocol's own methods do nothing, on purpose
        alternative_target_prefix=request["final"],
    )
    return {"variables": _activated(Path(request["final"]), folder)}


def _record(facts: dict[str, Any], folder: Path) -> RepoDataRecord:
    if urlsplit(facts["url"]).scheme == "file":
        _check_file(facts)
    index = folder / "index.json"
    index.write_text(json.dumps({key: value for key, value in facts.items() if key not in _BESIDE}))
    record = PackageRecord.from_index_json(index, facts.get("size"), facts.get("sha256"), facts.get("md5"))
    return RepoDataRecord(record, facts["fn"], facts["url"], facts.get("channel") or "")


def _check_file(facts: dict[str, Any]) -> None:
    """What rattler does for files from the network, and only for those."""
    algorithm = "sha256" if facts.get("sha256") else "md5"
    with Path(url2pathname(urlsplit(facts["url"]).path)).open("rb") as file:
        found = hashlib.new(algorithm)
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    if facts.get(algorithm) and found.hexdigest() != facts[algorithm]:
        raise ValueError(
            f"hash mismatch for {facts['fn']}: expected {facts[algorithm]}, got {found.hexdigest()}"
        )


class _Told(InstallerReporter):
    """Tells of each package that is fetched."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def on_populate_cache_start(self, operation: int, package_name: str) -> int:
        del operation
        self._names.append(package_name)
        return len(self._names) - 1

    def on_download_start(self, cache_entry: int) -> int:
        sys.stderr.write(f"{PROGRESS_MARK}Downloading {self._names[cache_entry]}\n")
        sys.stderr.flush()
        return cache_entry


def _activated(prefix: Path, folder: Path) -> dict[str, str]:
    """The variables that the packages want set, as `conda activate` would: where GDAL's data is, R's home."""
    variables = ActivationVariables(None, [os.defpath], PathModificationBehavior.Prepend)
    shell = shutil.which("bash") or shutil.which("sh")
    if shell is None:
        return {"CONDA_PREFIX": str(prefix)}
    script = folder / "activate.sh"
    script.write_text(activate(prefix, variables, Shell.bash).script)
    done = subprocess.run(
        [shell, "-c", '. "$0" >/dev/null 2>&1; env -0', str(script)],
        env=_PLAIN,
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=_ACTIVATED_WITHIN_S,
        stdin=subprocess.DEVNULL,
    )
    pairs = (
        entry.split("=", 1) for entry in done.stdout.decode(errors="replace").split("\0") if "=" in entry
    )
    return {name: value for name, value in pairs if name not in _OF_THE_SHELL and _PLAIN.get(name) != value}


_DOING = {"solve": _solve, "install": _install}


def main(folder: Path) -> None:
    """Answer the request."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    try:
        answer = asyncio.run(_DOING[request["do"]](request))
    except Exception as error:  # noqa: BLE001 (whatever it is, the one who asked judges it)
        answer = {"error": str(error) or type(error).__name__}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stderr.flush()
    os._exit(0)  # rattler's own threads sometimes crash Python's orderly way out
