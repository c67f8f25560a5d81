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
# # Explorers: the data behind them
#
# The explorers of the web edition let readers choose two indicators or a region themselves. They can show nothing that is
# not published here: a list of indicators with the value of each country, the regions of Europe over the years, and what
# goes with what, so that it can be seen how easily a pair is found among so many.

# %%
import itertools

import numpy as np
import pandas as pd

from crossroads import areas, charts, columns, data, exhibits, indicators, intervals, load, models

members = areas.members()

# %% [markdown]
# ## Indicators of countries
#
# Each row is an indicator: its topic, label, unit, table, the rows of it, the latest year and how many years older a value
# may be. A last entry names the series of regions that measures the same, where there is one.

# %%
RESULTS = [
    ("mathematics", "Mean score in mathematics", "points", "pisa-mathematics", "", 2025, 0, ""),
    ("reading", "Mean score in reading", "points", "pisa-reading", "", 2025, 0, ""),
    ("science", "Mean score in science", "points", "pisa-science", "", 2025, 0, ""),
    ("problem_solving", "Mean score in computational problem solving", "points", "pisa-problem-solving", "", 2025, 0, ""),
    ("creative_thinking", "Mean score in creative thinking", "points of 60", "pisa-creative-thinking", "", 2022, 0, ""),
    ("low_performers", "Low performers in all three domains", "%", "pisa-2025-performers", "measure == 'low_performers_all'", 2025, 0, ""),
    ("top_performers", "Top performers in at least one domain", "%", "pisa-2025-performers", "measure == 'top_performers_any'", 2025, 0, ""),
    ("score_gap", "Gap between top and bottom quarter of social status, science", "points", "pisa-2025-equity", "measure == 'score_gap'", 2025, 0, ""),
    ("variance_explained", "Variance in science explained by social status", "%", "pisa-2025-equity", "measure == 'variance_explained'", 2025, 0, ""),
    ("spread", "Standard deviation in mathematics", "points", "pisa-variation", "measure == 'standard_deviation' and domain == 'mathematics'", 2022, 0, ""),
]  # fmt: skip

# %%
STUDENTS = [
    ("climate", "Disciplinary climate in science lessons", "index", "pisa-2025-climate", "disciplinary_climate"),
    ("belonging", "Sense of belonging at school", "index", "pisa-2025-climate", "belonging"),
    ("no_bullying", "Students who are not bullied", "%", "pisa-2025-climate", "no_bullying"),
    ("no_truancy", "Students who do not play truant", "%", "pisa-2025-climate", "no_truancy"),
    ("value_of_school", "Students who say school prepares for adult life", "%", "pisa-2025-climate", "value_of_school"),
    ("teacher_support", "Teachers' support in science lessons", "index", "pisa-2025-support", "teacher_support"),
    ("family_support", "Families' support", "index", "pisa-2025-support", "family_support"),
    ("peer_tutoring", "Students in schools with peer-to-peer tutoring", "%", "pisa-2025-support", "peer_tutoring"),
    ("no_teacher_shortage", "Students in schools without shortage of teachers", "%", "pisa-2025-support", "no_teacher_shortage"),
    ("curiosity", "Curiosity", "index", "pisa-2025-dispositions", "curiosity"),
    ("perseverance", "Perseverance", "index", "pisa-2025-dispositions", "perseverance"),
    ("growth_mindset", "Students with a growth mindset", "%", "pisa-2025-dispositions", "growth_mindset"),
    ("student_ai", "Students who use AI weekly to learn", "%", "pisa-2025-digital", "ai_weekly"),
    ("assess_ai", "Students who learn to assess information made by AI", "%", "pisa-2025-digital", "assess_ai_information"),
    ("no_distraction", "Students not distracted by digital devices", "%", "pisa-2025-digital", "no_digital_distraction"),
    ("no_phones", "Students in schools where phones are not allowed", "%", "pisa-2025-digital", "phones_not_allowed"),
    ("digital_capacity", "Schools' capacity to teach with devices", "index", "pisa-2025-digital", "digital_capacity"),
]  # fmt: skip
STUDENTS = [(*row[:4], f"measure == '{row[4]}'", 2025, 0, "") for row in STUDENTS]

