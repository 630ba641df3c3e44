"""From the facts of a failed start to one verdict: cause, evidence, remedy.

Order of search: what the target is sure of, the exit (memory, signals), the exception of the script, readiness that
never came, and last the engine's own words. Rules are in `exceptions` and `files`; codes are listed in `codes`.
"""

from mooring.deployments.verdict.codes import CODES
from mooring.deployments.verdict.judge import judge
from mooring.deployments.verdict.scene import Scene

__all__ = ["CODES", "Scene", "judge"]
