"""The study library as pages: all studies with filters, what the scales mean, and downloads.

    ```{study-index}                the table of all studies: filters on the web, an annotated table in print
    ```{study-overrides}            the grades of levers that are set by hand, each with its reason
    ```{study-scale} designs        what the codes of a scale mean: designs, levers, outcomes, readings, signs or grades

Each study is a row with the anchor ``study-<key>``, to which every number of its that prose quotes leads. What a study says
is text and stays text: it goes into text nodes, never through a parser.

Not here: what a valid study is (``crossroads.evidence.studies``), grades of levers (``crossroads.strength``), the role
that quotes numbers (``press.page.quoted``).
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from crossroads import numbers
from crossroads.evidence import package, record_files, studies
from press.errors import BookError
from press.page.directives import place, record_use
from press.published import SHOWN, files_digest, folder_of, write_if_changed
from press.session import session
from press.web.search import Entry, address_of, beginning, words_of
from report import filters, references
from report.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from crossroads.evidence.studies import Study

KEY = "studies"
LIBRARY = "book/studies.md"
TITLES = {
    "lever": "Lever", "design": "Design", "country": "Country", "outcome": "Outcome", "sign": "Found", "read": "What was read",
}  # fmt: skip
# What stands for no country, or for no lever.
WORLD, BACKGROUND = "none", "none"


@dataclass(frozen=True)
class Library:
    """Everything that pages say of studies.

    Attributes
    ----------
    studies : mapping of str to dict
        By key.
    lists : dict of str to dict
        Code lists by name, ``areas`` and ``levels`` among them.
    digest : str
        Digest of the files that all this was read from.
    """

    studies: Mapping[str, Study]
    lists: dict[str, dict[str, dict[str, str]]]
    digest: str

    @cached_property
    def files(self) -> dict[str, bytes]:
        """All findings as CSV, one row each, and all studies as JSON, by the name of the file.

        Made once as long as a preview shows the same studies.
        """
        rows, lines = studies.records(self.studies), io.StringIO()
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        content = json.dumps([*self.studies.values()], ensure_ascii=False, indent=2) + "\n"
        return {"studies.csv": lines.getvalue().encode(), "studies.json": content.encode()}

    def label(self, name: str, code: str) -> str:
        """Return the label of a code."""
        return self.lists[name][code]["label"]


def read(root: Path) -> Library:
    """Read the library and compare it with the bibliography.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    Library

    Raises
    ------
    BookError
        If a file breaks the contract of studies.
    """
    folder = root / "data"
    paths = [*(folder / studies.FOLDER).iterdir(), *(folder / "code-lists").glob("study-*.csv")]
    paths += [folder / "code-lists" / name for name in ("areas.csv", "case-levels.csv")]
    return _read(root, files_digest([*sorted(paths), root / references.REFERENCES, Path(__file__)]))


@lru_cache(maxsize=1)  # for the preview, in which chapters are saved far more often than studies
def _read(root, digest):
    folder = root / "data"
    found, mistakes = studies.known(folder)
    if (root / LIBRARY).exists():  # a book that does not show the library need not list its works
        wrong = references.check(found, references.works(root))
        mistakes = [*mistakes, *record_files.with_lines(folder / studies.FOLDER, wrong)]
    if mistakes:
        raise BookError("\n".join(f"data/studies/{mistake}" for mistake in mistakes[:SHOWN]))
    lists = {**studies.lists(folder), "areas": package.code_list("areas", folder)}
    lists["levels"] = package.code_list("case-levels", folder)
    return Library(found, lists, digest)


def load_library(app: Sphinx, config: Config) -> None:
    """Read the library and lay out its downloads; a book without studies has none."""
    root = Path(app.srcdir)
    if any((root / "data" / studies.FOLDER).glob("*.yaml")):
        found = shelf(app).studies = read(root)
        for name, content in found.files.items():
            write_if_changed(folder_of(app) / "studies" / name, content)


def take_digest(app: Sphinx) -> None:
    """Give the library the digest by which its pages know that they show something else."""
    found = shelf(app).studies
    session(app).published.digests[KEY] = found.digest if found else ""


def facets(study: Study) -> dict[str, list[str]]:
    """Return what a study can be filtered by: codes per field."""
    entries = study["findings"]
    several = {
        "lever": [entry["lever"] or BACKGROUND for entry in entries],
        "design": [entry.get("design", study["design"]) for entry in entries],
        "country": study["place"]["areas"] or [WORLD],
        "outcome": [entry["outcome"] for entry in entries],
        "sign": [entry["sign"] for entry in entries if entry["sign"]],
        "read": [entry.get("read", study["read"]) for entry in entries],
    }
    return {name: [*dict.fromkeys(codes)] for name, codes in several.items()}


def form(library: Library) -> str:
    """Write the form of the filters; codes that no study has are not offered."""
    entries = [facets(study) for study in library.studies.values()]
    used = {name: {code for entry in entries for code in entry[name]} for name in TITLES}
    lists = {"lever": "levers", "design": "designs", "outcome": "outcomes", "sign": "signs", "read": "readings"}
    labels = {
        name: {code: row["label"] for code, row in library.lists[listed].items() if code in used[name]}
        for name, listed in lists.items()
    }
    labels["sign"] = {code: label.capitalize() for code, label in labels["sign"].items()}
    labels["lever"] |= {BACKGROUND: "No lever: background"} if BACKGROUND in used["lever"] else {}
    names = {code: library.lists["areas"][code]["name"] for code in used["country"] if code != WORLD}
    labels["country"] = dict(sorted(names.items(), key=lambda entry: entry[1]))
    labels["country"] |= {WORLD: "Several, or not known"} if WORLD in used["country"] else {}
    return filters.form(entries, TITLES, labels, listed=".study-table tbody > tr", noun="studies")


class StudiesDirective(SphinxDirective):
    """What the directives of the library have in common."""

    def library(self) -> Library:
        """Return the library and note that this page is made from all of it."""
        record_use(self.env, KEY)
        found = shelf(self.env.app).studies
        if found is None:
            raise BookError("the book has no studies in data/studies", place(self))
        return found


def findable(app: Sphinx) -> Iterator[Entry]:
    """Yield the studies for the search, with what they found."""
    library = shelf(app).studies
    if library is None:
        return
    for key, study in sorted(library.studies.items()):
        address = address_of(app, f"study-{key}")
        if address:
            told = " ".join(finding["text"] for finding in study["findings"])
            subjects = {library.label("levers", finding["lever"]) for finding in study["findings"] if finding["lever"]}
            where = " ".join(library.lists["areas"][code]["name"] for code in study["place"]["areas"])
            cited, about = f"{study['authors']} {study['year'] or ''}".strip(), beginning(told)
            words = words_of(f"{told} {where} {study['place']['text'] or ''}", about)
            yield Entry("Study", study["name"], address, about, " ".join([cited, *sorted(subjects)]), words, 0.8)


class StudyIndexDirective(StudiesDirective):
    """```{study-index}```: all studies, with filters on the web."""

    def run(self) -> list[nodes.Node]:
        """Return the filters and downloads (web only) and the table, which is complete without them."""
        library = self.library()
        body = nodes.tbody()
        for key, study in sorted(library.studies.items(), key=lambda entry: (entry[1]["authors"].casefold(), entry[0])):
            told = nodes.row("", self._about(library, key, study), findings(library, study))
            told["classes"] += filters.classes(facets(study))
            body += told
        head = nodes.row("", *[nodes.entry("", _paragraph(label)) for label in ("Study", "What was found")])
        group = nodes.tgroup("", nodes.colspec(colwidth=36), nodes.colspec(colwidth=64), cols=2)
        group += [nodes.thead("", head), body]
        root = "../" * self.env.docname.count("/")
        files = {"studies.csv": "All findings (CSV)", "studies.json": "All studies (JSON)"}
        links = " ".join(f'<a href="{root}studies/{name}" download>{label}</a>' for name, label in files.items())
        container = nodes.container(classes=["study"])
        container += nodes.raw("", form(library), format="html")
        container += nodes.table("", group, classes=["study-table"])
        downloads = f'<p class="study-downloads">Download: {links}. Licence: CC BY 4.0.</p>'
        container += nodes.raw("", downloads, format="html")
        return [container]

    def _about(self, library: Library, key: str, study: Study) -> nodes.entry:
        """Return who studied what, how, where and with whom, and what was read of it."""
        name = nodes.strong("", study["name"], names=[f"study-{key}"])
        self.state.document.note_explicit_target(name, name)
        cited, _ = self.env.get_domain("cite").roles["t"](
            "cite:t", f"{{cite:t}}`{key}`", key, self.lineno, self.state.inliner
        )
        made = nodes.entry("", nodes.paragraph("", "", name), nodes.paragraph("", "", *cited))
        made += _paragraph(about(library, study), "study-about")
        if study["caution"]:
            made += nodes.paragraph("", "", nodes.emphasis("", "Caution: "), nodes.Text(study["caution"]))
        return made


def about(library: Library, study: Study) -> str:
    """Say in a few short sentences how a study was made, where, on whom, and what was read of it."""
    years = [str(year) for year in dict.fromkeys(study["years"].values()) if year]
    where = study["place"]["text"] or ", ".join(
        library.lists["areas"][code]["name"] for code in study["place"]["areas"]
    )
    sample = "; ".join(
        entry["text"] or f"{numbers.amount(entry['n'], ',d')} {entry['unit']}" for entry in study["sample"]
    )
    reviewed = {True: "Peer reviewed", False: "Not peer reviewed"}.get(study["peer_reviewed"], "")
    parts = [
        library.label("designs", study["design"]),
        study["design_text"],
        study["comparison"] and f"Compared with: {study['comparison'][:1].lower()}{study['comparison'][1:]}",
        ", ".join(filter(None, [where, "-".join(years)])),
        sample,
        reviewed,
        library.lists["readings"][study["read"]]["definition"],
    ]
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def findings(library: Library, study: Study) -> nodes.entry:
    """Return what a study found: lever and outcome, sign, text; on the web, the numbers that prose may quote."""
    made = nodes.entry("")
    for finding in study["findings"]:
        made += nodes.paragraph("", "", nodes.strong("", heading(library, study, finding)), nodes.Text(finding["text"]))
        told = [described(library, number) for number in finding["numbers"].values()]
        if told:
            made += _paragraph(f"Numbers: {'; '.join(told)}.", "study-numbers", "only-web")
        made += _paragraph(f"Read at: {finding['where']}.", "study-where", "only-web")
    return made


def heading(library: Library, study: Study, finding: Mapping[str, Any]) -> str:
    """Write what a finding is about and which way it points, such as ``"Parents, achievement: better. "``."""
    outcome = library.label("outcomes", finding["outcome"])
    topic = f"{library.label('levers', finding['lever'])}, {outcome.lower()}" if finding["lever"] else outcome
    said = [library.label("signs", finding["sign"])] if finding["sign"] else []
    said += [] if finding["direct"] or not finding["sign"] else ["neighbouring evidence"]
    if finding.get("design", study["design"]) != study["design"]:
        said.append(library.label("designs", finding["design"]).lower())
    return f"{topic}{': ' if said else ''}{', '.join(said)}. "


def described(library: Library, number: Mapping[str, Any]) -> str:
    """Write a number with its meaning, unit and interval."""
    full = {**dict.fromkeys(studies.NUMBERS), "id": "", **number}
    text = numbers.format_quoted(full, None if full["low"] is None else "interval")
    unit = "" if number["unit"] in ("percent", "count") else f" {library.label('units', number['unit'])}"
    return f"{number['text'].rstrip('.')}: {text}{unit}"


class StudyScaleDirective(StudiesDirective):
    """```{study-scale} name```: what the codes of a scale mean."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a definition list."""
        name, lists = self.arguments[0], self.library().lists
        if name not in studies.LISTS:
            raise BookError(f"{name!r} is no scale of studies; expected one of {', '.join(studies.LISTS)}", place(self))
        items = nodes.definition_list()
        for row in lists[name].values():
            kind = f" Class: {row['class']}." if "class" in row else ""
            body = nodes.definition("", _paragraph(f"{row['definition'].rstrip('.')}.{kind}"))
            items += nodes.definition_list_item("", nodes.term("", row["label"].capitalize()), body)
        return [nodes.container("", items, classes=["study"])]


class StudyOverridesDirective(StudiesDirective):
    """```{study-overrides}```: the grades that are set by hand against the rule."""

    def run(self) -> list[nodes.Node]:
        """Return a list, or a sentence where there are none."""
        library = self.library()
        entries = studies.overrides(Path(self.env.srcdir) / "data")
        if not entries:
            return [_paragraph("No grade is set by hand: each is what the rule gives.")]
        items = nodes.bullet_list()
        for entry in entries:
            lever, outcome, grade = (library.label(f"{name}s", entry[name]) for name in ("lever", "outcome", "grade"))
            items += nodes.list_item("", _paragraph(f"{lever}, {outcome.lower()}: {grade.lower()}. {entry['reason']}"))
        return [nodes.container("", items, classes=["study"])]


def _paragraph(text: str, *classes: str) -> nodes.paragraph:
    return nodes.paragraph("", text, classes=list(classes))


def setup(app: Sphinx) -> None:
    """Register directives and style sheet."""
    app.add_directive("study-index", StudyIndexDirective)
    app.add_directive("study-scale", StudyScaleDirective)
    app.add_directive("study-overrides", StudyOverridesDirective)
    app.add_css_file("studies.css")
