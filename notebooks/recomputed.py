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
# # Recomputation of ten numbers
#
# Ten numbers on which the summary and the chapters rest are computed again in a way that shares as little as possible with the
# first: from another table, by another method, or by other software. *Stated* is what the chapter says, computed
# here as there. Tolerances were written down before the second route was run.

# %%
import contextlib
import sqlite3
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.multitest import multipletests

from crossroads import (
    areas,
    columns,
    exhibits,
    indicators,
    intervals,
    load,
    models,
    numbers,
    regions,
    strength,
    studies,
)

# %%
members = areas.members()
KEY = ["ref_area", "time_period"]
TOLERANCES = {
    "ch1-falls": 0, "ch1-within-tertiary": 1, "ch1-oecd-within-schooling": 1, "ch1-income-slope": 0.1,
    "ch2-practice-risen": 1, "ch3-tie-networks": 0.1, "ch4-firm-takes": 0.1, "ch5-type-chance": 1, "ch5-levers-moderate": 0,
    "ch5-links-sure": 0,
}  # fmt: skip
stated, other = {}, {}

# %% [markdown]
# ## Falls in mathematics, 2012 to 2022
#
# Stated: from the changes and standard errors that the OECD publishes. Other route: from the scores of the two cycles. The
# error of the link between the scales is not in those tables; it is what is left of the published error of the OECD average
# when the two sampling errors are taken off. The false discovery rate is controlled by hand: sorted, the p-values are
# compared with a line that rises to the level of the test.

# %%
published = load("pisa-change").query("domain == 'mathematics' and time_period == '2012-2022'").set_index("ref_area")
change = published.loc[published.index.isin(members)].dropna(subset=["obs_value"])
p = stats.false_discovery_control(2 * stats.norm.sf((change["obs_value"] / change["std_error"]).abs()))
stated["ch1-falls"] = int(((p < 0.05) & (change["obs_value"] < 0)).sum())

# %%
scores = load("pisa-mathematics").pivot(index="ref_area", columns="time_period", values=["obs_value", "std_error"])
means, errors = scores["obs_value"][[2012, 2022]], scores["std_error"][[2012, 2022]]
link_error = np.sqrt(published.loc["OECD-average-35", "std_error"] ** 2 - (errors.loc["OECD-average-35"] ** 2).sum())

# %%
both = means[means.index.isin(members)].dropna()
z = (both[2022] - both[2012]) / np.sqrt((errors.loc[both.index] ** 2).sum(axis=1) + link_error**2)
p = pd.Series(2 * stats.norm.sf(z.abs()), z.index).sort_values()
below = p.to_numpy() < 0.05 * np.arange(1, len(p) + 1) / len(p)
kept = p.index[: below.nonzero()[0].max() + 1]
other["ch1-falls"] = int((z[kept] < 0).sum())
round(link_error, 2), len(p), int((z[kept] > 0).sum())

# %% [markdown]
# ## Variance of attainment within countries, in Europe and in the OECD
#
# Stated: from sums of squares in the package, corrected by degrees of freedom for the number of regions that tell the mean of
# a country. Other route: no formula for the correction. The regions' countries are shuffled again and again, and what they
# then seem to explain is what chance gives; the share explained is set against it.

# %%
regional = {
    name: load(table).query("ref_area_type == 'NUTS2' and time_period == 2023 and obs_value.notna()")
    for name, table in {"tertiary": "regional-tertiary-attainment", "gdp": "regional-gdp-per-head"}.items()
}
schooling = load("regional-well-being").query(
    "edition == '2022' and ref_area_type != 'country' and measure == 'upper_secondary' and obs_value.notna()")  # fmt: skip
places = {"ch1-within-tertiary": regional["tertiary"], "ch1-oecd-within-schooling": schooling}
places = {name: areas.add(table, "country") for name, table in places.items()}
for name, table in places.items():
    split = regions.variance_within_between(table).set_index("component")
    stated[name] = split.loc["within", "obs_value"]

