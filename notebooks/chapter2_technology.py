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
# # Chapter 2: technology
#
# What teachers use digital tools and artificial intelligence for, what they have learned about it, and whether
# use goes with results. Shares and standard errors are those of TALIS 2024, teachers of lower secondary education
# (ISCED 2), OECD members only.

# %%
import numpy as np
import pandas as pd
from scipy import stats

from crossroads import areas, charts, columns, data, exhibits, indicators, intervals, load, models, numbers

members = areas.members()
AVERAGE = "OECD-average-27"
AVERAGED = areas.n_averaged(AVERAGE)  # countries
lower_secondary = "isced_level == '2' and time_period == 2024 and (ref_area in @members or ref_area == @AVERAGE)"

# %% [markdown]
# ## What digital tools are used for
#
# Eleven purposes. Colours tell whether the tool serves the teacher's own work or what students do with it; the
# grouping is ours and was made from the wording of the question.

# %%
tools = load("talis-digital-practices").query(lower_secondary + " and sex == 'total' and age == 'total'")
purposes = data.labels("talis-items-digital-practice")
by_students = ["student_collaboration", "personal_paths", "own_planning", "digital_only_problems",
               "outside_collaboration"]  # fmt: skip
mean = tools.query("ref_area == @AVERAGE")
serves = np.where(mean["item"].isin(by_students), "Students' work", "Teachers' work")
mean = intervals.with_interval(mean.assign(purpose=mean["item"].map(purposes), serves=serves)).set_index("item")
ranked = mean.sort_values("obs_value", ascending=False)
mean.groupby("serves")["obs_value"].mean().round(1)

# %%
chart = charts.forest_plot(
    ranked.sort_values("serves", kind="stable", ascending=False).reset_index(), label="purpose", value="obs_value",
    lower="lower", upper="upper", group="serves", number=".0f", unit="Teachers who do so frequently or always, %")  # fmt: skip
first, last = ranked.iloc[0], ranked.iloc[-1]

# %%
exhibits.figure(
    "ch2-digital-purposes", chart, data=ranked.reset_index(), indicators=["talis-digital-practices"],
    title="Digital tools mostly serve presenting and organising",
    subtitle="Teachers who use digital tools for a purpose frequently or always, lower secondary, OECD average"
    f" ({AVERAGED}), 2024",
    shows="the shares of teachers who use digital tools for eleven purposes, with 95% intervals",
    finding=f"{first['purpose'].lower()} is the most common with {first['obs_value']:.0f}% and"
    f" {last['purpose'].lower()} the rarest with {last['obs_value']:.0f}%",
    note="Intervals from published standard errors. The grouping of purposes is that of this report. The average leaves"
    " out the Netherlands, New Zealand and Norway (low response).",
    limits="How much of a lesson the tools take, and whether they help.")  # fmt: skip

# %%
about = {"indicators": ["talis-digital-practices"], "unit": "%", "format": ".0f", "time_period": "2024",
         "exhibit": "ch2-digital-purposes", "n_obs": AVERAGED}  # fmt: skip
items = ["present_information", "logistics", "student_collaboration", "personal_paths", "outside_collaboration"]
exhibits.values(mean.loc[items], prefix="ch2-digital", notes="purpose", **about)

# %% [markdown]
# Confidence, beliefs and shortages, OECD average.

# %%
wanted = {
    "confidence": ("talis-digital-confidence", ["support_learning"]),
    "beliefs": ("talis-digital-beliefs", ["interest", "distraction", "performance"]),
    "shortages": ("talis-shortages", ["digital_tools"]),
}
for name, (table, items) in wanted.items():
    rows = load(table).query("isced_level == '2' and time_period == 2024 and ref_area == @AVERAGE").set_index("item")
    exhibits.values(rows.loc[items], prefix=f"ch2-{name}", unit="%", format=".0f", n_obs=AVERAGED, time_period="2024",
                    indicators=[table])  # fmt: skip

# %% [markdown]
# ## Artificial intelligence: use and training
#
# Use is that of the past twelve months, in teaching or to help students learn. Training is professional learning in
# the same months that included artificial intelligence.

# %%
use = load("talis-ai-use").query(lower_secondary).set_index("ref_area")
trained = load("talis-learning-content").query(lower_secondary + " and item == 'artificial_intelligence'")
trained = trained.query("experience == 'total'").set_index("ref_area")[["obs_value", "std_error"]]
pair = use[["obs_value", "std_error", "obs_status"]].rename(columns={"obs_value": "use", "std_error": "use_error"})
pair = pair.join(trained.rename(columns={"obs_value": "trained", "std_error": "trained_error"}))
oecd, pair = pair.loc[AVERAGE], pair.drop(AVERAGE).reset_index()
pair = areas.add(pair, country="name")

