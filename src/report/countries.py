"""Country profiles as pages: one a member of the OECD, an index, and the list of what they show.

    ```{country} NLD            the page of a country
    ```{country-index}          all countries as a grid of tiles and as a list, with the download of all profiles
    ```{country-links}          all countries as a list of links, for a page from which readers leave for theirs
    ```{country-sources}        the sources of the tables of all profiles, once
    ```{country-exhibits}       the exhibits and sentences of all profiles, for the list of exhibits

What a profile says is computed by one notebook and published as a table, a figure and sentences; here they only get
their places on the page, the same on every page. Cases come from the library.

Not here: statistics, rules for sentences and their wording (``crossroads.profiles`` and the notebook).
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.smartquotes import smartyPants
from sphinx.util.docutils import SphinxDirective

from crossroads.numbers import source_line
from press.areas import Areas
from press.errors import BookError
from press.page import numbering, reading
from press.page.directives import ExhibitDirective, analysis_link, exhibit_link, link, place, record_use, row, unknown
from press.published import folder_of, write_if_changed
from press.session import memory, session
from press.takeaway.content import ON_SLIDE
from press.web.search import Entry, address_of
from report.cases.library import KEY
from report.cases.page import case_link, paragraph, section
from report.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from sphinx.application import Sphinx

PAGES = "book/countries/"
COLLECTION = "countries"
EXHIBITS = "exhibits of "  # by which a page notes that it lists those in which a country stands
ALL = "country-profiles.csv"
STRIP_WIDTH, STRIP_EDGE = 150, 5
STRIP = (
    "Under each name: the country as a large dot with its interval, the other members as small dots, the OECD average as a"
    " line. Higher values stand on the right, whether more is better or worse."
)
COUNTED = ("No case", "One case", "Two cases", "Three cases", "Four cases", "Five cases", "Six cases", "Seven cases",
           "Eight cases", "Nine cases", "Ten cases", "Eleven cases", "Twelve cases")  # fmt: skip


def members(app: Sphinx) -> dict[str, dict[str, str]]:
    """Return code and entry of each member of the OECD, by name.

    Parameters
    ----------
    app : sphinx.application.Sphinx

    Returns
    -------
    dict of str to dict
    """
    areas = shelf(app).library.lists.get("areas", {})
    found = {code: area for code, area in areas.items() if area["oecd_since"]}
    return dict(sorted(found.items(), key=lambda entry: entry[1]["name"]))


def offer(app: Sphinx) -> None:
    """Let readers choose each country that an exhibit is about, once for all pages."""
    known = shelf(app).library.lists.get("areas", {})
    if not known:
        return  # a book without cases has no pages of countries
    published = session(app).published
    codes = {key: _codes(published.digests[f"exhibit:{key}"], metadata) for key, metadata in published.exhibits.items()}
    shown = {known.get(code, {}).get("country") or code for found in codes.values() for code in found}
    names = {code: known[code]["name"] for code in shown if known.get(code, {}).get("area_type") == "country"}
    session(app).areas = areas = Areas(
        label="My country",
        compare="Compare and share",
        many="countries",
        parts="regions",
        names=dict(sorted(names.items(), key=lambda entry: entry[1])),
        pages={code: f"{PAGES}{code.lower()}" for code in members(app)},
        within={code: area["country"] for code, area in known.items() if area["country"]},
    )
    exhibits = sorted(published.exhibits.items())
    about = {key: set(map(areas.of, codes[key])) for key, metadata in exhibits if not metadata.get("collection")}
    for code in members(app):
        stands = [key for key, found in about.items() if code in found]
        shelf(app).exhibits[code] = stands
        published.digests[EXHIBITS + code] = hashlib.sha256(repr(stands).encode()).hexdigest()


_known: dict[str, frozenset[str]] = {}  # by digest of an exhibit


def _codes(digest: str, metadata: dict[str, Any]) -> frozenset[str]:
    """Return the areas that the rows of an exhibit are about, read once for each state of it: a preview asks after each saving."""
    if digest not in _known:
        _known[digest] = frozenset(reading.read(metadata).areas)
    return _known[digest]


def country_link(code: str, area: dict[str, str]) -> nodes.Node:
    """Return a link to the page of a country."""
    return link(f"country-{code.lower()}", nodes.inline("", area["name"]))


def findable(app: Sphinx) -> Iterator[Entry]:
    """Yield the countries for the search, which are looked for by code, too."""
    # A book without cases has no pages of countries.
    for code, area in members(app).items() if shelf(app).library.cases else ():
        address = address_of(app, f"country-{code.lower()}").partition("#")[0]
        if address:
            yield Entry(
                "Country",
                area["name"],
                address,
                "Profile: where the country stands, how it moved, its cases",
                code,
                weight=1.3,
            )


def country_list(countries: dict[str, dict[str, str]]) -> nodes.bullet_list:
    """Return links to the pages of countries as a list, which stands in columns."""
    items = [nodes.list_item("", paragraph(country_link(code, area))) for code, area in countries.items()]
    return nodes.bullet_list("", *items, classes=["country-list"])


class CountryDirective(ExhibitDirective):
    """```{country} code```: the page of a country."""

    def run(self) -> list[nodes.Node]:
        """Return the page as one section, its parts in the same order for every country."""
        code = self.arguments[0]
        countries = members(self.env.app)
        if code not in countries:
            raise BookError(f"{code!r} is no member of the OECD; expected one of {', '.join(countries)}", place(self))
        # The cases of a country may change, too.
        record_use(self.env, KEY)
        stem, name = f"country-{code.lower()}", countries[code]["name"]
        told = self._sentences(f"{stem}-sentences")
        page = nodes.section("", nodes.title(name, name), classes=["country"], names=[stem], one_page=True)
        self.state.document.note_explicit_target(page, page)
        page += [self._about(text, code, countries) for text in told["about"]]
        page += self._brief(name)
        page += [
            self._list("Strengths", f"{stem}-strengths", told["strength"]),
            self._list("Questions to look into", f"{stem}-questions", told["question"]),
            section(
                "Where the country stands", f"{stem}-stands", *map(paragraph, told["practice"]), *self._standing(stem)
            ),
            self._overleaf(
                "How it moved",
                f"{stem}-moved",
                *map(paragraph, [" ".join(told["trend"])]),
                *self._trends(stem),
            ),
            self._list("Regions", f"{stem}-regions", told["region"]),
            self._half(
                "Not tested, not available", f"{stem}-untested", *map(paragraph, told["position"] + told["missing"])
            ),
            section("Cases of the library", f"{stem}-cases", self._cases(code)),
            *self._exhibits(code, f"{stem}-exhibits"),
        ]
        return [page]

    @staticmethod
    def _about(text, code, countries):
        """Return a sentence with the names of other countries as links to their pages."""
        others = {area["name"]: (other, area) for other, area in countries.items() if other != code}
        if not others:
            return paragraph(text, classes=["country-about"])
        names = sorted(others, key=len, reverse=True)
        parts = re.split(rf"\b({'|'.join(map(re.escape, names))})\b", text)
        made = [country_link(*others[part]) if place % 2 else part for place, part in enumerate(parts)]
        return paragraph(*made, classes=["country-about"])

    def _sentences(self, identifier):
        """Return the published sentences by kind, and record that this page shows them."""
        metadata = session(self.env.app).published.statements.get(identifier)
        if metadata is None:
            raise BookError(unknown("statements", identifier, session(self.env.app).published.statements), place(self))
        record_use(self.env, f"statements:{identifier}")
        told: dict[str, list[str]] = {
            kind: [] for kind in ("about", "strength", "question", "trend", "practice", "position", "missing", "region")
        }
        for sentence in metadata["sentences"]:
            told[sentence["kind"]].append(sentence["text"])
        return told

    def _standing(self, stem):
        """Return the table; print names the sources once, where it says how to read a profile."""
        shown = self.show(f"{stem}-indicators")
        self._source_elsewhere(shown, "see How to read a profile.")
        (rows,) = shown[0].findall(nodes.tbody)
        standings = read_standings(self.env.app)
        code = stem.rpartition("-")[2].upper()
        for line, indicator in zip(rows.children, standings[code], strict=True):
            strip = dot_strip(code, {area: rows_of[indicator] for area, rows_of in standings.items()})
            line.children[0] += nodes.raw("", strip, format="html", classes=["only-web"])
        return [paragraph(STRIP, classes=["strip-key", "only-web"]), *shown]

    def _trends(self, identifier):
        """Return the figure; print names its sources with the table above it, which holds all of them."""
        table, figure = (
            session(self.env.app).published.exhibits[f"{identifier}-{part}"] for part in ("indicators", "trends")
        )
        shown = self.show(f"{identifier}-trends")
        if set(figure["indicators"]) <= set(table["indicators"]):
            self._source_elsewhere(shown, "as for the table above.")
        return shown

    @staticmethod
    def _source_elsewhere(shown, where):
        """Leave the source line of an exhibit to the web, and say in print where it stands."""
        (source,) = (node for node in shown[0].findall(nodes.paragraph) if "exhibit-source" in node["classes"])
        source["classes"].append("only-web")
        same = paragraph(nodes.strong("", "Source: "), where, classes=["only-print"])
        around, place = source.parent, source.parent.index(source)
        fold = "<details><summary>Sources</summary>", "</details>"
        # Without a class, which would put each tag into an element of its own.
        opened, closed = (nodes.raw("", tag, format="html") for tag in fold)
        around[place : place + 1] = [same, opened, source, closed]

    @staticmethod
    def _half(title, identifier, *content):
        """Return a section that takes half of the width where there is room."""
        made = section(title, identifier, *content)
        made["classes"].append("half")
        return made

    def _brief(self, name):
        """Lead to the two pages of a country as a PDF of their own."""
        if "briefs" not in self.config.typst_briefs:
            return []
        file = f"{'../' * self.env.docname.count('/')}briefs/{self.env.docname.rpartition('/')[2]}.pdf"
        told = f'<p class="case-downloads">Download: <a href="{file}" download>{html.escape(name)} on two pages (PDF)</a></p>'
        return [nodes.raw("", told, format="html")]

    @staticmethod
    def _overleaf(title, identifier, *content):
        """Return a section that begins the second page of a profile in print."""
        made = section(title, identifier, *content)
        made["classes"].append("overleaf")
        return made

    def _list(self, title, identifier, texts):
        items = nodes.bullet_list("", *[nodes.list_item("", paragraph(text)) for text in texts])
        made = self._half(title, identifier, items)
        made["classes"].append(ON_SLIDE)
        return made

    def _exhibits(self, code, identifier):
        """Lead to each exhibit in which a country stands; on the web alone, where a link saves a search."""
        record_use(self.env, EXHIBITS + code)
        exhibits, listed = session(self.env.app).published.exhibits, nodes.bullet_list()
        for key in shelf(self.env.app).exhibits[code]:
            listed += nodes.list_item("", paragraph(exhibit_link(exhibits[key])), exhibit=key)
        made = section("In the chapters and annexes", identifier)
        made += nodes.container("", listed, classes=["country-exhibits"])
        made["classes"].append("only-web")
        return [made] if len(listed) else []

    def _cases(self, code):
        """Name the cases of a country, or say that there is none."""
        library = shelf(self.env.app).library
        found = [identifier for identifier, case in library.cases.items() if case["place"]["country"] == code]
        if not found:
            return paragraph("No case of the library is from this country.")
        found.sort(key=lambda identifier: library.cases[identifier]["name"].casefold())
        number = COUNTED[len(found)] if len(found) < len(COUNTED) else f"{len(found)} cases"
        made = [f"{number} of the library {'is' if len(found) == 1 else 'are'} from this country: "]
        for identifier in found:
            made += [case_link(library, identifier), "; "]
        return paragraph(*made[:-1], ".")


class CountryIndexDirective(SphinxDirective):
    """```{country-index}```: all countries, as tiles and as a list."""

    def run(self) -> list[nodes.Node]:
        """Return the grid (web only), the list, and the download of all profiles."""
        countries = members(self.env.app)
        record_use(self.env, KEY)
        root = "../" * self.env.docname.count("/")
        download = (
            f'<p class="case-downloads">Download: <a href="{root}countries/{ALL}" download>All profiles (CSV)</a>'
            "The page of each country has its own files.</p>"
        )
        made = [
            nodes.raw("", tile_grid(countries), format="html"),
            country_list(countries),
            nodes.raw("", download, format="html"),
        ]
        return [nodes.container("", *made, classes=["country-index"])]


class CountryLinksDirective(SphinxDirective):
    """```{country-links}```: all countries as a list of links."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        record_use(self.env, KEY)
        made = country_list(members(self.env.app))
        made["classes"].append("country-links")
        return [made]


