"""Pictures of a page: their size, so that the text does not jump when they come, and when they are asked for.

Not here: pictures that are drawn into the page itself.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from PIL import Image

if TYPE_CHECKING:
    from sphinx.application import Sphinx

IMAGE = re.compile(r"<img\b([^>]*?)\s*/?>")
SOURCE = re.compile(r'\bsrc="[^"]*?_images/([^"/]+)"')
SVG = re.compile(rb'<svg\b[^>]*?\bviewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
# What cameras write of how they were held; from five on they lay on their side.
ORIENTATION, LYING = 0x0112, 4


def size(app: Sphinx, page: str, body: str) -> str:
    """Write into each picture its size in pixels; it is asked for when it comes near.

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

    def complete(image: re.Match[str]) -> str:
        attributes, found = image[1], SOURCE.search(image[1])
        name = unquote(found[1]) if found else ""
        if " width=" not in attributes and name in sources:
            path = sources[name]
            measured = measure(path, path.stat().st_mtime_ns)
            attributes += f' width="{measured[0]}" height="{measured[1]}"' if measured else ""
        if " loading=" not in attributes:
            attributes += ' loading="lazy" decoding="async"'
        return f"<img{attributes}>"

    return IMAGE.sub(complete, body)


@cache
def measure(path: Path, changed: int) -> tuple[int, int] | None:
    """Return width and height of a picture in pixels as it is shown, or None for a drawing that does not say them.

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
        box = SVG.search(file.read(4096))
    if box:
        return round(float(box[1])), round(float(box[2]))
    if path.suffix.lower() == ".svg":
        return None
    with Image.open(path) as picture:
        # Of other kinds the whole picture would be read for it.
        turned = picture.format == "JPEG" and picture.getexif().get(ORIENTATION, 1) > LYING
        return picture.size[::-1] if turned else picture.size