# %%
sound = pair[~columns.flagged(pair, columns.CAUTION)]
least, most = pair.loc[sound["use"].idxmin()], pair.loc[sound["use"].idxmax()]
link = indicators.correlation(pair, "trained", "use")
r, low, high = link[["obs_value", "lower", "upper"]]
link.to_dict()

# %%
names = ["France", "Japan", "Slovenia", "Korea", "Australia", "New Zealand", "Chile", "Denmark", "Israel"]
chart = charts.scatter_within(
    pair, x="trained", y="use", label="country", named=names, x_average=oecd["trained"], y_average=oecd["use"],
    average_label=f"OECD average ({AVERAGED})", x_unit="Teachers whose professional learning included AI, %",
    y_unit="Teachers who used AI, %")  # fmt: skip

# %%
exhibits.figure(
    "ch2-ai-training", chart, data=pair, indicators=["talis-ai-use", "talis-learning-content"],
    title="Where more teachers learned about AI, more use it",
    subtitle="Teachers who used AI and whose professional learning included it, lower secondary, OECD members, 2024",
    shows=f"use of artificial intelligence and training in it among teachers of {len(pair)} countries",
    finding=f"use runs from {least['use']:.0f}% in {least['country']} to {most['use']:.0f}% in {most['country']} (countries of"
    f" the average) and the correlation with training is {r:.2f}",
    note=f"95% interval of the correlation: {low:.2f} to {high:.2f}. The average leaves out the Netherlands, New Zealand and"
    " Norway (low response). Standard errors are in the data. The same teachers answered both questions, so that the sampling"
    " errors of the two shares covary; their covariance is not published, and no single country is tested against the line.",
    limits="Which came first: training may follow use. Countries, not teachers, are compared.")  # fmt: skip

# %%
about = {"time_period": "2024", "exhibit": "ch2-ai-training", "indicators": ["talis-ai-use", "talis-learning-content"]}
exhibits.values(
    {"ch2-ai-use": oecd}, column="use", std_error="use_error", unit="%", format=".0f", n_obs=AVERAGED, **about
)
exhibits.values({"ch2-ai-least": least, "ch2-ai-most": most}, column="use", std_error="use_error", unit="%",
                format=".0f", **about)  # fmt: skip
exhibits.values({"ch2-ai-least-country": least["country"], "ch2-ai-most-country": most["country"]}, **about)
exhibits.values({"ch2-ai-correlation": link}, interval=True, format=".2f", n_obs="n_obs", **about)
exhibits.value("ch2-ai-correlation-interval", numbers.span(low, high, ".2f"), n_obs=len(pair), **about)

# %%
fit = stats.linregress(pair["trained"], pair["use"])
distance = pair["use"] - (fit.intercept + fit.slope * pair["trained"])
ordered = pair.loc[distance.sort_values().index, "country"].tolist()
exhibits.value("ch2-ai-below", ordered[0], note="farthest below the line", **about)
exhibits.value("ch2-ai-above", f"{ordered[-1]} and {ordered[-2]}", note="farthest above the line", **about)

# %%
wanted = {"practices": ["learn_topic", "plan_lessons", "mark_work"], "barriers": ["skills"]}
for name, items in wanted.items():
    rows = load(f"talis-ai-{name}").query("isced_level == '2' and ref_area == @AVERAGE").set_index("item")
    exhibits.values(rows.loc[items], prefix=f"ch2-ai-{name}", unit="%", format=".0f", n_obs=AVERAGED,
                    time_period="2024", indicators=[f"talis-ai-{name}"])  # fmt: skip

# %% [markdown]
# ## Does use go with results?
#
# All combinations of three measures of use, six outcomes of PISA (level in 2025 and change since 2018 in three
# subjects), two sets of controls and two samples. Outcomes and measures are in standard deviations between countries.
# The link error of the change is the same for all countries. Income stands as GDP per hour worked, latest year.

# %%
hourly = load("labour-productivity").query("ref_area in @members and obs_value.notna()").sort_values("time_period")
wide = tools.query("ref_area in @members").pivot(index="ref_area", columns="item", values="obs_value")
panel = pair.set_index("ref_area")[["use", "obs_status"]].rename(columns={"use": "ai_use"})
panel["tools_students"] = wide[by_students].mean(axis=1)
panel["tools_teachers"] = wide.drop(columns=by_students).mean(axis=1)
panel["income"] = np.log(hourly.groupby("ref_area")["obs_value"].last())
panel["good_response"] = ~columns.flagged(panel, columns.CAUTION)

