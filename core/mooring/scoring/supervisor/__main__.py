"""`python <ring>/mooring/scoring/supervisor master|contained|sample|zygote …`: the processes around the workers."""

import os
import sys

# Run as a folder, Python puts that folder first: replace it by the ring before anything else is imported, so that
# no module here can hide one of the standard library.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def _main() -> int:
    role, *arguments = sys.argv[1:]
    if role == "master":
        from mooring.scoring.supervisor.master import run_master

        return run_master(arguments)
    if role == "contained":
        from mooring.scoring.supervisor.contained import run_contained

        return run_contained()
    if role == "sample":
        from mooring.scoring.supervisor.sampler import run_sampler

        return run_sampler(arguments)
    from mooring.scoring.supervisor.zygote import run_zygote

    return run_zygote(arguments)


if __name__ == "__main__":
    sys.exit(_main())
