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
# # Chapter 3: young people and place
#
# Young people who are neither employed nor in education or training, by country, gender and region; learning, work and
# poverty in cities, towns and countryside; early leaving in capital and other regions of the European Union.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, regions

members = areas.members()

# %% [markdown]
# ## Neither employed nor in education or training
#
# The average is taken over the members with a value for women and men in each year from 2008 to 2022. In 2021 the
# European labour force survey changed, which breaks the series; the changes quoted end in 2019.

# %%
FIRST, LAST = 2008, 2022
rates = load("neet").query("age == '15-29' and sex != 'total' and ref_area in @members")
rates = rates.query("@FIRST <= time_period <= @LAST")
complete = rates.groupby("ref_area").size() == 2 * (LAST - FIRST + 1)
constant = complete.index[complete]
trend = indicators.average(rates.query("ref_area in @constant"), by=["sex"], constant=True, code="OECD")
means = trend.pivot(index="time_period", columns="sex", values="obs_value")
means["gap"] = gap = means["female"] - means["male"]
means.round(1).T

# %%
trend["panel"] = f"OECD average ({len(constant)})"
trend["group"] = trend["sex"].map({"female": "Women", "male": "Men"})
chart = charts.small_multiples(
    trend, panel="panel", x="time_period", value="obs_value", group="group", group_order=["Women", "Men"], columns=1,
    unit="% of people aged 15 to 29", number=".1f")  # fmt: skip

# %%
exhibits.figure(
    "ch3-neet-trend", chart, data=trend.drop(columns=["group", "missing"]), indicators=["neet"],
    title="The gap between young women and men has narrowed",
    subtitle=f"Young people neither in employment nor in education or training, {len(constant)} OECD members, 2008 to 2022",
    shows="the share of young women and young men neither in employment nor in education or training, 2008 to 2022",
    finding=f"the distance between women and men went from {gap[2008]:.1f} percentage points in 2008 to {gap[2019]:.1f} in"
    f" 2019 and {gap[2022]:.1f} in 2022",
    note=f"Unweighted mean of {len(constant)} members with all years. Break in 2021 for countries of the European labour"
    " force survey. The publisher gives no standard errors.",
    limits="Why people are neither employed nor learning: care, illness, lack of jobs and choice count alike.")  # fmt: skip

# %%
about = {"indicators": ["neet"], "exhibit": "ch3-neet-trend", "n_obs": len(constant)}
units = {"female": "%", "male": "%", "gap": "percentage points"}
for (year, name), number in means.loc[[2008, 2010, 2019, 2022]].stack().items():
    exhibits.value(f"ch3-neet-{name}-{year}", number, unit=units[name], format=".1f", time_period=year, **about)
exhibits.value("ch3-neet-n", len(constant), unit="countries", **about)

# %%
latest = rates.query("time_period == 2022").pivot(index="ref_area", columns="sex", values="obs_value").dropna()
country_gap = (latest["female"] - latest["male"]).sort_values()
about = {"indicators": ["neet"], "time_period": "2022", "n_obs": len(latest)}
exhibits.value("ch3-neet-widest-gap", country_gap.iloc[-1], unit="percentage points", format=".0f", **about)
exhibits.value("ch3-neet-women-lower", int((country_gap < 0).sum()), unit="countries", **about)
exhibits.value("ch3-neet-countries", len(latest), unit="countries", **about)

# %%
by_country = latest.assign(gap=latest["female"] - latest["male"]).reset_index()
by_country = areas.add(by_country, country="name")
chart = charts.change_arrows(
    by_country, label="country", start="male", end="female", start_label="Men", end_label="women", change="gap",
    sort_by="male", number="+.1f", unit="% of people aged 15 to 29; the numbers are women less men")  # fmt: skip
note = ("Ages 15 to 29. Arrows go from men to women. The publisher gives no standard errors, so that no difference is tested."
        " Members without both values in 2022 are left out.")  # fmt: skip

