"""The case library as pages: one a case, an index with filters, boxes in chapters, downloads.

    ```{case-page} the-met          the page of a case; book/cases/<id>.md holds nothing else
    ```{case-index}                 the index of all cases with its filters; in print, the list with short entries
    ```{case} the-met               a box in a chapter; the body says why the case matters here
    {case}`the-met`                 a mention in running text; {case}`the school <the-met>` in other words
    ```{case-code-book}             the codes, scales and their meaning

What a case says is text and stays text: it goes into text nodes and through ``html.escape``, never through a parser.
Every statement carries links to its sources on the page of the case, so that a reader is two clicks from the source.

Not here: what a valid case is (``crossroads.cases``), analysis (``crossroads.coding``).
"""

import csv
import html
import io
import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from crossroads import cases
from crossroads.book.directives import link, place
from crossroads.book.errors import BookError
from crossroads.book.published import files_digest, write_if_changed

logger = logging.getLogger(__name__)

INDEX = "book/cases"
PAGES = "book/cases/"
LABELS = {"organisation": "Organisation", "leadership": "Leadership", "technology": "Technology"}
ELEMENT_LABELS = {name: name.capitalize() for name in cases.ELEMENTS}
SIMILAR = 3
NOT_KNOWN = "Not known."
PURPOSIVE = "The cases were chosen on purpose, not drawn at random; they stand for themselves and for no population."


@dataclass(frozen=True)
class Library:
    """Everything that pages say of cases.

    Attributes
    ----------
    cases : dict of str to dict
        By id.
    codings : dict of str to dict
        The codings ``first``, on which the pages rest, and ``second``: per case and code 1, 0 or None.
    code_book : dict
    lists : dict of str to dict
        Code lists by name: kinds, levels, partner-kinds, evidence-strengths, confidences, source-caveats, areas.
    digest : str
        Digest of the files that all this was read from.
    """

    cases: dict
    codings: dict
    code_book: dict
    lists: dict
    digest: str

    def label(self, name, code):
        """Return the label of a code."""
        return self.lists[name][code]["label"]

    def place(self, case):
        """Write a place: locality, region, country."""
        parts = [case["place"]["locality"], case["place"]["region"]]
        country = self.lists["areas"][case["place"]["country"]]["name"]
        return ", ".join(dict.fromkeys(part for part in [*parts, country] if part))

    def given(self, identifier):
        """Return the codes that a case was given, without those of a field that is not known."""
        return {code for code, value in self.codings["first"].get(identifier, {}).items() if value}

    def regrouped(self, identifier):
        """Return the elements of the pedagogical core that a case regroups."""
        groups = {self.code_book["codes"][code]["group"] for code in self.given(identifier)}
        return [element for element in cases.ELEMENTS if element in groups]

    def similar(self, identifier):
        """Return the cases most similar to one: by Jaccard's index of codes and kinds of partner.

        Parameters
        ----------
        identifier : str

        Returns
        -------
        list of (str, set of str)
            Id and shared traits of at most three cases that share at least two; most similar first.
        """
        own = self._traits(identifier)
        ranked = []
        for other in self.cases:
            shared = own & self._traits(other)
            if other != identifier and len(shared) >= 2:
                ranked.append((-len(shared) / len(own | self._traits(other)), other, shared))
        return [(other, shared) for _, other, shared in sorted(ranked, key=lambda entry: entry[:2])[:SIMILAR]]

    def _traits(self, identifier):
        partners = self.cases[identifier]["partners"]
        return self.given(identifier) | {f"partner:{kind}" for kind in (partners["kinds"] if partners else [])}

    def trait_label(self, trait):
        """Return the label of a trait that :meth:`similar` names."""
        mode, _, kind = trait.partition(":")
        if mode == "partner":
            return f"{self.label('partner-kinds', kind).lower()} as partner"
        return self.code_book["codes"][trait]["label"].lower()