class CountrySourcesDirective(SphinxDirective):
    """```{country-sources}```: the sources of the tables of all profiles, which are the same for every country."""

    def run(self) -> list[nodes.Node]:
        """Return the paragraph."""
        stem = f"country-{next(iter(members(self.env.app))).lower()}-indicators"
        record_use(self.env, f"exhibit:{stem}")
        metadata = session(self.env.app).published.exhibits[stem]
        return [paragraph(nodes.strong("", "Sources: "), f"{source_line(metadata)}.", classes=["country-sources"])]


class CountryExhibitsDirective(SphinxDirective):
    """```{country-exhibits}```: what the profiles show, one line a country."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        record_use(self.env, "registry")
        content = session(self.env.app).published
        columns = [
            {"label": label, "numeric": label == "Sentences"}
            for label in ("Country", "Table", "Figure", "Sentences", "Analysis")
        ]
        body = nodes.tbody()
        for code, area in members(self.env.app).items():
            stem = f"country-{code.lower()}"
            if f"{stem}-indicators" not in content.exhibits:
                raise BookError(f"{area['name']} has no profile; notebooks/country_profiles.py makes one a member")
            table, trends = (content.exhibits[f"{stem}-{part}"] for part in ("indicators", "trends"))
            sentences = str(len(content.statements[f"{stem}-sentences"]["sentences"]))
            cells = [
                country_link(code, area),
                exhibit_link(table),
                exhibit_link(trends),
                sentences,
                analysis_link(table),
            ]
            body += row(cells, columns)
        group = nodes.tgroup("", *[nodes.colspec(colwidth=width) for width in (14, 34, 30, 8, 14)], cols=5)
        group += nodes.thead("", row([column["label"] for column in columns], columns))
        group += body
        return [nodes.table("", group, classes=["registry"])]


def read_standings(app: Sphinx) -> dict[str, dict[str, dict[str, str]]]:
    """Return what the table of each country holds, by country and indicator, in the order of the table."""
    if not shelf(app).standings:
        for identifier, metadata in sorted(session(app).published.exhibits.items()):
            if metadata.get("collection") == COLLECTION and metadata["kind"] == "table":
                with (metadata["folder"] / f"{identifier}.csv").open(encoding="utf-8", newline="") as lines:
                    rows = {row["indicator"]: row for row in csv.DictReader(lines)}
                shelf(app).standings[identifier.split("-")[1].upper()] = rows
    return shelf(app).standings


def dot_strip(code: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    """Draw where a country stands on one indicator: among the others, beside the average, with its interval.

    Parameters
    ----------
    code : str
        The country.
    rows : mapping of str to mapping
        By country, the row of its table: ``obs_value, rank, lower, upper, average, side``, empty where not known.

    Returns
    -------
    str
        An SVG element that says nothing that the row of the table does not say, and so is hidden from readers of screens.
        Empty where the country has no value, or one that is not compared.
    """
    own = rows[code]
    # A value that is told and not compared has no rank, and no dot among the others.
    values = {area: float(row["obs_value"]) for area, row in rows.items() if row["obs_value"] and row["rank"]}
    if code not in values:
        return ""
    ends = [float(own[name]) for name in ("lower", "upper") if own[name]]
    average = float(own["average"]) if own["average"] else None
    shown = [*values.values(), *ends, *([average] if average is not None else [])]
    low, spread = min(shown), (max(shown) - min(shown)) or 1

    def at(value: float) -> str:
        return f"{STRIP_EDGE + (STRIP_WIDTH - 2 * STRIP_EDGE) * (value - low) / spread:.1f}"

    # A line without length and with round ends is a dot: one path holds all of them.
    others = "".join(f"M{at(value)} 8h0" for area, value in sorted(values.items()) if area != code)
    parts = [f'<path class="strip-others" d="{others}"/>']
    if average is not None:
        parts.append(f'<path class="strip-average" d="M{at(average)} 1v14"/>')
    if ends:
        parts.append(f'<path class="strip-interval" d="M{at(ends[0])} 8H{at(ends[1])}"/>')
    parts.append(f'<circle class="strip-own" cx="{at(values[code])}" cy="8" r="4"/>')
    kind = f"dot-strip {own['side']}".strip()
    return f'<svg class="{kind}" aria-hidden="true" viewBox="0 0 {STRIP_WIDTH} 16">{"".join(parts)}</svg>'


def tile_grid(countries: dict[str, dict[str, str]]) -> str:
    """Draw the grid of countries, each tile a link; readers of screens have the list below it."""
    size, gap = 44, 4
    shapes = []
    for code, area in countries.items():
        x, y = (int(float(area[name])) * (size + gap) for name in ("tile_column", "tile_row"))
        shapes.append(
            f'<a href="countries/{code.lower()}.html" tabindex="-1"><title>{html.escape(area["name"])}</title>'
            f'<rect class="tile" x="{x}" y="{y}" width="{size}" height="{size}" rx="3"/>'
            f'<text x="{x + size / 2:g}" y="{y + size / 2 + 5:g}">{html.escape(code)}</text></a>'
        )
    width, height = (
        max(int(float(area[name])) for area in countries.values()) * (size + gap) + size
        for name in ("tile_column", "tile_row")
    )
    return f'<svg class="country-grid" aria-hidden="true" viewBox="0 0 {width} {height}">{"".join(shapes)}</svg>'


def write_download(app: Sphinx) -> None:
    """Write the tables of all profiles as one file, before any page is read."""
    published = session(app).published
    tables = [
        (identifier, metadata["folder"] / f"{identifier}.csv", published.digests[f"exhibit:{identifier}"])
        for identifier, metadata in sorted(published.exhibits.items())
        if metadata.get("collection") == COLLECTION and metadata["kind"] == "table"
    ]
    if tables:
        write_if_changed(folder_of(app) / "countries" / ALL, _together(tuple(tables)))


@lru_cache(maxsize=1)
def _together(tables: tuple[tuple[str, Path, str], ...]) -> bytes:
    """Write tables of profiles one below the other, once for each state of them."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for identifier, path, _ in tables:
        with path.open(encoding="utf-8", newline="") as table:
            head, *rows = csv.reader(table)
        if not lines.tell():
            writer.writerow(["ref_area", *head])
        writer.writerows([identifier.split("-")[1].upper(), *cells] for cells in rows)
    return lines.getvalue().encode()


