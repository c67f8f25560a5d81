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
# # Methods: how robust are the findings?
#
# A finding is worth as much as the other ways in which it could have been computed. This analysis takes the association
# of tertiary attainment and GDP per head in European regions from chapter 1 apart, looks at how regions have moved over ten
# years, and shows the measures of change, comparison and growth that chapters and country profiles use.

# %%
import itertools

import numpy as np
import pandas as pd

from crossroads import areas, charts, data, exhibits, indicators, intervals, load, models, numbers, profiles, regions

members = areas.members()
TABLES = ["regional-tertiary-attainment", "regional-gdp-per-head"]
START, END = 2013, 2023

# %% [markdown]
# ## The table of regions
#
# Two tables are joined by region and year. What only one of them has is counted, not dropped in silence: GDP reaches
# further back and covers other levels, attainment covers a later year and a few regions without accounts.

# %%
attainment, income = (
    load(name).query("ref_area_type == 'NUTS2' and obs_value.notna()")[["ref_area", "time_period", "obs_value"]]
    for name in TABLES
)
panel, unmatched = regions.join(
    attainment.rename(columns={"obs_value": "tertiary"}), income.rename(columns={"obs_value": "income"}),
    on=["ref_area", "time_period"], names=("attainment", "GDP per head"))  # fmt: skip
inside = unmatched.query("@START <= time_period <= @END")
inside.groupby("only_in")["ref_area"].agg(["size", "nunique"])

# %%
codes = regions.describe_codes(panel["ref_area"].unique())
panel = areas.add(panel, "country")
panel["log_income"] = np.log(panel["income"])
latest = panel[panel["time_period"] == END].reset_index(drop=True)
codes.groupby("level").agg(regions=("ref_area", "size"), countries=("country", "nunique"), extra=("extra_regio", "sum"))

# %%
about = {"indicators": TABLES, "time_period": f"{START} to {END}"}
for name, side in {"gdp": "GDP per head", "attainment": "attainment"}.items():
    exhibits.value(f"methods-robustness-only-{name}", int((inside["only_in"] == side).sum()), **about,
                   note="pairs of region and year that only one table has")  # fmt: skip
exhibits.value("methods-robustness-regions", len(latest), indicators=TABLES, time_period=str(END))
exhibits.value("methods-robustness-pairs", len(panel), **about)

# %% [markdown]
# ## The specification curve
#
# All ways to estimate the association, fixed before looking: GDP per head as a logarithm or as a rank; without and with
# spending on research as a control; three years, without each country's richest region, and countries with five regions
# or more; pooled over Europe or within countries. Everything is in standard deviations, errors are clustered by country.

# %%
research = load("regional-rd-expenditure").query("obs_value.notna()")[["ref_area", "time_period", "obs_value"]]
panel = panel.merge(research.rename(columns={"obs_value": "research"}), on=["ref_area", "time_period"], how="left")
panel["income_rank"] = panel.groupby("time_period")["income"].rank(pct=True)
by_country = panel.groupby(["time_period", "country"])
panel["richest"] = panel["income"] == by_country["income"].transform("max")
panel["size"] = by_country["income"].transform("size")

# %%
family = models.Specifications(
    outcomes=["log_income", "income_rank"], predictors=["tertiary"], designs=["pooled", "within"], group="country",
    controls={"none": [], "research": ["research"]},
    samples={"2023": "time_period == 2023", "2019": "time_period == 2019", "2015": "time_period == 2015",
             "no richest": "time_period == 2023 and not richest", "large": "time_period == 2023 and size >= 5"})  # fmt: skip
curve = models.specification_curve(panel, family)
curve[["outcome", "controls", "sample", "design", "obs_value", "lower", "upper", "n_obs"]].iloc[[0, -1]].round(2)

# %%
labels = {"log_income": "Logarithm", "income_rank": "Rank", "none": "None", "research": "Spending on research",
          "2023": "2023, all", "2019": "2019, all", "2015": "2015, all", "no richest": "2023, without richest regions",
          "large": "2023, five regions or more", "pooled": "Pooled", "within": "Within countries"}  # fmt: skip
ways = ["outcome", "controls", "sample", "design"]
drawn = curve.assign(**{way: curve[way].map(labels) for way in ways})
drawn["preferred"] = (curve[ways] == ["log_income", "none", "2023", "within"]).all(axis=1)
headings = dict(zip(ways, ["GDP per head as", "Control", "Sample", "Comparison"], strict=True))
estimates = curve["obs_value"]
middle, lowest, highest = estimates.median(), estimates.min(), estimates.max()
positive = int((curve["lower"] > 0).sum())

# %%
chart = charts.specification_curve(
    drawn, value="obs_value", lower="lower", upper="upper", dimensions=headings, significant="significant",
    highlight="preferred", median=middle, unit="Standard deviations of GDP per head per sd of attainment")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-curve", chart, data=drawn, indicators=[*TABLES, "regional-rd-expenditure"],
    title=f"Education goes with GDP per head in {positive} of {len(curve)}",
    subtitle=f"Standardised slope of GDP per head on tertiary attainment, NUTS 2 regions of Europe, {len(curve)} specifications",
    shows=f"{len(curve)} estimates of the association of tertiary attainment and GDP per head",
    finding=f"the median is {middle:.2f}, from {lowest:.2f} to {highest:.2f}, and {positive} intervals lie above zero",
    note=f"{curve['n_obs'].min()} to {curve['n_obs'].max()} regions. Intervals of 95%, errors clustered by country. Preferred:"
    " the specification of chapter 1.",
    limits="Confounders that no specification holds, and the direction of the association.")  # fmt: skip

