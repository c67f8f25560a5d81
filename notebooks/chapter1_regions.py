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

from crossroads import charts, data, exhibits, load, models, regions

areas = data.code_list("areas").set_index("code")
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
tables = {name: table.assign(country=table["ref_area"].map(areas["country"])) for name, table in tables.items()}
values = {name: table.set_index("ref_area")["obs_value"] for name, table in tables.items()}
wide = pd.DataFrame(values).rename_axis("ref_area").reset_index()
for column in ["name", "country", "longitude", "latitude"]:
    wide[column] = wide["ref_area"].map(areas[column])
wide[["tertiary", "research", "income"]].agg(["count", "min", "median", "max"]).round(1)

# %% [markdown]
# ## Where people with tertiary education live

# %%
mapped = wide.dropna(subset=["tertiary"]).sort_values("tertiary", ignore_index=True)
lowest, highest = mapped.iloc[0], mapped.iloc[-1]
on_map = mapped["longitude"].between(-25, 45) & mapped["latitude"].between(34, 72)
mapped["named"] = mapped["name"].where(mapped["ref_area"].isin([lowest["ref_area"], highest["ref_area"]]))
chart = charts.region_map(
    mapped[on_map], value="tertiary", longitude="longitude", latitude="latitude", bins=[25, 35, 45], label="named",
    unit="Share of people aged 25-64 with tertiary education, %",
)  # fmt: skip
exhibits.figure(
    "ch1-region-map", chart, data=mapped.drop(columns="named"), indicators=["regional-tertiary-attainment"],
    title="Tertiary education differs widely between European regions",
    subtitle=f"Share of people aged 25-64 with tertiary education, %, NUTS 2 regions of Europe, {YEAR}",
    shows=f"tertiary attainment in {len(mapped)} European regions",
    finding=f"the highest share is that of {highest['name']} ({highest['tertiary']:.0f}%) and the lowest that of"
    f" {lowest['name']} ({lowest['tertiary']:.0f}%)",
    note=f"{len(mapped)} regions, of which {(~on_map).sum()} lie outside the map (islands and overseas). Each circle is a"
    " region near its centroid. No values: regions whose borders the"
    " newer classification has changed, among them Utrecht and Lisbon. The publisher gives no standard errors.",
    limits="Where people were educated: graduates move.",
)  # fmt: skip

# %%
about = {"indicators": ["regional-tertiary-attainment"], "time_period": str(YEAR), "exhibit": "ch1-region-map"}
for place, row in {"top": highest, "bottom": lowest}.items():
    exhibits.value(f"ch1-{place}-region", f"{row['name']} ({areas.loc[row['country'], 'name']})", **about)
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
    unit="% of regional variance that lies within countries",
)  # fmt: skip
exhibits.figure(
    "ch1-region-variance", chart, data=within.drop(columns="label"), indicators=list(INDICATORS.values()),
    title="Much of the variation lies within countries",
    subtitle=f"Share of the variance of regional values that lies within countries, NUTS 2 regions of Europe, {YEAR}",
    shows="the share of regional variance within countries for three indicators",
    finding=", ".join(f"{row.obs_value:.0f}% for {row.indicator}" for row in within.itertuples()) + " lie within",
    note="Whiskers are 95% intervals, each country left out in turn. Each region counts once, whatever its population.",
    limits="Differences inside regions. Attainment comes from a sample survey, whose error counts as variation within countries.",
)  # fmt: skip

# %%
for row in within.itertuples():
    exhibits.value(f"ch1-within-{row.name}", row.obs_value, unit="%", format=".0f", n_obs=row.n_areas,
                   time_period=str(YEAR), indicators=[INDICATORS[row.name]], exhibit="ch1-region-variance",
                   note=f"95% interval {row.lower:.0f} to {row.upper:.0f}%")  # fmt: skip

# %% [markdown]
# ## The same question for the whole OECD
#
# Large regions of all members and one measure for each topic of OECD Regional Well-Being, edition of 2022; second
# measures (unemployment, deaths, internet speed) are left out. Years differ by country and measure, mostly 2017 to 2021.
# Values that rest on opinion polls or small samples hold error, which counts as variation within countries.

