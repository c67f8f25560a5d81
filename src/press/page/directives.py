"""Roles and directives with which a page shows what notebooks have published.

    ```{exhibit} ch1-spending            a figure or table, numbered, with note, source, data and downloads
    {value}`ch1-spread`                  a published number; {value}`ch1-spread:.0f` prints it in another format
    {tests}`ch1-falls`                   how many tests a verdict is one of, and how they were adjusted
    ```{exhibit-list}, ```{value-list}, ```{test-list}   the registries of everything published

All of them resolve to standard docutils nodes, so that every builder can render them; what only a web page can
do (downloads, folding data table) is one node of its own that other builders skip. Each use is recorded with the
digest of what it shows, which is how the extension knows the pages to render again.

Not here: deciding what is out of date (``press``), reading the store (``press.published``).
"""

from __future__ import annotations

import csv
import html
import json
from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from press.errors import BookError
from press.page import citing
from press.run import percent
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# A longer table makes a page slow on a phone; the rest is one click away in the CSV file.
ROWS_ON_PAGE = 200


class value(nodes.inline):
    """A published number in running text; carries its description for readers who point at it."""


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


def ancestors(node: nodes.Element) -> Iterator[nodes.Element]:
    """Yield the element around a node, the one around that, and so on."""
    while node.parent is not None:
        node = node.parent
        yield node


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
        number = value(self.rawtext, "", classes=["value"], description=words(self).describe_value(metadata))
        number += link(target, nodes.inline("", text))
        return [number], []


class TestsRole(SphinxRole):
    """``{tests}`id```: how many tests a verdict is one of, and how they were adjusted."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the size of the family, linked to its line in the register of tests."""
        published = session(self.env.app).published
        metadata = published.tests.get(self.text)
        if metadata is None:
            raise BookError(unknown("family of tests", self.text, published.tests), place(self))
        record_use(self.env, f"tests:{self.text}")
        count = metadata["n_tests"]
        said = f"{count} test{'s' * (count > 1)}" + (f", {metadata['adjustment']}" if metadata["adjustment"] else "")
        number = value(self.rawtext, "", classes=["value"], description=words(self).describe_tests(metadata))
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
    """```{exhibit} id```: a figure or table that a notebook has published."""

    required_arguments = 1

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
        body["names"].append(identifier)
        self.state.document.note_explicit_target(body, body)
        return [container]

    def _body(self, metadata, *, titled):
        """Return the figure or table node."""
        make = self._figure if metadata["kind"] == "figure" else self._table
        return make(metadata, titled)

    @staticmethod
    def _figure(metadata, titled):
        image = nodes.image(uri=f"/_build/published/exhibits/{metadata['id']}.*", alt=metadata["alt"])
        made = (figure if metadata.get("collection") else nodes.figure)("", image, align="default")
        if titled:
            made += nodes.caption("", "", *caption(metadata))
        return made

    def _table(self, metadata, titled):
        columns = metadata["columns"].values()
        made = (table if metadata.get("collection") else nodes.table)(classes=["exhibit-table"])
        if titled:
            made += nodes.title("", "", *caption(metadata))
        group = nodes.tgroup(cols=len(columns))
        group += [nodes.colspec(colwidth=1) for _ in columns]
        group += nodes.thead("", row([column["label"] for column in columns], columns))
        pages = metadata.get("links") or [[""] * len(columns)] * len(metadata["rows"])
        linked = [map(self._cell, *pair) for pair in zip(metadata["rows"], pages, strict=True)]
        group += nodes.tbody("", *[row(cells, columns) for cells in linked])
        made += group
        return made

    def _cell(self, text, address):
        """Return a cell, with a link where its address names a page."""
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
        foot += nodes.paragraph("", files, classes=["exhibit-permalink", "only-print"])
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


