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
# # The chart of the summary
#
# Two numbers for each of the five findings, all of them shares, in one small chart. The analyses behind them are those of the
# chapters; here the same tables are read again.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, regions

members, AVERAGE = areas.members(), "OECD-average-27"
COLUMNS = ["label", "obs_value", "std_error", "lower", "upper"]
rows = {}

# %% [markdown]
# ## Results: who fell in science, 2022 to 2025

# %%
equity = load("pisa-2025-equity").query("ref_area in @members").pivot(
    index="ref_area", columns="measure", values="obs_value")  # fmt: skip
moves = equity.dropna(subset=["change_advantaged", "change_disadvantaged"])
fell = 100 * (moves[["change_advantaged", "change_disadvantaged"]] < 0).mean()
rows["1 Countries in which science fell, 2022 to 2025"] = pd.DataFrame(
    {"label": ["Advantaged students", "Disadvantaged students"], "obs_value": fell.to_numpy()})  # fmt: skip

# %% [markdown]
# ## Practice: tasks that ask for critical thinking, 2018 and 2024

# %%
tasks = load("talis-teaching-practices").query(
    "isced_level == '2' and item == 'critical_thinking' and ref_area in @members and time_period in [2018, 2024]")  # fmt: skip
mean = indicators.average(tasks, constant=True, code="OECD").sort_values("time_period")
mean = intervals.with_interval(mean).assign(label=mean["time_period"].astype(str))
rows["2 Teachers who often ask for critical thinking"] = mean
mean[["label", "obs_value", "std_error", "n_areas"]]

# %% [markdown]
# ## Open schools: whom teachers met, 2024

# %%
MODES = {"networks": "In a network of teachers", "business_visits": "At a business or public body"}
ties = load("talis-learning-modes").query(
    "isced_level == '2' and ref_area == @AVERAGE and delivery == 'total' and item in @MODES and time_period == 2024")  # fmt: skip
ties = intervals.with_interval(ties).assign(label=lambda frame: frame["item"].map(MODES))
rows["3 Teachers who learned, 2024"] = ties.sort_values("obs_value", ascending=False)

# %% [markdown]
# ## Employers: firms that train, 2020

# %%
trains = load("vocational-education-europe").query("measure == 'enterprises_that_train'")
takes = load("vocational-graduates").query("measure == 'enterprises_with_apprentices'")
firms = pd.concat({"Train their staff": trains, "Have trainees": takes}, names=["label"]).reset_index("label")
firms = firms.query("time_period == 2020 and ref_area in @members and obs_value.notna()")
both = firms.pivot(index="ref_area", columns="label", values="obs_value").dropna()
both = both[["Train their staff", "Have trainees"]]
rows["4 Firms in Europe, 2020"] = both.mean().rename("obs_value").rename_axis("label").reset_index()

# %% [markdown]
# ## Place: variance between regions that lies within countries

# %%
europe = load("regional-tertiary-attainment").query(
    "ref_area_type == 'NUTS2' and time_period == 2023 and obs_value.notna()")  # fmt: skip
oecd = load("regional-well-being").query(
    "edition == '2022' and ref_area_type != 'country' and measure == 'upper_secondary' and obs_value.notna()")  # fmt: skip
PLACES = {"Europe, tertiary": europe, "OECD, upper secondary": oecd}
rows["5 Regional variance within countries"] = pd.concat(
    regions.variance_within_between(areas.add(table, "country")).query("component == 'within'").assign(label=label)
    for label, table in PLACES.items()
)

# %% [markdown]
# ## One chart

# %%
shares = pd.concat(rows, names=["finding"]).reset_index("finding")[["finding", *COLUMNS]].reset_index(drop=True)
shares.round(1)

# %%
chart = charts.forest_plot(
    shares, label="label", value="obs_value", lower="lower", upper="upper", group="finding", number=".0f", unit="%")  # fmt: skip

# %%
within = rows["5 Regional variance within countries"]["obs_value"].tolist()
exhibits.figure(
    "summary-findings", chart, data=shares, collection="summary",
    indicators=["pisa-2025-equity", "talis-teaching-practices", "talis-learning-modes", "vocational-education-europe",
                "vocational-graduates", "regional-tertiary-attainment", "regional-well-being"],
    title="Five findings, two numbers each",
    subtitle="Shares of countries, teachers, firms and variance, %, in the year or years that each heading gives",
    shows="ten shares, two for each finding of the summary",
    finding=f"{within[0]:.0f}% of the variance in Europe and {within[1]:.0f}% in the OECD lie within countries",
    note=f"Science: {len(moves)} OECD members, published changes, not tested. Critical thinking: {int(mean['n_areas'].iloc[0])}"
    f" members in both years. Learning: average of {areas.n_averaged(AVERAGE)}. Firms: {len(both)} members. Variance: Europe 2023,"
    " OECD mostly 2017 to 2021.",
    limits="Causes. Pairs are not tested here; the chapters test what can be tested.")  # fmt: skip
