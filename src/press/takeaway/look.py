"""The house style of what is taken away: colours, fonts, and the one date that all files bear.

Not here: the looks of the web pages and of print, which have style sheets and a template.
"""

from datetime import datetime

# The four categories of a chart, in order, then two for what stands apart.
PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
NAVY, TEAL, PLUM, ORANGE, INK, VIOLET = PALETTE
CONTEXT, MUTED, GRID, PALE, PAPER = "#8A949E", "#5A6570", "#DDE3E8", "#A9C3D9", "#FFFFFF"
# How lines of the categories are drawn, so that colour never tells alone.
STILL = ("solid", "dash", "dash_dot", "round_dot")
# The same content must give the same bytes.
CREATED = datetime(2000, 1, 1)
