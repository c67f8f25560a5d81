"""YAML and JSON of a book read in one way: what they would lose without a word, or fill the memory with, is told by line.

PyYAML takes the last of two entries of one name, cuts ``{title: One, two}`` at the comma, and makes a billion texts of ten
lines of aliases; its C library ends the process where brackets go deep. Each of these is refused here, with file and line.

Not here: what a file has to hold (``press.forms``).
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import yaml

from press.errors import BookError

# The same as SafeLoader, and ten times as quick where libyaml is at hand.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Read once more by Jupyter Book and sphinx-external-toc, in Python, which refuses some texts that libyaml takes.
READ_BY_OTHERS = ("_config.yml", "_toc.yml")
# What to do about what PyYAML says in its two versions, by words of it.
INDENT = "indent the line as those that it belongs to; a quotation mark within a text is written twice"
ADVICE = {
    "block end": INDENT,
    "expected key": INDENT,
    "expected '-'": INDENT,
    "mapping values": "a text that holds a colon and a blank stands in quotation marks, and only what belongs to a line stands further in",
    "expected ':'": "write a colon and a blank after the name in the line, or the one before, and indent a text that goes on",
    "any token": "indent with blanks, not with tabs, and put a text that begins with a sign into quotation marks",
    "end of stream": "close the quotation mark or bracket",
    "expected ','": "close the bracket, or write the comma between its entries",
}
# No file of a book comes near these.
MOST_DEEP, MOST_NODES = 60, 200_000
# Where brackets or indents may go deep, one look at the marks comes before anything is made of them.
DEEP = re.compile(rf"^ {{{2 * MOST_DEEP}}}|(?:[-?:] +){{8}}", re.MULTILINE)


def read_yaml(name: str, text: str) -> Any:
    """Read a YAML file.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    text : str

    Returns
    -------
    object

    Raises
    ------
    BookError
        With the line: if it is none, an entry stands twice or was cut at a comma, or it is deeper or larger than any file of
        a book.
    """
    return copy.deepcopy(_yaml(name, text))


# A build asks for settings and contents again and again, and a preview for all of them after each saving.
@lru_cache(maxsize=64)
def _yaml(name: str, text: str) -> Any:
    """Read a file of YAML that has not been read yet."""
    try:
        _require_shallow(name, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader if name in READ_BY_OTHERS else LOADER)
        if node is None:
            return None
        _count(name, node)
        for line, said in _lost(node):
            raise BookError(said, f"{name}:{line}")
        loader = yaml.SafeLoader("")
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        problem = str(error.problem or error.context)
        advice = next(
            (advice for words, advice in ADVICE.items() if words in problem), "mend the line, or the one before"
        )
        raise BookError(f"{problem}; {advice}", place) from None
    except yaml.YAMLError as error:
        raise BookError(" ".join(str(error).split()), name) from None
    except (ValueError, RecursionError, OverflowError) as error:
        # A number or date such as 2026-13-45: PyYAML tells neither place nor file.
        raise BookError(f"a number or date cannot be read ({error}); put quotation marks around it", name) from None


def read_json(name: str, text: str) -> Any:
    """Read a JSON file.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    text : str

    Returns
    -------
    object

    Raises
    ------
    BookError
        With the line: if it is none, an entry stands twice, or it holds a number that is none.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for at, key in enumerate(names) if key in names[:at])
            line = text.count("\n", 0, text.rfind(json.dumps(twice, ensure_ascii=False))) + 1
            raise BookError(f"the entry {twice!r} stands twice; keep one", f"{name}:{line}")
        return found

    def refuse(constant: str) -> None:
        line = text.count("\n", 0, text.find(constant)) + 1
        raise BookError(f"{constant} is no number of JSON; write null where there is none", f"{name}:{line}")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise BookError(f"{error.msg} (column {error.colno}); it is no JSON", f"{name}:{error.lineno}") from None
    except RecursionError:
        raise BookError("brackets go deeper than any file of a book; it is damaged", name) from None
    except ValueError as error:
        raise BookError(f"a number cannot be read ({error})", name) from None


def line_of(text: str, path: Iterable[str | int]) -> int:
    """Return the line at which an entry of a YAML file stands.

    Parameters
    ----------
    text : str
    path : iterable of str or int
        Names and positions that lead to it.

    Returns
    -------
    int
        That of the nearest entry around it where there is no such entry.
    """
    node = yaml.compose(text, Loader=LOADER)
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step], node.value[step])
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _require_shallow(name: str, text: str) -> None:
    """Refuse what would fill the stack of the library's C code, before anything is made of the text."""
    if text.count("[") + text.count("{") <= MOST_DEEP and not DEEP.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEEP:
            raise BookError(
                "brackets or indents go deeper than any file of a book", f"{name}:{event.start_mark.line + 1}"
            )


def _count(name: str, root: yaml.Node) -> int:
    """Count what a file stands for when every alias is written out, and refuse what would fill the memory."""
    known: dict[int, int] = {}
    within: set[int] = set()

    def count(node: yaml.Node) -> int:
        if id(node) in within:
            raise BookError("an alias stands for what it is in; write it out", f"{name}:{node.start_mark.line + 1}")
        if id(node) not in known:
            within.add(id(node))
            if isinstance(node, yaml.MappingNode):
                known[id(node)] = 1 + sum(count(key) + count(value) for key, value in node.value)
            elif isinstance(node, yaml.SequenceNode):
                known[id(node)] = 1 + sum(map(count, node.value))
            else:
                known[id(node)] = 1
            within.remove(id(node))
        if known[id(node)] > MOST_NODES:
            raise BookError(
                f"what stands here stands for more than {MOST_NODES} entries; write out what its aliases stand for",
                f"{name}:{node.start_mark.line + 1}",
            )
        return known[id(node)]

    return count(root)


def _lost(node: yaml.Node, seen: set[int] | None = None) -> Iterator[tuple[int, str]]:
    """Find entries that PyYAML would drop, and texts that it would cut at a comma."""
    seen = set() if seen is None else seen
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _lost(part, seen)
    elif isinstance(node, yaml.MappingNode):
        names: set[tuple[str, str]] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in names and key.value != "<<":
                    yield line, f"the entry {key.value!r} stands twice; keep one"
                names.add((key.tag, key.value))
                empty = isinstance(value, yaml.ScalarNode) and value.value == "" and not value.style
                if node.flow_style and empty:
                    yield (
                        line,
                        (
                            f"the entry {key.value!r} has no value: text with a comma was cut there; put quotation marks around"
                            " the text, or write null"
                        ),
                    )
            yield from _lost(value, seen)
