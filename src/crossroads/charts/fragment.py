"""The picture of a chart as a fragment of the page: real text, the page's colours, and marks that name their rows.

Matplotlib's file of a chart stands for itself: it has styles, ids and colours of its own. A page takes none of them: its
security policy forbids styles, ids of two charts would clash, and colours change with the reader's scheme. What it needs
is the same picture with classes in place of colours, which ``charts.css`` gives their values in light, dark and print.

Not here: drawing, and what happens when a reader points at a mark (a script of ``press``).
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from crossroads.charts.house import FONT_SIZE, NAMES

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
WHITE, BLACK = "#ffffff", "#000000"
# What is passed on as it is; everything else of a style is a colour, or the same in all charts.
KEPT = ("stroke-width", "stroke-linecap", "stroke-dasharray", "opacity", "fill-opacity", "stroke-opacity")
DEFAULTS = {"stroke-linecap": "butt", "stroke-width": "1"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
STEP = re.compile(r"([MLCQZz])([^MLCQZz]*)")


class FragmentError(ValueError):
    """A picture that the page cannot take over; the message says which part."""


class Piece(NamedTuple):
    """One drawn element and the row of the reading that it shows, if it shows one."""

    row: int | None
    markup: str


def fragment(svg: bytes, variant: str) -> str:
    """Return the picture of a chart for the page.

    Parameters
    ----------
    svg : bytes
        File of a chart as Matplotlib writes it with ``svg.fonttype: none``.
    variant : str
        Class of the element, ``"wide"`` or ``"narrow"``.

    Returns
    -------
    str
        An ``svg`` element without ids, styles and colours; each mark is ``<g class="mark" data-row="12">``.

    Raises
    ------
    FragmentError
        If a colour has no name in the house style, since it would not change with the reader's scheme.
    """
    root = ElementTree.fromstring(svg)
    markers = {path.get("id", ""): path for defs in root.iter(f"{SVG}defs") for path in defs.iter(f"{SVG}path")}
    pieces = list(_Walk(markers).pieces(root))
    box = " ".join(_short(float(number)) for number in root.attrib["viewBox"].split())
    body = []
    for row, group in groupby(pieces, key=lambda piece: piece.row):
        markup = "".join(piece.markup for piece in group)
        body.append(markup if row is None else f'<g class="mark" data-row="{row}">{markup}</g>')
    head = f'<svg class="{variant}" viewBox="{box}" fill="none" stroke-linejoin="round" xmlns="{SVG[1:-1]}">'
    return f"{head}{''.join(body)}</svg>\n"


class _Walk:
    """One way through a picture; it knows the colour last filled for each row, on which text may lie."""

    def __init__(self, markers: dict[str, ElementTree.Element]) -> None:
        self.markers = markers
        self.ground: dict[int, str] = {}

    def pieces(self, element: ElementTree.Element, rows: Iterator[int] | None = None) -> Iterator[Piece]:
        """Yield what is drawn, in order."""
        for child in element:
            kind = child.tag.removeprefix(SVG)
            if kind == "g":
                yield from self.pieces(child, _rows(child.get("id", "")) or rows)
            elif kind in ("path", "use", "text"):
                row = next(rows) if rows is not None else None
                markup = {"path": self.path, "use": self.use, "text": self.text}[kind](child, row)
                if markup:
                    yield Piece(row, markup)

    def path(self, element: ElementTree.Element, row: int | None) -> str:
        """Return a line or area; grounds of the figure and its axes are the page's."""
        look = _style(element)
        if row is None and look.get("fill") == WHITE and "stroke" not in look and "opacity" not in look:
            return ""
        return self.shape(look, row, element.get("d", ""))

    def use(self, element: ElementTree.Element, row: int | None) -> str:
        """Return a marker where it stands."""
        marker = self.markers[element.attrib[HREF].removeprefix("#")]
        moved = float(element.get("x", 0)), float(element.get("y", 0))
        return self.shape(_style(marker) | _style(element), row, marker.get("d", ""), moved)

    def shape(self, look: dict[str, str], row: int | None, path: str, moved: tuple[float, float] = (0.0, 0.0)) -> str:
        """Return a shape; Matplotlib draws a circle as eight curves."""
        steps = STEP.findall(path)
        if [letter for letter, _ in steps].count("C") == 8:
            numbers = [float(number) for _, told in steps for number in NUMBER.findall(told)[-2:]]
            (left, right), (top, bottom) = ((min(ends), max(ends)) for ends in (numbers[::2], numbers[1::2]))
            x, y, radius = (left + right) / 2 + moved[0], (top + bottom) / 2 + moved[1], (right - left) / 2
            return f'<circle{self.paint(look, row)} cx="{_short(x)}" cy="{_short(y)}" r="{_short(radius, 2)}"/>'
        return f'<path{self.paint(look, row)} d="{_steps(steps, *moved)}"/>'

    def text(self, element: ElementTree.Element, row: int | None) -> str:
        """Return a line of text."""
        look, turn = _style(element), element.get("transform", "")
        ink = look.get("fill", BLACK)
        name = f"on-{self.ground[row]}" if row in self.ground and ink in (WHITE, BLACK) else f"f-{_name(ink)}"
        size, weight = float(look.get("font-size", "10px").removesuffix("px")), look.get("font-weight", "")
        place = _place(element, turn)
        extra = {
            "font-size": "" if size == FONT_SIZE else _short(size),
            "font-weight": {"bold": "700"}.get(weight, weight),
            "font-style": look.get("font-style", ""),
            "text-anchor": look.get("text-anchor", ""),
        }
        told = "".join(f" {key}={quoteattr(value)}" for key, value in extra.items() if value)
        return f'<text class="{name}"{place}{told}>{escape(element.text or "")}</text>'

    def paint(self, look: dict[str, str], row: int | None) -> str:
        """Return classes and the other attributes of a shape."""
        classes = []
        if look.get("fill", BLACK) != "none":
            classes.append(f"f-{_name(look.get('fill', BLACK))}")
            if row is not None:
                self.ground[row] = classes[-1][2:]
        if look.get("stroke", "none") != "none":
            classes.append(f"s-{_name(look['stroke'])}")
        kept = {key: look[key] for key in KEPT if key in look and look[key] != DEFAULTS.get(key)}
        if len(classes) == 0 or "stroke" not in look:
            kept = {key: value for key, value in kept.items() if not key.startswith("stroke")}
        return f' class="{" ".join(classes)}"' + "".join(
            f' {key}="{NUMBER.sub(lambda found: _short(float(found.group()), 2), value)}"'
            for key, value in kept.items()
        )


