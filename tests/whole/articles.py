"""What a page says, parsed: its navigation, which is the same on all pages and a third of their text, is left out."""

import re

import lxml.html
from bs4 import BeautifulSoup

# The colours of code: no test asks for them, and they are a fifth of all elements.
COLOURED = re.compile(r'<span class="[a-z][a-z\d]?">([^<]*)</span>')
# What a reader of the web unfolds: data behind a picture, code behind a table.
FOLDED = re.compile(r"<details\b.*?</details>", re.DOTALL)


def parse(path, *, folded=True):
    """Parse the article of a page, or the whole of one that has none.

    Parameters
    ----------
    path : pathlib.Path
    folded : bool
        Whether with what a reader has to unfold.

    Returns
    -------
    bs4.BeautifulSoup
    """
    text = path.read_text("utf-8")
    start, end = text.find("<article"), text.rfind("</article>")
    text = text[start : end + len("</article>")] if 0 <= start < end else text
    text = COLOURED.sub(r"\1", text)
    return BeautifulSoup(text if folded else FOLDED.sub("", text), "html.parser")


def tree(path):
    """Parse a page whole.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    lxml.html.HtmlElement
        Its root.
    """
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