# %%
TEACHERS = [
    ("critical_thinking", "Teachers who often set tasks for critical thinking", "talis-teaching-practices", "item == 'critical_thinking'"),
    ("open_tasks", "Teachers who often set tasks without obvious solution", "talis-teaching-practices", "item == 'open_tasks'"),
    ("small_groups", "Teachers who often let students work in small groups", "talis-teaching-practices", "item == 'small_groups'"),
    ("long_projects", "Teachers who often give projects of a week or more", "talis-teaching-practices", "item == 'long_projects'"),
    ("real_life", "Teachers who often refer to problems of everyday life", "talis-teaching-practices", "item == 'real_life_problems'"),
    ("lesson_observation", "Teachers who learned from observed lessons", "talis-learning-modes", "item == 'lesson_observation' and delivery == 'total'"),
    ("networks", "Teachers who learned in networks", "talis-learning-modes", "item == 'networks' and delivery == 'total'"),
    ("coaching", "Teachers who were coached", "talis-learning-modes", "item == 'coaching' and delivery == 'total'"),
    ("business_visits", "Teachers who learned on visits to business", "talis-learning-modes", "item == 'business_visits' and delivery == 'total'"),
    ("teacher_ai", "Teachers who used AI", "talis-ai-use", "measure == 'teachers'"),
    ("ai_need", "Teachers with a high need to learn about AI", "talis-learning-needs", "item == 'artificial_intelligence' and experience == 'total'"),
    ("digital_confidence", "Teachers able to support learning with digital tools", "talis-digital-confidence", "item == 'support_learning'"),
    ("incentives", "Teachers who see no incentive to learn", "talis-learning-barriers", "item == 'incentives'"),
    ("teacher_shortage", "Teachers in schools short of qualified teachers", "talis-shortages", "item == 'qualified_teachers'"),
    ("other_work", "Teachers who worked outside education", "talis-other-work-experience", "role == 'non_education' and years_of_work == 'any'"),
    ("second_career", "Teachers for whom teaching is a second career", "talis-second-career-teachers", ""),
]  # fmt: skip
LOWER_SECONDARY = "isced_level == '2'"
TEACHERS = [(code, label, "%", table, " and ".join(filter(None, [LOWER_SECONDARY, rows])), 2024, 0, "")
            for code, label, table, rows in TEACHERS]  # fmt: skip

# %%
YOUNG = [
    ("neet", "Aged 15-29, neither employed nor in education or training", "%", "neet", "age == '15-29' and sex == 'total'", 2022, 3, "neet"),
    ("early_leavers", "Aged 18-24, early leavers, Europe", "%", "vocational-education-europe", "measure == 'early_leavers'", 2025, 3, "early_leavers"),
    ("vocational_enrolment", "Aged 15-24 in vocational education", "%", "vocational-enrolment", "sex == 'total'", 2022, 3, ""),
    ("stem", "Tertiary students in science, technology, engineering, mathematics", "%", "stem-enrolment", "", 2022, 3, ""),
    ("tertiary", "Aged 25-64 with tertiary education", "%", "adult-attainment", "attainment_group == 'tertiary'", 2024, 3, "tertiary"),
    ("adult_literacy", "Mean score of adults in literacy", "points", "adult-skills-2023", "domain == 'literacy'", 2023, 0, ""),
    ("adult_learning", "Aged 25-64 in learning, last four weeks, Europe", "%", "vocational-education-europe", "measure == 'adults_in_learning'", 2025, 3, "adult_learning"),
    ("employment", "Employment rate, ages 15 to 64", "%", "labour-force", "measure == 'employment_rate' and sex == 'total' and age == '15-64'", 2023, 0, "employment"),
    ("unemployment", "Unemployment rate, ages 15 and over, ILO model", "%", "world-development-indicators", "measure == 'unemployment'", 2025, 0, "unemployment"),
]  # fmt: skip

# %%
MONEY = [
    ("spending", "Spending per student below tertiary", "US dollars (PPP)", "education-spending",
     "education_level == 'primary_to_post_secondary' and measure == 'spending_per_student'", 2019, 3, ""),
    ("research", "Research and development", "% of GDP", "rd-expenditure", "measure == 'gross_expenditure'", 2023, 3, "research"),
    ("business_research", "Research and development in business", "% of GDP", "rd-expenditure", "measure == 'business_expenditure'", 2023, 3, ""),
    ("researchers", "Researchers", "per 1,000 employed", "researchers", "", 2023, 3, ""),
    ("venture_capital", "Venture capital", "% of GDP", "venture-capital", "", 2023, 3, ""),
    ("innovative_firms", "Innovative firms", "%", "firm-innovation", "measure == 'innovative'", 2025, 3, ""),
    ("firms_universities", "Firms that co-operate with universities", "%", "firm-innovation", "measure == 'cooperation_universities'", 2025, 3, ""),
    ("productivity", "GDP per hour worked", "US dollars (PPP)", "labour-productivity", "", 2023, 3, ""),
    ("income", "GDP per head, EU27 = 100, Europe", "index", "regional-gdp-per-head", "ref_area_type == 'country'", 2023, 0, "income"),
]  # fmt: skip

