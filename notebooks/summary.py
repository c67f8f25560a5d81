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
# # The charts of the summary
#
# A small chart beside each of the five findings, with the numbers of its sentence. The analyses behind them are those of the
# chapters, which test what can be tested; here the same tables are read again.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, regions

members, AVERAGE = areas.members(), "OECD-average-27"
SMALL = {"label": "label", "value": "obs_value"}
INTERVAL = {"lower": "lower", "upper": "upper"}

# %% [markdown]
# ## Results: countries in which mathematics fell, 2012 to 2022

# %%
change = load("pisa-change").query(
    "domain == 'mathematics' and time_period == '2012-2022' and ref_area in @members and obs_value.notna()")  # fmt: skip
change = intervals.with_test(change)
ways = {"Fell": change["significant"] & (change["obs_value"] < 0), "No significant change": ~change["significant"],
        "Rose": change["significant"] & (change["obs_value"] > 0)}  # fmt: skip
results = pd.DataFrame({"label": [*ways], "obs_value": [int(way.sum()) for way in ways.values()]})
fell, _, rose = results["obs_value"]

# %%
chart = charts.small_bars(results, **SMALL, focus="Fell")
exhibits.figure(
    "summary-results", chart, data=results, indicators=["pisa-change"],
    collection="summary",
    title=f"Mathematics fell in {fell} countries",
    subtitle=f"{len(change)} OECD countries by the change of their mean score in PISA mathematics, 2012 to 2022",
    shows=f"{len(change)} countries by what became of mathematics", finding=f"it fell in {fell} and rose in {rose or 'none'}",
    note="Significant: at 5% after adjustment for the number of countries, with the published standard errors, which include"
    " the link error.",
    limits="How large the changes are, and what brought them about.")  # fmt: skip

# %% [markdown]
# ## Practice: countries in which five practices became more frequent, 2018 to 2024

# %%
asked_twice = ["critical_thinking", "open_tasks", "small_groups", "own_procedures", "observation"]
practices = pd.concat([load("talis-teaching-practices"), load("talis-assessment-practices")])
practices = practices.query(
    "isced_level == '2' and ref_area in @members and item in @asked_twice and time_period in [2018, 2024]")  # fmt: skip
effects = indicators.effect_size(practices, 2018, 2024, by=("item",)).dropna(subset=["obs_value"])
means = intervals.with_test(indicators.summarise_effects(effects))
ways = {"More frequent": means["significant"] & (means["obs_value"] > 0), "No significant change": ~means["significant"],
        "Less frequent": means["significant"] & (means["obs_value"] < 0)}  # fmt: skip
practice = pd.DataFrame({"label": [*ways], "obs_value": [int(way.sum()) for way in ways.values()]})
more, _, less = practice["obs_value"]

# %%
chart = charts.small_bars(practice, **SMALL, focus="More frequent")
exhibits.figure(
    "summary-practice", chart, data=practice, collection="summary",
    indicators=["talis-teaching-practices", "talis-assessment-practices"],
    title=f"Five practices became more frequent in {more} of {len(means)} countries",
    subtitle=f"{len(means)} OECD countries by the mean change of five teaching practices, lower secondary, 2018 to 2024",
    shows=f"{len(means)} countries by the change of five practices, taken together,",
    finding=f"they became more frequent in {more} and less frequent in {less}",
    note="Significant: at 5% after adjustment for the number of countries. Most changes are small.",
    limits="Whether a change is for the better.")  # fmt: skip

# %% [markdown]
# ## Open schools: whom teachers met, 2024

# %%
MODES = {"networks": "In a network of teachers", "business_visits": "At a business or public body"}
ties = load("talis-learning-modes").query(
    "isced_level == '2' and ref_area == @AVERAGE and delivery == 'total' and item in @MODES and time_period == 2024")  # fmt: skip
