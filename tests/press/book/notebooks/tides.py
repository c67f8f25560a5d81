# %% [markdown]
# # How the tide moves
#
# The range of a year is $r = \max_t x_t - \min_t x_t$.

# %%
from coast import data, exhibits
from matplotlib.figure import Figure

tides = data.load("tides")
levels = [row["level"] for row in tides]
tides

# %%
chart = Figure(figsize=(5, 2.5))
chart.subplots().plot([row["month"] for row in tides], levels)
high = tides[levels.index(max(levels))]["month"]
exhibits.figure(
    "tides-level",
    chart,
    tides,
    title="The tide is highest in spring",
    subtitle="Level by month, metres, 2025",
    finding=f"the highest level is that of month {high}",
    source="tides",
)

# %%
exhibits.figure(
    "tides-small",
    chart,
    tides,
    title="High in spring",
    subtitle="Level by month, metres, 2025",
    finding=f"the highest level is that of month {high}",
    source="tides",
    collection="summary",
)

# %%
exhibits.value(
    "tides-range", max(levels) - min(levels), "tides", unit="m", format=".1f", time_period="2025", exhibit="tides-level"
)

# %%
exhibits.tests(
    "tides-months", [0.01, 0.4], "tides", question="Is the level of a month the mean?", exhibit="tides-level"
)