# %%
for domain in ["mathematics", "reading", "science"]:
    scores = load(f"pisa-{domain}").pivot(index="ref_area", columns="time_period", values="obs_value")
    panel[f"{domain}_2025"], panel[f"{domain}_change"] = scores[2025], scores[2025] - scores[2018]
panel.drop(columns="obs_status").describe().loc[["count", "mean", "std"]].round(1)

# %%
kinds = {kind: [f"{domain}_{kind}" for domain in ("mathematics", "reading", "science")] for kind in ("2025", "change")}
choices = {
    "predictors": ["ai_use", "tools_students", "tools_teachers"],
    "controls": {"none": [], "income": ["income"]}, "samples": {"all": "", "good response": "good_response"},
}  # fmt: skip
DRAWS = 1999
families = {kind: models.Specifications(outcomes=outcomes, **choices) for kind, outcomes in kinds.items()}
everything = models.Specifications(outcomes=[*kinds["2025"], *kinds["change"]], **choices)

# %%
curve = models.specification_curve(panel.reset_index(), everything)
tests = {kind: models.specification_test(panel.reset_index(), family, DRAWS) for kind, family in families.items()}
tests = {kind: test.set_index("statistic").loc["median"] for kind, test in tests.items()}
n_significant = int(curve["significant"].sum())
level, moved = tests["2025"], tests["change"]
len(curve), n_significant, {kind: test.round(2).to_dict() for kind, test in tests.items()}

# %% [markdown]
# Use of artificial intelligence comes from samples of teachers; does their error flatten its slope?

# %%
sampled = panel.join(pair.set_index("ref_area")["use_error"])
models.errors_in_variables(sampled, "mathematics_2025", "ai_use", "use_error").round(3)

# %%
TABLES = ["talis-digital-practices", "talis-ai-use", "pisa-mathematics", "pisa-reading", "pisa-science",
          "labour-productivity"]  # fmt: skip
readable = {
    "ai_use": "Use of AI",
    "tools_students": "Tools for students' work",
    "tools_teachers": "Tools for teachers' work",
}
shown = curve.assign(
    predictor=curve["predictor"].map(readable),
    outcome=curve["outcome"].str.replace("_2025", " 2025").str.replace("_change", " change").str.capitalize(),
)
note = (f"{len(panel)} countries, one without reading in 2018. Robust standard errors; significance of single estimates is"
        f" not adjusted. Tests of the median by {numbers.amount(DRAWS, ',')} draws of signs for the residuals of countries:"
        f" p = {level['p_value']:.2f} for levels, p = {moved['p_value']:.2f} for changes.")  # fmt: skip

# %%
chart = charts.specification_curve(
    shown, value="obs_value", lower="lower", upper="upper", significant="significant",
    unit="Standard deviations of the outcome",
    dimensions={"outcome": "Outcome", "predictor": "Measure of use", "controls": "Control", "sample": "Countries"})  # fmt: skip

# %%
exhibits.figure(
    "ch2-technology-results", chart, data=curve, indicators=TABLES,
    title="Use of technology shows no clear link with results",
    subtitle="Association of teachers' use of digital tools and AI (2024) with PISA scores (2025, and change since 2018),"
    " OECD members",
    shows=f"{len(curve)} estimates of the association between use of technology and scores, sorted by size",
    finding=f"{n_significant} of {len(curve)} estimates differ from zero; the median is {level['observed']:+.2f} standard"
    f" deviations for levels and {moved['observed']:+.2f} for changes",
    note=note,
    limits="What technology does for a single student or class. With so few countries a moderate link can be missed.")  # fmt: skip

