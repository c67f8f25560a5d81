"""Microdata bound to a design: groups of rows, their weights and their values.

This is where estimators get arrays from: views of the data where the layout allows it, one block of one group at
a time where it does not, never a copy of the whole weight matrix. What replicate weights can tell at all, the
degrees of freedom of their variance, is found here too. Formulae of statistics and of errors do not belong here.

References
----------
Johnson, E. and K. Rust (1992), "Population inferences and variance estimation for NAEP data", Journal of
Educational Statistics 17(2), 175-190.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet

from crossroads.survey.codes import far_codes
from crossroads.survey.design import Design, SurveyError, strangers
from crossroads.survey.replication import Clusters, MadeWeights

_SAME = 1e-4  # relative weights are printed with few digits: closer than this is the same
_ENOUGH = 4  # kinds of rows for each replicate: where each row was adjusted, more say nothing more of the rank


class WeightsWarning(UserWarning):
    """Weights look odd, but may be right. ``warnings.simplefilter("error", WeightsWarning)`` makes it an error."""


class MissingCodesWarning(UserWarning):
    """Values look like codes of missing answers; ``warnings.simplefilter("error", MissingCodesWarning)`` refuses them."""


class Weights:
    """Weights of the rows of one group.

    Parameters
    ----------
    full : ndarray of shape (n, 1)
        Final weights.
    replicates : ndarray of shape (n, R)
        Replicate weights.
    block : ndarray of shape (n, 1 + R), optional
        Both side by side, where the data hold them so.
    """

    def __init__(self, full: np.ndarray, replicates: np.ndarray, block: np.ndarray | None = None):
        self.full, self.replicates = full, replicates
        self._parts = (full, replicates) if block is None else (block,)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return weighted column sums, shape (1 + R, K): a row for the final and for each replicate weight."""
        parts = [part.T @ values for part in self._parts]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def block(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return final and replicate weights side by side, of the rows where ``rows`` is True, row by row in memory."""
        kept = slice(None) if rows is None else rows
        columns = [column for part in self._parts for column in part.T]
        out = np.empty((len(self.full) if rows is None else int(rows.sum()), len(columns)))
        for i, column in enumerate(columns):
            out[:, i] = column[kept]
        return out


class Freedom:
    """What the replicate weights of some rows can tell about a sampling variance.

    Units of one stratum (pair of schools, zone) move together, or against each other, in every replicate: their kinds
    lie on one line through the origin. Where the lines are as many as the rank, each is a stratum, and the deviations
    of any smooth estimate have one coordinate for each. Found when it is asked for, and kept.

    Parameters
    ----------
    kinds : ndarray of shape (K, R)
        Replicate weights over the final weight, less one, of rows of each kind. Or, where replicates are made from
        strata and clusters, whole numbers of shape (K, 2): the stratum and the cluster of rows of each kind.
    factor : float or ndarray of shape (R,)
        Multiplier of squared deviations.
    """

    def __init__(self, kinds: np.ndarray, factor: float | np.ndarray):
        self.made = np.issubdtype(kinds.dtype, np.integer)
        self.kinds = kinds if self.made else kinds[:: -(-max(len(kinds), 1) // (_ENOUGH * kinds.shape[1]))]
        self.factor = factor

    @cached_property
    def limit(self) -> int:
        """Rank of final and replicate weights less one, or clusters less strata: the most degrees of freedom.

        With 0 all replicate estimates of a mean are equal, and it has no sampling error that could be known.
        """
        if not len(self.kinds):
            return 0
        if self.made:
            return len(np.unique(self.kinds, axis=0)) - len(np.unique(self.kinds[:, 0]))
        return _rank(np.column_stack([np.full(len(self.kinds), 0.1), self.kinds])) - 1

    @cached_property
    def strata(self) -> np.ndarray | None:
        """What turns deviations of replicate estimates into the roots of the strata's contributions, shape (K, R).

        None where strata cannot be told apart: weights were adjusted after replication, or strata outnumber replicates.
        """
        if self.made:
            return None
        length = np.linalg.norm(self.kinds, axis=1)
        moved = length > _SAME
        units = self.kinds[moved] / length[moved, None]
        lines = units[np.unique(np.argmax(np.abs(units @ units.T) > 1 - _SAME, axis=1))] if len(units) else units
        if not len(lines) or _rank(lines) < len(lines):
            return None
        size = np.sqrt(np.square(lines) @ np.broadcast_to(self.factor, lines.shape[1]))
        return size[:, None] * np.linalg.solve(lines @ lines.T, lines)

    def degrees(self, deviations: np.ndarray) -> np.ndarray:
        """Return the degrees of freedom of the sampling variance, after Johnson and Rust (1992) or by the rank.

        Johnson and Rust match the variance's own variance: (3.16 - 2.77 / sqrt(K)) (sum c)**2 / sum c**2 for
        contributions c of K strata, here averaged over the plausible values. Few strata that matter count as few, however
        many there are: with the rank alone, intervals from few schools of unequal weight hold the truth less often than
        they say (``benchmarks/survey_coverage.py``).

        Parameters
        ----------
        deviations : ndarray of shape (R, M, S)
            Of replicate estimates from the estimate, for each plausible value.

        Returns
        -------
        ndarray of shape (S,)
            From 1 to `limit`, or 0 where `limit` is 0.
        """
        degrees = np.full(deviations.shape[2], float(self.limit))
        if self.limit < 2 or self.strata is None:
            return degrees
        r, m, s = deviations.shape
        parts = np.square(self.strata @ deviations.reshape(r, -1)).reshape(-1, m, s).mean(axis=1)
        squares, k = np.square(parts).sum(axis=0), len(parts)
        found = squares > 0
        degrees[found] = (3.16 - 2.77 / np.sqrt(k)) * np.square(parts.sum(axis=0)[found]) / squares[found]
        return np.clip(degrees, 1, self.limit)


def _rank(matrix: np.ndarray) -> int:
    """Return the rank of a matrix whose elements have few digits, by the smaller of its two squares."""
    square = matrix.T @ matrix if len(matrix) > matrix.shape[1] else matrix @ matrix.T
    values = np.linalg.eigvalsh(square)
    return int((values > _SAME**2 * values[-1]).sum())


@dataclass
class Group:
    """Rows that are estimated together.

    Attributes
    ----------
    key : tuple
        Values of the grouping columns.
    rows : slice or ndarray
        Positions in the sample's frame.
    size : int
        Number of rows.
    replicates : int
        Number of replicate weights R.
    factor : float or ndarray of shape (R,)
        Multiplier of squared deviations.
    kinds : ndarray of shape (K, R)
        Replicate weights over the final weight, less one, of rows that differ in them.
    kind : ndarray of shape (n,)
        The kind of each row; -1 for rows without weight, and for kinds beyond `kinds`.
    freedom : Freedom
        Of the whole group.
    totals : ndarray of shape (1 + R,)
        Sums of the final and of each replicate weight.
    """

    key: tuple
    rows: slice | np.ndarray
    size: int
    replicates: int = 0
    factor: float | np.ndarray = np.nan
    kinds: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    kind: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    freedom: Freedom = field(default_factory=lambda: Freedom(np.empty((0, 1)), 1.0))
    totals: np.ndarray = field(default_factory=lambda: np.empty(0))

    def present(self, valid: np.ndarray | None) -> tuple[np.ndarray, Freedom]:
        """Return the kinds among some of the rows, and the degrees of freedom that they leave."""
        if valid is None:
            return self.kinds, self.freedom
        left = np.bincount(self.kind[valid] + 1, minlength=len(self.kinds) + 1)[1:] > 0
        return (self.kinds, self.freedom) if left.all() else (self.kinds[left], Freedom(self.kinds[left], self.factor))


class Sample:
    """A data frame and the design it was drawn by, checked once and ready for many estimates.

    Every estimator takes a frame or a sample; a sample saves checks and the search for groups when many questions
    are put to the same data.

    Parameters
    ----------
    frame : DataFrame
        Microdata, one row a respondent. Not copied: do not change it while the sample is in use.
    design : Design
        The survey's design.

    Raises
    ------
    SurveyError
        If columns or rows are missing. Weights are checked group by group when groups are formed.
    """

    def __init__(self, frame: pd.DataFrame, design: Design):
        self.frame, self.design = frame, design
        self.names = list(frame.columns)
        if not frame.columns.is_unique:
            twice = frame.columns[frame.columns.duplicated()].tolist()
            raise SurveyError(f"{design.name}: columns occur twice: {', '.join(map(str, twice[:5]))}")
        if frame.empty:
            raise SurveyError(f"{design.name}: the data have no rows")
        design.columns(self.names)
        self._replicate_columns = tuple(design.replicate_columns(self.names))
        self._groups: dict[tuple[str, ...], list[Group]] = {}
        self._views: dict[tuple[str, ...], np.ndarray | None] = {}
        self._variables: dict[str, tuple[str, ...]] = {}
        self._complete: dict[str, bool] = {}
        self._zones = 0
        if design.zone:
            self._zones, self._zone, self._doubled = self._find_zones()
        self._clusters = Clusters(frame, design) if design.made else None
        self.odd_rows = 0
        self._value: int | None = None

    def matrix(self, columns: Sequence[str], rows: slice | np.ndarray = slice(None)) -> np.ndarray:
        """Return columns as float64, shape (n, columns): a view where frame and rows allow it."""
        columns = tuple(columns)
        view = self.view(columns)
        if view is not None:
            return view[rows]
        # Column by column: to select from a frame takes far longer than to copy some thousand numbers.
        block = np.empty(
            (len(columns), len(range(*rows.indices(len(self.frame))) if isinstance(rows, slice) else rows))
        )
        for i, column in enumerate(columns):
            one = self.view((column,))
            block[i] = self._numbers(column, rows) if one is None else one[rows, 0]
        return block.T

    def _numbers(self, column: str, rows: slice | np.ndarray) -> np.ndarray:
        """Return some rows of a column that is not held as float64."""
        values = self.frame[column]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            raise SurveyError(
                f"{self.design.name}: column {column!r} holds {values.dtype}; expected numbers, recode it"
            )
        return values.iloc[rows].to_numpy(dtype=float, na_value=np.nan)

    def view(self, columns: tuple[str, ...]) -> np.ndarray | None:
        """Return columns of the whole frame as an array, if that takes no copy."""
        if columns not in self._views:
            first = self.names.index(columns[0])
            block = self.frame.iloc[:, first : first + len(columns)]
            head = block.iloc[:1]
            together = tuple(block.columns) == columns and all(dtype == np.float64 for dtype in block.dtypes)
            shared = together and np.may_share_memory(head.to_numpy(), head.to_numpy())
            self._views[columns] = block.to_numpy() if shared else None
        return self._views[columns]

    def complete(self, variable: str) -> bool:
        """Return whether a numeric variable has a value in every row; refuse infinite ones, and warn of missing codes."""
        if variable not in self._complete:
            self._warn_of_codes(variable)
            finite = [np.isfinite(self.matrix((column,))).all() for column in self.columns(variable)]
            if not all(finite):
                infinite = sum(int(np.isinf(self.matrix((column,))).sum()) for column in self.columns(variable))
                if infinite:
                    raise SurveyError(f"{self.design.name}: {variable!r} has {infinite} infinite values")
            self._complete[variable] = all(finite)
        return self._complete[variable]

    def _warn_of_codes(self, variable: str) -> None:
        """Warn of what `read` refuses, for frames that were read in another way: a 9999 becomes a part of the mean."""
        codes = {
            code for column in self.columns(variable) for code in far_codes(pd.Series(self.matrix((column,))[:, 0]))
        }
        if codes:
            warnings.warn(
                f"{self.design.name}: {variable!r} holds {', '.join(f'{code:g}' for code in sorted(codes))}, far from all "
                "other values; that looks like missing answers, which are counted as answers now. Make them missing, for "
                f"example frame[{variable!r}].mask(lambda v: v.isin([...])), or read the file with survey.read",
                MissingCodesWarning,
                stacklevel=2,
            )

    def values(self, variable: str, group: Group) -> np.ndarray:
        """Return a variable's values in a group, shape (n, M): one column, or one for each plausible value."""
        return self.matrix(self.columns(variable), group.rows)

    def columns(self, variable: str) -> tuple[str, ...]:
        """Return the columns that a variable stands for."""
        if variable not in self._variables:
            found = tuple(self.design.variable_columns(variable, self.names))
            self._variables[variable] = found if self._value is None or len(found) == 1 else (found[self._value],)
        return self._variables[variable]

    def at(self, value: int) -> Sample:
        """Return the same data with one plausible value, counted from 0, in the place of all."""
        one = copy.copy(self)
        one._value, one._groups, one._variables, one._complete = value, {}, {}, {}
        return one

    def categories(self, variable: str) -> tuple:
        """Return the sorted values of a categorical column."""
        column = self.frame[self.columns(variable)[0]]
        return tuple(column.dropna().drop_duplicates().sort_values().tolist())

    def first(self, variables: Sequence[str]) -> tuple[Sample, Group]:
        """Return the first rows, to learn the size of some variables from."""
        return self, Group((), slice(0, 1000), min(1000, len(self.frame)))

    def groups(self, by: Sequence[str] = ()) -> list[Group]:
        """Return the groups formed by the values of some columns, sorted; no value is a group of its own.

        Counts in ``odd_rows`` the rows of the file whose replicate weights are far from the final weight: whether
        that is an error is for `warn_of_odd_rows` and the caller to say, of the file and not of a group.
        """
        by = tuple(by)
        if by not in self._groups:
            groups = self._find_groups(by)
            self.odd_rows = sum(self._check(group, by) for group in groups)
            self._groups[by] = groups
        return self._groups[by]

    def weights(self, group: Group) -> Weights | MadeWeights:
        """Return the weights of a group's rows; replicates are views of the data or one block."""
        full = self.matrix((self.design.weight,), group.rows)
        if self._clusters is not None:
            return MadeWeights(full, self._clusters, group.rows)
        if self.design.zone:
            return Weights(full, self._jackknife(full, group.rows))
        columns = self._replicate_columns[: group.replicates]
        if self.view((self.design.weight, *columns)) is None:
            return Weights(full, self.matrix(columns, group.rows))
        block = self.matrix((self.design.weight, *columns), group.rows)
        return Weights(block[:, :1], block[:, 1:], block)

    def _find_groups(self, by: tuple[str, ...]) -> list[Group]:
        n = len(self.frame)
        if not by:
            return [Group((), slice(0, n), n)]
        columns = [self.columns(column)[0] for column in by]
        grouped = self.frame.groupby(columns, sort=True, dropna=False, observed=True)
        codes = grouped.ngroup().to_numpy()
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        groups = []
        for positions in np.split(order, starts[1:]):
            first, last = positions[0], positions[-1]
            together = last - first + 1 == len(positions)
            key = tuple(self.frame[column].iloc[first] for column in columns)
            groups.append(Group(key, slice(first, last + 1) if together else positions, len(positions)))
        return groups

    def _check(self, group: Group, by: tuple[str, ...]) -> int:
        """Complete a group: method, factor and totals of its weights; refuse weights that are wrong.

        Returns
        -------
        int
            Number of rows whose replicate weights are far from the final weight.
        """
        design = self.design
        where = f"{design.name}, {', '.join(f'{c} = {k}' for c, k in zip(by, group.key, strict=True)) or 'all rows'}"
        method, stated, fay = self._stated_method(group, where)
        group.replicates = stated or len(self._replicate_columns)
        weights = self.weights(group)
        group.totals = weights.sums(np.ones((group.size, 1)))[:, 0]
        group.replicates = len(group.totals) - 1
        given = (
            []
            if isinstance(weights, MadeWeights)
            else [(design.replicate_weights, weights.replicates, group.totals[1:])]
        )
        for column, values, totals in ((design.weight, weights.full, group.totals[:1]), *given):
            if not (np.isfinite(totals).all() and values.min() >= 0):
                bad = int((~(values >= 0) | np.isinf(values)).sum())
                raise SurveyError(
                    f"{where}: {bad} weights in {column!r} are missing, infinite or negative; "
                    "leave such rows out or repair them, `survey.diagnose` lists them"
                )
        if group.totals[0] == 0:
            raise SurveyError(f"{where}: the final weights sum to zero")
        if isinstance(weights, MadeWeights):
            group.factor = weights.clusters.factor
            group.kinds, group.kind = weights.clusters.kinds(group.rows)
            group.kind[weights.full[:, 0] == 0] = -1
            group.freedom = Freedom(group.kinds[np.unique(group.kind[group.kind >= 0])], group.factor)
            return 0
        group.factor = design.variance_factor(group.replicates, method, fay)
        return self._find_kinds(group, weights)

    def _find_kinds(self, group: Group, weights: Weights) -> int:
        """Find rows that differ in their replicate weights, by one number for each row."""
        full, r = weights.full[:, 0], group.replicates
        tell_apart = np.random.default_rng(0).normal(size=r)
        mean, number = (weights.replicates @ np.column_stack([np.full(r, 1 / r), tell_apart])).T
        weighted = np.flatnonzero(full > 0)
        _, first, kind = np.unique(
            np.round(number[weighted] / full[weighted], 4), return_index=True, return_inverse=True
        )
        kept = np.arange(len(first))[:: -(-len(first) // (_ENOUGH * r))]
        numbers = np.full(len(first), -1)
        numbers[kept] = np.arange(len(kept))
        group.kind = np.full(group.size, -1)
        group.kind[weighted] = numbers[kind]
        rows = weighted[first[kept]]
        group.kinds = weights.replicates[rows] / full[rows, None] - 1
        group.freedom = Freedom(group.kinds, group.factor)
        return 0 if self.design.zone else strangers(full, mean)

    def _stated_method(self, group: Group, where: str) -> tuple[str | None, int | None, float | None]:
        """Read method, number of replicates and Fay's factor from the data, where the design says so."""
        found: list = []
        for column in (self.design.method_column, self.design.replicates_column, self.design.fay_column):
            stated = [None] if column is None else self.frame[column].iloc[group.rows].unique()
            if len(stated) != 1:
                raise SurveyError(
                    f"{where}: {column!r} has {len(stated)} different values; replicate weights of different "
                    "methods cannot be pooled, estimate by country"
                )
            found.append(stated[0])
        method, count, fay = found
        if method is not None and method not in ("BRR", "FAY", "JK1", "JK2"):
            raise SurveyError(f"{where}: {self.design.method_column!r} is {method!r}; expected BRR, FAY, JK1 or JK2")
        if count is not None and not 1 <= count <= len(self._replicate_columns):
            raise SurveyError(f"{where}: {self.design.replicates_column!r} is {count}")
        return method, None if count is None else int(count), None if fay is None else float(fay)

    def _find_zones(self) -> tuple[int, np.ndarray, np.ndarray]:
        """Return the number of zones, that of each row, counted from 0, and whether it is in the half that is doubled."""
        zones, halves = self.matrix([str(self.design.zone), str(self.design.half)]).T
        count = self.design.replicates or int(np.nanmax(zones))
        bad = ~np.isin(zones, np.arange(1, count + 1)) | ~np.isin(halves, (0, self.design.doubled))
        if bad.any():
            raise SurveyError(
                f"{self.design.name}: {int(bad.sum())} rows have a zone {self.design.zone!r} outside 1 to {count} "
                f"or a half {self.design.half!r} other than 0 and {self.design.doubled} (first in row {int(bad.argmax())})"
            )
        return count, zones.astype(int) - 1, halves == self.design.doubled

    def _jackknife(self, full: np.ndarray, rows: slice | np.ndarray) -> np.ndarray:
        """Make paired jackknife replicates: double one half of each zone and drop the other."""
        zone, kept = self._zone[rows], self._doubled[rows]
        everyone, both = np.arange(len(full)), self.design.method == "JK2-FULL"
        replicates = np.repeat(full, self._zones * (1 + both), axis=1)
        replicates[everyone, zone] = 2 * full[:, 0] * kept
        if both:
            replicates[everyone, zone + self._zones] = 2 * full[:, 0] * (1 - kept)
        return replicates


class Scan:
    """A Parquet file that is read in parts, one at a time, with only the columns that a question needs.

    Parameters
    ----------
    path : path-like
        A Parquet file.
    design : Design
        The survey's design.
    part : str, optional
        Column whose values are the parts, for example the country; rows of other parts are skipped by the
        statistics that Parquet keeps for each row group, so that the file is best sorted by this column. None
        reads one row group at a time, which only statistics that add up can use when a group of rows is spread over
        several.
    """

    def __init__(self, path: str | PathLike, design: Design, part: str | None = None):
        self.path, self.design, self.part = str(path), design, part
        if design.made:
            raise SurveyError(f"{design.name}: clusters may be spread over parts; read {self.path} whole, as a frame")
        self.names = list(parquet.read_schema(self.path).names)
        design.columns(self.names)
        if part is not None:
            design.variable_columns(part, self.names)

    def parts(self) -> list:
        """Return what tells the parts apart: values of the column, or numbers of the row groups."""
        if self.part is None:
            return list(range(parquet.read_metadata(self.path).num_row_groups))
        empty = parquet.read_table(self.path, columns=[self.part])[self.part].null_count
        if empty:
            raise SurveyError(f"{self.path}: {empty} rows have no {self.part!r} and belong to no part")
        return list(self.categories(self.part))

    def read(self, part: Any, columns: Sequence[str]) -> Sample:
        """Return one part as a sample with the design's and some more columns."""
        wanted = [*self.design.columns(self.names)]
        for column in columns:
            wanted.extend(self.design.variable_columns(column, self.names))
        wanted = list(dict.fromkeys(wanted))
        if self.part is None:
            with parquet.ParquetFile(self.path) as file:
                table = file.read_row_group(part, columns=wanted)
        else:
            table = parquet.read_table(self.path, columns=wanted, filters=[(self.part, "=", part)])
        return Sample(table.to_pandas(), self.design)

    def categories(self, variable: str) -> tuple:
        """Return the sorted values of a categorical column."""
        column = self.design.variable_columns(variable, self.names)[0]
        values = parquet.read_table(self.path, columns=[column])[column].unique().drop_null()
        return tuple(sorted(values.to_pylist()))

    def first(self, variables: Sequence[str]) -> tuple[Sample, Group]:
        """Return the first rows, to learn the size of some variables from."""
        return self.read(self.parts()[0], variables).first(variables)


def warn_of_odd_rows(design: Design, odd: int, rows: int) -> None:
    """Warn that replicate weights are far from the final weight in some rows of a file."""
    if odd:
        warnings.warn(
            f"{design.name}: in {odd} of {rows} rows the replicate weights average to less than half or more than "
            f"twice {design.weight!r}. A few such rows are found in public files; many mean that weights were joined "
            "to the wrong rows: compare the keys of both files in these rows. To refuse such files, call "
            "warnings.simplefilter('error', survey.WeightsWarning) first",
            WeightsWarning,
            stacklevel=4,
        )


def as_sample(data: pd.DataFrame | Sample, design: Design | None) -> Sample:
    """Return data as a sample of a design."""
    if isinstance(data, Sample):
        if design is not None and design != data.design:
            raise SurveyError(f"the sample was drawn by {data.design.name}, not by {design.name}")
        return data
    if design is None:
        raise SurveyError("a data frame needs a design, for example survey.PISA_2022")
    return Sample(data, design)