# %% [markdown]
# ### The curve as a whole
#
# Many estimates from the same regions are not many findings. The joint test estimates every specification without
# attainment, gives the residuals of whole countries random signs, estimates again with attainment, and asks how often
# chance gives a curve as extreme.

# %%
DRAWS = 1999
joint = models.specification_test(panel, family, DRAWS)
names = {"median": "Median estimate", "share_same_sign": "Same sign, %", "share_significant": "Significant, %",
         "average_z": "Average z"}  # fmt: skip
joint["name"] = joint["statistic"].map(names)
first = joint.iloc[0]

# %%
columns = {"name": "Statistic", "observed": "Observed", "null_lower": "By chance, from", "null_upper": "to",
           "p_value": "p-value"}  # fmt: skip
note = (f"{numbers.amount(DRAWS, ',')} draws of signs for the residuals of countries, without attainment in the model; the"
        f" smallest possible p-value is {1 / (DRAWS + 1):.4f}.")  # fmt: skip

# %%
exhibits.table(
    "methods-robustness-joint", joint, indicators=[*TABLES, "regional-rd-expenditure"], columns=columns,
    formats={"observed": ".2f", "null_lower": ".2f", "null_upper": ".2f", "p_value": ".3f"},
    title="Chance does not give such a curve",
    subtitle=f"Joint test of {len(curve)} specifications by random signs of whole countries, regions of Europe",
    shows="four statistics of the specification curve beside what chance gives",
    finding=f"the median of {first['observed']:.2f} lies outside the range of {first['null_lower']:.2f} to"
    f" {first['null_upper']:.2f} that chance gives",
    note=note,
    limits="Omitted variables: the test is about chance only.")  # fmt: skip

# %%
about = {"indicators": [*TABLES, "regional-rd-expenditure"], "exhibit": "methods-robustness-curve"}
exhibits.value("methods-robustness-specifications", len(curve), **about)
exhibits.value("methods-robustness-positive", positive, n_obs=len(curve), **about)
exhibits.values({"median": middle, "lowest": lowest, "highest": highest}, prefix="methods-robustness", format=".2f",
                unit="standard deviations", **about)  # fmt: skip
about["exhibit"] = "methods-robustness-joint"
exhibits.value("methods-robustness-joint-p", first["p_value"], format=".4f", **about)

# %% [markdown]
# Every family of tests goes into the register of the methods annex, with what each test asks and how the tests of the
# family were adjusted for their number. The estimates of a curve and the statistics of its joint test are views of one
# question, so that neither is adjusted.

# %%
exhibits.tests("methods-robustness-curve", curve, indicators=about["indicators"], exhibit="methods-robustness-curve",
               question="Is the slope of GDP per head on attainment zero in this specification? The joint test decides.")  # fmt: skip
exhibits.tests("methods-robustness-joint", joint, **about,
               question="Does chance give a curve with so extreme a median, sign, significance or z?")  # fmt: skip

# %% [markdown]
# ## Single countries
#
# The slope of chapter 1, estimated again without each country in turn, as per cent of GDP per head for ten percentage
# points of attainment.

# %%
several = latest[latest.groupby("country")["country"].transform("size") > 1]
left_out = models.influence(several, "log_income", "tertiary", "country", design="within")
whole = models.association(several, "log_income", "tertiary", group="country", design="within").iloc[0]
left_out = areas.add(left_out, by="country", without="name")
for column in ["obs_value", "lower", "upper"]:
    left_out[f"percent_{column}"] = 100 * np.expm1(10 * left_out[column])
weakest, strongest = indicators.ends(left_out).values()

# %%
chart = charts.ranked_dots(
    left_out, label="without", value="percent_obs_value", lower="percent_lower", upper="percent_upper", number=".1f",
    average=100 * np.expm1(10 * whole["obs_value"]), average_label="All countries",
    unit="% of GDP per head for ten percentage points of attainment")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-influence", chart, data=left_out, indicators=TABLES,
    title="No single country carries the association",
    subtitle=f"Slope of GDP per head on tertiary attainment without the country named, regions of Europe, {END}",
    shows=f"the slope without each of {len(left_out)} countries",
    finding=f"it lies between {weakest['percent_obs_value']:.0f}% without {weakest['without']} and"
    f" {strongest['percent_obs_value']:.0f}% without {strongest['without']}",
    note=f"Within-country models of {whole['n_obs']} regions in {whole['n_groups']} countries, errors clustered by country.",
    limits="Groups of countries that are alike: two together may move the slope further.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": str(END), "exhibit": "methods-robustness-influence"}
for name, row in {"weakest": weakest, "strongest": strongest}.items():
    exhibits.value(f"methods-robustness-{name}", row["percent_obs_value"], unit="%", format=".0f", **about,
                   note=f"without {row['without']}", interval=(row["percent_lower"], row["percent_upper"]))  # fmt: skip
exhibits.tests("methods-robustness-influence", left_out, indicators=TABLES, exhibit="methods-robustness-influence",
               question="Is the slope of GDP per head on attainment zero without this country?")  # fmt: skip

# %% [markdown]
# ## Which standard error?
#
# Regions of one country have much in common. Errors that take every region for a separate draw are set beside errors
# clustered by country, the wild cluster bootstrap for few clusters, and a model with random intercepts.