# %%
better_life = "group == 'total' and measure == "

# %%
SOCIETY = [
    ("trust", "People with confidence in the national government", "%", "trust-in-government", "", 2022, 2, ""),
    ("gini", "Inequality of incomes, Gini index", "0 to 100", "world-development-indicators", "measure == 'gini'", 2022, 4, ""),
    ("life_satisfaction", "Satisfaction with life", "0 to 10", "better-life-index", f"{better_life}'life_satisfaction'", 2020, 0, ""),
    ("support_network", "People with someone to count on", "%", "better-life-index", f"{better_life}'support_network'", 2020, 0, ""),
    ("engagement", "Stakeholders engaged in making regulations", "0 to 4", "better-life-index", f"{better_life}'stakeholder_engagement'", 2020, 0, ""),
    ("fear_of_failure", "Fear of failure among those who see opportunities", "%", "entrepreneurship", "measure == 'fear_of_failure'", 2024, 3, ""),
    ("capabilities", "People who think they can start a business", "%", "entrepreneurship", "measure == 'perceived_capabilities'", 2024, 3, ""),
    ("internet", "People who use the internet", "%", "world-development-indicators", "measure == 'internet_users'", 2024, 3, ""),
]  # fmt: skip

# %%
TOPICS = {"Results": RESULTS, "Students": STUDENTS, "Teachers": TEACHERS, "Young people and adults": YOUNG,
          "Money and research": MONEY, "Society": SOCIETY}  # fmt: skip
fields = ["indicator", "label", "unit", "table", "rows", "year", "max_age", "regional"]
framework = pd.concat([pd.DataFrame(rows, columns=fields).assign(topic=topic) for topic, rows in TOPICS.items()],
                      ignore_index=True)  # fmt: skip
framework["direction"] = [data.direction(row.table, row.rows) for row in framework.itertuples()]
framework.groupby("topic", sort=False)["indicator"].agg(", ".join).to_dict()

# %% [markdown]
# Where a country has no value of the year wanted, the nearest earlier one stands for it, with its year. Values of TALIS
# that the publisher asks to use with caution, for low response, are left out and counted, as in the averages of the
# chapters; those of other sources stay and are marked.

# %%
kept, parts = ["ref_area", "period", "obs_value", "std_error", "obs_status"], []
for row in framework.itertuples():
    table = load(row.table).query("ref_area in @members")
    table = table.query(row.rows).copy() if row.rows else table.copy()
    table["period"] = table["time_period"].astype(str)
    table["time_period"] = table["period"].str[-4:].astype(int)
    taken = indicators.latest(table, row.year, row.max_age)
    parts.append(taken.reindex(columns=kept).assign(indicator=row.indicator, topic=row.topic))

# %%
values = pd.concat(parts, ignore_index=True).rename(columns={"period": "time_period"}).dropna(subset="obs_value")
caution = columns.flagged(values, columns.CAUTION)
talis = values["indicator"].map(framework.set_index("indicator")["table"]).str.startswith("talis")
left_out, marked = int((caution & talis).sum()), int((caution & ~talis).sum())
values = areas.add(values[~(caution & talis)], country="name").sort_values(["indicator", "country"], ignore_index=True)
values["std_error"] = values["std_error"].astype(float)
values["obs_status"] = values["obs_status"].fillna("")
len(values), left_out, marked

# %%
about = values.groupby("indicator").agg(
    first=("time_period", "min"), last=("time_period", "max"), n_areas=("obs_value", "size"),
    n_errors=("std_error", "count"), lowest=("obs_value", "min"), highest=("obs_value", "max"))  # fmt: skip
listed = framework.drop(columns=["rows", "year", "max_age"]).merge(about.reset_index(), on="indicator")
listed["years"] = listed["first"].where(listed["first"] == listed["last"], listed["first"] + " to " + listed["last"])
listed["better"] = listed["direction"].map({1: "higher", -1: "lower", 0: "neither"})
listed["errors"] = listed["n_errors"].gt(0).map({True: "published", False: "not published"})
SOURCES = sorted(set(framework["table"]))

