"""What a model was trained on becomes a request that JSON can hold."""

from __future__ import annotations

import pytest

from mooring.registry.samples import sample_from

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")


@pytest.mark.parametrize(
    ("training", "sample"),
    [
        (pd.DataFrame({"x": [1.0, None, 3.0, 4.0]}), {"data": [[1.0], [3.0]]}),
        (pd.DataFrame({"day": pd.to_datetime(["2020-01-02"])}), {"data": [{"day": "2020-01-02T00:00:00"}]}),
        (np.array([[[1, 2], [3, 4]]]), {"data": [[[1, 2], [3, 4]]]}),
        (pd.DataFrame({"x": [None, float("nan")]}, dtype=float), None),
        (pd.DataFrame({"x": []}), None),
        ([1, 2], None),
    ],
    ids=["rows with gaps are left out", "dates are text", "pictures", "only gaps", "no rows", "no table"],
)
def test_the_first_whole_rows_are_the_sample(training, sample):
    assert sample_from(training) == sample
