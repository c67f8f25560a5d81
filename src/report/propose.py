"""``crossroads new case`` and ``crossroads cases``: a commented file to fill in, and a check of all files and codings.

Not here: what a valid case is (``crossroads.evidence.cases`` and ``data/cases/schema.json``).
"""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossroads.evidence import cases, package
from press.errors import BookError

if TYPE_CHECKING:
    import pandas as pd

TEMPLATE = """\
# A case of the library. Write plain text in your own words, without praise, with numbers and their year where a source
# gives them. null means that something is not known: it is an honest entry, and a guess is not. A statement is written as
#
#   learners:
#     text: About 120 students of ages 12 to 16 work in groups of mixed age (2019).
#     sources: [s1, s2]     # the sources below on which it rests
#
# A text with a comma stands on a line of its own as here, or in quotation marks: within {{ }} a comma ends it unseen.
# `crossroads cases` says what is still missing or wrong. These comments can go once the file is filled in.

id: {name}
name: null            # of the school, network, partnership or city
kind: null            # one of:
{kinds}
level: null           # what level of education: a text, codes, sources
#   text: lower secondary, ages 12 to 16
#   codes: [lower-secondary]     # one or more of: {levels}
#   sources: [s1]
start: null           # year: the year in which it started; sources
place:
  country: null       # three letters, such as FIN
  region: null        # in words
  locality: null      # city, town or village
  oecd_region: null   # code of the large region (TL2) in data/code-lists/areas.csv
  nuts2: null         # code of the NUTS 2 region, version 2021, in the same list
  coordinates: null   # latitude and longitude in degrees; sources
  sources: [s1]

story: null           # what happened, one sentence an entry, each with its sources, {shortest} to {longest} words together
#   - text: The school opened in 2009.
#     sources: [s1]
facts: null           # numbers and dates that stand beside the story: a fact, its value, sources
#   - fact: Students
#     value: About 120 (2019)
#     sources: [s1]
status: null          # what became of it: a code, a text, the last year of which the sources speak, sources
#   code: running     # null where the text says that it is not known, or one of:
{statuses}
#   text: Running with about 120 students.
#   year: 2019
#   sources: [s1]

# What changes. Each is a statement or null.
elements:
  learners: null      # who learns, and how they are grouped
  educators: null     # who teaches or guides, and how they work
  content: null       # what is learned that is new or arranged anew
  resources: null     # spaces, money, materials

# How it works. Each is a statement or null.
organisation: null    # how it is organised: time, groups, rules, size
leadership: null      # who started it and who leads it
technology: null      # which, and what for

partners: null        # kinds, sources
#   kinds: [business]            # one or more of: {partners}
#   sources: [s1]

# What is known of results. Each is a text or null.
evidence:
  design: null        # how results were looked at, and by whom; also that nothing was found
  comparison: null    # with whom or what they were compared
  outcome: null       # what was measured
  effect: null        # what was found, with its size, also that an evaluation found no effect
  uncertainty: null   # how sure that is: intervals, significance, what speaks against it
  strength: null      # the strongest that the text supports, one of:
{strengths}
  previous: null      # the strength before it was last changed
  reason: null        # why this strength; a case with a story says so
  sources: [s1]

lesson: null          # what others can learn: your own reading, which the page marks as such

sources:
  - id: s1            # further sources are s2, s3 ...
    title: null       # of the document or page
    publisher: null   # who published it
    year: null        # of publication, or the word undated where the source gives none
    url: null         # the address, or below it the DOI; one of the two
    doi: null         # such as 10.1787/9789264277274-en
    programme_doi: null    # of the publication of the programme that the document belongs to
    kind: null        # who speaks, one of:
{source_kinds}
    read: null        # what was read of it, one of:
{readings}
    caveat: null      # null, or one of:
{caveats}
    remark: null      # what else is to be known of the source, or of what was read

confidence: null      # how sure the account is, one of:
{confidences}
checked: null         # the day on which somebody last compared text and sources, such as 2026-01-31
"""


