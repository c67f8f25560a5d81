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
# # Methods: a composite index, step by step
#
# The ten steps of the OECD and JRC Handbook on composite indicators, applied to conditions for innovation in lower
# secondary schools of OECD members. The index orders systems by conditions that can be measured. It does not order
# them by the quality of their schools, and the analysis is as much about how far such an order can be trusted.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, clusters, composite, data, exhibits, indicators, load, numbers

members = areas.members()
PILLARS = {"practice": "Practice", "capacity": "Capacity", "connections": "Connections", "context": "Context"}

# %% [markdown]
# ## Step 1: framework
#
# Schools are more likely to change what they do where teachers already use demanding ways of teaching (practice), where
# they have skills, colleagues and time (capacity), where they meet others outside their school (connections), and where
# means, research and trust surround them (context). Results of students are left out: they are what conditions
# might go with, not conditions. The framework is a table: one row an indicator, its pillar and where it comes from. All
# weights are equal, within pillars and between them.
#
# Which way an indicator is better stands in the description of its table. Practices, contacts and means have no better
# side there, as more of them is no sign of quality. The index counts more of them all the same, because it describes
# where change is more likely, and not where schools are good.

# %%
total, modes = "experience == 'total'", "delivery == 'total' and item =="
TEACHING = [
    ("Tasks without an obvious solution", "practice", "talis-teaching-practices", "item == 'open_tasks'"),
    ("Students choose their procedure", "practice", "talis-teaching-practices", "item == 'own_procedures'"),
    ("Tasks that need critical thinking", "practice", "talis-teaching-practices", "item == 'critical_thinking'"),
    ("Small groups find a joint solution", "practice", "talis-teaching-practices", "item == 'small_groups'"),
    ("Projects of a week or longer", "practice", "talis-teaching-practices", "item == 'long_projects'"),
    ("Students assess themselves", "practice", "talis-assessment-practices", "item == 'self_assessment'"),
]

# %%
MEANS = [
    ("Kinds of professional learning", "capacity", "talis-learning-participation", f"measure == 'modes' and {total}"),
    ("Confidence with digital tools", "capacity", "talis-digital-confidence", "item == 'support_learning'"),
    ("Shortage of qualified teachers", "capacity", "talis-shortages", "item == 'qualified_teachers'"),
    ("Shortage of digital tools", "capacity", "talis-shortages", "item == 'digital_tools'"),
    ("Too little time to lead learning", "capacity", "talis-shortages", "item == 'leadership_time'"),
    ("No incentives to learn", "capacity", "talis-learning-barriers", "item == 'incentives'"),
]

# %%
TIES = [
    ("Networks of teachers", "connections", "talis-learning-modes", f"{modes} 'networks'"),
    ("Visits to other schools", "connections", "talis-learning-modes", f"{modes} 'school_visits'"),
    ("Visits to businesses and others", "connections", "talis-learning-modes", f"{modes} 'business_visits'"),
    ("Digital work with people outside", "connections", "talis-digital-practices",
     "item == 'outside_collaboration' and sex == 'total' and age == 'total'"),
    ("Learning about work with parents", "connections", "talis-learning-content", f"item == 'parents' and {total}"),
    ("Work outside education", "connections", "talis-other-work-experience",
     "role == 'non_education' and years_of_work == 'any'"),
]  # fmt: skip
framework = pd.DataFrame([*TEACHING, *MEANS, *TIES], columns=["code", "parent", "table", "rows"])

# %% [markdown]
# ## Step 2: data
#
# Most indicators are answers of lower secondary teachers and principals in TALIS 2024. The others describe the
# country; where the year wanted is missing, the nearest of the five years before stands for it.

# %%
parts, published = {}, {}
for row in framework.itertuples():
    table = load(row.table).query("isced_level == '2' and time_period == 2024 and ref_area in @members")
    table = table.query(row.rows).set_index("ref_area")
    parts[row.code], published[row.code] = table["obs_value"], table["std_error"]

# %%
spending = load("education-spending").query("measure == 'spending_per_student'")
context = {
    "Spending per student": (
        spending.query("education_level == 'primary_to_post_secondary'"),
        2019,
        "education-spending",
    ),
    "Research and development": (
        load("rd-expenditure").query("measure == 'gross_expenditure'"),
        2021,
        "rd-expenditure",
    ),
    "Trust in government": (load("trust-in-government"), 2022, "trust-in-government"),
}
taken = {code: indicators.latest(table, year, max_age=5, areas=members) for code, (table, year, _) in context.items()}
year_notes = {code: indicators.year_note(table, areas.table()["name"]) for code, table in taken.items()}
year_notes