# %%
shown = {"topic": "Topic", "label": "Indicator", "unit": "Unit", "years": "Years", "n_areas": "Countries",
         "better": "Better side", "errors": "Standard errors"}  # fmt: skip

# %%
exhibits.table(
    "explore-indicators", listed, columns=shown, indicators=SOURCES,
    title=f"{len(listed)} indicators of countries can be set side by side",
    subtitle="Indicators of OECD members: unit, years and number of countries, latest values",
    shows=f"{len(listed)} indicators of countries by topic with unit and years",
    finding=f"{int((listed['n_errors'] > 0).sum())} have published standard errors and"
    f" {int((listed['first'] != listed['last']).sum())} mix years",
    note=f"Left out: {left_out} values of TALIS with low response. Kept and marked in the data: {marked} values of other"
    " sources that the publisher asks to use with caution. Europe: members for which Eurostat or Cedefop publishes a value.",
    limits="Differences in definition between countries; see the source of each indicator.")  # fmt: skip

# %% [markdown]
# ## Which countries have values

# %%
counts = values.groupby(["country", "topic"]).size().unstack(fill_value=0).reindex(columns=list(TOPICS))
share = 100 * counts / framework.groupby("topic").size()
order = share.mean(axis=1).sort_values(ascending=False, kind="stable").index
covered = share.stack().rename("share").reset_index()
complete = int((counts.sum(axis=1) == len(framework)).sum())
fewest = order[-1]
chart = charts.heat_matrix(covered, row="country", column="topic", value="share", row_order=list(order),
                           column_order=list(TOPICS), unit="Indicators with a value, %")  # fmt: skip

# %%
exhibits.figure(
    "explore-values", chart, data=values, indicators=SOURCES,
    title="Who takes part in surveys decides what can be compared",
    subtitle=f"Share of {len(framework)} indicators with a value, %, by topic, {counts.shape[0]} OECD members, latest values",
    shows=f"the share of indicators with a value for {counts.shape[0]} countries and {len(TOPICS)} topics",
    finding=f"{complete or 'no'} countries have all of them and {fewest} has {int(counts.loc[fewest].sum())}",
    note="The data file holds every value with its year and, where it is published, its standard error.",
    limits="Why a country did not take part.")  # fmt: skip

# %% [markdown]
# ## All pairs
#
# Whoever tries enough pairs finds one. All pairs with twenty countries or more are estimated in the same way: standardised
# slope of the second on the first, robust errors, and p-values as they are and adjusted for the number of pairs.

# %%
LEAST = 20
wide = values.pivot(index="ref_area", columns="indicator", values="obs_value")
pairs = models.every_pair(wide, framework["indicator"], LEAST)

# %%
VERDICTS = ["After adjustment", "Before it only", "Not significant"]
level = 1 - intervals.LEVEL
pairs["verdict"] = np.select([pairs["p_adjusted"] < level, pairs["p_value"] < level], VERDICTS[:2], VERDICTS[2])
BANDS = ["Below 0.2", "0.2 to 0.4", "0.4 to 0.6", "0.6 to 0.8", "0.8 and over"]
pairs["band"] = pd.cut(pairs["obs_value"].abs(), [-1, 0.2, 0.4, 0.6, 0.8, np.inf], labels=BANDS, right=False).astype(
    str
)

# %%
bars = pairs.groupby(["band", "verdict"]).size().unstack(fill_value=0).reindex(index=BANDS, columns=VERDICTS)
bars = bars.stack().rename("pairs").reset_index()
before, after = int((pairs["p_value"] < level).sum()), int((pairs["p_adjusted"] < level).sum())
chart = charts.ranked_bars(bars, label="band", value="pairs", group="verdict", group_order=VERDICTS, sort=False,
                           number=",.0f", unit="Pairs of indicators, by size of the standardised slope")  # fmt: skip

# %%
exhibits.figure(
    "explore-pairs", chart, data=pairs, indicators=SOURCES,
    title="Among many pairs of indicators, many seem to belong together",
    subtitle=f"Standardised slopes across OECD members for {len(pairs):,} pairs of indicators, latest values".replace(",", "\u202f"),
    shows=f"the number of pairs by size and significance of their association, {len(pairs)} pairs",
    finding=f"{before} are significant at 5% as single tests and {after} after adjustment for the number of pairs",
    note=f"Pairs with {LEAST} countries or more. Robust errors (HC3); adjusted by the false-discovery rate of Benjamini and"
    f" Hochberg. Chance alone would make {len(pairs) * level:.0f} of so many single tests significant. Many indicators come"
    " from one survey, or measure nearly the same.",
    limits="Causes: a pair may go together because both go with wealth, size or history.")  # fmt: skip