def _rows(gid: str) -> Iterator[int] | None:
    """Return the rows that a group shows: one for all its shapes, or one for each in turn."""
    if not gid.startswith("row-"):
        return None
    rows = [int(row) for row in gid.removeprefix("row-").split(",")]
    return iter(lambda: rows[0], None) if len(rows) == 1 else iter(rows)


def _style(element: ElementTree.Element) -> dict[str, str]:
    pairs = (entry.split(":", 1) for entry in element.get("style", "").split(";") if entry.strip())
    return {key.strip(): value.strip() for key, value in pairs}


def _name(colour: str) -> str:
    """Return the name that the house style gives to a colour."""
    if colour not in NAMES:
        raise FragmentError(f"the colour {colour} has no name in the house style; take one of its colours: {NAMES}")
    return NAMES[colour]


def _place(element: ElementTree.Element, turn: str) -> str:
    """Return where a text stands; Matplotlib turns each by nothing and moves some in place of naming their spot."""
    moved = re.match(r"translate\(([^)]*)\)", turn)
    x, y = moved.group(1).split() if moved else (element.get("x", "0"), element.get("y", "0"))
    angle = re.search(r"rotate\((-?[\d.]+)", turn)
    place = f' x="{_short(float(x))}" y="{_short(float(y))}"'
    if angle and float(angle.group(1)):
        place += f' transform="rotate({_short(float(angle.group(1)))} {_short(float(x))} {_short(float(y))})"'
    return place


def _steps(steps: list[tuple[str, str]], x: float, y: float) -> str:
    """Return a path moved and with rounded numbers; level and upright lines by one number."""
    # Markers are small: a tenth of a point would show.
    places = 2 if x or y else 1
    written, last = [], ("", "")
    for letter, numbers in steps:
        found = [float(number) for number in NUMBER.findall(numbers)]
        told = [_short(number + (y if i % 2 else x), places) for i, number in enumerate(found)]
        end = (told[-2], told[-1]) if told else last
        if letter == "L" and end == last:
            continue
        if letter == "L" and end[1] == last[1]:
            written.append(f"H{told[0]}")
        elif letter == "L" and end[0] == last[0]:
            written.append(f"V{told[1]}")
        else:
            written.append(letter + " ".join(told))
        last = end
    return "".join(written)


def _short(number: float, places: int = 1) -> str:
    """Write a number with at most so many decimals and nothing that says nothing."""
    text = f"{round(number, places) + 0.0:.{places}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)