# %%
fixed = {"controls": ["C(country)"]}
tried = {
    "Classical, regions independent": fixed | {"errors": "classical"},
    "Robust, regions independent": fixed | {"errors": "robust"},
    "Clustered by country": {"group": "country", "design": "within", "errors": "cluster"},
    "Wild cluster bootstrap": {"group": "country", "design": "within", "errors": "wild"},
    "Random intercepts": {"group": "country", "design": "random"},
}

# %%
errors = pd.concat(
    models.association(several, "log_income", "tertiary", **options).assign(name=name)
    for name, options in tried.items()
).reset_index(drop=True)
errors[["name", "obs_value", "std_error", "lower", "upper", "degrees_of_freedom", "p_value"]].round(4)

# %%
for column in ["obs_value", "lower", "upper"]:
    errors[f"percent_{column}"] = 100 * np.expm1(10 * errors[column])
widths = (errors["percent_upper"] - errors["percent_lower"]).set_axis(errors["name"])
chart = charts.forest_plot(
    errors, label="name", value="percent_obs_value", lower="percent_lower", upper="percent_upper", number=".0f",
    unit="% of GDP per head for ten percentage points of attainment")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-errors", chart, data=errors, indicators=TABLES,
    title="Every kind of standard error gives the same conclusion",
    subtitle=f"Slope of GDP per head on tertiary attainment by kind of standard error, regions of Europe, {END}",
    shows="five estimates of one slope by different errors",
    finding=f"the lowest limit of any interval is {errors['percent_lower'].min():.0f}% and the widest interval spans"
    f" {widths.max():.0f} points",
    note=f"{len(several)} regions in {several['country'].nunique()} countries with two regions or more; fixed effects for"
    " countries in all but the last model. Wild bootstrap: 1 999 draws.",
    limits="Errors of measurement in the labour force survey.")  # fmt: skip

# %%
about = {**about, "exhibit": "methods-robustness-errors"}
for name, label in {"clustered": "Clustered by country", "wild": "Wild cluster bootstrap"}.items():
    row = errors.set_index("name").loc[label]
    exhibits.value(f"methods-robustness-{name}", f"{row['percent_lower']:.0f}% to {row['percent_upper']:.0f}%", **about)
exhibits.tests("methods-robustness-errors", errors, indicators=TABLES, exhibit="methods-robustness-errors",
               question="Is the slope of GDP per head on attainment zero, by this kind of standard error?")  # fmt: skip

# %% [markdown]
# ## Do regions come closer together?
#
# Beta convergence asks whether regions that started lower grew faster; sigma convergence whether the spread shrank.
# Beta alone can come from errors of measurement in the first year. GDP per head is in logarithms, attainment in points.
# Only regions with both measures in both years are compared. Regions of one country share its fate: errors and tests
# are clustered by country.

# %%
ends_only = panel[panel["time_period"].isin([START, END])]
balanced = ends_only[ends_only.groupby("ref_area")["ref_area"].transform("size") == 2]
long = balanced.melt(["ref_area", "time_period", "country"], ["tertiary", "income"], "measure", "obs_value")
MEASURES = {"income": "GDP per head", "tertiary": "Tertiary attainment"}
SCOPES = {None: "All of Europe", "country": "Within countries"}

# %%
found = pd.concat(
    indicators.convergence(part, START, END, group=group, cluster="country", logs=measure == "income")
    .assign(measure=MEASURES[measure], scope=scope)
    for measure, part in long.groupby("measure") for group, scope in SCOPES.items()
).reset_index(drop=True)  # fmt: skip
found[["measure", "scope", "obs_value", "lower", "upper", "p_value", "half_life"]].round(4)

# %%
surveyed = load("regional-tertiary-attainment").query(
    "ref_area in @balanced.ref_area and obs_status.str.contains('b')", engine="python"
)
broken = surveyed.groupby("time_period").size().loc[[2014, 2021]]
exhibits.values({f"methods-robustness-breaks-{year}": int(n) for year, n in broken.items()}, unit="regions", indicators=TABLES,
                n_obs=balanced["ref_area"].nunique(), note="regions whose attainment has a break in this year")  # fmt: skip

# %%
found["half_life"] = found["half_life"].replace(np.inf, np.nan)  # no convergence: no half-life
found["p_adjusted"] = intervals.adjusted(found["p_value"])
found["sigma_adjusted"] = intervals.adjusted(found["sigma_p_value"])
found[["beta", "beta_low", "beta_high"]] = 100 * found[["obs_value", "lower", "upper"]]
for column in ["p_adjusted", "sigma_adjusted"]:
    found[f"{column}_shown"] = found[column].map("{:.3f}".format).where(found[column] >= 0.001, "< 0.001")

# %%
columns = {"measure": "Measure", "scope": "Regions compared", "beta": "Beta, % a year", "beta_low": "from",
           "beta_high": "to", "p_adjusted_shown": "p of beta", "spread_ratio": "Spread, end to start",
           "spread_lower": "Spread from", "spread_upper": "Spread to", "sigma_adjusted_shown": "p of spread"}  # fmt: skip
formats = dict.fromkeys(["beta", "beta_low", "beta_high"], "+.2f")
formats |= dict.fromkeys(["spread_ratio", "spread_lower", "spread_upper"], ".2f")
note = (f"{found['n_areas'].iloc[0]} regions of {found['n_clusters'].iloc[0]} countries with both measures in both years,"
        f" {found['n_areas'].iloc[1]} within countries: a region alone in its country is left out. Negative beta: regions that"
        " started lower gained; for attainment, percentage points a year for 100 points. Intervals of 95% and tests with"
        " clusters of countries; p: adjusted for four tests each (false-discovery rate); of the spread: Pitman and Morgan."
        f" The survey of attainment changed in between: {broken[2014]} regions have a break in 2014 and {broken[2021]} in 2021.")  # fmt: skip