# %%
about = {
    "indicators": TABLES,
    "time_period": "use 2024; scores 2025 and 2018 to 2025",
    "exhibit": "ch2-technology-results",
}
exhibits.value("ch2-curve-n", len(curve), unit="specifications", **about)
exhibits.value("ch2-curve-countries", len(panel), unit="countries", **about)
exhibits.value("ch2-curve-significant-in-words", numbers.in_words(n_significant, largest=1), n_obs=len(curve), **about)
for kind, name in {"2025": "level", "change": "change"}.items():
    p_value = tests[kind]["p_value"]
    exhibits.value(f"ch2-curve-{name}", tests[kind]["observed"], unit="standard deviations", format="+.2f",
                   n_obs=len(curve) // 2, note=f"median; joint test p = {p_value:.2f}", **about)  # fmt: skip
    exhibits.value(f"ch2-curve-{name}-p", p_value, format=".2f", **about)

# %% [markdown]
# ## Shortage is another matter than use
#
# The share of teachers in schools whose principal says that a lack of digital tools hinders teaching, beside the same
# six outcomes, with and without income. Score points for ten percentage points more; robust standard errors; all
# tests adjusted together by the false discovery rate.

# %%
shortage = load("talis-shortages").query(lower_secondary + " and item == 'digital_tools'").set_index("ref_area")
lacking = panel.assign(shortage=shortage["obs_value"] / 10).reset_index()
slopes = pd.concat({
    (outcome, name): models.association(lacking, outcome, ["shortage"], controls=controls, group=None, errors="robust")
    for outcome in kinds["2025"] + kinds["change"] for name, controls in {"alone": [], "income": ["income"]}.items()
}, names=["outcome", "controls"]).droplevel(2).query("term == 'shortage'")  # fmt: skip
slopes["p_adjusted"] = intervals.adjusted(slopes["p_value"])
slopes[["obs_value", "lower", "upper", "p_adjusted", "n_obs"]].round(3)

# %%
slopes["text"] = [f"{numbers.amount(row.obs_value, '.0f')} ({numbers.span(row.lower, row.upper, '.0f')})"
                  for row in slopes.itertuples()]  # fmt: skip
slopes["firm"] = np.where(slopes["p_adjusted"] < 0.05, "yes", "no")
printed = slopes.reset_index()
readable = {"_2025": ", level 2025", "_change": ", change 2018 to 2025"}
printed["outcome"] = printed["outcome"].str.capitalize().replace(readable, regex=True)
printed["controls"] = printed["controls"].map({"alone": "none", "income": "income"})
firm = {kind: int((slopes.loc[outcomes, "p_adjusted"] < 0.05).sum()) for kind, outcomes in kinds.items()}
TABLES = ["talis-shortages", "pisa-mathematics", "pisa-reading", "pisa-science", "labour-productivity"]

# %%
exhibits.table(
    "ch2-shortage-results", printed, indicators=TABLES,
    columns={"outcome": "PISA outcome", "controls": "Control", "text": "Score points", "firm": "Significant"},
    title="Lack of digital tools goes with lower scores",
    subtitle="Association of ten percentage points more teachers in schools that lack digital tools (2024) with PISA"
    " scores, OECD members",
    shows="associations of the shortage of digital tools with levels and changes of scores",
    finding=f"{firm['2025']} of {len(slopes) // 2} estimates for levels and {firm['change']} of {len(slopes) // 2} for"
    " changes are significant",
    note=f"{len(panel)} countries, one without reading in 2018. In brackets: 95% intervals. Least squares, robust standard"
    " errors, all tests adjusted together by the false discovery rate. Income: logarithm of GDP per hour worked.",
    limits="Whether tools are the reason: principals who lack tools lack much else.")  # fmt: skip

# %%
about = {"indicators": ["talis-shortages", "pisa-reading", "labour-productivity"], "exhibit": "ch2-shortage-results",
         "time_period": "shortage 2024, scores 2025"}  # fmt: skip
for name in ("alone", "income"):
    row = slopes.loc[("reading_2025", name)]
    exhibits.value(f"ch2-shortage-{name}", -row["obs_value"], std_error=row["std_error"], format=".0f",
                   n_obs=int(row["n_obs"]), unit="score points per ten percentage points", **about)  # fmt: skip
    exhibits.value(f"ch2-shortage-{name}-interval", numbers.span(-row["upper"], -row["lower"], ".0f"), **about)
for name, kind in {"levels": "2025", "changes": "change"}.items():
    n = 2 * len(kinds[kind])
    exhibits.value(f"ch2-shortage-{name}-significant", numbers.in_words(firm[kind], largest=1), n_obs=n, **about)
    exhibits.value(f"ch2-shortage-{name}-n", n, **about)

# %%
most = lacking.loc[lacking["shortage"].idxmax()]
rest = models.association(
    lacking.drop(index=most.name), "reading_2025", ["shortage"], group=None, errors="robust"
).query("term == 'shortage'").iloc[0]  # fmt: skip
exhibits.value("ch2-shortage-most-country", areas.name(most["ref_area"]), **about)
exhibits.value("ch2-shortage-most", 10 * most["shortage"], unit="%", format=".0f", **about)
exhibits.value("ch2-shortage-rest", -rest["obs_value"], std_error=rest["std_error"], format=".0f", n_obs=int(rest["n_obs"]),
               interval=(-rest["upper"], -rest["lower"]), **about)  # fmt: skip
