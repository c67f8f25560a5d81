"""Exhibits that a publisher might have written, for tests of slides and workbooks."""

import csv

from press.takeaway.content import Exhibit

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300"
    "0500020001a5f645400000000049454e44ae426082"
)


def exhibit(folder, identifier="tides-level", part="Figure 1.1", data=None, told=(), **metadata):
    """Return an exhibit whose files lie in a folder."""
    data = data or [["area", "obs_value"], ["Ness", "1.25"], ["Wick", "-2.5"]]
    with (folder / f"{identifier}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(data)
    (folder / f"{identifier}.png").write_bytes(PNG)
    source = {"publisher": "Nobody", "dataset": "Tides", "edition": "2025", "licence": "CC0", "notice": "Ask first."}
    told_of = {
        "id": identifier, "kind": "figure", "title": "The tide falls", "subtitle": "Level, metres", "alt": "Dots of levels.",
        "note": "Read by one keeper.", "limits": "The wind.", "sources": [source], "indicators": ["tides"], "licence": "CC0",
        "folder": folder, **metadata,
    }  # fmt: skip
    return Exhibit(
        told_of, part, list(told), f"Cite {identifier}.", "", "Nobody, Tides (2025)", "Exhibit: CC0.", "Ask first."
    )


def reading(names, values=None, roles=("label", "value")):
    """Return the table behind a chart of one value a name."""
    columns = [
        {"name": "area", "label": "Light", "role": roles[0], "numeric": False},
        {"name": "obs_value", "label": "Level (m)", "role": roles[1], "numeric": True},
    ]
    rows = [
        [name, "m" if value is None else f"{value:.1f}".replace("-", "\u2212")]
        for name, value in zip(names, values, strict=True)
    ]
    return {"columns": columns, "rows": rows, "areas": [""] * len(rows)}


def dots(names, values, lower=None, upper=None, **more):
    """Return reading and plot of dots, one a name."""
    series = {"label": "", "look": 0, "rows": list(range(len(names))), "values": values}
    series |= {"lower": lower, "upper": upper} if lower else {}
    plot = {"form": "dots", "axis": "Level (m)", "across": "", "series": [series], **more}
    return {"reading": reading(names, values), "plot": plot}
