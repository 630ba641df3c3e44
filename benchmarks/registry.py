"""What the registry costs, as ratios to what nobody can do without: `python benchmarks/registry.py [folder]`.

    register        `cp`, `sync` and one SHA-256 pass of the same gigabyte, one after the other, in the same run
    register again  one SHA-256 pass: the proof that the file is unchanged
    list, filter    milliseconds among 100,000 versions, for pages of 100

Several rounds that take turns, the first one thrown away; the disk and the neighbours decide about single ones.
"""

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from mooring.database import open_database
from mooring.database.model_rows import to_row
from mooring.database.tables import model_properties, model_tags, model_versions, models
from mooring.registry import ManifestEntry, ModelRegistry, ModelVersion, open_artifacts

ONE_GB = 1_000_000_000
VERSIONS = 100_000
ROUNDS = 5


def main():
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        home = Path(folder)
        database = open_database(f"sqlite:///{home}/registry.db")
        registry = ModelRegistry(
            database.models, open_artifacts("", default=home / "artifacts", cache=home / "cache")
        )
        measure_registering(registry, home)
        measure_small(registry, home)
        fill(database)
        measure_lists(registry)
        database.close()


def timed(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def measure_registering(registry, home):
    source, copy = home / "model.bin", home / "copy.bin"
    write_noise(source)
    plain, ours, again, proof = [], [], [], []
    for number in range(ROUNDS + 1):
        with source.open("r+b") as file:
            file.write(f"retrained {number}".encode())
        both = [
            lambda: plain.append(timed(lambda: copy_sync_hash(source, copy))),
            lambda: ours.append(timed(lambda: registry.register(source, "big"))),
        ]
        for action in both if number % 2 else reversed(both):  # nobody always comes second to warm memory
            action()
        proof.append(timed(lambda: sha256(source)))
        again.append(timed(lambda: registry.register(source, "big")))
        shutil.rmtree(home / "artifacts")
        copy.unlink()
        subprocess.run(["sync"], check=True)
    report("median", *(statistics.median(times[1:]) for times in (plain, ours, again, proof)))
    report("best", *(min(times[1:]) for times in (plain, ours, again, proof)))


def report(kind, plain, ours, again, proof):
    print(f"{kind}:")
    print(
        f"  register 1 GB      {ours:6.2f} s   cp + sync + sha256 {plain:6.2f} s   {plain / ours:5.2f} x (>= 0.9)"
    )
    print(
        f"  register it again  {again:6.2f} s   sha256 alone       {proof:6.2f} s   {(again - proof) * 1000:5.0f} ms beyond (<= 50)"
    )


def write_noise(path):
    with path.open("wb") as file:
        for _ in range(ONE_GB // 10_000_000):
            file.write(os.urandom(10_000_000))
        file.flush()
        os.fsync(file.fileno())


def copy_sync_hash(source, target):
    subprocess.run(["cp", source, target], check=True)
    subprocess.run(["sync", target], check=True)
    sha256(target)


def sha256(path):
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(1 << 20))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(buffer[:size])


def measure_small(registry, home):
    times = []
    for number in range(50):
        path = home / "small.pkl"
        path.write_bytes(str(number).encode() * 1000)
        times.append(timed(lambda path=path: registry.register(path, "small", tags={"area": "health"})))
    print(f"register a small file  {statistics.median(times) * 1000:6.1f} ms")


def fill(database):
    """100,000 versions of 1,000 models, with tags that few, some and all of them have."""
    now = datetime.now(timezone.utc)
    entry = ManifestEntry("model.pkl", f"sha256:{'0' * 64}", 1)
    names = [f"model-{number:04}" for number in range(1000)]
    per_name = VERSIONS // len(names)
    with database.writing() as connection:
        connection.execute(
            models.insert(),
            [{"name": name, "last_version": per_name, "latest_version": per_name} for name in names],
        )
        for number in range(VERSIONS):
            name, version = names[number % len(names)], number // len(names) + 1
            tags = {"team": f"team-{number % 20}", "area": "health"}
            if number % 10_000 == 0:
                tags["stage"] = "production"
            draft = ModelVersion(
                name,
                version,
                entry.digest,
                1,
                "model.pkl",
                is_folder=False,
                created_time=now,
                manifest=(entry,),
                tags=tags,
                properties={"auc": str(number % 97)},
                framework="Onnx" if number % 50 == 0 else "ScikitLearn",
                run_id=f"run-{number}",
            )
            is_latest = version == per_name
            result = connection.execute(model_versions.insert().values(**to_row(draft), is_latest=is_latest))
            (version_id,) = result.inserted_primary_key
            for table, labels in ((model_tags, draft.tags), (model_properties, draft.properties)):
                rows = [
                    {"version_id": version_id, "key": k, "value": v, "is_latest": is_latest}
                    for k, v in labels.items()
                ]
                connection.execute(table.insert(), rows)


LISTS = {
    "everything, a page": {},
    "newest of each name": {"latest": True},
    "one name": {"name": "model-0500"},
    "a tag that all have": {"tags": [["area", "health"]]},
    "... newest only": {"tags": [["area", "health"]], "latest": True},
    "a tag that one in twenty has": {"tags": [["team", "team-7"]]},
    "a tag that ten have": {"tags": [["stage", "production"]]},
    "... only its key": {"tags": ["stage"]},
    "a rare and a common tag": {"tags": [["area", "health"], "stage"]},
    "two common tags": {"tags": [["area", "health"], ["team", "team-3"]], "latest": True},
    "a property": {"properties": [["auc", "42"]]},
    "a framework": {"framework": "Onnx"},
    "... the newest of it": {"framework": "Onnx", "latest": True},
    "a name and a tag": {"name": "model-0507", "tags": [["team", "team-7"]]},
    "a run": {"run_id": "run-77777"},
    "nothing fits": {"tags": [["area", "none"]]},
    "two tags never together": {"tags": [["team", "team-3"], ["team", "team-4"]]},
}


def measure_lists(registry):
    print(f"among {VERSIONS:,} versions, pages of 100 (each <= 10 ms):")
    for title, conditions in LISTS.items():
        found = registry.list(**conditions, limit=100)
        times = [
            timed(lambda conditions=conditions: registry.list(**conditions, limit=100)) for _ in range(21)
        ]
        print(f"  {title:30} {statistics.median(times) * 1000:6.2f} ms   {len(found):3} found")
    for title, action in {
        "get name": lambda: registry.get("model-0123"),
        "get name:version": lambda: registry.get_by_id("model-0123:45"),
        "next page": lambda: registry.list(tags=[["area", "health"]], limit=100, before="model-0500:50"),
    }.items():
        print(f"  {title:30} {statistics.median([timed(action) for _ in range(21)]) * 1000:6.2f} ms")


if __name__ == "__main__":
    main()
