"""Roles and directives with which a page shows what notebooks have published.

    ```{exhibit} ch1-spending            a figure or table, numbered, with note, source, data and downloads
    {value}`ch1-spread`                  a published number; {value}`ch1-spread:.0f` prints it in another format
    {tests}`ch1-falls`                   how many tests a verdict is one of, and how they were adjusted
    ```{exhibit-list}, ```{value-list}, ```{test-list}   the registries of everything published

All of them resolve to standard docutils nodes, so that every builder can render them; what only a web page can
do (live charts, downloads, the table behind) is in nodes of its own that other builders skip or take for their parents. Each use is recorded with the
digest of what it shows, which is how the extension knows the pages to render again.

Not here: deciding what is out of date (``press``), reading the store (``press.published``).
"""

from __future__ import annotations

import html
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from press import published
from press.errors import BookError
from press.page import citing, reading
from press.run import percent
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# Pictures of a figure that stand in the page itself, by the width that they are made for.
VARIANTS = ("wide", "narrow")
OPTION = re.compile(r"(?:^|\s)--[a-z]")  # of a command, which typography would turn into a dash that no shell knows
FILES = {"csv": "data (CSV)", "xlsx": "workbook (XLSX)", "json": "description (JSON)"}
PICTURES = {"svg": "picture (SVG)", "png": "picture (PNG)"}


class value(nodes.inline):
    """A published number in running text; carries what a card says of it to readers who point at it."""


class chart(nodes.image):
    """The picture of a figure: on the web its fragments, where it has some, that a script can read."""


class area_row(nodes.row):
    """A row of a table that is about an area, perhaps that of the reader."""


class header_cell(nodes.entry):
    """The header of a column or a row."""


class figure(nodes.figure):
    """A figure without number. Sphinx numbers by class, and writers find their methods by its name."""


class table(nodes.table):
    """A table without number."""


class page_link(nodes.inline):
    """A cell of a table that leads to a page of the book, in a state that its address says; on paper, the cell alone."""


class fold(nodes.General, nodes.Element):
    """A part of a list that is folded under the title of a page; other media show it open."""


class exhibit_tools(nodes.General, nodes.Element):
    """The part of an exhibit that only a web page can offer: downloads, citation, data table."""


def place(directive: SphinxDirective | SphinxRole) -> str:
    """Return ``file:line`` of a directive or role, for an error message."""
    source, line = directive.get_source_info()
    return f"{directive.env.doc2path(directive.env.docname, base=False)}:{line}" if source else ""


def words(directive: SphinxDirective | SphinxRole) -> ModuleType:
    """Return the module of the book's package that writes numbers and sources."""
    return session(directive.env.app).contract.numbers


def is_authored(text: str, source: str | Path) -> bool:
    """Say whether raw text stands in the source of its page; what directives make of their own accord does not."""
    return text.strip().split("\n")[0] in Path(source).read_text("utf-8-sig")


def ancestors(node: nodes.Element) -> Iterator[nodes.Element]:
    """Yield the element around a node, the one around that, and so on."""
    while node.parent is not None:
        node = node.parent
        yield node


def line_of(node: nodes.Element) -> int:
    """Return the line of a node, or of the nearest one around it that knows its line; zero where none does."""
    return next((around.line for around in (node, *ancestors(node)) if around.line), 0)


def record_use(env: BuildEnvironment, key: str) -> None:
    """Record that the page being read shows something, with the digest it has now."""
    memory(env).uses.setdefault(env.docname, {})[key] = session(env.app).published.digests[key]


