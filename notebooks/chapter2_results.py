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
# # Chapter 2: results over time, and schools by size of place
#
# Twenty-five years of PISA, with the changes that are published; then schools in villages and cities, by principals' answers
# of PISA 2012, by ICILS 2023, and by Eurostat's figures of 2025 on people where they live.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, data, exhibits, indicators, intervals, load, numbers

members = areas.members()
domains = ["reading", "mathematics", "science"]

# %% [markdown]
# ## Averages since the first cycle
#
# Per subject, the members with a comparable score in every cycle, each counted once. Scores that the publisher leaves
# out of its trends are dropped, and with them the country. Intervals hold sampling error only, not the error of the
# link between two cycles.

# %%
comparable = indicators.comparable({name: load(f"pisa-{name}") for name in domains}, members, "domain")
trend = indicators.average(comparable, by=("domain",), constant=True, code="OECD")
trend = intervals.with_interval(trend)
trend["panel"] = trend["domain"].str.capitalize() + " (" + trend["n_areas"].astype(str) + ")"
points = trend.set_index(["domain", "time_period"])
trend.pivot(index="domain", columns="time_period", values="obs_value").round(1)

# %%
official = load("pisa-2025-change").query("ref_area == 'OECD-average'").set_index("domain").loc[domains]
n_official = areas.n_averaged("OECD-average-35")  # the 2025 average leaves out Costa Rica, Luxembourg and Spain
n_averaged = {name: int(points.loc[(name, 2025), "n_areas"]) for name in domains}
chart = charts.small_multiples(
    trend, panel="panel", x="time_period", value="obs_value", lower="lower", upper="upper", columns=3,
    panel_order=[f"{name.capitalize()} ({n_averaged[name]})" for name in domains], unit="Score points")  # fmt: skip

# %%
exhibits.figure(
    "ch2-pisa-trend", chart, data=trend.drop(columns="panel"), indicators=[f"pisa-{name}" for name in domains],
    title="Average scores in 2025 are below those of 2012",
    subtitle="Mean score of 15-year-old students in PISA, average of the OECD members with all cycles (number in brackets)",
    shows="average scores in reading since 2000, mathematics since 2003 and science since 2006",
    finding="the published change from 2022 to 2025 is "
    + ", ".join(f"{row.obs_value:.0f} points in {name}" for name, row in official.iterrows()),
    note="Constant sets of countries. Bands: 95% intervals of sampling error; the error of the link between cycles is larger. The"
    " published change is the average of other countries than the lines. The axis does not begin at zero.",
    limits="Why scores fell: schools, pandemic, devices and much else changed in the same years.")  # fmt: skip

# %%
about = {"unit": "score points", "exhibit": "ch2-pisa-trend"}
about["indicators"] = ["pisa-reading"]
for year in (2000, 2012, 2025):
    exhibits.values({f"ch2-reading-{year}": points.loc[("reading", year)]}, format=".1f", time_period=year,
                    n_obs="n_areas", **about)  # fmt: skip
exhibits.value("ch2-trend-reading-n", n_averaged["reading"], **about | {"unit": "countries"})

# %%
AVERAGE = "OECD-average-23"
constant_set = areas.n_averaged(AVERAGE)
tested = load("pisa-change").query("ref_area == @AVERAGE and time_period == '2012-2022'").set_index("domain")
exhibits.values(tested.loc[domains], prefix="ch2-tested", unit="score points", format="+.0f", n_obs=constant_set,
                time_period="2012 to 2022", indicators=["pisa-change"],
                note="published change; the standard error includes the link error")  # fmt: skip
exhibits.value("ch2-reading-oecd-n", constant_set, unit="countries", note="constant set of the publisher", time_period="2022",
               indicators=["pisa-change"])  # fmt: skip

# %% [markdown]
# ## Changes to 2022 and from there to 2025, country by country
#
# From 2000 to 2022 in reading: the longest comparison with a published error, which includes the link error. From 2022 to
# 2025: science only, whose link error the publisher names. Each family of tests is adjusted by the false discovery rate.

