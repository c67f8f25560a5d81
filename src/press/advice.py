"""What Sphinx and its extensions warn of, told as all mistakes of authors are: with file, line and what to do.

A warning that scrolls by is a mistake that readers will find, so each of them stops the build. Their own words name what
was found and leave the author alone with it; the words here are for those that authors meet.

Not here: mistakes that the press itself looks for (``press.scan``, ``press.lint``, ``press.page``).
"""

from __future__ import annotations

import difflib
import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils.parsers.rst import directives, roles
from sphinx.errors import SphinxWarning
from sphinx.util.logging import NAMESPACE, WarningIsErrorFilter

from press.markup import SCHEMES
from press.page import picture_files
from press.places import lead_to_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx

# What is warned of, and what to do where nothing comes near to what was found, {0}.
WORDS = {
    "work": (
        re.compile(r'could not find bibtex key "(.+?)"'),
        "no bibliography has a work {0!r}; add it to book/references.bib",
    ),
    "source": (
        re.compile(r"cross-reference target not found: '([^']+\.(?:md|html|py|ipynb))'"),
        "there is no page {0!r}; write the path of its source from this page, such as chapter1.md",
    ),
    "address": (
        re.compile(r"cross-reference target not found: '([a-z][a-z0-9+.-]*:[^']+)'"),
        f"the address {{0!r}} is none that a book links to; expected one of {', '.join(sorted(SCHEMES))}",
    ),
    "label": (
        re.compile(r"(?:undefined label|cross-reference target not found): '(.+?)'"),
        "there is no label {0!r}; write ({0})= above the heading that it is for",
    ),
    "equation": (
        re.compile(r"equation not found: (.+)"),
        "no formula has the label {0!r}; write :label: {0} in its {{math}}",
    ),
    "page": (
        re.compile(r"unknown document: '(.+?)'"),
        "there is no page {0!r}; write its path from the root, such as /book/index",
    ),
    "heading": (
        re.compile(r"Non-consecutive header level increase; H(\d) to H\d"),
        "the heading jumps over a level; below one of level {0} write one # more, and no more",
    ),
    "heading of a page": (
        re.compile(r"local id not found in doc '.+?': '(.+?)'"),
        "the page has no heading of the name {0!r}; lead to a label by its name alone, as in [words](#{0}), or mend it",
    ),
    "place": (
        re.compile(r'(?:Duplicate explicit target name: "|duplicate label )([^",]+)'),
        "the label {0!r} stands twice{1}; rename one of them",
    ),
    "term": (
        re.compile(r"duplicate term description of (.+?), other instance in"),
        "the term {0!r} is explained twice{1}; keep one of them",
    ),
    "word": (
        re.compile(r"term not in glossary: '(.+?)'"),
        "the glossary has no term {0!r}; add it, or write {{term}}`{0} <the term>`",
    ),
    "substitution": (
        re.compile(r"Substitution error:UndefinedError: '(.+?)' is undefined"),
        "myst_substitutions in _config.yml has no {0!r}; add it, and mind that its name is one word of letters, digits and _",
    ),
    "content": (
        re.compile(r"exactly one (table|bullet list) expected"),
        "the block holds more than the one {0}; write its title in one line, and nothing but the {0} below it",
    ),
    "argument": (
        re.compile(r"(?i)directive '([\w-]+)': \d+ argument\(s\) required, 0 supplied"),
        "the {0} block has no title, or names nothing; write it behind the brace",
    ),
    "option": (
        re.compile(r"'([\w-]+)': Invalid options format"),
        "an option of the {0} block cannot be read; put what follows its second colon between quotation marks",
    ),
    "box": (
        re.compile(r"'([\w-]+)': Splitting content across first line and body"),
        "the words behind {{{0}}} are its first line, no title; put them into the box, or write {{admonition}} with the title and"
        " :class: {0}",
    ),
    "cell": (
        re.compile(r"Found an unexpected `(code-cell)`"),
        "a {0} stands in a page of prose; put the code into a notebook, and show what it publishes with {{exhibit}} or {{value}}",
    ),
    "picture": (
        re.compile(r"image file not readable: (.+)"),
        "there is no picture {0!r}; write its path from the folder of the page, with %20 for a blank",
    ),
    "comment": (
        re.compile(r"'([\w-]+)': Directive options has # comments"),
        "what follows a # in an option of the {0} block would be lost; put the whole text between quotation marks",
    ),
    "number": (
        re.compile(r"Any number is not assigned: (\S+)"),
        "{0!r} has no number, since it has no title; give the figure or table one, or refer to it with [words](#{0})",
    ),
    "title": (
        re.compile(r"A title or caption not found: '(.+?)'"),
        "the label {0!r} stands above no heading, whose words {{ref}} would show; write [words](#{0})",
    ),
    "untitled": (
        re.compile(r"toctree contains reference to document '(.+?)' that doesn't have a title"),
        "the page {0} has no title; begin it with a line such as # Title",
    ),
    "setting": (
        re.compile(r"unknown config value '(.+?)' in override"),
        "there is no setting {0!r}; mend its name, or take it out",
    ),
    "role": (re.compile(r'Unknown interpreted text role "(.+?)"'), "there is no role {0!r}; mend its name"),
    "directive": (re.compile(r"Unknown directive type: '(.+?)'"), "there is no directive {0!r}; mend its name"),
}


