"""One look at every source before anything is read: what would be published wrong, or lost, without a word.

Sphinx, MyST and Jupytext make something of almost any text. What they make of the marks of an unfinished merge, of code
in a cell of prose, of a second title or of an option that goes on over two lines is never what the author meant, and
nobody is told. Each such slip has a rule here: :func:`check` has those that the text of a file tells, :func:`check_page`
those that need the page as it was read.

Not here: what prose may say (``press.lint``), what print has no rule for (``press.paper.translator``).
"""

from __future__ import annotations

import ast
import difflib
import os
import re
from collections import Counter
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from pybtex.database import parse_string
from pybtex.exceptions import PybtexError
from sphinx.util.matching import Matcher

from press import advice, chance, contract, forms, markup, notation, places
from press.contract import BOOK, NOTEBOOKS
from press.errors import BookError
from press.forms import CONTENTS, SETTINGS
from press.page import bibliography, picture_files, revisions
from press.page.directives import ancestors, is_authored, line_of, unknown
from press.run import percent
from press.run.dependencies import file_digest
from press.session import session
from press.takeaway.content import ON_SLIDES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from typing import Any

    from sphinx.application import Sphinx
    from sphinx.config import Config

SHOWN = 20
# What git merges and a build may read.
TEXT = {
    *(".bib", ".cff", ".css", ".csv", ".html", ".js", ".json", ".lock", ".md", ".py", ".svg", ".toml", ".txt", ".typ"),
    *(".yaml", ".yml"),
}
UNREAD = {"_build", "tests", "benchmarks", "docs", "__pycache__"}
MERGE = re.compile(rb"^(?:# ?)?(?:<{7}|>{7}|\|{7})(?: .*)?\r?$", re.MULTILINE)
PROSE = re.compile(r"\[(?:markdown|md)\]")
# Fields of a reference that become links.
ADDRESSES = ("url", "doi", "eprint", "howpublished")
# What programs of text leave in what is copied from them, such as the line break of a paragraph; no medium can show it.
CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufffe\\uffff]")
REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
# A command of IPython at the beginning of a line.
MAGIC = re.compile(r"%{1,2}[a-z]|![ \t]*[a-z.]|\?{0,2}[\w.]+\?{1,2}[ \t]*$")
# What Jupyter Book, MyST-NB and the runner read of the tags of a cell.
TAGS = {
    *("hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input", "remove-output", "remove-stderr"),
    *("remove-stdout", "scroll-output", "full-width", "margin", "popout", "raises-exception", "skip-execution"),
}
ADDRESS = re.compile(r"[A-Za-z0-9_./-]+")
INCLUDED = re.compile(r"\{(?:include|literalinclude)\}\s*(\S+)")
# What a page names of what notebooks publish, by kind.
NAMES = {
    "exhibit": re.compile(r"^\s*(?:`{3,}|:{3,})\{exhibit\}\s+([^\s`]+)\s*$"),
    "value": re.compile(r"\{value\}`([^`:]+)"),
    "family of tests": re.compile(r"\{tests\}`([^`]+)`"),
}
CITED, WORK = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`"), re.compile(r"^\s*@\w+\s*[{(]\s*([^,\s]+)\s*,", re.MULTILINE)
# A key behind which a field begins without a comma, which the library of BibTeX lets pass; and what has no key.
KEY_ALONE = re.compile(r"@(\w+)\s*[{(]\s*([^\s,{}()=]+)\s+[\w-]+\s*=")
DEFINING = {"string", "comment", "preamble"}
# Files whose answer is kept as long as their text is the same: a preview asks again after each saving.
KEPT = 1 << 13
FILE = re.compile(r"[\w./ -]*\.(?:svg|png|jpe?g|gif|webp|pdf)", re.IGNORECASE)


def check(root: Path, names: Container[str] | None = None) -> None:
    """Look at every source of a book, each by itself.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    names : set of str, optional
        Those to look at, from the root; all when not given.

    Raises
    ------
    BookError
        That names every slip by file and line: what is no text, then what cannot be parsed, then the others.
    """
    files = {name: root / name for name in _files(root) if names is None or name in names}
    _refuse(f"{name}:{line}: {said}" for name, path in files.items() for line, said in _merges(path, file_digest(path)))
    texts = {name: _text(name, path.read_bytes()) for name, path in files.items() if _authored(name)}
    for name, text in texts.items():
        _require_readable(name, text)
    for name, path in files.items():
        if name.endswith(".json") and name.startswith("data/"):
            _require_readable(name, _text(name, path.read_bytes()))
    wrong: list[str] = []
    modules = f"src/{contract.read(root).package}/"
    for name, path in files.items():
        if name.startswith(modules) and name.endswith(".py"):
            wrong += _slips(name, _text(name, path.read_bytes()), module=True)
    for name, text in texts.items():
        wrong += _slips(name, text)
    _refuse(wrong)


def check_notebooks(root: Path, names: Sequence[str] = ()) -> None:
    """Look at notebooks alone, before they are executed.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    names : sequence of str, optional
        Those to look at; all when none is given.

    Raises
    ------
    BookError
        That names every slip by file and line.
    """
    wanted = {f"{NOTEBOOKS}{name}.py" for name in names}
    paths = sorted((root / NOTEBOOKS).glob("*.py"))
    files = {f"{NOTEBOOKS}{path.name}": path for path in paths if not wanted or f"{NOTEBOOKS}{path.name}" in wanted}
    _refuse(f"{name}:{line}: {said}" for name, path in files.items() for line, said in merges(path.read_bytes()))
    _refuse(slip for name, path in files.items() for slip in _slips(name, _text(name, path.read_bytes())))


@lru_cache(maxsize=KEPT)
def _require_readable(name: str, text: str) -> None:
    """Refuse a file that a program cannot read."""
    _parse(name, text)


@lru_cache(maxsize=KEPT)
def _slips(name: str, text: str, *, module: bool = False) -> tuple[str, ...]:
    """Return the slips of an author in a notebook, a page or a module, each with file and line."""
    found: Iterable[tuple[int, str]] = ()
    control = CONTROL.search(text)
    if control:
        line, letter = text.count("\n", 0, control.start()) + 1, f"U+{ord(control[0]):04X}"
        said = f"the character {letter} is none that is printed, and comes from another program; delete it, or type what it was"
        found = [(line, said)]
    elif module:
        found = chance.find(text, module=True)
    elif name.startswith(NOTEBOOKS) and name.endswith(".py"):
        found = (*notebook(text), *markup.links(text), *chance.find(text))
    elif name.endswith(".md"):
        # Where a block ends is not known while one is open, so that a note may seem to be within it.
        found = markup.slips(enumerate(text.splitlines(), start=1)) or [*markup.notes(text)]
        found += markup.links(text)
    return tuple(f"{name}:{line}: {said}" for line, said in found)


def check_forms(root: Path) -> None:
    """Ask whether settings, contents and lists hold what they must; a second look, whose library takes a second to import.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Raises
    ------
    BookError
        With file and line of the first entry that is not what its name says.
    """
    for name in (SETTINGS, *forms.FORMS):
        if (root / name).is_file():
            text = _text(name, (root / name).read_bytes())
            content = _of_its_form(name, text)
            if name == SETTINGS:
                _require_references(root, text, content.get("bibtex_bibfiles", ()))


@lru_cache(maxsize=64)
def _of_its_form(name: str, text: str) -> Any:
    """Return what a file holds, which is what its name says."""
    content = _parse(name, text)
    forms.require(name, text, content)
    return content


def _require_references(root: Path, text: str, bibliographies: Sequence[str]) -> None:
    """Refuse a file of references that is not there: all that is cited would be told as missing."""
    for position, name in enumerate(bibliographies):
        if not (root / name).is_file():
            found = [path for path in _files(root) if path.endswith(".bib")]
            close = difflib.get_close_matches(name, found, n=1)
            advice = (
                f"did you mean {close[0]!r}?"
                if close
                else f"bring it back with `git checkout -- {name}`, or mend its name"
            )
            line = notation.line_of(text, ["bibtex_bibfiles", position])
            raise BookError(f"there is no file of references {name!r}; {advice}", f"{SETTINGS}:{line}")


def check_sources(app: Sphinx, config: Config) -> None:
    """Look at every source before Sphinx looks for any, unless the command line has done so."""
    if not config.press_stages:
        check(Path(app.srcdir))
        check_forms(Path(app.srcdir))


def check_settings(app: Sphinx, config: Config) -> None:
    """Refuse settings that no extension has, once all of them have said which they have.

    Raises
    ------
    BookError
        That names each with its line.
    """
    path = Path(app.srcdir, SETTINGS)
    text = _text(SETTINGS, path.read_bytes()) if path.is_file() else ""
    above = ("sphinx", "config")
    given = ((notation.read_yaml(SETTINGS, text) or {}).get("sphinx") or {}).get("config") or {}
    known = sorted(config.values)
    _refuse(
        f"{SETTINGS}:{notation.line_of(text, [*above, name])}: {advice.told('setting', name, known)}"
        for name in given
        # A setting of entries may be given by one of them, as in latex_elements.preamble.
        if name.partition(".")[0] not in config
    )


def check_contents(app: Sphinx, config: Config) -> None:
    """Look for pages that no contents list, once it is known which are made by rule."""
    root = Path(app.srcdir)
    found = [*_files(root)]
    texts = {name: _text(name, (root / name).read_bytes()) for name in found if _authored(name)}
    made = [f"{page}.md" for collection in session(app).collections for page in collection.pages]
    _refuse(unlisted(texts, [*found, *_notebooks(root), *made], made))


def check_names(app: Sphinx) -> None:
    """Look for ids in pages that no notebook publishes, before any page is read: all of them at once.

    Raises
    ------
    BookError
        That names every one by file and line.
    """
    root, published = Path(app.srcdir), session(app).published
    known = {"exhibit": published.exhibits, "value": published.values, "family of tests": published.tests}
    pages = dict(_pages(root))
    wrong = _unknown_works(root, pages, app.config.bibtex_bibfiles)
    wrong += [
        f"{places.cell(root, told['notebook'], told['cell'])}, value {identifier!r}: {unknown('exhibit', told['exhibit'], published.exhibits)}"
        for identifier, told in published.values.items()
        if told["exhibit"] and told["exhibit"] not in published.exhibits
    ]
    for name, text in pages.items():
        wrong += [
            f"{name}:{line}: {unknown(kind, found, known[kind])}"
            for line, kind, found in _named(text)
            if found not in known[kind]
        ]
    _refuse(wrong)


def _pages(root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of each page of prose that is no draft."""
    for path in sorted((root / BOOK).glob("**/*.md")):
        if path.name[0] != "_":
            name = path.relative_to(root).as_posix()
            yield name, _text(name, path.read_bytes())


def _unknown_works(root: Path, pages: dict[str, str], bibliographies: Sequence[str]) -> list[str]:
    """Say which citations lead to no work: what follows from a mistyped key, such as a cause without evidence, hides it."""
    known = {
        key.lower(): key
        for name in bibliographies
        if (root / name).is_file()
        for key in WORK.findall(_text(name, (root / name).read_bytes()))
    }
    return [
        f"{name}:{line}: {advice.told('work', key, known.values())}"
        for name, text in pages.items()
        for line, key in _cited(text)
        if key.lower() not in known
    ]


@lru_cache(maxsize=KEPT)
def _cited(text: str) -> tuple[tuple[int, str], ...]:
    """Return line and key of each work that a page cites."""
    # The library is heavy, and all that asks here has it loaded.
    from press.lint.pages import keys_of

    return tuple(
        (line, key) for line, words in markup.prose(text) for keys in CITED.findall(words) for key in keys_of(keys)
    )


@lru_cache(maxsize=KEPT)
def _named(text: str) -> tuple[tuple[int, str, str], ...]:
    """Return line, kind and id of what a page names of what notebooks publish."""
    return tuple(
        (line, kind, found)
        for line, words in markup.prose(text)
        for kind, pattern in NAMES.items()
        for found in pattern.findall(words)
    )


def leave_paired_notebooks(app: Sphinx, config: Config) -> None:
    """Leave the notebooks alone that JupyterLab writes beside the sources: one document would have two files."""
    config.exclude_patterns = [*config.exclude_patterns, f"{NOTEBOOKS}*.ipynb"]


@lru_cache(maxsize=KEPT)
def _merges(path: Path, digest: str) -> tuple[tuple[int, str], ...]:
    """Find the first mark in a file of this digest: nine tenths of what a preview would read after each saving are tables."""
    return tuple(merges(path.read_bytes()))


def merges(content: bytes) -> Iterator[tuple[int, str]]:
    """Find the first mark of an unfinished merge.

    Parameters
    ----------
    content : bytes
        Of a text file.

    Yields
    ------
    line, message
    """
    # To look for the marks takes a tenth of the time in which an expression goes through all lines of a book.
    found = MERGE.search(content) if any(mark * 7 in content for mark in (b"<", b">", b"|")) else None
    if found:
        line = content.count(b"\n", 0, found.start()) + 1
        yield line, "marks of an unfinished merge; keep one of the two versions and delete the lines of marks"


def notebook(text: str) -> Iterator[tuple[int, str]]:
    """Find the slips in a notebook.

    Parameters
    ----------
    text : str
        In Jupytext's percent format.

    Yields
    ------
    line, message
    """
    yield from _commands(text)
    prose: list[tuple[int, str]] = []
    inside, quoted = False, ""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = percent.CELL.match(line)
        if mark:
            yield from _marks(number, mark["title"])
            yield from markup.slips(prose)
            prose, inside, quoted = [], PROSE.search(mark["title"]) is not None, ""
        elif inside:
            # A cell of prose may also stand in triple quotes.
            quotes = re.match(r"r?(\"{3}|'{3})", line)
            if not prose and quotes and not quoted:
                quoted = quotes[1]
            elif line.strip() and not quoted and not line.startswith("#"):
                yield number, f"code stands in a Markdown cell ({line.strip()[:40]!r}); begin it with # %%"
                inside = False
            prose.append((number, line if quoted else line.removeprefix("#").removeprefix(" ")))
    yield from markup.slips(prose)


def _commands(text: str) -> Iterator[tuple[int, str]]:
    """Find commands of IPython, which no other program reads: neither Python nor what checks the text."""
    found = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if MAGIC.match(line)]
    if found:
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            for number, line in found:
                yield (
                    number,
                    f"{line.strip()[:40]!r} is a command of IPython and no Python; take it out, or write it in Python",
                )


def _marks(number: int, title: str) -> Iterator[tuple[int, str]]:
    """Find in the mark of a cell a kind that no page shows, and tags that nothing reads and that nearly are one."""
    if "[raw]" in title:
        yield number, "a raw cell stands on no page; write # %% [markdown] for text, or take it out"
    tags = re.search(r"tags=\[([^\]]*)\]", title)
    for tag in re.findall(r"[\"']([^\"']+)[\"']", tags[1]) if tags else ():
        near = difflib.get_close_matches(tag, TAGS, n=1, cutoff=0.8)
        if near and tag not in TAGS:
            yield number, f"the tag {tag!r} says nothing; did you mean {near[0]!r}?"


def unlisted(texts: dict[str, str], names: Iterable[str], made: Sequence[str] = ()) -> list[str]:
    """Say which pages and notebooks no contents list, and which entries lead to nothing.

    Parameters
    ----------
    texts : dict of str to str
        What authors write, by name of the file.
    names : iterable of str
        All files.
    made : sequence of str, optional
        Those of pages made by rule, which no contents list.

    Returns
    -------
    list of str
    """
    try:
        entries = [*_listed(notation.read_yaml(CONTENTS, texts.get(CONTENTS, "")))]
    except TypeError:
        return []  # sphinx-external-toc says what is wrong with it
    settings = notation.read_yaml(SETTINGS, texts.get(SETTINGS, "")) or {}
    excluded = Matcher(settings.get("exclude_patterns") or [])
    included = {os.path.basename(file) for text in texts.values() for file in INCLUDED.findall(text)}
    names = sorted(names)
    pages = {os.path.splitext(name)[0] for name in names if name.endswith((".md", ".py"))}
    listed = {page for page, kind in entries if kind != "glob"}
    patterns = [pattern for pattern, kind in entries if kind == "glob"]
    wrong = [
        *_wrong_entries([page for page, kind in entries if kind != "glob"], texts.get(CONTENTS, ""), {*pages, *names})
    ]
    for name in names:
        page, suffix = os.path.splitext(name)
        if page.startswith(NOTEBOOKS) and suffix == ".ipynb" and f"{page}.py" not in names:
            wrong.append(
                f"{name}: notebooks are text; write it as one with `jupytext --to py:percent {name}` and delete it"
            )
        if not ((page.startswith(BOOK) and suffix == ".md") or (page.startswith(NOTEBOOKS) and suffix == ".py")):
            continue
        if (
            name in made
            or page in listed
            or name in listed
            or any(fnmatchcase(page, pattern) for pattern in patterns)
            or os.path.basename(name) in included
            or os.path.basename(name)[0] == "_"
        ):
            continue
        if not excluded(name):
            kind = "notebook" if suffix == ".py" else "page"
            wrong.append(
                f"{name} is in no part of {CONTENTS}; add `- file: {page}` where the {kind} belongs, or delete the file"
            )
    return wrong


def _wrong_entries(listed: list[str], contents: str, known: set[str]) -> Iterator[str]:
    """Say which entries of the contents have a name that no address can be, or lead to nothing."""
    lines = contents.splitlines()
    for page in listed:
        found = [number for number, text in enumerate(lines, start=1) if page in text] or [1]
        if not page.startswith((BOOK, NOTEBOOKS)):
            continue
        if not ADDRESS.fullmatch(page):
            yield (
                f"{CONTENTS}:{found[0]}: the name of the page {page} becomes its address; use letters from a to z, digits,"
                " hyphens and underscores"
            )
        if page not in known:
            suffix = ".py" if page.startswith(NOTEBOOKS) else ".md"
            yield f"{CONTENTS}:{found[0]}: there is no file {page}{suffix}; write it, or delete the entry"


def leave_out_remarks(app: Sphinx, doctree: nodes.document) -> None:
    """Take remarks (``<!-- ... -->``) out of a page that was read: Sphinx published what an author had noted for the team."""
    for node in list(doctree.findall(nodes.raw)):
        if not REMARK.sub("", node.astext()).strip() and node.astext().strip():
            node.parent.remove(node)


def check_page(app: Sphinx, doctree: nodes.document) -> None:
    """Look at a page that was read.

    Raises
    ------
    BookError
        On the first thing on it that no reader would get as it was meant.
    """
    name = app.env.docname
    path = app.env.doc2path(name, base=False)
    lines = Path(app.env.doc2path(name)).read_text("utf-8").splitlines() if path.endswith(".md") else []
    sections = [node for node in doctree.children if isinstance(node, nodes.section)]
    if len(sections) > 1:
        title = sections[1].next_node(nodes.title)
        raise BookError(
            f"a second title, \u201c{title.astext()}\u201d, would be a second chapter; begin its line with ##, or"
            " delete the line below it, where a merge has left a =======",
            f"{path}:{line_of(title) or '?'}",
        )
    for node in doctree.findall(nodes.Element):
        said = markup.foreign(str(node.get("refuri", ""))) if isinstance(node, nodes.reference) else ""
        # Of all others it would be most of the time of this look: each section has the text of all that is in it.
        text = node.astext() if isinstance(node, nodes.math | nodes.math_block | nodes.raw) else ""
        if isinstance(node, nodes.math | nodes.math_block) and markup.ROLE.search(text):
            said = f"the formula {text.strip()!r} would print the name of a role; close the formula before it"
        elif isinstance(node, nodes.math) and any(
            ON_SLIDES & set(around.get("classes", ())) for around in ancestors(node)
        ):
            said = (
                f"the formula {text.strip()!r} goes to a slide, which has letters alone; say it in words, or as R\u00b2"
            )
        elif isinstance(node, nodes.image):
            said = _alternative(node) or picture_files.wrong(app, node)
        elif isinstance(node, nodes.literal_block):
            said = _indented(node, lines)
        elif isinstance(node, nodes.raw) and _lost(node, app):
            said = f"{text.strip()[:60]!r} is HTML, which is lost in print; write it in Markdown"
        if said:
            raise BookError(said, f"{path}:{_line(node, lines) or '?'}")


def _line(node: nodes.Element, lines: Sequence[str]) -> int:
    """Return the line of a node; of a picture that knows none, that in which its file is named below what it stands in."""
    line = line_of(node)
    if node.line or not isinstance(node, nodes.image):
        return line
    file = os.path.basename(node["uri"])
    return next((number for number, text in enumerate(lines, start=1) if number >= line and file in text), line)


def _indented(node: nodes.literal_block, lines: Sequence[str]) -> str:
    """Say that a paragraph became code because it begins with blanks or a tab."""
    line = lines[node.line - 1] if node.line and node.line <= len(lines) else ""
    first = node.astext().split("\n")[0].strip()
    if not line[:1].isspace() or not first or line.strip() != first:
        return ""
    return f"{first[:60]!r} begins with blanks or a tab, which makes it code; take them out, or put code between lines of ```"


