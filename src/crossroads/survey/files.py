"""Microdata as publishers hand them out: SPSS, SAS, Stata and Parquet files, joined by the keys of their study.

Files of surveys write "no answer" as a number. SPSS files declare such codes, SAS and Stata have values of their own
for them; a file that has passed through other hands has neither, and a 9999 that is left in becomes a part of the mean.
`read` therefore makes declared codes missing, and refuses what only looks like a code until the caller says what it is.

Reading needs pyreadstat, an optional extra, except for Parquet. What does not belong here: recoding of questionnaires,
and publishers' tables of results (`crossroads.sources`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet

from crossroads.survey.codes import far_codes
from crossroads.survey.design import Design, SurveyError, numbered_columns

_READERS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
# What labels of the OECD, the IEA and statistical offices say of codes that are no answer; "don't know" is an answer.
_NO_ANSWER = re.compile(
    r"\b(missing|no response|non-?response|not (applicable|reached|administered|stated|available|answered)|invalid|"
    r"omitted|valid skip|logically not|refus(ed|al)|presented but|n/a|system-?missing)\b",
    re.IGNORECASE,
)
_COUNTRY = ("CNT", "IDCNTRY", "CNTRY", "CNTRYID", "COUNTRY")
_SCHOOL = ("CNTSCHID", "IDSCHOOL", "SCHOOLID")
_PERSON = ("CNTSTUID", "IDSTUD", "STIDSTD", "CNTTCHID", "IDTEACH")


def read(
    path: str | PathLike,
    columns: Sequence[str] | None = None,
    design: Design | None = None,
    *,
    missing_codes: Mapping[str, Iterable[float]] | None = None,
    undeclared: str = "refuse",
    catalogue: str | PathLike | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Read microdata from an SPSS, SAS, Stata or Parquet file, with missing values as missing.

    Parameters
    ----------
    path : path-like
        File whose name ends in ``.sav``, ``.zsav``, ``.por``, ``.sas7bdat``, ``.xpt``, ``.dta`` or ``.parquet``.
    columns : sequence of str, optional
        Columns to read, or patterns such as ``"PV@MATH"``; None reads all.
    design : Design, optional
        Survey whose weights are read with the columns.
    missing_codes : mapping of str to iterable of float, optional
        Codes that mean "no answer", by column or pattern, for files that do not declare them.
    undeclared : {"refuse", "missing", "keep"}
        What to do with values that are not declared but look like codes of missing answers: their label says so, or
        without such a label they are 95 to 99, 995 to 999, 9995 to 9999 ... and more than twice as high as all other
        values, or the same with a minus. A 9 that is not labelled is not found.
    catalogue : path-like, optional
        Of a SAS file: its ``.sas7bcat``, which holds the labels of values.
    encoding : str, optional
        Of the text, where the file does not say it or says it wrongly, for example ``"latin1"``.

    Returns
    -------
    DataFrame
        Columns in the order in which they were asked for, then those of the design. Codes are kept as codes;
        `codebook` says what they mean.

    Raises
    ------
    SurveyError
        If the kind of file is unknown, pyreadstat is not installed, columns are missing, or values look like codes of
        missing answers.
    """
    if undeclared not in ("refuse", "missing", "keep"):
        raise SurveyError(f"undeclared is {undeclared!r}, expected 'refuse', 'missing' or 'keep'")
    path = Path(path)
    names, labels = _names_and_labels(path, catalogue, encoding)
    wanted = _wanted(columns, design, names)
    if path.suffix.lower() == ".parquet":
        frame = pd.read_parquet(path, columns=wanted)
    else:
        reader = getattr(_pyreadstat(path), _READERS[path.suffix.lower()])
        frame = reader(str(path), usecols=wanted, encoding=encoding)[0][wanted]
    for pattern, codes in (missing_codes or {}).items():
        for column in _matching(pattern, names):
            if column in frame:
                frame[column] = frame[column].mask(frame[column].isin(list(codes)))
    suspects = {c: s for c in wanted if undeclared != "keep" and len(s := _suspects(frame[c], labels.get(c)))}
    if suspects and undeclared == "refuse":
        column, codes = next(iter(suspects.items()))
        counts = frame[column].value_counts()
        found = ", ".join(f"{code:g} ({_label(labels, column, code)}{counts[code]} rows)" for code in codes)
        raise SurveyError(
            f"{path.name}: {column!r} holds {found}; this looks like missing answers that the file does not declare, as "
            f"in {len(suspects)} of {len(wanted)} columns. Say undeclared='missing' to make them missing, "
            f"missing_codes={{{column!r}: [...]}} to name the codes, or undeclared='keep' if they are answers"
        )
    for column, codes in suspects.items():
        frame[column] = frame[column].mask(frame[column].isin(codes))
    return frame


