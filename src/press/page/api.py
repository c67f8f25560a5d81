"""The reference of the package: a directive that lists what is public in a module, from the source itself.

    ```{api} depths```         every public function and class: signature, what it does, parameters, who uses it

Functions of the module that the contract names as ``charts`` come with the first figure of the book that was drawn with them. Source is read, not
imported: a build does not wait for pandas, and a server that has been running for hours shows today's docstrings.
Docstrings are in NumPy style, which Sphinx's own Napoleon turns into field lists.

Not here: prose about the package, which belongs into the page.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from docutils import nodes
from docutils.core import publish_doctree
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import NumpyDocstring
from sphinx.util.docutils import SphinxDirective

from press import settings
from press.errors import BookError
from press.page.directives import analysis_link, exhibit_link, place, record_use
from press.run.dependencies import file_digest, package_folder
from press.session import memory, session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

KEY = "api:"  # and the name of a module
NAPOLEON = Config(napoleon_use_param=True, napoleon_use_ivar=True, napoleon_use_rtype=False)
# Fields of Napoleon's output that are a list of names, with the heading under which they are shown.
NAMED = {"param": "Parameters", "keyword": "Parameters", "ivar": "Attributes", "raises": "Errors"}


class Entry(NamedTuple):
    """What the page says of a function or class, as plain data: while it says the same, it is not read again.

    Attributes
    ----------
    target : str
        By which it is referred to.
    signature, docstring : str
    users : tuple of str
        Notebooks that use it, those of chapters first.
    drawn : tuple
        Id of the first figure that was drawn with it, its alternative text, and its title where it has no number; empty
        where there is none.
    """

    target: str
    signature: str
    docstring: str
    users: tuple[str, ...]
    drawn: tuple[str, ...]


class ApiDirective(SphinxDirective):
    """```{api} module```: what is public in a module of the package."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the module's first paragraph and a definition list with one entry a function or class."""
        module, app = self.arguments[0], self.env.app
        if not sources(package_folder(app.srcdir), module):
            raise BookError(f"the package has no module {module!r}", place(self))
        introduction, entries = found = told(app, module, read_notebooks(app))
        session(app).published.digests[f"{KEY}{module}"] = digest(found)
        record_use(self.env, f"{KEY}{module}")
        listed = nodes.definition_list("", *(self._entry(entry) for entry in entries), classes=["api"])
        return [nodes.container("", *parse(introduction, module)[:1], listed, classes=["registry"])]

    def _entry(self, entry):
        """Return the entry of one function or class."""
        term = nodes.term("", "", nodes.literal("", entry.signature), names=[entry.target])
        self.state.document.note_explicit_target(term, term)
        body = nodes.definition("", *described(parse(entry.docstring, entry.target.removeprefix("api-"))))
        if entry.users:
            links = [[nodes.Text(", "), analysis_link({"notebook": stem})] for stem in entry.users]
            body += nodes.paragraph("", "Used in: ", *[node for pair in links for node in pair][1:])
        if entry.drawn:
            body.insert(1, drawn_with(session(self.env.app).published.exhibits[entry.drawn[0]]))
        return nodes.definition_list_item("", term, body)


def told(app: Sphinx, module: str, notebooks: dict[str, str]) -> tuple[str, list[Entry]]:
    """Return what the page says of a module that notebooks use: its introduction, and its functions and classes."""
    package, contract = package_folder(app.srcdir), session(app).contract
    introduction, definitions = public(package, module)
    front, entries = front_names(package), []
    named = {stem: mentioned(text) for stem, text in notebooks.items()}
    for definition in definitions:
        name = definition.name
        # Targets do not tell capitals apart, and a module may have both `Ratio` and `ratio`.
        kind = "class-" if isinstance(definition, ast.ClassDef) else ""
        # What the package itself offers is called without the name of its module.
        called = name if name in front else f"{module}.{name}"
        users = [stem for stem, names in named.items() if called in names]
        drawn = first_drawn(app, f"{module}.{name}", notebooks) if module == contract.charts else ()
        docstring = ast.get_docstring(definition) or ""
        entries.append(Entry(f"api-{module}-{kind}{name}", signature(definition), docstring, tuple(users), drawn))
    return introduction or "", entries


