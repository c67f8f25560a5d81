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
# # Country profiles
#
# One profile a member of the OECD, all by the same rules: where the country stands on some twenty indicators, beside the
# OECD average and beside similar systems; how a few series moved; how far its regions are apart; and the sentences that
# follow from the tests. Nobody writes a sentence about a country here: the rules are in `crossroads.profiles`, the words
# for each indicator in the table below.

# %%
import numpy as np
import pandas as pd

from crossroads import charts, data, exhibits, indicators, load, profiles

areas = data.code_list("areas").set_index("code")
members = areas.index[areas["oecd_since"].notna()]
names = areas.loc[members, "name"].sort_values()

# %% [markdown]
# ## Twenty indicators
#
# Each row is an indicator: its table, the latest year and how many years older a value may be, and its direction:
# plus where more is better, minus where less is, zero for neither. Use of artificial intelligence, vocational enrolment
# and the like have no better side: they are shown and tested, and never called a strength. The question asks what a
# reader could look into where a result is less favourable.

# %%
talis, spend = "isced_level == '2' and ", "education_level == 'primary_to_post_secondary' and "
framework = pd.DataFrame(
    [
        ("mathematics", 1, "pisa-mathematics", "", 2025, 0, 1, ".0f", "points"),
        ("reading", 1, "pisa-reading", "", 2025, 0, 1, ".0f", "points"),
        ("problem_solving", 2, "pisa-problem-solving", "", 2025, 0, 1, ".0f", "points"),
        ("low_performers", 1, "pisa-proficiency", "measure == 'low_performers' and domain == 'mathematics'", 2022, 0, -1, ".0f", "%"),
        ("social_gap", 3, "pisa-escs-gap", "domain == 'mathematics'", 2022, 0, -1, ".0f", "points"),
        ("critical_thinking", 2, "talis-teaching-practices", talis + "item == 'critical_thinking'", 2024, 0, 1, ".0f", "%"),
        ("long_projects", 2, "talis-teaching-practices", talis + "item == 'long_projects'", 2024, 0, 1, ".0f", "%"),
        ("lesson_observation", 2, "talis-learning-modes", talis + "item == 'lesson_observation' and delivery == 'total'", 2024, 0, 1, ".0f", "%"),
        ("teacher_shortage", 4, "talis-shortages", talis + "item == 'qualified_teachers'", 2024, 0, -1, ".0f", "%"),
        ("artificial_intelligence", 2, "talis-ai-use", talis + "measure == 'teachers'", 2024, 0, 0, ".0f", "%"),
        ("digital_collaboration", 2, "talis-digital-practices", talis + "item == 'student_collaboration' and sex == 'total' and age == 'total'", 2024, 0, 0, ".0f", "%"),
        ("other_work", 4, "talis-other-work-experience", talis + "role == 'non_education' and years_of_work == 'any'", 2024, 0, 0, ".0f", "%"),
        ("neet", 3, "neet", "age == '15-29' and sex == 'total'", 2022, 3, -1, ".1f", "%"),
        ("vocational_enrolment", 4, "vocational-enrolment", "sex == 'total'", 2022, 3, 0, ".1f", "%"),
        ("tertiary_attainment", 1, "adult-attainment", "attainment_group == 'tertiary'", 2024, 3, 0, ".1f", "%"),
        ("adult_learning", 3, "adult-learning-25-74", "", 2024, 3, 1, ".1f", "%"),
        ("spending", 1, "education-spending", spend + "measure == 'spending_per_student'", 2019, 3, 0, ",.0f", "US dollars"),
        ("research", 1, "rd-expenditure", "measure == 'gross_expenditure'", 2023, 3, 0, ".2f", "% of GDP"),
        ("trust", 5, "trust-in-government", "", 2022, 3, 0, ".0f", "%"),
        ("support", 3, "better-life-index", "measure == 'support_network' and group == 'total'", 2020, 0, 1, ".0f", "%"),
    ],
    columns=["indicator", "chapter", "table", "rows", "year", "max_age", "direction", "form", "unit"],
)  # fmt: skip

# %% [markdown]
# The words for each: the label of the table, the subject of a sentence, and the question.

