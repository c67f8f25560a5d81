"""The page of a case, boxes and mentions of cases in chapters.

    ```{case-page} the-met          the page of a case
    ```{case} the-met               a box in a chapter; the body says why the case matters here
    {case}`the-met`                 a mention in running text; {case}`the school <the-met>` in other words

What a case says is text and stays text: it goes into text nodes and through ``html.escape``, never through a parser.
Every statement carries links to its sources on the page of the case, so that a reader is two clicks from the source.

Not here: reading the library (``library``), the index of all cases (``index``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from crossroads.evidence import cases
from press.errors import BookError
from press.page.directives import link, place, record_use
from report.cases.library import KEY, use, used_by
from report.shelf import shelf

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from crossroads.evidence.cases import Case
    from report.cases.library import Library

LABELS = {"organisation": "Organisation", "leadership": "Leadership", "technology": "Technology"}
ELEMENT_LABELS = {name: name.capitalize() for name in cases.ELEMENTS}
FINDING_LABELS = {
    "design": "How it was studied",
    "comparison": "Compared with",
    "outcome": "What was measured",
    "effect": "What was found",
    "uncertainty": "How sure that is",
}
NOT_KNOWN = "Not known."
PURPOSIVE = "The cases were chosen on purpose, not drawn at random; they stand for themselves and for no population."


class case_uses(nodes.General, nodes.Element):
    """Where the pages that use a case are listed, once all pages have been read."""


def paragraph(*content: str | nodes.Node, classes: Iterable[str] = ()) -> nodes.paragraph:
    """Return a paragraph of texts and nodes."""
    made = (nodes.Text(part) if isinstance(part, str) else part for part in content)
    return nodes.paragraph("", "", *made, classes=list(classes))


def section(title: str, identifier: str, *content: nodes.Node) -> nodes.section:
    """Return a section."""
    return nodes.section("", nodes.title(title, title), *content, ids=[identifier])


def case_link(library: Library, identifier: str, text: str = "") -> nodes.Node:
    """Return a link to the page of a case; without a text of its own, the link shows the title of the page."""
    content = nodes.inline("", text or library.cases[identifier]["name"])
    return link(f"case-{identifier}", content, explicit=bool(text), named=True)


def citations(case: Case, sources: Iterable[str]) -> nodes.inline:
    """Return links to sources on the page of the case: `[1] [2]`."""
    marks = nodes.inline(classes=["case-citations"])
    for source in sources:
        number = source.removeprefix("s")
        mark = link(f"case-{case['id']}-{source}", nodes.inline("", f"[{number}]"), named=True)
        marks += [nodes.Text("\u00a0"), mark]
    return marks


def statement(case: Case, claim: Mapping[str, Any] | None) -> nodes.paragraph:
    """Return a paragraph with a claim and its sources; says so where it is not known."""
    if claim is None or claim["text"] is None:
        return paragraph(NOT_KNOWN, classes=["case-unknown"])
    return paragraph(claim["text"], citations(case, claim["sources"]))


def badge(library: Library, case: Case) -> nodes.paragraph:
    """Return the evidence badge: strength and, on the same line, what it means."""
    strength = case["evidence"]["strength"]
    name = nodes.strong("", f"Evidence: {library.label('evidence-strengths', strength).lower()}")
    meaning = library.lists["evidence-strengths"][strength]["definition"]
    return paragraph(name, f". {meaning}.", classes=["case-badge", f"strength-{strength}"])


def source_item(library: Library, case: Case, source: Mapping[str, Any]) -> nodes.list_item:
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
    who, how = library.label("source-kinds", source["kind"]), library.label("source-readings", source["read"]).lower()
    item += paragraph(" ".join(filter(None, [f"{who}; {how}.", source["remark"]])), classes=["case-caveat"])
    if source["caveat"]:
        caveat = library.lists["source-caveats"][source["caveat"]]
        item += paragraph(nodes.emphasis("", caveat["label"]), f": {caveat['definition']}.", classes=["case-caveat"])
    return item


def printed_sources(case: Case, cited: Iterable[str], serial: int) -> nodes.paragraph:
    """Return the sources that a box cites, for print, where they stand for those of the page of the case.

    Parameters
    ----------
    case : Case
    cited : iterable of str
    serial : int
        The number of the box on its page, for ids that occur once.
    """
    known = {source["id"]: source for source in case["sources"]}
    made = paragraph(nodes.strong("", "Sources: "), classes=["case-citations", "only-print"])
    for source in sorted(set(cited), key=lambda name: int(name.removeprefix("s"))):
        number, address = source.removeprefix("s"), cases.address(known[source])
        named = f"case-{case['id']}-{source}"
        entry = nodes.inline(
            "",
            "",
            nodes.Text(f"[{number}]\u00a0{known[source]['publisher']} ({known[source]['year']}), "),
            nodes.reference("", known[source]["title"], refuri=address, internal=False),
            ids=[f"{named}-box-{serial}"],
            stands_for=named,
        )
        made += [entry, nodes.Text(". ")]
    return made


def facts(library: Library, case: Case) -> nodes.field_list:
    """Return identity, place and numbers of a case as a field list."""
    start, level = case["start"], case["level"]
    regions = [case["place"][name] for name in ("oecd_region", "nuts2") if case["place"][name]]
    names = [f"{library.lists['areas'][code]['name']} ({code})" for code in dict.fromkeys(regions)]
    rows = {
        "Kind": [library.label("kinds", case["kind"])],
        "Place": [library.place(case), citations(case, case["place"]["sources"])],
        "Statistical region": ["; ".join(names) or "None given"],
        "Level": [level["text"], citations(case, level["sources"])] if level else [NOT_KNOWN],
        "Since": [str(start["year"]), citations(case, start["sources"])] if start else [NOT_KNOWN],
        **{fact["fact"]: [fact["value"], citations(case, fact["sources"])] for fact in case["facts"] or []},
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


def tile_map(library: Library, case: Case) -> list[nodes.Node]:
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


def story(case: Case) -> list[nodes.Node]:
    """Return the story with the sources of each sentence; says so where the sources do not carry one."""
    if case["story"] is None:
        words = "The sources read do not carry a story; what they say stands below."
        return [paragraph(words, classes=["case-unknown"])]
    sentences = [[sentence["text"], citations(case, sentence["sources"])] for sentence in case["story"]]
    # Two paragraphs, as one of 200 words is a wall; the break lies where half of the sentences are behind it.
    half = (len(sentences) + 1) // 2
    return [
        paragraph(*(part for text, marks in some for part in (text, marks, " ")), classes=["case-story"])
        for some in (sentences[:half], sentences[half:])
    ]


def standing(library: Library, case: Case) -> nodes.paragraph:
    """Return what became of a case, with the year of which the sources speak."""
    status = case["status"]
    if status is None:
        return paragraph(NOT_KNOWN, classes=["case-unknown"])
    code = library.label("statuses", status["code"]) if status["code"] else "Not known"
    dated = f" (as of {status['year']})" if status["year"] else " (undated)"
    return paragraph(nodes.strong("", f"{code}{dated}. "), status["text"], citations(case, status["sources"]))


def findings(library: Library, case: Case) -> list[nodes.Node]:
    """Return what is known of results: design, comparison, outcome, effect, uncertainty, and why it is graded so."""
    evidence = case["evidence"]
    if cases.field_text(case, "evidence") is None:
        made: list[nodes.Node] = [paragraph(NOT_KNOWN, classes=["case-unknown"])]
    else:
        fields = nodes.field_list(classes=["case-findings"])
        for name in cases.FINDINGS:
            text = evidence[name] or NOT_KNOWN
            body = nodes.field_body("", paragraph(text))
            fields += nodes.field("", nodes.field_name("", FINDING_LABELS[name]), body)
        made = [fields, paragraph("Sources of these entries:", citations(case, evidence["sources"]))]
    if evidence["reason"]:
        made.append(paragraph(nodes.emphasis("", "On the strength: "), evidence["reason"]))
    if evidence["previous"]:
        was = library.label("evidence-strengths", evidence["previous"]).lower()
        made.append(paragraph(nodes.emphasis("", "Changed: "), f"an earlier version of this page said {was}."))
    return made


def short_text(case: Case) -> str:
    """Return the first thing that is known of a case, for an entry of one line."""
    fields = ("organisation", "content", "learners", "resources", "leadership")
    return next((text for text in (cases.field_text(case, field) for field in fields) if text), "")


class LibraryDirective(SphinxDirective):
    """What the directives that show all of the library have in common."""

    def library(self) -> Library:
        """Return the library and note that this page is made from all of it."""
        record_use(self.env, KEY)
        return shelf(self.env.app).library


def find(library: Library, identifier: str, where: str) -> Case:
    """Return a case, or stop the build with a hint which one may be meant."""
    if identifier not in library.cases:
        close = get_close_matches(identifier, library.cases, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "data/cases holds one file a case, named by its id"
        raise BookError(f"no case is named {identifier!r}; {hint}", where)
    return library.cases[identifier]


class CasePageDirective(LibraryDirective):
    """```{case-page} id```: the page of a case."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the page as one section, its parts in the same order for every case."""
        library = self.library()
        case = find(library, self.arguments[0], place(self))
        identifier = case["id"]
        page = nodes.section("", nodes.title(case["name"], case["name"]), classes=["case"])
        self._target(page, f"case-{identifier}")
        lead = nodes.container(classes=["case-lead"])
        lead += nodes.container("", *story(case), badge(library, case), classes=["case-told"])
        lead += nodes.container("", *tile_map(library, case), facts(library, case), classes=["case-beside"])
        page += [lead, section("What became of it", f"{identifier}-status", standing(library, case))]
        page += section("What is known of results", f"{identifier}-evidence", *findings(library, case))
        lesson = paragraph(nodes.emphasis("", "Our reading, not a finding of any source: "), case["lesson"] or "")
        page += section(
            "What others can learn", f"{identifier}-lesson",
            lesson if case["lesson"] else paragraph("Nothing that the sources read would carry.", classes=["case-unknown"]),
        )  # fmt: skip
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
        page += section("Codes", f"{identifier}-codes", *self._codes(library, identifier))
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
            items += nodes.list_item("", paragraph(case_link(library, other), f". {library.likeness(shared)}"))
        return items


