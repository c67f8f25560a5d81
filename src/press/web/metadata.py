"""What a page says of itself to machines: search engines, sites that show a card for a link, and those that collect data.

Addresses in them have to be whole, so that canonical addresses, pictures of cards and the map of the site are there only
once ``html_baseurl`` says where the site is. Everything else is there always.

No extension is used for it (sphinxext-opengraph, sphinx-sitemap, sphinx-notfound-page): none knows an exhibit, and the pages of
exhibits and the root are no documents of Sphinx.

Not here: how a work is cited (``press.page.citing``).
"""

from __future__ import annotations

import html
import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from press.page import citing, revisions
from press.published import write_if_changed
from press.session import memory, session
from press.web.search import address_of, beginning

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FEED = "corrections.xml"
CONTEXT = "https://schema.org"


def introduce(app: Sphinx, config: Config) -> None:
    """Tell the press what stands in the head of a page but comes from another one: that there is a feed."""
    session(app).from_elsewhere.append(lambda env, page: address_of(env.app, revisions.LABEL))


def describe_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell the template what a page says of itself."""
    feed = address_of(app, revisions.LABEL) and FEED
    context |= {"card": {}, "feed": context["pathto"](feed, 1) if feed else ""}
    context.setdefault("linked_data", [])
    if doctree is None:
        context["pageurl"] = None  # the search and the page for what is not there are nothing to be found
        return
    first = page == app.config.root_doc
    if first and app.config.html_baseurl:
        context["pageurl"] = citing.address(app, "")
    title = app.env.titles[page].astext()
    pictured = next((found for found, home in _figures(app) if home == page), "")
    context["card"] = _card(app, title, context["description"], pictured, "website" if first else "article")
    work = citing.book(app) if first else citing.chapter(app, page)
    if work:
        context["linked_data"].append(as_script(_report(app, work, context["description"])))


def of_exhibit(app: Sphinx, work: citing.Work, published: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of an exhibit says of itself, for its template.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    work : press.page.citing.Work
        The exhibit.
    published : dict
        What was published of it.

    Returns
    -------
    dict
    """
    identifier = published["id"]
    text = f"{published['title']}. {published['subtitle']}."
    suffixes = {"csv": "text/csv", "json": "application/json"}
    data = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": work.title,
        "description": " ".join(filter(None, [text, published.get("alt", "")])),
        "license": licence_address(published["licence"]),
        "creator": work.linked_authors(),
        "version": work.edition,
        "isPartOf": {"@type": "Report", "name": work.book},
        "isBasedOn": [source["url"] for source in published["sources"] if source.get("url")],
        "distribution": [
            # As the page is at a place of its own, the files lie one folder above it.
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": _whole(app, f"exhibits/{identifier}.{suffix}", "../"),
            }
            for suffix, kind in suffixes.items()
        ],
    }
    return {
        "pageurl": citing.address(app, f"exhibits/{identifier}/"),
        "description": text,
        "card": _card(app, work.title, text, identifier if published["kind"] == "figure" else "", "article"),
        "linked_data": [as_script(data)],
    }


def _whole(app: Sphinx, path: str, up: str) -> str:
    return citing.address(app, path) or up + path.rpartition("/")[2]


def _figures(app: Sphinx) -> list[tuple[str, str]]:
    """Return numbered figures and the pages on which they stand, in the order of the book."""
    return [
        (identifier, page)
        for page, kinds in app.env.toc_fignumbers.items()
        for identifier in kinds.get("figure", ())
        if identifier in memory(app.env).homes
    ]


def _card(app: Sphinx, title: str, description: str, pictured: str, kind: str) -> dict[str, str]:
    """Return the properties of a card: those of Open Graph by their names."""
    properties = {"og:title": title, "og:type": kind, "og:description": description, "og:site_name": app.config.project}
    picture = citing.address(app, f"exhibits/{pictured}.png") if pictured else ""
    if picture:
        properties |= {"og:image": picture, "og:image:alt": session(app).published.exhibits[pictured]["alt"]}
    return {name: content for name, content in properties.items() if content}