# %%
ask_students = "Which students and schools does this concern most?"
ask_teachers = "What would it take for more teachers to do so?"
words = pd.DataFrame(
    [
        ("mathematics", "Mean score in mathematics, PISA, points", "the mean score in mathematics", ask_students),
        ("reading", "Mean score in reading, PISA, points", "the mean score in reading", ask_students),
        ("problem_solving", "Mean score in computational problem solving, points", "the mean score in computational problem solving", ask_students),
        ("low_performers", "Low performers in mathematics, PISA, %", "the share of low performers in mathematics", "Who are these students, and when did they fall behind?"),
        ("social_gap", "Social gap in mathematics, PISA, points", "the gap in mathematics between the most and the least advantaged quarter of students", "Where does the gap open, and between which schools?"),
        ("critical_thinking", "Teachers who often set tasks for critical thinking, %", "the share of teachers who often set tasks that need critical thinking", ask_teachers),
        ("long_projects", "Teachers who often set projects of a week or longer, %", "the share of teachers who often set projects of a week or longer", ask_teachers),
        ("lesson_observation", "Teachers who learned from observed lessons, %", "the share of teachers who learned from observed lessons", ask_teachers),
        ("teacher_shortage", "Teachers in schools short of qualified teachers, %", "the share of teachers in schools short of qualified teachers", "Which schools and subjects lack teachers?"),
        ("artificial_intelligence", "Teachers who used artificial intelligence, %", "the share of teachers who used artificial intelligence", ""),
        ("digital_collaboration", "Teachers who let students work together digitally, %", "the share of teachers who let students work together digitally", ""),
        ("other_work", "Teachers who worked outside education, %", "the share of teachers who worked outside education", ""),
        ("neet", "Aged 15-29, not employed or in education, %", "young people not employed or in education", ""),
        ("vocational_enrolment", "Aged 15-24 in vocational education, %", "young people in vocational education", ""),
        ("tertiary_attainment", "Aged 25-64 with tertiary education, %", "adults with tertiary education", ""),
        ("adult_learning", "Aged 25-74 in education or training, Europe, %", "adults in education or training", ""),
        ("spending", "Spending per student below tertiary, US dollars (PPP)", "spending per student", ""),
        ("research", "Research and development, % of GDP", "research and development", ""),
        ("trust", "Confidence in the national government, %", "confidence in the national government", ""),
        ("support", "People with someone to count on, about 2019, %", "people with someone to count on", ""),
    ],
    columns=["indicator", "label", "subject", "question"],
)  # fmt: skip
framework = framework.merge(words, on="indicator", validate="one_to_one")
TABLES = sorted(set(framework["table"]))

# %% [markdown]
# ## Values and averages
#
# Where a country has no value of the year wanted, the nearest earlier one within three years stands for it, and its
# year is printed. The OECD average is the unweighted mean of members with a value. As the publisher does, averages of
# TALIS leave out the countries with low response, flagged s.

# %%
parts = []
for row in framework.itertuples():
    table = load(row.table).query("ref_area in @members")
    table = table.query(row.rows) if row.rows else table
    table = table.assign(time_period=table["time_period"].astype(str).str[-4:].astype(int))
    taken = indicators.latest(table, row.year, row.max_age, areas=members)
    parts.append(
        taken.reindex(columns=["ref_area", "time_period", "obs_value", "std_error", "obs_status"]).assign(
            indicator=row.indicator
        )
    )
values = pd.concat(parts, ignore_index=True).rename(columns={"time_period": "year"})
values["std_error"] = values["std_error"].astype(float)
survey = values["indicator"].map(framework.set_index("indicator")["table"]).str.startswith("talis")
values["averaged"] = values["obs_value"].notna() & ~(survey & values["obs_status"].str.contains("s"))
values.groupby("indicator", sort=False)[["obs_value", "std_error", "averaged"]].agg("count").T

# %%
averages = indicators.average(values[values["averaged"]].assign(time_period=0), by=["indicator"], code="OECD")
averages.set_index("indicator").loc[framework["indicator"], ["obs_value", "std_error", "n_areas"]].round(2)

# %% [markdown]
# ## Similar systems
#
# An average of all members compares the unlike. Similar systems are the five members nearest in two circumstances that
# the schools of today did not bring about and that all members publish: output per hour worked (its logarithm, 2021) and
# the share of adults aged 25 to 64 with tertiary education (2022). Where one of the five has no value of an indicator, the
# next most similar takes its place. In tertiary attainment itself similar systems are alike by choice.

