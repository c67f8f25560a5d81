"""The catalogue of the evidence: one page and the downloads, made from the descriptor and the tables alone.

    ```{catalogue}```     every indicator table: what it is, where from, what it covers, how to get and cite it

The site gets ``datapackage.json`` at its root with ``indicators/`` and ``code-lists/`` beside it, so that the relative
paths in the descriptor resolve there too: the address of the site is a Frictionless data package. Whatever the
descriptor says is text: it goes into text nodes or through ``html.escape``.

``crossroads.evidence.package`` reads the files, as text: a build in which no table changed should not wait for pandas.
Not here: what a valid table is (``crossroads.evidence.tables``), and what an indicator is (its publisher says that).
"""

from __future__ import annotations

import hashlib
import html
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from crossroads import numbers
from crossroads.evidence import package
from press import aside
from press.contract import BOOK
from press.errors import BookError
from press.page import citing
from press.page.directives import link, place, record_use
from press.published import copy_if_changed, folder_of, write_if_changed
from press.run.dependencies import file_digest
from press.session import memory, session
from press.takeaway import workbooks as writing
from press.web.metadata import CONTEXT, as_script
from press.web.search import Entry, address_of, beginning, words_of
from report.shelf import shelf

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

KEY = "catalogue"
DESCRIPTOR = "datapackage.json"
FOLDERS = ("indicators", "code-lists")
# Areas side by side in a coverage picture: as many as are legible across a phone.
AREAS_ABREAST = 27
PITCH, LABEL_WIDTH = 11, 56
CODES_LISTED = 12
# Marks for what is known once all pages have been read.
USED, CHAPTERS = "%USED%", "%CHAPTERS%"


@dataclass(frozen=True)
class Evidence:
    """The data package as the page needs it.

    Attributes
    ----------
    folder : pathlib.Path
        The folder ``data``.
    descriptor : dict
        Of the package.
    files : dict of str to pathlib.Path
        Every table and code list by its path in the package.
    digest : str
        Digest of all that the page and the downloads are made from.
    """

    folder: Path
    descriptor: dict[str, Any]
    files: dict[str, Path]
    digest: str

    @property
    def indicators(self) -> list[dict[str, Any]]:
        """The entries of the indicator tables, by label."""
        entries = [entry for entry in self.descriptor["resources"] if entry["path"].startswith("indicators/")]
        return sorted(entries, key=lambda entry: entry["title"].casefold())

    def columns(self, path: str) -> Mapping[str, Sequence[str]]:
        """Read a table as text, by column."""
        return package.columns(self.files[path])

    def codes(self, name: str) -> dict[str, dict[str, str]]:
        """Return the rows of a code list by code."""
        return package.code_list(name, self.folder)


# Files that are what their entries say: a preview asks after each saving, and their bytes need not be read again.
_seen: set[tuple[Path, str, str]] = set()
MadeFrom = tuple[dict[str, str], dict[str, Any], Evidence]


def read(folder: Path) -> Evidence:
    """Read the descriptor and see that the tables are the ones that it describes.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``data``.

    Returns
    -------
    Evidence

    Raises
    ------
    BookError
        If a file is missing or is not the one that the descriptor was written with.
    """
    try:
        descriptor = package.descriptor(folder)
        files = {entry["path"]: _described(entry, folder) for entry in descriptor["resources"]}
    except package.DataError as error:
        raise BookError(str(error)) from None
    described = {entry["name"] for entry in descriptor["resources"]}
    # As after a merge of two tables that kept one side of the descriptor.
    for path in sorted((folder / package.OWN).glob("*.yaml")):
        if path.stem not in described:
            raise BookError(
                f"data/{DESCRIPTOR} does not describe it; run `crossroads data {path.stem}`",
                f"data/{package.OWN}/{path.name}",
            )
    digest = hashlib.sha256((folder / DESCRIPTOR).read_bytes())
    for module in (__file__, writing.__file__):
        digest.update(Path(module).read_bytes())
    return Evidence(folder, descriptor, files, digest.hexdigest())


def _described(entry: Mapping[str, Any], folder: Path) -> Path:
    """Return the file of an entry; of one with other bytes, what is wrong with its rows is told before its hash."""
    path = folder / entry["path"]
    seen = path, file_digest(path), entry["hash"]
    try:
        if seen not in _seen:
            package.described(entry, folder)
            _seen.add(seen)
        return path
    except package.DataError:
        is_table = entry["path"].startswith(package.TABLES) and not package.is_own(entry["name"])
        if is_table and (folder / entry["path"]).is_file():
            from crossroads.evidence import tables  # imports pandas, which no build needs that goes well

            tables.validate((folder / entry["path"]).read_bytes(), entry, f"data/{entry['path']}")
        raise


