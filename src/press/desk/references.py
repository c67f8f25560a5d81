"""Reference outputs: what the notebooks printed and published when their numbers were last agreed on.

``tests/reference`` holds, for each notebook, its code with the text that each cell printed (nbval executes it and
compares), the data behind every exhibit, every value, every computed sentence and the size of every family of tests. A number that moves by more than the tolerance is
named with exhibit or value, old and new; ``make reference`` accepts what was meant to move.

Not here: execution (``press.run``) and the tests themselves.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from press import published, run

if TYPE_CHECKING:
    from typing import Any

    from press.published import Published

FOLDER = Path("tests") / "reference"
# Processors differ in the last bits of a float; nobody publishes the seventh digit.
RELATIVE_TOLERANCE = 1e-6
ABSOLUTE_TOLERANCE = 1e-9


def renew(root: Path) -> list[str]:
    """Write the reference outputs anew from the current results.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    list of str
        One line for each number that moved.
    """
    results = run.execute(root)
    content = published.read(results)
    folder = root / FOLDER
    moved = differences(root, content) if folder.exists() else []
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "exhibits").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    for result in results:
        assert result.folder is not None  # what is executed has one
        executed = json.loads((result.folder / "notebook.ipynb").read_text("utf-8"))
        text = json.dumps(text_only(executed), indent=1, ensure_ascii=False) + "\n"
        (folder / "notebooks" / f"{result.name}.ipynb").write_text(text, "utf-8")
    for identifier, metadata in content.exhibits.items():
        shutil.copy(metadata["folder"] / f"{identifier}.csv", folder / "exhibits")
    values = {identifier: _kept(metadata) for identifier, metadata in sorted(content.values.items())}
    for name, entries in (("values", values), ("statements", _sentences(content)), ("tests", _tests(content))):
        (folder / f"{name}.json").write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return moved


def differences(root: Path, content: Published) -> list[str]:
    """Compare what the notebooks publish now with the reference.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    content : press.published.Published
        What the notebooks publish now.

    Returns
    -------
    list of str
        One line for each difference: exhibit or value, where, old and new.
    """
    folder = root / FOLDER
    lines = _unmatched("exhibit", {path.stem for path in (folder / "exhibits").glob("*.csv")}, content.exhibits)
    for identifier, metadata in sorted(content.exhibits.items()):
        path = folder / "exhibits" / f"{identifier}.csv"
        if path.exists():
            lines += compare_tables(identifier, path, metadata["folder"] / path.name)
    values = agreed(folder, "values")
    lines += _unmatched("value", values, content.values)
    for identifier in sorted(values.keys() & content.values.keys()):
        now = _kept(content.values[identifier])
        for key, old in values[identifier].items():
            if not same(old, now[key]):
                lines.append(f"value {identifier}: {key} was {old!r}, is {now[key]!r}")
    lines += compare_sentences(agreed(folder, "statements"), _sentences(content))
    old_tests, tests = agreed(folder, "tests"), _tests(content)
    lines += _unmatched("tests", old_tests, tests)
    for identifier in sorted(old_tests.keys() & tests.keys()):
        for key, old in old_tests[identifier].items():
            if old != tests[identifier][key]:
                lines.append(f"tests {identifier}: {key} was {old!r}, is {tests[identifier][key]!r}")
    return lines


def text_only(notebook: dict[str, Any]) -> dict[str, Any]:
    """Reduce an executed notebook to its code and the text that each cell printed.

    Parameters
    ----------
    notebook : dict
        An executed notebook as JSON.

    Returns
    -------
    dict
    """
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            outputs = [_text_output(output) for output in cell["outputs"]]
            cells.append({**cell, "outputs": outputs, "metadata": {}})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {**notebook, "cells": cells, "metadata": kernel}


def same(old: Any, new: Any) -> bool:
    """Say whether two published entries agree within the tolerance.

    Parameters
    ----------
    old, new : str, float, int or None

    Returns
    -------
    bool
    """
    try:
        return math.isclose(float(old), float(new), rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)
    except (TypeError, ValueError):
        return old == new


def _kept(metadata):
    return {key: metadata[key] for key in ("obs_value", "unit", "std_error", "n_obs", "time_period")}


def _tests(content):
    kept = ("n_tests", "n_significant", "adjustment")
    return {name: {key: metadata[key] for key in kept} for name, metadata in sorted(content.tests.items())}


def agreed(folder: Path, name: str) -> dict[str, Any]:
    """Return the entries of a file of references; none where nothing has been agreed on yet.

    Parameters
    ----------
    folder : pathlib.Path
    name : str
        ``values``, ``statements`` or ``tests``.

    Returns
    -------
    dict
    """
    path = folder / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _sentences(content):
    return {
        identifier: [f"{entry['kind']}: {entry['text']}" for entry in metadata["sentences"]]
        for identifier, metadata in sorted(content.statements.items())
    }


def compare_sentences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Say which computed sentences are said no longer, and which are new.

    Parameters
    ----------
    old, new : dict of str to list of str

    Returns
    -------
    list of str
    """
    lines = _unmatched("statements", old, new)
    for identifier in sorted(old.keys() & new.keys()):
        gone, added = (
            [text for text in one[identifier] if text not in other[identifier]]
            for one, other in ((old, new), (new, old))
        )
        lines += [f"statements {identifier}: no longer say {text!r}" for text in gone]
        lines += [f"statements {identifier}: now say {text!r}" for text in added]
    return lines


def _unmatched(kind, old, new):
    gone = [f"{kind} {identifier}: is no longer published" for identifier in sorted(set(old) - set(new))]
    return gone + [f"{kind} {identifier}: has no reference yet" for identifier in sorted(set(new) - set(old))]


def compare_tables(identifier: str, old_path: Path, new_path: Path) -> list[str]:
    """Say what moved in the data behind an exhibit.

    Parameters
    ----------
    identifier : str
        Of the exhibit.
    old_path, new_path : pathlib.Path
        Its two CSV files.

    Returns
    -------
    list of str
        One line a cell; one line in all where rows or columns are others.
    """
    with (
        old_path.open(encoding="utf-8", newline="") as old,
        new_path.open(encoding="utf-8", newline="") as new,
    ):
        (old_header, *old_rows), (new_header, *new_rows) = csv.reader(old), csv.reader(new)
    gone, added = ([name for name in one if name not in other] for one, other in
                   ((old_header, new_header), (new_header, old_header)))  # fmt: skip
    if old_header != new_header or len(old_rows) != len(new_rows):
        said = [f"had {len(old_rows)} rows, has {len(new_rows)}"] if len(old_rows) != len(new_rows) else []
        said += [f"columns {', '.join(names)} are {what}" for names, what in ((gone, "gone"), (added, "new")) if names]
        return [f"exhibit {identifier}: {'; '.join(said) or 'its columns stand in another order'}"]
    lines = []
    for number, (before, after) in enumerate(zip(old_rows, new_rows, strict=True), start=1):
        for column, was, now in zip(old_header, before, after, strict=True):
            if not same(was, now):
                lines.append(f"exhibit {identifier}, row {number} ({after[0]}), {column}: was {was}, is {now}")
    return lines


def _text_output(output):
    """Leave out pictures, which nbval ignores; their data are compared as exhibits."""
    if "data" not in output:
        return output
    texts = {kind: content for kind, content in output["data"].items() if not kind.startswith("image/")}
    return {**output, "data": texts, "metadata": {}}