# %%
kept = {"indicators": SOURCES, "exhibit": "explore-pairs"}
exhibits.tests("explore-pairs", pairs, adjust="fdr_bh", **kept,
               question="Is the slope of one indicator on the other across countries zero?")  # fmt: skip
exhibits.values({"n-indicators": len(framework), "n-pairs": len(pairs), "before": before, "after": after}, prefix="explore",
                format=",", **kept)  # fmt: skip
exhibits.value("explore-chance", len(pairs) * level, format=",.0f", **kept, note="pairs significant by chance alone")

# %% [markdown]
# ## Regions of Europe
#
# Series of NUTS 2 regions since 2015. In the last column of the list stands the year in which regions are compared with
# each other: that of the last three with most values.

# %%
SERIES = [
    ("tertiary", "Aged 25-64 with tertiary education", "%", "regional-tertiary-attainment", ""),
    ("employment", "Employment rate, ages 15 to 64", "%", "regional-employment", "measure == 'employment_rate'"),
    ("unemployment", "Unemployment rate, ages 15 to 74", "%", "regional-employment", "measure == 'unemployment_rate'"),
    ("neet", "Aged 15-29, neither employed nor in education or training", "%", "regional-neet", "age == '15-29'"),
    ("early_leavers", "Aged 18-24, early leavers", "%", "regional-competitiveness-2022", "measure == 'early_leavers'"),
    ("adult_learning", "Aged 25-64 in learning, last four weeks", "%", "regional-competitiveness-2022", "measure == 'lifelong_learning'"),
    ("income", "GDP per head, EU27 = 100", "index", "regional-gdp-per-head", ""),
    ("research", "Research and development", "% of GDP", "regional-rd-expenditure", ""),
    ("innovation", "Regional Innovation Index, EU 2016 = 100", "index", "regional-innovation-scoreboard", "measure == 'innovation_index'"),
]  # fmt: skip

# %%
series = pd.DataFrame(SERIES, columns=["series", "label", "unit", "table", "rows"])
series["direction"] = [data.direction(row.table, row.rows) for row in series.itertuples()]

# %%
parts = []
for row in series.itertuples():
    table = load(row.table).query("ref_area_type == 'NUTS2' and obs_value.notna()")
    table = table.query(row.rows) if row.rows else table
    parts.append(table[["ref_area", "time_period", "obs_value"]].astype({"time_period": str}).assign(series=row.series))
regional = areas.add(pd.concat(parts), "country", "longitude", "latitude")
regional = regional[regional["time_period"].str[-4:].astype(int) >= 2015].dropna(subset="longitude")
regional = regional.sort_values(["series", "time_period", "ref_area"], ignore_index=True)

# %%
per_year = regional.groupby(["series", "time_period"]).size().rename("n").reset_index()
recent = per_year.groupby("series").tail(3).sort_values(["n", "time_period"]).groupby("series")["time_period"].last()
series["compared"] = series["series"].map(recent)

# %%
spans = regional.groupby("series").agg(first=("time_period", "min"), last=("time_period", "max")).reset_index()
series = series.merge(spans, on="series")
compared = regional[regional["time_period"] == regional["series"].map(recent)]
sizes = compared.groupby("series").agg(n_regions=("ref_area", "size"), n_countries=("country", "nunique"))
series = series.merge(sizes.reset_index(), on="series")
series["years"] = series["first"].where(series["first"] == series["last"], series["first"] + " to " + series["last"])
series["better"] = series["direction"].map({1: "higher", -1: "lower", 0: "neither"})
REGIONAL = sorted(set(series["table"]))
shown = {"label": "Series", "unit": "Unit", "years": "Years", "compared": "Year compared", "n_regions": "Regions",
         "n_countries": "Countries", "better": "Better side"}  # fmt: skip

# %%
exhibits.table(
    "explore-series", series.drop(columns="rows"), columns=shown, indicators=REGIONAL,
    title=f"{len(series)} series of European regions can be explored",
    subtitle="Series of NUTS 2 regions of Europe: unit, years, regions and countries with a value",
    shows=f"{len(series)} series of regions with unit, years and number of regions",
    finding=f"the number of regions in the year compared lies between {series['n_regions'].min()} and"
    f" {series['n_regions'].max()}",
    note="Year compared: of the last three, the one with most regions. No publisher gives standard errors of these series.",
    limits="Changes of definitions and of borders of regions over the years.")  # fmt: skip

