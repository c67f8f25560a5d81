"""The study library: what published research found, as data with a contract.

One YAML file a published work in ``data/studies/``, named by its key in ``book/references.bib``. This module loads them,
refuses what breaks the contract, and hands out their findings and the numbers that prose may quote. ``null`` means "not
known". A number from literature is written down here, once, with what was read of the work.

Not here: how strong the studies of a lever are together (``crossroads.strength``), whether the bibliography agrees with
them (``report.references``), their page (``report.studies``), how a number reads (``crossroads.numbers``). Pandas is imported
only for the frame of findings: the book loads studies on every build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossroads.evidence import record_files
from crossroads.evidence.package import CODE_LISTS, code_list, data_folder, loaded, stamp
from crossroads.evidence.record_files import Record as Study
from crossroads.evidence.record_files import RecordError

if TYPE_CHECKING:
    import pandas as pd

FOLDER, LEFT_OUT, OVERRIDES = "studies", "left-out.yaml", "overrides.yaml"
LISTS = ("kinds", "designs", "levers", "outcomes", "units", "readings", "signs", "grades")
CAUSAL = {"tests", "syntheses", "comparisons"}
NUMBERS = ("value", "unit", "low", "high", "level", "std_error", "p_value")
ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


class StudyError(RecordError):
    """Studies that break the contract."""


def load(folder: Path | str | None = None) -> dict[str, Study]:
    """Load all studies, validated.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    dict of str to dict
        The studies by key, in alphabetical order, structured as ``data/studies/schema.json`` says.

    Raises
    ------
    StudyError
        With one line for each mistake in any file.
    """
    studies, mistakes = read(folder)
    if mistakes:
        raise StudyError(mistakes)
    return studies


def known(folder: Path) -> tuple[Mapping[str, Study], Sequence[str]]:
    """Read all studies to be looked at, not changed: once for each state of the files, since each build asks several times.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``data``.

    Returns
    -------
    studies, mistakes
        As of :func:`read`.
    """
    paths = [*(folder / FOLDER).iterdir(), *(folder / CODE_LISTS).iterdir()]
    state = tuple((path.name, stamp(path)) for path in sorted(paths) if path.is_file())
    return _read_once(folder, state)


@lru_cache(maxsize=2)
def _read_once(folder: Path, state: tuple[Any, ...]) -> tuple[Mapping[str, Study], Sequence[str]]:
    return read(folder)


def _quoted(folder: Path) -> Mapping[str, Study]:
    """Return the studies that prose may quote; raises StudyError where one has a mistake."""
    studies, mistakes = known(folder)
    if mistakes:
        raise StudyError(mistakes)
    return studies


def read(folder: Path | str | None = None) -> tuple[dict[str, Study], list[str]]:
    """Read all studies and list the mistakes in them.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    studies : dict of str to dict
        Studies that could be read, by the name of their file without ``.yaml``.
    mistakes : list of str
        One line for each mistake: ``file: field: what is wrong and what is expected``.
    """
    folder = data_folder(folder)
    loaded.update({f"data/{FOLDER}", "data/code-lists/areas.csv"})
    paths = [path for path in record_files.record_paths(folder / FOLDER) if path.name not in (LEFT_OUT, OVERRIDES)]
    studies, mistakes = record_files.read_files(paths, lambda study: check(study, folder), "study")
    if not paths:
        mistakes.append(f"{folder / FOLDER}: no study files (*.yaml)")
    return studies, mistakes + record_files.with_lines(folder / FOLDER, check_together(studies, folder))


def check(study: Study, folder: Path | str | None = None) -> list[str]:
    """List the mistakes in one study.

    Parameters
    ----------
    study : dict
        A study as its YAML file holds it.
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    list of str
        One line for each mistake: ``field: what is wrong and what is expected``; empty where all is well.
    """
    folder = data_folder(folder)
    mistakes = record_files.check(study, folder, f"{FOLDER}/schema.json")
    for path, text in record_files.texts(study):
        mistakes += [
            f"{record_files.field_name(path)}: the address begins with {found}://; expected http or https"
            for found in ADDRESS.findall(text)
            if found.lower() not in {"http", "https"}
        ]
    if not mistakes and study.get("insecure") and not study["caution"]:
        mistakes.append("caution: is null; of a study that is called insecure, say by whom and why")
    return mistakes or [*_check_findings(study["findings"]), *_check_years(study["years"])]


def _check_findings(entries: list[Mapping[str, Any]]) -> Iterator[str]:
    """List ids given twice, an effect that is no number of its finding, and intervals that do not hold their value."""
    seen: dict[str, set[str]] = {"finding": set(), "number": set()}
    for place, finding in enumerate(entries):
        for what, identifier in [("finding", finding["id"]), *(("number", name) for name in finding["numbers"])]:
            if identifier in seen[what]:
                yield f"findings[{place}]: the {what} id {identifier!r} is taken in this study; ids are quoted, choose another"
            seen[what].add(identifier)
        if finding["effect"] is not None and finding["effect"] not in finding["numbers"]:
            known = ", ".join(finding["numbers"]) or "none"
            yield f"findings[{place}].effect: {finding['effect']!r} is no number of this finding; it has {known}"
        for name, number in finding["numbers"].items():
            low, high = number.get("low"), number.get("high")
            where = f"findings[{place}].numbers.{name}"
            if (low is None) != (high is None):
                yield f"{where}: has one end of an interval only; give low and high, or neither"
            elif low is not None and high is not None and not low <= number["value"] <= high:
                yield f"{where}: {number['value']} does not lie between low {low} and high {high}"
            elif low is None and number.get("level") is not None:
                yield f"{where}: has a level without an interval; give low and high, or write null for level"
            elif low is not None and number.get("level") is None:
                yield (
                    f"{where}: has an interval without its level; give level, such as 95; where the source does not tell it,"
                    " leave low and high out, and give both in text"
                )


def _check_years(years: Mapping[str, int | None]) -> Iterator[str]:
    if years["first"] and years["last"] and years["first"] > years["last"]:
        yield f"years: the first, {years['first']}, comes after the last, {years['last']}"


def check_together(studies: Mapping[str, Study], folder: Path) -> list[str]:
    """List what only shows when all studies are seen.

    Parameters
    ----------
    studies : dict of str to dict
        Studies by the name of their file without ``.yaml``.
    folder : pathlib.Path
        The folder ``data``.

    Returns
    -------
    list of str
        One line for each mistake: ``file: field: what is wrong``.
    """
    mistakes = []
    trials: dict[str, list[str]] = {}
    for stem, study in studies.items():
        if study.get("id") != stem:
            mistakes.append(f"{stem}.yaml: id: found {study.get('id')!r}; expected {stem!r}, the name of the file")
        if isinstance(study.get("trial"), str):
            trials.setdefault(study["trial"], []).append(stem)
    for trial, stems in trials.items():
        if len(stems) == 1:
            hint = record_files.closest(trial, set(trials) - {trial})
            mistakes.append(f"{stems[0]}.yaml: trial: no other study is of {trial!r}{hint}; write null")
    for stem, study in studies.items():
        for key in study.get("pooled_in", []):
            if studies.get(key, {}).get("kind") != "synthesis":
                hint = record_files.closest(str(key), studies)
                mistakes.append(f"{stem}.yaml: pooled_in: no synthesis {key!r} in the library{hint}")
    return [*mistakes, *_check_works(studies), *_check_left_out(studies, folder)]


def _check_works(studies: Mapping[str, Study]) -> Iterator[str]:
    """List works that two files hold, as where two people add one: its findings would count twice."""
    works: dict[tuple[str, Any], str] = {}
    for stem, study in studies.items():
        if isinstance(study.get("name"), str):
            first = works.setdefault((record_files.letters(study["name"]), study.get("year")), stem)
            if first != stem:
                yield f"{stem}.yaml: name: the same work as {first}.yaml; keep one file for it, it would count twice"


def _check_left_out(studies: Mapping[str, Study], folder: Path) -> list[str]:
    """Compare the reading notes that became no study with those that did."""
    used = {note for study in studies.values() for note in reading_notes(study)}
    mistakes, seen = [], set()
    for number, entry in enumerate(left_out(folder)):
        note = entry.get("reading_note")
        if not isinstance(note, str) or not entry.get("reason"):
            mistakes.append(f"{LEFT_OUT}: entry {number + 1}: found {entry}; expected reading_note and reason")
        elif note in used or note in seen:
            where = "in the library" if note in used else "listed above"
            mistakes.append(f"{LEFT_OUT}: entry {number + 1}: the reading note {note} is {where}; take this entry out")
        seen.add(note)
    return mistakes


def reading_notes(study: Study) -> list[str]:
    """Return the reading notes from which the findings of a study were taken."""
    findings_ = study.get("findings") or []
    return [note for entry in findings_ if isinstance(entry, dict) for note in entry.get("reading_notes") or []]


def left_out(folder: Path | str | None = None) -> list[dict[str, str]]:
    """Return the reading notes that became no study, each with the reason.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    list of dict
        With ``reading_note`` and ``reason``.
    """
    path = data_folder(folder) / FOLDER / LEFT_OUT
    return (record_files.read_yaml(path) or []) if path.is_file() else []


def overrides(folder: Path | str | None = None) -> list[dict[str, str]]:
    """Return the grades that are set by hand against the rule.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    list of dict
        With ``lever``, ``outcome``, ``grade`` and ``reason``.

    Raises
    ------
    StudyError
        If an entry is not complete, names an unknown code, or speaks of a lever and outcome twice.
    """
    folder = data_folder(folder)
    path = folder / FOLDER / OVERRIDES
    entries = (record_files.read_yaml(path) or []) if path.is_file() else []
    mistakes, seen = [], set()
    for number, entry in enumerate(entries, start=1):
        if set(entry) != {"lever", "outcome", "grade", "reason"} or not all(entry.values()):
            mistakes.append(f"{OVERRIDES}: entry {number}: found {entry}; expected lever, outcome, grade and reason")
            continue
        for name in ("lever", "outcome", "grade"):
            known = code_list(f"study-{name}s", folder)
            if entry[name] not in known:
                hint = record_files.closest(str(entry[name]), known)
                mistakes.append(f"{OVERRIDES}: entry {number}: unknown {name} {entry[name]!r}{hint}")
        if (entry["lever"], entry["outcome"]) in seen:
            mistakes.append(f"{OVERRIDES}: entry {number}: {entry['lever']} and {entry['outcome']} are graded above")
        seen.add((entry["lever"], entry["outcome"]))
    if mistakes:
        raise StudyError(mistakes)
    return entries


def lists(folder: Path | str | None = None) -> dict[str, dict[str, dict[str, str]]]:
    """Return the code lists of studies by their short names: ``designs``, ``levers``, ``outcomes``..."""
    folder = data_folder(folder)
    return {name: code_list(f"study-{name}", folder) for name in LISTS}


def records(studies: Mapping[str, Study]) -> list[dict[str, Any]]:
    """Return the findings as flat records, one row a finding, for a table.

    Parameters
    ----------
    studies : dict of str to dict

    Returns
    -------
    list of dict
        What is said of the study is repeated for each of its findings; a finding's own design and reading stand in
        place of the study's. ``value`` and what follows it are those of the main effect. Lists are joined with ``;``,
        None is not known.
    """
    rows = []
    for key, study in studies.items():
        for finding in study["findings"]:
            effect = finding["numbers"].get(finding["effect"]) or {}
            rows.append(
                {
                    "study": key,
                    "finding": finding["id"],
                    **{name: study[name] for name in ("name", "authors", "year", "kind")},
                    "design": finding.get("design", study["design"]),
                    **{name: study[name] for name in ("trial", "peer_reviewed")},
                    "pooled_in": ";".join(study.get("pooled_in", [])),
                    "insecure": study.get("insecure", False),
                    **{name: finding[name] for name in ("lever", "outcome", "sign", "direct", "text", "effect")},
                    **{name: effect.get(name) for name in NUMBERS},
                    "areas": ";".join(study["place"]["areas"]),
                    "place": study["place"]["text"],
                    "first_year": study["years"]["first"],
                    "last_year": study["years"]["last"],
                    "levels": ";".join(study["levels"]),
                    "sample": "; ".join(entry["text"] or f"{entry['n']} {entry['unit']}" for entry in study["sample"]),
                    "read": finding.get("read", study["read"]),
                    "where": finding["where"],
                    "reading_notes": ";".join(finding["reading_notes"]),
                }
            )
    return rows


def findings(studies: Mapping[str, Study] | None = None) -> pd.DataFrame:
    """Return the findings of studies as a frame.

    Parameters
    ----------
    studies : dict of str to dict, optional
        All of the library when not given.

    Returns
    -------
    DataFrame
        One row a finding, with the columns of :func:`records`.
    """
    import pandas as pd

    return pd.DataFrame(records(load() if studies is None else studies))


def quotable(folder: Path | str | None = None) -> dict[str, dict[str, Any]]:
    """Return the numbers from literature that prose may quote.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    dict of str to dict
        By ``key:number``: the numbers of findings by their ids, and sizes of the sample by their unit, such as
        ``n-students``. Each is the number as its study has it, with what :func:`crossroads.numbers.describe_quoted` says of it,
        the ``work`` that has to be cited and the ``target`` to which the number is linked. A book without studies has none.

    Raises
    ------
    StudyError
        If a study breaks the contract.
    """
    folder = data_folder(folder)
    if not any((folder / FOLDER).glob("*.yaml")):
        return {}
    found, codes = {}, lists(folder)
    for key, study in _quoted(folder).items():
        told = [(study, name, number) for name, number in _sample_sizes(study)]
        told += [
            ({**study, **finding}, name, n) for finding in study["findings"] for name, n in finding["numbers"].items()
        ]
        for about, name, number in told:
            found[f"{key}:{name}"] = {
                **dict.fromkeys(NUMBERS),
                **number,
                "id": f"{key}:{name}",
                "unit_label": codes["units"][number["unit"]]["label"],
                "study": name_of(study),
                "design": codes["designs"][about["design"]]["label"],
                "read": codes["readings"][about["read"]]["definition"],
                "work": key,
                "target": f"study-{key}",
            }
    return found


def causal(folder: Path | str | None = None) -> set[str]:
    """Return the keys of studies that may be quoted with a causal word: tests, syntheses of tests, comparisons.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    set of str
        Empty in a book without studies.
    """
    folder = data_folder(folder)
    if not any((folder / FOLDER).glob("*.yaml")):
        return set()
    carrying = {code for code, row in lists(folder)["designs"].items() if row["class"] in CAUSAL}
    return {
        key
        for key, study in _quoted(folder).items()
        if carrying & {entry.get("design", study["design"]) for entry in study["findings"]}
    }


def _sample_sizes(study: Study) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield how many students, schools... a study had; of two of one unit the first."""
    units = set()
    for entry in study["sample"]:
        name = "n-" + re.sub(r"[^a-z0-9]+", "-", entry["unit"].lower()).strip("-")
        if entry["n"] is not None and name not in units:
            units.add(name)
            yield (
                name,
                {"value": entry["n"], "unit": "count", "text": entry["text"] or f"{entry['unit']} in the sample"},
            )


def name_of(study: Study) -> str:
    """Return the short name of a study, such as ``"Burgess et al. 2021"``."""
    return f"{study['authors']} {study['year'] or '(undated)'}"