def new_case(root: Path, name: str) -> str:
    """Write a new case to fill in.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    name : str
        Its id: the name of the file without ``.yaml``, and of its page.

    Returns
    -------
    str
        What was written, and what to do next.

    Raises
    ------
    BookError
        If the name is no id, or there is such a case.
    """
    path = root / "data" / "cases" / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise BookError(f"{name!r} is no name for a case; use lower-case letters, digits and hyphens, e.g. the-met")
    if path.exists():
        raise BookError(f"data/cases/{path.name} is there already; choose another name")
    lists = {
        name: package.code_list(f"case-{name}", root / "data")
        for name in (
            "kinds", "statuses", "evidence-strengths", "source-kinds", "source-readings", "source-caveats", "confidences",
        )
    }  # fmt: skip
    shortest, longest = cases.STORY_WORDS
    codes = {
        key: ", ".join(package.code_list(f"case-{name}", root / "data"))
        for key, name in (("levels", "levels"), ("partners", "partner-kinds"))
    }
    path.write_text(
        TEMPLATE.format(
            name=name, **codes, kinds=defined(lists["kinds"]), statuses=defined(lists["statuses"], "#     "),
            strengths=defined(lists["evidence-strengths"], "  "), shortest=shortest, longest=longest,
            source_kinds=defined(lists["source-kinds"], "    "), readings=defined(lists["source-readings"], "    "),
            caveats=defined(lists["source-caveats"], "    "), confidences=defined(lists["confidences"]),
        ),
        "utf-8",
    )  # fmt: skip
    return (
        f"data/cases/{path.name} is written; fill it in, then run `crossroads cases`. Its page is made from it, and two"
        " codings by the code book are asked for once it is complete"
    )


def defined(codes: dict[str, dict[str, str]], indent: str = "") -> str:
    """Write codes with their definitions as comments."""
    return "\n".join(
        textwrap.fill(
            f"{code}: {entry['definition']}", 118, initial_indent=f"{indent}#   ", subsequent_indent=f"{indent}#     ",
            break_on_hyphens=False,
        )
        for code, entry in codes.items()
    )  # fmt: skip


def check_cases(root: Path, show: Callable[[str], object] = print) -> int:
    """Check the library and its codings: the service behind ``crossroads cases``.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    show : callable
        Shows a line: each mistake; for a case that is not coded yet, the row that the rules give it.

    Returns
    -------
    int
        Number of mistakes.
    """
    folder = root / "data"
    found, mistakes = cases.read(folder)
    if not mistakes:
        mistakes = [f"{name}.yaml: {said}" for name, case in found.items() for said in _to_come(case)]
    if not mistakes:
        mistakes, uncoded = _check_codings(found, folder)
        for line in uncoded:
            show(line)
    for mistake in mistakes:
        show(f"data/cases/{mistake}")
    show(f"{len(found)} cases, {len(mistakes)} mistakes")
    return len(mistakes)


def _to_come(case: cases.Case) -> Iterator[str]:
    """List days and years that are to come; a build asks no clock, since what it makes of a commit is the same on every day."""
    today = datetime.date.today().isoformat()
    if (case["checked"] or "") > today:
        yield f"checked: found {case['checked']}, which is to come; expected the day on which it was compared"
    for field in ("start", "status"):
        year = (case[field] or {}).get("year")
        if year and str(year) > today[:4]:
            yield f"{field}.year: found {year}, which is to come; expected a year of which the sources speak"


def _check_codings(found: Mapping[str, cases.Case], folder: Path) -> tuple[list[str], list[str]]:
    """Return mistakes in the codings, and one line for each row that is missing in one of them."""
    from crossroads import coding  # with pandas, which no other part of the book needs

    try:
        codings = {name: cases.coding(name, folder, found) for name in ("first", "second")}
    except cases.CaseError as error:
        return error.mistakes, []
    ruled = coding.by_rule(found, cases.code_book(folder))
    mistakes, lines = [], []
    for identifier in found:
        given = ruled.loc[identifier]
        row = ",".join([identifier, *("" if value is None else str(value) for value in _plain(given).values())])
        if identifier not in codings["first"]:
            lines.append(
                f"data/cases/coding-first.csv: {identifier} is not coded yet; read it against data/cases/{cases.CODE_BOOK} and add a row"
            )
        if identifier not in codings["second"]:
            lines.append(f"data/cases/coding-second.csv: {identifier} is not coded yet; by rule its row is\n{row}")
        elif codings["second"][identifier] != _plain(given):
            mistakes.append(f"coding-second.csv: {identifier}: not what the rules give for its text, which is\n{row}")
    return mistakes, lines


def _plain(row: pd.Series) -> dict[str, Any]:
    return {code: int(value) if known else None for (code, value), known in zip(row.items(), row.notna(), strict=True)}
