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
# # Chapter 3: young people, background and place
#
# Young people outside work and education, the link of results with social background, early leaving in capital and
# other regions, adults in learning, and what schools in villages and cities offer.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, numbers, regions

members = areas.members()

# %% [markdown]
# ## Neither in work nor in education
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
    limits="Why people are neither in work nor in education: care, illness, lack of jobs and choice count alike.")  # fmt: skip

# %%
about = {"indicators": ["neet"], "exhibit": "ch3-neet-trend", "n_obs": len(constant)}
units = {"female": "%", "male": "%", "gap": "percentage points"}
for (year, name), number in means.loc[[2008, 2013, 2019, 2022]].stack().items():
    exhibits.value(f"ch3-neet-{name}-{year}", number, unit=units[name], format=".1f", time_period=year, **about)
exhibits.value("ch3-neet-n", len(constant), unit="countries", **about)

# %%
latest = rates.query("time_period == 2022").pivot(index="ref_area", columns="sex", values="obs_value").dropna()
country_gap = (latest["female"] - latest["male"]).sort_values()
about = {"indicators": ["neet"], "time_period": "2022", "n_obs": len(latest)}
exhibits.value("ch3-neet-widest-country", areas.name(country_gap.index[-1]), **about)
exhibits.value("ch3-neet-widest-gap", country_gap.iloc[-1], unit="percentage points", format=".0f", **about)
exhibits.value("ch3-neet-women-lower", int((country_gap < 0).sum()), unit="countries", **about)
exhibits.value("ch3-neet-countries", len(latest), unit="countries", **about)

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
split[["obs_value", "lower", "upper", "n_areas"]], widest, spread.loc[widest].round(1).to_dict()

# %%
about = {"indicators": ["regional-neet"], "time_period": "2019", "n_obs": len(regional)}
exhibits.values({"ch3-neet-within": split}, interval=True, unit="%", format=".0f", **about)
exhibits.value("ch3-neet-regions", len(regional), unit="regions", **about)
exhibits.value("ch3-neet-spread-country", areas.name(widest), **about)
without = numbers.enumerate_words(areas.names(lacking["absent"].explode()))
exhibits.value("ch3-neet-spread-absent", without, note="European regions without a value", **about)
exhibits.values({"ch3-neet-spread-lowest": spread.loc[widest, "min"],
                 "ch3-neet-spread-highest": spread.loc[widest, "max"]}, unit="%", format=".0f", **about)  # fmt: skip

# %% [markdown]
# ## Background and results
#
# The share of the variance in mathematics that goes with socio-economic status, 2012 and 2022. The tests are adjusted
# for the number of countries by the false discovery rate; samples of two cycles are independent.

# %%
AVERAGE = "OECD-average-35"
constant_set = areas.n_averaged(AVERAGE)
explained = load("pisa-escs-variance").query("domain == 'mathematics'")
moved = indicators.change(explained.query("ref_area in @members"), 2012, 2022).dropna(subset=["obs_value"])
moved = areas.add(moved, country="name")
stronger, weaker = (moved.query(f"significant == True and obs_value {sign} 0") for sign in "><")
oecd = explained.query("ref_area == @AVERAGE").set_index("time_period")
spans = [(2012, 2022), (2012, 2018), (2018, 2022)]
changes = {(start, end): indicators.difference(oecd.loc[end], oecd.loc[start]) for start, end in spans}
pd.DataFrame(changes).round(2), stronger["country"].tolist(), weaker["country"].tolist()

# %%
chart = charts.change_arrows(
    moved, label="country", start="start_value", end="end_value", start_label="2012", end_label="2022",
    change="obs_value", significant="significant", sort_by="end_value",
    unit="% of the variance in mathematics; the numbers are the changes")  # fmt: skip

# %%
exhibits.figure(
    "ch3-background-change", chart, data=moved, indicators=["pisa-escs-variance"],
    title="Background told as much about results in 2022 as 2012",
    subtitle="Variance in mathematics explained by socio-economic status, 15-year-olds, OECD members, 2012 and 2022",
    shows=f"the variance in mathematics explained by socio-economic status in {len(moved)} countries, 2012 and 2022",
    finding=f"the link became significantly stronger in {len(stronger)} countries and weaker in {len(weaker)}",
    note="Filled arrows: significant at 5% after adjustment for the number of countries. Costa Rica has no value in 2022,"
    " Luxembourg did not take part. Some systems missed sampling standards in 2022 (flag s in the data).",
    limits="What schools did: families, neighbourhoods and who was tested changed as well.")  # fmt: skip