# %%
published = load("pisa-change").query("domain == 'reading' and time_period == '2000-2022'")
recent = load("pisa-2025-change").query("domain == 'science'")
changes = {"reading": published, "science": recent}
for name, rows in changes.items():
    kept = rows.query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
    changes[name] = areas.add(intervals.with_test(kept), country="name")
    exhibits.tests(f"ch2-{name}-changes", changes[name], question=f"Did {name} change in the country?", adjust="fdr_bh",
                   indicators=["pisa-change" if name == "reading" else "pisa-2025-change"])  # fmt: skip
{name: len(rows) for name, rows in changes.items()}

# %%
periods = {"reading": "2000 to 2022", "science": "2022 to 2025"}
for name, rows in changes.items():
    about = {"indicators": ["pisa-change", "pisa-2025-change"], "time_period": periods[name]}
    falls, rises = (rows.query(f"significant and obs_value {sign} 0") for sign in "<>")
    counts = {"tested": len(rows), "falls": len(falls)}
    exhibits.values(counts, prefix=f"ch2-{name}", unit="countries", n_obs=len(rows), **about)
    exhibits.value(f"ch2-{name}-rises", numbers.enumerate_words(rises["country"]) or "no country", **about)

# %% [markdown]
# The published average changes from 2022 to 2025. Those in reading and mathematics have no published error.

# %%
about = {"indicators": ["pisa-2025-change"], "time_period": "2022 to 2025", "exhibit": "ch2-pisa-trend"}
exhibits.values(official, prefix="ch2-official", unit="score points", format="+.0f", n_obs=n_official, **about,
                note="published change of the OECD average, without Costa Rica, Luxembourg and Spain")  # fmt: skip
moved = load("pisa-2025-change").query("ref_area in @members and domain == 'reading' and obs_value.notna()")
counts = {"lower": int((moved["obs_value"] < 0).sum()), "n": len(moved)}
exhibits.values(counts, prefix="ch2-recent-reading", unit="countries", note="published changes, not tested", **about)

# %% [markdown]
# ## Schools in villages and in cities
#
# Answers of principals in PISA 2012 by size of place, every school counted with its weight: shares of schools. The
# difference is taken within each country, city (100 000 to 1 million people) minus village (fewer than 3 000), and
# averaged over the countries with both. Tests are adjusted for the number of measures. A second mean leaves out the
# members from Latin America; it was added after it had been seen in chapter 5 where the largest differences lie.

# %%
schools = load("pisa-2012-schools-by-place").query("ref_area in @members and place in ['village', 'city']")
wide = schools.query("measure != 'schools'").pivot(index=["measure", "ref_area"], columns="place")
wide = wide[["obs_value", "std_error"]].astype(float).dropna()
within = pd.DataFrame({"village": wide["obs_value", "village"], "city": wide["obs_value", "city"]})
within["difference"] = within["city"] - within["village"]
within["variance"] = wide["std_error", "city"] ** 2 + wide["std_error", "village"] ** 2

# %%
LATIN = areas.LATIN_AMERICA
mean = {
    "n_areas": ("difference", "size"), "village": ("village", "mean"), "city": ("city", "mean"),
    "obs_value": ("difference", "mean"),
    "std_error": ("variance", lambda variances: np.sqrt(variances.sum()) / len(variances)),
}  # fmt: skip
places = intervals.with_test(within.groupby("measure").agg(**mean))
elsewhere = intervals.with_test(within.query("ref_area not in @LATIN").groupby("measure").agg(**mean))
n_places, n_elsewhere = int(places["n_areas"].iloc[0]), int(elsewhere["n_areas"].iloc[0])
places["n_areas"].unique().tolist(), elsewhere["n_areas"].unique().tolist()

# %%
about_measures = data.measures("pisa-2012-schools-by-place")
places["unit"], places["measure_label"] = about_measures["unit"], about_measures["label"]
groups = {"What schools offer": ["volunteering", "art_club", "school_play", "computer_club"],
          "What hinders teaching": ["computer_shortage", "internet_shortage"],
          "How teachers work": ["teacher_mentoring", "new_methods"]}  # fmt: skip
shares = pd.concat({name: places.loc[codes] for name, codes in groups.items()}, names=["group"]).reset_index()
shares[["measure_label", "village", "city", "obs_value", "lower", "upper", "significant"]].round(1)