# %%
parts |= {code: table.set_index("ref_area")["obs_value"] for code, table in taken.items()}
support = load("better-life-index").query("measure == 'support_network' and group == 'total' and ref_area in @members")
parts["Someone to count on"] = support.set_index("ref_area")["obs_value"]
wide = pd.DataFrame(parts).reindex(members).rename_axis("ref_area")
errors = pd.DataFrame(published).reindex(members)
pd.DataFrame({"values": wide.notna().sum(), "with error": errors.notna().sum()}).fillna(0).astype(int)

# %%
sources = {code: (name, "") for code, (_, _, name) in context.items()}
sources["Someone to count on"] = "better-life-index", "measure == 'support_network'"
around = pd.DataFrame(sources.values(), columns=["table", "rows"]).assign(code=list(sources), parent="context")
framework = pd.concat([framework, around], ignore_index=True).assign(weight=1.0)
framework["direction"] = [data.direction(row.table, row.rows) or 1 for row in framework.itertuples()]
TABLES = sorted(set(framework["table"]))

# %%
printed = framework.assign(pillar=framework["parent"].map(PILLARS), n=framework["code"].map(wide.notna().sum()))
printed["middle"] = printed["code"].map(wide.median())
printed["better"] = printed["direction"].map({1: "more", -1: "less"})
printed = printed[["pillar", "code", "better", "n", "middle", "table"]]

# %%
columns = {"pillar": "Pillar", "code": "Indicator", "better": "Counts if", "n": "Countries", "middle": "Median"}
years = " ".join(f"{code}: {text}" for code, text in year_notes.items())
note = ("Medians are % of teachers, except: kinds of professional learning (number), spending per student (US dollars at"
        " purchasing power parity), research and development (% of GDP), trust and someone to count on (% of people)."
        f" Where an indicator has no better side by itself, more of it counts. {years}")  # fmt: skip

# %%
exhibits.table(
    "methods-composite-framework", printed, formats={"middle": ".1f"}, indicators=TABLES, columns=columns,
    title="Twenty-two indicators in four pillars describe conditions",
    subtitle="Framework of the index, OECD members, TALIS 2024 (lower secondary) and latest years of country data",
    shows="the indicators of the index with pillar, direction, number of countries and median",
    finding=f"{printed['n'].min()} to {printed['n'].max()} of {len(members)} members have a value",
    note=note,
    limits="Conditions that no survey asks about, and how well anything is done.")  # fmt: skip

# %% [markdown]
# ### Coverage
#
# A country enters with three quarters of the indicators. The members that did not take part in TALIS 2024 have
# those of the context alone, and stay out: an order that rests on imputed answers of teachers would be made up.

# %%
coverage = wide.notna().mean(axis=1).mul(100).rename("share").rename_axis("code").reset_index()
coverage["group"] = np.where(coverage["share"] >= 75, "In the index", "Too few indicators")
out = coverage.query("share < 75")
chart = charts.tile_grid(
    coverage, layout=areas.table().dropna(subset="tile_row").reset_index(), code="code", value="share", group="group",
    group_order=["In the index", "Too few indicators"], unit="Share of the indicators with a value, %")  # fmt: skip

# %%
exhibits.figure(
    "methods-composite-coverage", chart, data=coverage, indicators=TABLES,
    title="Members outside TALIS 2024 are outside the index",
    subtitle=f"Share of the {len(framework)} indicators with a value, %, OECD members",
    shows=f"the share of indicators available in {len(coverage)} OECD members",
    finding=f"{len(coverage) - len(out)} members have three quarters or more and {len(out)} have fewer",
    note=f"Too few indicators: {', '.join(areas.names(out['code']))}.",
    limits="Why countries did not take part.")  # fmt: skip

# %% [markdown]
# ## Steps 3, 5 and 6: imputation, normalisation, weights and aggregation
#
# The few gaps are filled from the five countries most alike. An indicator with skewness above 2 and kurtosis above 3.5
# would be winsorised. Min-max normalisation puts every indicator on 1 to 100 between the lowest and the highest
# country; pillars are means of indicators and the index is the mean of the pillars. The report lists what was done.