def read(folder):
    """Read the library.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``data``.

    Returns
    -------
    Library

    Raises
    ------
    BookError
        If a file breaks the contract of cases.
    """
    paths = [*(folder / "cases").iterdir(), *(folder / "code-lists").glob("case-*.csv")]
    return _read(folder, files_digest([*sorted(paths), folder / "code-lists" / "areas.csv", Path(__file__)]))


@lru_cache(maxsize=1)  # for the preview, in which chapters are saved far more often than cases
def _read(folder, digest):
    names = ("kinds", "levels", "partner-kinds", "evidence-strengths", "confidences", "source-caveats")
    try:
        content, book = cases.load(folder), cases.code_book(folder)
        codings = {name: cases.coding(name, folder, content) for name in ("first", "second")}
    except cases.CaseError as error:
        more = f" (and {len(error.mistakes) - 1} more mistakes)" if len(error.mistakes) > 1 else ""
        raise BookError(error.mistakes[0] + more, "data/cases") from None
    lists = {name: cases.code_list(f"case-{name}", folder) for name in names}
    lists["areas"] = cases.code_list("areas", folder)
    return Library(content, codings, book, lists, digest)


# -- pieces of pages -------------------------------------------------------------------------------


class case_uses(nodes.General, nodes.Element):
    """Where the pages that use a case are listed, once all pages have been read."""


def paragraph(*content, classes=()):
    """Return a paragraph of texts and nodes."""
    made = (nodes.Text(part) if isinstance(part, str) else part for part in content)
    return nodes.paragraph("", "", *made, classes=list(classes))


def section(title, identifier, *content):
    """Return a section."""
    return nodes.section("", nodes.title(title, title), *content, ids=[identifier])


def case_link(library, identifier, text=""):
    """Return a link to the page of a case; without a text of its own, the link shows the title of the page."""
    content = nodes.inline("", text or library.cases[identifier]["name"])
    return link(f"case-{identifier}", content, explicit=bool(text))


def citations(case, sources):
    """Return links to sources on the page of the case: `[1] [2]`."""
    marks = nodes.inline(classes=["case-citations"])
    for source in sources:
        number = source.removeprefix("s")
        mark = link(f"case-{case['id']}-{source}", nodes.inline("", f"[{number}]"))
        marks += [nodes.Text("\u00a0"), mark]
    return marks


def statement(case, claim):
    """Return a paragraph with a claim and its sources; says so where it is not known."""
    if claim is None or claim["text"] is None:
        return paragraph(NOT_KNOWN, classes=["case-unknown"])
    return paragraph(claim["text"], citations(case, claim["sources"]))


def badge(library, case):
    """Return the evidence badge: strength and, on the same line, what it means."""
    strength = case["evidence"]["strength"]
    name = nodes.strong("", f"Evidence: {library.label('evidence-strengths', strength).lower()}")
    meaning = library.lists["evidence-strengths"][strength]["definition"]
    return paragraph(name, f". {meaning}.", classes=["case-badge", f"strength-{strength}"])


def source_item(library, case, source):
    """Return the entry of a source, with its address and what is to be said against it."""
    item = nodes.list_item(ids=[f"case-{case['id']}-{source['id']}"])
    year = source["year"] if source["year"] != "undated" else "undated"
    address = cases.address(source)
    entry = paragraph(
        f"{source['publisher']} ({year}), ", nodes.reference("", source["title"], refuri=address, internal=False), "."
    )
    if source["programme_doi"]:
        programme = f"https://doi.org/{source['programme_doi']}"
        entry += nodes.Text(" Part of a programme of case studies: ")
        entry += nodes.reference("", f"doi.org/{source['programme_doi']}", refuri=programme, internal=False)
        entry += nodes.Text(".")
    item += entry
    if source["caveat"]:
        caveat = library.lists["source-caveats"][source["caveat"]]
        item += paragraph(nodes.emphasis("", caveat["label"]), f": {caveat['definition']}.", classes=["case-caveat"])
    return item


