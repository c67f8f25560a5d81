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
# # Chapter 3: schools as networking organisations
#
# With whom teachers and schools work beyond their own school: networks and visits (TALIS 2024), people outside school,
# other schools, and rules for the local community's use of computers (ICILS 2023). OECD members only. Averages of TALIS leave
# out the Netherlands, New Zealand and Norway (low response). In ICILS too few schools took part in Luxembourg and
# the Netherlands, and Belgium took part with Flanders alone; none of the three is used.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, regions, strength, studies

members, AVERAGE = areas.members(), "OECD-average-27"
AVERAGED = areas.n_averaged(AVERAGE)
TABLES = {"icils-schools": ["work_with_schools", "open_to_community"], "icils-teachers": ["people_outside"]}

# %% [markdown]
# ## TALIS 2024: networks, visits, work with people outside

# %%
lower_secondary = "isced_level == '2' and (ref_area in @members or ref_area == @AVERAGE)"
MODES = ["networks", "school_visits", "business_visits"]
modes = load("talis-learning-modes").query(f"{lower_secondary} and delivery == 'total' and item in @MODES")
digital = load("talis-digital-practices").query(f"{lower_secondary} and item == 'outside_collaboration'")
digital = digital.query("sex == 'total' and age == 'total'")
talis = pd.concat([modes, digital])[["ref_area", "item", "obs_value", "std_error", "obs_status"]]
NAMES = {"networks": "Teachers take part in a network of teachers",
         "school_visits": "Teachers visit another school",
         "business_visits": "Teachers visit a business, public body or association",
         "outside_collaboration": "Teachers often use digital tools to work with classes or experts outside"}  # fmt: skip

# %% [markdown]
# ## ICILS 2023: people outside school, other schools, the local community
#
# The same countries for teachers and schools.

# %%
asked = {
    table: load(table).query("ref_area in @members and measure in @measures") for table, measures in TABLES.items()
}
systems = asked["icils-schools"].query("place == 'total'")["ref_area"].unique()
icils = pd.concat(asked.values()).query("ref_area in @systems")
whole = icils.query("place == 'total'").rename(columns={"measure": "item"})
NAMES |= {"work_with_schools": "Schools give priority to work with other schools",
          "people_outside": "Teachers at times help students work with people outside",
          "open_to_community": "Schools have rules on computers for the local community"}  # fmt: skip

# %%
means = pd.concat([talis.query("ref_area == @AVERAGE").assign(n_areas=AVERAGED, survey="TALIS 2024"),
                   indicators.average(whole, by=("item",)).assign(survey="ICILS 2023")]).set_index("item").loc[[*NAMES]]  # fmt: skip
means["label"] = means.index.map(NAMES) + " (" + means["survey"] + ", " + means["n_areas"].astype(str) + ")"
spread = areas.add(pd.concat([talis.query("ref_area != @AVERAGE"), whole]), country="name")
spread = spread.assign(activity=spread["item"].map(means["label"]), average=spread["item"].map(means["obs_value"]))
spread["order"] = spread["item"].map({name: place for place, name in enumerate(NAMES)})
spread = spread.sort_values(["order", "ref_area"], ignore_index=True).drop(columns=["time_period", "measure", "place"],
                                                                         errors="ignore")  # fmt: skip
means[["obs_value", "std_error", "n_areas"]].round(1)

# %%
chart = charts.distribution_strips(
    spread, label="activity", value="obs_value", middle="average", middle_label="OECD average (number in brackets)",
    other_label="Countries", unit="Teachers or schools, %")  # fmt: skip
network, visits, business = means.loc[MODES, "obs_value"]
note = ("Each mark is a country; standard errors are in the data. TALIS: the Netherlands, New Zealand and Norway are shown but"
        " not in the average (low response); Belgium is counted once. ICILS: shares of schools, not of students; Norway grade 9;"
        " systems that missed the standards of participation are not marked in the file. A rule need not grant access.")  # fmt: skip

# %%
exhibits.figure(
    "ch3-networking", chart, data=spread, indicators=["talis-learning-modes", "talis-digital-practices", *TABLES],
    title="Teachers meet other teachers more than the world outside",
    subtitle="Lower secondary teachers (TALIS 2024), teachers of grade 8 and their schools (ICILS 2023), OECD members",
    shows=f"the shares of teachers and schools with {len(NAMES)} kinds of ties, by country",
    finding=f"on average {network:.0f}% of teachers took part in a network of teachers, {visits:.0f}% visited another school"
    f" and {business:.0f}% a business, public body or association",
    note=note,
    limits="What the ties are about, how long they last, and whether anybody learns more.")  # fmt: skip

# %%
about = {"unit": "%", "format": ".0f", "exhibit": "ch3-networking"}
for survey, names in means.groupby("survey").groups.items():
    tables = ["talis-learning-modes", "talis-digital-practices"] if survey == "TALIS 2024" else [*TABLES]
    exhibits.values(means.loc[names], prefix="ch3-tie", notes="label", n_obs="n_areas", indicators=tables,
                    time_period=survey[-4:], **about)  # fmt: skip
exhibits.value("ch3-talis-n", AVERAGED, unit="countries", indicators=["talis-learning-modes"], exhibit="ch3-networking")
exhibits.value("ch3-icils-n", len(systems), unit="countries", indicators=[*TABLES], exhibit="ch3-networking")