# %%
pillars = pd.DataFrame({"code": list(PILLARS), "parent": "index", "direction": 1, "weight": 1.0})
top = pd.DataFrame({"code": ["index"], "parent": [None], "direction": [1], "weight": [1.0]})
tree = composite.Framework(pd.concat([framework.drop(columns=["table", "rows"]), pillars, top], ignore_index=True))
choices = composite.Choices(coverage=0.75, impute="neighbours")
index = composite.build(wide, tree, choices)
n = len(index.scores)
index.report

# %%
imputed = index.report.query("step == 'imputed'")["n"].sum()
treated = index.report.query("step == 'treated'")
about = {"indicators": TABLES, "time_period": "2024"}
counts = {"n": n, "indicators": len(framework), "out": len(out), "imputed": int(imputed)}
exhibits.values(counts, prefix="methods-composite", **about)
exhibits.value("methods-composite-treated", str(len(treated) or "none"), **about)

# %% [markdown]
# ## Step 4: do the elements belong together?
#
# The audit looks at each pillar: Cronbach's alpha (do its indicators agree?), the share of variance on its first
# component, and how the pillar goes with the mean of the others. Where alpha is low, a pillar is a list of separate
# conditions, and its score is a convention.

# %%
elements, groups = composite.audit(index)
quiet = elements.query("flag != '' and parent != 'index'")
lines = groups.merge(elements[["code", "correlation_rest", "correlation_index"]], on="code", how="left")
lines["pillar"] = lines["code"].map(PILLARS | {"index": "Index (of the pillars)"})
lines = pd.concat([lines.iloc[1:], lines.iloc[:1]], ignore_index=True)  # the index below its pillars
lines["flagged"] = lines["code"].map(quiet.groupby("parent").size()).fillna(0).astype(int)
alphas, rest = groups.set_index("code")["alpha"], elements.set_index("code")["correlation_rest"]

# %%
columns = {"pillar": "Pillar", "n_elements": "Elements", "alpha": "Cronbach's alpha",
           "first_component": "First component, %", "correlation_rest": "r with other pillars",
           "flagged": "Flagged"}  # fmt: skip

# %%
exhibits.table(
    "methods-composite-audit", lines.drop(columns="code"), indicators=TABLES, columns=columns,
    formats={"alpha": ".2f", "first_component": ".0f", "correlation_rest": "+.2f"},
    title="The pillars do not measure one thing",
    subtitle=f"Internal consistency of pillars and of the index, {n} OECD members, 2024",
    shows="Cronbach's alpha, the share of the first component and correlations for four pillars and the index",
    finding=f"alpha is {lines['alpha'].max():.2f} at most, and {alphas['index']:.2f} for the index of pillars",
    note="r: correlation of the pillar with the mean of the others. Flagged: indicators that correlate with their pillar"
    f" by less than 0.3 or negatively ({', '.join(quiet['code'])}). m: not applicable.",
    limits=f"Anything precise: with {n} countries a correlation has a wide interval.")  # fmt: skip

# %%
about["exhibit"] = "methods-composite-audit"
exhibits.values(alphas.to_dict(), prefix="methods-composite-alpha", format=".2f", n_obs=n, **about)
exhibits.value("methods-composite-context-rest", rest["context"], format="+.2f", n_obs=n, **about)
exhibits.value("methods-composite-flagged", len(quiet), **about)

# %% [markdown]
# ## Pillars before ranks
#
# A profile says more than a place. The matrix shows the four pillars of every country, in the order of the index.

# %%
scores = index.scores.rename_axis("ref_area").sort_values("index", ascending=False).reset_index()
scores = areas.add(scores, country="name")
long = scores.melt(["ref_area", "country"], [*PILLARS, "index"], "code", "score")
long["pillar"] = long["code"].map(PILLARS | {"index": "Index"})
chart = charts.heat_matrix(long, row="country", column="pillar", value="score", limits=(1, 100),
                           row_order=scores["country"].tolist(), unit="Score, 1 to 100")  # fmt: skip

# %%
parts = index.scores[list(PILLARS)]
spread = parts.max(axis=1) - parts.min(axis=1)
uneven, even = areas.names([spread.idxmax(), spread.idxmin()])
all_above = int((parts > parts.mean()).all(axis=1).sum())