# -- coverage --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """For which countries and periods a table holds values.

    Attributes
    ----------
    members, others : list of str
        Codes of the members of the OECD, and of other countries and parts of countries, that the table names.
    aggregates : list of str
        Codes of aggregates, which the picture leaves out.
    absent : list of str
        Names of members of the OECD for which there is no value at all.
    periods : list of str
    cells : dict of (str, str) to (int, int)
        By area and period, the number of values and the number there would be if the area had a value wherever
        the table has one for any area in that period.
    regional : bool
        Whether countries stand for their regions.
    """

    members: list[str]
    others: list[str]
    aggregates: list[str]
    absent: list[str]
    periods: list[str]
    cells: dict[tuple[str, str], tuple[int, int]]
    regional: bool

    @property
    def present(self) -> list[str]:
        """The members of the OECD for which there is a value."""
        return [area for area in self.members if any((area, period) in self.cells for period in self.periods)]

    def state(self, area: str, period: str) -> str:
        """Return ``"whole"``, ``"part"`` or ``"none"``."""
        values, possible = self.cells.get((area, period), (0, 0))
        return "none" if not values else "whole" if values == possible else "part"

    def extent(self) -> str:
        """Say in words which areas and periods a table covers.

        Returns
        -------
        str
        """
        what = "regions of " if self.regional else ""
        others = f" and {count(len(self.others), 'other country or area', 'other countries or areas')}"
        text = f"{what}{count(len(self.members), 'member')} of the OECD{others if self.others else ''}"
        if self.aggregates:
            text += f", and {count(len(self.aggregates), 'aggregate')}"
        first, last = self.periods[0], self.periods[-1]
        if len(self.periods) == 1:
            text += f"; {first} only."
        else:
            text += f"; {count(len(self.periods), 'period')} from {first} to {last}."
        if self.absent:
            text += f" Members without any value: {', '.join(self.absent)}."
        return text[0].upper() + text[1:]

    def words(self) -> str:
        """Say in words all that the picture shows.

        Returns
        -------
        str
        """
        areas = [*self.members, *self.others]
        states = [self.state(area, period) for area in areas for period in self.periods]
        return (
            f"{self.extent()} Of {count(len(states), 'pair')} of area and period, {states.count('whole')} have every"
            f" value, {states.count('part')} have some, {states.count('none')} have none."
        )


def coverage(table: Mapping[str, Sequence[str]], dimensions: list[str], areas: dict[str, dict[str, str]]) -> Coverage:
    """Find out for which countries and periods a table holds values.

    Parameters
    ----------
    table : dict of str to sequence of str
        By column.
    dimensions : list of str
        The columns that, beside area and period, make its key.
    areas : dict of str to dict
        The code list of areas.

    Returns
    -------
    Coverage
    """
    found = set(table["ref_area"])
    aggregates = {code for code in found if areas[code]["area_type"] == "aggregate"}
    shown = {
        code: areas[code]["country"] if areas[code]["area_type"].startswith(("NUTS", "TL")) else code
        for code in found - aggregates
    }
    named, regions = set(shown.values()), Counter(shown.values())
    # Column by column, without a loop over rows: all tables have a third of a million.
    places, periods = [shown.get(area, "") for area in table["ref_area"]], sorted(set(table["time_period"]))
    told = [value != "" and country != "" for value, country in zip(table["obs_value"], places, strict=True)]
    values = Counter(compress(zip(places, table["time_period"], strict=True), told))
    categories = set(compress(zip(table["time_period"], *map(table.__getitem__, dimensions), strict=True), told))
    combinations = Counter(period for period, *_ in categories)
    cells = {
        (area, period): (number, combinations[period] * regions[area]) for (area, period), number in values.items()
    }
    members = {code for code, area in areas.items() if area.get("oecd_since")}
    with_values = {area for area, _ in values}
    return Coverage(
        members=sorted(named & members),
        others=sorted(named - members),
        aggregates=sorted(aggregates),
        absent=sorted(areas[code]["name"] for code in members - with_values),
        periods=periods,
        cells=cells,
        regional=any(code != area for code, area in shown.items()),
    )


def picture(covered: Coverage) -> tuple[str, int, int]:
    """Draw coverage as a strip: areas across, periods down; the size of a square says it, not its colour.

    Returns
    -------
    picture : str
        A file of its own, which a page asks for when a reader opens its entry: drawn into the page, the pictures of all
        tables weighed more than everything else on it.
    width, height : int
        In pixels.
    """
    parts, top = [], 0
    shapes: dict[str, list[tuple[int, int, int]]] = {"whole": [], "part": [], "none": []}
    for group, codes in (("OECD", covered.members), ("Other", covered.others)):
        for start in range(0, len(codes), AREAS_ABREAST):
            abreast = codes[start : start + AREAS_ABREAST]
            head = max(24, 6 * max(map(len, abreast)) + 6)
            parts.append(f'<text x="0" y="{top + head - 5}">{group}</text>')
            for column, code in enumerate(abreast):
                x = LABEL_WIDTH + column * PITCH + 8
                place_ = f'transform="translate({x} {top + head - 3}) rotate(-90)"'
                parts.append(f"<text {place_}>{html.escape(code)}</text>")
            for line, period in enumerate(covered.periods):
                y = top + head + line * PITCH
                parts.append(f'<text x="0" y="{y + 8}">{html.escape(period)}</text>')
                column = 0
                for state, run in groupby(covered.state(code, period) for code in abreast):
                    length = len(list(run))
                    shapes[state].append((LABEL_WIDTH + column * PITCH, y, length))
                    column += length
            top += head + len(covered.periods) * PITCH + 6
    # Neighbours in one state are one dashed line: a square each, at a tenth of the bytes.
    for state, size in (("whole", 9), ("part", 5), ("none", 1)):
        inset = (PITCH - size) / 2
        path = "".join(f"M{x + inset:g} {y + PITCH / 2:g}h{(n - 1) * PITCH + size}" for x, y, n in shapes[state])
        dashes = f'stroke-width="{size}" stroke-dasharray="{size} {PITCH - size}"'
        parts.append(f'<path class="{state}" {dashes} d="{path}"/>' if path else "")
    width = LABEL_WIDTH + AREAS_ABREAST * PITCH
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}"'
    look = 'font-family="Open Sans, Arial, sans-serif" font-size="8.5" fill="none" stroke="#12436d"'
    words = "".join(part for part in parts if part.startswith("<text"))
    return (
        f'{opening} {look}><g fill="#1f2328" stroke="none">{words}</g>'
        f"{''.join(part for part in parts if not part.startswith('<text'))}</svg>\n",
        width,
        top,
    )


# -- pieces of an entry ----------------------------------------------------------------------------


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: ``1 row``, ``1 250 rows``."""
    return numbers.amount(number, ",", one if number == 1 else many or one + "s")


