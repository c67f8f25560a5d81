"""Slides: a PowerPoint file of a page, one slide an exhibit, its title the message.

The template is made here and not kept as a file: three layouts on one master, 16:9, in the house style. Charts are native
wherever ``press.takeaway.plots`` knows what they plot, so that who holds a talk can edit them; other figures are pictures
with their alternative text, tables are tables. Everything else that a speaker may be asked stands in the notes.

Every slide has a title of its own in the placeholder for titles, what stands on it comes in reading order, no text is smaller
than :data:`SMALLEST` points but for what is within pictures, and each text names its language.

Not here: what goes along with an exhibit (``press.takeaway.content``).
"""

from __future__ import annotations

import copy
import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.packuri import PackURI
from pptx.parts.chart import ChartPart
from pptx.util import Emu, Inches, Pt

from press.page import reading
from press.takeaway import plots
from press.takeaway.look import CREATED, INK, MUTED, NAVY, PALETTE, PAPER, TEAL
from press.web.pictures import measure

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide

    from press.takeaway.content import Exhibit, Page

WIDTH, HEIGHT = 13.333, 7.5  # inches
MARGIN = 0.6
FULL = WIDTH - 2 * MARGIN
SMALLEST = 12
TITLE, SUBTITLE, BODY = 26, 15, 16
TOP, FOOT_LINE = 0.35, 7.0  # where titles begin and the last line stands, inches
# Above so many characters a source line names publishers alone; the notes have it whole.
LONG_SOURCE = 330
# A picture that is higher than this share of its width has the left side of a slide for its words.
TALL = 0.62
# So many slides has a table at most; what is left over is in the workbook.
MOST_PARTS = 4
FONT = plots.FONT
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class About:
    """What all slides of a book share.

    Attributes
    ----------
    book, edition, licence, cited, address, language : str
    authors : tuple of str
    """

    book: str
    edition: str
    licence: str
    cited: str
    address: str
    language: str
    authors: tuple[str, ...]

    @property
    def line(self) -> str:
        """What stands at the foot of each slide."""
        edition = self.edition if self.edition.lower().startswith("edition") else f"Edition {self.edition}"
        return " · ".join(filter(None, [self.book, edition, self.licence]))


def make(page: Page, about: About) -> bytes:
    """Make the slides of a page.

    Parameters
    ----------
    page : press.takeaway.content.Page
    about : About

    Returns
    -------
    bytes
        The content of a ``.pptx`` file, the same for the same page.
    """
    deck = _template(about, page)
    slides = _Slides(deck, about)
    slides.open(page)
    for title, entries in page.lists:
        slides.text(title, entries)
    for exhibit in page.exhibits:
        slides.exhibit(exhibit)
    slides.close(page)
    buffer = io.BytesIO()
    deck.save(buffer)
    return stable(buffer.getvalue())


