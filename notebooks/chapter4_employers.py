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
# # Chapter 4: teachers, firms and regions
#
# Teachers who know other work, shortages in vocational teaching, firms and universities, and lifelong learning and
# high-technology work in regions. Results of the survey of teachers (TALIS) are for lower secondary education, with
# the standard errors that the OECD publishes.

# %%
import pandas as pd

from crossroads import areas, charts, columns, exhibits, indicators, intervals, load, models, numbers, strength, studies

members = areas.members()

# %% [markdown]
# ## Teachers who know other work
#
# Two shares of the same teachers: those who have worked outside education, and those who visited a business, a public
# organisation or another body as part of their professional learning in the past year.

# %%
LOWER = "isced_level == '2' and time_period == 2024"
AVERAGE = "OECD-average-27"
worked = load("talis-other-work-experience").query(f"{LOWER} and role == 'non_education' and years_of_work == 'any'")
visited = load("talis-learning-modes").query(f"{LOWER} and item == 'business_visits' and delivery == 'total'")
GROUPS = {"Worked outside education": worked, "Visited a business or other body": visited}
both = pd.concat(table.assign(group=group) for group, table in GROUPS.items())
averages = both[both["ref_area"] == AVERAGE].set_index("group")

# %%
both = both.query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
both = intervals.with_interval(areas.add(both, country="name"))
wide = both.pivot(index="country", columns="group", values="obs_value")
link = indicators.correlation(wide, *GROUPS)
wide.describe().round(1), link.to_dict()

# %%
cautious = sorted(both[columns.flagged(both, columns.CAUTION)]["country"].unique())
chart = charts.ranked_dots(
    both, label="country", value="obs_value", lower="lower", upper="upper", group="group",
    group_order=list(GROUPS), unit="% of lower secondary teachers")  # fmt: skip
share_worked, share_visited = averages["obs_value"]

# %%
exhibits.figure(
    "ch4-teachers-work", chart, data=both, indicators=["talis-other-work-experience", "talis-learning-modes"],
    title="Many teachers have done other work, fewer make outside visits",
    subtitle="Teachers with work experience outside education, and with a visit in the past year, %, 2024",
    shows=f"two shares of lower secondary teachers in {len(wide)} OECD countries",
    finding=f"on average {share_worked:.0f}% have worked outside education and {share_visited:.0f}% made a visit",
    note="Visits to business premises, public organisations or non-governmental organisations, in person or online."
    f" Whiskers are 95% intervals. Caution, risk of non-response bias: {', '.join(cautious) or 'none'}.",
    limits="What teachers make of their experience in class, and how long it lasted.")  # fmt: skip

# %%
about = {"time_period": "2024", "exhibit": "ch4-teachers-work",
         "indicators": ["talis-other-work-experience", "talis-learning-modes"]}  # fmt: skip
averaged = areas.n_averaged(AVERAGE)
for name, group in zip(("worked", "visited"), GROUPS, strict=True):
    rows = {f"ch4-{name}": averages.loc[group]}
    exhibits.values(rows, unit="%", format=".0f", n_obs=averaged, **about)
    exhibits.values(indicators.ends(both[both["group"] == group]), prefix=f"ch4-{name}", country="country", unit="%",
                    format=".0f", n_obs=averaged, **about)  # fmt: skip

# %%
exhibits.value("ch4-teachers-n", averaged, unit="countries", format=".0f", n_obs=averaged, **about)
exhibits.values({"ch4-worked-visited": link}, interval=True, format=".2f", n_obs="n_obs", **about)
exhibits.tests("ch4-worked-visited-link", pd.DataFrame([link]), indicators=about["indicators"], exhibit=about["exhibit"],
               question="Are other work and visits unrelated across countries?")  # fmt: skip

# %% [markdown]
# Second-career teachers: at least ten years of work outside education, and teaching was not the first choice. The
# published averages of the same countries come from independent samples.

# %%
CONSTANT = "OECD-average-25"
second = load("talis-second-career-teachers").query("isced_level == '2' and ref_area == @CONSTANT")
second = second.set_index("time_period")
about = {"indicators": ["talis-second-career-teachers"], "n_obs": areas.n_averaged(CONSTANT)}
for year in (2018, 2024):
    exhibits.values({f"ch4-second-career-{year}": second.loc[year]}, unit="%", format=".1f", time_period=year, **about)