def group_exhibits(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Bring the exhibits in which a country stands into the order of the book, under the titles of their chapters.

    Their own titles are filled in here, so that a page is not read anew for each: it is written anew, since it refers to them.
    """
    for container in doctree.findall(nodes.container):
        if "country-exhibits" not in container["classes"]:
            continue
        numbers, homes = numbering.order(app.env), memory(app.env).homes
        items = sorted(container[0].children, key=lambda item: numbers[item["exhibit"]])
        for item in items:
            title = session(app).published.exhibits[item["exhibit"]]["title"]
            # Sphinx makes quotation marks of typewriters those of printers when it reads a page, which is past.
            item[0] += nodes.Text(f": {smartyPants(title, app.config.smartquotes_action)}")
        container.clear()
        for home, grouped in groupby(items, key=lambda item: homes[item["exhibit"]][0]):
            number = app.env.toc_secnumbers[home][""][0]
            title = nodes.strong("", f"{number}. {app.env.titles[home].astext()}")
            container += [paragraph(title), nodes.bullet_list("", *grouped)]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("country", CountryDirective)
    app.add_directive("country-index", CountryIndexDirective)
    app.add_directive("country-links", CountryLinksDirective)
    app.add_directive("country-sources", CountrySourcesDirective)
    app.add_directive("country-exhibits", CountryExhibitsDirective)
    app.add_css_file("countries.css")