# %%
exhibits.figure(
    "methods-composite-pillars", chart, data=long, indicators=TABLES,
    title="Hardly any system is strong in all four pillars",
    subtitle=f"Scores of pillars and index, 1 (lowest country) to 100 (highest), {n} OECD members, 2024",
    shows=f"the scores of {n} countries in four pillars",
    finding=f"{uneven} has the most uneven profile, with {spread.max():.0f} points between pillars, and {even} the most"
    f" even, with {spread.min():.0f}",
    note=f"{n} members with three quarters of the indicators; {imputed} values imputed. Ordered by the index.",
    limits="Quality. Scores are relative to the countries included.")  # fmt: skip

# %%
exhibits.values({"all-above": all_above, "spread": spread.median()}, prefix="methods-composite", format=".0f", n_obs=n,
                **about | {"exhibit": "methods-composite-pillars"})  # fmt: skip

# %% [markdown]
# ## Step 7: uncertainty of ranks
#
# Nothing forces these choices. The index is built ten thousand times with imputation, outlier treatment, normalisation,
# weights (equal, or by principal components), aggregation and the size of each weight drawn at random, and with one
# indicator left out or none. With them the answers are drawn again, normally and with the standard errors that TALIS
# publishes. The interval holds 95% of a country's ranks. A second run without the sampling errors shows what they add.

# %%
alternatives = composite.Alternatives(weights=("framework", "pca"), weight_noise=0.25)
drawn = {"alternatives": alternatives, "draws": 10_000}
ranks = areas.add(composite.uncertainty(wide, tree, choices, **drawn, errors=errors), country="name")
ranks["width"] = ranks["upper"] - ranks["lower"]
by_choice = composite.uncertainty(wide, tree, choices, **drawn).set_index("ref_area")
ranks["width_choices"] = ranks["ref_area"].map(by_choice["upper"] - by_choice["lower"])
n_sampled = int(errors.notna().any().sum())
ranks[["width", "width_choices"]].describe().loc[["min", "50%", "mean", "max"]].round(1)

# %%
widest, typical = ranks.loc[ranks["width"].idxmax()], ranks["width"].median()
sure = int((ranks["top_share"] >= 95).sum())
chart = charts.rank_intervals(ranks, label="country", lower="lower", upper="upper", rank="rank")

# %%
exhibits.figure(
    "methods-composite-ranks", chart, data=ranks, indicators=TABLES,
    title="Ranks are intervals, and most intervals are wide",
    subtitle=f"Rank as built and interval of 95% of {len(ranks)} countries over 10 000 ways to build the index, 2024",
    shows=f"the rank of {len(ranks)} countries with the interval over ten thousand builds",
    finding=f"the median interval spans {typical:.0f} places and the widest, that of {widest['country']}, {widest['width']:.0f}",
    note="Varied: imputation, outliers, normalisation, weights (equal or by principal components, then a quarter up or down), aggregation,"
    f" one indicator left out, and the values of {n_sampled} of {len(framework)} indicators by their published standard errors."
    f" {sure} countries are among the first ten in 95% of builds or more.",
    limits="Sampling errors of the others, which are not published, and the choice of the framework.")  # fmt: skip

# %%
about = {**about, "exhibit": "methods-composite-ranks", "n_obs": n}
exhibits.value("methods-composite-width", typical, unit="places", format=".0f", **about)
exhibits.value("methods-composite-width-choices", ranks["width_choices"].median(), unit="places", format=".0f", **about)
exhibits.value("methods-composite-sampled", n_sampled, unit="indicators", **{**about, "n_obs": len(framework)})
exhibits.value("methods-composite-widest", widest["width"], unit="places", format=".0f", **about)
exhibits.value("methods-composite-widest-country", widest["country"], **about)
exhibits.value("methods-composite-sure", sure, unit="countries", **about)

# %% [markdown]
# ### Which choice matters most?
#
# Sobol's indices divide the variance of the mean shift in rank among the choices, with the sampling of teachers as one
# more source. The total index counts a source with all its interactions; whiskers are 95% intervals by bootstrap.