# %%
generator = np.random.default_rng(1)
uncorrected, n_regions = {}, {}
for name, table in places.items():
    value, country = table["obs_value"].to_numpy(), pd.factorize(table["country"])[0]
    orders = np.vstack([value, generator.permuted(np.tile(value, (2_000, 1)), axis=1)])
    means = np.stack([orders[:, country == code].mean(axis=1) for code in range(country.max() + 1)], axis=1)
    explained = means[:, country].var(axis=1) / value.var()
    other[name] = 100 * (1 - explained[0]) / (1 - explained[1:].mean())
    uncorrected[name], n_regions[name] = 100 * (1 - explained[0]), len(table)
stated, other, uncorrected

# %% [markdown]
# ## GDP per head that goes with attainment
#
# Stated: the slope within countries of the package, for ten percentage points, from deviations from means. Other route: a mixed
# model by maximum likelihood, with a random level for each country and the mean attainment of the country beside that of the
# region. The coefficient of the latter is the slope within countries (Mundlak).

# %%
pair = pd.DataFrame({name: table.set_index("ref_area")["obs_value"] for name, table in regional.items()}).dropna()
pair = areas.add(pair.assign(log_gdp=np.log(pair["gdp"])).reset_index(), "country")
slope = models.association(pair, "log_gdp", "tertiary", group="country", design="within").iloc[0]
stated["ch1-income-slope"] = 100 * np.expm1(10 * slope["obs_value"])

# %%
pair["usual"] = pair.groupby("country")["tertiary"].transform("mean")
fit = smf.mixedlm("log_gdp ~ tertiary + usual", pair, groups="country").fit(reml=False)
other["ch1-income-slope"] = 100 * np.expm1(10 * fit.params["tertiary"])
len(pair), pair["country"].nunique()

# %% [markdown]
# ## Countries in which five practices became more frequent
#
# Stated: Cohen's h of each practice, errors by the delta method, their mean tested and adjusted by the package. Other route:
# shares are drawn many times around those published, all five of a country up or down together, and turned into angles; a
# country counts if the mean moved up beyond chance, by the false discovery rate of another library.

# %%
asked_twice = ["critical_thinking", "open_tasks", "small_groups", "own_procedures", "observation"]
practices = pd.concat([load("talis-teaching-practices"), load("talis-assessment-practices")])
practices = practices.query(
    "isced_level == '2' and ref_area in @members and item in @asked_twice and time_period in [2018, 2024]")  # fmt: skip
effects = indicators.effect_size(practices, 2018, 2024, by=("item",)).dropna(subset=["obs_value"])
means = intervals.with_test(indicators.summarise_effects(effects))
stated["ch2-practice-risen"] = int((means["significant"] & (means["obs_value"] > 0)).sum())

# %%
wide = (
    practices.pivot(index=["ref_area", "item"], columns="time_period", values=["obs_value", "std_error"]).dropna() / 100
)
normal, drawn = {year: generator.standard_normal(20_000) for year in (2018, 2024)}, {}
for code, rows in wide.groupby("ref_area"):
    angle = {year: np.arcsin(np.sqrt(np.clip(rows["obs_value", year].to_numpy()[:, None] + np.outer(rows["std_error", year], draw), 0, 1)))
             for year, draw in normal.items()}  # fmt: skip
    moved = 2 * (angle[2024] - angle[2018]).mean(axis=0)
    drawn[code] = moved.mean() / moved.std()
drawn = pd.Series(drawn)
sure = multipletests(2 * stats.norm.sf(drawn.abs()), method="fdr_bh")[0]
other["ch2-practice-risen"] = int((sure & (drawn > 0)).sum())

# %% [markdown]
# ## Teachers in a network
#
# Stated: the average that the OECD publishes. Other route: the mean of the members' own values, without those that
# the OECD leaves out of its average because too few teachers answered.

# %%
talis = load("talis-learning-modes").query(
    "isced_level == '2' and time_period == 2024 and item == 'networks' and delivery == 'total'")  # fmt: skip
talis = talis.set_index("ref_area")
stated["ch3-tie-networks"] = talis.loc["OECD-average-27", "obs_value"]
own = talis[talis.index.isin(members) & talis["obs_value"].notna()]
flagged = columns.flagged(own, columns.CAUTION)
other["ch3-tie-networks"] = own.loc[~flagged, "obs_value"].sum() / (~flagged).sum()
int((~flagged).sum()), areas.names(own.index[flagged])

# %% [markdown]
# ## Firms with trainees
#
# Stated: the mean over members with both of two tables. Other route: a database, which joins and averages by itself.