def dimensions(entry: dict[str, Any]) -> list[str]:
    """Return the columns of a table's key beside area, its type, period."""
    return [name for name in entry["schema"]["primaryKey"] if name not in ("ref_area", "ref_area_type", "time_period")]


def source_text(source: Mapping[str, Any]) -> str:
    """Write a source: publisher, data set, edition."""
    edition = f", {source['edition']}" if source.get("edition") else ""
    return f"{source['publisher']}, {source['dataset']}{edition}"


def address(source: Mapping[str, Any]) -> str:
    """Return the address of a source: its DOI if it has one, else its page; nothing if that is no web address."""
    if source.get("doi"):
        return f"https://doi.org/{source['doi']}"
    url = source.get("url") or source.get("path") or ""
    return url if url.startswith(("https://", "http://")) else ""


def publishers(entry: dict[str, Any]) -> list[str]:
    """Return the publishers of a table."""
    return list(dict.fromkeys([entry["publisher"], *(source["publisher"] for source in entry["sources"])]))


def citation(entry: dict[str, Any], config: Config) -> str:
    """Write the citation of a table.

    Parameters
    ----------
    entry : dict
        Its entry of the descriptor.
    config : sphinx.config.Config

    Returns
    -------
    str
    """
    sources = "; ".join(f"{source_text(source)} {address(source)}".strip() for source in entry["sources"])
    return (
        f"{sources}. As the table \u201c{entry['name']}\u201d in {config.project}, edition {config.version}."
        f" {entry['licence']}."
    )


def dropped_text(entry: dict[str, Any]) -> list[str]:
    """Say what of the publisher's file is not in the table, with counts.

    Parameters
    ----------
    entry : dict

    Returns
    -------
    list of str
        One line a reason; empty if nothing was dropped.
    """
    return [
        f"{count(drop['rows'], 'row')} of {count(len(drop['areas']), 'area')}: {drop['reason']}"
        for drop in entry["dropped"]
    ]


