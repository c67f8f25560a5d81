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
# # How the country profiles are computed
#
# One profile a member of the OECD, all by the same rules: where the country stands on more than twenty indicators, beside the
# OECD average and beside similar systems; how a few series moved; how far its regions are apart; and the sentences that
# follow from the tests. Nobody writes a sentence about a country here: the rules are in `crossroads.profiles`, the words
# for each indicator in the table below.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, columns, data, exhibits, indicators, intervals, load, numbers, profiles

members = areas.members()
listed = areas.table()
names = listed.loc[members, "name"].sort_values()

# %% [markdown]
# ## The indicators
#
# Each row is an indicator: its table, the latest year and how many years older a value may be. Which way it is better
# stands in the description of its table. Practices of teachers, use of artificial intelligence, vocational enrolment and
# the like have no better side: they are shown and tested, and never called a strength.

# %%
talis, spend = "isced_level == '2' and ", "education_level == 'primary_to_post_secondary' and "
modes = talis + "delivery == 'total' and "
SCHOOLS = [
    ("mathematics", 1, "pisa-mathematics", "", 2025, 0, ".0f", "points"),
    ("reading", 1, "pisa-reading", "", 2025, 0, ".0f", "points"),
    ("problem_solving", 2, "pisa-problem-solving", "", 2025, 0, ".0f", "points"),
    ("creative_thinking", 1, "pisa-creative-thinking", "", 2022, 0, ".1f", "points"),
    ("low_performers", 1, "pisa-proficiency", "measure == 'low_performers' and domain == 'mathematics'", 2022, 0, ".0f", "%"),
    ("social_gap", 3, "pisa-escs-gap", "domain == 'mathematics'", 2022, 0, ".0f", "points"),
    ("belonging", 3, "pisa-2025-climate", "measure == 'belonging'", 2025, 0, ".2f", "index"),
    ("teacher_support", 2, "pisa-2025-support", "measure == 'teacher_support'", 2025, 0, ".2f", "index"),
    ("climate", 2, "pisa-2025-climate", "measure == 'disciplinary_climate'", 2025, 0, ".2f", "index"),
    ("student_ai", 2, "pisa-2025-digital", "measure == 'ai_weekly'", 2025, 0, ".0f", "%"),
    ("devices", 2, "icils-students", "measure == 'school_schoolwork_daily' and sex == 'total'", 2023, 0, ".0f", "%"),
]  # fmt: skip

# %%
TEACHERS = [
    ("critical_thinking", 2, "talis-teaching-practices", talis + "item == 'critical_thinking'", 2024, 0, ".0f", "%"),
    ("lesson_observation", 2, "talis-learning-modes", modes + "item == 'lesson_observation'", 2024, 0, ".0f", "%"),
    ("networks", 3, "talis-learning-modes", modes + "item == 'networks'", 2024, 0, ".0f", "%"),
    ("business_visits", 4, "talis-learning-modes", modes + "item == 'business_visits'", 2024, 0, ".0f", "%"),
    ("people_outside", 3, "icils-teachers", "measure == 'people_outside' and place == 'total'", 2023, 0, ".0f", "%"),
    ("artificial_intelligence", 2, "talis-ai-use", talis + "measure == 'teachers'", 2024, 0, ".0f", "%"),
    ("teacher_shortage", 4, "talis-shortages", talis + "item == 'qualified_teachers'", 2024, 0, ".0f", "%"),
    ("other_work", 4, "talis-other-work-experience", talis + "role == 'non_education' and years_of_work == 'any'", 2024, 0, ".0f", "%"),
]  # fmt: skip

# %%
SOCIETY = [
    ("neet", 3, "neet", "age == '15-29' and sex == 'total'", 2022, 3, ".1f", "%"),
    ("vocational_enrolment", 4, "vocational-enrolment", "sex == 'total'", 2022, 3, ".1f", "%"),
    ("tertiary_attainment", 1, "adult-attainment", "attainment_group == 'tertiary'", 2024, 3, ".1f", "%"),
    ("adult_literacy", 1, "adult-skills-2023", "domain == 'literacy'", 2023, 0, ".0f", "points"),
    ("adult_learning", 3, "adult-learning-25-74", "", 2024, 3, ".1f", "%"),
    ("spending", 1, "education-spending", spend + "measure == 'spending_per_student'", 2019, 3, ",.0f", "US dollars"),
    ("research", 1, "rd-expenditure", "measure == 'gross_expenditure'", 2023, 3, ".2f", "% of GDP"),
]  # fmt: skip

# %%
fields = ["indicator", "chapter", "table", "rows", "year", "max_age", "form", "unit"]
framework = pd.DataFrame([*SCHOOLS, *TEACHERS, *SOCIETY], columns=fields)
framework["direction"] = [data.direction(row.table, row.rows) for row in framework.itertuples()]
framework.groupby("direction")["indicator"].agg(", ".join).to_dict()

# %% [markdown]
# The words for each: the label of the table and the subject of a sentence.

# %%
SCHOOL_WORDS = [
    ("mathematics", "Mean score in mathematics, PISA, points", "the mean score in mathematics"),
    ("reading", "Mean score in reading, PISA, points", "the mean score in reading"),
    ("problem_solving", "Mean score in computational problem solving, points", "the mean score in computational problem solving"),
    ("creative_thinking", "Mean score in creative thinking, points of 60", "the mean score in creative thinking"),
    ("low_performers", "Low performers in mathematics, PISA, %", "the share of low performers in mathematics"),
    ("social_gap", "Social gap in mathematics, PISA, points", "the gap in mathematics between the most and the least advantaged quarter of students"),
    ("belonging", "Students' sense of belonging, index", "students' sense of belonging"),
    ("teacher_support", "Teachers' support in science lessons, index", "teachers' support in science lessons"),
    ("climate", "Disciplinary climate in science lessons, index", "disciplinary climate in science lessons"),
    ("student_ai", "Students who use AI weekly to learn, %", "students who use artificial intelligence weekly to learn"),
    ("devices", "Students on devices for schoolwork daily, %", "the share of students who use devices at school for schoolwork every day"),
]  # fmt: skip

