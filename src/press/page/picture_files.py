"""Files of pictures that authors bring: each is one that the web, paper and the ePub show alike, or is refused by its name.

Sphinx takes what it is given by the end of its name, and Typst says of a picture that it cannot read neither the page nor the
file; a picture of the web would be missing in a build without a network.

Not here: what a picture says to those who do not see it (``press.scan``), how large it is (``press.paper.pictures``).
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from docutils import nodes
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

# What every medium shows, by the end of the name.
KINDS = {".gif": "GIF", ".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".svg": "SVG", ".webp": "WEBP"}
FOREIGN = re.compile(rb"<(?:\w+:)?foreignObject\b")
# What is neither in the file nor a place in it.
ELSEWHERE = re.compile(r"^\s*(?!#|data:)\S+", re.IGNORECASE)
STYLED = re.compile(r"@import[^;]*|url\(\s*[\"']?\s*(?!#|data:|[\"'\s])[^)]+", re.IGNORECASE)
SVG = re.compile(rb"<(?:\w+:)?svg\b")


def mend_addresses(app: Sphinx, doctree: nodes.document) -> None:
    """Write addresses of pictures as the names of files that they are: Sphinx looks for ``my%20door.png``.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    doctree : docutils.nodes.document
    """
    for node in doctree.findall(nodes.image):
        if "%" in node["uri"] and "://" not in node["uri"] and not _path(app, node["uri"]).exists():
            node["uri"] = unquote(node["uri"])


def wrong(app: Sphinx, node: nodes.image) -> str:
    """Say what keeps a picture from being shown everywhere; nothing where all is well.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    node : docutils.nodes.image
        As it was read.

    Returns
    -------
    str
    """
    address = str(node["uri"])
    if re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE):
        return f"the picture {address[:80]} lies on the web, where it may change or be gone; save it beside the page"
    path = _path(app, address)
    if address.startswith("data:") or not path.is_file():  # Sphinx tells what is missing
        return ""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        return f"the picture {path.name} is none that every medium shows; save it as PNG, JPEG, WebP, GIF or SVG"
    content = path.read_bytes()
    said = _wrong_drawing(content) if kind == "SVG" else _wrong_photograph(path, kind)
    return f"the picture {path.name} {said}" if said else ""


def _path(app: Sphinx, address: str) -> Path:
    return Path(app.env.relfn2path(address)[1])


def _wrong_drawing(content: bytes) -> str:
    if not SVG.search(content):
        return "is no SVG; export it again"
    if FOREIGN.search(content):
        return "holds HTML (foreignObject), which is lost on paper; export it without formatted text, or with text as shapes"
    try:
        drawn = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return f"cannot be read ({error}); export it again"
    return next((said for element in drawn.iter("*") for said in _wrong_part(element)), "")


def _wrong_part(element: Any) -> Iterator[str]:
    """Find scripts, which a browser runs, and what is drawn but not in the file, which paper lacks and the web may lose."""
    kind = etree.QName(element).localname
    if kind == "script":
        yield "holds a script; export it without"
    loads = [found[0] for found in STYLED.finditer(element.text or "")] if kind == "style" else []
    for name, text in element.attrib.items():
        if name.lower().startswith("on") or text.lstrip().lower().startswith("javascript:"):
            yield f"holds a script ({name}); export it without"
        # Links may lead elsewhere.
        drawn = etree.QName(name).localname == "href" and kind != "a"
        loads += [found[0] for found in (ELSEWHERE if drawn else STYLED).finditer(text)]
    for found in loads:
        yield f"loads {found[:80]!r}, which is not in the file; export it with all pictures and fonts embedded"


def _wrong_photograph(path: Path, kind: str) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                found, mode = picture.format, picture.mode
                picture.load()
    except UnidentifiedImageError:
        return f"is no {kind}; export it again"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        return f"cannot be read ({error}); export it again"
    if found != kind and {found, kind} != {"MPO", "JPEG"}:
        return f"holds a {found}; give its name the end .{str(found).lower()}"
    if mode == "CMYK":
        return "has the colours of a printing press (CMYK); save it in RGB"
    return ""