def stable(package: bytes) -> bytes:
    """Return a package with its parts in order and the date that all files bear."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, CREATED.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, old.read(name))
    return made.getvalue()


# -- how much room text takes ------------------------------------------------------------------------------


def lines_of(text: str, size: float, width: float) -> int:
    """Return about how many lines a text takes, on the safe side.

    Parameters
    ----------
    text : str
    size : float
        In points.
    width : float
        In inches.

    Returns
    -------
    int
    """
    # A letter of Arial is about half as wide as it is high; lines end at words.
    room = max(1, int(width * 72 / (size * 0.52)))
    return sum(max(1, math.ceil(len(line) / room)) for line in text.split("\n"))


def height_of(texts: Sequence[str], size: float, width: float, space: float = 0.0) -> float:
    """Return about how high paragraphs are, in inches; ``space`` is that after each, in points."""
    return sum(lines_of(text, size, width) * size * 1.2 + space for text in texts) / 72


# -- the slides --------------------------------------------------------------------------------------------


class _Slides:
    """Adds slides to a deck, each with a title that no other has."""

    def __init__(self, deck: Deck, about: About) -> None:
        self.cells: dict[tuple[bool, bool], Any] = {}  # of tables, one of each kind
        self.deck, self.about, self.titles = deck, about, set[str]()
        self.layouts = {layout.name: layout for layout in deck.slide_layouts}

    def add(self, layout: str, title: str) -> Slide:
        slide = self.deck.slides.add_slide(self.layouts[layout])
        unique, number = title, 2
        while unique in self.titles:
            unique, number = f"{title} ({number})", number + 1
        self.titles.add(unique)
        holder: Any = slide.shapes.title
        holder.text_frame.text = unique
        return slide

    def open(self, page: Page) -> None:
        """Begin with the page's title, its answer, and what it is a part of."""
        part = f"{page.part}: " if page.part else ""
        slide = self.add("Title", f"{part}{page.title}")
        about = self.about
        self.fill(slide, 1, [page.abstract] if page.abstract else [about.book])
        self.fill(slide, 2, [about.line, ", ".join(about.authors), page.address])
        self.finish(slide, [f"Text, data and code: {page.address}" if page.address else "", f"Cite as: {about.cited}"])

    def text(self, title: str, entries: list[str]) -> None:
        """Add a list, on as many slides as it needs."""
        room = FOOT_LINE - 1.55
        parts: list[list[str]] = [[]]
        for entry in entries:
            if parts[-1] and height_of([*parts[-1], entry], BODY, FULL - 0.4, 8) > room:
                parts.append([])
            parts[-1].append(entry)
        for number, part in enumerate(parts, start=1):
            slide = self.add("Text", title if len(parts) == 1 else f"{title} ({number} of {len(parts)})")
            self.fill(slide, 1, part)
            self.finish(slide, [])

    def close(self, page: Page) -> None:
        """End with how to cite and reuse, and with what publishers ask to be said."""
        about = self.about
        notices = dict.fromkeys(filter(None, (exhibit.notice for exhibit in page.exhibits)))
        entries = [
            f"Cite as: {about.cited}",
            f"Licence: {about.licence}",
            "Charts can be edited: choose one, then Edit data. Sources, caveats and citations of each stand in the notes.",
            *notices,
        ]
        self.text("About these slides", [entry for entry in entries if entry])

    def exhibit(self, exhibit: Exhibit) -> None:
        """Add an exhibit: as a native chart, a table or a picture; of a figure without one, the table behind it."""
        metadata = exhibit.metadata
        plot = plots.read(metadata)
        path = metadata["folder"] / f"{metadata['id']}.png"
        if metadata["kind"] == "table":
            self._tables(exhibit, list(metadata["columns"].values()), metadata["rows"])
        elif plot is not None:
            self._chart(exhibit, plot)
        elif path.exists():
            self._picture(exhibit, path)
        else:
            behind = reading.read(metadata)
            self._tables(exhibit, behind.columns, behind.rows)

    def _chart(self, exhibit, plot):
        slide, top, foot = self._frame(exhibit)
        drawing, workbook = plots.embedded(plot, SMALLEST, self.about.language)
        part = ChartPart.load(
            PackURI(f"/ppt/charts/chart{len(self.deck.slides)}.xml"),
            CONTENT_TYPE.DML_CHART,
            slide.part.package,
            drawing,
        )
        part.chart_workbook.update_from_xlsx_blob(workbook)
        identifier = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        place = [Inches(number) for number in (MARGIN, top, FULL, foot - top - 0.1)]
        frame = slide.shapes._add_chart_graphicFrame(identifier, *place)
        _name(frame, exhibit.part, exhibit.metadata["alt"])
        self._foot(slide, exhibit, foot)

    def _picture(self, exhibit, path):
        width, height = measure(path, path.stat().st_mtime_ns) or (4, 3)
        tall = height / width > TALL
        slide, top, foot = self._frame(exhibit, beside=tall)
        room = (WIDTH - MARGIN - 5.2, FOOT_LINE - 0.45) if tall else (FULL, foot - top - 0.1)
        scale = min(room[0] / width, room[1] / height)
        left = 5.2 + (room[0] - width * scale) / 2 if tall else MARGIN + (room[0] - width * scale) / 2
        start = 0.35 if tall else top
        shape = slide.shapes.add_picture(str(path), *map(Inches, (left, start, width * scale, height * scale)))
        _name(shape._element, exhibit.part, exhibit.metadata["alt"])
        self._foot(slide, exhibit, foot, beside=tall)

    def _tables(self, exhibit, columns, rows):
        """Lay a table on as many slides as it needs, at most :data:`MOST_PARTS`."""
        heads = [column["label"] for column in columns]
        widths = _column_widths(heads, rows)
        _, top, foot = self._room(exhibit, more=" (1 of 4)")
        parts = _pages_of(heads, rows, widths, foot - top - 0.1)
        left_over = sum(map(len, parts[MOST_PARTS:]))
        parts = parts[:MOST_PARTS]
        for number, part in enumerate(parts, start=1):
            more = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
            slide, top, foot = self._frame(exhibit, more)
            shape = slide.shapes.add_table(
                len(part) + 1,
                len(heads),
                Inches(MARGIN),
                Inches(top),
                Inches(sum(widths)),
                Inches(0.3 * (len(part) + 1)),
            )
            table = shape.table
            table.first_row = table.horz_banding = True
            # Asked to do it, the library adds up all rows after each of them.
            for place, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
                place.w = Inches(width)
            for row, cells in zip(table.rows, [heads, *part], strict=True):
                row._tr.h = Inches(0.28)
                for cell, text, column in zip(row.cells, cells, columns, strict=True):
                    self._cell(cell, text, column["numeric"], head=cells is heads)
            table.notify_width_changed()
            table.notify_height_changed()
            _name(shape._element, exhibit.part, exhibit.metadata["alt"] or exhibit.metadata["title"])
            rest = f"{left_over} more rows are in the workbook. " if left_over and number == len(parts) else ""
            self._foot(slide, exhibit, foot, rest)

    def _cell(self, cell, text, numeric, *, head):
        """Write a cell: as a copy of the first of its kind, which takes a tenth of the time, unless it is empty or has lines."""
        kind, plain = (numeric, head), text.isprintable() and text
        if plain and kind in self.cells:
            made = copy.deepcopy(self.cells[kind])
            made.find(f".//{{{A}}}t").text = text
            cell._tc.getparent().replace(cell._tc, made)
            return
        if plain:
            self.cells[kind] = cell._tc
        cell.margin_left = cell.margin_right = Inches(0.06)
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.text = text
        if numeric:
            paragraph._p.get_or_add_pPr().set("algn", "r")
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(SMALLEST), head

    def _room(self, exhibit, beside=False, more=""):
        """Return the width of the words of a slide, where what is shown begins, and where the words beneath begin."""
        width = 4.3 if beside else FULL
        title = height_of([exhibit.metadata["title"] + more], TITLE, width)
        subtitle = height_of([exhibit.metadata["subtitle"]], SUBTITLE, width)
        foot = height_of(self._words(exhibit), SMALLEST, width, 3)
        top = TOP + title + subtitle + 0.3
        return width, top, max(FOOT_LINE - foot - 0.1, top if beside else 3.6)

    def _frame(self, exhibit, more="", beside=False):
        """Add a slide with title and subtitle; returns it with both ends of the room that they leave."""
        slide = self.add("Exhibit", exhibit.metadata["title"] + more)
        width, top, foot = self._room(exhibit, beside, more)
        title = height_of([exhibit.metadata["title"] + more], TITLE, width)
        _put(slide.shapes.title, MARGIN, TOP, width, title + 0.08)
        subtitle = slide.placeholders[1]
        _put(subtitle, MARGIN, TOP + title + 0.1, width, top - TOP - title - 0.15)
        self.fill(slide, 1, [exhibit.metadata["subtitle"]])
        return slide, top, foot

    def _words(self, exhibit, before=""):
        metadata, source = exhibit.metadata, exhibit.source
        if len(source) > LONG_SOURCE:
            publishers = dict.fromkeys(one["publisher"] for one in metadata["sources"])
            source = f"{'; '.join(publishers)}. Data sets and editions: in the notes of this slide"
        number = f"{exhibit.part}. " if exhibit.numbered else ""
        note = f"Note: {metadata['note']}" if metadata["note"] else ""
        first = f"{number}{before}{note}".strip()
        return [text for text in (first, f"Source: {source}.") if text]

    def _foot(self, slide, exhibit, foot, before="", beside=False):
        """Write number, note and source beneath what is shown, and all else into the notes."""
        shape = slide.placeholders[2]
        _put(shape, MARGIN, foot, 4.3 if beside else FULL, FOOT_LINE - foot - 0.02)
        self.fill(slide, 2, self._words(exhibit, before))
        # Last in reading order, behind what it is about.
        slide.shapes._spTree.append(shape._element)
        metadata = exhibit.metadata
        self.finish(slide, [
            *exhibit.told,
            f"What it shows: {metadata['alt']}" if metadata["alt"] else "",
            f"Note: {metadata['note']}" if metadata["note"] else "",
            f"What it does not show: {metadata['limits']}" if metadata["limits"] else "",
            f"Source: {exhibit.source}.",
            exhibit.licence, exhibit.notice, f"Cite as: {exhibit.cited}",
            f"Data, code and citation: {exhibit.address}" if exhibit.address else
            f"Data, code and citation: exhibits/{metadata['id']} in the web edition.",
        ])  # fmt: skip

    @staticmethod
    def fill(slide: Slide, index: int, texts: Sequence[str]) -> None:
        """Write paragraphs into a placeholder; one without any is taken away."""
        shape, texts = slide.placeholders[index], [text for text in texts if text]
        if not texts:
            shape._element.getparent().remove(shape._element)
            return
        shape.text_frame.text = texts[0]
        for text in texts[1:]:
            shape.text_frame.add_paragraph().text = text

    def finish(self, slide: Slide, notes: Sequence[str]) -> None:
        """Add the foot line, number and notes of a slide, and say in which language its texts are."""
        layout: Any = slide.slide_layout
        for holder in layout.placeholders:
            if holder.placeholder_format.idx in (11, 12):
                element = copy.deepcopy(holder._element)
                slide.shapes._spTree.append(element)
                place = element.find(f".//{{{A}}}xfrm")
                if place is not None:
                    place.getparent().remove(place)
        for number, element in enumerate(slide.shapes._spTree.iter(f"{{{P}}}cNvPr"), start=1):
            element.set("id", str(number))
        if any(notes):
            notes_frame: Any = slide.notes_slide.notes_text_frame
            notes_frame.text = "\n".join(text for text in notes if text)
            _speak(slide.notes_slide._element, self.about.language)
        _speak(slide._element, self.about.language)