def setup(app: Sphinx) -> None:
    """Have warnings told in our words, from when they are errors."""
    for handler in logging.getLogger(NAMESPACE).handlers:
        for position, other in enumerate(handler.filters):
            if isinstance(other, WarningIsErrorFilter):
                handler.filters.insert(position, Adviser(app))
                break


def told(kind: str, name: str, known: Iterable[str], also: str = "") -> str:
    """Say in our words what is wrong with a name, and which known one may be meant, or what to do where none is near.

    Parameters
    ----------
    kind : str
        A key of :data:`WORDS`.
    name : str
        What was found.
    known : iterable of str
        What there is of the kind.
    also : str, optional
        Where it stands, too.

    Returns
    -------
    str
    """
    close = difflib.get_close_matches(name, sorted(known), n=1)
    found, _, otherwise = WORDS[kind][1].format(name, also).partition("; ")
    if close and kind == "word":
        return f"{found}; write {{term}}`{name} <{close[0]}>`"
    return f"{found}; {f'did you mean {close[0]!r}?' if close else otherwise}"


class Mistake(SphinxWarning):
    """What was warned of, in our words; still a warning, after which a build goes on from what the last whole one had read."""

    category = "Book error"


class Adviser(logging.Filter):
    """Stop on a warning with the error that an author can act on."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        super().__init__()

    def filter(self, record: logging.LogRecord) -> bool:
        """Raise the error, where warnings are errors now and Sphinx itself does not make an exception."""
        if not self.app.warningiserror or getattr(record, "skip_warningsiserror", False):
            return True
        place = str(getattr(record, "location", None) or "").removeprefix(f"{self.app.srcdir}{os.sep}").rstrip(":")
        # Its own message would begin with the place once more.
        said = logging.LogRecord.getMessage(record) if record.args else str(record.msg)
        advised = f"{place}: {self.advise(said)}" if place else self.advise(said)
        raise Mistake(lead_to_line(advised, Path(self.app.srcdir)))

    def advise(self, message: str) -> str:
        """Return a warning in words that say what to do; as it is where we have none."""
        for kind, (pattern, _) in WORDS.items():
            if found := pattern.search(message):
                other = re.search(r"other instance in (.+)", message)
                also = (
                    f", also in {os.path.relpath(Path(self.app.srcdir, other[1].strip()), self.app.srcdir)}"
                    if other
                    else ""
                )
                return told(kind, found[1], self.known(kind, found[1]), also)
        return message

    def known(self, kind: str, name: str) -> Iterable[str]:
        """Return what there is of a kind, of pictures in the folder of the one that is asked for."""
        env = self.app.env
        # What docutils and the domains hold is known to no type.
        cite, standard, math = (cast("Any", env.get_domain(name)) for name in ("cite", "std", "math"))
        known_roles, known_directives = cast("Any", roles), cast("Any", directives)
        asked: dict[str, Callable[[], Iterable[str]]] = {
            "work": lambda: cite.bibdata.data.entries,
            "label": lambda: {*standard.anonlabels, *standard.labels},
            "equation": lambda: math.equations,
            "setting": lambda: self.app.config.values,
            "page": lambda: {f"/{page}" for page in env.found_docs},
            "source": lambda: {os.path.basename(env.doc2path(page)) for page in env.found_docs},
            "word": lambda: {name for kind, name in standard.objects if kind == "term"},
            "substitution": lambda: self.app.config.myst_substitutions,
            "picture": lambda: _beside(Path(self.app.srcdir), name),
            "role": lambda: {
                *(*known_roles._roles, *known_roles._role_registry, *standard.roles),
                *(f"cite:{role}" for role in cite.roles),
            },
            "directive": lambda: {
                *(*known_directives._directives, *known_directives._directive_registry, *standard.directives),
            },
        }
        return asked[kind]() if kind in asked else ()


def _beside(root: Path, name: str) -> set[str]:
    """Return the pictures in the folder of one that is not there; that of its own name alone, where only capitals differ."""
    folder = Path(root, name).parent
    pictures = {path.name: path for path in folder.glob("*.*") if path.suffix.lower() in picture_files.KINDS}
    same = {path for found, path in pictures.items() if found.casefold() == Path(name).name.casefold()}
    return {path.relative_to(root).as_posix().replace(" ", "%20") for path in same or pictures.values()}