# %%
TEACHER_WORDS = [
    ("critical_thinking", "Teachers who often set tasks for critical thinking, %", "the share of teachers who often set tasks that need critical thinking"),
    ("lesson_observation", "Teachers who learned from observed lessons, %", "the share of teachers who learned from observed lessons"),
    ("networks", "Teachers who learned in networks, %", "the share of teachers who learned in networks"),
    ("business_visits", "Teachers who learned on visits to business, %", "the share of teachers who learned on visits to business"),
    ("people_outside", "Teachers: students work with people outside, %", "the share of teachers who let students work with people outside school"),
    ("artificial_intelligence", "Teachers who used AI, %", "the share of teachers who used artificial intelligence"),
    ("teacher_shortage", "Teachers in schools short of qualified teachers, %", "the share of teachers in schools short of qualified teachers"),
    ("other_work", "Teachers who worked outside education, %", "the share of teachers who worked outside education"),
]  # fmt: skip

# %%
SOCIETY_WORDS = [
    ("neet", "Aged 15-29, neither employed nor in education or training, %", "young people neither employed nor in education or training"),
    ("vocational_enrolment", "Aged 15-24 in vocational education, %", "young people in vocational education"),
    ("tertiary_attainment", "Aged 25-64 with tertiary education, %", "adults with tertiary education"),
    ("adult_literacy", "Mean score of adults in literacy, points", "adults' mean score in literacy"),
    ("adult_learning", "Aged 25-74 in education or training, Europe, %", "adults in education or training"),
    ("spending", "Spending per student below tertiary, US dollars (PPP)", "spending per student"),
    ("research", "Research and development, % of GDP", "research and development"),
]  # fmt: skip

# %%
words = pd.DataFrame([*SCHOOL_WORDS, *TEACHER_WORDS, *SOCIETY_WORDS], columns=["indicator", "label", "subject"])
framework = framework.merge(words, on="indicator", validate="one_to_one")
TABLES = sorted(set(framework["table"]))

# %% [markdown]
# A question asks what a reader could look into where a result is less favourable. Which one is asked depends on what
# else stands out on the page: of the questions for an indicator, in this order, the first whose condition holds, whose
# facts in braces are known and that the page has not asked. *Ahead* is a value on the less favourable side of neither the
# average nor similar systems.