def _name(element: Any, name: str, alternative: str) -> None:
    """Name a shape and give it its alternative text."""
    told = element.xpath(".//p:cNvPr")[0]
    told.set("name", name)
    told.set("descr", alternative)


def _speak(element: Any, language: str) -> None:
    """Say in which language the texts of a slide are."""
    for run in [*element.iter(f"{{{A}}}r"), *element.iter(f"{{{A}}}fld")]:
        properties = run.find(f"{{{A}}}rPr")
        if properties is None:
            properties = etree.SubElement(run, f"{{{A}}}rPr")
            run.insert(0, properties)
        properties.set("lang", language)


def _put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Inches, (left, top, width, max(height, 0.2)))


def _column_widths(heads: list[str], rows: list[list[str]]) -> list[float]:
    """Share the width of a slide among columns by what stands in them; none is narrower than its longest word."""
    wanted = []
    for column, head in enumerate(heads):
        cells = [head, *(row[column] for row in rows)]
        word = max((len(word) for cell in cells for word in cell.split()), default=1)
        mean = sum(map(len, cells)) / len(cells)
        wanted.append((word, max(word, min(max(map(len, cells)), mean * 1.6, 60))))
    letter = SMALLEST * 0.56 / 72
    least = [word * letter + 0.16 for word, _ in wanted]
    spare = max(FULL - sum(least), 0.0)
    more = [length - word for word, length in wanted]
    total = sum(more) or 1
    widths = [low + min(spare * extra / total, extra * letter) for low, extra in zip(least, more, strict=True)]
    return [width * min(1.0, FULL / sum(widths)) for width in widths]