# %%
about = {"indicators": ["pisa-escs-variance"], "exhibit": "ch3-background-change", "n_obs": constant_set}
for year in (2012, 2018, 2022):
    exhibits.values({f"ch3-explained-{year}": oecd.loc[year]}, unit="%", format=".1f", time_period=year, **about)
for (start, end), change in changes.items():
    exhibits.values({f"ch3-explained-change-{start}-{end}": change}, unit="percentage points", format="+.1f",
                    time_period=f"{start} to {end}", **about)  # fmt: skip
exhibits.value("ch3-explained-n", constant_set, unit="countries", note="constant set of the publisher", **about)

# %%
about["n_obs"] = len(moved)
for name, rows in {"stronger": stronger, "weaker": weaker}.items():
    noun = "country" if len(rows) < 2 else "countries"
    exhibits.value(f"ch3-background-{name}", f"{numbers.in_words(len(rows), 'no', largest=3)} {noun}", **about)
    exhibits.value(f"ch3-background-{name}-names", " and ".join(rows["country"]), **about)
exhibits.value("ch3-background-n", len(moved), unit="countries", **about)

# %%
about = {"indicators": ["pisa-escs-variance"], "exhibit": "ch3-background-change"}
exhibits.tests("ch3-background-changes", moved, question="Is the country's change in the variance explained zero?",
               adjust="fdr_bh", **about)  # fmt: skip
averaged = intervals.with_test(pd.DataFrame(changes).T.astype(float), adjust="holm")
exhibits.tests("ch3-background-average", averaged, question="Is the change of the OECD average zero over this span?",
               adjust="holm", **about)  # fmt: skip
averaged[["obs_value", "std_error", "p_value", "p_adjusted"]].round(4)

# %%
low = load("pisa-escs-proficiency").query("measure == 'low_performers' and domain == 'mathematics'")
low = low.query("ref_area == @AVERAGE").set_index(["escs_quarter", "time_period"])
for quarter in ("bottom", "top"):
    for year in (2012, 2022):
        exhibits.values({f"ch3-low-{quarter}-{year}": low.loc[(quarter, year)]}, unit="%", format=".0f",
                        n_obs=constant_set, time_period=year, indicators=["pisa-escs-proficiency"])  # fmt: skip

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

# %% [markdown]
# ## Adults in learning and early leavers
#
# Two ends of the same question, by country in 2024, the latest year that all members in the file have. Norway is left
# out: its series of early leavers falls without a break flag and contradicts another extraction.

# %%
FEATURES = ["early_leavers", "adults_in_learning"]
pair = load("vocational-education-europe").query("time_period == 2024 and measure in @FEATURES")
pair = pair.query("ref_area in @members and ref_area != 'NOR'")
pair = pair.pivot(index="ref_area", columns="measure", values="obs_value").dropna().reset_index()
pair = areas.add(pair, country="name")
link = indicators.correlation(pair, *FEATURES)
link.to_dict()

# %%
chart = charts.scatter_within(
    pair, x="early_leavers", y="adults_in_learning", label="country",
    named=areas.names(["SWE", "DNK", "TUR", "GRC", "DEU", "ISL", "POL", "SVN"]),
    x_unit="Early leavers, ages 18 to 24, %", y_unit="Adults in learning, ages 25 to 64, %")  # fmt: skip

# %%
exhibits.figure(
    "ch3-leavers-learners", chart, data=pair, indicators=["vocational-education-europe"],
    title="No link is seen between early leaving and adult learning",
    subtitle="Early leavers from education and adults in learning in the last four weeks, %, European OECD members, 2024",
    shows=f"early leavers and adults in learning in {len(pair)} countries",
    finding=f"the correlation is {link['obs_value']:.2f} with a 95% interval from {link['lower']:.2f} to {link['upper']:.2f}",
    note=f"{len(pair)} European members of the OECD. Norway is left out (its series contradicts another extraction), the"
    " United Kingdom has no values after 2019. Values of 2024 carry a break flag in Belgium, Germany, Greece and Ireland,"
    " and France and Spain use another definition of early leavers.",
    limits="A link between persons: the same people are not followed. With so few countries, a moderate link may go unseen.")  # fmt: skip

