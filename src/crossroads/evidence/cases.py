"""The case library: innovative schools, networks, employer partnerships and city ecosystems as data.

One YAML file a case in ``data/cases/``, so that a case can be read, reviewed and proposed by itself. This module
loads them, refuses what breaks the contract, and says what the codes mean. ``null`` means "not known", never "no".

Not here: analysis of the cases (``crossroads.coding``), their pages (``report.cases``). Pandas is not
needed to load cases, and therefore not imported: the book loads them on every build.
"""

import csv
import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crossroads.evidence import record_files
from crossroads.evidence.package import code_list, data_folder, loaded
from crossroads.evidence.record_files import Record as Case
from crossroads.evidence.record_files import RecordError

ELEMENTS = ("learners", "educators", "content", "resources")
CLAIMS = (*ELEMENTS, "organisation", "leadership", "technology")
FINDINGS = ("design", "comparison", "outcome", "effect", "uncertainty")
"""What is said of the evidence on results, in the order in which it is read."""
STORY_WORDS = (120, 220)
"""Shortest and longest story: long enough to follow a change and its end, short enough for one look."""
CODE_BOOK = "codebook.yaml"
NEAR = 6.0  # degrees of latitude and longitude together, from the middle of a region
NOT_REGIONS = {"country", "aggregate", "system"}
DESCRIPTOR = {
    "name": "cases",
    "publisher": "Schools at the Crossroads",
    "dataset": "Case library",
    "edition": "",
    "doi": "",
    "url": "",
    "licence": "CC BY 4.0",
    "retrieved": "",
}
"""What the source line of an exhibit derives from, in the terms of the descriptor of an indicator table."""


class CaseError(RecordError):
    """Cases that break the contract."""


def load(folder: Path | str | None = None) -> dict[str, Case]:
    """Load all cases, validated.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    dict of str to dict
        The cases by id, in alphabetical order, structured as ``data/cases/schema.json`` says.

    Raises
    ------
    CaseError
        With one line for each mistake in any file.
    """
    cases, mistakes = read(folder)
    if mistakes:
        raise CaseError(mistakes)
    return cases


def read(folder: Path | str | None = None) -> tuple[dict[str, Case], list[str]]:
    """Read all cases and list the mistakes in them.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    cases : dict of str to dict
        Cases that could be read, by the name of their file without ``.yaml``.
    mistakes : list of str
        One line for each mistake: ``file: field: what is wrong and what is expected``.
    """
    folder = data_folder(folder)
    loaded.update({"data/cases", "data/code-lists/areas.csv"})
    paths = [path for path in record_files.record_paths(folder / "cases") if path.name != CODE_BOOK]
    cases, mistakes = record_files.read_files(paths, lambda case: check(case, folder), "case")
    if not paths:
        mistakes.append(f"{folder / 'cases'}: no case files (*.yaml)")
    return cases, mistakes + record_files.with_lines(folder / "cases", check_together(cases))


def check(case: Case, folder: Path | str | None = None) -> list[str]:
    """List the mistakes in one case.

    Parameters
    ----------
    case : dict
        A case as its YAML file holds it.
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    list of str
        One line for each mistake: ``field: what is wrong and what is expected``; empty where all is well.
    """
    folder = data_folder(folder)
    mistakes = record_files.check(case, folder, "cases/schema.json")
    if mistakes:
        return mistakes
    return [
        *_check_whole(case),
        *_check_story(case["story"]),
        *_check_sources(case),
        *_check_place(case["place"], folder),
    ]


def code_book(folder: Path | str | None = None) -> dict[str, Any]:
    """Return the code book of the two codings.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.

    Returns
    -------
    dict
        ``groups`` of codes, and ``codes`` by name, each with group, label, definition, the fields it is coded
        from, and the key phrases of the coding by rule.
    """
    folder = data_folder(folder)
    return record_files.read_yaml(folder / "cases" / CODE_BOOK)


