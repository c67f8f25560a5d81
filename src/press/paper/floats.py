"""Where in the text an exhibit is handed to the typesetter, which finds a page for it.

A page that is nearly full when an exhibit comes has no room for it, and the exhibit goes on to the next. So each is handed over
before the paragraph that first refers to it, not after the last: it then stands on the page of that paragraph or on the
next. Where a section has several, the later ones would wait for the earlier, and are handed over a few blocks sooner still.

Not here: on which page it stands, which Typst decides (``book.typ``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# By how many blocks the later exhibits of a section come sooner, at most.
LEAD = 3


def early(children: Sequence[nodes.Node], refers: Callable[[nodes.Node, set[str]], bool]) -> list[nodes.Node]:
    """Return the blocks of a section with each exhibit before the first that refers to it.

    Exhibits keep their order, and none stands before the first block of its section, which its heading holds on to.

    Parameters
    ----------
    children : sequence of docutils.nodes.Node
    refers : callable
        Whether a block refers to one of some ids.

    Returns
    -------
    list of docutils.nodes.Node
    """
    made: list[nodes.Node] = []
    last, lead = 1, 0
    for child in children:
        ids = _ids(child)
        if not ids:
            made.append(child)
            continue
        first = next((place for place in range(last, len(made)) if refers(made[place], ids)), len(made))
        first = max(first - lead, last)
        made.insert(first, child)
        last, lead = first + 1, min(lead + 1, LEAD)
    return made


def _ids(node: nodes.Node) -> set[str]:
    """Return the ids of an exhibit, none of anything else."""
    if not isinstance(node, nodes.container) or "exhibit" not in node["classes"]:
        return set()
    shown = [node, *node.findall(lambda n: isinstance(n, nodes.figure | nodes.table))]
    return {identifier for one in shown for identifier in one["ids"]}
