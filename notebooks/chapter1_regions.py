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
# # Chapter 1: why the region matters
#
# Tertiary attainment, research and development, GDP per head and innovation in European regions: how much of the
# variation lies within countries, in Europe and in the OECD, and what goes together there.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, data, exhibits, intervals, load, models, numbers, regions

# %%
INDICATORS = {
    "tertiary": "regional-tertiary-attainment",
    "research": "regional-rd-expenditure",
    "income": "regional-gdp-per-head",
}
YEAR = 2023

# %% [markdown]
# ## The table of regions
#
# One row a NUTS 2 region with the values of 2023, the latest year in which research is well covered (odd years are
# fuller). A region enters an analysis if it has the values that the analysis needs; each result says how many do.

# %%
tables = {
    name: load(table).query("ref_area_type == 'NUTS2' and time_period == @YEAR and obs_value.notna()")
    for name, table in INDICATORS.items()
}
tables = {name: areas.add(table, "country") for name, table in tables.items()}
values = {name: table.set_index("ref_area")["obs_value"] for name, table in tables.items()}
wide = pd.DataFrame(values).rename_axis("ref_area").reset_index()
wide = areas.add(wide, "name", "country", "longitude", "latitude")
wide[["tertiary", "research", "income"]].agg(["count", "min", "median", "max"]).round(1)

# %% [markdown]
# ## Where people with tertiary education live

# %%
mapped = wide.dropna(subset=["tertiary"]).sort_values("tertiary", ignore_index=True)
lowest, highest = (mapped[mapped["tertiary"] == end] for end in mapped["tertiary"].agg(["min", "max"]))
on_map = mapped["longitude"].between(-25, 45) & mapped["latitude"].between(34, 72)
named = mapped["name"].where(mapped["ref_area"].isin([*lowest["ref_area"], *highest["ref_area"]]))
chart = charts.region_map(
    mapped.assign(named=named)[on_map], value="tertiary", longitude="longitude", latitude="latitude",
    bins=[25, 35, 45], label="named", unit="Share of people aged 25-64 with tertiary education, %")  # fmt: skip

# %%
every = areas.add(load("regional-tertiary-attainment").query("time_period == @YEAR"), "country")
lacking = regions.absent_regions(every, areas.table().reset_index(), ["country"]).explode("absent").dropna()
without = numbers.enumerate_words(areas.names(lacking["absent"]))
len(lacking), without

# %%
exhibits.figure(
    "ch1-region-map", chart, data=mapped, indicators=["regional-tertiary-attainment"],
    title="Tertiary education differs widely between European regions",
    subtitle=f"Share of people aged 25-64 with tertiary education, %, NUTS 2 regions of Europe, {YEAR}",
    shows=f"tertiary attainment in {len(mapped)} European regions",
    finding=f"the highest share is that of {numbers.enumerate_words(highest['name'])} ({highest['tertiary'].max():.0f}%) and the"
    f" lowest that of {numbers.enumerate_words(lowest['name'])} ({lowest['tertiary'].max():.0f}%)",
    note=f"{len(mapped)} regions, of which {(~on_map).sum()} lie outside the map (islands and overseas). Each circle is a"
    f" region near its centroid. No value, most since the newer classification changed their borders: {without}."
    " The publisher gives no standard errors.",
    limits="Where people were educated: graduates move.")  # fmt: skip

# %%
about = {"indicators": ["regional-tertiary-attainment"], "time_period": str(YEAR), "exhibit": "ch1-region-map"}
for place, rows in {"top": highest, "bottom": lowest}.items():
    in_words = [f"{row.name} ({areas.name(row.country)})" for row in rows[["name", "country"]].itertuples(index=False)]
    exhibits.value(
        f"ch1-{place}-region", numbers.enumerate_words(in_words), **about, note="all of them, where some are level"
    )
    exhibits.value(
        f"ch1-{place}-region-share", rows["tertiary"].max(), unit="%", format=".0f", n_obs=len(mapped), **about
    )

# %% [markdown]
# ## Variance within and between countries
#
# Each region counts once. What chance adds to the variance between countries of few regions is taken off; the interval
# comes from leaving out each country in turn.

# %%
SCOREBOARD = "regional-innovation-scoreboard"
innovation = load(SCOREBOARD).query("measure == 'innovation_index' and ref_area_type == 'NUTS2'")
innovation = areas.add(innovation, "country").query("time_period in [2016, @YEAR]")
split_tables = {**tables, "innovation": innovation.query("time_period == @YEAR"),
                "innovation-2016": innovation.query("time_period == 2016")}  # fmt: skip

# %%
labels = {"tertiary": "Tertiary attainment", "research": "Spending on R&D, % of GDP", "income": "GDP per head",
          "innovation": "Regional Innovation Index", "innovation-2016": "Regional Innovation Index, 2016"}  # fmt: skip