def facts(library, case):
    """Return identity and place of a case as a field list."""
    start, level = case["start"], case["level"]
    regions = [case["place"][name] for name in ("oecd_region", "nuts2") if case["place"][name]]
    names = [f"{library.lists['areas'][code]['name']} ({code})" for code in dict.fromkeys(regions)]
    rows = {
        "Kind": [library.label("kinds", case["kind"])],
        "Place": [library.place(case), citations(case, case["place"]["sources"])],
        "Statistical region": ["; ".join(names) or "None given"],
        "Level": [level["text"], citations(case, level["sources"])] if level else [NOT_KNOWN],
        "Since": [str(start["year"]), citations(case, start["sources"])] if start else [NOT_KNOWN],
        "Confidence": [
            f"{library.label('confidences', case['confidence'])}. "
            f"{library.lists['confidences'][case['confidence']]['definition']}."
        ],
        "Last checked": [case["checked"] or "Date not known"],
    }
    fields = nodes.field_list(classes=["case-facts"])
    for name, content in rows.items():
        fields += nodes.field("", nodes.field_name("", name), nodes.field_body("", paragraph(*content)))
    return fields


def tile_map(library, case):
    """Draw the grid of country tiles with the country of the case filled."""
    tiles = [(code, area) for code, area in library.lists["areas"].items() if area.get("tile_row")]
    if not tiles:
        return []
    size, gap = 18, 2
    shapes = []
    for code, area in tiles:
        x, y = (int(float(area[name])) * (size + gap) for name in ("tile_column", "tile_row"))
        here = code == case["place"]["country"]
        kind = "tile here" if here else "tile"
        shapes.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{size}" height="{size}" rx="2"/>')
        if here:
            shapes.append(f'<text x="{x + size / 2:g}" y="{y + 12.5:g}">{html.escape(code)}</text>')
    width, height = (
        max(int(float(a[name])) for _, a in tiles) * (size + gap) + size for name in ("tile_column", "tile_row")
    )
    label = html.escape(f"Grid of OECD countries, one tile each; filled: {library.place(case)}", quote=True)
    picture = f'<svg class="case-map" role="img" aria-label="{label}" viewBox="0 0 {width} {height}">'
    return [nodes.raw("", f"{picture}{''.join(shapes)}</svg>", format="html")]


def short_text(case):
    """Return the first thing that is known of a case, for an entry of one line."""
    fields = ("organisation", "content", "learners", "resources", "leadership")
    return next((text for text in (cases.field_text(case, field) for field in fields) if text), "")


# -- directives and roles --------------------------------------------------------------------------


class CaseDirectiveBase(SphinxDirective):
    """What the directives of cases have in common."""

    def library(self):
        """Return the library and note that this page is made from it."""
        self.env.crossroads_case_pages.add(self.env.docname)
        return self.env.app.crossroads_cases

    def find(self):
        """Return library and case that the directive names."""
        library = self.library()
        return library, find(library, self.arguments[0], place(self))