def coding(
    name: str, folder: Path | str | None = None, cases: Mapping[str, Case] | None = None
) -> dict[str, dict[str, int | None]]:
    """Return one of the two codings of the cases.

    Parameters
    ----------
    name : {"first", "second"}
    folder : pathlib.Path, optional
        The folder ``data``; found from the current folder when not given.
    cases : dict of str to dict, optional
        The cases, if they have been loaded already.

    Returns
    -------
    dict of str to dict
        By case and code: 1 the text says so, 0 it does not although the field in which it would be said (the first
        one that the code book names) is known, None where that field is not known. Cases without a row are not in it.

    Raises
    ------
    CaseError
        If a row names no case, a column is no code of the code book, or a value contradicts the text: a 1 where no
        field of the code is known, a 0 where the first is not, nothing where it is.
    """
    folder = data_folder(folder)
    cases, codes = cases or load(folder), code_book(folder)["codes"]
    path = folder / "cases" / f"coding-{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    if header != ["case", *codes]:
        differing = sorted(set(header) ^ {"case", *codes}) or "the order"
        raise CaseError([f"{path.name}: the columns are not the codes of {CODE_BOOK}: {differing}"])
    result, mistakes = {}, []
    for number, (identifier, *values) in enumerate(rows, start=2):
        if identifier not in cases or identifier in result:
            why = "is coded twice" if identifier in result else "is no case"
            mistakes.append(f"{path.name}: row {number}, column case: {identifier!r} {why}")
            continue
        result[identifier] = dict(zip(codes, values, strict=True))
        for code, value in result[identifier].items():
            fields = codes[code]["fields"]
            possible = ["1"] if any(field_text(cases[identifier], field) for field in fields) else []
            possible.append("0" if field_text(cases[identifier], fields[0]) else "")
            if value not in possible:
                expected = " or ".join(map(repr, possible))
                mistakes.append(
                    f"{path.name}: row {number}, column {code}: found {value!r}; expected {expected}, because the"
                    f" field {fields[0]!r} is {'' if '0' in possible else 'not '}known"
                )
    if mistakes:
        raise CaseError(mistakes)
    return {
        identifier: {code: int(value) if value else None for code, value in values.items()}
        for identifier, values in result.items()
    }


def field_text(case: Case, field: str) -> str | None:
    """Return the text of a field of a case, or None where it is not known.

    Parameters
    ----------
    case : dict
    field : str
        One of ``CLAIMS``, ``"level"``, or ``"evidence"``, whose findings are joined.

    Returns
    -------
    str or None
    """
    if field == "evidence":
        return "; ".join(filter(None, (case["evidence"][name] for name in FINDINGS))) or None
    claim = case["elements"][field] if field in ELEMENTS else case[field]
    return claim and claim["text"]


def records(cases: Mapping[str, Case]) -> list[dict[str, str | int | float]]:
    """Return the cases as flat records, one row a case, for a table.

    Parameters
    ----------
    cases : dict of str to dict

    Returns
    -------
    list of dict
        Text fields, codes (several joined with ``;``) and sources (title, publisher, year and address, one a line).
        An empty string means that the entry is not known.
    """
    return [_record(case) for case in cases.values()]


def cite(source: Mapping[str, Any]) -> str:
    """Write a source in one line: publisher, year, title.

    Parameters
    ----------
    source : dict
        An entry of a case's ``sources``.

    Returns
    -------
    str
    """
    return f"{source['publisher']} ({source['year']}), {source['title']}"


def address(source: Mapping[str, Any]) -> str:
    """Return the address of a source: its URL, or the resolver's address of its DOI.

    Parameters
    ----------
    source : dict
        An entry of a case's ``sources``.

    Returns
    -------
    str
    """
    return source["url"] or f"https://doi.org/{source['doi']}"