# %%
exhibits.figure(
    "ch3-neet-by-country", chart, data=by_country, indicators=["neet"],
    title="Women's rates are higher in most countries, much in few",
    subtitle=f"Young men and women neither employed nor in education or training, {len(by_country)} OECD members, 2022",
    shows=f"the shares of young men and women neither employed nor in education or training in {len(by_country)} countries",
    finding=f"the rate of men runs from {by_country['male'].min():.0f}% to {by_country['male'].max():.0f}%, and that of women"
    f" is higher by up to {by_country['gap'].max():.0f} percentage points",
    note=note,
    limits="Why people are neither employed nor learning: care, illness, lack of jobs and choice count alike.")  # fmt: skip

# %%
about = {"indicators": ["neet"], "time_period": "2022", "exhibit": "ch3-neet-by-country", "n_obs": len(by_country)}
for sex in ("female", "male"):
    exhibits.values(indicators.ends(by_country, sex), prefix=f"ch3-neet-{sex}", column=sex, country="country", unit="%",
                    format=".0f", **about)  # fmt: skip

# %% [markdown]
# How much of the variation between European regions lies within countries? Eurostat counts non-formal courses as
# education, so its levels are lower than those of the OECD. The latest year in the file is 2019.

# %%
every = areas.add(load("regional-neet").query("age == '15-29' and time_period == 2019"), "country")
lacking = regions.absent_regions(every, areas.table().reset_index(), ["country"]).query("n_absent > 0")
regional = every.dropna(subset=["obs_value"])
split = regions.variance_within_between(regional).query("component == 'within'").iloc[0]
spread = regional.groupby("country")["obs_value"].agg(["size", "min", "max"]).query("size > 1")
spread["range"] = spread["max"] - spread["min"]
widest = spread["range"].idxmax()
(
    split[["obs_value", "lower", "upper", "n_areas"]],
    widest,
    spread.loc[widest].round(1).to_dict(),
    areas.names(lacking["absent"].explode()),
)

# %%
about = {"indicators": ["regional-neet"], "time_period": "2019", "n_obs": len(regional)}
exhibits.values({"ch3-neet-within": split}, interval=True, unit="%", format=".0f", **about)
exhibits.values(split[["lower", "upper"]].to_dict(), prefix="ch3-neet-within", unit="%", format=".0f", **about)
exhibits.value("ch3-neet-regions", len(regional), unit="regions", **about)
exhibits.value("ch3-neet-spread-country", areas.name(widest), **about)
exhibits.values({"ch3-neet-spread-lowest": spread.loc[widest, "min"],
                 "ch3-neet-spread-highest": spread.loc[widest, "max"]}, unit="%", format=".0f", **about)  # fmt: skip

# %% [markdown]
# ## Capital regions, and access to a university
#
# The index of regional competitiveness has no classes of city and countryside. Regions are sorted instead: those of the
# capital (where the index merges it with its commuting zone, that zone), and the others by the share of people who live
# near a university, above or below the median of all regions.

# %%
CAPITALS = [
    "AT_C", "BE_C", "BG41", "CZ_C", "DE_C", "DK01", "EL30", "ES30", "FI1B", "FR10", "HR_C", "HU_C", "IE06", "ITI4",
    "LT01", "NL_C", "PL91", "PT17", "RO32", "SE11", "SI04", "SK01",
]  # fmt: skip
MEASURES = {
    "tertiary_attainment_25_34": "Tertiary attainment, ages 25-34", "lifelong_learning": "Adults in learning, ages 25-64",
    "early_leavers": "Early leavers, ages 18-24", "neet_rate": "Neither in work nor in education, ages 15-24",
    "lower_secondary_only": "At most lower secondary, ages 25-64",
}  # fmt: skip

# %%
index = load("regional-competitiveness-2022")
index = areas.add(index, "country")
near = index.query("measure == 'university_accessibility'").set_index("ref_area")["obs_value"]
other = np.where(index["ref_area"].map(near) >= near.median(), "Easier access", "Less access")
index["kind"] = np.where(index["ref_area"].isin(CAPITALS), "Capital", other)
index.drop_duplicates("ref_area")["kind"].value_counts().to_dict(), round(near.median(), 1)

# %%
gaps = pd.concat(
    regions.type_gaps(index.query("measure == @measure"), "kind", "Less access").assign(measure=measure)
    for measure in MEASURES
).query("std_error.notna()")
gaps["n_groups"] = gaps["ref_area"].map(areas.n_averaged)
gaps["p_value"] = intervals.p_value(gaps["obs_value"], gaps["std_error"], gaps["n_groups"] - 1)
gaps["p_adjusted"] = intervals.adjusted(gaps["p_value"])

