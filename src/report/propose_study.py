"""``crossroads new study`` and ``crossroads studies``: a commented file to fill in, and a check of all files.

Not here: what a valid study is (``crossroads.evidence.studies`` and ``data/studies/schema.json``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from crossroads.evidence import package, record_files, studies
from press.errors import BookError
from report import references
from report.propose import defined

TEMPLATE = """\
# A study of the library: a published work, in your own words and no more precise than what you read of it. null means
# that something is not known: it is an honest entry, and a guess is not. Texts that hold a colon with a blank after it, or #,
# stand in quotes. `crossroads studies` says what is missing or wrong. These comments can go once the file is filled in.

id: {name}
name: null            # what was studied, in at most 70 characters: Tutors for students of poor schools
authors: null         # short, as in a table: Kemple and Willner; three and more: Bastani et al.
year: null            # of publication
kind: null            # one of:
{kinds}
design: null          # the strongest that carries the findings, one of:
{designs}
design_text: null     # more on the design, or null
comparison: null      # what was compared with what: Classes that practised without the tool
trial: null           # a short name shared by works that tell of the same trial or sample, which count once
peer_reviewed: null   # true or false
sample: []            # as in: - {{n: 1000, unit: students, text: Nearly 1 000 students}}
place:
  areas: []           # codes of countries, such as [FIN]; [] where unknown or world-wide
  text: null          # region, city, setting
years: {{first: null, last: null}}   # that the data are about
levels: []            # of: {levels}
read: null            # the best reading that carries the record, one of:
{readings}
caution: null         # what a reader has to know before using it

findings:
- id: null            # a short name, such as exam
  text: null          # what was found, as a sentence that can be read by itself
  lever: null         # null where the finding is about no lever; otherwise one of:
{levers}
  outcome: null       # one of:
{outcomes}
  sign: null          # null where it is no statement on an effect or association; otherwise one of:
{signs}
  direct: false       # true: the lever itself was tried or observed on this outcome, in schools or training
  effect: null        # name of the number below that is the main effect
  numbers: {{}}         # each number that a chapter could quote, by a name of its own:
#   earnings: {{value: 11, unit: percent, low: 4, high: 18, level: 95, text: "Yearly earnings, students with a place"}}
#   unit: one of {units}
#   low, high, level (of the interval, per cent), std_error, p_value: only where published
# design, read: only where they differ from those of the study
  where: null         # where you read it: an address, page or table
  reading_notes: ["P.1"]   # the number of your note
"""


def new_study(root: Path, name: str) -> str:
    """Write a new study to fill in.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    name : str
        Its id: the key of the work in the bibliography, and the name of the file without ``.yaml``.

    Returns
    -------
    str
        What was written, and what to do next.

    Raises
    ------
    BookError
        If the name is no key of the bibliography, or there is such a study.
    """
    path, data = root / "data" / studies.FOLDER / f"{name}.yaml", root / "data"
    if not re.fullmatch(r"[a-z0-9_]+(-[a-z0-9_]+)*", name):
        raise BookError(f"{name!r} is no name for a study; use its key in the bibliography, such as kemple2008")
    if path.exists():
        raise BookError(f"data/studies/{path.name} is there already; add your finding to it")
    missing = references.check({name: {}}, references.works(root))
    if missing:
        raise BookError(f"{missing[0].partition('id: ')[2]}; add the work there first")
    lists = studies.lists(data)
    said = {key: defined(lists[key]) for key in ("kinds", "designs", "readings")}
    said |= {key: defined(lists[key], "  ") for key in ("levers", "outcomes", "signs")}
    said |= {"levels": ", ".join(package.code_list("case-levels", data)), "units": ", ".join(lists["units"])}
    path.write_text(TEMPLATE.format(name=name, **said), "utf-8")
    return (
        f"data/studies/{path.name} is written; fill it in, then run `crossroads studies`. Its entry in the library, in"
        " the filters and in the grades is made from it"
    )


def check_studies(root: Path, show: Callable[[str], object] = print) -> int:
    """Check the library of studies: the service behind ``crossroads studies``.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    show : callable
        Shows a line: each mistake.

    Returns
    -------
    int
        Number of mistakes.
    """
    found, mistakes = studies.read(root / "data")
    wrong = references.check(found, references.works(root))
    mistakes += record_files.with_lines(root / "data" / studies.FOLDER, wrong)
    for mistake in mistakes:
        show(f"data/studies/{mistake}")
    show(f"{len(found)} studies, {len(mistakes)} mistakes")
    return len(mistakes)
