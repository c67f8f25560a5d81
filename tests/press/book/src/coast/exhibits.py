"""What notebooks publish: figures, tables, values, statements and tests; the smallest publisher that a book can do with.

It makes no use of big libraries but for charts: the book is built many times, and each kernel would wait for them.
"""

import csv
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from IPython import get_ipython

from coast import data, numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MEDIA_TYPE = "application/vnd.coast.exhibit+json"


class Exhibit:
    """What is published, as it shows itself in a notebook."""

    def __init__(self, metadata: dict) -> None:
        self.metadata = metadata

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        shown = {key: self.metadata[key] for key in ("id", "kind")}
        return {"text/plain": f"{shown['kind']} {shown['id']}", MEDIA_TYPE: shown}


def figure(identifier: str, chart: "Figure", rows: list[dict], *, finding: str, **about) -> Exhibit:
    """Publish a chart, with what it shows in words."""
    from matplotlib import rc_context

    alt = f"{about['subtitle']}; {finding}."
    metadata = _exhibit("figure", identifier, rows, **about, alt=alt, reading=_reading(rows), plot=_plot(rows))
    for variant, width in (("wide", 600), ("narrow", 358)):
        _file(f"exhibits/{identifier}.{variant}.svg", _fragment(rows, variant, width).encode())
    for suffix, settings in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
        buffer = io.BytesIO()
        with rc_context({"svg.hashsalt": "coast"}):
            chart.savefig(buffer, format=suffix, metadata=settings)
        _file(f"exhibits/{identifier}.{suffix}", buffer.getvalue())
    return Exhibit(metadata)


def table(identifier: str, rows: list[dict], columns: dict[str, str], **about) -> Exhibit:
    """Publish a table with the columns named."""
    numeric = {name: all(isinstance(row[name], (int, float)) for row in rows) for name in columns}
    printed = {name: {"label": label, "numeric": numeric[name]} for name, label in columns.items()}
    cells = [[numbers.typeset(str(row[name])) for name in columns] for row in rows]
    areas = [str(row.get("light", "")) for row in rows]
    return Exhibit(_exhibit("table", identifier, rows, **about, alt="", columns=printed, rows=cells, areas=areas))


def value(identifier: str, number: float | str, source: str, **about) -> None:
    """Publish a number that prose may quote."""
    told = {"unit": "", "format": "", "time_period": "", "std_error": None, "n_obs": None, "note": "", "exhibit": ""}
    _add("values.json", {**told, **_common(identifier, source), "obs_value": number, **about})


def statements(identifier: str, texts: list[str], source: str) -> None:
    """Publish sentences that were computed."""
    sentences = [{"kind": "told", "text": text} for text in texts]
    _add("statements.json", {**_common(identifier, source), "kind": "statements", "sentences": sentences})


def tests(identifier: str, p_values: list[float], source: str, *, question: str, exhibit: str) -> None:
    """Publish a family of tests, which the register lists."""
    found = {"n_tests": len(p_values), "n_significant": sum(p < 0.05 for p in p_values), "adjustment": "not adjusted"}
    told = {"kind": "tests", "question": question, "exhibit": exhibit}
    _add("tests.json", {**_common(identifier, source), **told, **found})


def _reading(rows: list[dict]) -> dict:
    """Say what each mark of a chart says: the first column names it, the second is what it shows."""
    label, level = rows[0]
    columns = [
        {"name": label, "label": label.capitalize(), "role": "label", "numeric": False},
        {"name": level, "label": f"{level.capitalize()} (m)", "role": "value", "numeric": True},
    ]
    return {
        "columns": columns,
        "rows": [[str(row[label]), numbers.typeset(f"{row[level]:.1f}")] for row in rows],
        "areas": [""] * len(rows),
    }


def _plot(rows: list[dict]) -> dict:
    """Say what a chart plots, by which others draw it as their own: a dot a row."""
    level = list(rows[0])[1]
    marks = {"label": "", "rows": list(range(len(rows))), "values": [row[level] for row in rows]}
    return {"form": "dots", "axis": f"{level.capitalize()} (m)", "across": "", "series": [marks]}


def _fragment(rows: list[dict], variant: str, width: int) -> str:
    """Draw the same as the page shows it: marks that name their rows."""
    step = width / len(rows)
    marks = "".join(
        f'<g class="mark" data-row="{i}"><circle cx="{step * (i + 0.5):.1f}" cy="{60 - 10 * row["level"]:.1f}" r="5"/></g>'
        for i, row in enumerate(rows)
    )
    return f'<svg class="{variant}" viewBox="0 0 {width} 120" xmlns="http://www.w3.org/2000/svg">{marks}</svg>\n'


def _common(identifier: str, source: str) -> dict:
    shell = get_ipython()
    cell = len(shell.user_ns["In"]) - 1 if shell else None
    return {"id": identifier, "indicators": [source], "sources": [data.describe(source)], "cell": cell}


def _exhibit(kind: str, identifier: str, frame: list[dict], *, title, subtitle, source, collection="", **more) -> dict:
    metadata = {
        **_common(identifier, source), "kind": kind, "title": title, "subtitle": subtitle, "note": "", "limits": "",
        "licence": "CC0 1.0", "n_rows": len(frame), **({"collection": collection} if collection else {}), **more,
    }  # fmt: skip
    _file(f"exhibits/{identifier}.json", json.dumps(metadata, indent=1).encode())
    lines = [[*frame[0]], *([*row.values()] for row in frame)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    _file(f"exhibits/{identifier}.csv", text.getvalue().encode())
    return metadata


def _add(name: str, metadata: dict) -> None:
    folder = os.environ.get("PRESS_PUBLISH")
    path = Path(folder or ".", name)
    entries = json.loads(path.read_text("utf-8")) if folder and path.exists() else {}
    _file(name, json.dumps({**entries, metadata["id"]: metadata}, indent=1).encode())


def _file(name: str, content: bytes) -> None:
    """Write a file where the runner has named a folder; in an interactive session there is none."""
    folder = os.environ.get("PRESS_PUBLISH")
    if folder:
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
