"""How many replicas: a fixed number, or the cluster's own autoscaler, from v1's `autoScaler` keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.targets.kubernetes.kinds import AUTOSCALER, DEPLOYMENT

_LONGEST_PERIOD_S = 1800
_DOWN_AFTER_S = 60  # v1's front-end took about a minute to remove a replica
REQUESTS_METRIC = "mooring_requests_in_flight"


@dataclass(frozen=True)
class Scale:
    """What was asked for.

    Attributes:
        least, most: Replicas; the same when the number is fixed.
        is_automatic: Whether an autoscaler decides.
        utilisation: Percent to aim at.
        refresh_s: How often it may go up.
        concurrency: Requests a replica takes at once.
    """

    least: int
    most: int
    is_automatic: bool
    utilisation: int = 70
    refresh_s: int = 1
    concurrency: int = 1

    @staticmethod
    def of(deployment: dict[str, Any]) -> Scale:
        """The scale a deployment config asks for."""
        fixed = deployment.get("numReplicas")
        if fixed:
            return Scale(int(fixed), int(fixed), is_automatic=False)
        wanted = deployment.get("autoScaler") or {}
        least = int(wanted.get("minReplicas") or 1)
        return Scale(
            least,
            max(least, int(wanted.get("maxReplicas") or 10)),
            is_automatic=True,
            utilisation=int(wanted.get("targetUtilization") or 70),
            refresh_s=int(wanted.get("refreshPeriodInSeconds") or 1),
            concurrency=int(deployment.get("maxConcurrentRequestsPerContainer") or 1),
        )

    def now(self, live: int | None) -> int:
        """Replicas to ask for: what the autoscaler chose is kept."""
        return self.least if live is None else min(max(live, self.least), self.most)


def autoscaler(name: str, scale: Scale, *, counts_requests: bool) -> dict[str, Any]:
    """The manifest of an autoscaler.

    Args:
        name: Of it, and of the Deployment it scales.
        scale: What was asked for.
        counts_requests: Whether the cluster serves our metric, so that busy replicas count as v1 counted them.
    """
    return {
        "apiVersion": AUTOSCALER.version,
        "kind": AUTOSCALER.name,
        "metadata": {"name": name},
        "spec": {
            "scaleTargetRef": {"apiVersion": DEPLOYMENT.version, "kind": DEPLOYMENT.name, "name": name},
            "minReplicas": scale.least,
            "maxReplicas": scale.most,
            "metrics": [_on_requests(scale) if counts_requests else _on_cpu(scale)],
            "behavior": {
                "scaleUp": {
                    "stabilizationWindowSeconds": 0,
                    "selectPolicy": "Max",
                    "policies": [
                        {
                            "type": kind,
                            "value": value,
                            "periodSeconds": min(scale.refresh_s, _LONGEST_PERIOD_S),
                        }
                        for kind, value in (("Percent", 100), ("Pods", 4))
                    ],
                },
                "scaleDown": {"stabilizationWindowSeconds": _DOWN_AFTER_S},
            },
        },
    }


def _on_cpu(scale: Scale) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": scale.utilisation}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _on_requests(scale: Scale) -> dict[str, Any]:
    busy = max(1, round(scale.concurrency * scale.utilisation * 10))  # in thousandths of a request
    target = {"type": "AverageValue", "averageValue": f"{busy}m"}
    return {"type": "Pods", "pods": {"metric": {"name": REQUESTS_METRIC}, "target": target}}