def _lost(node: nodes.raw, app: Sphinx) -> bool:
    """Say whether an author wrote what shows nothing in print; what directives make for the web stands in no source."""
    shown = REMARK.sub("", node.astext()).strip()
    # The end of a line, which print has, is two of MyST: one for the web, and one for TeX, which may stand in a formula of the page.
    if (
        shown in {"", "<br />", "\\\\"}
        or "typst" in node["format"].split()
        or any("only-web" in a.get("classes", ()) for a in (node, *ancestors(node)))
    ):
        return False
    return is_authored(shown, app.env.doc2path(app.env.docname))


def _alternative(node: nodes.image) -> str:
    alt, file = str(node.get("alt") or "").strip(), os.path.basename(node["uri"])
    if not alt:
        return f"the picture {file} has no alternative text; say in :alt:, or in the brackets, what it shows"
    if FILE.fullmatch(alt):
        return f"the alternative text of the picture {file} is the name of a file, {alt!r}; say what it shows"
    if markup.ROLE.search(alt):
        return f"the alternative text {alt!r} would print the name of a role; say it in words"
    return ""


def _files(root: Path) -> Iterator[str]:
    """Yield every text file that a build may read, from the root, in the order of their names."""
    for top in sorted(os.listdir(root)):
        # Not the whole root at once: data/ may be a link, which a walk follows at its start only.
        if os.path.isfile(root / top):
            if os.path.splitext(top)[1] in TEXT:
                yield top
            continue
        first = len(os.path.join(root, ""))
        for folder, folders, names in os.walk(root / top) if _read(top) else ():
            within = folder[first:].replace(os.sep, "/")
            folders[:] = sorted(name for name in folders if _read(name))
            for name in sorted(names):
                if os.path.splitext(name)[1] in TEXT and not name.startswith("."):
                    yield f"{within}/{name}"