# %%
GROUPS = {"trains": ("vocational-education-europe", "enterprises_that_train"),
          "takes": ("vocational-graduates", "enterprises_with_apprentices")}  # fmt: skip
firms = pd.concat(
    {name: load(table).query("measure == @measure") for name, (table, measure) in GROUPS.items()}, names=["group"]
)
firms = firms.query("time_period == 2020 and ref_area in @members and obs_value.notna()").reset_index("group")
stated["ch4-firm-takes"] = firms.pivot(index="ref_area", columns="group", values="obs_value").dropna()["takes"].mean()

# %%
WANTED = """select avg(takes.obs_value), count(*) from takes join trains on takes.ref_area = trains.ref_area
join members on members.ref_area = takes.ref_area
where takes.measure = 'enterprises_with_apprentices' and trains.measure = 'enterprises_that_train'
and takes.time_period = 2020 and trains.time_period = 2020 and takes.obs_value is not null and trains.obs_value is not null"""
with contextlib.closing(sqlite3.connect(":memory:")) as database:
    for name, (table, _) in GROUPS.items():
        load(table).to_sql(name, database)
    pd.Series([*members], name="ref_area").to_sql("members", database)
    other["ch4-firm-takes"], n_firms = database.execute(WANTED).fetchone()
n_firms

# %% [markdown]
# ## Regions that would be strong in both by chance
#
# Stated: the product of the two margins. Other route: innovation is shuffled over the regions, many times, and those
# strong in both are counted.

# %%
attainment = regional["tertiary"].set_index("ref_area")["obs_value"]
index = load("regional-innovation-scoreboard").query("measure == 'innovation_index' and time_period == 2023")
known = pd.DataFrame({"x": attainment, "y": index.set_index("ref_area")["obs_value"]}).dropna()
strong = {name: (known[name] >= known[name].median()).to_numpy() for name in ("x", "y")}
stated["ch5-type-chance"] = strong["x"].sum() * strong["y"].sum() / len(known)
dealt = generator.permuted(np.tile(known["y"].to_numpy(), (2_000, 1)), axis=1) >= known["y"].median()
other["ch5-type-chance"] = (dealt & strong["x"]).sum(axis=1).mean()
len(known), int((strong["x"] & strong["y"]).sum())

# %% [markdown]
# ## Levers with moderate evidence
#
# Stated: by the module of the package. Other route: the rule as the annex on grades words it, from the records, with dictionaries
# and without the module.

# %%
library, lists = studies.load(), studies.lists()
graded = strength.by_outcome(strength.votes(studies.findings(library), lists["designs"]), studies.overrides())
by_lever = strength.by_lever(graded, lists["levers"], lists["outcomes"])
stated["ch5-levers-moderate"] = int((by_lever["grade"] == "moderate").sum())

# %%
ranks = {"tests": 0, "syntheses": 1, "comparisons": 2, "associations": 3}
ballots = defaultdict(lambda: defaultdict(list))
for key, study in library.items():
    for finding in study["findings"]:
        kind = lists["designs"][finding.get("design", study["design"])]["class"]
        kind = "comparisons" if kind == "tests" and study.get("insecure") else kind
        if finding["lever"] and finding["sign"] and finding["direct"] and kind in ranks:
            pair_ = finding["lever"], finding["outcome"]
            ballots[pair_][study["trial"] or key].append((ranks[kind], finding["sign"]))

# %%
best = {}
for (lever, outcome), trials in ballots.items():
    cast = [(min(kind for kind, _ in votes), {sign for _, sign in votes}) for votes in trials.values()]
    deciding = [(kind, signs.pop() if len(signs) == 1 else "mixed") for kind, signs in cast if kind < 3]
    sign, top = Counter(sign for _, sign in deciding).most_common(1)[0] if deciding else ("", 0)
    tests, n = sum(kind < 2 for kind, _ in deciding), len(deciding)
    agree = sign != "mixed" and 3 * top >= 2 * n
    moderate = agree and (tests == 1 if n == 1 else n == 2 or (n > 2 and tests == 0))
    size = (n, tests, len(cast), -list(lists["outcomes"]).index(outcome))
    best[lever] = max(best.get(lever, (size, moderate)), (size, moderate))