# %%
LABELS = {entry["code"]: entry["label"] for entry in data.indicator("regional-well-being")["measures"]}
second = ["unemployment_rate", "mortality_rate", "internet_speed"]
well_being = load("regional-well-being").query("edition == '2022' and ref_area_type != 'country' and obs_value.notna()")
well_being = well_being.query("measure not in @second")
well_being = well_being.assign(country=well_being["ref_area"].map(areas["country"]))
everywhere = regions.variance_within_between(well_being, by=["measure"]).query("component == 'within'")
everywhere = everywhere.sort_values("obs_value", ascending=False, ignore_index=True)
everywhere["label"] = everywhere["measure"].map(LABELS).str.replace(r", (deviation|0 to).*", "", regex=True)
everywhere[["label", "obs_value", "lower", "upper", "n_areas", "n_groups"]].round(1)

# %%
most, least = everywhere.iloc[0], everywhere.iloc[-1]
chart = charts.ranked_bars(
    everywhere, label="label", value="obs_value", lower="lower", upper="upper",
    unit="% of regional variance that lies within countries",
)  # fmt: skip
exhibits.figure(
    "ch1-well-being-variance", chart, data=everywhere, indicators=["regional-well-being"],
    title="Across the whole OECD, countries weigh more than regions",
    subtitle=f"Share of the variance of regional values within countries, {len(everywhere)} measures, OECD regions, edition of 2022",
    shows=f"the share of regional variance within countries for {len(everywhere)} measures of well-being",
    finding=f"it runs from {least['obs_value']:.0f}% for {least['label'].lower()} to {most['obs_value']:.0f}% for"
    f" {most['label'].lower()}",
    note=f"{everywhere['n_areas'].min()} to {everywhere['n_areas'].max()} large regions in {everywhere['n_groups'].min()} to"
    f" {everywhere['n_groups'].max()} countries, each region once. Whiskers: 95% intervals from resampling countries. Years"
    " differ by country and measure, mostly 2017 to 2021. Some countries give one value to several regions.",
    limits="Differences inside regions; and how much of the variation within countries is error of small samples.",
)  # fmt: skip

# %%
about = {"indicators": ["regional-well-being"], "time_period": "edition of 2022", "unit": "%", "format": ".0f",
         "exhibit": "ch1-well-being-variance"}  # fmt: skip
shown = everywhere.set_index("measure")
for name, measure in {"schooling": "upper_secondary", "income": "disposable_income", "jobs": "employment_rate",
                      "safety": "homicide_rate", "community": "someone_to_count_on"}.items():  # fmt: skip
    row = shown.loc[measure]
    exhibits.value(f"ch1-oecd-within-{name}", row["obs_value"], n_obs=row["n_areas"],
                   note=f"95% interval {row['lower']:.0f} to {row['upper']:.0f}%", **about)  # fmt: skip

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
models_wanted = {
    "Tertiary attainment, pooled": (wide, "tertiary", "pooled"),
    "Tertiary attainment": (wide, "tertiary", "within"),
    STRICT: (wide.drop(index=richest), "tertiary", "within"),
    "Spending on R&D": (wide, "research", "within"),
    "Both": (wide, ["tertiary", "research"], "within"),
    "Both, without each country's richest region": (wide.drop(index=richest), ["tertiary", "research"], "within"),
}
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
slope = fits.query("model == 'Tertiary attainment'").iloc[0]
line = pd.DataFrame({"x": np.linspace(*complete["tertiary_difference"].agg(["min", "max"]), 60)})
for column, coefficient in {"y": "obs_value", "lower": "lower", "upper": "upper"}.items():
    line[column] = 100 * np.expm1(slope[coefficient] * line["x"])
income_slope = 100 * np.expm1(10 * slope[["obs_value", "lower", "upper"]].astype(float))
strict = fits.query("model == @STRICT").iloc[0]
strict_slope = 100 * np.expm1(10 * strict[["obs_value", "lower", "upper"]].astype(float))
income_slope.round(1), strict_slope.round(1)

# %%
chart = charts.scatter_within(
    complete, x="tertiary_difference", y="income_difference", fit=line,
    x_unit="Tertiary attainment, difference from the country's mean, percentage points",
    y_unit="GDP per head, difference from the country's mean, %",
)  # fmt: skip
exhibits.figure(
    "ch1-region-association", chart, data=complete, indicators=[INDICATORS["tertiary"], INDICATORS["income"]],
    title="Within countries, education and income go together",
    subtitle=f"Tertiary attainment and GDP per head of regions, differences from the country's mean, {YEAR}",
    shows=f"tertiary attainment and GDP per head of {len(complete)} regions relative to their countries",
    finding=f"ten percentage points more tertiary attainment go with {income_slope['obs_value']:.0f}% more GDP per head",
    note=f"{len(complete)} NUTS 2 regions in {complete['country'].nunique()} countries with two regions or more. Means"
    " of logarithms for GDP per head. Band: 95% interval of the slope, errors clustered by country.",
    limits="Which of the two brings the other about; GDP counts commuters where they work.",
)  # fmt: skip

