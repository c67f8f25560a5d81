"""Pictures of charts as tests look at them: their texts with the room that these take, and their marks.

The folders whose tests ask for it have it on their path, as `marked` is.
"""

import math
import re
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from crossroads.charts import house

SVG = "{http://www.w3.org/2000/svg}"
TELEPHONE = 358  # pixels that a page leaves to a chart on a screen of 390


class Box(NamedTuple):
    """The room that a line of text takes, in the units of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def type_size(picture):
    """Return the size in pixels of the smallest letters of a picture on a telephone."""
    root = ElementTree.fromstring(picture)
    sizes = [float(text.get("font-size", house.FONT_SIZE)) for text in root.iter(f"{SVG}text")]
    return min(sizes) * TELEPHONE / float(root.get("viewBox").split()[2])


def boxes(picture):
    """Return the room of each text: of a turned one that of its turned box."""
    return [_box(text) for text in ElementTree.fromstring(picture).iter(f"{SVG}text") if text.text.strip()]


def outside(picture, slack=1.0):
    """Return the texts that the edge of a picture cuts."""
    _, _, width, height = map(float, ElementTree.fromstring(picture).get("viewBox").split())
    return [
        box.text
        for box in boxes(picture)
        if min(box.left, box.top) < -slack or box.right > width + slack or box.bottom > height + slack
    ]


def overlaps(picture, slack=1.0):
    """Return the pairs of texts that cover each other by more than a hair."""
    return [
        (one.text, other.text)
        for one, other in combinations(boxes(picture), 2)
        if min(one.right, other.right) - max(one.left, other.left) > slack
        and min(one.bottom, other.bottom) - max(one.top, other.top) > slack
    ]


def marked_rows(picture):
    """Return the rows that the marks of a picture name."""
    return {int(row) for row in re.findall(r'<g class="mark" data-row="(\d+)">', picture)}


def points(picture, row):
    """Return the middles of the circles of a row."""
    marks = ElementTree.fromstring(picture).iter(f"{SVG}g")
    found = [circle for mark in marks if mark.get("data-row") == str(row) for circle in mark.iter(f"{SVG}circle")]
    return [(float(circle.get("cx")), float(circle.get("cy"))) for circle in found]


@lru_cache(maxsize=10_000)
def _width(text, size, weight, style):
    font = FontProperties(family=house.FAMILY, size=size, weight=weight, style=style)
    return TextToPath().get_text_width_height_descent(text, font, ismath=False)[0]


def _box(element):
    size = float(element.get("font-size", house.FONT_SIZE))
    # The page has one bold font for all that is bolder than the text.
    weight = "bold" if element.get("font-weight") else "normal"
    width = _width(element.text, size, weight, element.get("font-style", "normal"))
    x, y = float(element.get("x")), float(element.get("y"))
    start = x - {"middle": width / 2, "end": width}.get(element.get("text-anchor"), 0)
    turn = re.match(r"rotate\((-?[\d.]+)", element.get("transform", ""))
    angle = math.radians(float(turn.group(1))) if turn else 0.0
    # Letters of this font reach 0.72 of its size above the line, and descend 0.2 below it.
    corners = [(left - x, top) for left in (start, start + width) for top in (-0.72 * size, 0.2 * size)]
    across = [x + a * math.cos(angle) - b * math.sin(angle) for a, b in corners]
    along = [y + a * math.sin(angle) + b * math.cos(angle) for a, b in corners]
    return Box(element.text, min(across), min(along), max(across), max(along))