# %%
chart = charts.forest_plot(
    shares, label="measure_label", value="obs_value", lower="lower", upper="upper", group="group", number="+.0f",
    unit="City minus village, percentage points", directions=("more often in villages", "more often in cities"))  # fmt: skip
volunteering, new_methods = places.loc["volunteering", "obs_value"], places.loc["new_methods", "obs_value"]

# %%
exhibits.figure(
    "ch2-places", chart, data=places.reset_index(), indicators=["pisa-2012-schools-by-place"],
    title="City schools offered more volunteering and art than village schools",
    subtitle=f"Difference between schools in cities and villages, shares of schools, mean of {n_places} OECD countries, 2012",
    shows=f"differences between city and village schools in {len(shares)} shares",
    finding=f"volunteering is offered by {volunteering:.0f} percentage points more city schools and new methods are wanted in"
    f" {-new_methods:.0f} points more village schools",
    note="Village: fewer than 3 000 people; city: 100 000 to 1 million. As principals answered. Standard errors are"
    " approximate (no replicate weights). The data also hold the seven indices.",
    limits="Whether place or size of school matters: village schools are smaller. The answers are those of 2012.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2012-schools-by-place"], "time_period": "2012", "exhibit": "ch2-places"}
quoted = places.assign(note=places["measure_label"] + ", city minus village").loc[[
    "volunteering", "art_club", "teacher_mentoring", "new_methods", "resource_autonomy", "staff_shortage",
    "educational_resources"]]  # fmt: skip
units = {"PERCENT": ("percentage points", "+.0f"), "INDEX": ("index points", "+.2f")}
for code, rows in quoted.groupby("unit"):
    unit, form = units[code]
    exhibits.values(rows, prefix="ch2-place", unit=unit, format=form, notes="note", n_obs=n_places, **about)

# %%
spans = {f"{code}-interval": numbers.span(*places.loc[code, ["lower", "upper"]], ".2f")
         for code in ("curriculum_autonomy", "new_methods")}  # fmt: skip
exhibits.values(spans, prefix="ch2-place", n_obs=n_places, **about)
exhibits.value("ch2-place-countries", n_places, unit="countries", n_obs=n_places, **about)
firm = places["significant"]
counts = {
    "firm": int(firm.sum()),
    "tested": len(places),
    "elsewhere-firm": int(elsewhere["significant"].sum()),
}
exhibits.values(counts, prefix="ch2-place", unit="measures", n_obs=n_places, **about)
kept = elsewhere.index[elsewhere["significant"]]
short = places.loc[kept, "measure_label"].str.replace(r" \(index\)|, 0 to 3|^Offers ", "", regex=True).str.lower()
exhibits.value("ch2-place-elsewhere-names", numbers.enumerate_words(short), n_obs=n_elsewhere, **about)
exhibits.value("ch2-place-elsewhere-n", n_elsewhere, unit="countries", **about)
exhibits.tests("ch2-places-elsewhere", elsewhere, question="Is it so without the four members from Latin America?",
               indicators=["pisa-2012-schools-by-place"], adjust="fdr_bh", exhibit="ch2-places")  # fmt: skip
exhibits.tests("ch2-places", places, question="Is the mean difference between city and village schools zero?",
               indicators=["pisa-2012-schools-by-place"], adjust="fdr_bh", exhibit="ch2-places")  # fmt: skip

# %% [markdown]
# ## Cities and villages in 2023
#
# ICILS, by the same sizes of place: the difference city minus village within each country with both, averaged. For scores the
# difference and its error are estimated together; for teachers the two samples are taken as independent. Tests are adjusted
# together.

# %%
scores = load("icils-gaps").query("ref_area in @members and contrast == 'city_village' and obs_value.notna()")
scores = indicators.average(scores, by=("domain",)).rename(columns={"domain": "measure"})
local = load("icils-teachers").query("ref_area in @members and place in ['village', 'city'] and obs_status != 'c'")
local = local.set_index(["measure", "ref_area", "time_period"])
sides = {place: rows[["obs_value", "std_error"]] for place, rows in local.groupby("place")}
shared = sides["city"].index.intersection(sides["village"].index)
gap = indicators.difference(sides["city"].loc[shared], sides["village"].loc[shared]).dropna().reset_index()