spreads = ", ".join(f"{row.spread_ratio:.2f} ({row.measure}: {row.scope})" for row in found.itertuples())

# %%
exhibits.table(
    "methods-robustness-convergence", found.drop(columns=["obs_value", "lower", "upper"]), indicators=TABLES,
    columns=columns, formats=formats,
    title="GDP per head converges across Europe, attainment diverges inside countries",
    subtitle=f"Beta and sigma convergence of NUTS 2 regions, {START} to {END}",
    shows="beta and the ratio of spreads for GDP per head and attainment, across Europe and within countries",
    finding=f"the spread changed by a factor of {spreads}",
    note=note,
    limits="Prices and commuters: GDP per head in purchasing power standards counts where people work.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": f"{START} to {END}", "exhibit": "methods-robustness-convergence"}
names = ["income-europe", "income-within", "tertiary-europe", "tertiary-within"]
ratios = found.assign(lower=found["spread_lower"], upper=found["spread_upper"]).set_index(pd.Index(names))
ratios["note"] = ratios["sigma_adjusted"].map("adjusted p of no change {:.3f}".format)
exhibits.values(ratios, prefix="methods-robustness-spread", column="spread_ratio", interval=True, notes="note",
                n_obs="n_areas", format=".2f", **about)  # fmt: skip

# %%
registered = {"indicators": TABLES, "adjust": "fdr_bh", "exhibit": "methods-robustness-convergence"}
spread_tests = found[["sigma_p_value", "sigma_adjusted"]].set_axis(["p_value", "p_adjusted"], axis="columns")
exhibits.tests("methods-robustness-beta", found, **registered,
               question="Did regions that started lower grow as the others did?")  # fmt: skip
exhibits.tests("methods-robustness-spread", spread_tests, **registered,
               question="Is the spread of regions the same in both years?")  # fmt: skip

# %% [markdown]
# ### Disparities year by year
#
# Theil's index can be split exactly into disparities between countries and within them; Gini and the ratio of the 90th
# to the 10th percentile describe all regions together. Regions are those with both measures in every year; intervals
# come from leaving out each country in turn.

# %%
window = panel.query("@START <= time_period <= @END")
steady = window[window.groupby("ref_area")["ref_area"].transform("size") == END - START + 1]
each = steady.melt(["ref_area", "time_period", "country"], ["tertiary", "income"], "measure", "obs_value")
unequal = indicators.disparities(each, by=["measure", "time_period"], group="country")
unequal["panel"] = unequal["measure"].map(MEASURES)
theil = unequal[unequal["statistic"].isin(["theil_between", "theil_within"])].copy()
theil["part"] = theil["statistic"].map({"theil_between": "Between countries", "theil_within": "Within countries"})
theil[["obs_value", "lower", "upper"]] *= 1000

# %%
chart = charts.small_multiples(theil, panel="panel", x="time_period", value="obs_value", lower="lower", upper="upper",
                               group="part", columns=2, unit="Theil index, thousandths")  # fmt: skip
split = theil.pivot(index=["measure", "time_period"], columns="statistic", values="obs_value").loc["income"]
between, within = split["theil_between"], split["theil_within"]

# %%
exhibits.figure(
    "methods-robustness-theil", chart, data=theil, indicators=TABLES,
    title="Disparities between countries and within them over ten years",
    subtitle=f"Theil index of regional disparities, thousandths, between and within countries, {START} to {END}",
    shows="disparities of GDP per head and tertiary attainment between and within countries by year",
    finding=f"for GDP per head the part between countries went from {between[START]:.0f} to {between[END]:.0f} and that within"
    f" from {within[START]:.0f} to {within[END]:.0f}",
    note=f"{steady['ref_area'].nunique()} regions in {steady['country'].nunique()} countries with both measures in all years,"
    " each counted once. Intervals: 95%, each country left out in turn.",
    limits="Whether changes differ from zero: the bands are those of single years. The text tests the one between countries.")  # fmt: skip

# %% [markdown]
# Each region counts once, so that the countries with many regions weigh most. How much of the change between countries
# is left without the one that has risen most, with its many regions?

# %%
incomes = each.query("measure == 'income' and time_period in [@START, @END]")
parts = {left_out: indicators.disparities(incomes[incomes["country"] != left_out], by=["time_period"], group="country")
         for left_out in ["", *incomes["country"].unique()]}  # fmt: skip
apart = 1000 * pd.DataFrame({
    left_out: part.query("statistic == 'theil_between'").set_index("time_period")["obs_value"]
    for left_out, part in parts.items()
}).T  # fmt: skip
without, moved = apart.loc["TUR"], np.log(apart[END] / apart[START])
ends = intervals.jackknife(moved.iloc[0], moved.iloc[1:].to_numpy())
shrank, shrank_low, shrank_high = 100 * np.expm1([moved.iloc[0], *ends])
about = {"indicators": TABLES, "exhibit": "methods-robustness-theil", "format": ".0f", "unit": "thousandths"}
for year in (START, END):
    exhibits.values({f"between-{year}": between[year], f"between-without-{year}": without[year]},
                    prefix="methods-robustness", time_period=year, **about)  # fmt: skip
about = about | {"unit": "%", "format": "+.0f", "time_period": f"{START} to {END}"}
exhibits.value("methods-robustness-between-change", shrank, interval=(shrank_low, shrank_high), **about)
exhibits.value("methods-robustness-between-change-interval", numbers.span(shrank_low, shrank_high, "+.0f"),
               **about | {"format": ""})  # fmt: skip