# %%
NAMES = {"impute": "Imputation", "outliers": "Outlier treatment", "normalise": "Normalisation",
         "weights": "Weighting scheme", "aggregate": "Aggregation", "weight_noise": "Size of the weights",
         "leave_out": "Indicator left out", "sampling": "Sampling of teachers"}  # fmt: skip

# %%
sobol = composite.sensitivity(wide, tree, choices, alternatives, seed=1, errors=errors).query("output == 'mean shift'")
sobol = sobol.assign(choice=sobol["factor"].map(NAMES), lower=sobol["total"] - sobol["total_width"],
                     upper=sobol["total"] + sobol["total_width"])  # fmt: skip
sobol[["total", "lower", "upper"]] = 100 * sobol[["total", "lower", "upper"]]
sampling = sobol.set_index("factor").loc["sampling"]
largest = sobol.nlargest(2, "total")
(first, second), (most, next_most) = largest["choice"], largest["total"]

# %%
chart = charts.ranked_bars(sobol, label="choice", value="total", lower="lower", upper="upper",
                           unit="Total Sobol index, % of variance")  # fmt: skip

# %%
exhibits.figure(
    "methods-composite-sensitivity", chart, data=sobol, indicators=TABLES,
    title=f"{first} moves ranks more than anything else varied",
    subtitle=f"Total Sobol index of choices and sampling for the mean shift in rank, % of variance, {n} OECD members, 2024",
    shows="the share of the variance of the mean shift in rank that goes with each choice and with sampling",
    finding=f"{first.lower()} accounts for {most:.0f}% and {second.lower()} for {next_most:.0f}%",
    note="Interactions are counted with everything involved, so that the shares add up to more than 100%. Whiskers: 95%"
    " intervals by bootstrap.",
    limits="Choices that were not varied, above all which indicators are in the framework.")  # fmt: skip

# %%
about = {**about, "exhibit": "methods-composite-sensitivity"}
exhibits.value("methods-composite-first-choice", first.lower(), **about)
exhibits.value("methods-composite-first-share", most, unit="%", format=".0f", **about,
               note=f"95% interval within {largest.iloc[0]['total_width'] * 100:.0f} points")  # fmt: skip
exhibits.value("methods-composite-sampling-share", sampling["total"], unit="%", format=".0f", **about,
               interval=(sampling["lower"], sampling["upper"]))  # fmt: skip

# %% [markdown]
# ### Leaving out one element
#
# How far do ranks move if one pillar or indicator is dropped? An index that hangs on one element is that element.

# %%
left = composite.leave_one_out(wide, tree, choices)
moved = left.assign(size=left["shift"].abs()).groupby("code")["size"].agg(["mean", "max"]).reset_index()
moved["element"] = moved["code"].map({code: f"Pillar: {name.lower()}" for code, name in PILLARS.items()})
moved["element"] = moved["element"].fillna(moved["code"])
shown = moved.nlargest(12, "mean")
most = shown.iloc[0]
chart = charts.ranked_bars(shown, label="element", value="mean", number=".1f", unit="Mean shift in rank, places")

# %%
exhibits.figure(
    "methods-composite-leave-one-out", chart, data=moved, indicators=TABLES,
    title="Ranks hang on pillars more than on single indicators",
    subtitle=f"Mean absolute shift in rank if an element is left out, {n} OECD members, 2024",
    shows=f"the mean shift in rank for the twelve most influential of {len(moved)} elements",
    finding=f"without {most['element'].lower()} ranks move by {most['mean']:.1f} places on average and by {most['max']:.0f}"
    " at most",
    note=f"The twelve largest of {len(moved)} elements; all are in the data. The shift is exact: no sampling is involved.",
    limits="Whether an element belongs in the index.")  # fmt: skip

# %%
single = moved[~moved["code"].isin(PILLARS)]
about = {**about, "exhibit": "methods-composite-leave-one-out", "unit": "places", "format": ".1f"}
exhibits.value("methods-composite-pillar-shift", most["mean"], note=most["element"], **about)
exhibits.value("methods-composite-indicator-shift", single["mean"].max(), note="largest of the indicators", **about)

# %% [markdown]
# ## Step 8: back to the data
#
# Every score can be taken apart into what its indicators give. Added up by pillar, the parts make the index.

