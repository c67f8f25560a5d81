"""What a PDF still needs after the typesetter: links that lead somewhere and say where, and tags that Typst cannot write.

Typst has no way to make a cell the header of its row, and sets the caption beside its figure. Links within the book come
as addresses that begin with ``place:``; where those places are is known once the pages are set. What the file claims,
PDF/A and PDF/UA, holds afterwards as before: nothing that is drawn is touched, and every element stays in its tree.

Not here: what is on the pages (``translator``, ``book.typ``).
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from press.paper.translator import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import Any

# A link leads a little above its place, so that the place is not cut off at the top of the window; in points.
ABOVE = 10
# So many groups may lie around a caption and what it tells of: one where it stands above, two where it stands beside.
CLIMB = 3
GROUPS = {"/Div", "/Sect", "/NonStruct"}
ROWS = {"/THead", "/TBody", "/TFoot"}


def finish(
    pdf: bytes, places: Mapping[str, tuple[int, float, float]], names: Mapping[str, str], page_word: str
) -> bytes:
    """Lead the links to their places, mark the headers of rows and put captions into what they tell of.

    Parameters
    ----------
    pdf : bytes
        As Typst has written it.
    places : dict of str to (int, float, float)
        Page, counted from one, and distance from its left and upper edge, in points, by label.
    names : dict of str to str
        What stands at each place, by label.
    page_word : str
        The word for a page in the language of the book.

    Returns
    -------
    bytes
        The same for the same arguments.
    """
    with pikepdf.open(BytesIO(pdf)) as book:
        _lead_links(book, places, names, page_word)
        root = book.Root.StructTreeRoot
        identifiers: dict[str, Any] = {}
        for number, element in enumerate(list(elements(root))):
            kind = str(element.S)
            if kind == "/Caption":
                _put_inside(element)
            elif kind == "/Table":
                identifiers |= _mark_row_headers(book, element, number)
        _enter(book, root, identifiers)
        return _saved(book)


def with_data(pdf: bytes, files: Mapping[Path, str], date: datetime) -> bytes:
    """Attach files to a finished PDF, which is PDF/A-3 then: part 2 allows the same without files.

    Parameters
    ----------
    pdf : bytes
        Finished, PDF/A-2.
    files : dict of pathlib.Path to str
        What each file holds, for the list that readers of PDF show.
    date : datetime.datetime
        Of the files, the same for the same book.

    Returns
    -------
    bytes
    """
    with pikepdf.open(BytesIO(pdf)) as book:
        metadata = book.Root.Metadata.read_bytes()
        if metadata.count(b"<pdfaid:part>2<") != 1:
            raise ValueError("the PDF does not claim to be PDF/A-2, and so cannot become PDF/A-3")
        stream = book.make_stream(metadata.replace(b"<pdfaid:part>2<", b"<pdfaid:part>3<"))
        stream.Type, stream.Subtype = Name.Metadata, Name.XML
        book.Root.Metadata = stream
        book.Root.AF = Array([_specification(book, path, said, date) for path, said in sorted(files.items())])
        tree = pikepdf.NameTree.new(book)
        for entry in book.Root.AF:
            tree[str(entry.UF)] = entry
        known = book.Root.get("/Names", Dictionary())
        known.EmbeddedFiles = tree.obj
        book.Root.Names = known
        return _saved(book)


def elements(element: Any) -> Iterator[Any]:
    """Yield the elements of structure below one, each before those below it."""
    for child in kids(element):
        yield child
        yield from elements(child)


def kids(element: Any) -> list[Any]:
    """Return the elements of structure directly below one; what is drawn is left out."""
    found = element.get("/K", Array())
    every = list(found) if isinstance(found, Array) else [found]
    return [child for child in every if isinstance(child, Dictionary) and "/S" in child]


def _lead_links(book, places, names, page_word):
    """Turn the addresses of places into destinations, and name all links within the book after what is there."""
    headings = _headings(book)
    for page in book.pages:
        for annotation in page.obj.get("/Annots", ()):
            action = annotation.get("/A")
            address = bytes(action.get("/URI", b"")).decode("utf-8", "replace") if action is not None else ""
            if address.startswith(PLACE):
                label = address.removeprefix(PLACE)
                if label.startswith("@"):  # the lists and the index say by themselves where they lead
                    number, x, y, name = label[1:].split(",", 3)
                    # Typst writes a true minus sign, of a place in the margin.
                    across, down = (float(length.replace("\u2212", "-")) for length in (x, y))
                    target, left, top = _place(book, int(number), across, down)
                else:
                    name = names[label]
                    target, left, top = _place(book, *places[label])
                del annotation["/A"]
                annotation.Dest = Array([target.obj, Name.XYZ, left, top, 0])
                annotation.Contents = String(f"{' '.join(name.split())}, {page_word} {target.label}")
            elif "/Dest" in annotation:
                # Typst names its own links, those of the contents, by number and page alone.
                place = _key(book, annotation.Dest)
                if place in headings:
                    annotation.Contents = String(f"{headings[place][0]}, {page_word} {headings[place][1]}")


def _place(book, number, x, y):
    """Return page, left edge and top of a place, counted as PDF does, from below."""
    page = book.pages[number - 1]
    height = float(page.mediabox[3])
    return page, round(x, 2), round(min(height - y + ABOVE, height), 2)


def _headings(book):
    """Return the title of each heading in the bookmarks and the number of its page, by place."""
    labels = {page.obj.objgen: page.label for page in book.pages}
    found = {}
    with book.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            place = _key(book, item.destination)
            found[place] = item.title, labels[place[0]]
            waiting += item.children
    return found


def _key(book, destination):
    """Return page and place of a destination, which headings with a label have by name."""
    if isinstance(destination, String | str):
        destination = pikepdf.NameTree(book.Root.Names.Dests)[str(destination)]
    return destination[0].objgen, round(float(destination[2]), 1), round(float(destination[3]), 1)


def _put_inside(caption):
    """Move a caption into the figure or table that it tells of, where there is one; else it is a paragraph."""
    if str(caption.P.S) in ("/Figure", "/Table"):
        return
    around, shown = caption.P, []
    for _ in range(CLIMB):
        shown = list(_shown(around))
        if shown or str(around.S) not in GROUPS:
            break
        around = around.P
    if len(shown) != 1:
        caption.S = Name.P
        return
    (target,), before = shown, caption.P
    left = before.K if isinstance(before.K, Array) else [before.K]
    before.K = Array([child for child in left if not _same(child, caption)])
    drawn = target.get("/K", Array())
    target.K = Array([caption, *(drawn if isinstance(drawn, Array) else [drawn])])
    caption.P = target


def _shown(element):
    """Yield the figures and tables of a group, those of groups in it too."""
    for child in kids(element):
        if str(child.S) in ("/Figure", "/Table"):
            yield child
        elif str(child.S) in GROUPS:
            yield from _shown(child)


def _same(child, other):
    return isinstance(child, Dictionary) and child.is_indirect and child.objgen == other.objgen


def _mark_row_headers(book, table, number):
    """Make the first cell of each row of a table its header, to which the other cells of the row refer."""
    rows = [
        row for part in kids(table) for row in ([part] if str(part.S) == "/TR" else kids(part)) if str(row.S) == "/TR"
    ]
    placed = list(_columns(rows))
    if max((column for _, column, _ in placed), default=0) == 0:
        return {}
    marked, covering = {}, {}
    for row, column, cell in placed:
        if column == 0 and str(cell.S) == "/TD":
            name = f"r{number}-{row}"
            cell.S, cell.ID = Name.TH, String(name)
            _attribute(cell, "/Scope", Name.Row)
            marked[name] = cell
            for below in range(row, row + _span(cell, "/RowSpan")):
                covering[below] = name
    for row, column, cell in placed:
        if column > 0 and row in covering and str(cell.S) == "/TD":
            known = _attributes(cell).get("/Headers", Array())
            _attribute(cell, "/Headers", Array([*known, String(covering[row])]))
    return marked


def _columns(rows):
    """Yield number of the row, number of the column, and cell; rows that reach down take their places below."""
    taken: dict[int, int] = {}
    for number, row in enumerate(rows):
        column = 0
        left = {place: rest for place, rest in taken.items() if rest}
        for cell in kids(row):
            while left.get(column):
                column += 1
            yield number, column, cell
            for covered in range(column, column + _span(cell, "/ColSpan")):
                taken[covered] = _span(cell, "/RowSpan")
            column += _span(cell, "/ColSpan")
        taken = {place: rest - 1 for place, rest in taken.items() if rest}


def _attributes(cell):
    """Return the attributes of a cell that are those of a table; none where it has none."""
    given = cell.get("/A", Array())
    for entry in given if isinstance(given, Array) else [given]:
        if isinstance(entry, Dictionary) and entry.get("/O") == Name.Table:
            return entry
    return Dictionary()


def _span(cell, name):
    return int(_attributes(cell).get(name, 1))


def _attribute(cell, name, value):
    known = _attributes(cell)
    if "/O" in known:
        known[name] = value
        return
    given = cell.get("/A", Array())
    cell.A = Array([*(given if isinstance(given, Array) else [given]), Dictionary({"/O": Name.Table, name: value})])


def _enter(book, root, identifiers):
    """Enter new identifiers of elements in the tree of those."""
    if not identifiers:
        return
    tree = pikepdf.NameTree(root.IDTree) if "/IDTree" in root else pikepdf.NameTree.new(book)
    for name in sorted(identifiers):
        tree[name] = identifiers[name]
    root.IDTree = tree.obj


def _specification(book, path, said, date):
    """Return what a PDF says of a file that it carries."""
    content = path.read_bytes()
    stream = book.make_stream(content)
    stream.Type, stream.Subtype = Name.EmbeddedFile, Name("/text/csv")
    day = f"D:{date:%Y%m%d%H%M%S}Z"
    stream.Params = Dictionary(
        ModDate=String(day), Size=len(content), CheckSum=String(hashlib.md5(content, usedforsecurity=False).digest())
    )
    return book.make_indirect(
        Dictionary(
            Type=Name.Filespec, F=String(path.name), UF=String(path.name), Desc=String(said), AFRelationship=Name.Data,
            EF=Dictionary(F=stream, UF=stream),
        )
    )  # fmt: skip


def _saved(book):
    """Return the bytes, small and the same for the same content."""
    written = BytesIO()
    book.save(
        written,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        fix_metadata_version=False,
        deterministic_id=True,
    )
    return written.getvalue()
