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
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.core import publish_doctree
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import NumpyDocstring
from sphinx.util.docutils import SphinxDirective

from press import settings
from press.errors import BookError
from press.page.directives import analysis_link, exhibit_link, place, record_use
from press.run.dependencies import package_folder
from press.session import session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

KEY = "api"
NAPOLEON = Config(napoleon_use_param=True, napoleon_use_ivar=True, napoleon_use_rtype=False)
# Fields of Napoleon's output that are a list of names, with the heading under which they are shown.
NAMED = {"param": "Parameters", "keyword": "Parameters", "ivar": "Attributes", "raises": "Errors"}


class ApiDirective(SphinxDirective):
    """```{api} module```: what is public in a module of the package."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the module's first paragraph and a definition list with one entry a function or class."""
        module = self.arguments[0]
        package = package_folder(self.env.app.srcdir)
        if not sources(package, module):
            raise BookError(f"the package has no module {module!r}", place(self))
        record_use(self.env, KEY)
        record_use(self.env, "registry")
        notebooks = read_notebooks(self.env.app)
        introduction, definitions = public(package, module)
        entries = nodes.definition_list(classes=["api"])
        for definition in definitions:
            entries += self._entry(package, module, definition, notebooks)
        return [nodes.container("", *parse(introduction or "", module)[:1], entries, classes=["registry"])]

    def _entry(self, package, module, definition, notebooks):
        """Return the entry of one function or class."""
        name = definition.name
        # Targets do not tell capitals apart, and a module may have both `Ratio` and `ratio`.
        kind = "class-" if isinstance(definition, ast.ClassDef) else ""
        term = nodes.term("", "", nodes.literal("", signature(definition)), names=[f"api-{module}-{kind}{name}"])
        self.state.document.note_explicit_target(term, term)
        body = nodes.definition("", *described(parse(ast.get_docstring(definition) or "", f"{module}.{name}")))
        # What the package itself offers is called without the name of its module.
        called = rf"(?:{module}\.)?{name}" if name in front_names(package) else rf"{module}\.{name}"
        users = [stem for stem, text in notebooks.items() if name in text and re.search(rf"\b{called}\b", text)]
        if users:
            links = [[nodes.Text(", "), analysis_link({"notebook": stem})] for stem in users]
            body += nodes.paragraph("", "Used in: ", *[node for pair in links for node in pair][1:])
        if module == session(self.env.app).contract.charts:
            body.insert(1, drawn_with(self.env.app, f"{module}.{name}", notebooks))
        return nodes.definition_list_item("", term, body)


def sources(package: Path, module: str) -> list[Path]:
    """Return the source files of a module or package, its ``__init__`` first."""
    single = package / f"{module.replace('.', '/')}.py"
    return [single] if single.exists() else sorted((package / module).glob("*.py"))


def front_names(package: Path) -> list[str]:
    """Return what the package itself offers: the names of its ``__all__``."""
    return listed(ast.parse((package / "__init__.py").read_text("utf-8"))) or []


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
    trees = {path.stem: ast.parse(path.read_text("utf-8")) for path in sources(package, module)}
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


def drawn_with(app: Sphinx, name: str, notebooks: dict[str, str]) -> list[nodes.Node]:
    """Return the first figure of the book that was drawn with a function; nothing where there is none."""
    module = re.escape(name.rpartition(".")[0])
    for text in notebooks.values():
        function = ""
        for match in re.finditer(rf'\b({module}\.\w+)\(|\bexhibits\.figure\(\s*"([^"]+)"', text):
            function = match.group(1) or function
            identifier = match.group(2)
            if function == name and identifier in session(app).published.exhibits:
                metadata = session(app).published.exhibits[identifier]
                image = nodes.image(uri=f"/_build/published/exhibits/{identifier}.*", alt=metadata["alt"])
                shown = nodes.paragraph("", "Drawn with it: ")
                shown += exhibit_link(metadata)
                shown += nodes.Text("." if metadata.get("collection") else f", {metadata['title']}.")
                return [nodes.container("", image, classes=["api-figure"]), shown]
    return []


def read_notebooks(app: Sphinx) -> dict[str, str]:
    """Return the source of every notebook by name, those of chapters first."""
    folder = Path(app.srcdir) / "notebooks"
    chapters = settings.chapters(app.config)
    names = sorted(session(app).published.executed, key=lambda name: (not chapters.own(name), name))
    return {name: (folder / f"{name}.py").read_text("utf-8") for name in names}


def take_digest(app: Sphinx) -> None:
    """Give the page its digest: of the package's source and of the notebooks that use it."""
    digest = hashlib.sha256(repr(read_notebooks(app)).encode())
    for path in sorted(package_folder(app.srcdir).rglob("*.py")):
        digest.update(path.read_bytes())
    session(app).published.digests[KEY] = digest.hexdigest()


def setup(app: Sphinx) -> None:
    """Register directive and event."""
    app.add_directive("api", ApiDirective)
