"""What a web page loads, besides its content.

The theme is light; what weighs is what extensions put into every page whether it is used there or not. A page loads what
it uses, and nothing stands in it as script or style, so that a strict content security policy can stand in every page:
whatever slips into the text, nothing but the book's own files is ever run.

Not here: content of pages (``press.page``), the looks of this or that book (its own style sheets).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.html._assets import _CascadingStyleSheet

from press.contract import NOTEBOOKS
from press.page import directives
from press.published import write_if_changed
from press.session import session
from press.web import pictures

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

TEMPLATES = Path(__file__).with_name("templates")
STATIC = Path(__file__).with_name("static")
# Styles that pandas writes into each table that a notebook shows, and attributes that HTML no longer has.
# Each by itself: a search that knows how what it looks for begins takes a tenth of the time.
PANDAS = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r'<style scoped(?:="")?>.*?</style>\s*',
        r' style="text-align: right;"',
        r' border="1"(?<=<table border="1")(?= class="dataframe">)',
        r' halign="\w+"',
        r' valign="\w+"',
    )
]
# Widths of columns that an author asks for, which docutils writes where the policy of the page forbids them.
WIDTH = re.compile(r'<col style="width: ([\d.]+)%" ?/>')
FRAME = re.compile(r'<table class="dataframe">.*?</table>', re.DOTALL)
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
JOINED = "styles.css"  # the style sheets that every page loads, in one file
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/\s*")  # which would be looked for beside the joined file
SUMMARY = 300  # characters of a description that search engines and other sites show at most


def setup(app: Sphinx) -> None:
    """Register the scripts and the style sheet of what can be asked of a page; :data:`USED` says which page loads which."""
    for name in ("areas.js", "answers.js", "cards.js"):
        app.add_js_file(name, loading_method="defer")
    app.add_css_file("answers.css")


def add_templates(app: Sphinx, config: Config) -> None:
    """Put the templates of the press before those of the theme, and its files beside the book's."""
    config.templates_path = [*config.templates_path, str(TEMPLATES)]
    config.html_static_path = [str(STATIC), *config.html_static_path]
    config.html_css_files = ["frame.css", "found.css", *config.html_css_files]
    config.html_js_files = [("frame.js", {"defer": ""}), ("search.js", {"defer": ""}), *config.html_js_files]
    # Jupyter Book loads an extension that writes a script into each page, for kernels that no page asks for.
    for listener in list(app.events.listeners["doctree-resolved"]):
        if listener.handler.__module__ == "sphinx_thebe":
            app.disconnect(listener.id)


def join_style_sheets(app: Sphinx) -> None:
    """Lay the style sheets that every page loads into one file: the theme's, then those of the press and of the book.

    A page waits for each of them before it shows a word, and for a connection to each: with eleven, a chapter was read a
    second later on a phone. Those that only some pages use stay apart (:data:`USED`).
    """
    builder = app.builder
    if builder.name not in {"html", "dirhtml"} or not isinstance(builder, StandaloneHTMLBuilder):
        return
    own = {path.name: path for folder in app.config.html_static_path for path in Path(app.srcdir, folder).glob("*.css")}
    for name in builder.theme.stylesheets:
        found = [path for folder in builder.theme.get_theme_dirs() if (path := Path(folder, "static", name)).is_file()]
        own |= {path.name: path for path in found[:1]}
    asked = [*builder.theme.stylesheets, *(name for name, _ in (*app.registry.css_files, *app.config.html_css_files))]
    names = [name for name in map(file_name, asked) if name in own and not _rules(name)]
    folder = Path(app.doctreedir, "joined")
    text = "\n".join(SOURCE_MAP.sub("", own[name].read_text("utf-8")) for name in names)
    write_if_changed(folder / JOINED, text.encode())
    app.config.html_static_path = [*app.config.html_static_path, str(folder)]
    session(app).joined = frozenset(names)


def _joined(files: list[Any], joined: frozenset[str]) -> list[Any]:
    """Return the style sheets of a page with one in place of those that are joined, where the last of them stood."""
    own = [file for file in files if file_name(file) in joined]
    if not own:
        return files
    kept = [file for file in files if file not in own[:-1]]
    return [_CascadingStyleSheet(f"_static/{JOINED}") if file == own[-1] else file for file in kept]