other["ch5-levers-moderate"] = sum(bool(moderate) for _, moderate in best.values())
len(best), len(studies.overrides())

# %% [markdown]
# ## Links between levers and outcomes
#
# Stated: rank correlations, tests by Student's t, adjusted by the false discovery rate. Other route: for each pair of lever and
# outcome the countries' outcomes are shuffled many times, and the tests are adjusted by Holm's rule. It bounds the
# chance of a single false finding among all of them, and so is stricter.

# %%
schools = load("pisa-2012-schools-by-place").query("place == 'total' and ref_area in @members")
schools = schools.pivot(index="ref_area", columns="measure", values="obs_value")
trust = load("trust-in-government").query("ref_area in @members and obs_value.notna()")
spans = [trust[trust["time_period"].between(*years)].groupby("ref_area")["obs_value"].agg(["mean", "size"])
         for years in ((2010, 2012), (2020, 2022))]  # fmt: skip
covered = spans[0].query("size >= 2").index

# %%
money = load("education-expenditure-unesco").query("ref_area in @members")
paid = {payer: indicators.latest(money.query(f"measure == '{payer}_share_of_gdp'"), 2019, max_age=3, areas=members)
        .set_index("ref_area")["obs_value"] for payer in ("government", "household")}  # fmt: skip
research = load("rd-expenditure").query("measure == 'gross_expenditure'")
research = indicators.latest(research, 2021, max_age=5, areas=members).set_index("ref_area")["obs_value"]

# %%
levers = schools[["resource_autonomy", "curriculum_autonomy", "teacher_participation"]].reindex(members)
levers["trust"] = spans[1].query("size >= 2 and ref_area in @covered")["mean"]
levers["government"], levers["research"] = paid["government"], research
levers["household"] = paid["household"][lambda share: share >= 0.01]

# %%
lower_secondary = "isced_level == '2' and time_period == 2024 and item == "
mathematics = "domain == 'mathematics' and obs_value.notna() and time_period == "
outcomes = {
    "tasks": load("talis-teaching-practices").query(lower_secondary + "'open_tasks'"),
    "visits": load("talis-learning-modes").query(lower_secondary + "'school_visits' and delivery == 'total'"),
    "score": load("pisa-mathematics").query("time_period == 2022"),
    "change": load("pisa-change").query(mathematics + "'2012-2022'"),
    "gap": load("pisa-escs-gap").query(mathematics + "2022"),
}
outcomes = pd.DataFrame({name: rows.set_index("ref_area")["obs_value"] for name, rows in outcomes.items()})

# %%
pairs = {
    (a, b): pd.concat([levers[a], outcomes[b].reindex(members)], axis=1).dropna() for a in levers for b in outcomes
}
first = pd.Series({key: stats.spearmanr(*rows.to_numpy().T).pvalue for key, rows in pairs.items()})
stated["ch5-links-sure"] = int((multipletests(first, method="fdr_bh")[1] < 0.05).sum())

# %%
by_lot = {}
for key, rows in pairs.items():
    x, y = (ranks - ranks.mean() for ranks in rows.rank().to_numpy().T)
    shuffled = generator.permuted(np.tile(y, (10_000, 1)), axis=1) @ x
    by_lot[key] = (1 + (np.abs(shuffled) >= abs(x @ y) * (1 - 1e-12)).sum()) / 10_001
by_lot = pd.Series(by_lot)
other["ch5-links-sure"] = int(multipletests(by_lot, method="holm")[0].sum())
links_same_rule = int(multipletests(by_lot, method="fdr_bh")[0].sum())
other["ch5-links-sure"], links_same_rule, by_lot.nsmallest(4).round(4).to_dict()

# %% [markdown]
# ## Side by side
#
# A difference within the tolerance counts as agreement. One that is larger stays in the table and is explained on the page.