def about(entry: dict[str, Any], evidence: Evidence) -> dict[str, str]:
    """Say what a table is, as labelled lines for the cover sheet of its workbook."""
    licences = evidence.descriptor.get("licenses", [])
    lines = {
        "Title": entry["title"],
        "Definition": entry["description"],
        "Measures": "; ".join(f"{m['code']}: {m['label']} ({m['unit']})" for m in entry["measures"]),
        "Source": "; ".join(f"{source_text(source)} {address(source)}".strip() for source in entry["sources"]),
        "Retrieved": entry["retrieved"] or "not known",
        "Licence": entry["licence"],
        "Notice": " ".join(filter(None, [entry.get("notice"), evidence.descriptor.get("notice")])),
        "Caveats": " ".join(entry["caveats"]),
        "Left out": "; ".join(dropped_text(entry)) or "nothing",
        "Table": f"{entry['name']} in {evidence.descriptor.get('title', '')}"
        + (f" ({licences[0]['name']})" if licences else ""),
    }
    return {label: text for label, text in lines.items() if text}


def element(tag: str, text: object, **attributes: object) -> str:
    """Write an HTML element around text, which is escaped."""
    return wrap(tag, html.escape(str(text)), **attributes)


def wrap(tag: str, content: str, **attributes: object) -> str:
    """Write an HTML element around HTML."""
    given = "".join(
        f' {name.strip("_").replace("_", "-")}="{html.escape(str(text))}"' for name, text in attributes.items()
    )
    return f"<{tag}{given}>{content}</{tag}>"


def listing(lines: Iterable[str]) -> str:
    """Write a list of HTML lines."""
    return wrap("ul", "".join(wrap("li", line) for line in lines))


def measures_table(entry: dict[str, Any], units: dict[str, dict[str, str]]) -> str:
    """Write the measures of a table with their definitions and units."""
    heads = ["Measure", "Unit", "Better if"]
    rows = []
    for measure in entry["measures"]:
        definition = f"<br>{html.escape(measure['definition'])}" if measure["definition"] else ""
        name = wrap("td", f"{html.escape(measure['label'])} {element('code', measure['code'])}{definition}")
        unit = units.get(measure["unit"], {}).get("label", measure["unit"])
        rows.append(name + element("td", unit) + element("td", measure["direction"]))
    head = wrap("tr", "".join(element("th", text, scope="col") for text in heads))
    body = "".join(wrap("tr", row) for row in rows)
    return wrap("table", f"<thead>{head}</thead><tbody>{body}</tbody>", class_="indicator-measures")


def dimension_lines(entry: dict[str, Any], evidence: Evidence, root: str) -> list[str]:
    """Write one line a dimension, with its codes where they are few."""
    lists = {key["fields"][0]: key["reference"]["resource"] for key in entry["schema"]["foreignKeys"]}
    described = {field["name"]: field.get("description", "") for field in entry["schema"]["fields"]}
    lines = []
    for name in [name for name in dimensions(entry) if name != "measure"]:
        line = f"{element('code', name)} {html.escape(described[name])}"
        if name in lists:
            labels = [row["label"] for row in evidence.codes(lists[name]).values()]
            some = f": {', '.join(labels)}" if len(labels) <= CODES_LISTED else f": {len(labels)} codes"
            link = element("a", "code list", href=f"{root}code-lists/{lists[name]}.csv", download="")
            line += f"{html.escape(some)} ({link})"
        lines.append(line)
    return lines


def source_lines(entry: dict[str, Any]) -> list[str]:
    """Write one line a source: what, where, licence, when and how it was obtained."""
    lines = []
    for source in entry["sources"]:
        line, link = html.escape(source_text(source)), address(source)
        if link:
            # Signs that publishers' addresses have and addresses in HTML must not have.
            line += f" {element('a', link.removeprefix('https://'), href=quote(link, safe=':/?&=#%+,;@~'))}"
        retrieved = source.get("retrieved") or "date not known"
        obtained = f"; obtained from: {source['obtained']}" if source.get("obtained") else ""
        note = source["licence"].get("note")
        licence = source["licence"]["name"] + (f" ({note})" if note else "")
        lines.append(f"{line}. {html.escape(f'{licence}; retrieved: {retrieved}{obtained}')}.")
    return lines


