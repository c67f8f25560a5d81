"""The pictures of a chart: files for download, and fragments for the page.

Not here: what is around them, and where they are published (``crossroads.exhibits``).
"""

import io
import re
from typing import Any

from crossroads.charts.fragment import fragment
from crossroads.charts.house import Canvas, Chart

# Matplotlib writes the date into SVG and its own version into PNG unless told not to. Higher levels of compression take
# half as long again, for files of the same size.
SETTINGS: dict[str, dict[str, Any]] = {
    "svg": {"metadata": {"Date": None, "Creator": None}},
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
}


def pictures(chart: Chart) -> dict[str, bytes]:
    """Return the pictures of a chart by their suffixes: two for download, and two for the page.

    Parameters
    ----------
    chart : Chart

    Returns
    -------
    dict of str to bytes
    """
    if chart.before is not None:
        return chart.before.pictures()
    wide = chart._figure()
    svg = render(wide, "svg")
    # Rows are no ids, since several marks show one; and not every reader has the font of the house.
    download = re.sub(rb'<g id="row-[^"]*"', b"<g", svg).replace(b"'Open Sans'", b"'Open Sans', sans-serif")
    return {
        "svg": download,
        "png": render(wide, "png"),
        "wide.svg": fragment(svg, "wide").encode(),
        "narrow.svg": fragment(render(chart.narrow(), "svg"), "narrow").encode(),
    }


def render(canvas: Canvas, suffix: str) -> bytes:
    """Draw a canvas to bytes that depend on nothing but the canvas.

    Parameters
    ----------
    canvas : Canvas
    suffix : str
        ``"svg"`` or ``"png"``.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    canvas.savefig(buffer, format=suffix, dpi=200, **SETTINGS[suffix])
    return buffer.getvalue()