# %%
productivity = load("labour-productivity").query("ref_area in @members and measure == 'gdp_per_hour'")
productivity = indicators.latest(productivity, 2021, 2, areas=members).set_index("ref_area")["obs_value"]
tertiary = load("adult-attainment").query("ref_area in @members and attainment_group == 'tertiary'")
tertiary = indicators.latest(tertiary, 2022, 2, areas=members).set_index("ref_area")["obs_value"]
context = pd.DataFrame({"output": np.log(productivity), "tertiary": tertiary})
benchmarks = [
    indicators.benchmark(rows.drop(columns="averaged"), context).assign(indicator=name)
    for name, rows in values.groupby("indicator", sort=False)
]
peers = pd.concat(benchmarks, ignore_index=True)
nearest = peers.query("indicator == 'mathematics'").set_index("ref_area")["peers"].str.split()
context.isna().sum().to_dict(), nearest["NLD"], nearest["CRI"]

# %% [markdown]
# ## Tests
#
# Three kinds of difference are tested: from the OECD average, of which the country is a part; from the mean of similar
# systems; and of mean scores in PISA from 2012 to 2022, with the error of the link between the scales. All tests of one
# country are adjusted together for their number by the false-discovery rate. Where the source publishes no standard
# error nothing is tested: the rank stands alone.

# %%
from_average = profiles.differences(values, averages).assign(comparison="average")
from_peers = peers[["indicator", "ref_area", "obs_value", "std_error"]].assign(
    reference=peers["peer_mean"], comparison="peers"
)
published = load("pisa-change").query(
    "time_period == '2012-2022' and (ref_area in @members or ref_area == 'OECD-average-35')"
)
change = (
    published[["domain", "ref_area", "obs_value", "std_error"]]
    .rename(columns={"domain": "indicator"})
    .assign(comparison="change")
)
whole = pd.MultiIndex.from_product([["mathematics", "reading", "science"], members], names=["indicator", "ref_area"])
moved = change.set_index(["indicator", "ref_area"]).reindex(whole).reset_index().assign(comparison="change")
tests = profiles.verdicts(pd.concat([from_average, from_peers, moved], ignore_index=True))
tests.groupby(["comparison", "verdict"]).size().unstack(fill_value=0)

# %%
bands = profiles.rank_bands(values)
wide = tests[tests["comparison"] != "change"].pivot(
    index=["indicator", "ref_area"], columns="comparison", values="verdict"
)
table = values.merge(framework, on="indicator", suffixes=("", "_wanted")).merge(
    bands, on=["indicator", "ref_area"], how="left"
)
table = table.merge(
    wide.rename(columns={"average": "average_verdict", "peers": "peer_verdict"}).reset_index(),
    on=["indicator", "ref_area"],
)
table = table.merge(
    from_average[["indicator", "ref_area", "reference", "n_areas"]].rename(
        columns={"reference": "average", "n_areas": "n_averaged"}
    )
)
table = table.merge(peers[["indicator", "ref_area", "peer_mean", "peers"]], on=["indicator", "ref_area"])
table["kind"] = profiles.classify(table)
table["lower"], table["upper"] = (table["obs_value"] + sign * 1.96 * table["std_error"] for sign in (-1, 1))
n_tests = tests.groupby("ref_area")["n_tests"].max()
pd.crosstab(table["ref_area"].map(names), table["kind"]).describe().loc[["min", "mean", "max"]].round(1)

# %% [markdown]
# ## How the table prints
#
# A value carries the flag of its source; an interval takes the place of a standard error. Ranks count from the highest
# value, whether that is good or bad; a band holds the ranks that the errors leave open.

# %%
table["peer_mean"] = table["peer_mean"].astype(float)
shown = {
    "value": "obs_value",
    "lower_shown": "lower",
    "upper_shown": "upper",
    "average_shown": "average",
    "peers_shown": "peer_mean",
}
for column, source in shown.items():
    table[column] = [
        profiles.amount(number, form) if pd.notna(number) else None
        for number, form in zip(table[source], table["form"], strict=True)
    ]