def codebook(
    path: str | PathLike, catalogue: str | PathLike | None = None, encoding: str | None = None
) -> pd.DataFrame:
    """List variables, codes and labels of an SPSS, SAS or Stata file, without reading its rows.

    Parameters
    ----------
    path, catalogue, encoding
        As in `read`.

    Returns
    -------
    DataFrame
        One row for each labelled code, or one for a variable without any: ``variable``, ``label``, ``code``,
        ``code_label`` and ``missing`` (whether the file declares the code as missing).
    """
    path = Path(path)
    if path.suffix.lower() == ".parquet":
        raise SurveyError(f"{path.name}: Parquet files hold no labels; ask the publisher for the code book")
    meta = _meta(path, catalogue, encoding)
    rows = []
    for variable in meta.column_names:
        label = meta.column_names_to_labels.get(variable) or ""
        codes = meta.variable_value_labels.get(variable) or {None: ""}
        ranges = meta.missing_ranges.get(variable, [])
        special = set(meta.missing_user_values.get(variable, []))
        for code, meaning in codes.items():
            declared = code in special or any(_within(code, r["lo"], r["hi"]) for r in ranges)
            rows.append((variable, label, code, meaning, declared))
    return pd.DataFrame(rows, columns=["variable", "label", "code", "code_label", "missing"])