def details(entry: dict[str, Any], evidence: Evidence, covered: Coverage, root: str) -> str:
    """Write what stands folded below an entry."""
    parts = [element("h3", "Measures"), measures_table(entry, evidence.codes("units"))]
    lines = dimension_lines(entry, evidence, root)
    if lines:
        parts += [element("h3", "Dimensions"), listing(lines)]
    name = f"coverage-{entry['name']}"
    held = f"{count(entry['coverage']['rows'], 'row')}, {count(entry['coverage']['values'], 'value')}."
    regional = " A country stands for all its regions." if covered.regional else ""
    _, width, height = picture(covered)
    shown = (
        f'<img class="coverage" src="{root}coverage/{entry["name"]}.svg" width="{width}" height="{height}" loading="lazy"'
        f' alt="Areas across, periods down: {html.escape(entry["title"], quote=True)}" aria-describedby="{name}">'
    )
    key = f"Large square: every value; small square: some values; dot: none.{regional}"
    parts += [
        element("h3", "Coverage"),
        element("p", f"{held} {covered.words()}", id=name),
        shown,
        element("p", key, class_="coverage-key"),
        element("h3", "Sources"),
        listing(source_lines(entry)),
        element("h3", "Left out"),
    ]
    dropped = dropped_text(entry)
    if dropped:
        total = count(sum(drop["rows"] for drop in entry["dropped"]), "row")
        listed = [
            element("span", f"{line} ") + wrap("small", html.escape(f"({', '.join(drop['areas'])})"))
            for line, drop in zip(dropped, entry["dropped"], strict=True)
        ]
        parts += [element("p", f"{total} of the publisher\u2019s file:"), listing(listed)]
    else:
        parts.append(element("p", "No row is recorded as left out."))
    return "".join(parts)


def web_entry(entry: dict[str, Any], evidence: Evidence, covered: Coverage, config: Config, root: str) -> nodes.section:
    """Return the section of a table on the web."""
    name = entry["name"]
    classes = ["indicator", "registry", "only-web"]
    classes += [nodes.make_id(f"publisher-{publisher}") for publisher in publishers(entry)]
    section = nodes.section("", nodes.title(entry["title"], entry["title"]), classes=classes, indicator=name)
    section += nodes.paragraph("", entry["description"])
    periods = entry["coverage"]["periods"]
    span = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    facts = [
        ("Table", element("code", name)),
        ("Publisher", html.escape(", ".join(publishers(entry)))),
        ("Data set", html.escape("; ".join(dict.fromkeys(map(source_text, entry["sources"]))))),
        ("Covers", html.escape(f"{span}; {count(len(covered.present), 'OECD member')}")),
        ("Licence", html.escape(entry["licence"])),
        ("Used in", USED),
    ]
    parts = [wrap("dl", "".join(wrap("div", f"<dt>{label}</dt><dd>{fact}</dd>") for label, fact in facts))]
    if entry["caveats"]:
        parts += [element("p", "Caveats", class_="indicator-caveats"), listing(map(html.escape, entry["caveats"]))]
    large = entry["bytes"] >= 1000
    size = numbers.amount(entry["bytes"] / 1000, ",.0f", "kB") if large else f"{entry['bytes']} bytes"
    downloads = [
        element("a", f"{suffix.upper()}", href=f"{root}indicators/{name}.{suffix}", download="",
                aria_label=f"{suffix.upper()} of {entry['title']}")
        for suffix in ("csv", "xlsx")
    ]  # fmt: skip
    parts.append(wrap("p", f"Download: {downloads[0]} ({size}) {downloads[1]}", class_="indicator-downloads"))
    parts.append(
        wrap(
            "details",
            element("summary", "Measures, coverage, sources and what was left out")
            + details(entry, evidence, covered, root),
        )
    )
    cite = element("summary", "Cite") + element("p", citation(entry, config), class_="indicator-citation")
    parts.append(wrap("details", cite))
    section += nodes.raw("", "".join(parts), format="html")
    return section


def print_entry(entry: dict[str, Any], covered: Coverage) -> nodes.definition_list_item:
    """Return the short entry of a table on paper."""
    term = nodes.term("", entry["title"])
    words = (
        f"{entry['description']} Source: {'; '.join(dict.fromkeys(map(source_text, entry['sources'])))}."
        f" Coverage: {covered.extent()} Licence: {entry['licence']}. Table: "
    )
    body = nodes.definition("", nodes.paragraph("", words, nodes.literal("", entry["name"]), nodes.Text(".")))
    return nodes.definition_list_item("", term, body)