class CaseDirective(SphinxDirective):
    """```{case} id```: a box in a chapter."""

    required_arguments = 1
    has_content = True
    option_spec = {"show": directives.unchanged}  # noqa: RUF012 - docutils reads a class attribute

    def run(self) -> list[nodes.Node]:
        """Return a box: name, place, the author's words, chosen fields, evidence."""
        library = shelf(self.env.app).library
        case = find(library, self.arguments[0], place(self))
        record_use(self.env, use(case["id"]))
        box = nodes.admonition(classes=["admonition", "case", "case-box"])
        box += nodes.title("", "", case_link(library, case["id"]))
        since = f", since {case['start']['year']}" if case["start"] else ""
        kind = library.label("kinds", case["kind"])
        box += paragraph(f"{kind}, {library.place(case)}{since}", classes=["case-where"])
        if self.content:
            self.state.nested_parse(self.content, self.content_offset, box)
        cited: set[str] = set()
        for field in self._fields():
            claim = case["elements"][field] if field in cases.ELEMENTS else case[field]
            box += paragraph(nodes.strong("", f"{field.capitalize()}: "), *statement(case, claim).children)
            cited.update(claim["sources"] if claim else ())
        evidence = case["evidence"]
        strength = library.label("evidence-strengths", evidence["strength"]).lower()
        said = ". ".join(text.rstrip(".") for name in ("design", "effect", "uncertainty") if (text := evidence[name]))
        if said:
            cited.update(evidence["sources"])
        known = [f" {said}.", citations(case, evidence["sources"])] if said else []
        box += paragraph(nodes.strong("", f"Evidence: {strength}."), *known)
        if cited:
            box += printed_sources(case, cited, self.env.new_serialno("case-box"))
        return [box]

    def _fields(self):
        fields = self.options.get("show", "").replace(",", " ").split()
        for field in fields:
            if field not in cases.CLAIMS:
                raise BookError(f":show: {field!r} is no field; expected {', '.join(cases.CLAIMS)}", place(self))
        return fields


class CaseRole(SphinxRole):
    """``{case}`id``` or ``{case}`words <id>```: a mention of a case in running text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return a link to the page of the case."""
        library = shelf(self.env.app).library
        found = re.fullmatch(r"(?:(.*?)\s*<)?([^<>]*?)>?", self.text, re.DOTALL)
        words, identifier = found.groups() if found else (None, self.text)
        find(library, identifier, place(self))
        record_use(self.env, use(identifier))
        return [case_link(library, identifier, words or "")], []


def list_uses(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Fill in the list of chapters that use a case."""
    for node in list(doctree.findall(case_uses)):
        pages = used_by(app.env, node["case"])
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


def setup(app: Sphinx) -> None:
    """Register directives, role and node."""
    app.add_node(case_uses)
    app.add_directive("case", CaseDirective)
    app.add_directive("case-page", CasePageDirective)
    app.add_role("case", CaseRole())
    app.add_css_file("cases.css")