# %%
ranked = pair.sort_values("adults_in_learning", ignore_index=True)
about = {"indicators": ["vocational-education-europe"], "time_period": "2024", "exhibit": "ch3-leavers-learners",
         "n_obs": len(pair)}  # fmt: skip
exhibits.values({"ch3-leavers-correlation": link}, interval=True, format=".2f", **about | {"n_obs": "n_obs"})
ends = {"ch3-learning-least": ranked.iloc[0], "ch3-learning-most": ranked.iloc[-1]}
exhibits.values(ends, column="adults_in_learning", unit="%", format=".0f", **about)
exhibits.values({f"{name}-country": row["country"] for name, row in ends.items()}, **about)
exhibits.value("ch3-leavers-n", len(pair), unit="countries", **about)
exhibits.tests("ch3-leavers-learners", pd.DataFrame([link]), indicators=about["indicators"],
               question="Are early leaving and adult learning unrelated?", exhibit="ch3-leavers-learners")  # fmt: skip

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
# ## Volunteering and service in schools, by size of place
#
# Principals of schools with 15-year-olds said in PISA 2012 whether the school offers volunteering or service activities.
# The comparison is over the members with an estimate for each of four sizes of place. Every school counts with its weight.

# %%
PLACES = {"village": "Village", "small_town": "Small town", "town": "Town", "city": "City"}
offer = load("pisa-2012-schools-by-place").query("measure == 'volunteering' and place in @PLACES")
offer = offer.query("ref_area in @members and obs_value.notna()")
offer = offer[offer.groupby("ref_area")["place"].transform("size") == len(PLACES)]
places = indicators.average(offer, by=["place"], constant=True, code="OECD").set_index("place").loc[[*PLACES]]
places = intervals.with_interval(places.reset_index().assign(label=PLACES.values()))
places.drop(columns="missing").round(1)

# %%
village, others = places.iloc[0], places.iloc[1:].copy()
others["gap"] = others["obs_value"] - village["obs_value"]
others["gap_error"] = np.hypot(others["std_error"], village["std_error"])
others["p_value"] = intervals.p_value(others["gap"], others["gap_error"])
others["p_adjusted"] = intervals.adjusted(others["p_value"])
n_places, unreliable = int(village["n_areas"]), int((offer["obs_status"] == "u").sum())
others[["label", "obs_value", "gap", "gap_error", "p_adjusted"]].round(3)

# %%
chart = charts.ranked_bars(
    places, label="label", value="obs_value", lower="lower", upper="upper", sort=False,
    unit="% of schools that offer volunteering or service activities")  # fmt: skip
note = (f"Mean of {n_places} members with an estimate for each size of place; schools with 15-year-old students,"
        " answers of principals. Village: fewer than 3 000 people; small town: to 15 000; town: to 100 000; city: to one"
        f" million. {unreliable} of {4 * n_places} national estimates rest on few schools. Whiskers: 95% intervals."
        f" Villages less the others: largest p-value {others['p_adjusted'].max():.3f}, adjusted for three tests.")  # fmt: skip

# %%
exhibits.figure(
    "ch3-volunteering-place", chart, data=places.drop(columns="missing"), indicators=["pisa-2012-schools-by-place"],
    title="Village schools offered service activities least often",
    subtitle=f"Schools that offer volunteering or service activities, %, by place, {n_places} OECD members, 2012",
    shows="the share of schools that offer volunteering or service activities in villages, small towns, towns and cities",
    finding=f"it is {places.iloc[0]['obs_value']:.0f}% in villages and {places.iloc[2]['obs_value']:.0f}% in towns",
    note=note,
    limits="How many students take part, what they do and what comes of it; and the size of schools is not held constant.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2012-schools-by-place"], "time_period": "2012", "exhibit": "ch3-volunteering-place",
         "n_obs": n_places}  # fmt: skip
exhibits.values(places.set_index("place"), prefix="ch3-volunteering", unit="%", format=".0f", **about)
smallest = others.loc[others["gap"].idxmin()]
exhibits.value("ch3-volunteering-gap", smallest["gap"], std_error=smallest["gap_error"], unit="percentage points",
               format=".0f", note=f"smallest of three, {smallest['label'].lower()} less village", **about)  # fmt: skip
exhibits.value("ch3-volunteering-n", n_places, unit="countries", **about)
exhibits.tests("ch3-volunteering-place", others, question="Do villages and places of this size offer it alike?",
               indicators=about["indicators"], adjust="fdr_bh", exhibit="ch3-volunteering-place")  # fmt: skip