rise = indicators.difference(second.loc[2024], second.loc[2018])
exhibits.values({"ch4-second-career-rise": rise}, unit="percentage points", format=".1f", time_period="2018 to 2024",
                **about)  # fmt: skip
exhibits.value("ch4-second-career-n", about["n_obs"], unit="countries", **about)

# %%
exhibits.tests("ch4-second-career", intervals.with_test(pd.DataFrame([rise]), adjust=None),
               question="Is the change of the average zero?", indicators=about["indicators"])  # fmt: skip

# %% [markdown]
# ## Shortages in vocational teaching
#
# Principals say whether a shortage of teachers of vocational subjects hinders instruction; the share is of teachers in
# their schools. Two questions are tested with published errors: whether the average moved, and whether upper secondary
# schools differ from lower secondary ones in the countries that surveyed both.

# %%
shortages = load("talis-shortages").query("item == 'vocational_teachers' and ref_area in @members")
lower = shortages.query("isced_level == '2' and obs_value.notna()")
average = indicators.average(lower, constant=True, code="OECD").set_index("time_period")
upper = shortages.query("time_period == 2024 and obs_value.notna() and isced_level in ['2', '3']")
upper = indicators.average(upper.assign(time_period=upper["isced_level"]), constant=True).set_index("time_period")
changes = {"change": indicators.difference(average.loc[2024], average.loc[2018]),
           "upper-gap": indicators.difference(upper.loc["3"], upper.loc["2"])}  # fmt: skip
changes = intervals.with_test(pd.DataFrame(changes).T, adjust="holm")
published = load("talis-shortages").query(
    "item == 'vocational_teachers' and isced_level == '2' and ref_area == @AVERAGE"
)
(
    average[["obs_value", "n_areas"]],
    published[["obs_value", "std_error"]],
    upper[["obs_value", "n_areas"]],
    changes.round(3),
)

# %%
about = {"indicators": ["talis-shortages"], "time_period": "2024", "format": ".0f"}
now = areas.add(lower.query("time_period == 2024"), country="name")
exhibits.values({"ch4-shortage": published.iloc[0]}, unit="%", n_obs=averaged, **about)
exhibits.value("ch4-shortage-n", averaged, unit="countries", **about)
exhibits.value("ch4-shortage-both-n", int(average.loc[2024, "n_areas"]), unit="countries", **about)
exhibits.value("ch4-shortage-upper-n", int(upper.loc["3", "n_areas"]), unit="countries", **about)
exhibits.values({f"ch4-shortage-{name}": row for name, row in changes.iterrows()}, unit="percentage points", **about)
exhibits.values(indicators.ends(now), prefix="ch4-shortage", country="country", unit="%", **about)
exhibits.tests("ch4-shortage-changes", changes, question="Did the average move, and do the two levels differ?", adjust="holm",
               indicators=about["indicators"])  # fmt: skip

# %% [markdown]
# ## Firms, universities and research money
#
# Two ties of business with universities: the share of innovation-active firms that co-operate with them, and the share
# of university research that business pays for. Co-operation in Denmark, Switzerland, Sweden and Costa Rica is left out,
# since the jumps between waves, or the single value, are not plausible.

# %%
BREAKS = ["DNK", "CHE", "SWE", "CRI"]
ties = load("firm-innovation").query("measure == 'cooperation_universities' and ref_area in @members")
ties = ties[~ties["ref_area"].isin(BREAKS) & ties["time_period"].isin([2023, 2025])].dropna(subset=["obs_value"])
firms = ties.sort_values("time_period").groupby("ref_area").last()
waves = ties.pivot(index="ref_area", columns="time_period", values="obs_value").dropna()
JUMP = 1.9
jumped = waves.index[waves.max(axis=1) / waves.min(axis=1) > JUMP]
money = load("rd-financed-by-business").query("measure == 'higher_education_rd' and ref_area in @members")
money = indicators.latest(money, year=2022, max_age=3).dropna(subset=["obs_value"]).set_index("ref_area")

# %%
joined = pd.DataFrame({"firms": firms["obs_value"], "money": money["obs_value"]}).dropna().reset_index()
joined = areas.add(joined, country="name")
link = indicators.correlation(joined, "firms", "money")
mean_firms, mean_money = joined[["firms", "money"]].mean()
link.to_dict(), len(firms), len(money)

