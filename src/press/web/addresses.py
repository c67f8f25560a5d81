"""Pages that are read at another address than the one they were written for.

The first page of a book lies in a folder, and readers come to the root of the site. A server shows the page for what is
not there at whatever address was asked for. And what stands on a page is shown on a page of its own. Their addresses
are led on from there.

Not here: what stands on such pages.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from press.published import write_if_changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx

MISSING = "404"
# From the sign at which a search can begin: a drawing has thousands of blanks before other attributes.
ATTRIBUTE = re.compile(
    r'="(?:(?<=\shref=")|(?<=\sdata-href=")|(?<=\ssrc=")|(?<=\saction="))(?![a-z][a-z+.-]*:|//)([^"]*)"'
)
PARTS = re.compile(r"(?P<path>[^?#]*)(?P<mark>[?#]?)(?P<rest>.*)", re.DOTALL)
ROOT = re.compile(r'data-content_root="[^"]*"')


def seen_from(text: str, page: str, other: str) -> str:
    """Have the addresses in a page lead to the same places from another address.

    Parameters
    ----------
    text : str
        HTML.
    page, other : str
        Address of the page that it was written for, and of the one where it will stand, from the root of the site. What leads
        to a place in the text itself stays.

    Returns
    -------
    str
    """

    def led_on(address: str) -> str:
        parts = PARTS.fullmatch(address)
        assert parts  # any text has them
        path, mark, rest = parts.groups()
        if not path and (not rest or (mark == "#" and f'id="{rest}"' in text)):
            return address
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        return posixpath.relpath(target, posixpath.dirname(other) or ".") + mark + rest

    up = posixpath.relpath(".", posixpath.dirname(other) or ".") + "/"
    return _with_addresses(text, led_on, up)


def from_anywhere(text: str, page: str, prefix: str) -> str:
    """Have the addresses in a page begin with the root of the server.

    Parameters
    ----------
    text : str
        HTML.
    page : str
        Address of the page from the root of the site.
    prefix : str
        Path of the site on its server, with a slash at its end.

    Returns
    -------
    str
    """

    def led_on(address: str) -> str:
        inside = not address or address.startswith(("#", "/"))
        return address if inside else prefix + posixpath.normpath(posixpath.join(posixpath.dirname(page), address))

    return _with_addresses(text, led_on, prefix)


def _with_addresses(text: str, led_on: Callable[[str], str], root: str) -> str:
    text = ROOT.sub(f'data-content_root="{root}"', text, count=1)
    return ATTRIBUTE.sub(lambda found: f'="{led_on(found[1])}"', text)


def add_missing(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that a server shows for what is not there."""
    yield MISSING, {"title": "Page not found"}, "404.html"


def open_doors(app: Sphinx, exception: Exception | None) -> None:
    """Lay the first page at the root of the site, and have the page for what is not there be whole wherever it is shown."""
    if exception or app.builder.name != "html":
        return
    root, first = Path(app.outdir), f"{app.config.root_doc}.html"
    if first != "index.html":
        text = (root / first).read_text("utf-8")
        write_if_changed(root / "index.html", seen_from(text, first, "index.html").encode())
    prefix = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
    path = root / f"{MISSING}.html"
    write_if_changed(path, from_anywhere(path.read_text("utf-8"), path.name, prefix).encode())