ties = intervals.with_interval(ties).assign(label=lambda frame: frame["item"].map(MODES))
ties = ties.sort_values("obs_value", ascending=False)[["label", "obs_value", "std_error", "lower", "upper"]]
network, visit = ties["obs_value"]

# %%
chart = charts.small_bars(ties, **SMALL, **INTERVAL, unit="%")
exhibits.figure(
    "summary-networks", chart, data=ties, collection="summary",
    indicators=["talis-learning-modes"],
    title="More teachers meet in networks than visit a firm",
    subtitle=f"Share of teachers who took part, lower secondary, average of {areas.n_averaged(AVERAGE)} countries, 2024",
    shows="two shares of teachers", finding=f"{network:.0f}% were in a network and {visit:.0f}% visited a business or public body",
    note="The average leaves out the Netherlands, New Zealand and Norway (low response). Whiskers: 95% intervals.",
    limits="How long the ties last, and whether anybody learns more.")  # fmt: skip

# %% [markdown]
# ## Employers: firms that train, 2020

# %%
trains = load("vocational-education-europe").query("measure == 'enterprises_that_train'")
takes = load("vocational-graduates").query("measure == 'enterprises_with_apprentices'")
firms = pd.concat({"Trained their own staff": trains, "Had trainees": takes}, names=["label"]).reset_index("label")
firms = firms.query("time_period == 2020 and ref_area in @members and obs_value.notna()")
both = firms.pivot(index="ref_area", columns="label", values="obs_value").dropna()
both = both[["Trained their own staff", "Had trainees"]]
shares = both.mean().rename("obs_value").rename_axis("label").reset_index()
train, take = shares["obs_value"]

# %%
chart = charts.small_bars(shares, **SMALL, unit="%")
exhibits.figure(
    "summary-firms", chart, data=shares, collection="summary",
    indicators=["vocational-education-europe", "vocational-graduates"],
    title="Most firms train, few take trainees",
    subtitle=f"Enterprises with ten persons or more, mean of {len(both)} European members of the OECD, 2020",
    shows="two shares of firms", finding=f"{train:.0f}% trained their own staff and {take:.0f}% had trainees",
    note="Trainees: apprentices and others in initial vocational training. 2020 was a year of the pandemic. The publishers give no"
    " standard errors.",
    limits="How many places a firm offers, and how good they are.")  # fmt: skip

# %% [markdown]
# ## Place: variance between regions that lies within countries

# %%
europe = load("regional-tertiary-attainment").query(
    "ref_area_type == 'NUTS2' and time_period == 2023 and obs_value.notna()")  # fmt: skip
oecd = load("regional-well-being").query(
    "edition == '2022' and ref_area_type != 'country' and measure == 'upper_secondary' and obs_value.notna()")  # fmt: skip
PLACES = {"Europe, tertiary": europe, "OECD, upper secondary": oecd}
place = pd.concat(
    regions.variance_within_between(areas.add(table, "country")).query("component == 'within'").assign(label=label)
    for label, table in PLACES.items()
)
within, elsewhere = place["obs_value"]

# %%
place = place[["label", "obs_value", "lower", "upper", "n_areas"]]
exhibits.figure(
    "summary-place", charts.small_bars(place, **SMALL, **INTERVAL, unit="%"), data=place, collection="summary",
    indicators=["regional-tertiary-attainment", "regional-well-being"],
    title="Regions differ inside countries, too",
    subtitle="Share within countries of the variance of attainment between regions; Europe 2023, OECD mostly 2017 to 2021",
    shows="two shares of the variance between regions",
    finding=f"{within:.0f}% in Europe and {elsewhere:.0f}% in the OECD lie within countries",
    note=f"Europe: {len(europe)} regions of the second level. OECD: {len(oecd)} large regions. Whiskers: 95% intervals, each"
    " country left out in turn.",
    limits="Differences inside regions. The two shares are of different measures and sizes of region.")  # fmt: skip