# %%
given = index.contributions().merge(framework[["code", "parent"]], on="code")
given = given.groupby(["ref_area", "parent"])["obs_value"].sum().reset_index()
given = areas.add(given, country="name").assign(pillar=given["parent"].map(PILLARS))
given["country"] = pd.Categorical(given["country"], scores["country"], ordered=True)
given = given.sort_values("country").astype({"country": str})
practice = given.query("parent == 'practice'")["obs_value"]
chart = charts.ranked_bars(given, label="country", value="obs_value", group="pillar", sort=False,
                           group_order=list(PILLARS.values()), unit="Points of the index")  # fmt: skip

# %%
exhibits.figure(
    "methods-composite-contributions", chart, data=given, indicators=TABLES,
    title="Systems with similar scores get them in different ways",
    subtitle=f"Points that each pillar gives to the index, {n} OECD members, 2024",
    shows=f"the contributions of four pillars to the index of {n} countries",
    finding=f"practice gives between {practice.min():.0f} and {practice.max():.0f} points",
    note="Parts add up to the score, but for rounding. Ordered by the index.",
    limits="Which systems are better: see the intervals of ranks.")  # fmt: skip

# %% [markdown]
# ## Step 9: links to other measures
#
# Does the order of conditions go with what students can do? The correlation with PISA 2022 in mathematics says how much
# the two have in common among these countries, no more.

# %%
pisa = load("pisa-mathematics").query("time_period == 2022 and ref_area in @members").set_index("ref_area")["obs_value"]
linked = scores.assign(pisa=scores["ref_area"].map(pisa)).dropna(subset=["pisa"]).reset_index(drop=True)
link = indicators.correlation(linked, "index", "pisa")
low, high = link[["lower", "upper"]]
named = [row["country"] for column in ("index", "pisa") for row in indicators.ends(linked, column).values()]
chart = charts.scatter_within(linked, x="index", y="pisa", label="country", named=named,
                              x_unit="Index of conditions, points", y_unit="Mean score in mathematics, PISA 2022")  # fmt: skip

# %%
exhibits.figure(
    "methods-composite-results", chart, data=linked, indicators=[*TABLES, "pisa-mathematics"],
    title="The index does not order systems by their results" if low < 0 < high else "The index and results go together",
    subtitle="Index of conditions for innovation (2024) and mean score in PISA mathematics (2022), OECD members",
    shows=f"the index and mathematics scores of {len(linked)} countries",
    finding=f"the correlation is {link['obs_value']:+.2f} with a 95% interval from {low:+.2f} to {high:+.2f}",
    note=f"{len(linked)} countries with both. The four countries at the ends are named.",
    limits="Effects of conditions on results, in either direction.")  # fmt: skip

# %%
about = {"exhibit": "methods-composite-results", "indicators": [*TABLES, "pisa-mathematics"]}
exhibits.value("methods-composite-link", link["obs_value"], format="+.2f", n_obs=len(linked),
               note=f"95% interval {low:+.2f} to {high:+.2f}", **about)  # fmt: skip
exhibits.value("methods-composite-link-interval", numbers.span(low, high, "+.2f"), **about)
exhibits.tests("methods-composite-results", link.to_frame().T, **about,
               question="Is the correlation of the index with scores in mathematics zero?")  # fmt: skip

# %% [markdown]
# ## Are there types of systems?
#
# Clusters can be found in any data; the question is whether they are found again. Each partition of the pillar scores
# is repeated on bootstrap samples of countries, and its Jaccard similarity is compared with what data of the same
# values and correlations but without types give.

# %%
profile = index.scores[list(PILLARS)]
clusters.options(profile, ks=(2, 3, 4, 5)).round(2)

# %%
tried = pd.concat(clusters.stability(profile, k, draws=100).assign(k=k) for k in (2, 3, 4))
tried["name"] = tried["k"].astype(str) + " types, no. " + tried["cluster"].astype(str)
stable = int(tried["verdict"].isin(["stable", "pattern"]).sum())
columns = {"k": "Types asked for", "cluster": "Type", "n_areas": "Countries", "obs_value": "Mean Jaccard",
           "lower": "from", "upper": "to", "chance": "By chance", "verdict": "Verdict"}  # fmt: skip
shown = tried[list(columns)]

