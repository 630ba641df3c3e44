"""Small HTML cards: how models, services and workspaces show themselves in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.deployments import Service
    from mooring.registry import ModelVersion

_BOX = (
    "border:1px solid rgba(127,127,127,.4);border-radius:6px;padding:10px 14px;max-width:46em;"
    "font-family:var(--jp-ui-font-family,sans-serif);font-size:13px"
)
_FAINT = "opacity:.75"
_DOTS = {"Healthy": ("●", "#2e7d32"), "Transitioning": ("◌", "#1565c0"), "Failed": ("✕", "#c62828")}


def model(record: ModelVersion) -> str:
    """A model version: name, size, framework, tags, digest."""
    framework = " ".join(filter(None, (record.framework, record.framework_version)))
    facts = [size(record.size_bytes), framework, f"registered {record.created_time:%Y-%m-%d %H:%M} UTC"]
    return _card(
        f"Model <b>{escape(record.id)}</b>",
        [fact for fact in facts if fact],
        {"tags": _labels(record.tags), "description": record.description or "", "digest": record.digest},
    )


def service(record: Service) -> str:
    """A service: state, address, models, the verdict when it failed."""
    dot, colour = _DOTS.get(record.state, ("▲", "#ef6c00"))
    state = f'<span style="color:{colour}" aria-hidden="true">{dot}</span> {escape(record.state)}'
    rows = {"address": record.scoring_uri, "tags": _labels(record.tags)}
    if record.failure is not None:
        rows |= {"cause": record.failure.cause, "fix": record.failure.remedy}
    return _card(
        f"Webservice <b>{escape(record.name)}</b>",
        [state, escape(record.compute_type), *(escape(m) for m in record.models)],
        rows,
        is_html=True,
    )


def table(title: str, rows: dict[str, str]) -> str:
    """A titled list of facts."""
    return _card(f"<b>{escape(title)}</b>", [], rows)


def size(size_bytes: float) -> str:
    """A size as people read it, such as `1.2 kB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000:  # noqa: PLR2004 (decimal units)
            return f"{size_bytes:.0f} {unit}" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} TB"


def _card(title: str, facts: list[str], rows: dict[str, str], *, is_html: bool = False) -> str:
    line = " · ".join(facts if is_html else [escape(fact) for fact in facts])
    body = "".join(
        f'<tr><td style="{_FAINT};padding-right:12px">{escape(name)}</td>'
        f'<td style="text-align:left;word-break:break-all">{escape(value)}</td></tr>'
        for name, value in rows.items()
        if value
    )
    return (
        f'<div style="{_BOX}"><div>{title}</div><div style="{_FAINT}">{line}</div><table>{body}</table></div>'
    )


def _labels(tags: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in tags.items())