def row(cells: Iterable[str | nodes.Node], columns: Iterable[dict[str, Any]]) -> nodes.row:
    """Return a table row; numbers are right-aligned."""
    entries = []
    for cell, column in zip(cells, columns, strict=True):
        content = nodes.Text(cell) if isinstance(cell, str) else cell
        entry = nodes.entry("", nodes.paragraph("", "", content))
        entry["classes"] += ["text-right"] if column["numeric"] else []
        entries.append(entry)
    return nodes.row("", *entries)


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
    """Return the web tools of an exhibit as HTML, with marks for the path to the site's root and for the citation."""
    identifier = html.escape(metadata["id"])
    suffixes = ["csv", "xlsx", "json"] + (["svg", "png"] if metadata["kind"] == "figure" else [])
    downloads = " ".join(
        f'<a href="%ROOT%exhibits/{identifier}.{suffix}" download>{suffix.upper()}</a>' for suffix in suffixes
    )
    # The notebook shows one exhibit of a collection, and so has a place for that one only.
    at, where = ("", "the notebook") if metadata.get("collection") else (f"#code-{identifier}", "the notebook cell")
    code = f'<a href="%ROOT%notebooks/{metadata["notebook"]}.html{at}">{where}</a>'
    return (
        f'<p class="exhibit-links"><span>Download: {downloads}</span>'
        f'<span>Code: {code}</span><span><a href="%ROOT%exhibits/{identifier}/index.html">Permalink</a></span></p>'
        f"<details><summary>Cite and reuse</summary>%CITATION%"
        f"<p>{html.escape(licence)}</p></details>"
        f"<details><summary>Show the data</summary>{data_table(metadata)}</details>"
    )


def data_table(metadata: dict[str, Any]) -> str:
    """Return the data behind an exhibit as an HTML table."""
    path = metadata["folder"] / f"{metadata['id']}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>" for cells in rows[:ROWS_ON_PAGE]
    )
    rest = len(rows) - ROWS_ON_PAGE
    more = f"<p>{rest} more rows are in the CSV file.</p>" if rest > 0 else ""
    label = html.escape(f"Data behind: {metadata['title']}")
    return (
        f'<div class="exhibit-data" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def visit_value(translator: Any, node: nodes.Element) -> None:
    """Open a number; pointing at it shows what it is."""
    title = html.escape(node["description"], quote=True)
    translator.body.append(f'<span class="value" title="{title}">')


def depart_value(translator: Any, node: nodes.Element) -> None:
    """Close a number."""
    translator.body.append("</span>")


def visit_page_link(translator: Any, node: nodes.Element) -> None:
    """Open a link to a page in a certain state."""
    builder = translator.builder
    address = builder.get_relative_uri(builder.current_docname, node["page"])
    address += f"?{node['query']}" if node["query"] else ""
    translator.body.append(f'<a class="reference internal" href="{html.escape(address, quote=True)}">')


def depart_page_link(translator: Any, node: nodes.Element) -> None:
    """Close it."""
    translator.body.append("</a>")


def visit_exhibit_tools(translator: Any, node: nodes.Element) -> None:
    """Write the web tools of an exhibit."""
    root = "../" * translator.builder.current_docname.count("/")
    # Here and not before, because numbers of exhibits are known only once all pages are read.
    citation = citing.as_html(citing.exhibit(translator.builder.app, node["cited"]), root)
    translator.body.append(node["content"].replace("%CITATION%", citation).replace("%ROOT%", root))
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


def executed_source(name: str, source: str, executed: str, media_type: str) -> tuple[str, str, set[str]]:
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
    shown : set of str
        Ids of the exhibits that the cells show.
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
    cells, identifiers, lines = [], set(), []
    for cell, line in zip(notebook.cells, known, strict=True):
        found = [(output, exhibit_of(output, media_type)) for output in cell.get("outputs", [])]
        shown = [identifier for _, identifier in found if identifier]
        identifiers.update(shown)
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
    return nbformat.writes(notebook), download, identifiers


def exhibit_of(output: dict[str, Any], media_type: str) -> str | None:
    """Return the id of the exhibit that a cell's output shows, or None."""
    entry = output.get("data", {}).get(media_type)
    return json.loads(entry)["id"] if isinstance(entry, str) else (entry or {}).get("id")


def directive_cell(name: str, identifier: str) -> Any:
    """Return a Markdown cell that holds one directive for an exhibit."""
    import nbformat

    return nbformat.v4.new_markdown_cell(f"```{{{name}}} {identifier}\n```", id=f"{name}-{identifier}"[:64])


def setup(app: Sphinx) -> None:
    """Register nodes, roles and directives."""
    app.add_node(value, html=(visit_value, depart_value))
    open_ = (unfolded, unfolded)
    app.add_node(fold, html=(visit_fold, depart_fold), latex=open_, text=open_, man=open_, texinfo=open_)
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