# %%
exhibits.table(
    "methods-composite-types", shown, columns=columns, indicators=TABLES,
    formats=dict.fromkeys(["obs_value", "lower", "upper", "chance"], ".2f"),
    title="No types of systems hold up" if stable == 0 else "Only some types of systems hold up",
    subtitle=f"Stability of clusters of {n} OECD members by four pillar scores (Ward's method), 2024",
    shows=f"how well {len(tried)} clusters are found again in bootstrap samples",
    finding="none is more stable than in data without types" if stable == 0
    else f"{stable} of {len(tried)} pass what 95% of clusters in data without types stay below",
    note="Jaccard similarity of 100 bootstrap samples, 1 if a cluster is always found again; from and to hold 95% of the"
    " samples. By chance: what the mean of all clusters stays below in 95% of data sets without types.",
    limits="Types in other measures, or of schools inside countries.")  # fmt: skip

# %% [markdown]
# Consensus over methods, numbers of clusters and subsamples asks the same in another way: how often are countries of a
# cluster together, and how often with the next? And the profile says what would set the clusters apart.

# %%
agreed, _ = clusters.consensus(profile, 3, draws=8)
torn = agreed.query("next_value > 0.5 * obs_value")
types = clusters.cluster(profile, 3)
clusters.profiles(profile, types).pivot(index="cluster", columns="measure", values="obs_value").round(1)

# %%
about = {"indicators": TABLES, "exhibit": "methods-composite-types", "n_obs": n}
exhibits.value("methods-composite-stable", str(stable or "none"), **about)
exhibits.value("methods-composite-tried", len(tried), **about)
exhibits.value("methods-composite-torn", len(torn), unit="countries", **about)

# %% [markdown]
# ## Two editions
#
# Five practices were asked alike in 2018 and in 2024, those of chapter 2. Built for both years with the goalposts of the first, the practice
# pillar can be compared over time; ranks are among the countries in both.

# %%
FIVE = ["open_tasks", "own_procedures", "critical_thinking", "small_groups", "observation"]
five = pd.concat([load("talis-teaching-practices"), load("talis-assessment-practices")]).query("item in @FIVE")
five = five.query("isced_level == '2' and ref_area in @members and time_period in [2018, 2024]")
parts = five.groupby("time_period")
years = {year: part.pivot(index="ref_area", columns="item", values="obs_value") for year, part in parts}

# %%
# More of a practice counts, as in step 1.
items = pd.DataFrame({"code": sorted(five["item"].unique()), "parent": "practice", "direction": 1, "weight": 1.0})
small = composite.Framework(pd.concat([items, top.assign(code="practice")], ignore_index=True))
before = composite.build(years[2018], small)
after = composite.build(years[2024], small, composite.Choices(goalposts=before.goalposts))
editions = composite.compare(before, after)
both = editions.query("only_in == ''").assign(change=lambda t: t["second_score"] - t["first_score"])
both = areas.add(both, country="name")

# %%
up = int((both["change"] > 0).sum())
chart = charts.change_arrows(
    both, label="country", start="first_score", end="second_score", start_label="2018", end_label="2024",
    change="change", sort_by="second_score", unit="Score of five practices; the numbers are the changes")  # fmt: skip

# %%
exhibits.figure(
    "methods-composite-editions", chart, data=both, indicators=["talis-teaching-practices", "talis-assessment-practices"],
    title=f"Five practices rose in {up} of {len(both)} countries, untested",
    subtitle="Mean score of five practices on the scale of 2018 (1 to 100), lower secondary, OECD members, 2018 and 2024",
    shows=f"the practice score of {len(both)} countries in 2018 and 2024",
    finding=f"it rose in {up} of them; the median change is {both['change'].median():+.0f} points",
    note=f"{len(both)} countries in both editions; {len(editions) - len(both)} in one only. Goalposts are those of 2018.",
    limits="Sampling errors, and whether teachers read the questions alike in both years.")  # fmt: skip

# %%
about = {"indicators": ["talis-teaching-practices", "talis-assessment-practices"], "time_period": "2018 to 2024",
         "exhibit": "methods-composite-editions"}  # fmt: skip
exhibits.value("methods-composite-both", len(both), unit="countries", **about)
exhibits.value("methods-composite-up", up, unit="countries", n_obs=len(both), **about)
exhibits.value("methods-composite-places", both["obs_value"].abs().astype(float).median(), unit="places", format=".0f",
               n_obs=len(both), note="median change in rank", **about)  # fmt: skip