split = pd.concat(
    regions.variance_within_between(table).assign(indicator=labels[name], name=name)
    for name, table in split_tables.items()
)
within = split.query("component == 'within'").sort_values("obs_value", ascending=False, ignore_index=True)
within["label"] = within["indicator"] + " (" + within["n_areas"].astype(str) + " regions)"
within[["indicator", "obs_value", "lower", "upper", "n_areas", "n_groups"]].round(1)

# %% [markdown]
# The index is published for fewer countries at this level. Attainment in the same regions shows what the choice of
# countries does; the interval of the difference leaves out each country in turn, from both.

# %%
same_regions = tables["tertiary"][tables["tertiary"]["ref_area"].isin(innovation["ref_area"])]
same = regions.variance_within_between(same_regions).query("component == 'within'").iloc[0]
followed = innovation.pivot(index="ref_area", columns="time_period", values="obs_value").dropna()
rose = int((followed[YEAR] > followed[2016]).sum())
round(same["obs_value"], 1), int(same["n_areas"]), rose, len(followed)

# %%
stacked = pd.concat({"tertiary": same_regions, "innovation": split_tables["innovation"]}, names=["name"])
stacked = stacked.reset_index("name")
stacked = stacked[stacked["ref_area"].isin(same_regions["ref_area"])]
shares = pd.DataFrame({
    left_out: regions.variance_within_between(stacked[stacked["country"] != left_out], by=["name"])
    .query("component == 'within'").set_index("name")["obs_value"]
    for left_out in ["", *stacked["country"].unique()]
}).T  # fmt: skip
apart = shares["tertiary"] - shares["innovation"]
apart_low, apart_high = intervals.jackknife(apart.iloc[0], apart.iloc[1:].to_numpy())
apart.iloc[0], apart_low, apart_high

# %%
shown = within.query("name != 'innovation-2016'")
chart = charts.ranked_bars(
    shown, label="label", value="obs_value", lower="lower", upper="upper",
    unit="% of regional variance that lies within countries")  # fmt: skip

# %%
exhibits.figure(
    "ch1-region-variance", chart, data=shown.drop(columns="label"), indicators=[*INDICATORS.values(), SCOREBOARD],
    title="Much of the variation between European regions lies within countries",
    subtitle=f"Share of the variance of regional values that lies within countries, NUTS 2 regions of Europe, {YEAR}",
    shows=f"the share of regional variance within countries for {len(shown)} indicators",
    finding=", ".join(f"{row.obs_value:.0f}% for {row.indicator}" for row in shown.itertuples()) + " lie within",
    note="Whiskers are 95% intervals, each country left out in turn. Each region counts once, whatever its population. The index:"
    f" {within.set_index('name').loc['innovation', 'n_groups']} countries, without those that have it for larger areas only"
    " (Austria, Belgium, France and the United Kingdom).",
    limits="Differences inside regions. Attainment comes from a sample survey, whose error counts as variation within countries."
    " Parts of the index are filled in by the publisher from larger areas, which hides variation within countries.")  # fmt: skip

# %%
for name, row in within.set_index("name").iterrows():
    exhibits.values({f"ch1-within-{name}": row}, interval=True, n_obs="n_areas", unit="%", format=".0f",
                    time_period="2016" if name == "innovation-2016" else str(YEAR),
                    indicators=[INDICATORS.get(name, SCOREBOARD)], exhibit="ch1-region-variance")  # fmt: skip
    exhibits.value(f"ch1-within-{name}-interval", numbers.span(row["lower"], row["upper"], ".0f"), n_obs=row["n_areas"],
                   indicators=[INDICATORS.get(name, SCOREBOARD)], exhibit="ch1-region-variance")  # fmt: skip

# %%
about = {"exhibit": "ch1-region-variance", "time_period": str(YEAR), "unit": "%", "format": ".0f"}
exhibits.values({"ch1-within-tertiary-same": same}, interval=True, n_obs="n_areas", note="in the regions with the index",
                indicators=[INDICATORS["tertiary"], SCOREBOARD], **about)  # fmt: skip

# %%
about = {"indicators": [INDICATORS["tertiary"], SCOREBOARD], "time_period": str(YEAR), "n_obs": int(same["n_areas"])}
exhibits.value("ch1-within-difference", apart.iloc[0], interval=(apart_low, apart_high), unit="percentage points",
               format=".0f", **about)  # fmt: skip