# %%
chart = charts.scatter_within(
    joined, x="firms", y="money", label="country", x_average=mean_firms, y_average=mean_money,
    average_label=f"Mean of {len(joined)}", x_unit="Innovation-active firms that co-operate with universities, %",
    y_unit="University R&D paid for by business, %")  # fmt: skip

# %%
exhibits.figure(
    "ch4-firms-universities", chart, data=joined, indicators=["firm-innovation", "rd-financed-by-business"],
    title="Most innovative firms work without a university",
    subtitle="Firms that co-operate with universities, and university R&D paid for by business, %, OECD members",
    shows=f"two ties of business with universities in {len(joined)} countries",
    finding=f"the means are {mean_firms:.0f}% of firms and {mean_money:.0f}% of the money, with a correlation of"
    f" {link['obs_value']:.2f} ({link['lower']:.2f} to {link['upper']:.2f})",
    note=f"{len(joined)} members. Firms: latest of the waves of 2023 and 2025, about 2018-2020 and 2020-2022. Money: 2022"
    " or the latest year since 2019. Left out as not plausible: Costa Rica, Denmark, Sweden and Switzerland. Kept, though the"
    f" two waves are more than {JUMP} times apart: {numbers.enumerate_words(sorted(areas.names(jumped))) or 'none'}.",
    limits="Ties with schools: no such statistics exist across countries in the data used here.")  # fmt: skip

# %%
about = {"indicators": ["firm-innovation", "rd-financed-by-business"], "exhibit": "ch4-firms-universities",
         "n_obs": len(joined), "time_period": "2018-2022"}  # fmt: skip
for name, mean in {"firms": mean_firms, "money": mean_money}.items():
    exhibits.value(f"ch4-{name}-mean", mean, unit="%", format=".1f", **about)
    exhibits.values(indicators.ends(joined, name), prefix=f"ch4-{name}", column=name, country="country", unit="%",
                    format=".1f", **about)  # fmt: skip
exhibits.values({"ch4-firms-money": link}, interval=True, format=".2f", **about)
exhibits.value("ch4-firms-n", len(joined), unit="countries", **about)
exhibits.tests("ch4-firms-money-link", pd.DataFrame([link]), indicators=about["indicators"], exhibit=about["exhibit"],
               question="Are firms that co-operate and money from business unrelated across countries?")  # fmt: skip

# %% [markdown]
# ## Lifelong learning and work in regions
#
# Within countries: by how many percentage points regions differ in high-technology employment, knowledge workers and
# employment for one point more adults in learning, alone and with the tertiary attainment of young adults held constant.
# Adults in learning are counted by a sample, whose error is not published and makes slopes too small. The six tests are
# adjusted together by Holm's rule.

# %%
regional = load("regional-competitiveness-2022")
regional = regional.pivot(index="ref_area", columns="measure", values="obs_value").reset_index()
regional["country"] = regional["ref_area"].str[:2]
OUTCOMES = {"high_technology_employment": "High-technology employment", "knowledge_workers": "Knowledge workers",
            "employment_rate": "Employment rate"}  # fmt: skip
CONTROLS = {"Alone": (), "Tertiary attainment held constant": ("tertiary_attainment_25_34",)}

# %%
fits = pd.concat(
    models.association(regional, outcome, "lifelong_learning", controls=controls, group="country", design="within")
    .assign(outcome=label, model=name) for outcome, label in OUTCOMES.items() for name, controls in CONTROLS.items()
).reset_index(drop=True)  # fmt: skip
fits["p_adjusted"] = intervals.adjusted(fits["p_value"], "holm")
fits[["outcome", "model", "obs_value", "lower", "upper", "p_value", "p_adjusted", "n_obs", "n_groups"]].round(3)

# %%
alone, held = (fits[fits["model"] == name] for name in CONTROLS)
chart = charts.forest_plot(
    fits, label="model", value="obs_value", lower="lower", upper="upper", group="outcome", null=0.0,
    unit="Percentage points for one point more adults in learning")  # fmt: skip
firm_alone, firm_held = (int((rows["p_adjusted"] < 0.05).sum()) for rows in (alone, held))