class ValueRole(SphinxRole):
    """``{value}`id``` or ``{value}`id:format```: a number that a notebook has published."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, linked to its exhibit or to its entry in the list of values."""
        identifier, _, specification = self.text.partition(":")
        metadata = session(self.env.app).published.values.get(identifier)
        if metadata is None:
            raise BookError(unknown("value", identifier, session(self.env.app).published.values), place(self))
        try:
            text = words(self).format_value(metadata, specification or None)
        except words(self).WordingError as error:
            raise BookError(str(error), place(self)) from None
        record_use(self.env, f"value:{identifier}")
        target = metadata["exhibit"] or f"value-{identifier}"
        number = value(self.rawtext, "", classes=["value"], card=self._card(metadata))
        number += link(target, nodes.inline("", text))
        return [number], []

    def _card(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """Return what the card of a number says: its parts, its source, and where it comes from."""
        shown = session(self.env.app).published.exhibits.get(metadata["exhibit"], {})
        numeric = not isinstance(metadata["obs_value"], str)
        found = {
            "what": metadata["note"],
            "unit": metadata["unit"] if numeric else "",
            "error": f"{metadata['std_error']:.2g}" if metadata["std_error"] is not None else "",
            "n": str(metadata["n_obs"]) if metadata["n_obs"] is not None else "",
            "period": str(metadata["time_period"]),
            "source": words(self).source_line(metadata),
            "rows": "yes" if shown.get("kind") == "figure" else "",
        }
        nodes_after = session(self.env.app).source_links(metadata["indicators"])
        links = [node for part in nodes_after for node in part.findall(addnodes.pending_xref)]
        entries = [(node.astext(), node["reftarget"]) for node in links]
        return {
            "said": found,
            "cell": metadata["notebook"],
            "anchor": metadata["exhibit"] if shown else "",
            "entries": entries,
        }


class TestsRole(SphinxRole):
    """``{tests}`id```: how many tests a verdict is one of, and how they were adjusted."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the size of the family, linked to its line in the register of tests."""
        published = session(self.env.app).published
        metadata = published.tests.get(self.text)
        if metadata is None:
            raise BookError(unknown("family of tests", self.text, published.tests), place(self))
        record_use(self.env, f"tests:{self.text}")
        said = words(self).mention_tests(metadata)
        number = value(
            self.rawtext, "", classes=["value"], card={"said": {"what": words(self).describe_tests(metadata)}}
        )
        number += link(f"tests-{self.text}", nodes.inline("", said))
        return [number], []


class TestListDirective(SphinxDirective):
    """```{test-list}```: the register of all tests, one line a family."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        record_use(self.env, "registry")
        published = session(self.env.app).published
        labels = ("Family", "Each test asks", "Tests", "Significant", "Adjusted by", "Shown in", "Analysis")
        columns = [{"label": label, "numeric": label in ("Tests", "Significant")} for label in labels]
        body = nodes.tbody()
        for identifier, metadata in sorted(published.tests.items()):
            shown = published.exhibits.get(metadata["exhibit"])
            name = nodes.inline("", "", nodes.literal("", identifier), names=[f"tests-{identifier}"])
            self.state.document.note_explicit_target(name, name)
            cells = [
                name, metadata["question"], str(metadata["n_tests"]), str(metadata["n_significant"]),
                metadata["adjustment"] or "one test", exhibit_link(shown) if shown else "text", analysis_link(metadata),
            ]  # fmt: skip
            body += row(cells, columns)
        group = nodes.tgroup("", *[nodes.colspec(colwidth=width) for width in (20, 30, 7, 9, 16, 10, 14)], cols=7)
        group += [nodes.thead("", row([column["label"] for column in columns], columns)), body]
        return [nodes.table("", group, classes=["registry"])]


class ExhibitDirective(SphinxDirective):
    """```{exhibit} id```: a figure or table that a notebook has published.

    With the option ``early`` print has it for its pages from the beginning of the section on, and not from where the text
    speaks of it.
    """

    required_arguments = 1
    option_spec = {"early": directives.flag}  # noqa: RUF012 - docutils reads a class attribute

    def run(self) -> list[nodes.Node]:
        """Return the exhibit that the directive names."""
        return self.show(self.arguments[0])

    def show(self, identifier: str) -> list[nodes.Node]:
        """Return an exhibit; on an analysis page without number, since another page is its home."""
        metadata = session(self.env.app).published.exhibits.get(identifier)
        if metadata is None:
            raise BookError(unknown("exhibit", identifier, session(self.env.app).published.exhibits), place(self))
        record_use(self.env, f"exhibit:{identifier}")
        container = nodes.container(classes=["exhibit", f"exhibit-{metadata['kind']}"])
        if self.env.docname.startswith("notebooks/"):
            container += self._body(metadata, titled=False)
            numbered = not metadata.get("collection")
            shown = nodes.paragraph("", "Shown as ", classes=["exhibit-home"])
            shown += exhibit_link(metadata)
            shown += nodes.Text(f": {metadata['title']}." if numbered else ".")
            container += shown
            return [container]
        home = memory(self.env).homes.setdefault(identifier, (self.env.docname, place(self)))
        if home != (self.env.docname, place(self)):
            raise BookError(
                f"the exhibit {identifier!r} is already shown at {home[1]}; refer to it with"
                f" {{numref}}`{identifier}` instead",
                place(self),
            )
        body = self._body(metadata, titled=True)
        container += [body, self._foot(metadata)]
        container["early"] = "early" in self.options
        body["names"].append(identifier)
        self.state.document.note_explicit_target(body, body)
        return [container]

    def _body(self, metadata, *, titled):
        """Return the figure or table node."""
        make = self._figure if metadata["kind"] == "figure" else self._table
        return make(metadata, titled)

    @staticmethod
    def _figure(metadata, titled):
        image = chart(uri=f"/_build/published/exhibits/{metadata['id']}.*", alt=metadata["alt"], exhibit=metadata["id"])
        made = (figure if metadata.get("collection") else nodes.figure)("", image, align="default")
        if titled:
            made += nodes.caption("", "", *caption(metadata))
        return made

    def _table(self, metadata, titled):
        columns, read = list(metadata["columns"].values()), reading.read(metadata)
        made = (table if metadata.get("collection") else nodes.table)(classes=["exhibit-table"])
        if titled:
            made += nodes.title("", "", *caption(metadata))
        group = nodes.tgroup(cols=len(columns))
        group += [nodes.colspec(colwidth=1) for _ in columns]
        group += nodes.thead("", row([column["label"] for column in columns], columns, scopes=["col"] * len(columns)))
        pages = metadata.get("links") or [[""] * len(columns)] * len(metadata["rows"])
        linked = [map(self._cell, columns, *pair) for pair in zip(metadata["rows"], pages, strict=True)]
        body = [row(cells, columns, area_row, ["row"]) for cells in linked]
        for line, code, errors in zip(body, read.areas, read.errors, strict=True):
            line["area"], line["errors"] = code, errors
        group += nodes.tbody("", *body)
        made += group
        return made

    def _cell(self, column, text, address):
        """Return a cell, with a link where its address names a page; a command with options is code, whose dashes stay."""
        if column.get("code") or OPTION.search(text):
            return nodes.literal("", text)
        page, _, query = address.partition("?")
        if page and page not in self.env.found_docs:
            raise BookError(f"a cell of the exhibit leads to the page {page!r}, which is none", place(self))
        return page_link("", text, page=page, query=query) if page else text

    def _foot(self, metadata):
        """Return note, limits, source, and the tools of the web page."""
        foot = nodes.container(classes=["exhibit-foot"])
        for label, text in [
            ("Note", metadata["note"]),
            ("What it does not show", metadata["limits"]),
            ("Source", words(self).source_line(metadata) + "."),
        ]:
            if text:
                kind = "exhibit-source" if label == "Source" else "exhibit-note"
                foot += nodes.paragraph("", "", nodes.strong("", f"{label}: "), nodes.Text(text), classes=[kind])
        foot[-1] += session(self.env.app).source_links(metadata["indicators"])
        cited = {key: metadata.get(key, "") for key in ("id", "kind", "title", "collection")}
        foot += exhibit_tools(cited=cited, content=tools(metadata, words(self).licence_line(metadata)))
        files = f"Data, code and citation: exhibits/{metadata['id']} in the web edition."
        foot += nodes.paragraph("", files, classes=["exhibit-permalink", "only-print"], exhibit=metadata["id"])
        return foot


class ExhibitListDirective(SphinxDirective):
    """```{exhibit-list}```: the registry of all numbered exhibits, in the order of the book."""

    def run(self) -> list[nodes.Node]:
        """Return the table of all exhibits."""
        env = self.env
        record_use(env, "registry")
        columns = [{"label": label, "numeric": False} for label in ("Exhibit", "Message", "Analysis", "Indicators")]
        body = nodes.tbody()
        for identifier, metadata in sorted(session(env.app).published.exhibits.items()):
            if metadata.get("collection"):
                continue
            cells = [
                exhibit_link(metadata),
                nodes.Text(metadata["title"]),
                analysis_link(metadata),
                nodes.Text(", ".join(metadata["indicators"])),
            ]
            body += row(cells, columns)
            body[-1]["exhibit"] = identifier
        group = nodes.tgroup("", *[nodes.colspec(colwidth=width) for width in (12, 40, 18, 30)], cols=4)
        group += nodes.thead("", row([column["label"] for column in columns], columns))
        group += body
        return [nodes.table("", group, classes=["registry"])]


class ValueListDirective(SphinxDirective):
    """```{value-list}```: every number that prose may quote, with what it is; folded by the analysis that computed it."""

    def run(self) -> list[nodes.Node]:
        """Return for each analysis a definition list with one entry a value, each a link target."""
        env = self.env
        record_use(env, "registry")
        published = sorted(
            session(env.app).published.values.items(), key=lambda entry: (entry[1]["notebook"], entry[0])
        )
        container = nodes.container(classes=["registry", "only-web"])
        for name, values in groupby(published, lambda entry: entry[1]["notebook"]):
            entries = nodes.definition_list()
            for identifier, metadata in values:
                term = nodes.term("", "", nodes.literal("", identifier), names=[f"value-{identifier}"])
                self.state.document.note_explicit_target(term, term)
                item = nodes.definition_list_item("", term)
                text = (
                    f"{words(self).describe_value(metadata)}. Source: {words(self).source_line(metadata)}. Analysis: "
                )
                paragraph = nodes.paragraph("", text)
                paragraph += analysis_link(metadata)
                item += nodes.definition("", paragraph)
                entries += item
            container += fold("", entries, page=f"notebooks/{name}", count=len(entries))
        return [container]


class NotebookDownloadDirective(SphinxDirective):
    """Offer the executed notebook of an analysis page, which lies beside the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a paragraph with the link."""
        link_text = nodes.reference("", "Download this executed notebook (.ipynb)", refuri=f"{self.arguments[0]}.ipynb")
        return [nodes.paragraph("", "", link_text, classes=["notebook-download", "only-web"])]


class CodeAnchorDirective(SphinxDirective):
    """Mark the notebook cell that publishes an exhibit, so that the exhibit can link to it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return an empty target."""
        return [nodes.container(ids=[f"code-{self.arguments[0]}"], classes=["code-anchor"])]


def caption(metadata: dict[str, Any]) -> list[nodes.Node]:
    """Return the title of an exhibit, the message first and the statistics after it."""
    return [
        nodes.inline("", metadata["title"], classes=["exhibit-title"]),
        nodes.Text(". "),
        nodes.inline("", metadata["subtitle"], classes=["exhibit-subtitle"]),
    ]


def row(
    cells: Iterable[str | nodes.Node],
    columns: Iterable[dict[str, Any]],
    kind: type[nodes.row] = nodes.row,
    scopes: Iterable[str] = (),
) -> nodes.row:
    """Return a table row; numbers are right-aligned, and the first cells are headers of what ``scopes`` says."""
    entries, heads = [], iter(scopes)
    for cell, column in zip(cells, columns, strict=True):
        content, scope = nodes.Text(cell) if isinstance(cell, str) else cell, next(heads, "")
        entry = header_cell(scope=scope, role=column.get("role", "")) if scope else nodes.entry()
        entry += nodes.paragraph("", "", content)
        entry["classes"] += ["text-right"] if column["numeric"] else []
        entries.append(entry)
    return kind("", *entries)


def link(
    target: str, content: nodes.Node, kind: str = "ref", explicit: bool = True, named: bool = False
) -> addnodes.pending_xref:
    """Return a cross-reference that Sphinx resolves to the target's page, or reports as broken.

    One that shows a name is ``named``: numbers in it are no statistics.
    """
    return addnodes.pending_xref(
        "", content, refdomain="std", reftype=kind, reftarget=target, refexplicit=explicit, refwarn=True, named=named
    )


def exhibit_link(metadata: dict[str, Any]) -> addnodes.pending_xref:
    """Return a reference to an exhibit: its number, or its title where it is one of a collection."""
    if metadata.get("collection"):
        return link(metadata["id"], nodes.inline("", metadata["title"]))
    return link(metadata["id"], nodes.inline("", ""), kind="numref", explicit=False)


def analysis_link(metadata: dict[str, Any]) -> addnodes.pending_xref:
    """Return a link to the analysis page that published something."""
    name = metadata["notebook"]
    return link(f"/notebooks/{name}", nodes.inline("", name), kind="doc")


def unknown(kind: str, identifier: str, known: Iterable[str]) -> str:
    """Say that no notebook publishes an id, and which known one may be meant."""
    from difflib import get_close_matches

    close = get_close_matches(identifier, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "the command `exhibits` lists all that are published"
    return f"no notebook publishes the {kind} {identifier!r}; {hint}"


def tools(metadata: dict[str, Any], licence: str) -> str:
    """Return the web tools of an exhibit as HTML.

    Marks stand for what is known only when the page is written: ``%ROOT%`` for the path to the site's root, ``%PART%`` for
    the exhibit's number, ``%BEHIND%`` for the table behind a figure, ``%CITATION%``, ``%FROZEN%`` for
    its published forms, and ``%ADDRESS%`` for that of the page of the exhibit alone.
    """
    identifier, title = html.escape(metadata["id"]), html.escape(metadata["title"], quote=True)
    files = FILES | (PICTURES if metadata["kind"] == "figure" else {})
    of = '<span class="unseen"> of %PART%</span>'
    downloads = ", ".join(
        f'<a href="%ROOT%exhibits/{identifier}.{suffix}" download>{name}{of}</a>' for suffix, name in files.items()
    )
    # The notebook shows one exhibit of a collection, and so has a place for that one only.
    at, where = ("", "the notebook") if metadata.get("collection") else (f"#code-{identifier}", "the notebook cell")
    code = f'<a href="%ROOT%notebooks/{metadata["notebook"]}.html{at}">{where}{of}</a>'
    frame = f'<iframe src="%ADDRESS%" title="{title}" width="100%" height="640" loading="lazy"></iframe>'
    return (
        f'<p class="exhibit-links"><span>Download: {downloads}</span>'
        f'<span>Code: {code}</span><span><a href="%ROOT%exhibits/{identifier}/index.html">Link to this {metadata["kind"]}{of}</a></span></p>'
        f"%BEHIND%"
        f"<details><summary>Cite and reuse %PART%</summary>%CITATION%%FROZEN%"
        f'<p class="exhibit-licence">{html.escape(licence)}</p></details>'
        f'<details class="embed"><summary>Embed %PART%</summary><p>Put this into your page:</p>'
        f"<pre>{html.escape(frame)}</pre></details>"
    )


def visit_chart(translator: Any, node: nodes.Element) -> None:
    """Write the picture of a figure: its fragments, of which the style sheet shows one, or the file."""
    metadata = session(translator.builder.app).published.exhibits[node["exhibit"]]
    files = [metadata["folder"] / f"{metadata['id']}.{variant}.svg" for variant in VARIANTS]
    if translator.builder.name != "html" or not all(file.exists() for file in files):
        translator.visit_image(node)
        return
    alternative = html.escape(node["alt"], quote=True)
    drawn = "".join(file.read_text("utf-8") for file in files)
    translator.body.append(f'<div class="chart" role="img" aria-label="{alternative}">{drawn}</div>')


def depart_chart(translator: Any, node: nodes.Element) -> None:
    """Nothing is left open."""


def visit_area_row(translator: Any, node: nodes.Element) -> None:
    """Open a row with its area."""
    translator.visit_row(node)
    if translator.builder.name != "html":  # no script asks for it
        return
    known = reading.row(node["area"], node["errors"], session(translator.builder.app).areas)
    about = "".join(reading.attribute(name, text) for name, text in known.items())
    translator.body[-1] = translator.body[-1].replace("<tr", f"<tr{about}", 1)


def depart_area_row(translator: Any, node: nodes.Element) -> None:
    """Close it."""
    translator.depart_row(node)


def visit_header_cell(translator: Any, node: nodes.Element) -> None:
    """Open the header of a column or a row."""
    node.parent.column += 1
    shown = {"scope": node["scope"], **({"data-role": node["role"]} if node["role"] else {})}
    translator.body.append(translator.starttag(node, "th", "", CLASS="head" if node["scope"] == "col" else "", **shown))


def depart_header_cell(translator: Any, node: nodes.Element) -> None:
    """Close it."""
    translator.body.append("</th>\n")


def visit_value(translator: Any, node: nodes.Element) -> None:
    """Open a number; what its card says stands in attributes, so that the page without script has the link alone.

    Addresses are those from the root of the site, since what stands on a page may be shown at another address, too.
    """
    card, builder = node["card"], translator.builder
    if builder.name != "html":
        translator.body.append('<span class="value">')
        return
    said = dict(card["said"])
    if "cell" in card:
        at = f"#code-{card['anchor']}" if card["anchor"] else ""
        said["cell"] = f"notebooks/{card['cell']}.html{at}"
    known = [(text, address(builder, label)) for text, label in card.get("entries", ())]
    said["entries"] = " ".join(f"{text}={found}" for text, found in known if found)
    shown = "".join(reading.attribute(f"data-{name}", text) for name, text in said.items())
    translator.body.append(f'<span class="value"{shown}>')


def address(builder: Any, label: str) -> str:
    """Return the address of a labelled place from the root of the site; nothing if there is none."""
    known = builder.env.get_domain("std").anonlabels.get(label)
    return f"{builder.get_target_uri(known[0])}#{known[1]}" if known else ""


def depart_value(translator: Any, node: nodes.Element) -> None:
    """Close a number."""
    translator.body.append("</span>")


def visit_page_link(translator: Any, node: nodes.Element) -> None:
    """Open a link to a page in a certain state."""
    builder = translator.builder
    if builder.name != "html":  # a state is of the web alone
        translator.body.append("<span>")
        return
    address = builder.get_relative_uri(builder.current_docname, node["page"])
    address += f"?{node['query']}" if node["query"] else ""
    translator.body.append(f'<a class="reference internal" href="{html.escape(address, quote=True)}">')


def depart_page_link(translator: Any, node: nodes.Element) -> None:
    """Close it."""
    translator.body.append("</a>" if translator.builder.name == "html" else "</span>")


def visit_exhibit_tools(translator: Any, node: nodes.Element) -> None:
    """Write the web tools of an exhibit."""
    if translator.builder.name != "html":
        raise nodes.SkipNode
    root = "../" * translator.builder.current_docname.count("/")
    # Here and not before, because numbers of exhibits are known only once all pages are read.
    app = translator.builder.app
    work = citing.exhibit(app, node["cited"])
    metadata = session(app).published.exhibits[work.key]
    known = {
        "BEHIND": reading.table(metadata, session(app).areas) if metadata["kind"] == "figure" else "",
        # One of a collection has no number; its title tells it from others of the page.
        "PART": html.escape(work.part if work.number else work.title, quote=True),
        "CITATION": citing.as_html(work, root),
        "FROZEN": session(app).frozen(work.key, root),
        "ADDRESS": html.escape(
            html.escape(citing.address(app, f"exhibits/{work.key}/") or f"{root}exhibits/{work.key}/")
        ),
        "ROOT": root,
    }
    content = node["content"]
    for mark, text in known.items():
        content = content.replace(f"%{mark}%", text)
    translator.body.append(content)
    raise nodes.SkipNode


def visit_fold(translator: Any, node: nodes.Element) -> None:
    """Open a folded part of a list."""
    title = translator.builder.env.titles[node["page"]].astext()
    translator.body.append(f"<details><summary>{html.escape(title)} ({node['count']})</summary>")


def depart_fold(translator: Any, node: nodes.Element) -> None:
    """Close it."""
    translator.body.append("</details>")


def unfolded(translator: Any, node: nodes.Element) -> None:
    """Add nothing to what is folded on the web."""


def skip(translator: Any, node: nodes.Element) -> None:
    """Leave out what only a web page can offer."""
    raise nodes.SkipNode


def executed_source(name: str, source: str, executed: str, media_type: str) -> tuple[str, str]:
    """Join a notebook's current prose with the results of its execution.

    Parameters
    ----------
    name : str
        Name of the notebook.
    source : str
        Text of the notebook in Jupytext's percent format.
    executed : str
        The executed notebook as JSON.
    media_type : str
        That of a published exhibit.

    Returns
    -------
    page, download : str
        The notebook as JSON: for the page, with a directive for each published exhibit; and for readers who
        download it, with the pictures in it.
    """
    import nbformat

    notebook = percent.read(source)
    results = nbformat.reads(executed, as_version=4)
    outputs = [cell for cell in results.cells if cell.cell_type == "code"]
    for cell, result in zip([cell for cell in notebook.cells if cell.cell_type == "code"], outputs, strict=True):
        cell.outputs, cell.execution_count = result.outputs, result.execution_count
    notebook.metadata = results.metadata
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    download = nbformat.writes(notebook) + "\n"
    begins = percent.cell_lines(source)
    # Without this MyST-NB would tell mistakes with lines of its own count, ten thousand a cell.
    known = begins if len(begins) == len(notebook.cells) else [0] * len(notebook.cells)
    cells, lines = [], []
    for cell, line in zip(notebook.cells, known, strict=True):
        found = [(output, published.exhibit_of(output, media_type)) for output in cell.get("outputs", [])]
        shown = [identifier for _, identifier in found if identifier]
        around = [directive_cell("exhibit-code", identifier) for identifier in shown]
        around += [cell, *(directive_cell("exhibit", identifier) for identifier in shown)]
        cells += around
        lines += [max(line - 1, 0)] * len(around)  # it adds one for its own count and one for the mark
        if shown:
            cell.outputs = [output for output, identifier in found if not identifier]
    # After the first cell, which holds the title of the page.
    cells.insert(1, nbformat.v4.new_markdown_cell(f"```{{notebook-download}} {name}\n```", id="notebook-download"))
    lines.insert(1, lines[0])
    notebook.cells, notebook.metadata["source_map"] = cells, lines
    return nbformat.writes(notebook), download


def directive_cell(name: str, identifier: str) -> Any:
    """Return a Markdown cell that holds one directive for an exhibit."""
    import nbformat

    return nbformat.v4.new_markdown_cell(f"```{{{name}}} {identifier}\n```", id=f"{name}-{identifier}"[:64])


def setup(app: Sphinx) -> None:
    """Register nodes, roles and directives."""
    app.add_node(value, html=(visit_value, depart_value))
    open_ = (unfolded, unfolded)
    app.add_node(fold, html=(visit_fold, depart_fold), latex=open_, text=open_, man=open_, texinfo=open_)
    app.add_node(chart, html=(visit_chart, depart_chart))
    app.add_node(area_row, html=(visit_area_row, depart_area_row))
    app.add_node(header_cell, html=(visit_header_cell, depart_header_cell))
    app.add_node(page_link, html=(visit_page_link, depart_page_link))
    app.add_node(
        exhibit_tools,
        html=(visit_exhibit_tools, None),
        latex=(skip, None),
        text=(skip, None),
        man=(skip, None),
        texinfo=(skip, None),
    )
    app.add_role("value", ValueRole())
    app.add_role("tests", TestsRole())
    app.add_directive("test-list", TestListDirective)
    app.add_directive("exhibit", ExhibitDirective)
    app.add_directive("exhibit-code", CodeAnchorDirective)
    app.add_directive("notebook-download", NotebookDownloadDirective)
    app.add_directive("exhibit-list", ExhibitListDirective)
    app.add_directive("value-list", ValueListDirective)