def _record(case: Case) -> dict[str, str | int | float]:
    place, evidence, status = case["place"], case["evidence"], case["status"] or {}
    record = {
        "id": case["id"],
        "name": case["name"],
        "kind": case["kind"],
        "level": field_text(case, "level"),
        "level_codes": ";".join(case["level"]["codes"]) if case["level"] else None,
        "start_year": case["start"] and case["start"]["year"],
        **{name: place[name] for name in ("country", "region", "locality", "oecd_region", "nuts2")},
        **{name: (place["coordinates"] or {}).get(name) for name in ("latitude", "longitude")},
        "story": " ".join(sentence["text"] for sentence in case["story"] or []),
        "facts": "\n".join(f"{fact['fact']}: {fact['value']}" for fact in case["facts"] or []),
        **{f"status_{name}" if name != "code" else "status": status.get(name) for name in ("code", "text", "year")},
        **{field: field_text(case, field) for field in CLAIMS},
        "partner_kinds": ";".join(case["partners"]["kinds"]) if case["partners"] else None,
        **{f"evidence_{name}": evidence[name] for name in (*FINDINGS, "strength", "previous", "reason")},
        "lesson": case["lesson"],
        "confidence": case["confidence"],
        "checked": case["checked"],
        "sources": "\n".join(f"{cite(source)}, {address(source)}" for source in case["sources"]),
    }
    return {name: "" if entry is None else entry for name, entry in record.items()}


def _check_whole(case: Case) -> Iterator[str]:
    """List what a case lacks that is told at length, and a state that is older than its beginning."""
    told = case["story"] is not None
    try:
        datetime.date.fromisoformat(case["checked"] or "2000-01-01")
    except ValueError:
        yield f"checked: found {case['checked']!r}, which is no day of the calendar"
    for field in ("facts", "lesson", "checked"):
        if told and case[field] is None:
            yield f"{field}: is null; a case with a story has facts, a lesson and the day of its check"
    if told and not case["evidence"]["reason"]:
        yield "evidence.reason: is null; of a case with a story, say why its evidence is as strong as that"
    strength = case["evidence"]["strength"]
    if strength != "none-found" and field_text(case, "evidence") is None:
        yield f"evidence.strength: found {strength!r}, and nothing is told of design or findings; tell it, or write none-found"
    start, year = (case["start"] or {}).get("year"), (case["status"] or {}).get("year")
    if start is not None and year is not None and year < start:
        yield f"status.year: found {year}, before the start in {start}"


def _check_story(story: list[Mapping[str, Any]] | None) -> Iterator[str]:
    """List what keeps a story from being read in one go: its length, and entries that were cut off."""
    if story is None:
        return
    shortest, longest = STORY_WORDS
    words = sum(len(sentence["text"].split()) for sentence in story)
    if not shortest <= words <= longest:
        yield f"story: found {words} words; expected {shortest} to {longest} in all its sentences together"
    for number, sentence in enumerate(story):
        if not sentence["text"].endswith((".", "?", "!")):
            # A comma in {text: one, two} ends the text without a word of YAML's.
            yield f"story[{number}].text: ends with {sentence['text'][-20:]!r}; expected a whole sentence with its stop"


def _check_sources(case: Case) -> Iterator[str]:
    """List statements that cite what is no source of the case, sources without address, and uncited sources."""
    known = [source["id"] for source in case["sources"]]
    for number, identifier in enumerate(known):
        if identifier in known[:number]:
            yield f"sources[{number}].id: {identifier!r} is taken by another source of this case"
        elif identifier != f"s{number + 1}":
            yield f"sources[{number}].id: found {identifier!r}; expected 's{number + 1}', its number on the page"
    cited: set[str] = set()
    for path, citations in _citations(case):
        cited |= set(citations)
        for identifier in citations:
            if identifier not in known:
                yield f"{path}: {identifier!r} is no source of this case; it has {', '.join(known)}"
    for number, source in enumerate(case["sources"]):
        if source["url"] is None and source["doi"] is None:
            yield f"sources[{number}]: has neither url nor doi; give one of them, so that readers can find it"
        if source["id"] not in cited:
            yield f"sources[{number}]: no statement cites {source['id']!r}; cite it or take it out"


