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
# Tertiary attainment, research and development, and income in European regions: how much of the variation lies within
# countries, and whether the three go together there.

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
lowest, highest = mapped.iloc[0], mapped.iloc[-1]
on_map = mapped["longitude"].between(-25, 45) & mapped["latitude"].between(34, 72)
named = mapped["name"].where(mapped["ref_area"].isin([lowest["ref_area"], highest["ref_area"]]))
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
    finding=f"the highest share is that of {highest['name']} ({highest['tertiary']:.0f}%) and the lowest that of"
    f" {lowest['name']} ({lowest['tertiary']:.0f}%)",
    note=f"{len(mapped)} regions, of which {(~on_map).sum()} lie outside the map (islands and overseas). Each circle is a"
    f" region near its centroid. No value, most since the newer classification changed their borders: {without}."
    " The publisher gives no standard errors.",
    limits="Where people were educated: graduates move.")  # fmt: skip

# %%
about = {"indicators": ["regional-tertiary-attainment"], "time_period": str(YEAR), "exhibit": "ch1-region-map"}
for place, row in {"top": highest, "bottom": lowest}.items():
    exhibits.value(f"ch1-{place}-region", f"{row['name']} ({areas.name(row['country'])})", **about)
    exhibits.value(f"ch1-{place}-region-share", row["tertiary"], unit="%", format=".0f", n_obs=len(mapped), **about)

# %% [markdown]
# ## Variance within and between countries
#
# Each region counts once. What chance adds to the variance between countries of few regions is taken off; the interval
# comes from leaving out each country in turn.

# %%
labels = {"tertiary": "Tertiary attainment", "research": "Spending on R&D, % of GDP", "income": "GDP per head"}
split = pd.concat(
    regions.variance_within_between(table).assign(indicator=labels[name], name=name) for name, table in tables.items()
)
within = split.query("component == 'within'").sort_values("obs_value", ascending=False, ignore_index=True)
within["label"] = within["indicator"] + " (" + within["n_areas"].astype(str) + " regions)"
within[["indicator", "obs_value", "lower", "upper", "n_areas", "n_groups"]].round(1)

# %%
chart = charts.ranked_bars(
    within, label="label", value="obs_value", lower="lower", upper="upper",
    unit="% of regional variance that lies within countries")  # fmt: skip

# %%
exhibits.figure(
    "ch1-region-variance", chart, data=within.drop(columns="label"), indicators=list(INDICATORS.values()),
    title="Much of the variation lies within countries",
    subtitle=f"Share of the variance of regional values that lies within countries, NUTS 2 regions of Europe, {YEAR}",
    shows="the share of regional variance within countries for three indicators",
    finding=", ".join(f"{row.obs_value:.0f}% for {row.indicator}" for row in within.itertuples()) + " lie within",
    note="Whiskers are 95% intervals, each country left out in turn. Each region counts once, whatever its population.",
    limits="Differences inside regions. Attainment comes from a sample survey, whose error counts as variation within countries.")  # fmt: skip

# %%
for name, row in within.set_index("name").iterrows():
    exhibits.values({f"ch1-within-{name}": row}, interval=True, n_obs="n_areas", unit="%", format=".0f",
                    time_period=str(YEAR), indicators=[INDICATORS[name]], exhibit="ch1-region-variance")  # fmt: skip

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
    title="Across the whole OECD, countries weigh more than regions",
    subtitle=f"Share of the variance of regional values within countries, {len(everywhere)} measures, OECD regions, edition of 2022",
    shows=f"the share of regional variance within countries for {len(everywhere)} measures of well-being",
    finding=f"it runs from {least['obs_value']:.0f}% for {least['label'].lower()} to {most['obs_value']:.0f}% for"
    f" {most['label'].lower()}",
    note=f"{n_areas.min()} to {n_areas.max()} large regions in {n_groups.min()} to {n_groups.max()} countries, each region"
    " once. Whiskers: 95% intervals, each country left out in turn. Years"
    " differ by country and measure, mostly 2017 to 2021. Some countries give one value to several regions.",
    limits="Differences inside regions; and how much of the variation within countries is error of small samples.")  # fmt: skip

