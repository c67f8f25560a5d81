"""Draw what docs/architecture.md shows of the code: who imports whom, and the order of a build.

    python docs/draw.py            writes the drawing and the tables into docs/architecture.md

What is drawn stands between two comments, ``<!-- name -->`` and ``<!-- /name -->``, and a test asks that it is current.

Not here: what may import what, which is a contract in ``pyproject.toml``.
"""

import re
from pathlib import Path

import grimp
import networkx

import press.stages
import report.stages

PAGE = Path(__file__).with_name("architecture.md")
HOUSES = ("crossroads", "importers", "press", "report")


def room(module: str) -> str:
    """Return the module or package right below the house, or the house itself."""
    return ".".join(module.split(".")[:2])


def imports() -> networkx.DiGraph:
    """Return who imports whom among the rooms of the four houses; imports for type checking alone do not count."""
    graph, found = grimp.build_graph(*HOUSES, exclude_type_checking_imports=True, cache_dir=None), networkx.DiGraph()
    for module in graph.modules:
        if "." in module:
            found.add_node(room(module))
        found.add_edges_from(
            (room(module), room(other))
            for other in graph.find_modules_directly_imported_by(module)
            if "." in module and "." in other and room(module) != room(other)
        )
    return found


def drawing() -> str:
    """Return the drawing as Mermaid: one box a house; an arrow points to what is imported.

    What follows from other arrows is left out, and so is what many lines would say: between houses there is one arrow.
    """
    graph = imports()
    lines = ["```mermaid", "flowchart TD"]
    for house in HOUSES:
        rooms = sorted(node for node in graph if node.startswith(f"{house}."))
        own = graph.subgraph(rooms)
        lines += [f"  subgraph {house}", *(f"    {key(node)}[{node.split('.')[1]}]" for node in rooms)]
        lines += [f"    {key(a)} --> {key(b)}" for a, b in sorted(networkx.transitive_reduction(own).edges)]
        lines += ["  end"]
    between = {(a.split(".")[0], b.split(".")[0]) for a, b in graph.edges}
    return "\n".join([*lines, *(f"  {a} ==> {b}" for a, b in sorted(between) if a != b), "```"])


def key(node: str) -> str:
    """Return a name that Mermaid takes for nothing else."""
    return node.replace(".", "-").replace("__", "")


def stages() -> str:
    """Return the order of a build as a table."""
    return press.stages.describe(press.stages.STAGES, report.stages.STAGES).rstrip("\n")


def drawn(page: str) -> str:
    """Return the page with everything drawn anew.

    Parameters
    ----------
    page : str
        The text of ``docs/architecture.md``.

    Returns
    -------
    str
    """
    for name, draw in {"drawing": drawing, "stages": stages}.items():
        mark = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.S)
        page, found = mark.subn(lambda _, draw=draw: draw() + "\n", page)
        if found != 1:
            raise ValueError(f"{PAGE.name} has {found} places for the {name}; expected <!-- {name} --> once")
    return page


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text("utf-8")), "utf-8")