# %%
gaps["label"] = gaps["kind"] + gaps["n_groups"].map(" ({} countries)".format)
gaps["heading"] = gaps["measure"].map(MEASURES)
gaps[["heading", "label", "obs_value", "lower", "upper", "p_adjusted"]].round(2)

# %%
firm = gaps.query("p_adjusted < 0.05")
cell = gaps.set_index(["measure", "kind"])
leaving, study = (cell.loc[(measure, "Capital")] for measure in ("early_leavers", "tertiary_attainment_25_34"))
chart = charts.forest_plot(
    gaps, label="label", value="obs_value", lower="lower", upper="upper", group="heading", number="+.1f",
    unit="Percentage points more or fewer than in regions with less access")  # fmt: skip

# %%
note = (f"Mean of differences, each country once. Less access: fewer than {near.median():.0f}% of people live near a"
        " university (2016: 45 minutes by car; the limit is the median of regions). Tertiary: 2021; others: means of 2019"
        " to 2021. Intervals by Student's t over countries; significance at 5% adjusted for ten tests. Countries without"
        " both kinds drop out.")  # fmt: skip

# %%
exhibits.figure(
    "ch3-kinds-of-region", chart, data=gaps, indicators=["regional-competitiveness-2022"],
    title="Where universities are harder to reach, more leave early",
    subtitle="Differences from regions of the same country with less access to a university, EU, 2019 to 2021",
    shows="differences in five measures between kinds of regions of the same country",
    finding=f"capital regions have {study['obs_value']:.0f} points more young adults with tertiary education and"
    f" {-leaving['obs_value']:.0f} points fewer early leavers; {len(firm)} of {len(gaps)} differences are significant",
    note=note,
    limits="Where people grew up: graduates may have moved to capitals. A region is large, and holds towns and villages.")  # fmt: skip

# %%
about = {"indicators": ["regional-competitiveness-2022"], "exhibit": "ch3-kinds-of-region", "unit": "percentage points",
         "time_period": "2019 to 2021"}  # fmt: skip
short = {"early_leavers": "leavers", "tertiary_attainment_25_34": "tertiary", "neet_rate": "neet",
         "lifelong_learning": "learning", "lower_secondary_only": "lower"}  # fmt: skip
for (measure, kind), row in cell.iterrows():
    exhibits.value(f"ch3-{kind.split()[0].lower()}-{short[measure]}", abs(row["obs_value"]), std_error=row["std_error"],
                   n_obs=row["n_groups"], format=".1f", note=f"difference {row['obs_value']:+.1f}", **about)  # fmt: skip

# %%
exhibits.value("ch3-kinds-firm", len(firm), n_obs=len(gaps), **about | {"unit": "differences"})
exhibits.value("ch3-kinds-tested", len(gaps), **about | {"unit": "differences"})
exhibits.tests("ch3-kinds-of-region", gaps, question="Is the mean difference from regions with less access zero?",
               indicators=about["indicators"], adjust="fdr_bh", exhibit="ch3-kinds-of-region")  # fmt: skip

# %%
rates = index.query("measure == 'early_leavers'")
three = rates.groupby("country")["kind"].transform(lambda kinds: {"Easier access", "Less access"} <= set(kinds))
same = regions.type_gaps(rates[three], "kind", "Less access")
same = same.query("kind == 'Capital' and std_error.notna()").iloc[0]
exhibits.value("ch3-capital-leavers-same", -same["obs_value"], std_error=same["std_error"], format=".1f",
               n_obs=areas.n_averaged(same["ref_area"]), **about,
               note="countries that have all three kinds of region")  # fmt: skip

# %%
about = {"unit": "%", "format": ".1f", "note": "European Union"}
europe = load("vocational-education-europe").query("ref_area == 'EU27_2020' and measure == 'early_leavers'")
for year, row in europe.set_index("time_period").loc[[2014, 2020]].iterrows():
    exhibits.values(
        {f"ch3-leavers-eu-{year}": row}, time_period=year, indicators=["vocational-education-europe"], **about
    )