def _pages_of(heads: list[str], rows: list[list[str]], widths: list[float], room: float) -> list[list[list[str]]]:
    """Divide the rows of a table so that each part fits."""

    def high(cells: list[str]) -> float:
        lines = max(lines_of(text, SMALLEST, width - 0.12) for text, width in zip(cells, widths, strict=True))
        return lines * SMALLEST * 1.2 / 72 + 0.05

    parts: list[list[list[str]]] = [[]]
    used = head = high(heads)
    for row in rows:
        if parts[-1] and used + high(row) > room:
            parts.append([])
            used = head
        parts[-1].append(row)
        used += high(row)
    # About as many rows on each, where that fits, too: a last slide with one row looks lost.
    share = -(-len(rows) // len(parts))
    even = [rows[first : first + share] for first in range(0, len(rows), share)]
    return even if all(head + sum(map(high, part)) <= room for part in even) else parts


# -- the template ------------------------------------------------------------------------------------------


def _template(about: About, page: Page) -> Deck:
    """Return an empty deck with the layouts of the house."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _dress_theme(deck)
    for layout in list(deck.slide_layouts)[3:]:
        deck.slide_layouts.remove(layout)
    _dress_master(deck, about)
    for layout, (name, shapes) in zip(deck.slide_layouts, _layouts(about).items(), strict=True):
        layout.name = name
        tree = layout.shapes._spTree
        for element in list(tree)[2:]:
            tree.remove(element)
        for element in shapes:
            tree.append(element)
        layout._element.attrib.pop("type", None)
    core = deck.core_properties
    core.title = f"{page.part}: {page.title}" if page.part else page.title
    core.author, core.last_modified_by = ", ".join(about.authors), ", ".join(about.authors)
    core.subject, core.language, core.comments, core.keywords = about.book, about.language, about.licence, ""
    core.created = core.modified = core.last_printed = CREATED
    core.revision = 1
    for identifier, relation in list(deck.part.package._rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            deck.part.package._rels.pop(identifier)
    return deck


def _dress_theme(deck: Deck) -> None:
    """Put the colours and the font of the house into the theme, so that what users add has them, too."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", "House style")
    scheme = theme.find(f".//{{{A}}}clrScheme")
    colours = {"dk1": INK, "lt1": PAPER, "dk2": NAVY, "lt2": "#EDF1F4", "hlink": NAVY, "folHlink": PALETTE[2]}
    colours |= {f"accent{i}": colour for i, colour in enumerate(PALETTE, start=1)}
    for name, colour in colours.items():
        entry = scheme.find(f"{{{A}}}{name}")
        for child in list(entry):
            entry.remove(child)
        etree.SubElement(entry, f"{{{A}}}srgbClr", val=colour[1:])
    for latin in theme.iterfind(f".//{{{A}}}fontScheme/*/{{{A}}}latin"):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _dress_master(deck: Deck, about: About) -> None:
    """Set the titles and texts of the master in the house style, and lay its placeholders."""
    master = deck.slide_master
    tree = master.shapes._spTree
    for element in list(tree)[2:]:
        tree.remove(element)
    body = [(TOP + 1.2, BODY)]
    for element in [
        _rule(),
        _holder("title", 0, "Title", (MARGIN, TOP, FULL, 0.9), "Title"),
        _holder("body", 1, "Text", (MARGIN, body[0][0], FULL, FOOT_LINE - body[0][0] - 0.1), "Text"),
        _holder("ftr", 3, "Footer", (MARGIN, FOOT_LINE, FULL - 1.0, 0.32), about.line),
        _holder("sldNum", 4, "Slide number", (WIDTH - MARGIN - 0.9, FOOT_LINE, 0.9, 0.32), "‹#›"),
    ]:
        tree.append(element)
    styles = master._element.find(f"{{{P}}}txStyles")
    for element in list(styles):
        styles.remove(element)
    styles.append(_style("titleStyle", TITLE, NAVY, bold=True))
    styles.append(_style("bodyStyle", BODY, INK))
    styles.append(_style("otherStyle", SMALLEST, INK))


