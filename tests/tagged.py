"""What the tags of a PDF must hold for those who hear it: walks the tree of its structure and says what is amiss."""

import re

import pikepdf
from pikepdf import Array, Dictionary

HEADING = re.compile(r"/H(\d)")
NAMELESS = re.compile(r"\s*(?:,.*|page\s+\S+|)", re.IGNORECASE)


def kids(element):
    """Return the elements directly below one."""
    below = element.get("/K", [])
    return [
        child
        for child in (below if isinstance(below, Array) else [below])
        if isinstance(child, Dictionary) and "/S" in child
    ]


def walk(element):
    """Yield all elements below one, each before those below it."""
    for child in kids(element):
        yield child
        yield from walk(child)


def attributes(element):
    """Return all attributes of an element."""
    given, found = element.get("/A", []), {}
    for entry in given if isinstance(given, Array) else [given]:
        if isinstance(entry, Dictionary):
            found |= {name: entry[name] for name in entry}
    return found


def faults(path):
    """Return what is amiss with the structure of a PDF, and how many elements of each kind it has."""
    with pikepdf.open(path) as book:
        root = book.Root.StructTreeRoot
        wrong, count, level = [], {}, 0
        known = {str(name) for name, _ in pikepdf.NameTree(root.IDTree).items()} if "/IDTree" in root else set()
        for element in walk(root):
            kind = str(element.S)
            count[kind] = count.get(kind, 0) + 1
            heading = HEADING.fullmatch(kind)
            if heading:
                if int(heading[1]) > level + 1:
                    wrong.append(f"{kind} {element.get('/T', '')} follows a heading of level {level}")
                level = int(heading[1])
            if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
                wrong.append("a figure has no text")
            if kind == "/Caption" and str(element.P.S) not in ("/Figure", "/Table"):
                wrong.append(f"a caption stands in {element.P.S}")
            if kind == "/Table":
                wrong += table_faults(element, known)
            if "/P" in element and not any(child.objgen == element.objgen for child in kids(element.P)):
                wrong.append(f"{kind} is not among what its parent holds")
        wrong += link_faults(book, root)
    return wrong, count


def table_faults(table, known):
    """Return what is amiss with the headers of a table."""
    rows = [element for element in walk(table) if element.S == "/TR"]
    cells = [[(cell, attributes(cell)) for cell in kids(row)] for row in rows]
    scopes = {str(given.get("/Scope")) for row in cells for cell, given in row if cell.S == "/TH"}
    wrong = [] if "/Column" in scopes else ["a table has no headers of columns"]
    if max(map(len, cells)) > 1 and "/Row" not in scopes:
        wrong.append("a table has no headers of rows")
    for row in cells:
        for cell, given in row:
            named = [str(name) for name in given.get("/Headers", [])]
            wrong += [f"a cell refers to the header {name}, which there is not" for name in named if name not in known]
            if cell.S == "/TH" and "/ID" in cell and str(cell.ID) not in known:
                wrong.append(f"the header {cell.ID} is not entered among the identifiers")
    return wrong


def link_faults(book, root):
    """Return what is amiss with links: a name, a place to lead to, an element of structure."""
    wrong, parents = [], dict(pikepdf.NumberTree(root.ParentTree).items())
    for number, page in enumerate(book.pages, start=1):
        for annotation in page.obj.get("/Annots", []):
            name = str(annotation.get("/Contents", ""))
            if NAMELESS.fullmatch(name):
                wrong.append(f"a link on page {number} is named {name!r}")
            address = str(annotation.get("/A", {}).get("/URI", "")) if "/A" in annotation else ""
            if address.startswith("place:") or ("/Dest" in annotation) == bool(address):
                wrong.append(f"a link on page {number}, {name!r}, leads nowhere")
            if "/StructParent" not in annotation or parents[int(annotation.StructParent)].S != "/Link":
                wrong.append(f"a link on page {number}, {name!r}, is not tagged")
    return wrong