by_sex = load("early-leavers-by-sex").query("ref_area == 'EU27_2020'").set_index("sex")["obs_value"]
exhibits.values(
    by_sex.to_dict(), prefix="ch3-leavers", time_period="2023", indicators=["early-leavers-by-sex"], **about
)

# %% [markdown]
# ## Cities, towns and countryside
#
# European members in 2025, by the degree of urbanisation of the place where people live. No table by degree of urbanisation
# tells who is neither employed nor in education or training, so learning, work and poverty stand in. Mean of differences
# within countries, each country once, by Student's t over countries: values have no standard errors. Very low work
# intensity in Switzerland is of 2024. Participation counts young people still at school or university.

# %%
LIVING = {"participation": "In education or training, ages 18 to 64", "unemployment": "Unemployed, ages 15 to 74",
          "poverty_or_exclusion": "At risk of poverty or social exclusion",
          "deprivation": "Severe material and social deprivation",
          "low_work_intensity": "In a household with very low work intensity"}  # fmt: skip
DEGREES = {"cities": "Cities", "towns_suburbs": "Towns and suburbs", "rural": "Countryside"}
living = load("living-by-urbanisation").query("ref_area in @members and sex == 'total' and measure in @LIVING")
living = living.query("degree in @DEGREES and obs_value.notna()")
living = living.assign(country=living["ref_area"], kind=living["degree"].map(DEGREES))

# %%
urban = pd.concat(
    regions.type_gaps(living.query("measure == @measure"), "kind", "Cities").assign(measure=measure) for measure in LIVING
).query("std_error.notna()").reset_index(drop=True)  # fmt: skip
urban["n_groups"] = urban["ref_area"].map(areas.n_averaged)
urban["p_value"] = intervals.p_value(urban["obs_value"], urban["std_error"], urban["n_groups"] - 1)
urban["p_adjusted"] = intervals.adjusted(urban["p_value"])
urban["label"] = urban["kind"] + urban["n_groups"].map(" ({} countries)".format)
urban["heading"] = urban["measure"].map(LIVING)
urban[["heading", "label", "obs_value", "lower", "upper", "p_adjusted"]].round(2)

# %%
firm = urban.query("p_adjusted < 0.05")
cell = urban.set_index(["measure", "kind"])
learning = cell.loc[("participation", "Countryside")]
chart = charts.forest_plot(
    urban, label="label", value="obs_value", lower="lower", upper="upper", group="heading", number="+.1f",
    unit="Percentage points more or fewer than in cities of the same country")  # fmt: skip

# %%
exhibits.figure(
    "ch3-urban-rural", chart, data=urban, indicators=["living-by-urbanisation"],
    title="Outside cities fewer people are in education or training",
    subtitle="Differences from cities of the same country, European OECD members, 2025",
    shows="differences between cities, towns and countryside in five measures of learning, work and poverty",
    finding=f"in the countryside {-learning['obs_value']:.0f} percentage points fewer are in education or training;"
    f" {len(firm)} of {len(urban)} differences are significant",
    note="Mean of differences, each country once; intervals by Student's t over countries; significance at 5% adjusted for"
    f" {len(urban)} tests. Participation counts young people still at school or university. Very low work intensity in"
    " Switzerland: 2024. Values have no standard errors.",
    limits="Why: ages, degrees and jobs differ between city and countryside, and young people move to study.")  # fmt: skip

# %%
about = {"indicators": ["living-by-urbanisation"], "exhibit": "ch3-urban-rural", "unit": "percentage points",
         "time_period": "2025"}  # fmt: skip
quoted = {"rural-participation": ("participation", "Countryside"), "towns-participation": ("participation", "Towns and suburbs"),
          "rural-unemployment": ("unemployment", "Countryside")}  # fmt: skip
for name, key in quoted.items():
    row = cell.loc[key]
    exhibits.value(f"ch3-{name}", abs(row["obs_value"]), std_error=row["std_error"], n_obs=row["n_groups"], format=".1f",
                   note=f"difference {row['obs_value']:+.1f}", **about)  # fmt: skip

# %%
exhibits.value("ch3-urban-tested", len(urban), **about | {"unit": "differences"})
exhibits.tests("ch3-urban-rural", urban, question="Is the mean difference from cities zero?", adjust="fdr_bh",
               indicators=about["indicators"], exhibit="ch3-urban-rural")  # fmt: skip