def sources(package: Path, module: str) -> list[Path]:
    """Return the source files of a module or package, its ``__init__`` first."""
    single = package / f"{module.replace('.', '/')}.py"
    return [single] if single.exists() else sorted((package / module).glob("*.py"))


def front_names(package: Path) -> list[str]:
    """Return what the package itself offers: the names of its ``__all__``."""
    return listed(parsed((package / "__init__.py").read_text("utf-8"))) or []


@cache  # a preview asks with each save
def parsed(source: str) -> ast.Module:
    """Return the syntax tree of a source, always the same one."""
    return ast.parse(source)


def listed(tree: ast.Module) -> list[str] | None:
    """Return the names in ``__all__`` of a module; None where it has none."""
    named = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    return named[0] if named else None


def public(package: Path, module: str) -> tuple[str | None, list[ast.FunctionDef | ast.ClassDef]]:
    """Find what is public in a module.

    Parameters
    ----------
    package : pathlib.Path
        Folder of the package.
    module : str
        Name below it.

    Returns
    -------
    introduction : str
        The module's docstring.
    definitions : list of ast.FunctionDef or ast.ClassDef
        In the order of the source. Public are the names in ``__all__``; without it, all without underscore.
    """
    trees = {path.stem: parsed(path.read_text("utf-8")) for path in sources(package, module)}
    front = next(iter(trees.values()))
    named = listed(front)
    # A part of a package may have a function of the same name for itself: only what the front imports is public.
    parts = {
        (node.module.rpartition(".")[2], alias.name)
        for node in front.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    found = [
        node
        for part, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (tree is front or (part, node.name) in parts)
    ]
    # Errors are named where they are raised.
    found = [node for node in found if not node.name.startswith("_") and not node.name.endswith("Error")]
    # As in Python, the last definition of a name counts.
    last = {node.name: node for node in found}.values()
    return ast.get_docstring(front), [node for node in last if not named or node.name in named]


@cache
def signature(definition: ast.FunctionDef | ast.ClassDef) -> str:
    """Return the signature of a function; types are said in words below it."""
    if isinstance(definition, ast.ClassDef):
        return f"class {definition.name}"
    arguments = definition.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if argument is not None:
            argument.annotation = None
    return f"{definition.name}({ast.unparse(arguments)})"


def parse(docstring: str, name: str) -> list[nodes.Node]:
    """Turn a docstring into nodes.

    Parameters
    ----------
    docstring : str
        In NumPy style.
    name : str
        Whose it is, for the error message.

    Returns
    -------
    list of docutils.nodes.Node

    Raises
    ------
    BookError
        If it is not well-formed.
    """
    # References to code are shown as code: the page that they would lead to is this one.
    document = doctree(re.sub(r":\w+:`~?([^`]+)`|(?<!`)`([^`]+)`(?!`)", r"``\1\2``", inspect.cleandoc(docstring)))
    problems = [message.astext() for message in document.findall(nodes.system_message) if message["level"] > 1]
    if problems:
        raise BookError(f"the docstring of {name} is not well-formed: {problems[0]}")
    return [node.deepcopy() for node in document.children]


@cache  # a preview reads the page again with each change of a notebook
def doctree(text: str) -> nodes.document:
    """Return the doctree of a docstring, always the same one: it must not be changed."""
    lines = NumpyDocstring(text, cast(Any, NAPOLEON), what="function").lines()
    return publish_doctree("\n".join(lines), settings_overrides={"report_level": 5, "_disable_config": True})


def described(parsed: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Bring a parsed docstring into the form of the page: fields by heading, each name with its type."""
    body = []
    for node in parsed:
        body += fields(node) if isinstance(node, nodes.field_list) else [node]
    return body


def fields(listed: nodes.field_list) -> list[nodes.Node]:
    """Turn a list of fields into headings with definition lists."""
    types: dict[str, str] = {}
    groups: dict[str, list[tuple[str, Any]]] = {}
    for field in listed:
        kind, _, name = field[0].astext().partition(" ")
        if kind in ("type", "kwtype", "vartype"):
            types[name] = field[1].astext()
        else:
            groups.setdefault(NAMED.get(kind, kind.capitalize()), []).append((name, field[1].children))
    body = []
    for heading, entries in groups.items():
        body.append(nodes.paragraph("", "", nodes.strong("", heading), classes=["api-heading"]))
        named = nodes.definition_list()
        for name, content in entries:
            if not name:
                body += [node.deepcopy() for node in content]
                continue
            term = nodes.term("", "", nodes.literal("", name.replace("\\", "")))
            term += nodes.Text(f" : {types[name]}" if name in types else "")
            named += nodes.definition_list_item("", term, nodes.definition("", *[node.deepcopy() for node in content]))
        body += [named] if len(named) else []
    return body


@cache  # each build asks for all functions of all modules, and a preview with each save
def mentioned(source: str) -> frozenset[str]:
    """Return all names in a notebook, with and without those before them: of ``a.b.c`` also ``b``, ``c``, ``a.b`` and ``b.c``."""
    chains = [chain.split(".") for chain in set(re.findall(r"\w+(?:\.\w+)*", source))]
    return frozenset(
        ".".join(chain[first:last])
        for chain in chains
        for first in range(len(chain))
        for last in range(first + 1, len(chain) + 1)
    )


def first_drawn(app: Sphinx, name: str, notebooks: dict[str, str]) -> tuple[str, ...]:
    """Return what is said of the first figure of the book that was drawn with a function; nothing where there is none."""
    exhibits = session(app).published.exhibits
    for text in notebooks.values():
        for function, identifier in figures(text, name.rpartition(".")[0]):
            if function == name and identifier in exhibits:
                metadata = exhibits[identifier]
                return identifier, metadata["alt"], metadata["title"] if metadata.get("collection") else ""
    return ()


@cache
def figures(source: str, module: str) -> list[tuple[str, str]]:
    """Return the figures that a notebook publishes, in order: the function of a module named last before it, and its id."""
    function, found = "", []
    for match in re.finditer(rf'\b({re.escape(module)}\.\w+)\(|\bexhibits\.figure\(\s*"([^"]+)"', source):
        function = match.group(1) or function
        if match.group(2):
            found.append((function, match.group(2)))
    return found


def drawn_with(metadata: dict[str, Any]) -> list[nodes.Node]:
    """Return a figure that was drawn with a function."""
    image = nodes.image(uri=f"/_build/published/exhibits/{metadata['id']}.*", alt=metadata["alt"])
    shown = nodes.paragraph("", "Drawn with it: ")
    # By number alone: its title is edited more often than this page.
    shown += [exhibit_link(metadata), nodes.Text(".")]
    return [nodes.container("", image, classes=["api-figure"]), shown]


def read_notebooks(app: Sphinx) -> dict[str, str]:
    """Return the source of every notebook by name, those of chapters first."""
    folder = Path(app.srcdir) / "notebooks"
    chapters = settings.chapters(app.config)
    names = sorted(session(app).published.executed, key=lambda name: (not chapters.own(name), name))
    return {name: (folder / f"{name}.py").read_text("utf-8") for name in names}


def digest(found: tuple[str, list[Entry]]) -> str:
    """Return the digest of what the page says of a module."""
    return hashlib.sha256(repr(found).encode()).hexdigest()


_known: dict[str, tuple[list[str], str]] = {}  # by module, from which files its digest was made, and the digest


def take_digests(app: Sphinx) -> None:
    """Give each module that a page tells of its digest of today, so that the page is read again where that is another one.

    The page was read again after each edit of any notebook or module, which took half of the time of all that was read.
    """
    package, digests = package_folder(app.srcdir), session(app).published.digests
    shown = {key for uses in memory(app.env).uses.values() for key in uses if key.startswith(KEY)}
    if not shown:
        return
    texts = [
        package / "__init__.py",
        *(Path(app.srcdir, "notebooks", f"{name}.py") for name in session(app).published.executed),
    ]
    used = [
        digests["registry"],
        session(app).contract.charts,
        repr(app.config.press_chapters),
        *map(str, texts),
        *map(file_digest, texts),
    ]
    for key in sorted(shown):
        module = key.removeprefix(KEY)
        files = sources(package, module)
        made_from = [*used, *map(str, files), *map(file_digest, files)]
        # Without a digest the page is read, and refuses a module that is gone by name and line.
        if files and _known.get(module, ("",))[0] != made_from:
            _known[module] = made_from, digest(told(app, module, read_notebooks(app)))
        if files:
            digests[key] = _known[module][1]


def setup(app: Sphinx) -> None:
    """Register directive and event."""
    app.add_directive("api", ApiDirective)