table["value"] = table["value"] + table["obs_status"].where(table["obs_status"] != "m", "").radd(" ").str.rstrip()
known = table["obs_value"].notna()
table["interval"] = (
    (table["lower_shown"] + "–" + table["upper_shown"]).where(table["std_error"].notna(), "no SE").where(known)
)
table["average_shown"] = table["average_shown"] + " (" + table["n_averaged"].astype(str) + ")"
single = table["rank_first"].isna() | (table["rank_first"] == table["rank_last"])
ranks = table[["rank", "rank_first", "rank_last", "n_ranked"]].astype("Int64").astype("string")
table["rank_shown"] = (
    ranks["rank_first"].str.cat(ranks["rank_last"], "–").where(~single, ranks["rank"]) + " of " + ranks["n_ranked"]
)
table["year_shown"] = table["year"].astype("string")
table.loc[table["ref_area"] == "NLD", ["label", "value", "interval", "average_shown", "rank_shown"]].head(3)

# %% [markdown]
# ## Trends
#
# Four series, one a subject of the book that is published every few years or every year. The average is taken over the
# members with a value in every year shown. A gap in a line is a missing value or a break that the publisher flags.

# %%
series = {
    "Mathematics, points": ("mathematics", [2012, 2015, 2018, 2022, 2025], ".0f"),
    "NEET, ages 15-29, %": ("neet", [*range(2013, 2023)], ".0f"),
    "Tertiary attainment, %": ("tertiary_attainment", [*range(2012, 2024)], ".0f"),
    "R&D, % of GDP": ("research", [*range(2012, 2024)], ".1f"),
}
lines, means = [], []
for panel, (name, years, _) in series.items():
    row = framework.set_index("indicator").loc[name]
    rows = load(row["table"]).query("ref_area in @members and time_period in @years")
    rows = rows.query(row["rows"]) if row["rows"] else rows
    rows = rows.reindex(columns=["ref_area", "time_period", "obs_value", "std_error", "obs_status"])
    grid = pd.MultiIndex.from_product([members, years], names=["ref_area", "time_period"])
    lines.append(rows.set_index(["ref_area", "time_period"]).reindex(grid).reset_index().assign(panel=panel))
    means.append(indicators.average(rows, constant=True, areas=members, code="OECD").assign(panel=panel))
lines, means = pd.concat(lines, ignore_index=True), pd.concat(means, ignore_index=True)
lines["std_error"] = lines["std_error"].astype(float)
lines["lower"], lines["upper"] = (lines["obs_value"] + sign * 1.96 * lines["std_error"] for sign in (-1, 1))
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
attained = load("regional-tertiary-attainment").assign(country=lambda rows: rows["ref_area"].map(areas["country"]))
attained = attained[attained["time_period"] == attained.groupby("country")["time_period"].transform("max")]
scoreboard = load("regional-innovation-scoreboard").query(
    "measure == 'innovation_index' and time_period == 2023 and ref_area_type != 'country'"
)
regional = pd.concat([attained, well_being, scoreboard], ignore_index=True)
regional = regional.assign(
    country=regional["ref_area"].map(areas["country"]), name=regional["ref_area"].map(areas["name"]).str.strip()
)
regional["time_period"] = regional["time_period"].astype(str)
spread = profiles.extremes(regional.query("country in @members"), ["country", "measure", "time_period"]).query(
    "n_regions > 1"
)
spread.groupby("measure").agg({"country": "nunique", "n_regions": ["min", "max"]})

# %%
forms = {
    "tertiary_attainment": ("Adults with tertiary education", ".0f", "%"),
    "upper_secondary": ("Adults with at least upper secondary education", ".0f", "%"),
    "disposable_income": ("Disposable income per head", ",.0f", "US dollars (PPP)"),
    "employment_rate": ("Employment rate", ".0f", "%"),
    "innovation_index": ("Regional Innovation Index (EU in 2016 = 100)", ".0f", ""),
}
spread = spread[spread["measure"].isin(forms)]
both = spread.groupby("country")["measure"].agg(set)
spread = spread[
    ~(
        (spread["measure"] == "upper_secondary")
        & spread["country"].map(both).map(lambda found: "tertiary_attainment" in found)
    )
]
spread["order"] = spread["measure"].map({name: place for place, name in enumerate(forms)})
spread = spread.sort_values(["country", "order"], ignore_index=True)
spread["text"] = [
    f"{forms[row.measure][0]}, {row.time_period}, {row.n_regions} regions: from {profiles.amount(row.lowest, *forms[row.measure][1:])}"
    f" in {row.lowest_name} to {profiles.amount(row.highest, *forms[row.measure][1:])} in {row.highest_name}."
    for row in spread.itertuples()
]
spread.loc[spread["country"] == "FIN", "text"].tolist()