# %%
exhibits.figure(
    "ch4-regions-learning", chart, data=fits, indicators=["regional-competitiveness-2022"],
    title="In regions, adult learning goes with tertiary education",
    subtitle="Slope of three kinds of employment on adults in learning, within countries, regions of the EU, 2019-2021",
    shows="the link of lifelong learning with employment in regions in six models",
    finding=f"{firm_alone} of {len(alone)} slopes differ from zero alone and {firm_held or 'none'} once tertiary attainment is held"
    " constant",
    note=f"{fits['n_obs'].min()} to {fits['n_obs'].max()} regions in {fits['n_groups'].max()} countries with two regions or"
    f" more. Bars are 95% intervals, errors clustered by country; tests adjusted for {len(fits)} slopes (Holm). Fixed effects"
    " for countries. Errors of the survey behind adults in learning are not published; they tend to make slopes too small.",
    limits="Effects of learning at work: regions with many graduates have both, and people move.")  # fmt: skip

# %%
about = {"indicators": ["regional-competitiveness-2022"], "exhibit": "ch4-regions-learning", "time_period": "2019-2021"}
firm_words = {"alone": numbers.in_words(firm_alone), "held": numbers.in_words(firm_held)}
exhibits.values(firm_words, prefix="ch4-regions-significant", **about)
exhibits.tests("ch4-regions-learning", fits, question="Is the slope on adults in learning zero within countries?",
               indicators=about["indicators"], adjust="holm", exhibit="ch4-regions-learning")  # fmt: skip
for name, rows in {"alone": alone, "held": held}.items():
    row = rows.iloc[0]
    exhibits.value(f"ch4-high-technology-{name}", row["obs_value"], n_obs=row["n_obs"], std_error=row["std_error"],
                   interval=(row["lower"], row["upper"]), unit="percentage points", format=".2f", **about)  # fmt: skip

# %% [markdown]
# ## What studies found
#
# Career guidance, programmes in school, vocational education, mentoring, and what firms gain: the grade of each on each
# outcome that was studied, computed from the study library by the rule of `crossroads.strength`.

# %%
LEVERS = ["mentoring-and-tutoring", "career-guidance", "career-academies", "entrepreneurship-education",
          "vocational-education", "apprenticeship-firms", "tertiary-institutions"]  # fmt: skip
findings, lists = studies.findings(), studies.lists()
votes = strength.votes(findings[findings["lever"].isin(LEVERS)], lists["designs"])
graded = strength.told(strength.by_outcome(votes, studies.overrides()), votes, findings, lists)
graded["page"] = "book/studies?lever=" + graded["lever"] + "&outcome=" + graded["outcome"]
grades = graded["grade"].value_counts().reindex(list(lists["grades"]), fill_value=0)
n_studies = votes["studies"].str.split(";").explode().nunique()
graded[["lever", "outcome", "grade", "sign", *strength.CLASSES]]

# %%
SHOWN = {"lever_name": "Lever", "outcome_name": "Outcome", "grade_name": "Grade and sign",
         "studies": "Studies by what they found"}  # fmt: skip

# %%
exhibits.table(
    "ch4-evidence", graded, columns=SHOWN, links={"grade_name": "page"},
    title="Ties with work: where there are tests, they often disagree",
    subtitle=f"Grades of {len(LEVERS)} levers on outcomes, {len(graded)} pairs, {n_studies} studies",
    shows="levers and outcomes with grade, sign and studies",
    finding=", ".join(f"{grades[name]} {name}" for name in ("strong", "moderate", "contested", "limited")),
    note="Grades by the rule of the annex on grades: one vote a trial; tests, syntheses of tests and comparisons decide.",
    limits="All research: the studies are those that were read, most of them in abstract.",
    indicators=["studies"])  # fmt: skip

# %%
about = {"indicators": ["studies"], "exhibit": "ch4-evidence"}
exhibits.values({"studies": n_studies, "pairs": len(graded)}, prefix="ch4-work", **about)
exhibits.values({grade: int(grades[grade]) for grade in lists["grades"] if grade != "none"}, prefix="ch4-work",
                n_obs=len(graded), **about)  # fmt: skip
exhibits.values({name: int((votes["class"] == name).groupby(votes["trial"]).max().sum()) for name in ("tests", "comparisons")},
                prefix="ch4-work", **about)  # fmt: skip

# %%
told = dict(zip(graded["lever"] + "-" + graded["outcome"], graded["grade_name"].str.lower(), strict=True))
exhibits.values(told, prefix="ch4-grade", **about)