exhibits.value("ch1-within-difference-interval", numbers.span(apart_low, apart_high, ".0f"), **about)
verdict = "" if apart_low * apart_high > 0 else ", which is not statistically significant"
exhibits.value("ch1-within-difference-verdict", verdict, **about)
about = {"indicators": [SCOREBOARD], "time_period": f"2016 to {YEAR}", "n_obs": len(followed), "unit": "regions"}
exhibits.values({"rose": rose, "n": len(followed)}, prefix="ch1-innovation", **about)

# %% [markdown]
# ## The same question for the whole OECD
#
# Large regions of all members and one measure for each topic of OECD Regional Well-Being, edition of 2022; second
# measures (unemployment, deaths, internet speed) are left out. Years differ by country and measure, mostly 2017 to 2021.
# Values that rest on opinion polls or small samples hold error, which counts as variation within countries.

# %%
LABELS = data.measures("regional-well-being")["label"]
second = ["unemployment_rate", "mortality_rate", "internet_speed"]
well_being = load("regional-well-being").query("edition == '2022' and ref_area_type != 'country' and obs_value.notna()")
well_being = areas.add(well_being.query("measure not in @second"), "country")
everywhere = regions.variance_within_between(well_being, by=["measure"]).query("component == 'within'")
everywhere = everywhere.sort_values("obs_value", ascending=False, ignore_index=True)
everywhere["label"] = everywhere["measure"].map(LABELS).str.replace(r", (deviation|0 to).*", "", regex=True)
everywhere[["label", "obs_value", "lower", "upper", "n_areas", "n_groups"]].round(1)

# %%
chart = charts.ranked_bars(
    everywhere, label="label", value="obs_value", lower="lower", upper="upper",
    unit="% of regional variance that lies within countries")  # fmt: skip
most, least = everywhere.iloc[0], everywhere.iloc[-1]
n_areas, n_groups = everywhere["n_areas"], everywhere["n_groups"]

# %%
exhibits.figure(
    "ch1-well-being-variance", chart, data=everywhere, indicators=["regional-well-being"],
    title="On most measures countries differ more than regions inside them",
    subtitle=f"Share of the variance of regional values within countries, {len(everywhere)} measures, OECD regions, edition of 2022",
    shows=f"the share of regional variance within countries for {len(everywhere)} measures of well-being",
    finding=f"it runs from {least['obs_value']:.0f}% for {least['label'].lower()} to {most['obs_value']:.0f}% for"
    f" {most['label'].lower()}",
    note=f"{n_areas.min()} to {n_areas.max()} large regions in {n_groups.min()} to {n_groups.max()} countries, each region"
    " once. Whiskers: 95% intervals, each country left out in turn. Years differ by country and measure, mostly 2017 to 2021.",
    limits="Differences inside regions; how much is error of small samples; and how Europe, with smaller regions, compares.")  # fmt: skip

# %%
about = {"indicators": ["regional-well-being"], "time_period": "edition of 2022", "unit": "%", "format": ".0f",
         "exhibit": "ch1-well-being-variance"}  # fmt: skip
topics = {"schooling": "upper_secondary", "income": "disposable_income", "jobs": "employment_rate",
          "safety": "homicide_rate", "community": "someone_to_count_on"}  # fmt: skip
by_measure = everywhere.set_index("measure")
exhibits.values({f"ch1-oecd-within-{name}": by_measure.loc[measure] for name, measure in topics.items()},
                interval=True, n_obs="n_areas", **about)  # fmt: skip
span = numbers.span(*by_measure.loc["upper_secondary", ["lower", "upper"]], ".0f")
exhibits.value("ch1-oecd-within-schooling-interval", span, **about | {"unit": "", "format": ""})

# %% [markdown]
# ## Do they go together within countries?
#
# Least squares with fixed effects for countries, errors clustered by country. Income enters as a logarithm, so that a
# coefficient of 0.03 means about 3% more income for one percentage point. Countries with a single region drop out. Two
# models leave out each country's richest region. As regions are then chosen by their income, these slopes are too small
# rather than too large.

# %%
STRICT = "Tertiary attainment, without each country's richest region"
wide["log_income"] = np.log(wide["income"])
richest = wide.dropna(subset=["income"]).groupby("country")["income"].idxmax()
without = wide.drop(index=richest)

# %%
models_wanted = {
    "Tertiary attainment, pooled": (wide, "tertiary", "pooled"),
    "Tertiary attainment": (wide, "tertiary", "within"),
    STRICT: (without, "tertiary", "within"),
    "Spending on R&D": (wide, "research", "within"),
    "Both": (wide, ["tertiary", "research"], "within"),
    "Both, without each country's richest region": (without, ["tertiary", "research"], "within"),
}

# %%
fits = pd.concat(
    models.association(frame, "log_income", predictors, group="country", design=design).assign(model=name)
    for name, (frame, predictors, design) in models_wanted.items()
).reset_index(drop=True)
fits[["model", "term", "obs_value", "std_error", "p_value", "n_obs", "n_groups"]].round(4)

