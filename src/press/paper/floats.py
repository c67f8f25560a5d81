"""Where in the text an exhibit is handed to the typesetter, which finds a page for it.

A page that is nearly full when an exhibit comes has no room for it, and the exhibit goes on to the next. So each is handed over
before the paragraph that first refers to it, not after it: it then stands on the page of that paragraph, on the
next, or at the head of a page on which that paragraph stands below. Where the first paragraph of a section refers to it, that is
before the heading, which holds on to that paragraph. A table that is long, or so wide that its page is turned, does not float: it
begins where it is handed over, which is after the paragraph.

An author may have an exhibit handed over at the beginning of its section (``early``), where a page would else stay half empty.

The typesetter does not let two exhibits wait that do not fit on one page (``book.typ``), so that no exhibit falls
further behind than to the next page.

Not here: on which page it stands, which Typst decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from press.paper import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A table that fills most of a page is handed over so many characters sooner, since it has a page to itself, which comes after what
# is left of the one before.
HIGH, LEAD = 0.75, 1700
# What is higher goes on overleaf; its caption and notes come to it.
LONG = 0.9


def placed(
    children: Sequence[nodes.Node], refers: Callable[[nodes.Node, set[str]], bool], *, before: bool
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return the blocks of a section in the order in which they are handed over.

    Exhibits keep their order.

    Parameters
    ----------
    children : sequence of docutils.nodes.Node
        All that stands under the heading.
    refers : callable
        Whether a block refers to one of some ids.
    before : bool
        Whether exhibits may be handed over before the heading.

    Returns
    -------
    above, below : list of docutils.nodes.Node
        What comes before the heading, and what after it.
    """
    blocks = [child for child in children if not _ids(child)]
    # Before the heading, before each block, and at the end.
    slots: list[list[nodes.Node]] = [[] for _ in range(len(blocks) + 2)]
    passed, last = 0, 0
    for child in children:
        ids = _ids(child)
        if not ids:
            passed += 1
            continue
        first = next((place for place, block in enumerate(blocks) if refers(block, ids)), None)
        last = max(last, passed + 1 if first is None else _slot(child, first, blocks, before))
        slots[last].append(child)
    below = [node for slot, block in zip(slots[1:], blocks, strict=False) for node in [*slot, block]]
    return slots[0], [*below, *slots[-1]]


def _slot(exhibit: nodes.Node, first: int, blocks: list[nodes.Node], before: bool) -> int:
    """Return where an exhibit is handed over of which a block is the first to speak: 0 is before the heading, 1 before the first block."""
    top = 0 if before else 2
    if exhibit.get("early"):
        return top
    shown = list(exhibit.findall(nodes.table))
    height = max(map(tables.height, shown), default=0.0)
    if height > LONG or any(tables.is_turned(tables.described(table)[2]) for table in shown):
        return first + 2
    room = LEAD if height > HIGH else 0
    while first > 1 and len(blocks[first - 1].astext()) <= room:
        first -= 1
        room -= len(blocks[first].astext())
    return first + 1 if first > 0 else top


def _ids(node: nodes.Node) -> set[str]:
    """Return the ids of an exhibit or of another table or figure with a caption, none of anything else."""
    if isinstance(node, nodes.container) and "exhibit" in node["classes"]:
        shown = [node, *node.findall(lambda n: isinstance(n, nodes.figure | nodes.table))]
    elif isinstance(node, nodes.table | nodes.figure) and node.next_node(
        lambda n: isinstance(n, nodes.title | nodes.caption)
    ):
        shown = [node]
    else:
        return set()
    return {identifier for one in shown for identifier in one["ids"]}