def dress(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Leave out of a page what it does not use, and say what it is about."""
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context.get(kind, []) if wanted(file_name(file), page, doctree)]
    context["css_files"] = _joined(context["css_files"], session(app).joined)
    body = context.get("body", "")
    for left_out in PANDAS:
        body = left_out.sub("", body)
    body = FRAME.sub(_name_cells, body)
    body = WIDTH.sub(lambda found: f'<col class="wide-{5 * max(1, round(float(found[1]) / 5))}"/>', body)
    context["body"] = pictures.size(app, page, body)
    context["metatags"] = VIEWPORT.sub("", context.get("metatags", ""))  # the theme has one of its own
    context["footer"], context["areas"] = app.config.press_footer, session(app).areas
    context["description"] = describe(doctree) if doctree else ""


def wanted(file: str, page: str, doctree: nodes.document | None) -> bool:
    """Say whether a page needs a style sheet or a script.

    Parameters
    ----------
    file : str
        Name of the file without its folder; empty for what would stand in the page itself.
    page : str
        Name of the page.
    doctree : docutils.nodes.document or None
        What stands on it; None for a page that was not written by an author, such as the search.

    Returns
    -------
    bool
    """
    return bool(file) and all(used(page, doctree) for used in _rules(file))


def _rules(file: str) -> list[Callable[[str, nodes.document | None], bool]]:
    """Return what says which pages use a file; nothing for one that every page loads."""
    return [used for pattern, used in USED if re.fullmatch(pattern, file)]


def _shows(doctree: nodes.document | None, kind: type[nodes.Element], start: str = "") -> bool:
    found = doctree.findall(kind) if doctree else ()
    return any(not start or any(name.startswith(start) for name in node["classes"]) for node in found)


# Style sheets and scripts that extensions add to all pages, and which pages use them: some none at all.
USED: tuple[tuple[str, Callable[[str, nodes.document | None], bool]], ...] = (
    (
        r"(?:togglebutton|copybutton|copybutton_funcs|clipboard|documentation_options|doctools|sphinx_highlight|sphinx-thebe"
        r"|sphinx-book-theme|design-tabs|furo-extensions)\b.*",
        lambda page, doctree: False,
    ),
    (r"answers\.js", lambda page, doctree: _shows(doctree, nodes.container, "exhibit")),
    (r"cards\.js", lambda page, doctree: _shows(doctree, directives.value)),
    (r"mystnb\b.*", lambda page, doctree: page.startswith(NOTEBOOKS)),
    (r"sphinx-design\b.*", lambda page, doctree: _shows(doctree, nodes.Element, "sd-")),
    (r"pygments\.css", lambda page, doctree: page.startswith(NOTEBOOKS) or _shows(doctree, nodes.literal_block)),
)


def describe(doctree: nodes.document) -> str:
    """Return the beginning of a page's first paragraph, whole sentences where they are short enough.

    Parameters
    ----------
    doctree : docutils.nodes.document

    Returns
    -------
    str
        At most :data:`SUMMARY` characters; empty without a paragraph.
    """
    paragraph = next((node for node in doctree.findall(nodes.paragraph) if len(node.astext()) > 40), None)
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    if len(text) <= SUMMARY:
        return text
    ends = [found.end() for found in re.finditer(r"[.!?](?= )", text[:SUMMARY])]
    return text[: ends[-1]] if ends else text[: SUMMARY - 1].rsplit(" ", 1)[0] + "\u2026"


def name_once(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Take from the boxes that the theme puts around tables and formulas the names of what is in them.

    A name that stands twice leads nowhere for sure.
    """
    for box in doctree.findall(nodes.container):
        if {"table-wrapper", "math-wrapper"} & set(box["classes"]):
            box["classes"] = box["classes"][:1]
            box["ids"], box["names"] = [], []


def _name_cells(frame: re.Match[str]) -> str:
    """Say of the header cells of a table by pandas what they are the header of; a corner that is empty is none."""
    head, body = frame[0].replace("<th></th>", "<td></td>").split("</thead>", 1)
    return head.replace("<th>", '<th scope="col">') + "</thead>" + body.replace("<th>", '<th scope="row">')


def file_name(file: Any) -> str:
    """Return the name of a file without its folder and its digest."""
    return str(getattr(file, "filename", file) or "").rpartition("/")[2].partition("?")[0]