# %%
WAYS = {"gini": "Gini", "ratio_90_10": "90th to 10th percentile", "share_between": "Theil between countries, %"}
summary = unequal[unequal["time_period"].isin([START, END]) & unequal["statistic"].isin(WAYS)]
summary = summary.assign(name=summary["statistic"].map(WAYS))
at = summary.set_index(["measure", "statistic", "time_period"])["obs_value"]
columns = {
    "panel": "Measure",
    "name": "Statistic",
    "time_period": "Year",
    "obs_value": "Value",
    "lower": "from",
    "upper": "to",
}
finding = (f"the Gini index of GDP per head went from {at['income', 'gini', START]:.2f} to {at['income', 'gini', END]:.2f} and"
           f" that of attainment from {at['tertiary', 'gini', START]:.2f} to {at['tertiary', 'gini', END]:.2f}")  # fmt: skip

# %%
exhibits.table(
    "methods-robustness-disparities", summary.drop(columns=["measure", "statistic"]), indicators=TABLES,
    columns=columns, formats=dict.fromkeys(["obs_value", "lower", "upper"], ".2f"),
    title="Gini indices of regions at both ends of ten years",
    subtitle=f"Gini index, percentile ratio and share of Theil's index between countries, NUTS 2 regions, {START} and {END}",
    shows="three measures of regional disparity for GDP per head and attainment in two years",
    finding=finding,
    note="From and to: 95% intervals, each country left out in turn. The same regions in both years. Gini of a share falls"
    " if all regions rise by the same points: compare it with the spread in points.",
    limits="Whether the changes differ from zero, which is not tested; and differences inside regions.")  # fmt: skip

# %%
about = {"indicators": TABLES, "exhibit": "methods-robustness-disparities", "format": ".2f"}
for measure, year in itertools.product(MEASURES, (START, END)):
    exhibits.value(f"methods-robustness-gini-{measure}-{year}", at[measure, "gini", year], time_period=year, **about)

# %% [markdown]
# ## Types of regions and how they move
#
# Four types by the medians of each year: high or low attainment, high or low GDP per head. Moving is relative to the other
# regions, since every year has its own medians. Regions close to a median change type by small steps.

# %%
ORDER = ["Both high", "Attainment high", "GDP high", "Both low"]
moves = regions.transitions(regions.typology(balanced, "tertiary", "income", labels=ORDER), START, END)
moves[["start", "end"]] = moves[["start_type", "end_type"]]
stayed = moves.query("start == end").set_index("start")
kept = stayed["obs_value"]
texts = [f"{name}: {row.n_start} regions, {row.lower:.0f} to {row.upper:.0f}% stayed (95% interval)"
         for name, row in stayed.iterrows()]  # fmt: skip

# %%
chart = charts.heat_matrix(moves, row="start", column="end", value="obs_value", row_order=ORDER, column_order=ORDER,
                           limits=(0, 100), unit=f"% of the regions of a type in {START} (rows) by type in {END} (columns)")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-transitions", chart, data=moves.drop(columns=["start", "end"]), indicators=TABLES,
    title=f"{kept['Both high']:.0f}% of regions that had both kept both",
    subtitle=f"Regions by type in {START} (rows) and {END} (columns), % of the type in {START}, NUTS 2 regions of Europe",
    shows=f"how {int(moves['n_areas'].sum())} regions moved between four types",
    finding=f"{kept['Both high']:.0f}% of regions high in both stayed so, as did {kept['Both low']:.0f}% of those low in both",
    note=f"{'; '.join(texts)}.",
    limits="Why regions moved; and steps across a median may be small.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": f"{START} to {END}", "exhibit": "methods-robustness-transitions"}
exhibits.values({"high": stayed.loc["Both high"], "low": stayed.loc["Both low"]}, prefix="methods-robustness-stayed",
                interval=True, n_obs="n_start", unit="%", format=".0f", **about)  # fmt: skip

# %% [markdown]
# ## Best educated and richest: the same region?
#
# One row a country with five regions or more. The filled dot is the region with the highest share of people with
# tertiary education.

# %%
large = latest[latest.groupby("country")["country"].transform("size") >= 5].copy()
grouped = large.groupby("country")
large["educated"] = large["tertiary"] == grouped["tertiary"].transform("max")
large["first"] = large["income"] == grouped["income"].transform("max")
large = areas.add(large, by="country", country_name="name")
large = large.sort_values(["country_name", "income"])
middle = large.groupby("country_name")["income"].transform("median")
same = int((large["educated"] & large["first"]).sum())

# %%
chart = charts.distribution_strips(
    large.assign(middle=middle), label="country_name", value="income", highlight="educated", middle="middle",
    highlight_label="Highest attainment", middle_label="Median region", unit="GDP per head, EU27 = 100")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-strips", chart, data=large, indicators=TABLES,
    title="The best-educated region is often the richest",
    subtitle=f"GDP per head of NUTS 2 regions in purchasing power standards, EU27 = 100, {END}",
    shows=f"GDP per head of {len(large)} regions in {large['country'].nunique()} countries",
    finding=f"the region with the highest attainment is the richest in {same} of {large['country'].nunique()} countries",
    note="Countries with five regions or more. One region a country is marked; the line is the median of its regions.",
    limits="What residents earn: commuters count where they work, which lifts capitals.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": str(END), "exhibit": "methods-robustness-strips"}