def _read(folder: str) -> bool:
    return folder not in UNREAD and not folder.startswith(".") and not folder.endswith(".egg-info")


def _notebooks(root: Path) -> Iterator[str]:
    yield from (f"{NOTEBOOKS}{path.name}" for path in sorted(Path(root, NOTEBOOKS).glob("*.ipynb")))


def _authored(name: str) -> bool:
    """Say whether a file is written by the authors of pages."""
    if "/" not in name:
        return name in {CONTENTS, SETTINGS, "CITATION.cff", "CHANGELOG.md"}
    return name.startswith((BOOK, NOTEBOOKS)) and name.endswith((".md", ".py", ".yml", ".yaml", ".bib"))


def _text(name: str, content: bytes) -> str:
    """Return the text of a file; a byte-order mark is none of it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BookError(
            f"the byte 0x{content[error.start]:02x} is not UTF-8; save the file in that encoding", f"{name}:{line}"
        ) from None


def _parse(name: str, text: str) -> Any:
    """Return what a file holds that a program reads, or refuse it."""
    if name == CONTENTS:
        return _require_plain(text, notation.read_yaml(name, text))
    if name.endswith((".yml", ".yaml", ".cff")):
        return notation.read_yaml(name, text)
    if name.endswith(".json"):
        return notation.read_json(name, text)
    if name == revisions.FILE:
        revisions.read(text)
    elif name.endswith(".bib"):
        _parse_references(name, text)
    return None


def _require_plain(text: str, contents: Any) -> Any:
    """Refuse contents that list a page twice, or give it a title that paper and the ePub do not show."""
    for page, times in Counter(page for page, kind in _listed(contents) if kind != "glob").items():
        if times > 1:
            line = max(number for number, line in enumerate(text.splitlines(), start=1) if page in line)
            raise BookError(f"{page} stands in the contents {times} times; keep one entry", f"{CONTENTS}:{line}")
    for path in _titled(contents):
        said = "a page has the title that it begins with, on the web and on paper; take this one out, and mend that one"
        raise BookError(said, f"{CONTENTS}:{notation.line_of(text, [*path, 'title'])}")
    return contents


def _titled(entry: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to each page of a table of contents that has a title there."""
    if isinstance(entry, dict):
        if "file" in entry and "title" in entry:
            yield path
        for name, below in entry.items():
            yield from _titled(below, (*path, name))
    elif isinstance(entry, list):
        for position, below in enumerate(entry):
            yield from _titled(below, (*path, position))


