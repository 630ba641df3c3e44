"""The page about the server can not fall behind it."""

import os
import sys
from pathlib import Path

import pytest

from mooring.scoring.metrics import Metrics
from mooring.scoring.metrics_page import render_metrics
from mooring.scoring.settings import OPTIONS

PAGE = Path(__file__).parents[4] / "docs" / "scoring.md"
BEGIN = "<!-- settings: written by tests/core/scoring/server/test_docs.py -->\n"
END = "<!-- end of settings -->"


def settings_table():
    rows = ["| Variable | Flag | Default | Meaning |", "|---|---|---|---|"]
    for option in OPTIONS:
        default = option.default
        shown = ",".join(default) if isinstance(default, tuple) else "" if default is None else default
        flag = f"`{option.flag}`" if option.flag else ""
        shown = f"`{str(shown).lower() if isinstance(shown, bool) else shown}`" if shown != "" else ""
        rows.append(f"| `{option.env}` | {flag} | {shown} | {option.meaning} |")
    return "\n".join(rows) + "\n"


def test_every_setting_is_documented_as_it_is():
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    table, _, after = rest.partition(END)
    if os.environ.get("MOORING_WRITE_DOCS"):
        PAGE.write_text(before + BEGIN + settings_table() + END + after)
        pytest.skip("written")

    assert table == settings_table()


def test_every_metric_is_documented(monkeypatch):
    monkeypatch.delitem(sys.modules, "prometheus_client", raising=False)  # other tests have metrics in it
    metrics = Metrics(models=["a:1"])
    metrics.count(200, 0.1)
    names = {
        line.split()[2] for line in render_metrics(metrics).decode().splitlines() if line.startswith("# TYPE")
    }

    assert names
    assert [name for name in names if name not in PAGE.read_text()] == []