def _layouts(about: About) -> dict[str, list[Any]]:
    """Return the shapes of each layout by its name."""
    low = (
        _holder("ftr", 11, "Footer", (MARGIN, FOOT_LINE, FULL - 1.0, 0.32), about.line, SMALLEST, MUTED),
        _holder("sldNum", 12, "Slide number", (WIDTH - MARGIN - 0.9, FOOT_LINE, 0.9, 0.32), "‹#›", SMALLEST, MUTED, "r"),
    )  # fmt: skip
    title = (MARGIN, TOP, FULL, 0.9)
    return {
        "Title": [
            _holder("title", 0, "Title", (MARGIN, 1.1, FULL, 1.5), "Title", 36, NAVY, anchor="b"),
            _holder("body", 1, "Answer", (MARGIN, 2.8, FULL - 1.5, 2.6), "Answer", 20, INK),
            _holder("body", 2, "Edition", (MARGIN, 5.6, FULL, 1.1), "Edition", 14, MUTED),
            *low,
        ],
        "Exhibit": [
            _holder("title", 0, "Message", title, "Message", TITLE, NAVY, anchor="t"),
            _holder("body", 1, "Measure", (MARGIN, 1.25, FULL, 0.5), "Measure, unit, place, period", SUBTITLE, MUTED),
            _holder("body", 2, "Number, note and source", (MARGIN, 6.2, FULL, 0.75), "Number, note, source", SMALLEST, INK),
            *map(copy.deepcopy, low),
        ],
        "Text": [
            _holder("title", 0, "Title", title, "Title", TITLE, NAVY, anchor="t"),
            _holder("body", 1, "List", (MARGIN, 1.3, FULL, FOOT_LINE - 1.4), "List", BODY, INK, bullet=True),
            *map(copy.deepcopy, low),
        ],
    }  # fmt: skip