# %% [markdown]
# ## Sentences
#
# At most four strengths and four questions a page: the clearest by their adjusted tests. The table marks all of them.

# %%
clearest = tests[tests["verdict"].isin(["higher", "lower"])].assign(
    clarity=lambda rows: (rows["obs_value"] / rows["std_error"]).abs()
)
clearest = clearest.groupby(["indicator", "ref_area"])["clarity"].max()
told = table[table["kind"] != ""].join(clearest, on=["indicator", "ref_area"])
told = told.sort_values("clarity", ascending=False, kind="stable").groupby(["ref_area", "kind"]).head(4)
told["text"] = [
    profiles.position_sentence(row) + (f" {row['question']}" if row["kind"] == "question" else "")
    for row in told.to_dict("records")
]
moves = tests[tests["comparison"] == "change"].rename(columns={"indicator": "domain"}).assign(start=2012, end=2022)
oecd = change[change["ref_area"] == "OECD-average-35"].set_index("indicator")["obs_value"]
beside = profiles.enumerate_words(
    f"{profiles.amount(oecd[name], '+.0f')} in {name}" for name in ["mathematics", "reading", "science"]
)
parts_of = areas[areas["area_type"] == "system"].groupby("country").groups
told.groupby("kind")["text"].first().tolist(), beside

# %%
sentences = {}
for code, name in names.items():
    own, rows, country = told[told["ref_area"] == code], table[table["ref_area"] == code], profiles.named(name)
    similar = profiles.enumerate_words(profiles.named(names[peer]) for peer in nearest[code])
    texts = [("about", f"Similar systems, by output per hour worked and tertiary attainment of adults: {similar}.")]
    for kind in ("strength", "question"):
        found = own.loc[own["kind"] == kind, "text"].tolist() or [profiles.nothing_sentence(kind, n_tests[code])]
        texts += [(kind, text) for text in found]
    texts.append(("trend", profiles.change_sentence(moves[moves["ref_area"] == code])))
    texts.append(("trend", f"For comparison, the OECD average of 35 countries moved by {beside}."))
    untested = rows[rows["obs_value"].notna() & rows["std_error"].isna()].assign(short=lambda part: part["subject"])
    texts.append(("position", profiles.untested_sentence(untested, name)))
    absent = rows.loc[rows["obs_value"].isna(), "table"].str.startswith("talis")
    partial = [
        areas.loc[part, "name"] for part in parts_of.get(code, []) if part in set(load("talis-ai-use")["ref_area"])
    ]
    if len(absent):
        texts.append(
            (
                "missing",
                f"Of the {len(rows)} indicators {profiles.count_words(len(absent))} {'has' if len(absent) == 1 else 'have'} no value, shown as m.",
            )
        )
    if absent.any():
        covered = (
            f" TALIS 2024 covered only {profiles.enumerate_words(sorted(partial))}, which does not stand for the country."
            if partial
            else ""
        )
        texts.append(("missing", f"There is no value of TALIS 2024 for {country}.{covered}"))
    found = spread.loc[spread["country"] == code, "text"].tolist()
    texts += [
        ("region", text)
        for text in found or [f"The sources at hand give {country} as a single region, so that no spread can be shown."]
    ]
    sentences[code] = pd.DataFrame(texts, columns=["kind", "text"])
{code: len(rows) for code, rows in sentences.items()}

# %% [markdown]
# ## What is published
#
# Three things a country: the table, the trends, the sentences. The Netherlands stand here for all; the pages of the
# countries show the others.

# %%
USED = [*TABLES, "labour-productivity"]
columns = {"label": "Indicator", "year_shown": "Year", "value": "Value", "interval": "95% interval", "average_shown": "OECD average",
           "average_verdict": "Than average", "peers_shown": "Similar systems", "peer_verdict": "Than similar", "rank_shown": "Rank"}  # fmt: skip
