"""The list of exhibits as readers look through it: small pictures by chapter, asked for when they come into view.

The list is the table that print shows; on the web it is folded beneath the pictures. A small picture shows the head of a
chart as it was published, so that all are of one size; it is drawn once and kept by the digests of its original and of what
draws it.

Not here: the list itself (``press.page.directives``), and its order (``press.page.numbering``).
"""

from __future__ import annotations

import html
import io
import math
import multiprocessing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from press import aside
from press.fresh import halves
from press.published import copy_if_changed, write_if_changed
from press.run.dependencies import file_digest
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

FOLDER = "gallery"
WIDTH, HEIGHT = 480, 360  # of a small picture, in pixels: sharp at two thirds of it
QUALITY = 45
MANY = 10  # pictures that are worth a process of their own


def hang(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Show the list of exhibits as a gallery on the web, with the table folded beneath it."""
    if app.builder.name != "html":
        return
    for table in list(doctree.findall(nodes.table)):
        body = table.next_node(nodes.tbody)
        listed = [line["exhibit"] for line in body if line.get("exhibit")] if body else []
        if listed:
            table.replace_self(
                [
                    nodes.raw("", gallery(app, listed, page), format="html"),
                    nodes.raw(
                        "", "<details><summary>As a table, with analyses and indicators</summary>", format="html"
                    ),
                    table.deepcopy(),
                    nodes.raw("", "</details>", format="html"),
                ]
            )


def gallery(app: Sphinx, listed: list[str], page: str) -> str:
    """Write the gallery.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    listed : list of str
        Ids of exhibits, in the order of the book.
    page : str
        Name of the page on which it stands.

    Returns
    -------
    str
        HTML.
    """
    homes, pictures, parts = memory(app.env).homes, _pictures(app), []
    for home, identifiers in groupby(listed, lambda identifier: homes[identifier][0]):
        number = app.env.toc_secnumbers[home][""]
        name = f"{'Annex' if isinstance(number[0], str) else 'Chapter'} {number[0]}: {app.env.titles[home].astext()}"
        items = "".join(_item(app, identifier, page, identifier in pictures) for identifier in identifiers)
        parts.append(f'<h3>{html.escape(name)}</h3>\n<ul class="gallery only-web">{items}</ul>\n')
    return "".join(parts)


def _item(app: Sphinx, identifier: str, page: str, pictured: bool) -> str:
    """Write one exhibit: a link with its picture if it has one, which its title tells of, number and title."""
    metadata, builder, root = session(app).published.exhibits[identifier], app.builder, "../" * page.count("/")
    home = memory(app.env).homes[identifier][0]
    number = ".".join(map(str, app.env.toc_fignumbers[home][metadata["kind"]][identifier]))
    if pictured:
        size = f'width="{WIDTH}" height="{HEIGHT}" loading="lazy"'
        shown = f'<img src="{root}{FOLDER}/{identifier}.webp" alt="" {size}>'
    else:
        shown = f'<span class="gallery-kind" aria-hidden="true">{metadata["kind"].capitalize()}</span>'
    address = f"{builder.get_relative_uri(page, home)}#{identifier}"
    label = f'<span class="caption-number">{metadata["kind"].capitalize()} {number}</span>'
    return f'<li><a href="{html.escape(address)}">{shown}{label} {html.escape(metadata["title"])}</a></li>'


def _pictures(app: Sphinx) -> dict[str, Path]:
    """Return the pictures of the exhibits that have a number, by id."""
    published = session(app).published.exhibits
    found = {
        identifier: metadata["folder"] / f"{identifier}.png"
        for identifier, metadata in published.items()
        if not metadata.get("collection")
    }
    return {identifier: path for identifier, path in found.items() if path.exists()}


def begin(app: Sphinx, doctree: nodes.document) -> None:
    """Begin to draw where many small pictures are not there yet: to read pages takes one core, and this another one."""
    uses = memory(app.env).uses.get(app.env.docname, {})
    if app.builder.name != "html" or session(app).drawing is not None or "registry" not in uses:
        return
    if multiprocessing.current_process().name == halves.NAME:
        return  # what it began would end with it
    missing = {small: path for small, path in _small(app).values() if not small.exists()}
    if len(missing) > MANY:
        # A daemon: a mistake that ends the build need not wait for it.
        session(app).drawing = multiprocessing.Process(target=_draw_all, args=[missing], daemon=True)
        session(app).drawing.start()


def _draw_all(missing: dict[Path, Path]) -> None:
    """Draw small pictures, and make way for whoever is waited for."""
    for small, path in aside.while_built(missing.items()):
        write_if_changed(small, drawn_small(path.read_bytes()))


def _small(app: Sphinx) -> dict[str, tuple[Path, Path]]:
    """Return where the small picture of each exhibit is kept, and the picture that it is drawn from, by id.

    Its name tells what it was drawn with, too: once the pictures of an older press stayed in books that had been built with it.
    """
    store, made_with = Path(app.srcdir, "_build", FOLDER), app.config.press_built_with[:16]
    return {
        identifier: (store / f"{file_digest(path)}-{made_with}.webp", path)
        for identifier, path in _pictures(app).items()
    }


def draw(app: Sphinx, exception: Exception | None) -> None:
    """Draw the small pictures that are not there yet, and lay them beside the pages."""
    if exception or app.builder.name != "html":
        return
    if session(app).drawing is not None:
        session(app).drawing.join()  # what it has left, such as a picture that cannot be read, is told below
    folder, store = Path(app.outdir, FOLDER), Path(app.srcdir, "_build", FOLDER)
    uses = memory(app.env).uses
    listed = any("registry" in uses.get(page, {}) for page in uses)
    kept = set()
    for identifier, (small, path) in (_small(app) if listed else {}).items():
        if not small.exists():
            write_if_changed(small, drawn_small(path.read_bytes()))
        copy_if_changed(small, folder / f"{identifier}.webp")
        kept |= {small, folder / f"{identifier}.webp"}
    for path in _files(folder, store):
        if path not in kept:
            path.unlink()


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from list(folder.glob("*.webp"))


def drawn_small(picture: bytes) -> bytes:
    """Draw a picture small: its upper part, as wide as all are.

    Parameters
    ----------
    picture : bytes
        In a format that Pillow reads.

    Returns
    -------
    bytes
        WebP of :data:`WIDTH` times :data:`HEIGHT` pixels, white where the picture is lower.
    """
    from PIL import Image  # not before there is something to draw: it takes a tenth of a second

    with Image.open(io.BytesIO(picture)) as opened:
        upper = min(opened.height, math.ceil(HEIGHT * opened.width / WIDTH))
        image: Any = opened.crop((0, 0, opened.width, upper)).convert("RGB")
    height = min(HEIGHT, max(1, round(upper * WIDTH / image.width)))
    # Halved first, which costs nothing, and encoded with the second best method: half the time, and no larger files.
    image = image.resize((WIDTH, height), Image.Resampling.LANCZOS, reducing_gap=1.0)
    made = Image.new("RGB", (WIDTH, HEIGHT), "white")
    made.paste(image, (0, 0))
    written = io.BytesIO()
    made.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
