# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # {title}
#
# Say what is analysed and why. The cells below publish one of each: a figure, a table, a number and a test. Put your own in
# their place; a chapter shows them by their ids.

# %%
from crossroads import areas, charts, exhibits, intervals, load

members = areas.members()
change = load("pisa-change").query("domain == 'mathematics' and time_period == '2012-2022'")
change = change.query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
change = intervals.with_test(areas.add(change, country="name"))
falls = change[change["significant"].fillna(False) & (change["obs_value"] < 0)]
steepest = change.loc[change["obs_value"].idxmin()]

# %%
shared = {
    "title": f"In mathematics, {steepest['country']} fell most from 2012 to 2022",
    "subtitle": "Change of the mean score of 15-year-old students in mathematics, PISA, OECD members",
    "indicators": ["pisa-change"],
    "note": "95% intervals, with the error of the link between the scales.",
}
chart = charts.ranked_dots(
    change,
    label="country",
    value="obs_value",
    lower="lower",
    upper="upper",
    significant="significant",
    unit="Score points",
)
exhibits.figure(
    "{id}-change",
    chart,
    data=change,
    shows=f"changes of {len(change)} countries with their intervals",
    finding=f"results fell significantly in {len(falls)} countries",
    **shared,
)

# %%
exhibits.table(
    "{id}-change-table",
    change.sort_values("obs_value", ignore_index=True),
    columns={"country": "Country", "obs_value": "Change", "std_error": "Standard error", "p_adjusted": "p, adjusted"},
    formats={"obs_value": ".1f", "std_error": ".1f", "p_adjusted": ".3f"},
    shows=f"changes of {len(change)} countries with standard errors and tests",
    finding=f"results fell significantly in {len(falls)} countries",
    **shared,
)

# %%
exhibits.value(
    "{id}-steepest-fall",
    -steepest["obs_value"],
    std_error=steepest["std_error"],
    format=".0f",
    unit="score points",
    time_period="2012 to 2022",
    indicators=["pisa-change"],
    exhibit="{id}-change",
)

# %%
exhibits.tests(
    "{id}-changes",
    change,
    question="Is the country's change in mathematics from 2012 to 2022 zero?",
    indicators=["pisa-change"],
    adjust="fdr_bh",
    exhibit="{id}-change",
)
