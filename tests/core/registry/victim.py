"""Somebody who uses a registry until killed: `python victim.py <home>`.

For each line on its input it forks a child that works in a loop, and answers with the child's pid. The child says on
the output what it is about to delete, and what was committed. Forked, because an import takes longer than a round.
"""

import os
import random
import sys
import tempfile
from pathlib import Path

from mooring.database import open_database
from mooring.registry import ModelRegistry, open_artifacts


def open_registry(home):
    return ModelRegistry(
        open_database(f"sqlite:///{home}/registry.db").models,
        open_artifacts("", default=home / "artifacts", cache=home / "cache"),
    )


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def make_model(folder, seed):
    """A file, a large file or a folder."""
    chance = random.Random(seed)
    kind = chance.choice(["small.bin", "large.bin", "folder"])
    sizes = {"small.bin": 1000, "large.bin": 5_000_000}
    if kind in sizes:
        path = folder / kind
        path.write_bytes(chance.randbytes(sizes[kind]))
        return path
    path = folder / f"net{seed}"
    path.mkdir()
    for number in range(12):
        (path / f"{number}.bin").write_bytes(chance.randbytes(20_000))
    return path


def work(home):
    registry = open_registry(home)
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        for step in range(1_000_000):
            model = make_model(Path(scratch), random.randrange(1 << 30))
            version = registry.register(model, random.choice(["a", "b"]), tags={"step": str(step)})
            say("registered", version.id, version.digest)
            if step % 3 == 0:
                say("deleting", version.id)
                registry.delete(version.id)
            if step % 4 == 1:
                registry.collect_garbage(min_age_s=0)
            for newest in registry.list(latest=True, limit=1):
                registry.update(newest.id, add_tags={"seen": "yes"})


def main():
    home = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as warm_up:
        registry = open_registry(Path(warm_up))
        registry.register(__file__, "m")
        registry.list("m")
        registry.collect_garbage(min_age_s=0)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            say("pid", os.getpid())
            work(home)
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