# %%
complete = wide.dropna(subset=["tertiary", "income"])
complete = complete[complete.groupby("country")["country"].transform("size") > 1].reset_index(drop=True)
groups = complete.groupby("country")
complete["tertiary_difference"] = complete["tertiary"] - groups["tertiary"].transform("mean")
complete["income_difference"] = 100 * np.expm1(complete["log_income"] - groups["log_income"].transform("mean"))
slope, strict = (fits.query("model == @name").iloc[0] for name in ("Tertiary attainment", STRICT))
line = pd.DataFrame({"x": np.linspace(*complete["tertiary_difference"].agg(["min", "max"]), 60)})
for column, coefficient in {"y": "obs_value", "lower": "lower", "upper": "upper"}.items():
    line[column] = 100 * np.expm1(slope[coefficient] * line["x"])

# %%
ends = ["obs_value", "lower", "upper"]
income_slope, strict_slope = (100 * np.expm1(10 * row[ends].astype(float)) for row in (slope, strict))
income_slope.round(1), strict_slope.round(1)

# %%
chart = charts.scatter_within(
    complete, x="tertiary_difference", y="income_difference", fit=line,
    x_unit="Tertiary attainment, difference from the country's mean, percentage points",
    y_unit="GDP per head, difference from the country's mean, %")  # fmt: skip

# %%
exhibits.figure(
    "ch1-region-association", chart, data=complete, indicators=[INDICATORS["tertiary"], INDICATORS["income"]],
    title="Within countries, regions with more graduates produce more",
    subtitle=f"Tertiary attainment and GDP per head of regions, differences from the country's mean, {YEAR}",
    shows=f"tertiary attainment and GDP per head of {len(complete)} regions relative to their countries",
    finding=f"ten percentage points more tertiary attainment go with {income_slope['obs_value']:.0f}% more GDP per head",
    note=f"{len(complete)} NUTS 2 regions in {complete['country'].nunique()} countries with two regions or more. Means"
    " of logarithms for GDP per head. Band: 95% interval of the slope, errors clustered by country.",
    limits="Which of the two brings the other about; GDP counts commuters where they work.")  # fmt: skip

# %%
about = {"time_period": str(YEAR), "indicators": [INDICATORS["tertiary"], INDICATORS["income"]],
         "exhibit": "ch1-region-association"}  # fmt: skip
exhibits.values({"ch1-income-slope": income_slope}, interval=True, unit="%", format=".0f", n_obs=len(complete), **about)
exhibits.value("ch1-income-slope-interval", numbers.span(income_slope["lower"], income_slope["upper"], ".0f"),
               n_obs=len(complete), **about)  # fmt: skip
exhibits.value("ch1-income-slope-countries", complete["country"].nunique(), unit="countries", **about)
exhibits.values({"ch1-income-slope-strict": strict_slope}, interval=True, unit="%", format=".0f",
                n_obs=strict["n_obs"], **about)  # fmt: skip

# %% [markdown]
# What goes with ten percentage points more attainment, or one more point of GDP for research, in per cent of GDP per head.
# The tests of all coefficients are one family, adjusted by Holm's rule.

# %%
fits["p_adjusted"] = intervals.adjusted(fits["p_value"], "holm")
fits["units"] = fits["term"].map({"tertiary": 10, "research": 1})
effects = 100 * np.expm1(fits[ends].multiply(fits["units"], axis=0))
effects[["model", "term", "n_obs", "p_adjusted"]] = fits[["model", "term", "n_obs", "p_adjusted"]]
effects.round(3)

# %%
BOTH = "Both, without each country's richest region"
wanted = {"research-alone": ("Spending on R&D", "research"), "research-both": ("Both", "research"),
          "tertiary-both": ("Both", "tertiary"), "research-without-richest": (BOTH, "research"),
          "tertiary-without-richest": (BOTH, "tertiary")}  # fmt: skip
source = {"indicators": list(INDICATORS.values()), "exhibit": "ch1-region-association"}

# %%
about = {"time_period": str(YEAR), "unit": "%", **source}
for name, key in wanted.items():
    row = effects.set_index(["model", "term"]).loc[key]
    span = row[ends].astype(float)
    exhibits.values({f"ch1-slope-{name}": span}, n_obs=int(row["n_obs"]), interval=True, format=".0f", **about)
    exhibits.value(f"ch1-slope-{name}-interval", numbers.span(row["lower"], row["upper"], ".0f"), n_obs=int(row["n_obs"]),
                   **about | {"unit": ""})  # fmt: skip
exhibits.tests("ch1-region-models", fits, question="Is the slope of GDP per head on attainment or research zero?",
               adjust="holm", **source)  # fmt: skip