def find(library, identifier, where):
    """Return a case, or stop the build with a hint which one may be meant."""
    if identifier not in library.cases:
        close = get_close_matches(identifier, library.cases, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "data/cases holds one file a case, named by its id"
        raise BookError(f"no case is named {identifier!r}; {hint}", where)
    return library.cases[identifier]


def record_use(env, identifier):
    """Record that a page uses a case."""
    uses = env.crossroads_case_uses.setdefault(env.docname, [])
    if identifier not in uses:
        uses.append(identifier)


class CasePageDirective(CaseDirectiveBase):
    """```{case-page} id```: the page of a case."""

    required_arguments = 1

    def run(self):
        """Return the page as one section, its parts in the same order for every case."""
        library, case = self.find()
        identifier = case["id"]
        page = nodes.section("", nodes.title(case["name"], case["name"]), classes=["case"])
        self._target(page, f"case-{identifier}")
        page += [*tile_map(library, case), facts(library, case), badge(library, case)]
        changes = section("What changes", f"{identifier}-elements")
        regrouped = ", ".join(library.regrouped(identifier)) or "none that the text names"
        changes += paragraph(nodes.emphasis("", "Elements regrouped, as coded: "), regrouped, ".")
        for element, label in ELEMENT_LABELS.items():
            changes += section(label, f"{identifier}-{element}", statement(case, case["elements"][element]))
        page += changes
        how = section("How it works", f"{identifier}-how")
        for field, label in LABELS.items():
            how += section(label, f"{identifier}-{field}", statement(case, case[field]))
        page += [how, section("With whom", f"{identifier}-partners", *self._partners(library, case))]
        evidence = section("What is known of results", f"{identifier}-evidence", statement(case, case["evidence"]))
        if case["evidence"]["note"]:
            evidence += paragraph(nodes.emphasis("", "On the strength: "), case["evidence"]["note"])
        page += [evidence, section("Codes", f"{identifier}-codes", *self._codes(library, identifier))]
        sources = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", classes=["case-sources"])
        for source in case["sources"]:
            item = source_item(library, case, source)
            self._target(item, item["ids"].pop())
            sources += item
        several = (
            [paragraph("A number after a statement names the sources read for it; they may share in supporting it.")]
            if len(case["sources"]) > 1
            else []
        )
        page += section("Sources", f"{identifier}-sources", *several, sources)
        page += section("Similar cases", f"{identifier}-similar", self._similar(library, identifier))
        page += section("Where the report uses it", f"{identifier}-uses", case_uses(case=identifier))
        page += paragraph(PURPOSIVE, classes=["case-purposive"])
        return [page]

    def _target(self, node, name):
        node["names"].append(name)
        self.state.document.note_explicit_target(node, node)

    @staticmethod
    def _partners(library, case):
        if case["partners"] is None:
            return [paragraph(NOT_KNOWN, classes=["case-unknown"])]
        names = "; ".join(library.label("partner-kinds", kind).lower() for kind in case["partners"]["kinds"])
        return [paragraph(names.capitalize() + ".", citations(case, case["partners"]["sources"]))]

    @staticmethod
    def _codes(library, identifier):
        given = library.given(identifier)
        if not given:
            known = (
                "No code of the code book applies to what the text says."
                if identifier in library.codings["first"]
                else ""
            )
            return [paragraph(known or "Not coded yet.")]
        fields = nodes.field_list(classes=["case-codes"])
        for group, label in library.code_book["groups"].items():
            codes = library.code_book["codes"].items()
            labels = [code["label"].lower() for name, code in codes if code["group"] == group and name in given]
            if labels:
                body = nodes.field_body("", paragraph("; ".join(labels).capitalize()))
                fields += nodes.field("", nodes.field_name("", label), body)
        return [fields]

    @staticmethod
    def _similar(library, identifier):
        similar = library.similar(identifier)
        if not similar:
            return paragraph("No other case shares two codes or kinds of partner with it.")
        items = nodes.bullet_list()
        for other, shared in similar:
            labels = ", ".join(sorted(library.trait_label(trait) for trait in shared))
            items += nodes.list_item("", paragraph(case_link(library, other), f": {labels}."))
        return items


class CaseDirective(CaseDirectiveBase):
    """```{case} id```: a box in a chapter."""

    required_arguments = 1
    has_content = True
    option_spec = {"show": directives.unchanged}  # noqa: RUF012 - docutils reads a class attribute

    def run(self):
        """Return a box: name, place, the author's words, chosen fields, evidence."""
        library, case = self.find()
        record_use(self.env, case["id"])
        box = nodes.admonition(classes=["admonition", "case", "case-box"])
        box += nodes.title("", "", case_link(library, case["id"]))
        since = f", since {case['start']['year']}" if case["start"] else ""
        kind = library.label("kinds", case["kind"])
        box += paragraph(f"{kind}, {library.place(case)}{since}", classes=["case-where"])
        if self.content:
            self.state.nested_parse(self.content, self.content_offset, box)
        for field in self._fields():
            claim = case["elements"][field] if field in cases.ELEMENTS else case[field]
            box += paragraph(nodes.strong("", f"{field.capitalize()}: "), *statement(case, claim).children)
        strength = library.label("evidence-strengths", case["evidence"]["strength"]).lower()
        text = case["evidence"]["text"]
        known = [f" {text}", citations(case, case["evidence"]["sources"])] if text else []
        box += paragraph(nodes.strong("", f"Evidence: {strength}."), *known)
        return [box]

    def _fields(self):
        fields = self.options.get("show", "").replace(",", " ").split()
        for field in fields:
            if field not in cases.CLAIMS:
                raise BookError(f":show: {field!r} is no field; expected {', '.join(cases.CLAIMS)}", place(self))
        return fields


class CaseRole(SphinxRole):
    """``{case}`id``` or ``{case}`words <id>```: a mention of a case in running text."""

    def run(self):
        """Return a link to the page of the case."""
        library = self.env.app.crossroads_cases
        self.env.crossroads_case_pages.add(self.env.docname)
        words, identifier = re.fullmatch(r"(?:(.*?)\s*<)?([^<>]*?)>?", self.text, re.DOTALL).groups()
        find(library, identifier, place(self))
        record_use(self.env, identifier)
        return [case_link(library, identifier, words or "")], []


class CaseIndexDirective(CaseDirectiveBase):
    """```{case-index}```: all cases, with filters on the web."""

    def run(self):
        """Return the filters (web only) and the list, which is complete without them."""
        library = self.library()
        entries = nodes.bullet_list(classes=["case-list"])
        for identifier, case in sorted(library.cases.items(), key=lambda entry: entry[1]["name"].casefold()):
            known = ", ".join(filter(None, [library.label("kinds", case["kind"]), library.place(case)]))
            since = f", since {case['start']['year']}" if case["start"] else ""
            strength = library.label("evidence-strengths", case["evidence"]["strength"]).lower()
            line = paragraph(
                nodes.strong("", "", case_link(library, identifier)), f". {known}{since}. ", short_text(case),
                nodes.inline("", f" Evidence: {strength}.", classes=["case-strength"]),
            )  # fmt: skip
            found = facets(library, case).items()
            classes = [f"{facet}-{code}" for facet, codes in found for code in codes]
            entries += nodes.list_item("", line, classes=["case-entry", *classes])
        n = len(library.cases)
        container = nodes.container(classes=["case", "case-index"])
        container += nodes.raw("", filters(library), format="html")
        container += entries
        container += paragraph(f"{n} cases. {PURPOSIVE}", classes=["case-purposive"])
        container += nodes.raw("", downloads(self.env.docname), format="html")
        return [container]


class CaseCodeBookDirective(CaseDirectiveBase):
    """```{case-code-book}```: what the codes and scales mean."""

    def run(self):
        """Return one definition list a group of codes and a scale."""
        library = self.library()
        made = []
        scales = {
            "evidence-strengths": "Strength of evidence",
            "confidences": "Confidence in the account",
            "kinds": "Kinds of case",
            "levels": "Levels of education",
            "partner-kinds": "Kinds of partner",
            "source-caveats": "Remarks on sources",
        }
        for name, title in scales.items():
            entries = [(entry["label"], entry["definition"]) for entry in library.lists[name].values()]
            made.append(self._list(title, name, entries))
        for group, title in library.code_book["groups"].items():
            entries = [
                (code["label"], f"{code['definition']} Coded from: {', '.join(code['fields'])}")
                for code in library.code_book["codes"].values()
                if code["group"] == group
            ]
            made.append(self._list(title, f"codes-{group}", entries))
        return made

    @staticmethod
    def _list(title, name, entries):
        items = nodes.definition_list()
        for label, definition in entries:
            body = nodes.definition("", paragraph(definition.rstrip(".") + "."))
            items += nodes.definition_list_item("", nodes.term("", label), body)
        # The names of classes carry no number and no code of a case: two sections may have one title.
        made = section(title, f"case-scale-{name}", items)
        made["classes"].append("case")
        return made


# -- filters and downloads -------------------------------------------------------------------------


def facets(library, case):
    """Return what a case can be filtered by: codes per facet."""
    return {
        "country": [case["place"]["country"]],
        "kind": [case["kind"]],
        "level": case["level"]["codes"] if case["level"] else ["unknown"],
        "element": library.regrouped(case["id"]) or ["unknown"],
        "partner": case["partners"]["kinds"] if case["partners"] else ["unknown"],
        "strength": [case["evidence"]["strength"]],
    }


def filters(library):
    """Write the filter form, hidden until the script that serves it has run."""
    titles = {
        "country": "Country",
        "kind": "Kind",
        "level": "Level",
        "element": "Element regrouped",
        "partner": "Partner",
        "strength": "Evidence",
    }
    lists = {"kind": "kinds", "level": "levels", "partner": "partner-kinds", "strength": "evidence-strengths"}
    counts = {facet: {} for facet in titles}
    for case in library.cases.values():
        for facet, codes in facets(library, case).items():
            for code in codes:
                counts[facet][code] = counts[facet].get(code, 0) + 1
    fields = ['<label>Words <input type="search" name="words" autocomplete="off"></label>']
    for facet, title in titles.items():
        labels = {code: "Not known" for code in counts[facet] if code == "unknown"}
        if facet == "country":
            labels |= {code: library.lists["areas"][code]["name"] for code in counts[facet]}
            order = sorted(labels, key=labels.get)
        elif facet == "element":
            labels = {**ELEMENT_LABELS, **labels}
            order = list(labels)
        else:
            labels = {code: entry["label"] for code, entry in library.lists[lists[facet]].items()} | labels
            order = list(labels)
        options = "".join(
            f'<option value="{html.escape(code)}">{html.escape(labels[code])} ({counts[facet].get(code, 0)})</option>'
            for code in order
        )
        fields.append(f'<label>{title} <select name="{facet}"><option value="">All</option>{options}</select></label>')
    return (
        '<form class="case-filters" hidden aria-label="Filter the cases">'
        + "".join(fields)
        + '<button type="reset">Show all</button></form>'
        + '<p class="case-count" role="status" aria-live="polite" hidden></p>'
    )


def downloads(page):
    """Write the links to the files with all cases."""
    root = "../" * page.count("/")
    files = {
        "cases.csv": "All cases (CSV)",
        "cases.json": "All cases with sources (JSON)",
        "codings.csv": "Both codings (CSV)",
        "code-book.json": "Code book (JSON)",
    }
    links = " ".join(f'<a href="{root}cases/{name}" download>{label}</a>' for name, label in files.items())
    return f'<p class="case-downloads">Download: {links}. Licence: CC BY 4.0.</p>'


def write_downloads(library, target):
    """Write all cases as CSV and JSON, the codings and the code book.

    Parameters
    ----------
    library : Library
    target : pathlib.Path
        The folder to write to.
    """
    rows = cases.records(library.cases)
    write_if_changed(target / "cases.csv", _csv(list(rows[0]), [row.values() for row in rows]))
    write_if_changed(target / "cases.json", _json(list(library.cases.values())))
    names = list(library.code_book["codes"])
    coded = [
        (identifier, coding, *("" if values[code] is None else values[code] for code in names))
        for identifier in library.cases
        for coding, by_case in library.codings.items()
        for values in [by_case.get(identifier, dict.fromkeys(names))]
    ]
    write_if_changed(target / "codings.csv", _csv(["case", "coding", *names], coded))
    lists = {name: entries for name, entries in library.lists.items() if name != "areas"}
    write_if_changed(target / "code-book.json", _json({**library.code_book, "code_lists": lists}))


def _csv(header, rows):
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return lines.getvalue().encode()


def _json(content):
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


# -- events ----------------------------------------------------------------------------------------


def load_library(app):
    """Read the library and lay out its downloads before any page is read."""
    folder = Path(app.srcdir) / "data"
    has_library = (folder / "cases").is_dir()
    app.crossroads_cases = read(folder) if has_library else Library({}, {}, {}, {}, "")
    for name, empty in (("uses", {}), ("pages", set()), ("shown", {})):
        if not hasattr(app.env, f"crossroads_case_{name}"):
            setattr(app.env, f"crossroads_case_{name}", empty)
    if has_library:
        write_downloads(app.crossroads_cases, Path(app.srcdir) / "_build" / "published" / "cases")


def find_outdated_pages(app, env, added, changed, removed):
    """Name the pages made from cases when any file of the library is another one."""
    before = env.crossroads_case_shown.get("digest")
    env.crossroads_case_shown["digest"] = app.crossroads_cases.digest
    return sorted(env.crossroads_case_pages & env.found_docs) if before != app.crossroads_cases.digest else []


def forget_page(app, env, page):
    """Forget what a page used, before it is read again."""
    env.crossroads_case_uses.pop(page, None)
    env.crossroads_case_pages.discard(page)


def used_by(env):
    """Return the pages that use each case.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment

    Returns
    -------
    dict of str to list of str
        Per case the pages of the report that show or mention it, in alphabetical order; empty where none does.
    """
    uses = {identifier: [] for identifier in env.app.crossroads_cases.cases}
    for page, identifiers in sorted(env.crossroads_case_uses.items()):
        for identifier in identifiers:
            if identifier in uses:
                uses[identifier].append(page)
    return uses


def check(app, env):
    """Find cases without a page, say which no chapter uses, and name the pages whose list of uses changed."""
    known = app.crossroads_cases.cases
    for identifier in known:
        if f"{PAGES}{identifier}" not in env.found_docs:
            raise BookError(
                f"the case {identifier!r} has no page; add {PAGES}{identifier} to _toc.yml and let the file"
                f" {PAGES}{identifier}.md hold one directive, ```{{case-page}} {identifier}```",
                f"data/cases/{identifier}.yaml",
            )
    uses = used_by(env)
    unused = [identifier for identifier, pages in uses.items() if not pages]
    if unused:
        logger.info("%d of %d cases are used by no chapter: %s", len(unused), len(known), ", ".join(unused))
    shown = env.crossroads_case_shown.get("uses", {})
    titles = {page: env.titles[page].astext() for pages in uses.values() for page in pages}
    current = {identifier: [(page, titles[page]) for page in pages] for identifier, pages in uses.items()}
    env.crossroads_case_shown["uses"] = current
    return [f"{PAGES}{identifier}" for identifier in known if current[identifier] != shown.get(identifier)]


def list_uses(app, doctree, page):
    """Fill in the list of chapters that use a case."""
    for node in list(doctree.findall(case_uses)):
        pages = used_by(app.env)[node["case"]]
        if not pages:
            node.replace_self(paragraph("No chapter uses this case yet."))
            continue
        items = nodes.bullet_list()
        for used in pages:
            title = app.env.titles[used].astext()
            try:
                uri = app.builder.get_relative_uri(page, used)
            except NotImplementedError:
                uri = ""
            entry = nodes.reference("", title, refuri=uri, internal=True) if uri else nodes.Text(title)
            line = addnodes.compact_paragraph("", "", entry)
            items += nodes.list_item("", line)
        node.replace_self(items)


def add_script(app, page, template, context, doctree):
    """Load the script of the filters on the one page that has them."""
    if page == INDEX:
        app.add_js_file("cases.js", loading_method="defer")


def setup(app):
    """Register directives, role and events."""
    app.add_node(case_uses)
    app.add_directive("case", CaseDirective)
    app.add_directive("case-page", CasePageDirective)
    app.add_directive("case-index", CaseIndexDirective)
    app.add_directive("case-code-book", CaseCodeBookDirective)
    app.add_role("case", CaseRole())
    app.add_css_file("cases.css")
    app.connect("builder-inited", load_library)
    app.connect("env-get-outdated", find_outdated_pages)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-updated", check)
    app.connect("doctree-resolved", list_uses)
    app.connect("html-page-context", add_script)