def search_form(indicators: list[dict[str, Any]]) -> str:
    """Write the search form, hidden until the script that serves it has run."""
    names = sorted({publisher for entry in indicators for publisher in publishers(entry)})
    options = {
        "Chapter": CHAPTERS,
        "Publisher": choices((nodes.make_id(f"publisher-{name}"), name) for name in names),
    }
    fields = ['<label>Words <input type="search" name="words" autocomplete="off"></label>']
    for title, entries in options.items():
        select = wrap("select", f'<option value="">All</option>{entries}', name=title.lower())
        fields.append(wrap("label", f"{title} {select}"))
    return (
        '<form class="catalogue-search" role="search" aria-label="Search the catalogue" hidden>'
        f'{"".join(fields)}<button type="reset">Show all</button></form>'
        '<p class="catalogue-count" role="status" hidden></p>'
    )


def choices(entries: Iterable[tuple[str, str]]) -> str:
    """Write what can be chosen: codes and labels."""
    return "".join(element("option", label, value=code) for code, label in entries)


# -- where the report uses a table -----------------------------------------------------------------


def where_used(env: BuildEnvironment) -> dict[str, list[str]]:
    """Find the pages that show something made from a table: an exhibit, a number or a sentence that names it as source.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Once all pages have been read.

    Returns
    -------
    dict of str to list of str
        Names of pages of prose by table; tables that none uses are not in it.
    """
    published = session(env.app).published
    found: dict[str, list[str]] = {}
    kinds = {"exhibit": published.exhibits, "value": published.values, "statements": published.statements}
    for page, uses in sorted(memory(env).uses.items()):
        if page.startswith(BOOK):
            keys = [key.partition(":") for key in uses]
            shown = [kinds[kind][identifier] for kind, _, identifier in keys if kind in kinds]
            for table in sorted({table for metadata in shown for table in metadata["indicators"]}):
                found.setdefault(table, []).append(page)
    return found


def from_elsewhere(env: BuildEnvironment, page: str) -> dict[str, list[str]]:
    """Return what stands in the catalogue but comes from other pages: where tables are used."""
    return where_used(env) if KEY in memory(env).uses.get(page, {}) else {}