def _citations(entry: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Yield the sources that each statement of a case cites, with the path to them."""
    parts = enumerate(entry) if isinstance(entry, list) else entry.items() if isinstance(entry, dict) else ()
    for key, part in parts:
        if path == () and key == "sources":
            continue  # the list of the sources themselves
        if key == "sources":
            yield record_files.field_name([*path, key]), part
        else:
            yield from _citations(part, (*path, key))


def _check_place(place: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Compare country and region codes with the list of areas."""
    areas = code_list("areas", folder)
    countries = {code for code, area in areas.items() if area["area_type"] == "country"}
    if place["country"] not in countries:
        hint = record_files.closest_area(place["country"], areas)
        yield (
            f"place.country: unknown country {place['country']!r}{hint}; expected an ISO 3166 alpha-3 code of"
            " data/code-lists/areas.csv"
        )
    for name in ("oecd_region", "nuts2"):
        code = place[name]
        area = areas.get(code)
        if code is not None and (area is None or area["area_type"] in NOT_REGIONS):
            yield f"place.{name}: unknown region {code!r}; expected the code of a region in data/code-lists/areas.csv"
        elif area and area["country"] != place["country"]:
            yield f"place.{name}: {code!r} lies in {area['country']}, but place.country is {place['country']}"
    yield from _check_coordinates(place, areas)


def _check_coordinates(place: Mapping[str, Any], areas: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Ask whether latitude and longitude were exchanged, where the regions of the country say where it lies."""
    points = [
        (float(area["latitude"]), float(area["longitude"]))
        for area in areas.values()
        if area["country"] == place["country"] and area["latitude"]
    ]
    if not points or not place["coordinates"]:
        return
    given = place["coordinates"]["latitude"], place["coordinates"]["longitude"]

    def lies(latitude: float, longitude: float) -> bool:
        return min(abs(latitude - north) + abs(longitude - east) for north, east in points) < NEAR

    if lies(*given[::-1]) and not lies(*given):
        yield f"place.coordinates: found latitude {given[0]} and longitude {given[1]}, which lie in {place['country']} when exchanged"


def check_together(cases: Mapping[str, Case]) -> list[str]:
    """List what only shows when all cases are seen: ids claimed twice, two files for one place.

    Parameters
    ----------
    cases : dict of str to dict
        Cases by the name of their file without ``.yaml``.

    Returns
    -------
    list of str
        One line for each mistake: ``file: field: what is wrong``.
    """
    mistakes: list[str] = []
    ids: dict[str | None, str] = {}
    places: dict[tuple, str] = {}
    for stem, case in cases.items():
        identifier = case.get("id")
        if identifier in ids:
            mistakes.append(f"{stem}.yaml: id: {identifier!r} is taken by {ids[identifier]}.yaml")
        elif identifier != stem:
            mistakes.append(f"{stem}.yaml: id: found {identifier!r}; expected {stem!r}, the name of the file")
        ids.setdefault(identifier, stem)
        for key in _identities(case):
            first = places.setdefault(key, stem)
            if first != stem:
                field = "place.coordinates" if key[0] == "coordinates" else "name"
                mistakes.append(f"{stem}.yaml: {field}: the same place as {first}.yaml; keep one file for it")
                break
    return mistakes


def _identities(case: Case) -> Iterator[tuple[str, Any, Any]]:
    """Return keys that two files share if they speak of one place: country and plain name, exact coordinates."""
    try:
        place, name = case["place"], case["name"]
        yield "name", place["country"], record_files.letters(re.sub(r"\(.*?\)", "", name)) or name
        if place["coordinates"]:
            yield "coordinates", place["coordinates"]["latitude"], place["coordinates"]["longitude"]
    except (KeyError, TypeError, AttributeError):
        return  # a file that breaks the schema has been reported already