# %%
about = {"indicators": ["regional-well-being"], "time_period": "edition of 2022", "unit": "%", "format": ".0f",
         "exhibit": "ch1-well-being-variance"}  # fmt: skip
topics = {"schooling": "upper_secondary", "income": "disposable_income", "jobs": "employment_rate",
          "safety": "homicide_rate", "community": "someone_to_count_on"}  # fmt: skip
shown = everywhere.set_index("measure")
exhibits.values({f"ch1-oecd-within-{name}": shown.loc[measure] for name, measure in topics.items()},
                interval=True, n_obs="n_areas", **about)  # fmt: skip

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
    title="Within countries, education and income go together",
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
about["exhibit"] = "ch1-region-models"
exhibits.values({"ch1-income-slope-strict": strict_slope}, interval=True, unit="%", format=".0f",
                n_obs=strict["n_obs"], **about)  # fmt: skip

# %% [markdown]
# All models in one table: a coefficient is turned into the difference in GDP per head, in per cent, that goes with one
# more point. The tests of all coefficients are one family, adjusted by Holm's rule.

# %%
terms = {"tertiary": "Tertiary attainment (one point)", "research": "R&D (one point of GDP)"}
fits["p_adjusted"] = intervals.adjusted(fits["p_value"], "holm")
printed = fits.assign(term=fits["term"].map(terms), effect=100 * np.expm1(fits["obs_value"]))
printed["effect_low"], printed["effect_high"] = (100 * np.expm1(fits[end]) for end in ("lower", "upper"))
printed = printed[
    ["model", "term", "effect", "effect_low", "effect_high", "p_value", "p_adjusted", "n_obs", "n_groups"]
]

# %%
total = fits["term"].value_counts()
firm = fits[fits["p_adjusted"] < 0.05]["term"].value_counts().reindex(total.index, fill_value=0)
weaker, research_weaker = fits.iloc[-2], fits.iloc[-1]
alone = fits.query("model == 'Spending on R&D'").iloc[0]
both = fits.query("model == 'Both' and term == 'research'").iloc[0]

# %%
columns = {"model": "Model", "term": "Measure", "effect": "GDP per head, %", "effect_low": "from", "effect_high": "to",
           "n_obs": "Regions", "n_groups": "Countries"}  # fmt: skip
finding = (f"tertiary attainment is significant in {firm['tertiary']} of {total['tertiary']} models and research in"
           f" {firm['research']} of {total['research']}")  # fmt: skip

# %%
exhibits.table(
    "ch1-region-models", printed, columns=columns, indicators=list(INDICATORS.values()),
    formats={"effect": "+.1f", "effect_low": "+.1f", "effect_high": "+.1f"},
    title="Beside education, research shows no clear link with income",
    subtitle=f"Difference in GDP per head that goes with one more point of each measure, regions of Europe, {YEAR}",
    shows="the association of GDP per head with tertiary attainment and research in six models",
    finding=finding,
    note="From and to: 95% intervals, one by one. Dependent variable: logarithm of GDP per head. All models but the first"
    " compare regions of the same country. Standard errors are clustered by country; significance at 5%, adjusted for all"
    f" {len(fits)} coefficients (Holm).",
    limits="Effects: the models describe what goes together.")  # fmt: skip

# %%
about = {"time_period": str(YEAR), "indicators": list(INDICATORS.values()), "exhibit": "ch1-region-models", "unit": "%",
         "format": "+.1f"}  # fmt: skip
slopes = {"research-alone": alone, "research-both": both, "research-without-richest": research_weaker,
          "tertiary-without-richest": weaker}  # fmt: skip
for name, row in slopes.items():
    exhibits.values({f"ch1-slope-{name}": 100 * np.expm1(row[ends].astype(float))}, n_obs=row["n_obs"],
                    interval=True, **about)  # fmt: skip
exhibits.tests("ch1-region-models", fits, question="Is the slope of GDP per head on attainment or research zero?",
               indicators=about["indicators"], adjust="holm", exhibit="ch1-region-models")  # fmt: skip