def fill_in_uses(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Say of each table where the report uses it."""
    if KEY not in memory(app.env).uses.get(page, {}):
        return
    used, chapters = where_used(app.env), set()
    for section in doctree.findall(nodes.section):
        if "indicator" in section:
            found, words = places(app, used.get(section["indicator"], []))
            chapters.update(found)
            section["classes"] += [f"chapter-{number}" for number in found]
            fill_in(section, USED, html.escape(words))
    options = choices((f"chapter-{number}", f"Chapter {number}") for number in sorted(chapters))
    fill_in(doctree, CHAPTERS, options)


def places(app: Sphinx, pages: list[str]) -> tuple[list[int], str]:
    """Name pages: chapters and annexes by number, others by title, those of a collection by the title of its parent.

    Returns
    -------
    chapters : list of int
    words : str
    """
    env = app.env
    parents = {page: collection.parent for collection in session(app).collections for page in collection.pages}
    found = {parents.get(page, page) for page in pages}
    numbered = {page: env.toc_secnumbers.get(page, {}).get("") for page in found}
    first = [number[0] for number in numbered.values() if number]
    chapters = sorted(number for number in first if isinstance(number, int))
    annexes = sorted(number for number in first if isinstance(number, str))
    kinds = (("chapter", "chapters", chapters), ("annex", "annexes", annexes))
    parts = [f"{one if len(n) == 1 else many} {', '.join(map(str, n))}" for one, many, n in kinds if n]
    parts += sorted(env.titles[page].astext() for page, number in numbered.items() if not number)
    return chapters, "; ".join(parts) or "not used: no exhibit, number or sentence of the report is made from it"


def fill_in(node: nodes.Element, mark: str, text: str) -> None:
    """Put text in the place of a mark in the HTML beneath a node."""
    for raw in node.findall(nodes.raw):
        if mark in raw.astext():
            raw[:] = [nodes.Text(raw.astext().replace(mark, text))]


class CatalogueDirective(SphinxDirective):
    """```{catalogue}```: all indicator tables."""

    def run(self) -> list[nodes.Node]:
        """Return totals, search form, one section a table for the web, and a short list for print."""
        env = self.env
        record_use(env, KEY)
        evidence = shelf(env.app).evidence
        indicators = evidence.indicators
        if not indicators:
            raise BookError(f"data/{DESCRIPTOR} names no indicator table; there is nothing to list", place(self))
        areas = evidence.codes("areas")
        root = "../" * env.docname.count("/")
        held = {name: sum(entry["coverage"][name] for entry in indicators) for name in ("rows", "values")}
        names = sorted({publisher for entry in indicators for publisher in publishers(entry)})
        totals = (
            f"{count(len(indicators), 'table')} with {count(held['rows'], 'row')} and {count(held['values'], 'value')}"
            f" from {count(len(names), 'publisher')}: {', '.join(names)}."
        )
        package = f"The whole package: {element('a', DESCRIPTOR, href=f'{root}{DESCRIPTOR}')}."
        head = nodes.container("", nodes.paragraph("", totals), classes=["registry", "catalogue-head"])
        head += nodes.raw("", wrap("p", package) + search_form(indicators), format="html")
        printed = nodes.definition_list(classes=["registry", "only-print"])
        sections = []
        pictures = folder_of(env.app) / "coverage"
        for old in set(pictures.glob("*")) - {pictures / f"{entry['name']}.svg" for entry in indicators}:
            old.unlink()
        for entry in indicators:
            covered = coverage(evidence.columns(entry["path"]), dimensions(entry), areas)
            write_if_changed(pictures / f"{entry['name']}.svg", picture(covered)[0].encode())
            section = web_entry(entry, evidence, covered, env.config, root)
            section["names"].append(f"indicator-{entry['name']}")
            self.state.document.note_explicit_target(section, section)
            sections.append(section)
            printed += print_entry(entry, covered)
        return [head, printed, *sections]


# -- downloads -------------------------------------------------------------------------------------


def workbooks(evidence: Evidence, store: Path, made_with: str) -> dict[Path, MadeFrom]:
    """Name the workbook of each table in a folder that keeps them under the digest of what they are made from.

    Parameters
    ----------
    evidence : Evidence
    store : pathlib.Path
    made_with : str
        Digest of code and libraries: those that an older one has written are another one's.

    Returns
    -------
    dict of pathlib.Path to tuple
        What each workbook is made from: lines of the cover, entry of the descriptor, evidence.
    """
    found = {}
    for entry in evidence.indicators:
        lines = about(entry, evidence)
        digest = hashlib.sha256(repr((entry["hash"], entry["schema"], lines, made_with)).encode()).hexdigest()
        found[store / f"{entry['name']}-{digest[:16]}.xlsx"] = lines, entry, evidence
    return found


def write_workbooks(missing: list[tuple[Path, MadeFrom]]) -> None:
    """Write workbooks, and make way for whoever is waited for.

    Parameters
    ----------
    missing : list of tuple
        Path and what it is made from.
    """
    try:
        for job in aside.while_built(missing):
            write_workbook(job)
    except OSError as error:
        sys.exit(f"The workbooks cannot be written: {error}")


def write_workbook(job: tuple[Path, MadeFrom]) -> None:
    """Write one workbook.

    Parameters
    ----------
    job : tuple
        Path and what it is made from.
    """
    stored, (lines, entry, evidence) = job
    write_if_changed(stored, writing.plain(lines, typed(entry, evidence.columns(entry["path"]))))


def write_downloads(evidence: Evidence, wanted: dict[Path, MadeFrom], target: Path) -> None:
    """Write descriptor, tables, code lists and workbooks into the site, touching only what changed.

    Parameters
    ----------
    evidence : Evidence
    wanted : dict of pathlib.Path to tuple
        As :func:`workbooks` returns it; all of them are there.
    target : pathlib.Path
        The root of the site.
    """
    files = {target / DESCRIPTOR: evidence.folder / DESCRIPTOR}
    files |= {target / path: file for path, file in evidence.files.items()}
    files |= {target / FOLDERS[0] / f"{entry['name']}.xlsx": stored for stored, (_, entry, _) in wanted.items()}
    for path, file in files.items():
        copy_if_changed(file, path)
    for folder in FOLDERS:
        for path in (target / folder).glob("*"):
            if path not in files:
                path.unlink()


def typed(entry: dict[str, Any], table: Mapping[str, Sequence[str]]) -> dict[str, list[str | float | None]]:
    """Return the columns of a table with numbers as numbers and None where it is empty."""
    convert = {"number": float, "integer": int, "year": int}
    kinds = {field["name"]: convert.get(field["type"], str) for field in entry["schema"]["fields"]}
    return {name: [kind(cell) if cell else None for cell in table[name]] for name, kind in kinds.items()}


# -- events ----------------------------------------------------------------------------------------


def read_evidence(app: Sphinx) -> None:
    """Read the data package before any notebook is executed."""
    shelf(app).evidence = read(Path(app.srcdir) / "data")
    session(app).source_links = partial(entry_links, {entry["name"] for entry in shelf(app).evidence.indicators})


def entry_links(known: set[str], names: list[str]) -> list[nodes.Node]:
    """Return links to the entries of those of an exhibit's sources that are tables.

    Parameters
    ----------
    known : set of str
        Names of all tables.
    names : list of str
        Names of the sources; cases and studies are no tables.

    Returns
    -------
    list of docutils.nodes.Node
    """
    names = [name for name in names if name in known]
    if not names:
        return []
    made = nodes.inline("", " In the catalogue: ", classes=["only-web"])
    for name in names:
        entry = link(f"indicator-{name}", nodes.inline("", name))
        entry["refwarn"] = False  # a book may have no catalogue
        made += [nodes.Text(", ")] * (name != names[0]) + [entry]
    made += nodes.Text(".")
    return [made]


def take_digest(app: Sphinx) -> None:
    """Give the page its digest, once there are digests."""
    session(app).published.digests[KEY] = shelf(app).evidence.digest


def linked_data(app: Sphinx, page: str) -> dict[str, Any]:
    """Describe the data package, and each indicator table in it, in the words of schema.org."""
    evidence, root = shelf(app).evidence, "../" * page.count("/")

    def whole(path: str) -> str:
        return citing.address(app, path) or root + path

    def dataset(entry: Mapping[str, Any], path: str, kind: str) -> dict[str, Any]:
        distribution = {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": whole(path)}
        licences = [licence["path"] for licence in entry.get("licenses", []) if licence.get("path")]
        told = {"name": entry.get("title", ""), "description": entry.get("description", "")}
        return {"@type": "Dataset", **told, "license": licences, "distribution": distribution}

    work = citing.book(app)
    tables = [
        dataset(entry, entry["path"], "text/csv") | {"url": whole(f"{page}.html#indicator-{entry['name']}")}
        for entry in evidence.indicators
    ]
    package_ = dataset(evidence.descriptor, DESCRIPTOR, "application/json")
    return {
        "@context": CONTEXT,
        **package_,
        "creator": work.linked_authors(),
        "version": work.edition,
        "hasPart": tables,
    }


def findable(app: Sphinx) -> Iterator[Entry]:
    """Yield the indicator tables for the search, with their measures."""
    for entry in shelf(app).evidence.indicators:
        address = address_of(app, f"indicator-{entry['name']}")
        if address:
            measures = [measure["label"] for measure in entry["measures"]]
            also = f"{entry['name']} {entry['publisher']}"
            words = words_of(f"{' '.join(measures)} {entry['description']}", entry["title"])
            yield Entry("Indicator", entry["title"], address, beginning(entry["description"]), also, words, 0.9)


def add_assets(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Load style and script on the page that shows the catalogue, and describe the data package to machines."""
    if KEY in memory(app.env).uses.get(page, {}):
        app.add_css_file("catalogue.css")
        app.add_js_file("catalogue.js", loading_method="defer")
        context.setdefault("linked_data", []).append(as_script(linked_data(app, page)))


def start_workbooks(app: Sphinx) -> None:
    """Have workbooks that are missing written beside all else: a large table takes a second of computing."""
    shelf(app).writers = []
    if app.builder.format != "html":
        return
    store = Path(app.srcdir) / "_build" / "workbooks"
    shelf(app).workbooks = workbooks(shelf(app).evidence, store, app.config.press_built_with)
    for path in store.glob("*"):
        if path not in shelf(app).workbooks:
            path.unlink()
    missing = [(path, made_from) for path, made_from in shelf(app).workbooks.items() if not path.exists()]
    missing.sort(key=lambda job: -shelf(app).evidence.files[job[1][1]["path"]].stat().st_size)
    cores = os.cpu_count() or 1
    for share in [missing[first::cores] for first in range(min(cores, len(missing)))]:
        # A daemon: an author's mistake, which ends the build, need not wait for it.
        writer = multiprocessing.Process(target=write_workbooks, args=[share], daemon=True)
        writer.start()
        shelf(app).writers.append(writer)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Lay out the downloads once the workbooks are written."""
    if exception or app.builder.format != "html":
        return
    started = time.perf_counter()
    for writer in shelf(app).writers:
        writer.join()
        if writer.exitcode:
            raise BookError("the workbooks could not be written; what went wrong stands above", "_build/workbooks")
    write_downloads(shelf(app).evidence, shelf(app).workbooks, Path(app.outdir))
    app.config.press_stages["data downloads"] = time.perf_counter() - started


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("catalogue", CatalogueDirective)
