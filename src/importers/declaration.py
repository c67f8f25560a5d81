"""What a publisher module has to say about a table: its words, units, origin, layout, and how it is checked.

Everything that a re-user reads in the descriptor and everything that the loader enforces is declared here once.

Not here: reading of publishers' files (the families), writing of tables (``remake``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Source:
    """A publisher's data set as it was obtained.

    Attributes
    ----------
    publisher, dataset, edition : str
        As a source line names them.
    doi, url : str
        Where the publisher keeps it; `doi` without a resolver.
    licence : str
        Key of ``codes.LICENCES``.
    files : tuple of str
        Publisher's files, relative to the folder of publishers' files.
    obtained : str
        Where the copy at hand came from when that was not the publisher's own site.
    retrieved : str
        Date of the retrieval or of the publisher's version (``2023-12-05``), empty if unknown.
    """

    publisher: str
    dataset: str
    url: str
    licence: str
    files: tuple[str, ...]
    edition: str = ""
    doi: str = ""
    obtained: str = ""
    retrieved: str = ""


@dataclass(frozen=True)
class Measure:
    """One thing that a table measures.

    Attributes
    ----------
    label : str
        Short name in plain words.
    unit : str
        Code of ``codes.UNITS``.
    bounds : tuple of float
        Smallest and largest value that is possible, both included.
    typical : tuple of float, optional
        Bounds of the median over the whole table: finds a unit that is off by a factor of 100 or 1,000.
    direction : str
        ``"higher"`` or ``"lower"`` if that is better, ``"neither"`` if there is no better, as of means and of practices,
        which are no sign of quality. Nothing else says so: frameworks of indicators ask the descriptor, and one that
        counts otherwise states why.
    definition : str
        What exactly is measured, if the label does not say it.
    """

    label: str
    unit: str
    bounds: tuple[float, float]
    typical: tuple[float, float] | None = None
    direction: str = "neither"
    definition: str = ""


@dataclass(frozen=True)
class CodeList:
    """Codes of a dimension with their labels; written to ``data/code-lists/<name>.csv``."""

    name: str
    label: str
    codes: dict[str, str]


@dataclass(frozen=True)
class Spot:
    """A published number that one observation of the table must equal.

    Attributes
    ----------
    key : dict
        Column to value: enough to name exactly one row.
    value : float
        Published value.
    std_error : float, optional
        Published standard error.
    tolerance : float
        Largest difference that rounding of the published number explains.
    """

    key: dict
    value: float
    std_error: float | None = None
    tolerance: float = 0.05


@dataclass(frozen=True)
class Average:
    """A published average that the rows of its members must reproduce.

    Attributes
    ----------
    area : str
        Code of the average in ``ref_area``.
    members : tuple of str, optional
        Codes of its members; if empty, the OECD members that have a value in the same cell.
    tolerance : float
        Largest difference accepted.
    where : dict
        Column to value or tuple of values: the rows to which the comparison is limited.
    std_error : bool
        Whether the published standard error, ``sqrt(sum(SE**2)) / n``, is compared as well.
    but : tuple of (dict, str)
        Cells that are left out, as column to value or tuple of values, each with the reason.
    """

    area: str
    members: tuple[str, ...] = ()
    tolerance: float = 0.0005
    where: dict = field(default_factory=dict)
    std_error: bool = False
    but: tuple[tuple[dict, str], ...] = ()


@dataclass(frozen=True)
class Sum:
    """Codes of a dimension that must add up to a total (a code of the same dimension or a number).

    Attributes
    ----------
    dimension : str
        Column whose codes are added (``"measure"`` is possible).
    parts : tuple of str
        Codes to add; cells in which one is missing are not compared.
    total : str or float
        Code of the total, or the number itself, e.g. 100.
    tolerance : float
        Largest difference accepted.
    """

    dimension: str
    parts: tuple[str, ...]
    total: str | float
    tolerance: float


@dataclass(frozen=True)
class Table:
    """One tidy table of the data package.

    Attributes
    ----------
    name : str
        Kebab-case name; file ``data/indicators/<name>.csv``.
    label, definition : str
        Title in the catalogue; what the numbers are (population, concept, reference period).
    measures : dict of str to Measure
        By snake_case code.
    source : Source
        Publisher's data set; `further` names the others that the table draws on.
    read : callable
        ``read(raw)`` with the folder of publishers' files; returns a frame as :func:`importers.remake.tidy`
        describes.
    dimensions : dict of str to CodeList
        Columns between ``measure`` and ``obs_value``, in this order.
    spans : bool
        Whether ``time_period`` may be a span such as ``2019-2021``; otherwise it is a year.
    caveats : tuple of str
        Sentences that a user must know.
    spots, averages, sums : tuple
        Checks that the table must pass.
    made_from : tuple of pathlib.Path
        Files of ``data/`` itself, which authors edit; the descriptor keeps their digests, so that the loader notices.
    """

    name: str
    label: str
    definition: str
    measures: dict[str, Measure]
    source: Source
    read: Callable[[Path], pd.DataFrame]
    further: tuple[Source, ...] = ()
    dimensions: dict[str, CodeList] = field(default_factory=dict)
    spans: bool = False
    caveats: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    averages: tuple[Average, ...] = ()
    sums: tuple[Sum, ...] = ()
    made_from: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What a comparison of two sources found; kept in ``data/checks.json``.

    Attributes
    ----------
    name : str
        What was compared with what.
    pairs : int
        Number of pairs of values.
    largest : float
        Largest absolute difference.
    tolerance : float
        Largest difference that is accepted.
    where : str
        Where the largest difference is.
    note : str
        Why differences are to be expected, what was left out.
    """

    name: str
    pairs: int
    largest: float
    tolerance: float
    where: str = ""
    note: str = ""


@dataclass(frozen=True)
class Family:
    """What one module of ``importers.families`` gives to the package.

    Attributes
    ----------
    tables : tuple of Table
    areas : callable, optional
        ``areas(raw)`` with the folder of publishers' files; returns the areas beyond countries that its tables name, with
        columns of the code list of areas.
    compare : callable
        ``compare(raw, frames)`` with the same folder and all tables by name; returns what comparisons of two sources
        found.
    beside : tuple of str
        Files that areas or comparisons are made from and no table is declared to be.
    """

    tables: tuple[Table, ...]
    areas: Callable[[Path], pd.DataFrame] | None = None
    compare: Callable[[Path, dict[str, pd.DataFrame]], Iterable[Comparison]] = lambda raw, frames: ()
    beside: tuple[str, ...] = ()