# %%
ROUTES = {
    "ch1-falls": ("Countries where mathematics fell, 2012 to 2022", "Scores of both cycles and the link error"),
    "ch1-within-tertiary": (
        "Variance of attainment within countries, Europe, %",
        "Countries shuffled over the regions",
    ),
    "ch1-oecd-within-schooling": (
        "Variance of attainment within countries, OECD, %",
        "Countries shuffled over the regions",
    ),
    "ch1-income-slope": ("GDP per head, for ten points of attainment, %", "Mixed model with means of countries"),
    "ch2-practice-risen": ("Countries with more of five practices", "Shares drawn around those published"),
    "ch3-tie-networks": ("Teachers in a network, %", "Mean of members' own values"),
    "ch4-firm-takes": ("Firms with trainees in Europe, %", "A database that joins and averages"),
    "ch5-type-chance": ("Regions strong in both by chance", "Innovation shuffled over the regions"),
    "ch5-levers-moderate": ("Levers with moderate evidence", "The rule, without the module"),
    "ch5-links-sure": ("Links of levers that stand after adjustment", "Shuffled outcomes, Holm"),
}
# %%
table = pd.DataFrame(ROUTES, index=["number", "route"]).T.rename_axis("value_id").reset_index()
for column, results in {"stated": stated, "other": other, "tolerance": TOLERANCES}.items():
    table[column] = table["value_id"].map(results).astype(float)
table["difference"] = (table["other"] - table["stated"]).round(6) + 0.0
table["verdict"] = np.where(table["difference"].abs() <= table["tolerance"], "agrees", "differs")
agrees = int((table["verdict"] == "agrees").sum())
table[["value_id", "stated", "other", "difference", "tolerance", "verdict"]].round(3)

# %%
forms = np.where(table["value_id"].map(TOLERANCES) % 1 == 0, ".0f", ".2f")
for column in ("stated", "other", "difference", "tolerance"):
    table[f"{column}_shown"] = [numbers.amount(number, form) for number, form in zip(table[column], forms, strict=True)]

# %%
TABLES = ["pisa-change", "pisa-mathematics", "regional-gdp-per-head", "regional-innovation-scoreboard",
          "regional-tertiary-attainment", "regional-well-being", "studies", "talis-assessment-practices",
          "vocational-education-europe", "vocational-graduates"]  # fmt: skip
LEVERS = ["education-expenditure-unesco", "pisa-2012-schools-by-place", "pisa-escs-gap", "rd-expenditure", "talis-learning-modes",
          "talis-teaching-practices", "trust-in-government"]  # fmt: skip
printed = {"number": "Number", "route": "Other route", "stated_shown": "Stated", "other_shown": "Other",
           "difference_shown": "Difference", "tolerance_shown": "Tolerance", "verdict": "Verdict"}  # fmt: skip

# %%
exhibits.table(
    "methods-recomputed", table, indicators=sorted([*TABLES, *LEVERS]), columns=printed,
    title="Most of ten headline numbers come out again",
    subtitle="Ten numbers as stated in the chapters and by a second route, with the difference allowed beforehand",
    shows="ten numbers by two routes with difference and tolerance",
    finding=f"{agrees} of {len(table)} agree within the tolerance and {len(table) - agrees} differ",
    note="The tolerance was set before the second route was run. Counts are whole; other numbers have two decimals.",
    limits="Errors in the publishers' tables that both routes share.")  # fmt: skip

# %%
about = {"indicators": TABLES, "exhibit": "methods-recomputed", "n_obs": len(table)}
exhibits.values({"n": len(table), "agree": agrees, "differ": len(table) - agrees}, prefix="methods-recomputed", **about)
AREAS = {"": ("ch1-within-tertiary", "2023", "regional-tertiary-attainment"),
         "-oecd": ("ch1-oecd-within-schooling", "edition of 2022", "regional-well-being")}  # fmt: skip
for suffix, (name, period, used) in AREAS.items():
    exhibits.value(f"methods-recomputed-uncorrected{suffix}", uncorrected[name], format=".0f", unit="%", time_period=period,
                   indicators=[used], n_obs=n_regions[name], exhibit="methods-recomputed")  # fmt: skip
exhibits.value("methods-recomputed-link-error", link_error, format=".2f", unit="score points", time_period="2012 to 2022",
               indicators=["pisa-change", "pisa-mathematics"], exhibit="methods-recomputed")  # fmt: skip

# %%
counts = {"links-holm": other["ch5-links-sure"], "links-same-rule": links_same_rule}
exhibits.values(
    counts, prefix="methods-recomputed", indicators=sorted([*TABLES, *LEVERS]), exhibit="methods-recomputed"
)