exhibits.value("methods-robustness-same", same, unit="countries", **about)
exhibits.value("methods-robustness-large", large["country"].nunique(), unit="countries", **about)

# %% [markdown]
# ## Did better-educated regions grow faster?
#
# Regions are halved by attainment in the first year within their country; the gap is the difference in growth of GDP
# per head until the last year, inside each country, then averaged over countries. It starts from a level and looks
# forward, which an association at one time does not; it still holds no other cause fixed.

# %%
wide = balanced.pivot(index="ref_area", columns="time_period", values="income")
first_year = balanced.query("time_period == @START").reset_index(drop=True)
first_year["obs_value"] = first_year["ref_area"].map(100 * (wide[END] / wide[START] - 1))
middle = first_year.groupby("country")["tertiary"].transform("median")
first_year["half"] = np.where(first_year["tertiary"] >= middle, "upper", "lower")
gaps = regions.type_gaps(first_year, "half", "lower")
mean_gap, by_country = gaps.iloc[-1], areas.add(gaps.iloc[:-1], country="name")

# %%
clear = mean_gap["lower"] > 0 or mean_gap["upper"] < 0
chart = charts.ranked_bars(
    by_country, label="country", value="obs_value", number="+.1f", average=mean_gap["obs_value"],
    average_label=f"Average ({len(by_country)})", unit="Gap in growth of relative GDP per head, percentage points")  # fmt: skip
title = (
    "Regions with more graduates: a lead in growth" if clear else "Regions with more graduates: no clear lead in growth"
)

# %%
exhibits.figure(
    "methods-robustness-growth", chart, data=by_country, indicators=TABLES,
    title=title,
    subtitle=f"Growth of GDP per head relative to the EU, {START} to {END}: upper less lower half of regions by attainment",
    shows=f"the gap in growth between regions of higher and lower attainment in {len(by_country)} countries",
    finding=f"the average is {mean_gap['obs_value']:+.1f} points with a 95% interval from {mean_gap['lower']:+.1f} to"
    f" {mean_gap['upper']:+.1f}",
    note=f"Halves by attainment in {START} within each country. {mean_gap['n_left_out']} countries without two halves left out."
    " Interval by Student's t over countries.",
    limits="Causes; and in countries with few regions a gap rests on one or two.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": f"{START} to {END}", "exhibit": "methods-robustness-growth"}
exhibits.values({"methods-robustness-gap": mean_gap}, unit="points", format="+.1f", n_obs=len(by_country), **about)
exhibits.value("methods-robustness-gap-interval", numbers.span(mean_gap["lower"], mean_gap["upper"], "+.1f"), **about)
gap_test = gaps.iloc[-1:].assign(degrees_of_freedom=len(by_country) - 1)
gap_test = intervals.with_test(gap_test, adjust=None, degrees_of_freedom="degrees_of_freedom")
exhibits.tests("methods-robustness-growth", gap_test, indicators=TABLES, exhibit="methods-robustness-growth",
               question="Is the mean gap in growth between better- and less-educated regions zero?")  # fmt: skip

# %% [markdown]
# ## Innovation as change in practice
#
# Practices in class, and topics of teachers' professional learning, that were asked alike in TALIS 2018 and 2024; digital tools
# and self-assessment were asked otherwise and are left out. Cohen's h puts changes in shares on one scale. Two summaries: by item,
# with errors that are independent between countries; and by country, where the
# mean absolute effect says how much changed, whichever way, beside what sampling error alone would give.

# %%
SURVEY = ["talis-teaching-practices", "talis-assessment-practices", "talis-learning-content"]
both_years = "isced_level == '2' and time_period in [2018, 2024] and ref_area in @members"
tables = [load(name).query(both_years) for name in SURVEY]
tables[2] = tables[2].query("experience == 'total'")
practices = pd.concat(tables, ignore_index=True)
asked = practices.groupby("item")["time_period"].transform("nunique") == 2
practices = practices[asked & ~practices["item"].isin(["digital", "self_assessment"])]
effects = indicators.effect_size(practices, 2018, 2024, by=["item"])
effects["magnitude"].value_counts()

# %%
lists = ["talis-items-practice", "talis-items-assessment", "talis-items-learning-topic"]
names = pd.concat([data.labels(name) for name in lists]).to_dict()
by_practice = indicators.summarise_effects(effects, by=("item",), correlation=0.0)
by_practice = by_practice.sort_values("obs_value", ascending=False)
by_practice["name"] = by_practice["item"].map(names)
topic = by_practice["item"].isin(tables[2]["item"])
by_practice["kind"] = np.where(topic, "Topics of professional learning", "Practices in class")
by_practice = by_practice.sort_values(["kind", "obs_value"], ascending=[True, False], ignore_index=True)
most = by_practice.loc[by_practice["obs_value"].idxmax()]

# %%
chart = charts.forest_plot(by_practice, label="name", value="obs_value", lower="lower", upper="upper", group="kind",
                           unit="Mean effect size (Cohen's h), 2018 to 2024", directions=("less common", "more common"))  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-practices", chart, data=by_practice, indicators=SURVEY,
    title="Changes in practice and in teachers' learning are mostly small",
    subtitle="Mean effect size of change over countries, lower secondary teachers, OECD members, 2018 to 2024",
    shows=f"the mean change of {(~topic).sum()} practices in class and {topic.sum()} topics of professional learning",
    finding=f"the largest rise is that of {most['name'].lower()} ({most['obs_value']:+.2f})",
    note=f"Up to {by_practice['n_practices'].max()} countries. Below 0.2 an effect counts as negligible by convention. Intervals of"
    " 95% hold the sampling errors of the countries.",
    limits="Whether a change is for the better.")  # fmt: skip