# %%
asked = {"improve_together": "Teachers who work together on devices, %", "time_to_prepare": "Teachers with time to prepare, %",
         "people_outside": "Teachers whose students work with people outside, %"}  # fmt: skip
named = {"computer_information_literacy": "Computer and information literacy, points",
         "computational_thinking": "Computational thinking, points"} | asked  # fmt: skip
today = pd.concat([scores, indicators.average(gap.query("measure in @asked"), by=("measure",))])
today = intervals.with_test(today.set_index("measure").loc[[*named]].reset_index())
today["label"] = today["measure"].map(named)
today[["label", "n_areas", "obs_value", "lower", "upper", "significant"]].round(1)

# %% [markdown]
# ## Cities and countryside in 2025
#
# Eurostat, by degree of urbanisation: the European Union, and the mean difference between cities and rural areas over the
# members of the OECD with both. No errors are published, and nothing is tested here; chapter 3 tests over countries.

# %%
living = load("living-by-urbanisation").query("sex == 'total' and time_period == 2025")
wide = living.pivot(index=["measure", "ref_area"], columns="degree", values="obs_value")
wide = wide.dropna(subset=["cities", "rural"])
union = wide.xs("EU27_2020", level="ref_area")
apart = (wide["cities"] - wide["rural"]).loc[lambda rows: rows.index.isin(members, level="ref_area")]
people = apart.groupby("measure").agg(obs_value="mean", n_areas="size").join(union[["cities", "rural"]])
living_labels = data.measures("living-by-urbanisation")["label"]
people = people.loc[["participation", "unemployment", "poverty_or_exclusion", "social_networks"]]
people.round(1)

# %%
people = people.assign(label=living_labels + ", %", source="Eurostat 2025")
people["text"] = [numbers.amount(value, "+.1f") for value in people["obs_value"]]
today["source"], today["firm"] = "ICILS 2023", np.where(today["significant"], "yes", "no")
today["text"] = [f"{numbers.amount(row.obs_value, '+.1f')} ({numbers.span(row.lower, row.upper, '.1f')})"
                 for row in today.itertuples()]  # fmt: skip
both = pd.concat([today, people.reset_index()], ignore_index=True).fillna({"firm": "not tested"})
NOTE = ("ICILS: city of 100 000 to 1 million people, village of fewer than 3 000; in brackets 95% intervals. Eurostat: cities and"
        " rural areas, members in Europe, no published errors; not tested here, while chapter 3 tests some of them over countries. Participation counts ages 18 to 64 in school and university.")  # fmt: skip
score, learning = today.set_index("measure").loc["computer_information_literacy"], people.loc["participation"]

# %%
exhibits.table(
    "ch2-place-today", both, indicators=["icils-gaps", "icils-teachers", "living-by-urbanisation"],
    columns={"label": "Measure", "source": "Source", "n_areas": "Countries", "text": "City minus village", "firm": "Significant"},
    title="Village and city differ in digital skills, hardly in teamwork",
    subtitle="Difference between cities and villages or rural areas within countries, mean of OECD members, 2023 and 2025",
    shows="differences between cities and villages in skills, teaching and people's lives",
    finding=f"students of city schools score {score['obs_value']:.0f} points higher in computer and information literacy, and"
    f" participation in education or training is {learning['obs_value']:.0f} points higher in cities",
    note=NOTE,
    limits="Whether place is the reason: families in cities have more education, and students may travel to school.")  # fmt: skip

# %%
about = {"exhibit": "ch2-place-today"}
exhibits.values(today.set_index("measure").iloc[:2], prefix="ch2-today", format=".0f", n_obs="n_areas", notes="label", **about, time_period="2023",
                indicators=["icils-gaps", "icils-teachers"])  # fmt: skip
about |= {"time_period": "2025", "indicators": ["living-by-urbanisation"]}
union = union.loc[["participation", "poverty_or_exclusion"]]
for side in ("cities", "rural"):
    exhibits.values(union, prefix=f"ch2-union-{side}", column=side, unit="%", format=".0f", **about)
exhibits.tests("ch2-place-today", today, question="Is the mean difference between cities and villages zero?",
               indicators=["icils-gaps", "icils-teachers"], adjust="fdr_bh", exhibit="ch2-place-today")  # fmt: skip