# %%
exhibits.value("ch1-income-slope", income_slope["obs_value"], unit="%", format=".0f", n_obs=len(complete),
               time_period=str(YEAR), indicators=[INDICATORS["tertiary"], INDICATORS["income"]],
               exhibit="ch1-region-association",
               note=f"95% interval {income_slope['lower']:.0f} to {income_slope['upper']:.0f}%")  # fmt: skip
about = {"time_period": str(YEAR), "indicators": [INDICATORS["tertiary"], INDICATORS["income"]]}
exhibits.value("ch1-income-slope-interval", f"{income_slope['lower']:.0f} to {income_slope['upper']:.0f}",
               exhibit="ch1-region-association", n_obs=len(complete), **about)  # fmt: skip
exhibits.value("ch1-income-slope-strict", strict_slope["obs_value"], unit="%", format=".0f", n_obs=strict["n_obs"],
               note=f"95% interval {strict_slope['lower']:.0f} to {strict_slope['upper']:.0f}%",
               exhibit="ch1-region-models", **about)  # fmt: skip
exhibits.value("ch1-income-slope-countries", complete["country"].nunique(), unit="countries",
               exhibit="ch1-region-association", **about)  # fmt: skip

# %% [markdown]
# All models in one table: a coefficient is turned into the difference in GDP per head, in per cent, that goes with one
# more point.

# %%
terms = {"tertiary": "Tertiary attainment (one point)", "research": "R&D (one point of GDP)"}
printed = fits.assign(term=fits["term"].map(terms), effect=100 * np.expm1(fits["obs_value"]))
printed["effect_low"], printed["effect_high"] = (100 * np.expm1(fits[end]) for end in ("lower", "upper"))
printed = printed[["model", "term", "effect", "effect_low", "effect_high", "p_value", "n_obs", "n_groups"]]
total, firm = fits["term"].value_counts(), fits[fits["p_value"] < 0.05]["term"].value_counts()
weaker, research_weaker = fits.iloc[-2], fits.iloc[-1]
alone = fits.query("model == 'Spending on R&D'").iloc[0]
both = fits.query("model == 'Both' and term == 'research'").iloc[0]
exhibits.table(
    "ch1-region-models", printed,
    columns={"model": "Model", "term": "Measure", "effect": "GDP per head, %", "effect_low": "from", "effect_high": "to",
             "n_obs": "Regions", "n_groups": "Countries"},
    formats={"effect": "+.1f", "effect_low": "+.1f", "effect_high": "+.1f"},
    title="Beside education, research shows no clear link with income",
    subtitle=f"Difference in GDP per head that goes with one more point of each measure, regions of Europe, {YEAR}",
    shows="the association of GDP per head with tertiary attainment and research in six models",
    finding=f"tertiary attainment is significant in {firm['tertiary']} of {total['tertiary']} models and research in"
    f" {firm['research']} of {total['research']}",
    note="From and to: 95% intervals. Dependent variable: logarithm of GDP per head. All models but the first compare"
    " regions of the same country. Standard errors are clustered by country.",
    limits="Effects: the models describe what goes together.",
    indicators=list(INDICATORS.values()),
)  # fmt: skip

# %%
about = {"time_period": str(YEAR), "indicators": list(INDICATORS.values()), "exhibit": "ch1-region-models", "unit": "%",
         "format": "+.1f"}  # fmt: skip
for name, row in {
    "research-alone": alone,
    "research-both": both,
    "research-without-richest": research_weaker,
    "tertiary-without-richest": weaker,
}.items():
    low, high = 100 * np.expm1(row["lower"]), 100 * np.expm1(row["upper"])
    exhibits.value(f"ch1-slope-{name}", 100 * np.expm1(row["obs_value"]), n_obs=row["n_obs"],
                   note=f"95% interval {low:.1f} to {high:.1f}%", **about)  # fmt: skip
