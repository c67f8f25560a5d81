"""What print has to know of a picture before it is set: how large it is asked to be, and what stands beside it.

Not here: the files of pictures (Sphinx's builder collects them), their looks (``book.typ``).
"""

from __future__ import annotations

import re

from docutils import nodes

# The web's 96 pixels and print's 72 points are both one inch; an ex is about half an em.
UNITS = {"": (0.75, "pt"), "px": (0.75, "pt"), "pc": (12, "pt"), "ex": (0.5, "em"), "rem": (1, "em")}
UNITS |= {unit: (1, unit) for unit in ("%", "em", "pt", "mm", "cm", "in")}


def length(text: str) -> str:
    """Write a length of a page as one of print.

    Parameters
    ----------
    text : str
        A number and a unit; pixels where it has none.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is no length, or if paper does not know the unit.
    """
    found = re.fullmatch(r"([\d.]+)\s*([a-z%]*)", str(text).strip())
    if not found or found[2] not in UNITS:
        raise ValueError(
            f"{text!r} is no length that print knows; expected a number with one of {', '.join(filter(None, UNITS))}"
        )
    factor, unit = UNITS[found[2]]
    return f"{float(found[1]) * factor:g}{unit}"


def size(node: nodes.image) -> dict[str, str]:
    """Return width, height and scale that a picture is asked to have, as named arguments.

    Raises
    ------
    ValueError
        If one is no length.
    """
    asked = {name: length(node[name]) for name in ("width", "height") if node.get(name)}
    if asked.get("height", "").endswith("%"):
        raise ValueError(f"a height of {node['height']} has no meaning on paper; give the width, or the height in mm")
    return asked | ({"scale": f"{node['scale'] / 100:g}"} if node.get("scale") else {})


def alone(node: nodes.Element) -> list[nodes.Element]:
    """Return the pictures of a paragraph that holds nothing else: each an image, or a link with one in it.

    Returns
    -------
    list of docutils.nodes.Element
        Nothing where the paragraph has words.
    """
    found: list[nodes.Element] = []
    for child in node.children:
        if isinstance(child, nodes.image) or (isinstance(child, nodes.reference) and is_linked(child)):
            found.append(child)
        elif isinstance(child, nodes.Element) or child.astext().strip():
            return []
    return found


def is_linked(node: nodes.Element) -> bool:
    """Say whether a link holds a picture and nothing else."""
    return len(node.children) == 1 and isinstance(node.children[0], nodes.image)
