"""Checks that bite: published numbers found again, averages recomputed, parts that add up, sources compared.

Every check is declared with its table; this module runs them over frames and returns what was compared with what,
how many pairs, the largest difference and where it is, for ``data/checks.json`` and the data annex.

Not here: the shape of a table (``crossroads.evidence.tables`` refuses what is off-contract).
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import importers
from importers import countries
from importers.declaration import Average, Spot, Sum, Table

# Differences below this come from the order of additions, not from the data.
NOISE = 1e-9


def run(
    declared: dict[str, Table], frames: dict[str, pd.DataFrame], raw: Path, complete: bool = True
) -> dict[str, list[dict]]:
    """Run all declared checks.

    Parameters
    ----------
    declared : dict of str to Table
        Declarations.
    frames : dict of str to pandas.DataFrame
        Tables of the same names.
    raw : pathlib.Path
        Folder of publishers' files, for comparisons between sources.
    complete : bool
        Whether all tables are there, so that comparisons between tables can be made.

    Returns
    -------
    dict
        ``spots``, ``averages``, ``sums``, ``comparisons``: lists of dicts, each with ``passed``.
    """
    report: dict[str, list[dict]] = {"spots": [], "averages": [], "sums": [], "comparisons": []}
    for name, table in declared.items():
        frame = frames[name]
        report["spots"] += [spot_check(name, frame, spot) for spot in table.spots]
        for average in table.averages:
            report["averages"] += average_check(name, frame, average)
        report["sums"] += [sum_check(name, frame, total) for total in table.sums]
    if complete:
        for comparison in [found for family in importers.all_families() for found in family.compare(raw, frames)]:
            passed = bool(comparison.pairs > 0 and comparison.largest <= comparison.tolerance)
            report["comparisons"].append(_rounded(asdict(comparison) | {"passed": passed}))
    return report


def _rounded(entry):
    """Round the differences: the last bits of a sum differ between machines, and so does where they are largest."""
    rounded = {
        k: 0.0 if isinstance(v, float) and abs(v) < NOISE else float(f"{v:.3g}") if isinstance(v, float) else v
        for k, v in entry.items()
    }
    if rounded.get("largest") == 0 and "where" in rounded:
        rounded["where"] = ""
    return rounded


def _rows(frame, key):
    """Select the rows that a dict of column to value, or tuple of values, names."""
    chosen = pd.Series(True, index=frame.index)
    for column, value in key.items():
        values = value if isinstance(value, tuple | list) else (value,)
        chosen &= frame[column].isin(values)
    return frame[chosen]


def spot_check(name: str, frame: pd.DataFrame, spot: Spot) -> dict[str, Any]:
    """Compare one observation with its published number."""
    rows = _rows(frame, spot.key)
    entry = {"table": name, "key": spot.key, "published": spot.value}
    if len(rows) != 1:
        return entry | {"found": None, "passed": False, "reason": f"{len(rows)} rows have this key, expected one"}
    found = float(rows["obs_value"].iloc[0])
    passed = abs(found - spot.value) <= spot.tolerance + 1e-9
    if spot.std_error is not None:
        entry["published_std_error"] = spot.std_error
        error = float(rows["std_error"].iloc[0])
        passed &= abs(error - spot.std_error) <= spot.tolerance + 1e-9
    return entry | {"found": float(f"{found:.6g}"), "passed": bool(passed)}


def average_check(name: str, frame: pd.DataFrame, average: Average) -> list[dict[str, Any]]:
    """Recompute a published average; one entry for the values and, if asked for, one for the standard errors."""
    cell = [
        c for c in frame.columns[: list(frame.columns).index("obs_value")] if c not in ("ref_area", "ref_area_type")
    ]
    rows = _rows(frame, average.where)
    for cells, _ in average.but:
        rows = rows.drop(_rows(rows, cells).index)
    published = rows[(rows["ref_area"] == average.area) & rows["obs_value"].notna()]
    members = rows[rows["ref_area"].isin(average.members or countries.members()) & rows["obs_value"].notna()]
    members = members.merge(published[cell], on=cell)
    grouped = members.groupby(cell)
    again = grouped["obs_value"].agg(["mean", "count"])
    entries = [_average_entry(name, average, "obs_value", published.set_index(cell)["obs_value"], again)]
    if average.std_error:
        again = grouped["std_error"].agg(mean=lambda errors: np.sqrt((errors**2).sum()) / len(errors), count="count")
        entries.append(_average_entry(name, average, "std_error", published.set_index(cell)["std_error"], again))
    return entries


def _average_entry(name, average, column, published, again):
    both = again.join(published.rename("published"), how="right").dropna(subset="published")
    difference = (both["mean"] - both["published"]).abs()
    complete = len(both) > 0 and bool(difference.notna().all())
    largest = float(difference.max()) if complete else float("nan")
    passed = complete and largest <= average.tolerance
    counts = both["count"].dropna()
    entry = {
        "table": name,
        "area": average.area,
        "column": column,
        "cells": len(both),
        "members": f"{counts.min():.0f}-{counts.max():.0f}" if len(counts) else "",
        "largest": largest if complete else None,
        "tolerance": average.tolerance,
        "where": _place(difference) if complete else "",
        "left_out": [{"cells": cells, "reason": reason} for cells, reason in average.but],
        "passed": bool(passed),
    }
    return _rounded(entry)


def _place(difference):
    """Say where the largest difference is."""
    worst = difference.idxmax()
    worst = worst if isinstance(worst, tuple) else (worst,)
    return ", ".join(f"{name} {value}" for name, value in zip(difference.index.names, worst, strict=True))


def sum_check(name: str, frame: pd.DataFrame, total: Sum) -> dict[str, Any]:
    """Add the parts of a whole in every cell where all of them have a value."""
    key = [c for c in frame.columns[: list(frame.columns).index("obs_value")] if c != total.dimension]
    wide = frame[frame["obs_value"].notna()].pivot(index=key, columns=total.dimension, values="obs_value")
    wide = wide.reindex(columns=sorted({*wide.columns, *total.parts}))
    whole = wide[total.total] if isinstance(total.total, str) else float(total.total)
    difference = (wide[list(total.parts)].sum(axis=1, skipna=False) - whole).abs().dropna()
    largest = float(difference.max()) if len(difference) else None
    entry = {
        "table": name,
        "parts": list(total.parts),
        "total": total.total,
        "cells": len(difference),
        "largest": largest,
        "tolerance": total.tolerance,
        "passed": largest is not None and largest <= total.tolerance,
    }
    return _rounded(entry)


def failures(report: dict[str, list[dict]]) -> list[str]:
    """Return one line a failed check."""
    return [
        f"{kind[:-1]} check: " + ", ".join(f"{k} {v}" for k, v in entry.items() if k not in ("passed", "left_out"))
        for kind, entries in report.items()
        for entry in entries
        if not entry["passed"]
    ]


def summary(report: dict[str, list[dict]]) -> str:
    """Return one line with the numbers of checks passed."""
    parts = []
    for kind, entries in report.items():
        cells = sum(entry.get("cells", entry.get("pairs", 1)) for entry in entries)
        passed = sum(entry["passed"] for entry in entries)
        parts.append(f"{kind} {passed}/{len(entries)}" + (f" ({cells} cells)" if kind != "spots" else ""))
    return "Checks passed: " + ", ".join(parts)