# %%
per_country = indicators.summarise_effects(effects).query("n_practices > 0").reset_index(drop=True)
per_country = areas.add(per_country, country="name")
in_class = indicators.summarise_effects(effects[~effects["item"].isin(tables[2]["item"])]).query("n_practices > 0")
more, more_in_class = (
    int((rows["mean_absolute"] > 2 * rows["expected_absolute"]).sum()) for rows in (per_country, in_class)
)
largest = per_country.loc[per_country["mean_absolute"].idxmax()]
sizes = per_country.melt(["ref_area", "country", "n_practices", "n_up", "n_down"], ["mean_absolute", "expected_absolute"],
                         "statistic", "effect")  # fmt: skip
sizes["kind"] = sizes["statistic"].map({"mean_absolute": "Observed", "expected_absolute": "By sampling error alone"})

# %%
chart = charts.ranked_dots(sizes, label="country", value="effect", number=".2f", group="kind",
                           group_order=["Observed", "By sampling error alone"], unit="Mean absolute effect size (Cohen's h)")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-change", chart, data=sizes, indicators=SURVEY,
    title="Teaching or teachers' learning changed beyond chance nearly everywhere",
    subtitle="Mean absolute effect size of change in practices and topics of learning, lower secondary teachers, OECD members,"
    " 2018 to 2024",
    shows=f"how much teaching and teachers' learning changed in {len(per_country)} countries, beside what sampling error alone gives",
    finding=f"in {more} of them they changed by more than twice what chance gives; most in {largest['country']}"
    f" ({largest['mean_absolute']:.2f})",
    note=f"Mean over up to {per_country['n_practices'].max()} items, whichever way they changed. With the"
    f" {(~topic).sum()} practices in class alone it is {more_in_class} of {len(in_class)} countries.",
    limits="Improvement: change counts in both directions.")  # fmt: skip

# %%
about = {"indicators": SURVEY, "time_period": "2018 to 2024", "exhibit": "methods-robustness-change"}
sizes = effects.loc[effects["obs_value"].notna(), "magnitude"]
exhibits.value("methods-robustness-countries", len(per_country), **about)
exhibits.value("methods-robustness-more", more, n_obs=len(per_country), **about)
exhibits.value("methods-robustness-more-in-class", more_in_class, n_obs=len(in_class), **about)
exhibits.value("methods-robustness-negligible", 100 * (sizes == "negligible").mean(), unit="%", format=".0f",
               n_obs=len(sizes), **about)  # fmt: skip
about["exhibit"] = "methods-robustness-practices"
exhibits.value("methods-robustness-items", len(by_practice), **about)
exhibits.tests("methods-robustness-practices", effects, indicators=SURVEY, exhibit="methods-robustness-change",
               adjust="fdr_bh", question="Is the change of this practice in this country zero?")  # fmt: skip

# %% [markdown]
# ## Beside similar systems
#
# An average of all members compares the unlike. The benchmark compares each country with those that are most like it in
# household income and in what adults have learned. The more alike, the more a system counts; from a distance of two
# standard deviations on it counts no more. With fewer than three systems in reach, or one that counts for nearly all, there
# is no comparison. The error holds the sampling error of the country and how much the systems like it differ.

# %%
SIMILAR = ["regional-well-being", "adult-attainment"]
alike = profiles.circumstances(load("regional-well-being"), load("adult-attainment"), members)
scores = load("pisa-mathematics").query("time_period == 2022 and ref_area in @members")

# %%
distances = {limit: indicators.benchmark(scores, alike, max_distance=limit) for limit in (2.0, 1.5, 2.5)}
tested = pd.concat(rows.assign(limit=limit) for limit, rows in distances.items())
tested = intervals.with_test(tested, family=["limit"], degrees_of_freedom="degrees_of_freedom")
known = tested[(tested["limit"] == 2.0) & tested["obs_value"].notna()]
known = areas.add(known.reset_index(drop=True), country="name")
bottom, top = indicators.ends(known).values()
without = areas.names(sorted(set(members) - set(known["ref_area"])))

# %%
chart = charts.ranked_dots(
    known, label="country", value="obs_value", lower="lower", upper="upper", significant="significant", number="+.0f",
    significance=("Different from similar systems", "Not significantly different"),
    average=0, average_label="Mean of similar systems", unit="Score points, difference from the mean of similar systems")  # fmt: skip
note = ("Similar: by household disposable income per head (logarithm, 2016 to 2021) and the shares of adults aged 25 to 64 with"
        f" tertiary and below upper secondary education (2022, or up to three years before); {known['n_peers'].min()} to"
        f" {known['n_peers'].max()} systems each, the most alike count most. Intervals of 95% by Student's t; tests adjusted for the"
        f" number of countries (false-discovery rate). No score or no similar system: {numbers.enumerate_words(without)}.")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-benchmark", chart, data=known, indicators=["pisa-mathematics", *SIMILAR],
    title=f"{top['country']} is furthest above systems like it",
    subtitle="PISA 2022 mathematics, difference from the mean of similar systems, score points, OECD members",
    shows=f"the distance of {len(known)} countries from similar ones",
    finding=f"it runs from {bottom['obs_value']:+.0f} points in {bottom['country']} to {top['obs_value']:+.0f} in {top['country']}",
    note=note,
    limits="Other differences between the countries, such as migration or schooling systems.")  # fmt: skip