def _report(app: Sphinx, work: citing.Work, description: str) -> dict[str, Any]:
    """Describe the book, or a chapter of it."""
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Report",
        "name": work.book if work.kind == "book" else work.title,
        "description": description,
        "author": work.linked_authors(),
        "datePublished": work.year,
        "version": work.edition,
        "inLanguage": app.config.language,
    }
    if work.kind != "book":
        told |= {"isPartOf": {"@type": "Report", "name": work.book}, "position": work.number}
    if work.address:
        told["url"] = work.address
    return told


def licence_address(name: str) -> str:
    """Return the address of a licence that bears a known name, such as ``CC BY 4.0``; else the name."""
    parts = name.split()
    if len(parts) == 3 and parts[0] == "CC":
        return f"https://creativecommons.org/licenses/{parts[1].lower()}/{parts[2]}/"
    return name


def as_script(data: dict[str, Any]) -> str:
    """Write data as they may stand in a page: nothing in them ends the element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what machines read beside the pages: map of the site, rules for robots, feed of corrections."""
    if exception or app.builder.name != "html":
        return
    base, root = app.config.html_baseurl, Path(app.outdir)
    wanted = {
        "robots.txt": "User-agent: *\nAllow: /\n" + (f"Sitemap: {citing.address(app, 'sitemap.xml')}\n" if base else "")
    }
    if base:
        wanted["sitemap.xml"] = sitemap([citing.address(app, path) for path in _listed(app)])
    if address_of(app, revisions.LABEL):
        entries = revisions.read((Path(app.srcdir) / revisions.FILE).read_text("utf-8"))
        page = address_of(app, revisions.LABEL)
        wanted[FEED] = feed(app.config.project, entries, citing.address(app, page) or page, citing.book(app).authors)
    for name in ("robots.txt", "sitemap.xml", FEED):
        if name in wanted:
            write_if_changed(root / name, wanted[name].encode())
        else:
            (root / name).unlink(missing_ok=True)


def _listed(app: Sphinx) -> list[str]:
    """Return the addresses of all pages, that of the first one as the root."""
    pages = sorted(app.env.found_docs - {app.config.root_doc})
    exhibits = sorted(memory(app.env).homes)
    return ["", *(f"{page}.html" for page in pages), *(f"exhibits/{identifier}/" for identifier in exhibits)]


def sitemap(addresses: list[str]) -> str:
    """Write the map of a site.

    Parameters
    ----------
    addresses : list of str
        Whole addresses of its pages.

    Returns
    -------
    str
    """
    lines = "".join(f"<url><loc>{html.escape(address)}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{lines}</urlset>\n"


def feed(title: str, entries: list[tuple[Any, ...]], page: str, authors: tuple[str, ...]) -> str:
    """Write corrections and revisions as an Atom feed, the newest first.

    Parameters
    ----------
    title : str
        Of the book.
    entries : list of tuple
        Kind, date, what changed and which exhibits, as :func:`press.page.revisions.read` returns them.
    page : str
        Address of the list on the site.
    authors : tuple of str

    Returns
    -------
    str
    """

    def identity(*parts: str) -> str:
        # The same in every build, and there before the site has an address.
        return uuid.uuid5(uuid.NAMESPACE_OID, "\n".join((title, *parts))).urn

    newest = sorted(entries, key=lambda entry: entry[1], reverse=True)
    days = [f"{day.isoformat()}T00:00:00Z" for _, day, _, _ in newest]
    names = "".join(f"<author><name>{html.escape(name)}</name></author>" for name in authors)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{html.escape(title)}: corrections and revisions</title><id>{identity()}</id>",
        f"<updated>{days[0] if days else '1970-01-01T00:00:00Z'}</updated>{names}",
        f'<link href="{html.escape(page)}"/>',
    ]
    for (kind, _, what, which), day in zip(newest, days, strict=True):
        told = f"{what} Exhibits: {which.replace('`', '')}."
        parts.append(
            f"<entry><title>{html.escape(f'{kind}: {beginning(what)}')}</title><id>{identity(kind, day, what)}</id>"
            f'<updated>{day}</updated><link href="{html.escape(page)}"/><content type="text">{html.escape(told)}</content></entry>'
        )
    return "\n".join([*parts, "</feed>\n"])
