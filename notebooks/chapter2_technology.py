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

from crossroads import areas, charts, columns, data, exhibits, indicators, intervals, load, models, numbers

members = areas.members()
AVERAGE = "OECD-average-27"
AVERAGED = areas.n_averaged(AVERAGE)  # countries
lower_secondary = "isced_level == '2' and time_period == 2024 and (ref_area in @members or ref_area == @AVERAGE)"

# %% [markdown]
# ## What digital tools are used for
#
# Eleven purposes. Whether a tool serves the teacher's own work or what students do with it is our grouping, made from the
# wording of the question.

# %%
tools = load("talis-digital-practices").query(lower_secondary + " and sex == 'total' and age == 'total'")
purposes = data.labels("talis-items-digital-practice")
by_students = ["student_collaboration", "personal_paths", "own_planning", "digital_only_problems",
               "outside_collaboration"]  # fmt: skip
mean = tools.query("ref_area == @AVERAGE")
mean = mean.assign(purpose=mean["item"].map(purposes)).set_index("item").sort_values("obs_value", ascending=False)
mean[["obs_value", "std_error"]].round(1)

# %%
about = {"indicators": ["talis-digital-practices"], "unit": "%", "format": ".0f", "time_period": "2024",
         "n_obs": AVERAGED}  # fmt: skip
items = ["present_information", "student_collaboration", "outside_collaboration"]
exhibits.values(mean.loc[items], prefix="ch2-digital", notes="purpose", **about)

# %%
confident = load("talis-digital-confidence").query(
    "isced_level == '2' and time_period == 2024 and ref_area == @AVERAGE"
)
exhibits.values(confident.set_index("item").loc[["support_learning"]], prefix="ch2-confidence", unit="%", format=".0f",
                n_obs=AVERAGED, time_period="2024", indicators=["talis-digital-confidence"])  # fmt: skip

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

# %%
exhibits.tests("ch2-ai-training", pd.DataFrame([link]), indicators=about["indicators"], exhibit="ch2-ai-training",
               question="Is use of artificial intelligence unrelated to training in it?")  # fmt: skip
exhibits.values({"ch2-ai-correlation": link}, interval=True, format=".2f", n_obs="n_obs", **about)
exhibits.value("ch2-ai-correlation-interval", numbers.span(low, high, ".2f"), n_obs=len(pair), **about)

# %%
done = load("talis-ai-practices").query("isced_level == '2' and ref_area == @AVERAGE").set_index("item")
exhibits.values(done.loc[["plan_lessons", "mark_work"]], prefix="ch2-ai-practices", unit="%", format=".0f", n_obs=AVERAGED,
                time_period="2024", indicators=["talis-ai-practices"])  # fmt: skip

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

# %%
about = {"indicators": TABLES, "time_period": "use 2024; scores 2025 and 2018 to 2025"}
medians = pd.DataFrame(tests).T.assign(p_adjusted=lambda rows: intervals.adjusted(rows["p_value"].astype(float)))
exhibits.tests("ch2-curve", medians, question="Is the median association of a family of specifications zero?",
               indicators=TABLES, adjust="fdr_bh")  # fmt: skip
exhibits.value("ch2-curve-n", len(curve), unit="specifications", **about)
exhibits.value("ch2-curve-countries", len(panel), unit="countries", **about)
exhibits.value("ch2-curve-significant-in-words", numbers.in_words(n_significant, largest=1), n_obs=len(curve), **about)

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
exhibits.tests("ch2-shortage", slopes, question="Is the slope of results on the shortage of digital tools zero?",
               indicators=["talis-shortages", "pisa-mathematics", "pisa-reading", "pisa-science", "labour-productivity"],
               adjust="fdr_bh")  # fmt: skip
# %%
about = {"indicators": ["talis-shortages", "pisa-reading", "labour-productivity"],
         "time_period": "shortage 2024, scores 2025"}  # fmt: skip
for name in ("alone", "income"):
    row = slopes.loc[("reading_2025", name)]
    exhibits.value(f"ch2-shortage-{name}", -row["obs_value"], std_error=row["std_error"], format=".0f",
                   n_obs=int(row["n_obs"]), unit="score points per ten percentage points", **about)  # fmt: skip

# %%
most = lacking.loc[lacking["shortage"].idxmax()]
rest = models.association(
    lacking.drop(index=most.name), "reading_2025", ["shortage"], group=None, errors="robust"
).query("term == 'shortage'").iloc[0]  # fmt: skip
exhibits.value("ch2-shortage-most-country", areas.name(most["ref_area"]), **about)
exhibits.value("ch2-shortage-rest", -rest["obs_value"], std_error=rest["std_error"], format=".0f", n_obs=int(rest["n_obs"]),
               interval=(-rest["upper"], -rest["lower"]), **about)  # fmt: skip
