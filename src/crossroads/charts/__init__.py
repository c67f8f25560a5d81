"""Charts in the house style, one function a form.

Every function takes a tidy frame and the names of its columns, and returns a chart whose ``form`` says what kind it is,
for the alternative text, and which answers for its Matplotlib figure. Titles, subtitles, notes and sources belong to the page and are set
by ``crossroads.exhibits``. All text of a figure is drawn as outlines of the vendored Open Sans, so that it looks the
same everywhere and the same figure gives the same bytes.

Not here: statistics. Averages, intervals, fitted lines and ranks are computed by the analysis functions and arrive as
data.
"""

from crossroads.charts.association import scatter_within, specification_curve
from crossroads.charts.house import Chart, ChartError
from crossroads.charts.maps import region_map, tile_grid
from crossroads.charts.matrix import combination_matrix, heat_matrix
from crossroads.charts.ranked import change_arrows, forest_plot, rank_intervals, ranked_bars, ranked_dots
from crossroads.charts.series import distribution_strips, small_multiples
from crossroads.charts.small import small_bars

__all__ = [
    "Chart",
    "ChartError",
    "change_arrows",
    "combination_matrix",
    "distribution_strips",
    "forest_plot",
    "heat_matrix",
    "rank_intervals",
    "ranked_bars",
    "ranked_dots",
    "region_map",
    "scatter_within",
    "small_bars",
    "small_multiples",
    "specification_curve",
    "tile_grid",
]