# %%
mapped = compared[compared["series"] == "tertiary"].sort_values("obs_value", ignore_index=True)
on_map = mapped["longitude"].between(-25, 45) & mapped["latitude"].between(34, 72)
spread = mapped.groupby("country")["obs_value"].agg(np.ptp)
widest, year = areas.name(spread.idxmax()), mapped["time_period"].iloc[0]
chart = charts.region_map(mapped[on_map], value="obs_value", longitude="longitude", latitude="latitude", country="country",
                          bins=[25, 35, 45], unit="Share of people aged 25-64 with tertiary education, %")  # fmt: skip

# %%
exhibits.figure(
    "explore-regions", chart, data=regional[["series", "ref_area", "time_period", "obs_value"]], indicators=REGIONAL,
    title="Tertiary education differs widely within countries",
    subtitle=f"Share of people aged 25-64 with tertiary education, %, NUTS 2 regions of Europe, {year}",
    shows=f"tertiary attainment in {int(on_map.sum())} regions of Europe, countries named",
    finding=f"the regions of {widest} are up to {spread.max():.0f} points apart",
    note=f"{int((~on_map).sum())} regions lie outside the map (islands and overseas). The data file holds all"
    f" {len(series)} series since 2015.",
    limits="Differences between people of one region; where people were educated.")  # fmt: skip

# %% [markdown]
# ## What goes together within countries
#
# Regions of one country share its schools, laws and surveys. Differences between countries are therefore taken out, and
# errors are clustered by country. All pairs of series are estimated in the same way.

# %%
across = compared.pivot(index=["ref_area", "country"], columns="series", values="obs_value").reset_index()
labels, within = series.set_index("series")["label"], []
for x, y in itertools.combinations(series["series"], 2):
    options = {"group": "country", "standardise": True, "errors": "cluster"}
    for design in ["within", "pooled"]:
        found = models.association(across, y, x, design=design, **options).iloc[0]
        within.append({"x": x, "y": y, "pair": f"{labels[x]} / {labels[y]}"} | found.drop(["term", "note"]).to_dict())

# %%
within = pd.DataFrame(within)
inside = within[within["design"] == "within"].reset_index(drop=True)
inside["p_adjusted"] = intervals.adjusted(inside["p_value"])
pooled = within[within["design"] == "pooled"].reset_index(drop=True)
other_sign = int((np.sign(inside["obs_value"]) != np.sign(pooled["obs_value"])).sum())

# %%
inside = inside.assign(pooled=pooled["obs_value"]).sort_values("obs_value", key=abs, ascending=False, ignore_index=True)
clear = int((inside["p_adjusted"] < level).sum())
shown = {"pair": "Series", "obs_value": "Within countries", "lower": "from", "upper": "to", "p_adjusted": "Adjusted p",
         "pooled": "All of Europe", "n_obs": "Regions", "n_groups": "Countries"}  # fmt: skip

# %%
exhibits.table(
    "explore-within", inside, columns=shown, indicators=REGIONAL,
    formats={name: ".2f" for name in ["obs_value", "lower", "upper", "pooled"]} | {"p_adjusted": ".3f"},
    title="Most pairs of series go together within countries too",
    subtitle=f"Standardised slopes for {len(inside)} pairs of series, NUTS 2 regions of Europe, years compared",
    shows=f"{len(inside)} associations within countries with intervals beside those over all of Europe",
    finding=f"{clear} are significant after adjustment and {other_sign} have another sign than over all of Europe",
    note="Second series on the first, in standard deviations of all regions, so that a slope within countries may be above"
    " one; intervals of 95%, errors clustered by country. The two series of a pair may be of different years. p-values"
    " adjusted by the false-discovery rate.",
    limits="Causes, and differences within regions.")  # fmt: skip

# %%
kept = {"indicators": REGIONAL, "exhibit": "explore-within"}
exhibits.tests("explore-within", inside, adjust="fdr_bh", **kept,
               question="Is the slope of one series on the other within countries zero?")  # fmt: skip
exhibits.values({"within-pairs": len(inside), "within-clear": clear, "other-sign": other_sign},
                prefix="explore", **kept)  # fmt: skip