# %%
QUESTIONS = [
    ("fall", "social_gap == 'worse'", "The social gap in mathematics was {social_gap} in 2022: did the scores of the least advantaged fall most?"),
    ("fall", "low_performers == 'worse'", "Did all students lose, or mostly those who were already low performers ({low_performers} in 2022)?"),
    ("fall", "teacher_shortage == 'worse'", "Where was the fall largest, and are these the schools that lack teachers?"),
    ("fall", "climate == 'lowest'", "Where was the fall largest, and are lessons noisy and disorderly there?"),
    ("fall", "", "Where was the fall largest?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("mathematics", "reading_ahead", "Reading is not behind ({reading} in 2025): what is different in mathematics lessons?"),
    ("mathematics", "low_performers == 'worse' and social_gap == 'worse'", "The social gap was {social_gap} in 2022: how far behind are students who are not among the least advantaged?"),
    ("mathematics", "", "From 2012 to 2022 the mean fell by {mathematics_fall}: which topics of mathematics have students lost?"),
    ("mathematics", "teacher_shortage == 'worse'", "In 2024, {teacher_shortage} of teachers were in schools short of qualified ones: is mathematics taught by teachers who were trained for it?"),
    ("mathematics", "low_performers == 'worse'", "In 2022, {low_performers} of students were low performers: at which age did they begin to fall behind?"),
    ("mathematics", "", "At which age do students begin to fall behind?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("reading", "mathematics_ahead", "Mathematics is not behind ({mathematics} in 2025): what do students read, and how often?"),
    ("reading", "belonging == 'lowest'", "Students' sense of belonging is the {belonging_place}: do those who do not feel at home at school read less well?"),
    ("reading", "", "From 2012 to 2022 the mean fell by {reading_fall}: do students read fewer long texts?"),
    ("reading", "climate == 'lowest'", "Disciplinary climate in science lessons is the {climate_place}: is it quiet enough in lessons to read at length?"),
    ("reading", "low_performers == 'worse'", "Are the same students behind in reading as in mathematics?"),
    ("reading", "", "Are boys, or students with another language at home, far behind the others?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("problem_solving", "mathematics_ahead", "Mathematics is not behind ({mathematics} in 2025): how often do students meet problems without a known way to the answer?"),
    ("problem_solving", "critical_thinking == 'lower'", "In 2024, {critical_thinking} of teachers often set tasks that need critical thinking: how often do lessons set problems without a known way to the answer?"),
    ("problem_solving", "mathematics == 'worse'", "The mean in mathematics is low, too ({mathematics} in 2025): do students lack the mathematics that the problems need?"),
    ("problem_solving", "", "Which kinds of problems do students leave unsolved?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("creative_thinking", "mathematics_ahead", "Mathematics was not behind in 2025 ({mathematics}): where do students develop ideas of their own?"),
    ("creative_thinking", "people_outside == 'lower'", "In 2023, {people_outside} of teachers let students work with people outside school: which partners could bring open tasks into lessons?"),
    ("creative_thinking", "critical_thinking == 'lower'", "In 2024, {critical_thinking} of teachers often set tasks that need critical thinking: are students free to try ideas that could fail?"),
    ("creative_thinking", "", "Are students free to try ideas that could fail?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("low_performers", "social_gap == 'worse'", "The social gap was {social_gap} in 2022: how many of these students come from the least advantaged homes?"),
    ("low_performers", "teacher_shortage == 'worse'", "In 2024, {teacher_shortage} of teachers were in schools short of qualified ones: are these students in those schools?"),
    ("low_performers", "climate == 'lowest'", "Disciplinary climate in science lessons is the {climate_place}: are these students in noisy, disorderly lessons?"),
    ("low_performers", "neet == 'highest'", "In {neet_year}, {neet} of those aged 15 to 29 were neither employed nor in education or training: how many of them were low performers?"),
    ("low_performers", "networks == 'lower'", "In 2024, {networks} of teachers learned in networks: do schools with many low performers work with schools that have few?"),
    ("low_performers", "", "Who are these students, and when did they fall behind?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("social_gap", "mathematics_side == 'better'", "In 2025 the mean was above the average ({mathematics}): in which schools do disadvantaged students do well?"),
    ("social_gap", "teacher_shortage == 'worse'", "In 2024, {teacher_shortage} of teachers were in schools short of qualified ones: do the schools of the least advantaged lack more teachers?"),
    ("social_gap", "belonging == 'lowest'", "Students' sense of belonging is the {belonging_place}: do the least advantaged feel at home at school as much as others?"),
    ("social_gap", "people_outside == 'lower'", "In 2023, {people_outside} of teachers let students work with people outside school: which partners could reach the least advantaged?"),
    ("social_gap", "", "Where does the gap open, and between which schools?"),
]  # fmt: skip

# %%
QUESTIONS += [
    ("teacher_shortage", "other_work == 'lower'", "In 2024, {other_work} of teachers had worked outside education, fewer than on average: could more be recruited from other occupations?"),
    ("teacher_shortage", "social_gap == 'worse'", "The social gap in mathematics was {social_gap} in 2022: do disadvantaged schools lack more teachers than others?"),
    ("teacher_shortage", "neet == 'lowest'", "In {neet_year}, {neet} of those aged 15 to 29 were neither employed nor in education or training, few by rank: which other employers do graduates prefer, and why?"),
    ("teacher_shortage", "climate == 'lowest'", "Disciplinary climate in science lessons is the {climate_place}: is it worst where teachers are lacking?"),
    ("teacher_shortage", "", "Which schools and subjects lack teachers?"),
]  # fmt: skip
wordings = pd.DataFrame(QUESTIONS, columns=["indicator", "when", "question"])

# %% [markdown]
# ## Values and averages
#
# Where a country has no value of the year wanted, the nearest earlier one within three years stands for it, and its
# year is printed. The OECD average is the unweighted mean of members with a value. As the publisher does, averages of
# TALIS leave out the countries with low response, flagged s.

# %%
kept, parts, series = ["ref_area", "time_period", "period", "obs_value", "std_error", "obs_status"], [], []
for row in framework.itertuples():
    table = load(row.table).query("ref_area in @members")
    table = table.query(row.rows).copy() if row.rows else table.copy()
    table["period"] = table["time_period"].astype(str)
    table["time_period"] = table["period"].str[-4:].astype(int)
    taken = indicators.latest(table, row.year, row.max_age, areas=members)
    parts.append(taken.reindex(columns=kept).assign(indicator=row.indicator))
    series.append(table[["ref_area", "time_period", "obs_value"]].assign(indicator=row.indicator))

# %%
values = pd.concat(parts, ignore_index=True).rename(columns={"time_period": "year"})
values["period"] = values["period"].str.replace(r"-20(?=\d\d$)", "-", regex=True)
values["std_error"] = values["std_error"].astype(float)
survey = values["indicator"].map(framework.set_index("indicator")["table"]).str.startswith("talis")
values["unit"] = values["indicator"].map(framework.set_index("indicator")["unit"])

# %% [markdown]
# A share whose definition changed since the year before, and with it the value by more than ten points, is told and not
# compared: it has no rank, no test and no place in an average. A value that moved out of all proportion within two years
# without a flag is told with a caution.

# %%
series = pd.concat(series, ignore_index=True).rename(columns={"time_period": "year"})
changed, leapt = profiles.redefined(values, series), profiles.jumps(values, series)
values["averaged"] = values["obs_value"].notna() & ~(survey & columns.flagged(values, columns.CAUTION)) & changed.isna()
comparable_values = values.assign(obs_value=values["obs_value"].mask(changed.notna()))
told_apart = {"redefined": values.assign(before=changed), "jump": values.assign(before=leapt)}
told_apart = {kind: rows.dropna(subset="before") for kind, rows in told_apart.items()}
pd.concat(told_apart)[["indicator", "ref_area", "year", "obs_value", "before"]]

# %%
values.groupby("indicator", sort=False)[["obs_value", "std_error", "averaged"]].agg("count").T

# %%
averages = indicators.average(values[values["averaged"]].assign(time_period=0), by=["indicator"], code="OECD")
averages.set_index("indicator").loc[framework["indicator"], ["obs_value", "std_error", "n_areas"]].round(2)

# %% [markdown]
# ## Similar systems
#
# An average of all members compares the unlike. Similar systems are alike in what families have and what adults have
# learned: household disposable income per head (its logarithm; the latest that the source has, 2016 to 2021) and the
# shares of adults aged 25 to 64 with tertiary and with less than upper secondary education (2022, or up to three years
# before). The more alike, the more a system counts; from a distance of two standard deviations on it counts no more. A
# country with fewer than three systems in reach is compared with none, nor is one for which a single system has so much of
# the weight that all of them count for less than one and a half; nor is one without a value of income, which counts for
# nobody. In tertiary attainment itself similar systems are alike by choice.

# %%
context = profiles.circumstances(load("regional-well-being"), load("adult-attainment"), members)
context.isna().sum().to_dict()

# %%
LIMIT, OTHERS = 2.0, (1.5, 2.5)
benchmarks = pd.concat(
    indicators.benchmark(rows.drop(columns=["averaged", "unit"]), context, limit).assign(indicator=name, limit=limit)
    for limit in (LIMIT, *OTHERS) for name, rows in comparable_values.groupby("indicator", sort=False)
).reset_index(drop=True)  # fmt: skip
peers = benchmarks[benchmarks["limit"] == LIMIT]
alike = indicators.benchmark(context["income"].rename("obs_value").reset_index(), context, LIMIT).set_index("ref_area")
nearest, comparable = alike["peers"].fillna("").str.split(), alike["obs_value"].notna()
{code: nearest[code][:5] for code in ("DEU", "IRL", "TUR")}, comparable.index[~comparable].tolist()

# %% [markdown]
# The group is wide: so many systems count for a country.

# %%
width = nearest[comparable].str.len()
exhibits.values({"similar-median": int(width.median()), "similar-least": int(width.min()), "similar-most": int(width.max()),
                 "similar-compared": int(comparable.sum())}, prefix="countries", unit="countries",
                indicators=["regional-well-being", "adult-attainment"])  # fmt: skip
width.describe()

# %% [markdown]
# ## Tests
#
# Three kinds of difference are tested: from the OECD average, of which the country is a part; from the mean of similar
# systems; and of mean scores in PISA from 2012 to 2022 and from 2022 to 2025, with the error of the link between the
# scales. For 2025 that error is published for science alone: changes of the other two are shown and not tested. All
# tests of one country are adjusted together for their number by the false-discovery rate. Where the source publishes no
# standard error nothing is tested: the rank stands alone.

# %%
from_average = profiles.differences(comparable_values, averages).assign(comparison="average")
kept = ["limit", "indicator", "ref_area", "obs_value", "std_error", "degrees_of_freedom"]
from_peers = benchmarks[kept].assign(reference=benchmarks["peer_mean"], comparison="peers")
PERIODS = {"2012-2022": ("pisa-change", "OECD-average-35"), "2022-2025": ("pisa-2025-change", "OECD-average")}
change = pd.concat([load(name).query("time_period == @period and (ref_area in @members or ref_area == @mean)")
                    for period, (name, mean) in PERIODS.items()], ignore_index=True)  # fmt: skip
change = change.rename(columns={"domain": "indicator"})[
    ["time_period", "indicator", "ref_area", "obs_value", "std_error"]
]

# %%
key = ["time_period", "indicator", "ref_area"]
whole = pd.MultiIndex.from_product([PERIODS, ["mathematics", "reading", "science"], members], names=key)
moved = change.set_index(key).reindex(whole).reset_index().assign(comparison="change")
always = pd.concat([from_average, moved], ignore_index=True)
everywhere = [always.assign(limit=limit) for limit in (LIMIT, *OTHERS)]
varied = profiles.verdicts(pd.concat([*everywhere, from_peers], ignore_index=True), family=["limit", "ref_area"])
tests = varied[varied["limit"] == LIMIT]
tests.groupby(["comparison", "verdict"]).size().unstack(fill_value=0)

# %% [markdown]
# One line of the register stands for one kind of comparison over all countries. The tests are adjusted within each page,
# all kinds together.

# %%
ASKED = {
    "average": "Is the country's value on this indicator the OECD average?",
    "peers": "Is the country's value on this indicator that of similar systems?",
    "change": "Is the change of the country's mean score in PISA, 2012 to 2022 or 2022 to 2025, zero?",
}
TOGETHER = "Adjusted within the page of each country, with the other two kinds."

# %%
for kind, question in ASKED.items():
    rows = tests[tests["comparison"] == kind]
    tables = sorted(
        set(framework.loc[framework["indicator"].isin(rows.dropna(subset="p_value")["indicator"]), "table"])
    )
    exhibits.tests(f"countries-{kind}", rows, question=f"{question} {TOGETHER}", adjust="fdr_bh",
                   indicators=[name for name, _ in PERIODS.values()] if kind == "change" else tables)  # fmt: skip

# %% [markdown]
# Where similar systems end is a choice. How many verdicts hang on it?

# %%
by_limit = varied[varied["comparison"] == "peers"].pivot(
    index=["indicator", "ref_area"], columns="limit", values="verdict"
)
tested = by_limit.isin([profiles.HIGHER, profiles.LOWER, profiles.UNCLEAR])
clear = by_limit.isin([profiles.HIGHER, profiles.LOWER])
both = tested.mul(tested[LIMIT], axis=0)
other = by_limit.ne(by_limit[LIMIT], axis=0) & both
opposite = other & clear.mul(clear[LIMIT], axis=0)
counted = {"tested": tested, "clear": clear, "both": both, "other": other, "opposite": opposite}
sensitivity = pd.DataFrame({name: part.sum() for name, part in counted.items()}).reset_index()
sensitivity

# %%
columns_shown = {"limit": "Counts up to, standard deviations", "tested": "Comparisons tested", "clear": "Higher or lower",
                 "other": "Another verdict than up to two", "opposite": "The opposite verdict"}  # fmt: skip
most = sensitivity["other"].max()
most

# %%
exhibits.table(
    "methods-robustness-similar", sensitivity, columns=columns_shown, formats={"limit": ".1f"},
    indicators=[*TABLES, "regional-well-being"],
    title="Most verdicts do not hang on where similar systems end",
    subtitle=f"Comparisons of {len(members)} OECD members with similar systems, {len(framework)} indicators, latest years",
    shows="comparisons with similar systems by the distance up to which a system counts",
    finding=f"with another limit up to {most} of {tested[LIMIT].sum()} verdicts are another and {sensitivity['opposite'].max() or 'none'}"
    " the opposite",
    note="Another verdict: of the comparisons tested with both limits. Tests adjusted within the page of each country.",
    limits="Other circumstances than income and attainment by which systems could be called similar.")  # fmt: skip

# %%
about = {"indicators": [*TABLES, "regional-well-being"], "exhibit": "methods-robustness-similar"}
exhibits.values({"other": int(most), "tested": int(tested[LIMIT].sum())}, prefix="methods-robustness-similar", **about)
exhibits.value("methods-robustness-similar-opposite", str(int(sensitivity["opposite"].max()) or "none"), **about)

# %%
KEY = ["indicator", "ref_area"]
bands = profiles.rank_bands(comparable_values)
now = tests[tests["comparison"] != "change"]
wide = now.pivot(index=KEY, columns="comparison", values="verdict").reset_index()
wide = wide.rename(columns={"average": "average_verdict", "peers": "peer_verdict"})
beside = from_average.rename(columns={"reference": "average", "n_areas": "n_averaged"})
n_tests = tests.groupby("ref_area")["n_tests"].max()
n_compared = now.groupby("ref_area")["p_value"].count()

# %%
table = (
    values.drop(columns="unit")
    .merge(framework, on="indicator", suffixes=("", "_wanted"))
    .merge(bands, on=KEY, how="left")
)
table = table.merge(wide, on=KEY).merge(beside[[*KEY, "average", "n_averaged"]])
table = table.merge(peers[[*KEY, "peer_mean", "n_peers", "peers"]], on=KEY)
table["kind"] = profiles.classify(table)

# %%
table["ahead"] = table["obs_value"].notna() & ~profiles.behind(table)
table["side"] = profiles.sides(table, "average_verdict")
table["beside"] = table["average_verdict"] + (" (" + table["side"] + ")").where(table["side"] != "", "")
apart = pd.MultiIndex.from_frame(table[KEY]).isin(pd.MultiIndex.from_frame(told_apart["redefined"][KEY]))
table.loc[apart, ["beside", "peer_verdict"]] = "not compared"
table = intervals.with_interval(table)
pd.crosstab(table["ref_area"].map(names), table["kind"]).describe().loc[["min", "mean", "max"]].round(1)

# %% [markdown]
# ## How the table prints
#
# A value carries the flag of its source; an interval takes the place of a standard error. A rank says from which end it
# counts, the nearer one, whether high is good or bad; a band in brackets holds the ranks that the errors leave open.

# %%
table["peer_mean"] = table["peer_mean"].astype(float)
shown = {"value": "obs_value", "lower_shown": "lower", "upper_shown": "upper", "average_shown": "average",
         "peers_shown": "peer_mean"}  # fmt: skip
for column, source in shown.items():
    pairs = zip(table[source], table["form"], strict=True)
    table[column] = [numbers.amount(number, form) if pd.notna(number) else None for number, form in pairs]
table["value"] = table["value"] + table["obs_status"].where(table["obs_status"] != "m", "").radd(" ").str.rstrip()
table.loc[table["ref_area"] == "NLD", ["label", *shown]].head(3)

# %%
known = table["obs_value"].notna()
ends = table["lower_shown"] + "–" + table["upper_shown"]
table["interval"] = ends.where(table["std_error"].notna(), "no SE").where(known)
table["average_shown"] = table["average_shown"] + " (" + table["n_averaged"].astype(str) + ")"
table["peers_shown"] = table["peers_shown"] + " (" + table["n_peers"].astype("Int64").astype(str) + ")"
table["year_shown"] = table["period"].where(known, None)

# %%
ranks = table[["rank", "rank_from_lowest", "n_ranked", "rank_first", "rank_last"]].astype(float)
ranks["low"] = ranks["rank"] > ranks["rank_from_lowest"]
turned = ranks["n_ranked"] + 1 - ranks[["rank_last", "rank_first"]].set_axis(["rank_first", "rank_last"], axis=1).T
ends = turned.T.where(ranks["low"], ranks[["rank_first", "rank_last"]])
bands_shown = [f" ({first:.0f}–{last:.0f})" if first < last else "" for first, last in ends.to_numpy()]
places = [profiles.place_words(*map(int, row)) if row[0] == row[0] else None
          for row in ranks[["rank", "rank_from_lowest", "n_ranked"]].to_numpy()]  # fmt: skip
table["rank_shown"] = pd.Series(places, table.index, dtype=object) + pd.Series(bands_shown, table.index)
table["rank_shown"] = table["rank_shown"].str.replace(" ", "\N{NO-BREAK SPACE}").str.replace("–", "–\N{WORD JOINER}")
table.loc[table["ref_area"] == "NLD", ["label", "interval", "average_shown", "rank_shown"]].head(3)

# %% [markdown]
# ## Trends
#
# Four series, one a subject of the book that is published every few years or every year. The average is taken over the
# members with a value in every year shown. A gap in a line is a missing value or a break that the publisher flags.

# %%
series = {
    "Mathematics, points": ("mathematics", [2012, 2015, 2018, 2022, 2025], ".0f"),
    "Neither employed nor learning, %": ("neet", [*range(2013, 2023)], ".0f"),
    "Tertiary attainment, %": ("tertiary_attainment", [*range(2012, 2024)], ".0f"),
    "R&D, % of GDP": ("research", [*range(2012, 2024)], ".1f"),
}

# %%
lines, means = [], []
for panel, (name, years, _) in series.items():
    row = framework.set_index("indicator").loc[name]
    rows = load(row["table"]).query("ref_area in @members and time_period in @years")
    rows = rows.query(row["rows"]) if row["rows"] else rows
    rows = rows.reindex(columns=["ref_area", "time_period", "obs_value", "std_error", "obs_status"])
    grid = pd.MultiIndex.from_product([members, years], names=["ref_area", "time_period"])
    lines.append(rows.set_index(["ref_area", "time_period"]).reindex(grid).reset_index().assign(panel=panel))
    means.append(indicators.average(rows, constant=True, areas=members, code="OECD").assign(panel=panel))

# %%
lines, means = pd.concat(lines, ignore_index=True), pd.concat(means, ignore_index=True)
lines["std_error"] = lines["std_error"].astype(float)
lines = intervals.with_interval(lines)
counts = means.groupby("panel", sort=False)["n_areas"].first()
lines.groupby("panel", sort=False)["obs_value"].count(), counts

# %% [markdown]
# ## Regions
#
# Tertiary attainment where Eurostat has it, else the share of adults with at least upper secondary education in the
# OECD's large regions; income; employment; and innovation in Europe. None of these has a published standard error, so
# that the lowest and the highest region are named and no difference is tested.

# %%
well_being = load("regional-well-being").query("edition == '2022' and ref_area_type != 'country'")
attained = areas.add(load("regional-tertiary-attainment"), "country")
attained = attained[attained["time_period"] == attained.groupby("country")["time_period"].transform("max")]
scoreboard = load("regional-innovation-scoreboard").query("measure == 'innovation_index' and time_period == 2023")
scoreboard = scoreboard.query("ref_area_type != 'country'")

# %%
regional = areas.add(pd.concat([attained, well_being, scoreboard], ignore_index=True), "country", "name")
regional["name"] = regional["name"].str.strip()
regional["time_period"] = regional["time_period"].astype(str)

# %% [markdown]
# Values of whole countries say whether the ends can be known where regions have no value: a value beyond those of all
# regions means that one without a value holds the end.

# %%
whole = pd.concat([
    load("regional-well-being").query("edition == '2022' and ref_area_type == 'country'"),
    load("adult-attainment").query("attainment_group == 'tertiary'").assign(measure="tertiary_attainment"),
    load("regional-innovation-scoreboard").query("ref_area_type == 'country'"),
], ignore_index=True).rename(columns={"ref_area": "country"})  # fmt: skip
whole["time_period"] = whole["time_period"].astype(str)
group = ["country", "measure", "time_period"]
spread = profiles.extremes(
    regional.query("country in @members"), group, whole[[*group, "obs_value"]], listed.reset_index()
).query("n_regions > 1")
spread.groupby("measure").agg({"country": "nunique", "n_regions": ["min", "max"]})

# %%
labels = pd.DataFrame(
    [
        ("tertiary_attainment", "Adults with tertiary education", ".0f", "%"),
        ("upper_secondary", "Adults with at least upper secondary education", ".0f", "%"),
        ("disposable_income", "Disposable income per head", ",.0f", "US dollars (PPP)"),
        ("employment_rate", "Employment rate", ".0f", "%"),
        ("innovation_index", "Regional Innovation Index (EU in 2016 = 100)", ".0f", ""),
    ],
    columns=["measure", "label", "form", "unit"],
)

# %%
spread = labels.merge(spread, on="measure", sort=False)
has_tertiary = spread.loc[spread["measure"] == "tertiary_attainment", "country"]
spread = spread[(spread["measure"] != "upper_secondary") | ~spread["country"].isin(has_tertiary)]
spread["text"] = [profiles.spread_sentence(row) for row in spread.to_dict("records")]
spread.loc[spread["country"] == "FIN", "text"].tolist()

# %% [markdown]
# ## Sentences
#
# A strength is taken back where another result of the country that measures the same speaks against it, and one of 2022
# where the page asks about a fall since. At most four strengths and four questions a page: the clearest by their tests; a
# last line names the others. A fall in PISA that a test confirms and that is one of the three steepest of all members comes
# first among the questions.

# %%
moves = tests[tests["comparison"] == "change"].rename(columns={"indicator": "domain"}).reset_index(drop=True)
moves[["start", "end"]] = moves["time_period"].str.split("-", expand=True)
steepest = profiles.steepest_falls(moves)
falls = pd.DataFrame([{"ref_area": code, "indicator": "fall", "kind": "question", "text": profiles.fall_sentence(rows)}
                      for (code, _), rows in steepest.groupby(["ref_area", "end"])])  # fmt: skip
len(falls), sorted(set(falls["ref_area"]))

# %%
RIVALS = {
    "mathematics": ["low_performers"],
    "low_performers": ["mathematics"],
    "social_gap": ["mathematics", "low_performers"],
}
since = set(steepest.loc[steepest["start"] == "2022", "ref_area"])
upheld = profiles.uphold(table, RIVALS, {"low_performers": since})
lost = table.loc[upheld != table["kind"], ["ref_area", "indicator"]]
table["kind"] = upheld
lost.groupby("indicator")["ref_area"].agg(" ".join).to_dict()

# %%
compared = tests[(tests["comparison"] != "change") & tests["verdict"].isin(["higher", "lower"])]
compared = compared.assign(clarity=(compared["obs_value"] / compared["std_error"]).abs())
order = {"by": ["p_value", "clarity"], "ascending": [True, False], "kind": "stable"}
clearest = compared.sort_values(**order).drop_duplicates(KEY)
told = table[table["kind"] != ""].merge(clearest[[*KEY, "p_value", "clarity"]], on=KEY).sort_values(**order)
told["text"] = [profiles.position_sentence(row) for row in told.to_dict("records")]
told = pd.concat([falls, told], ignore_index=True)
told.groupby("kind")["ref_area"].agg(["count", "nunique"])

# %%
MOST = 4
SHORT = {"social_gap": "the social gap in mathematics", "low_performers": "low performers in mathematics",
         "teacher_shortage": "the shortage of teachers"}  # fmt: skip
cut = told[told.groupby(["ref_area", "kind"]).cumcount() >= MOST].groupby(["ref_area", "kind"])["indicator"].agg(list)
told = told.groupby(["ref_area", "kind"]).head(MOST)
cut.str.len().value_counts()

# %% [markdown]
# What questions can say of a country: its values, its places, and by how much its scores fell.

# %%
valued = table[table["obs_value"].notna()]
number = [
    numbers.amount(row.obs_value, ".0f" if row.unit == "%" else row.form, row.unit) for row in valued.itertuples()
]
place = [profiles.place_words(int(row.rank), int(row.rank_from_lowest), int(row.n_ranked)) if row.rank == row.rank else None
         for row in valued[["rank", "rank_from_lowest", "n_ranked"]].itertuples()]  # fmt: skip
valued[["label"]].assign(number=number, place=place).head(3)

# %%
valued = valued.assign(number=number, place=place, period=valued["period"].astype(str))
wide = valued.pivot(index="ref_area", columns="indicator", values=["number", "place", "period"])
endings = {"number": "", "place": "_place", "period": "_year"}
wide.columns = [f"{indicator}{endings[kind]}" for kind, indicator in wide.columns]
fell = moves[(moves["end"] == "2022") & (moves["verdict"] == "lower")]
fell = fell.assign(text=[f"{numbers.amount(-value, '.0f')} points" for value in fell["obs_value"]])
facts = wide.join(fell.pivot(index="ref_area", columns="domain", values="text").add_suffix("_fall"))

# %%
stands = table["kind"].map({"strength": "better", "question": "worse", "": ""})
stands = stands.mask(table["direction"] == 0, table["average_verdict"])
table["standing"] = stands.mask(table["std_error"].isna(), table["quarter"])
by_indicator = {
    name: table.pivot(index="ref_area", columns="indicator", values=name) for name in ("standing", "ahead", "side")
}
standing = by_indicator["standing"].join([by_indicator[name].add_suffix(f"_{name}") for name in ("ahead", "side")])
standing.shape

# %%
asked = told["kind"] == "question"
questions = profiles.choose_questions(told[asked], standing, facts, wordings)
told.loc[asked, "text"] = (told["text"] + " " + questions).str.strip()
questions.value_counts().head(10)

# %%
short = framework.set_index("indicator")["subject"].str.removeprefix("the mean score in ").to_dict() | SHORT
texts = []
for code in names.index:
    closest = [names[peer] for peer in nearest[code]]
    similar = profiles.similar_sentence(closest, comparable[code], known=pd.notna(context.loc[code, "income"]))
    texts.append((code, "about", similar))
    own = told[told["ref_area"] == code]
    for kind in ("strength", "question"):
        found = own.loc[own["kind"] == kind, "text"].tolist() or [profiles.nothing_sentence(kind, n_compared[code])]
        found += [profiles.cut_sentence([short[name] for name in cut[code, kind]])] if (code, kind) in cut else []
        texts += [(code, kind, text) for text in found]
len(texts)

# %% [markdown]
# Change of scores stands beside that of the OECD average over a constant set of countries, as the publisher gives it.

# %%
oecd = change[change["ref_area"].str.startswith("OECD")].set_index(["time_period", "indicator"])["obs_value"]
beside = {period: numbers.enumerate_words(f"{numbers.amount(value, '+.0f')} in {name}" for name, value in oecd[period].items())
          for period in PERIODS}  # fmt: skip
for (code, period), rows in moves.groupby(["ref_area", "time_period"]):
    texts.append((code, "trend", profiles.change_sentence(rows)[:-1] + f" (OECD average: {beside[period]})."))
beside

# %% [markdown]
# The theme of the report, partners, networks and technology, is told beside the average without praise or blame.

# %%
THEME = ["networks", "business_visits", "people_outside", "devices", "artificial_intelligence"]
practices = table[table["indicator"].isin(THEME)].assign(short=table["subject"].str.removeprefix("the share of "))
for code, rows in practices.groupby("ref_area"):
    texts.append((code, "practice", profiles.practice_sentence(rows)))

# %% [markdown]
# What is not tested, what is missing, and regions. A part of a country that took part in TALIS on its own, such as a
# province, does not stand for the country.

# %%
untested = table[table["rank"].notna() & table["std_error"].isna()].assign(short=table["subject"], year=table["period"])
systems = listed.query("area_type == 'system'")
PARTLY = {"TALIS 2024": ("talis-ai-use", True), "the Survey of Adult Skills 2023": ("adult-skills-2023", False)}
parts_of = {survey: systems[systems.index.isin(load(name)["ref_area"])] for survey, (name, _) in PARTLY.items()}
subjects = framework.set_index("indicator")[["subject", "form"]]
told_apart = {kind: rows.join(subjects, on="indicator").to_dict("records") for kind, rows in told_apart.items()}
apart = [(row["ref_area"], profiles.redefined_sentence(row)) for row in told_apart["redefined"]]
apart += [(row["ref_area"], profiles.jump_sentence(row)) for row in told_apart["jump"]]
apart

# %%
for code, name in names.items():
    rows = table[table["ref_area"] == code]
    texts.append((code, "position", profiles.untested_sentence(untested[untested["ref_area"] == code], name)))
    absent = rows.loc[rows["obs_value"].isna(), "table"]
    if len(absent):
        texts.append((code, "missing", profiles.missing_sentence(len(absent), len(rows))))
    for survey, (name_of_table, always) in PARTLY.items():
        covered = parts_of[survey].query("country == @code")["name"].str.removesuffix(f" ({name})")
        if absent.str.startswith(name_of_table.partition("-ai")[0]).any() and (always or len(covered)):
            texts.append((code, "missing", profiles.uncovered_sentence(survey, name, covered)))
    texts += [(code, "missing", text) for area, text in apart if area == code]

# %%
single = "The sources at hand give {country} as a single region, so that no spread can be shown."
for code, name in names.items():
    found = profiles.absence_once(spread.loc[spread["country"] == code, "text"].tolist())
    found = found or [single.format(country=profiles.named(name))]
    texts += [(code, "region", text) for text in found]
texts = pd.DataFrame(texts, columns=["ref_area", "kind", "text"])
texts.groupby(["ref_area", "kind"]).size().unstack(fill_value=0).describe().loc[["min", "max"]].astype(int)

# %% [markdown]
# ## What is published
#
# Three things a country: the table, the trends, the sentences. The Netherlands stand here for all; the pages of the
# countries show the others.

# %%
USED = [*TABLES, "regional-well-being"]
heads = {"label": "Indicator", "year_shown": "Year", "value": "Value", "interval": "95% interval",
         "average_shown": "OECD average", "beside": "Than average", "peers_shown": "Similar systems",
         "peer_verdict": "Than similar", "rank_shown": "Rank"}  # fmt: skip
kept = ["indicator", "label", "chapter", "table", "unit", "year", "obs_value", "std_error", "lower", "upper", "obs_status",
        "average", "n_averaged", "average_verdict", "peer_mean", "n_peers", "peer_verdict", "peers", "rank", "rank_first",
        "rank_last", "rank_from_lowest", "n_ranked", "quarter", "side", "kind"]  # fmt: skip
printed = list(dict.fromkeys([*kept, *heads]))

# %%
balance = table.groupby("ref_area")["side"].value_counts().unstack(fill_value=0)[["better", "worse"]]
tested_sides = table[(table["direction"] != 0) & table["average_verdict"].isin(["higher", "lower", "not clear"])]
n_sides = tested_sides.groupby("ref_area").size()
balance.describe().loc[["min", "max"]].astype(int)

# %%
FLAGS = {"b": "break in the series", "d": "definition differs", "e": "estimated by the publisher", "m": "not available",
         "p": "provisional", "r": "rounded", "s": "publisher asks for caution"}  # fmt: skip
note = ("Higher, lower: the difference is significant at 5% (all {n_tests} tests of this page adjusted together, false-discovery rate); better,"
        " worse: added where one direction is better."
        " {similar}No SE: the table used has no standard error, so the difference is not tested. Rank in brackets: the range of ranks"
        " possible given sampling error. In brackets after a mean: number of countries (TALIS: without those of low response). A country without"
        " a value in the latest year stands with the last value of the three years before, also in averages and ranks. {flags}AI: artificial intelligence.")  # fmt: skip

# %%
ALIKE, tables = "Similar systems: their mean; the more alike, the more weight. ", {}
found = table.groupby("ref_area")["obs_status"].agg(lambda flags: set("".join(flags)))
flags = {code: "; ".join(f"{flag}: {said}" for flag, said in FLAGS.items() if flag in there) + ". " * bool(there)
         for code, there in found.items()}  # fmt: skip
flags["JPN"]

# %%
for code, name in names.items():
    rows = table[table["ref_area"] == code].reset_index(drop=True)[printed]
    words = profiles.balance_words(*balance.loc[code])
    tables[code] = exhibits.table(
        f"country-{code.lower()}-indicators", rows, columns=heads, indicators=USED, collection="countries",
        title=f"{name}: {words}",
        subtitle=f"Latest values of {len(rows)} indicators. On {n_sides[code]} of them one direction is better and the difference from the OECD average was tested",
        shows=f"{len(rows)} indicators of {profiles.named(name)}, beside the OECD average and similar systems,",
        finding=words,
        note=note.format(n_tests=n_tests[code], similar=ALIKE if comparable[code] else "", flags=flags[code]))  # fmt: skip
tables["NLD"]

# %%
first = lines.groupby("panel")["time_period"].transform("min")
breaks = lines[lines["obs_status"].str.contains("b", na=False) & (lines["time_period"] > first)]
gaps = breaks.assign(time_period=breaks["time_period"] - 0.5, obs_value=np.nan, lower=np.nan, upper=np.nan)
means["line"] = "OECD average"

# %%
ways = moves[(moves["domain"] == "mathematics") & (moves["end"] == "2022")].set_index("ref_area")["verdict"]
said = {"lower": "mathematics fell from 2012 to 2022", "higher": "mathematics rose from 2012 to 2022",
        "not clear": "no clear change in mathematics, 2012 to 2022"}  # fmt: skip
messages = ways.map(said).fillna("no published change in mathematics to 2022")
drawn_from = sorted(framework.set_index("indicator").loc[[part for part, _, _ in series.values()], "table"])
behind = ["panel", "line", "time_period", "obs_value", "std_error", "lower", "upper", "obs_status", "n_areas"]
messages.value_counts()

# %%
forms = {panel: form for panel, (_, _, form) in series.items()}
counted = numbers.enumerate_words(f"{n} countries" for n in counts)
note = (f"OECD averages over the members with a value in every year shown: {counted}, in the order of the panels. A gap in a"
        " line: no value, or a break. Mathematics in 2025 is shown and not tested, because the link error (the uncertainty in"
        " comparing rounds) is not available. Neither"
        " employed nor learning: European countries have a break in 2021. The verdict on mathematics comes from tests adjusted over"
        " the comparisons of this page; chapter 1 adjusts over countries, so that a verdict near the limit can differ.")  # fmt: skip
own = {name: pd.concat([lines[lines["ref_area"] == code].assign(line=name), means], ignore_index=True)
       for code, name in names.items()}  # fmt: skip

# %%
trends = {
    name: charts.small_multiples(
        pd.concat([own[name], gaps[gaps["ref_area"] == code].assign(line=name)], ignore_index=True), panel="panel",
        x="time_period", value="obs_value", lower="lower", upper="upper", group="line", shared=False, number=forms,
        group_order=[name, "OECD average"], panel_order=list(series))
    for code, name in names.items()
}  # fmt: skip

# %%
figures = {code: exhibits.figure(
    f"country-{code.lower()}-trends", trends[name], data=own[name][behind], indicators=drawn_from, collection="countries",
    title=f"{name}: {messages[code]}",
    subtitle="PISA; ages 15 to 29 neither employed nor in education or training; ages 25 to 64; research and development",
    shows=f"four series of {profiles.named(name)} beside the OECD average", finding=messages[code], note=note,
) for code, name in names.items()}  # fmt: skip
figures["NLD"]

# %%
used = [
    *USED,
    *(name for name, _ in PERIODS.values()),
    "regional-tertiary-attainment",
    "regional-innovation-scoreboard",
]
sentences = {
    code: exhibits.statements(f"country-{code.lower()}-sentences", rows, indicators=used)
    for code, rows in texts.groupby("ref_area")
}
sentences["NLD"]