# %%
about = {"indicators": ["pisa-mathematics", *SIMILAR], "time_period": "2022", "exhibit": "methods-robustness-benchmark"}
differs = int(known["significant"].sum())
exhibits.value("methods-robustness-differs", differs, n_obs=len(known), unit="countries", **about)
exhibits.value("methods-robustness-compared", len(known), unit="countries", **about)
exhibits.tests("methods-robustness-benchmark", known, indicators=about["indicators"], adjust="fdr_bh",
               exhibit="methods-robustness-benchmark",
               question="Is the country's mean score in mathematics that of similar systems?")  # fmt: skip

# %% [markdown]
# ## Growth on one footing
#
# Index numbers put series of different level on one footing. Research and development as a share of GDP, 2011 = 100, for
# the members with both years, beside the average of the same members.

# %%
intensity = load("rd-expenditure").query("measure == 'gross_expenditure' and ref_area in @members")
intensity = intensity.query("time_period in [2011, 2021]")
mean = indicators.average(intensity, by=["measure"], constant=True, code="OECD")
n = int(mean["n_areas"].iloc[0])
mean_index = indicators.index_numbers(mean, 2011).query("time_period == 2021")["index"].item()
grown = indicators.index_numbers(intensity, 2011).query("time_period == 2021 and index.notna()").reset_index(drop=True)
grown = areas.add(grown, country="name")
fastest = grown.loc[grown["index"].idxmax()]

# %%
chart = charts.ranked_dots(grown, label="country", value="index", average=mean_index, average_label=f"OECD average ({n})",
                           unit="Research and development as a share of GDP, 2011 = 100")  # fmt: skip

# %%
exhibits.figure(
    "methods-robustness-index", chart, data=grown, indicators=["rd-expenditure"],
    title="Research intensity grew in most members",
    subtitle="Gross expenditure on research and development as a share of GDP in 2021, 2011 = 100, OECD members",
    shows=f"index numbers of research intensity for {len(grown)} countries",
    finding=f"it grew in {int((grown['index'] > 100).sum())} of them, most in {fastest['country']} ({fastest['index']:.0f})",
    note=f"Members with a value in both years. Average: index of the unweighted mean of the {n} shares, not mean of the indices.",
    limits="Levels: a high index can start from a low share.")  # fmt: skip

# %%
about = {"indicators": ["rd-expenditure"], "time_period": "2011 to 2021", "exhibit": "methods-robustness-index"}
exhibits.value(
    "methods-robustness-grew", int((grown["index"] > 100).sum()), n_obs=len(grown), unit="countries", **about
)
exhibits.value("methods-robustness-grown", len(grown), unit="countries", **about)
exhibits.value("methods-robustness-mean-index", mean_index, format=".0f", n_obs=n, **about)

# %% [markdown]
# ## Do tests and intervals keep their promise?
#
# `make bench` makes data whose truth is known, many times, and counts how often a test at 5% rejects what is true and how
# often an interval of 95% holds what is true. This analysis only shows what was counted. A simulation is a sample, too:
# its own interval says how exactly the per cent is known. Two designs that leave the clusters out show what goes wrong.

# %%
promises = data.benchmarks()["simulations"].query("benchmark == 'simulations'").reset_index(drop=True)
promises["name"] = promises["method"].str[0].str.upper() + promises["method"].str[1:].str.replace("_", " ")
promises["counted"] = promises["measure"].map({"rejected": "Rejected", "covered": "Covered"})
wrong = promises["design"] == "regions taken as independent"
above, below = promises["lower"] > promises["promised"], promises["upper"] < promises["promised"]
short = above.where(promises["measure"] == "rejected", below)
judged = {"kept": ~(above | below), "safe": (above | below) & ~short, "short": short}
judged = {name: int(found[~wrong].sum()) for name, found in judged.items()}
runs = promises["n_runs"].agg(["min", "max"])
promises.loc[short & ~wrong, ["name", "design", "obs_value", "lower", "upper"]]

# %%
columns = {"name": "Method", "design": "Made-up data", "counted": "Truth was", "promised": "Promised, %",
           "obs_value": "Found, %", "lower": "from", "upper": "to", "n_runs": "Simulations"}  # fmt: skip
exhibits.table(
    "methods-robustness-promises", promises, columns=columns, indicators=["benchmarks"],
    formats={"promised": ".0f", "obs_value": ".1f", "lower": ".1f", "upper": ".1f"},
    title="Tests and intervals on data whose truth is known",
    subtitle="Per cent of simulations in which a true statement was rejected or covered, with 95% intervals",
    shows="how often tests reject and intervals hold what is true",
    finding=f"of {int((~wrong).sum())} methods and designs {judged['kept']} keep what is promised within the error of simulation,"
    f" {judged['safe']} are on the safe side and {judged['short']} fall short",
    note=f"{runs['min']} to {numbers.amount(runs['max'], ',')} simulations each; from and to: Wilson's interval. Regions taken as"
    " independent: what the tests would do without clusters of countries; not used in the book.",
    limits="Data made in other ways than the designs named.")  # fmt: skip

# %%
about = {"indicators": ["benchmarks"], "exhibit": "methods-robustness-promises"}
exhibits.values(judged | {"designs": int((~wrong).sum())}, prefix="methods-robustness-promises", **about)
independent = promises.loc[wrong & (promises["method"] == "convergence, beta")].squeeze()
exhibits.value("methods-robustness-promises-wrong", independent["obs_value"], unit="%", format=".0f",
               n_obs=int(independent["n_runs"]), interval=(independent["lower"], independent["upper"]), **about)  # fmt: skip