def merge(
    rows: pd.DataFrame, other: pd.DataFrame, on: str | Sequence[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the columns of another file of the same study, such as those of schools to students.

    Parameters
    ----------
    rows : DataFrame
        The file whose rows stay: students, or teachers.
    other : DataFrame
        The file that is looked up, one row for each key: schools, or other answers of the same persons.
    on : str or sequence of str, optional
        Key columns. None takes the country, the school and the person where both files have them: ``CNT``,
        ``CNTSCHID``, ``CNTSTUID`` or ``CNTTCHID`` (PISA; ``SCHOOLID``, ``STIDSTD`` until 2012); ``IDCNTRY`` or
        ``CNTRY``, ``IDSCHOOL``, ``IDSTUD`` or ``IDTEACH`` (TALIS, ICILS, PIRLS, TIMSS).

    Returns
    -------
    DataFrame
        All rows in their order, with the columns of the other file; missing where it has no such key.
    DataFrame
        How many found a partner, one line for each value of the first key (the country): that key, ``n_rows``,
        ``n_unmatched`` (rows that the other file lacks) and ``n_unused`` (keys of the other file without a row).

    Raises
    ------
    SurveyError
        If there is no common key, a key is missing, text in one file and a number in the other, or occurs twice where
        it must not; if nothing matches; or if a column that both files have differs between them.
    """
    key = _key(rows, other) if on is None else [on] if isinstance(on, str) else list(on)
    for frame, which in ((rows, "first"), (other, "second")):
        _check_key(frame, key, which)
    for column in key:
        kinds = [pd.api.types.is_numeric_dtype(frame[column]) for frame in (rows, other)]
        if kinds[0] != kinds[1]:
            raise SurveyError(f"{column!r} is a number in one file and text in the other; make both the same")
    person = next((c for c in _PERSON if c in rows), None)
    if person in key:
        _refuse_twins(rows, key, "first")
    _refuse_twins(other, key, "second")
    both = [c for c in other.columns if c in rows.columns and c not in key]
    joined = rows.merge(other.drop(columns=both), on=key, how="left", indicator="_found")
    matched = joined.pop("_found").eq("both")
    if not matched.any():
        raise SurveyError(f"no row of the first file has a partner in the second by {', '.join(key)}")
    _refuse_differences(rows, other, key, both, matched.to_numpy())
    used = other[key].merge(rows[key].drop_duplicates(), on=key, how="left", indicator="_found")["_found"].eq("both")
    country = key[0]
    counts = pd.DataFrame(
        {
            "n_rows": rows.groupby(country).size(),
            "n_unmatched": (~matched).groupby(joined[country]).sum(),
            "n_unused": (~used).groupby(other[country].to_numpy()).sum(),
        }
    )
    return joined, counts.fillna(0).astype(int).rename_axis(country).reset_index()


def _pyreadstat(path: Path) -> ModuleType:
    if path.suffix.lower() not in _READERS:
        raise SurveyError(f"{path.name}: cannot read {path.suffix!r}; expected .parquet or {', '.join(_READERS)}")
    try:
        import pyreadstat
    except ImportError:
        raise SurveyError(
            f'{path.name}: {path.suffix} files need the optional extra: pip install "crossroads[files]" (pyreadstat)'
        ) from None
    return pyreadstat


def _meta(path: Path, catalogue: str | PathLike | None, encoding: str | None) -> Any:
    """Return what pyreadstat knows of a file without reading its rows."""
    module, reader = _pyreadstat(path), _READERS[path.suffix.lower()]
    options: dict[str, Any] = {} if catalogue is None else {"catalog_file": str(catalogue)}
    if reader == "read_sav":
        options["user_missing"] = True  # without it the declared codes are not listed
    if not path.exists():
        raise SurveyError(f"{path}: no such file")
    return getattr(module, reader)(str(path), metadataonly=True, encoding=encoding, **options)[1]


def _names_and_labels(
    path: Path, catalogue: str | PathLike | None, encoding: str | None
) -> tuple[list[str], dict[str, dict]]:
    """Return the names of the columns, and for each the labels of its values."""
    if path.suffix.lower() == ".parquet":
        return list(parquet.read_schema(path).names), {}
    meta = _meta(path, catalogue, encoding)
    return list(meta.column_names), meta.variable_value_labels


def _wanted(columns: Sequence[str] | None, design: Design | None, names: list[str]) -> list[str]:
    """Return the columns to be read, each once."""
    if columns is None:
        return names
    wanted = [
        c
        for column in columns
        for c in (design.variable_columns(column, names) if design else _matching(column, names))
    ]
    return list(dict.fromkeys([*wanted, *(design.columns(names) if design else [])]))


def _matching(pattern: str, names: list[str]) -> list[str]:
    """Return the columns of a name or pattern."""
    if "@" in pattern:
        return numbered_columns(pattern, names, None, "columns of the file")
    if pattern not in names:
        raise SurveyError(f"no column {pattern!r} in the file; it has {', '.join(names[:5])} ...")
    return [pattern]


def _suspects(values: pd.Series, labels: Mapping | None) -> list[float]:
    """Return the values of a column that look like undeclared codes of missing answers."""
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        return []
    said = [code for code, label in (labels or {}).items() if _NO_ANSWER.search(str(label))]
    if said:
        return sorted(set(said) & set(values.dropna().unique()))
    return far_codes(values)


def _label(labels: Mapping[str, Mapping], column: str, code: float) -> str:
    label = labels.get(column, {}).get(code)
    return "" if label is None else f"{label!r}, "


def _within(code: Any, low: Any, high: Any) -> bool:
    return code is not None and isinstance(code, str) == isinstance(low, str) and low <= code <= high


def _key(rows: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    both = [
        next((c for c in names if c in rows.columns and c in other.columns), None)
        for names in (_COUNTRY, _SCHOOL, _PERSON)
    ]
    key = [column for column in both if column is not None]
    if both[1] is None and both[2] is None:
        raise SurveyError(
            "the files share no known key of schools or persons; say on=[...], for example ['CNT', 'CNTSCHID']"
        )
    return key


def _check_key(frame: pd.DataFrame, key: list[str], which: str) -> None:
    absent = [column for column in key if column not in frame.columns]
    if absent:
        raise SurveyError(f"the {which} file has no key column {absent[0]!r}")
    empty = frame[key].isna().any(axis=1)
    if empty.any():
        raise SurveyError(
            f"the {which} file has {int(empty.sum())} rows without {' or '.join(key)}; leave them out first"
        )


def _refuse_twins(frame: pd.DataFrame, key: list[str], which: str) -> None:
    twins = frame.duplicated(key, keep=False)
    if twins.any():
        first = ", ".join(f"{c} = {v}" for c, v in zip(key, frame.loc[twins, key].iloc[0], strict=True))
        raise SurveyError(
            f"the {which} file has {int(twins.sum())} rows that share their key (first: {first}); expected one row a key. "
            "Add the column that tells them apart to on=, or aggregate them first"
        )


def _refuse_differences(
    rows: pd.DataFrame, other: pd.DataFrame, key: list[str], both: list[str], matched: np.ndarray
) -> None:
    """Refuse columns that both files have and that do not say the same."""
    theirs = rows[key].merge(other[[*key, *both]], on=key, how="left") if both else rows
    for column in both:
        mine, their = rows[column].reset_index(drop=True)[matched], theirs[column][matched]
        differ = mine.ne(their) & ~(mine.isna() & their.isna())
        if differ.any():
            raise SurveyError(
                f"both files have {column!r}, and it differs in {int(differ.sum())} rows; rename it in one of them or "
                "leave it out"
            )