# %% [markdown]
# Networks less visits. The same teachers answered all three, so that the error of a difference of independent samples is
# too large rather than too small where answers go together.

# %%
gaps = pd.DataFrame({name: indicators.difference(means.loc["networks"], means.loc[name]) for name in MODES[1:]}).T
gaps = intervals.with_test(gaps.astype(float), adjust="holm")
exhibits.tests("ch3-networking", gaps, question="Do as many teachers visit as take part in networks?",
               indicators=["talis-learning-modes"], adjust="holm", exhibit="ch3-networking")  # fmt: skip
gaps.round(2)

# %% [markdown]
# ## Computers for the local community, by country

# %%
open_rules = areas.add(whole.query("item == 'open_to_community'"), country="name")
open_rules = intervals.with_interval(open_rules.drop(columns="place"))
mean = means.loc["open_to_community"]
ends = indicators.ends(open_rules)
open_rules[["country", "obs_value", "std_error", "n_obs"]].round(1)

# %%
chart = charts.ranked_dots(
    open_rules, label="country", value="obs_value", lower="lower", upper="upper", average=mean["obs_value"],
    average_label=f"OECD average ({len(systems)})", unit="Schools, %")  # fmt: skip

# %%
exhibits.figure(
    "ch3-open-computers", chart, data=open_rules, indicators=["icils-schools"],
    title="A minority of schools has rules on neighbours using computers",
    subtitle="Schools with rules on the local community's access to their computers, %, schools with grade 8, 2023",
    shows=f"the share of schools with rules on access of the local community to their computers in {len(systems)} countries",
    finding=f"on average {mean['obs_value']:.0f}% have such rules, from {ends['lowest']['obs_value']:.0f}% in"
    f" {ends['lowest']['country']} to {ends['highest']['obs_value']:.0f}% in {ends['highest']['country']}",
    note="Lines: 95% intervals (jackknife). Answers of principals; a rule need not grant the access. Norway: grade 9. Systems"
    " that missed the standards of participation are not marked in the file.",
    limits="Whether neighbours use the computers, and what for.")  # fmt: skip

# %%
about = {"indicators": ["icils-schools"], "time_period": "2023", "exhibit": "ch3-open-computers", "n_obs": len(systems)}
exhibits.values(ends, prefix="ch3-open", country="country", unit="%", format=".0f", **about)

# %% [markdown]
# ## Villages and cities
#
# Mean of differences within countries, each country once, by Student's t over countries; withheld estimates are missing.

# %%
places = icils.query("place in ['village', 'city'] and obs_value.notna()").assign(country=lambda rows: rows["ref_area"])
by_place = pd.concat(
    regions.type_gaps(rows, "place", "city").assign(measure=measure) for measure, rows in places.groupby("measure")
).query("std_error.notna()").set_index("measure")  # fmt: skip
by_place["n_obs"] = by_place["ref_area"].map(areas.n_averaged)
by_place["p_value"] = intervals.p_value(by_place["obs_value"], by_place["std_error"], by_place["n_obs"] - 1)
by_place["p_adjusted"] = intervals.adjusted(by_place["p_value"])
by_place["label"] = by_place.index.map(NAMES) + ", villages less cities"
by_place[["obs_value", "lower", "upper", "n_obs", "p_adjusted"]].round(2)

# %%
exhibits.values(by_place.loc[["people_outside"]], prefix="ch3-village", interval=True, n_obs="n_obs", notes="label", unit="percentage points",
                format="+.0f", time_period="2023", indicators=[*TABLES])  # fmt: skip
exhibits.tests("ch3-villages-ties", by_place, question="Do schools in villages and cities reach out alike?",
               indicators=[*TABLES], adjust="fdr_bh")  # fmt: skip

# %% [markdown]
# ## Tutoring between students (PISA 2025)
#
# Rounded by the publisher, without standard errors: told, and not tested.

# %%
support = load("pisa-2025-support").query("ref_area == 'OECD-average'").set_index("measure")
exhibits.value("ch3-peer-tutoring", support.loc["peer_tutoring", "obs_value"], unit="%", format=".0f", time_period="2025",
               indicators=["pisa-2025-support"], note="students in schools with tutoring between students")  # fmt: skip

# %% [markdown]
# ## How sure the studies are
#
# The annex on grades names one outcome a lever; these are other outcomes that the chapter speaks of, by the same rule.

# %%
findings, lists = studies.findings(), studies.lists()
graded = strength.by_outcome(strength.votes(findings, lists["designs"]), studies.overrides())
graded = graded.set_index(["lever", "outcome"])
GRADES = {"attendance": ("community-schools", "attainment"), "behaviour": ("parental-engagement", "motivation-behaviour"),
          "service": ("service-learning", "achievement")}  # fmt: skip
for name, key in GRADES.items():
    told = strength.phrase(*graded.loc[key, ["grade", "sign"]], lists).lower()
    exhibits.value(f"ch3-grade-{name}", told, indicators=["studies"], note=f"{key[0]} on {key[1]}")
graded.loc[[*GRADES.values()], ["grade", "sign", *strength.CLASSES]]
