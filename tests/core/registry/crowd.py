"""Many processes that register at the same moment: `python crowd.py <home> <model> <processes> <name>`.

They are forked from one that has imported everything already, so that they really meet.
"""

import os
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


def main():
    home, model, processes, name = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    with tempfile.TemporaryDirectory() as warm_up:
        open_registry(Path(warm_up)).register(model, name)
    waiting, starting_gun = os.pipe()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            os.close(starting_gun)
            os.read(waiting, 1)
            version = open_registry(home).register(model, name, tags={"process": str(number)})
            os.write(1, f"{version.version}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(starting_gun)
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main()
