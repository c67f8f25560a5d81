"""Pictures of a page: their size, so that the text does not jump when they come, and when they are asked for.

Not here: pictures that are drawn into the page itself.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

IMAGE = re.compile(r"<img\b([^>]*?)\s*/?>")
SOURCE = re.compile(r'\bsrc="[^"]*?_images/([^"/]+)"')
SVG = re.compile(rb'<svg\b[^>]*?\bviewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
PNG = b"\x89PNG\r\n\x1a\n"


def size(app: Sphinx, page: str, body: str) -> str:
    """Write into each picture its size in pixels; the first is asked for with the page, others when they come near.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    page : str
        Name of the page.
    body : str
        Its HTML.

    Returns
    -------
    str
    """
    sources = {name: Path(app.srcdir, path) for path, name in getattr(app.builder, "images", {}).items()}
    seen = 0

    def complete(image: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        attributes, found = image[1], SOURCE.search(image[1])
        if " width=" not in attributes and found and found[1] in sources:
            path = sources[found[1]]
            measured = measure(path, path.stat().st_mtime_ns)
            attributes += f' width="{measured[0]}" height="{measured[1]}"' if measured else ""
        if " loading=" not in attributes and seen > 1:
            attributes += ' loading="lazy" decoding="async"'
        return f"<img{attributes}>"

    return IMAGE.sub(complete, body)


@cache
def measure(path: Path, changed: int) -> tuple[int, int] | None:
    """Return width and height of a picture in pixels, or None for a kind of file other than SVG and PNG.

    Parameters
    ----------
    path : pathlib.Path
    changed : int
        When it was changed last; another time is measured again.

    Returns
    -------
    tuple of int or None
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(PNG):
        return struct.unpack(">II", head[16:24])
    box = SVG.search(head)
    return (round(float(box[1])), round(float(box[2]))) if box else None