def _holder(
    kind: str,
    index: int,
    name: str,
    place: tuple[float, float, float, float],
    prompt: str,
    size: float = 0,
    colour: str = "",
    align: str = "l",
    anchor: str = "t",
    bullet: bool = False,
) -> Any:
    """Return a placeholder."""
    left, top, width, height = (int(Emu(Inches(number))) for number in place)
    look = ""
    if size:
        marked = (
            f'<a:buClr><a:srgbClr val="{TEAL[1:]}"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>'
            if bullet
            else "<a:buNone/>"
        )
        indent = f'marL="{int(Inches(0.25))}" indent="{-int(Inches(0.25))}"' if bullet else 'marL="0" indent="0"'
        bold = ' b="1"' if kind == "title" else ""
        after = '<a:spcAft><a:spcPts val="800"/></a:spcAft>' if bullet else '<a:spcAft><a:spcPts val="300"/></a:spcAft>'
        look = (
            f'<a:lvl1pPr {indent} algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef>{after}{marked}'
            f'<a:defRPr sz="{int(size * 100)}"{bold}><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:defRPr>'
            "</a:lvl1pPr>"
        )
    field = (
        '<a:fld id="{00000000-0000-4000-8000-000000000001}" type="slidenum"><a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
    )
    run = field if kind == "sldNum" else f'<a:r><a:rPr lang="en-GB"/><a:t>{_escape(prompt)}</a:t></a:r>'
    number = "" if kind == "title" else f' idx="{index}"'
    small = ' sz="quarter"' if kind in ("ftr", "sldNum") else ""
    return etree.fromstring(
        f'<p:sp xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"><p:nvSpPr><p:cNvPr id="{index + 20}" name="{name}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}"{small}{number}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{look}</a:lstStyle><a:p>{run}</a:p></p:txBody></p:sp>"
    )


def _rule() -> Any:
    """Return the line above the foot, which says nothing to readers of screens."""
    top = int(Inches(FOOT_LINE - 0.04))
    return etree.fromstring(
        f'<p:cxnSp xmlns:p="{P}" xmlns:a="{A}"><p:nvCxnSpPr><p:cNvPr id="19" name="Rule"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvCxnSpPr><p:spPr><a:xfrm><a:off x="{int(Inches(MARGIN))}" y="{top}"/>'
        f'<a:ext cx="{int(Inches(FULL))}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{TEAL[1:]}"/></a:solidFill></a:ln></p:spPr></p:cxnSp>'
    )


def _style(kind: str, size: float, colour: str, bold: bool = False) -> Any:
    """Return a style of text of the master."""
    bold_ = ' b="1"' if bold else ""
    levels = "".join(
        f'<a:lvl{level}pPr marL="0" indent="0" algn="l"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{int(size * 100)}"{bold_}><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
        f'<a:latin typeface="+mn-lt"/></a:defRPr></a:lvl{level}pPr>'
        for level in range(1, 10)
    )
    return etree.fromstring(f'<p:{kind} xmlns:p="{P}" xmlns:a="{A}">{levels}</p:{kind}>')


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
