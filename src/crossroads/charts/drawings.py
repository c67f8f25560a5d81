"""What an earlier execution of a notebook has drawn, known by the digest of all that it was drawn from.

Half of the time of the notebooks is drawing, and most edits change no picture. While the book is built, the runner names
the folder of an earlier result of the same notebook, made with the same libraries, in the environment variable
``PRESS_BEFORE``. A chart whose arguments, form and house style are the same is taken from there. Everywhere else, as in the
tests of the notebooks, all is drawn.

Private to ``crossroads.charts``. Not here: how a chart is drawn, and what is published (``crossroads.exhibits``).
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

FILE = "drawings.json"
CHARTS = Path(__file__).parent
PACKAGE = CHARTS.parent
# Of the package all that decides how a chart looks, beside the module of its function: a test holds it to what these import.
MADE_WITH = (
    "charts/__init__.py", "charts/drawings.py", "charts/fragment.py", "charts/house.py", "charts/pictures.py", "charts/plot.py",
    "charts/reading.py", "charts/*.mplstyle", "fonts/*.ttf", "columns.py", "numbers.py",
)  # fmt: skip
SUFFIXES = ("svg", "png", "wide.svg", "narrow.svg")


class Drawing(NamedTuple):
    """A chart that was drawn before.

    Attributes
    ----------
    form, reading, plot
        As of the chart.
    stem : pathlib.Path
        Its pictures, without their suffixes.
    """

    form: str
    reading: dict[str, Any]
    plot: dict[str, Any] | None
    stem: Path

    def pictures(self) -> dict[str, bytes]:
        """Return the pictures by their suffixes."""
        return {suffix: self.stem.with_name(f"{self.stem.name}.{suffix}").read_bytes() for suffix in SUFFIXES}


def key(function: str, arguments: object) -> str:
    """Return the digest of all that a chart is drawn from.

    Parameters
    ----------
    function : str
        Full name of the function that draws it.
    arguments : object
        All its arguments.

    Returns
    -------
    str
        Empty where an argument is of a kind that has no digest, such as a function: such a chart is always drawn.
    """
    made_from = hashlib.sha256(_code(function.rpartition(".")[0]) + function.encode())
    try:
        for part in _parts(arguments):
            made_from.update(b"%d:" % len(part) + part)
    except TypeError:
        return ""
    return made_from.hexdigest()


def recall(key: str) -> Drawing | None:
    """Return what an earlier execution has drawn, or None if it has not drawn this."""
    folder = os.environ.get("PRESS_BEFORE")
    return _drawings(folder).get(key) if folder and key else None


@lru_cache(maxsize=1)
def _drawings(folder: str) -> dict[str, Drawing]:
    path = Path(folder, FILE)
    entries = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {
        entry["key"]: Drawing(entry["form"], entry["reading"], entry["plot"], Path(folder, "exhibits", exhibit))
        for exhibit, entry in entries.items()
    }


@cache
def _shared() -> bytes:
    """Return the digests of what all forms are drawn with: code, style and fonts."""
    paths = [path for pattern in MADE_WITH for path in sorted(PACKAGE.glob(pattern))]
    return b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)


@cache
def _code(module: str) -> bytes:
    """Return the digest of the code of a module that draws, and of what all forms share.

    The text is read, and not what was compiled from it: the runner takes it for what the notebook depends on, also where a
    function is not called because its chart is there.
    """
    own = getattr(sys.modules.get(module), "__file__", None)
    return hashlib.sha256(_shared() + (hashlib.sha256(Path(own).read_bytes()).digest() if own else b"")).digest()


def _parts(entry: object) -> Iterator[bytes]:
    """Yield bytes that no other argument has; raises TypeError for a kind that is not known.

    Not a pickle: it names a function only, whatever the function does, and differs for equal texts.
    """
    yield type(entry).__name__.encode()
    if isinstance(entry, pd.DataFrame):
        yield from _parts([entry.attrs, entry.columns, entry.index])
        for position in range(entry.shape[1]):
            yield from _parts(entry.iloc[:, position].array)
    elif isinstance(entry, pd.Series | pd.Index):
        yield from _parts([entry.name, entry.array])
    elif isinstance(entry, np.ndarray | pd.api.extensions.ExtensionArray):
        yield from _parts_of_array(entry)
    elif isinstance(entry, Mapping):
        yield from _parts([*entry.items()])
    elif isinstance(entry, list | tuple):
        yield b"%d" % len(entry)
        for part in entry:
            yield from _parts(part)
    elif entry is None or entry is pd.NA or isinstance(entry, str | bool | int | float | np.generic | range):
        yield repr(entry).encode()
    else:
        raise TypeError(f"a {type(entry).__name__} has no digest")


def _parts_of_array(array: Any) -> Iterator[bytes]:
    yield from _parts([str(array.dtype), *array.shape])
    if isinstance(array, pd.Categorical):
        yield from _parts([array.categories, bool(array.ordered)])
    plain = isinstance(array, np.ndarray) and not array.dtype.hasobject
    yield from [array.tobytes()] if plain else _parts(array.tolist())