kept = ["indicator", "label", "chapter", "table", "unit", "year", "obs_value", "std_error", "lower", "upper", "obs_status", "average",
        "n_averaged", "average_verdict", "peer_mean", "peer_verdict", "peers", "rank", "rank_first", "rank_last", "n_ranked", "quarter"]  # fmt: skip
printed = list(dict.fromkeys([*kept, *columns]))
tables = {}
for code, name in names.items():
    rows = table[table["ref_area"] == code].reset_index(drop=True)[printed]
    above, below = ((rows["average_verdict"] == verdict).sum() for verdict in ("higher", "lower"))
    tables[code] = exhibits.table(
        f"country-{code.lower()}-indicators", rows, columns=columns, indicators=USED, collection="countries",
        title=f"{name}: {above} indicator{'' if above == 1 else 's'} above, {below} below the average",
        subtitle=f"{len(rows)} indicators, latest year, beside the OECD average and similar systems",
        shows=f"{len(rows)} indicators of {profiles.named(name)}, beside the OECD average and similar systems,",
        finding=f"{above} are higher and {below} lower than the OECD average by a test",
        note=f"Higher, lower: significant at 5%; all {n_tests[code]} tests of this page, changes of scores among them, are adjusted together (false-discovery"
        " rate). No SE: no standard error is published, so nothing is tested. Ranks count from the highest value; a band holds the ranks that the errors"
        " leave open. In brackets: countries averaged; TALIS without those flagged s. m: not available; s: caution asked for. PPP: purchasing power parities.",
    )  # fmt: skip
tables["NLD"]

# %%
figures = {}
notes = profiles.enumerate_words(f"{n} countries" for n in counts)
for code, name in names.items():
    rows = lines[lines["ref_area"] == code].assign(line=name)
    breaks = rows[
        rows["obs_status"].str.contains("b", na=False)
        & (rows["time_period"] > rows.groupby("panel")["time_period"].transform("min"))
    ]
    gaps = breaks.assign(time_period=breaks["time_period"] - 0.5, obs_value=np.nan, lower=np.nan, upper=np.nan)
    drawn = pd.concat([rows, gaps, means.assign(line="OECD average")], ignore_index=True)
    chart = charts.small_multiples(
        drawn, panel="panel", x="time_period", value="obs_value", lower="lower", upper="upper", group="line", group_order=[name, "OECD average"],
        panel_order=list(series), shared=False, number={panel: form for panel, (_, _, form) in series.items()},
    )  # fmt: skip
    way = moves.set_index(["ref_area", "domain"])["verdict"].get((code, "mathematics"))
    message = {"lower": "mathematics fell from 2012 to 2022", "higher": "mathematics rose from 2012 to 2022",
               "not clear": "no clear change in mathematics, 2012 to 2022"}.get(way, "no published change in mathematics to 2022")  # fmt: skip
    figures[code] = exhibits.figure(
        f"country-{code.lower()}-trends", chart, data=pd.concat([rows, means.assign(line="OECD average")])[["panel", "line", "time_period", "obs_value", "std_error", "lower", "upper", "obs_status", "n_areas"]],
        title=f"{name}: {message}", indicators=sorted(framework.set_index("indicator").loc[[part for part, _, _ in series.values()], "table"]),
        subtitle="PISA mathematics; not in employment, education or training (NEET); adults aged 25 to 64; research and development",
        shows=f"four series of {profiles.named(name)} beside the OECD average", collection="countries",
        finding=message, note=f"OECD averages over the members with a value in every year shown: {notes}, in the order of the panels. A gap in a line: no value, or a break."
        " Mathematics in 2025 is shown and not tested, as the link error is not at hand. NEET: European countries have a break in 2021.",
    )  # fmt: skip
figures["NLD"]

# %%
for code, rows in sentences.items():
    used = [
        *USED,
        "pisa-change",
        "regional-well-being",
        "regional-tertiary-attainment",
        "regional-innovation-scoreboard",
    ]
    last = exhibits.statements(f"country-{code.lower()}-sentences", rows, indicators=used)
    if code == "NLD":
        print(last)