def _parse_references(name: str, text: str) -> None:
    """Refuse references that cannot be read, or whose addresses a book does not link to."""
    try:
        entries = parse_string(text, "bibtex").entries
        _require_commas(name, text, entries)
        wrong = [
            (key, said)
            for key, entry in entries.items()
            for field in ADDRESSES
            if (said := markup.foreign(entry.fields.get(field, "")))
        ]
        for key, said in [*wrong, *bibliography.slips(entries)]:
            place = next(_places_of(key, text), 0)
            raise BookError(f"{key}: {said}", f"{name}:{_line_at(text, place)}")
    except PybtexError as error:
        line, advice = _place_in_references(str(error), text)
        raise BookError(f"{error}; {advice}", f"{name}:{line or getattr(error, 'lineno', None) or '?'}") from None


def _require_commas(name: str, text: str, entries: Container[str]) -> None:
    """Refuse an entry without a comma after its key, which a list shows and nothing that looks for a key finds."""
    for found in KEY_ALONE.finditer(text):
        if found[1].lower() not in DEFINING and found[2] in entries:
            said = f"the entry {found[2]!r} has no comma after its key; write {found[2]},"
            raise BookError(said, f"{name}:{_line_at(text, found.start(1))}")


def _place_in_references(said: str, text: str) -> tuple[int, str]:
    """Return the line of what the library of BibTeX cannot read, zero where it knows better, and what to do."""
    if key := re.search(r"repeated bibliography entry: (\S+)", said):
        first, again, *_ = [*(_line_at(text, place) for place in _places_of(key[1], text)), 0, 0]
        return again, f"the first stands in line {first}; take one out, or give it another key"
    if many := re.search(r"Too many commas in '(.+)'", said):
        advice = "write and between authors; a name has one comma, or two where it ends in Jr."
        return _line_at(text, text.find(many[1].split()[0])), advice
    blank = re.search(r"^@\w+\{([^,\s={}]+[ \t]+[^,\n={}]*),[ \t]*$", text, re.MULTILINE)
    if blank and ("expected" in said or "premature" in said):
        return _line_at(text, blank.start()), f"the key {blank[1]!r} holds a blank, which no key does"
    last = [*re.finditer(r"^@\w+\{([^,\s]+)", text, re.MULTILINE)][-1:]
    if "premature end" in said and last:
        return _line_at(text, last[0].start()), f"a brace of {last[0][1]!r}, or of an entry before it, is never closed"
    if "'}' expected" in said:
        return 0, "a comma is missing at the end of the line before, or a brace of the entry is missing or one too many"
    return 0, "a brace is never closed" if "premature end" in said else "mend the entry, or the one before it"


def _places_of(key: str, text: str) -> Iterator[int]:
    """Yield where entries of a key begin."""
    for found in re.finditer(rf"@\w+\s*[{{(]\s*{re.escape(key)}(?=[\s,}})])", text, re.IGNORECASE):
        yield found.start()


def _line_at(text: str, place: int) -> int:
    """Return the line in which a character stands, the first where it is not known."""
    return text.count("\n", 0, max(place, 0)) + 1


def _listed(entry: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the files that a table of contents names, wherever they stand in it."""
    if isinstance(entry, dict):
        for name, below in entry.items():
            yield from _listed(below, name)
    elif isinstance(entry, list):
        for below in entry:
            yield from _listed(below)
    elif key in ("file", "glob", "root") and isinstance(entry, str):
        yield entry, key


def _refuse(wrong: Iterable[str]) -> None:
    told = list(wrong)
    if told:
        rest = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
        raise BookError("\n".join([*told[:SHOWN], *rest]))
