"""`azureml.monitoring.ModelDataCollector`: keeps what scripts hand over, when something is there to keep it."""

from __future__ import annotations

from typing import Any

from mooring.scoring import collection

__all__ = ["ModelDataCollector"]


class ModelDataCollector:
    """Collects the inputs or predictions of one model.

    Args:
        model_name: The model.
        designation: `inputs`, `predictions` or any other name; older code calls it `identifier`.
        feature_names: Column names for arrays without them.
    """

    def __init__(
        self,
        model_name: str,
        designation: str = "default",
        feature_names: Any = None,
        identifier: str | None = None,
        **settings: Any,
    ) -> None:
        self.model_name = model_name
        self.designation = identifier or designation
        self.feature_names = feature_names
        self.settings = settings

    def collect(self, input_data: Any, user_correlation_id: str = "") -> None:
        """Keep rows (list, array or data frame) where a sink is set; else drop them."""
        if collection.has_sink():
            context = {"correlation_id": user_correlation_id, "feature_names": self.feature_names}
            collection.record(f"{self.model_name}/{self.designation}", input_data, context)
