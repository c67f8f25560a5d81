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
# # Chapter 5: levers of policy
#
# Autonomy of schools by size of place, trust in government, public and private money, and how each of them goes with
# practice and results across countries.

# %%
import numpy as np
import pandas as pd
from scipy import stats

from crossroads import areas, charts, exhibits, indicators, intervals, load, numbers, strength, studies

members = areas.members()
MONEY = "education-expenditure-unesco"

# %% [markdown]
# ## Who decides about resources, in villages and in cities?
#
# PISA 2012 asked principals who is responsible for staff, budget and pay. The index is standardised over students (OECD
# mean 0, standard deviation 1). City minus village, each a mean over schools with its standard error; the two samples
# are separate schools. Differences are tested with the false discovery rate controlled over countries.

# %%
schools = load("pisa-2012-schools-by-place").query("ref_area in @members and place in ['village', 'city']")
schools = schools[schools["obs_value"].notna()]
place = schools.pivot(index=["measure", "ref_area"], columns="place", values=["obs_value", "std_error", "n_obs"])
place = place.astype(float).dropna()
village, city = (place.xs(name, axis=1, level="place") for name in ("village", "city"))
gaps = indicators.difference(city, village)

# %%
gaps = gaps.assign(n_village=village["n_obs"], n_city=city["n_obs"]).reset_index()
gaps = areas.add(intervals.with_interval(gaps), country="name")
gaps.groupby("measure").size()

# %%
autonomy = gaps.query("measure == 'resource_autonomy'").reset_index(drop=True)
autonomy["p_value"] = intervals.p_value(autonomy["obs_value"], autonomy["std_error"])
autonomy["p_adjusted"] = intervals.adjusted(autonomy["p_value"])
autonomy["significant"] = autonomy["p_adjusted"] < 0.05
more, less = (autonomy.query(f"significant and obs_value {sign} 0") for sign in "><")
unclear = len(autonomy) - len(more) - len(less)
mean = autonomy["obs_value"].mean()
mean_error = np.sqrt((autonomy["std_error"] ** 2).sum()) / len(autonomy)
outside = ", ".join(areas.absent(autonomy["ref_area"]))
len(more), len(less), mean, mean_error

# %% [markdown]
# Gaps of single countries are noisy. Drawn in towards their mean, by as much as their errors tell, they show how far true
# gaps differ. Tests belong to the gaps as measured.

# %%
drawn_in = indicators.partial_pooling(autonomy[["ref_area", "obs_value", "std_error"]])
pooled = drawn_in.iloc[0]
KINDS = ["As measured", "Drawn in towards the mean"]
shown = pd.concat([autonomy.assign(kind=KINDS[0]), areas.add(drawn_in, country="name").assign(kind=KINDS[1])])
shown = shown.drop(columns=["measure", "value", "mean", "mean_error", "deviation", "n_areas", "obs_status"])
shown["significant"] = shown.groupby("country")["significant"].transform("first").astype(bool)
both_ends = shown["kind"].eq(KINDS[1])
shown = shown.assign(drawn_lower=shown["lower"].where(both_ends), drawn_upper=shown["upper"].where(both_ends))
drawn_in[["ref_area", "value", "obs_value", "lower", "upper", "shrinkage", "mean", "deviation"]].round(2)

# %%
pooling = (f"Drawn in: partial pooling towards a mean of {pooled['mean']:+.2f}; gaps without their errors have a standard"
           f" deviation of {pooled['deviation']:.2f}. Bars: 95% intervals of what is drawn in, those of measured gaps are in"
           " the data. Tests of the measured gaps, adjusted for the number of countries.")  # fmt: skip
chart = charts.ranked_dots(
    shown, label="country", value="obs_value", lower="drawn_lower", upper="drawn_upper", significant="significant",
    group="kind", group_order=KINDS, significance=("Measured gap significant", "Not significant"), average=pooled["mean"],
    average_label=f"Mean of {len(autonomy)}", unit="Index of responsibility for resources, city minus village")  # fmt: skip

# %%
exhibits.figure(
    "ch5-autonomy-place", chart, data=shown.drop(columns=["drawn_lower", "drawn_upper"]), indicators=["pisa-2012-schools-by-place"],
    title=f"City schools decided more in {len(more)} of {len(autonomy)} countries, 2012",
    subtitle="School responsibility for staff and budget, city minus village, index points, OECD members, 2012",
    shows=f"the difference in schools' responsibility for resources between cities and villages in {len(autonomy)} countries",
    finding=f"schools in cities have more in {len(more)} countries and less in {len(less) or 'none'}, and in {unclear} the difference"
    " may be chance",
    note="Villages: fewer than 3 000 people; cities: 100 000 to 1 million. Schools with 15-year-olds, each counting once."
    f" {pooling} Fewer than ten schools in villages or cities, or no data: {outside}. Average over countries: {mean:+.2f}"
    f" (standard error {mean_error:.2f}).",
    limits="The years since 2012, and whether cities differ because of more private schools.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2012-schools-by-place"], "time_period": "2012", "exhibit": "ch5-autonomy-place"}
counts = {"countries": len(autonomy), "more": len(more), "unclear": unclear}
exhibits.values(counts, prefix="ch5-autonomy", unit="countries", **about)
exhibits.value("ch5-autonomy-less", "none" if less.empty else str(len(less)), **about)
exhibits.value("ch5-autonomy-mean", mean, std_error=mean_error, format="+.2f", n_obs=len(autonomy), **about)
more_names = ", ".join(more.sort_values("obs_value", ascending=False)["country"]) or "none"
less_names = ", ".join(less.sort_values("obs_value")["country"]) or "none"
exhibits.values({"more-names": more_names, "less-names": less_names}, prefix="ch5-autonomy", **about)
exhibits.tests("ch5-autonomy-place", autonomy, question="Do schools in cities and villages of the country decide alike?",
               indicators=about["indicators"], adjust="fdr_bh", exhibit="ch5-autonomy-place")  # fmt: skip

# %%
raw, drawn = (indicators.ends(table)["highest"] for table in (autonomy, drawn_in))
exhibits.values({"ch5-autonomy-raw-highest": raw, "ch5-autonomy-drawn-highest": drawn}, interval=True, format="+.2f",
                n_obs=len(autonomy), **about)  # fmt: skip
for name, row in {"raw": raw, "drawn": drawn}.items():
    exhibits.value(f"ch5-autonomy-{name}-highest-country", areas.name(row["ref_area"]), **about)
exhibits.value("ch5-autonomy-deviation", pooled["deviation"], format=".2f", n_obs=len(autonomy), **about,
               note="estimated standard deviation of true gaps between countries")  # fmt: skip

# %% [markdown]
# Other sides of school life, averaged over the same comparison. The standard error of a mean over countries counts the
# samples inside countries; the countries are these, not a sample of others. The largest differences above are those of
# members in Latin America. A second mean leaves them out; it was added after that had been seen.

# %%
LABELS = {"staff_shortage": "Shortage of teaching staff", "educational_resources": "Educational resources",
          "resource_autonomy": "Responsibility for resources", "teacher_participation": "Teachers' part in decisions",
          "curriculum_autonomy": "Responsibility for curriculum"}  # fmt: skip
LATIN = areas.LATIN_AMERICA
wanted = gaps[gaps["measure"].isin(LABELS)]
groups = {"All countries": wanted, "Without Latin America": wanted[~wanted["ref_area"].isin(LATIN)]}

# %%
means = {
    name: rows.groupby("measure").agg(
        obs_value=("obs_value", "mean"), std_error=("std_error", lambda e: np.sqrt((e**2).sum()) / len(e)),
        n_areas=("obs_value", "size")).loc[list(LABELS)].reset_index() for name, rows in groups.items()
}  # fmt: skip
sides = pd.concat([rows.assign(countries=name) for name, rows in means.items()], ignore_index=True)

# %% [markdown]
# The five tests of a mean are adjusted together by the false discovery rate, once for each group of countries.

# %%
sides["p_value"] = intervals.p_value(sides["obs_value"], sides["std_error"])
sides["p_adjusted"] = sides.groupby("countries")["p_value"].transform(intervals.adjusted)
sides["label"] = sides["measure"].map(LABELS)
sides = intervals.with_interval(sides)
sides = sides.sort_values("label", key=lambda labels: labels.map(list(LABELS.values()).index), kind="stable")
sides[["label", "countries", "obs_value", "std_error", "p_adjusted", "n_areas"]].round(3)

# %%
clear = sides.query("p_adjusted < 0.05")
said = {name: "; ".join(f"{row.label.lower()} {row.obs_value:+.2f}" for row in rows.itertuples()) or "none"
        for name, rows in clear.groupby("countries")}  # fmt: skip
chart = charts.forest_plot(sides, label="countries", value="obs_value", lower="lower", upper="upper", group="label",
                           unit="Index points, city minus village", directions=("more in villages", "more in cities"))  # fmt: skip

# %%
exhibits.figure(
    "ch5-place-sides", chart, data=sides, indicators=["pisa-2012-schools-by-place"],
    title="Lack of staff in villages: the surest difference of 2012",
    subtitle="Schools in cities minus schools in villages, index points, mean over OECD members with both, 2012",
    shows="the mean difference between cities and villages for five indices of schools",
    finding=f"the differences that are significant after adjustment are: {said['All countries']}; and without Latin"
    f" America: {said['Without Latin America']}",
    note=f"{sides['n_areas'].max()} countries, {sides['n_areas'].min()} without Chile, Colombia, Costa Rica and Mexico. Indices"
    " have mean 0 and standard deviation 1 over students of the OECD. Bars: 95% intervals; tests adjusted for five indices.",
    limits="Single countries, and the years since 2012.")  # fmt: skip

# %%
sides["note"] = sides["p_adjusted"].map("index points, city minus village; adjusted p {:.3f}".format)
about["exhibit"] = "ch5-place-sides"
for name, end in {"All countries": "", "Without Latin America": "-elsewhere"}.items():
    rows = sides[sides["countries"] == name].set_index("measure")
    exhibits.values({f"{measure}{end}": row for measure, row in rows.iterrows()}, prefix="ch5-place", notes="note",
                    n_obs="n_areas", format="+.2f", **about)  # fmt: skip
    exhibits.tests(f"ch5-place-sides{end}", rows, question="Is the mean difference between cities and villages zero?",
                   indicators=about["indicators"], adjust="fdr_bh", exhibit="ch5-place-sides")  # fmt: skip
elsewhere = int((~autonomy["ref_area"].isin(LATIN)).sum())
exhibits.value("ch5-place-elsewhere", elsewhere, unit="countries", **about | {"exhibit": "ch5-autonomy-place"})

# %% [markdown]
# ## Trust
#
# A thousand people a country and year make single years volatile, so means of three years are compared: 2010 to 2012
# with 2020 to 2022, for members with two years or more in both. The publisher gives neither standard errors nor a design
# effect. Changes of less than five points are not called changes. What that rule is worth follows from the binomial error
# of about a thousand answers a year and the variance of a clustered sample, which we assume.

# %%
trust = load("trust-in-government").query("ref_area in @members and obs_value.notna()")
spans = {"start": (2010, 2012), "end": (2020, 2022)}
parts = {}
for name, years in spans.items():
    span = trust[trust["time_period"].between(*years)].groupby("ref_area")["obs_value"].agg(["mean", "size"])
    span = span.query("size >= 2")
    parts |= {name: span["mean"], f"{name}_years": span["size"]}
change = pd.DataFrame(parts).dropna().rename_axis("ref_area").reset_index()
change = areas.add(change, country="name").assign(change=change["end"] - change["start"])

# %%
ANSWERS, DESIGN_EFFECT, RULE = 1000, 2, 5
variance = sum(change[end] * (100 - change[end]) / (ANSWERS * change[f"{end}_years"]) for end in spans)
change["assumed_error"] = np.sqrt(DESIGN_EFFECT * variance)
largest = change["assumed_error"].max()
level = 100 * intervals.p_value(float(RULE), largest)
round(largest, 2), round(level, 2), round(len(change) * level / 100, 2)

# %% [markdown]
# The design effect may be another. For each: the largest error, the level that the line then has, and the
# changes beyond the line whose 95% intervals hold zero.

# %%
beyond = change.loc[change["change"].abs() >= RULE, "change"].abs()
supposed = pd.DataFrame({"design_effect": [1.0, 1.5, 2.0, 3.0, 4.0]})
supposed["largest_error"] = np.sqrt(supposed["design_effect"] * variance.max())
supposed["level"] = 100 * intervals.p_value(RULE, supposed["largest_error"])
reach = intervals.critical_value() * np.sqrt(np.outer(supposed["design_effect"], variance[beyond.index]))
supposed["unclear"] = (beyond.to_numpy() <= reach).sum(axis=1)
worst = supposed.iloc[-1]
supposed.round(1)

# %%
change["clear"] = change["change"].abs() >= RULE
rose, fell = change.query("clear and change > 0"), change.query("clear and change < 0")
averages = change[["start", "end"]].mean()
no_trust = ", ".join(areas.absent(change["ref_area"])) or "none"
len(change), len(rose), len(fell), averages.round(1).to_dict(), no_trust

# %%
chart = charts.change_arrows(
    change, label="country", start="start", end="end", start_label="2010-12", end_label="2020-22", change="change",
    significant="clear", significance=("Five points or more", "Less than five points"),
    unit="% of people who have confidence in the national government")  # fmt: skip
low, high = indicators.ends(change, "end").values()
assumed = (f"{numbers.amount(ANSWERS, ',.0f')} answers a year and {DESIGN_EFFECT} times the variance of a simple random"
           " sample, both assumed")  # fmt: skip

# %%
exhibits.figure(
    "ch5-trust", chart, data=change, indicators=["trust-in-government"],
    title="Trust in government moves, in both directions",
    subtitle="People who have confidence in their national government, %, means of 2010-12 and 2020-22, OECD members",
    shows=f"trust in government in {len(change)} countries in two periods",
    finding=f"it rose by five points or more in {len(rose)} and fell by as much in {len(fell)}; in 2020-22 it lay between"
    f" {low['end']:.0f}% in {low['country']} and {high['end']:.0f}% in {high['country']}",
    note="Countries with two years or more in both periods. Average of the same countries:"
    f" {averages['start']:.0f}% and {averages['end']:.0f}%. No comparison: {no_trust}. The publisher gives no standard errors."
    f" With {assumed}, a change has one of at most {largest:.1f} points; {RULE} points are then a test at {level:.1f}% or less"
    f" for each country, not adjusted. With {worst['design_effect']:.0f} times the variance"
    f" the level is {worst['level']:.1f}% or less, and {int(worst['unclear']) or 'none'} of the {len(beyond)} changes beyond"
    " the line has a 95% interval that holds zero.",
    limits="Trust in schools or in local government. The second period includes the pandemic.")  # fmt: skip

# %%
about = {"indicators": ["trust-in-government"], "exhibit": "ch5-trust"}

# %%
exhibits.value(
    "ch5-trust-error", largest, unit="percentage points", format=".1f", n_obs=len(change), note=assumed, **about
)
exhibits.value("ch5-trust-design-most", worst["design_effect"], format=".0f", note="design effect, assumed", **about)
exhibits.value("ch5-trust-level-most", worst["level"], unit="%", format=".0f", n_obs=len(change),
               note="with the largest design effect assumed", **about)  # fmt: skip
exhibits.value("ch5-trust-unclear-most", str(int(worst["unclear"]) or "none"),
               note="with the largest design effect assumed", **about)  # fmt: skip

# %%
exhibits.value("ch5-trust-beyond", len(beyond), n_obs=len(change), unit="countries", **about)
exhibits.value("ch5-trust-design", DESIGN_EFFECT, note="design effect, assumed", **about)
exhibits.value("ch5-trust-level", level, unit="%", format=".1f", n_obs=len(change), note=assumed, **about)

# %%
years = "2010-2012 and 2020-2022"
exhibits.values({"countries": len(change), "rose": len(rose), "fell": len(fell)}, prefix="ch5-trust", unit="countries",
                time_period=years, **about)  # fmt: skip
for name, span in {"start": "2010-2012", "end": "2020-2022"}.items():
    exhibits.value(
        f"ch5-trust-{name}", averages[name], unit="%", format=".0f", n_obs=len(change), time_period=span, **about
    )
exhibits.values({"ch5-trust-low": low, "ch5-trust-high": high}, column="end", country="country", unit="%", format=".0f",
                time_period="2020-2022", **about)  # fmt: skip

# %% [markdown]
# ## Public and private money
#
# Expenditure on education as a share of GDP, of governments and of households, all levels. The year is 2019, the last
# before the pandemic, or the nearest of the three years before. A value next to zero can stand for one that is not
# counted, as the publisher says; such countries are left out and named.

# %%
money = load(MONEY).query("ref_area in @members")
kinds = {"government_share_of_gdp": "Government", "household_share_of_gdp": "Households"}
taken = {kind: indicators.latest(money.query("measure == @kind"), 2019, max_age=3, areas=members) for kind in kinds}
households = taken["household_share_of_gdp"]
negligible = households["obs_value"] < 0.01
negligible_names = ", ".join(areas.names(households[negligible]["ref_area"])) or "none"
taken["household_share_of_gdp"] = households[~negligible]
shares = pd.DataFrame({label: taken[kind].set_index("ref_area")["obs_value"] for kind, label in kinds.items()})

# %% [markdown]
# Where both are added up they are of one year, the latest with both.

# %%
pairs = money.pivot(index=["ref_area", "time_period"], columns="measure", values="obs_value")[list(kinds)].dropna()
pairs = pairs.rename(columns=kinds).reset_index()
pairs = pairs[~pairs["ref_area"].isin(households[negligible]["ref_area"])]
pairs = pairs.assign(obs_value=100 * pairs["Households"] / (pairs["Households"] + pairs["Government"]))
paid = areas.add(indicators.latest(pairs, 2019, max_age=3, areas=members).dropna(subset=["obs_value"]), country="name")
note, paid = indicators.year_note(paid, areas.table()["name"]), paid.rename(columns={"obs_value": "private"})
means = paid[["Government", "Households"]].mean()
least, most = indicators.ends(paid, "private").values()
drawn = paid.sort_values("private", ascending=False)
drawn = drawn.melt(["ref_area", "country", "private"], list(kinds.values()), "payer", "obs_value")
len(paid), means.round(2).to_dict(), most["country"], round(most["private"], 1)

# %%
chart = charts.ranked_bars(drawn, label="country", value="obs_value", group="payer", group_order=list(kinds.values()),
                           sort=False, number=".1f", unit="Expenditure on education, % of GDP")  # fmt: skip

# %%
exhibits.figure(
    "ch5-who-pays", chart, data=drawn, indicators=[MONEY],
    title=f"Households pay {least['private']:.0f}% to {most['private']:.0f}% of what both pay",
    subtitle="Expenditure on education of governments and households, all levels, % of GDP, OECD members, 2019",
    shows=f"what governments and households spend on education in {len(paid)} countries",
    finding=f"households pay {least['private']:.0f}% to {most['private']:.0f}% of the sum of both, most in {most['country']}",
    note=f"Ordered by the households' part. Means over {len(paid)} countries: {means['Government']:.1f}% and"
    f" {means['Households']:.1f}% of GDP. Government: all its expenditure; households: initial expenditure. Left out as next to"
    f" zero: {negligible_names}. {note}",
    limits="Money of firms, foundations and other private payers, and what the money is spent on.")  # fmt: skip

# %%
about = {"indicators": [MONEY], "time_period": "2019", "exhibit": "ch5-who-pays", "n_obs": len(paid)}
exhibits.value("ch5-money-countries", len(paid), unit="countries", **about)
exhibits.values({"ch5-money-government": means["Government"], "ch5-money-households": means["Households"]}, unit="%",
                format=".1f", note="of GDP", **about)  # fmt: skip
exhibits.values({"ch5-money-lowest": least["private"], "ch5-money-highest": most["private"]}, unit="%", format=".0f",
                note="of the sum of both", **about)  # fmt: skip
exhibits.value("ch5-money-highest-country", most["country"], **about)

# %% [markdown]
# ## Do the levers go with practice and results?
#
# Seven conditions that policy can move, or hopes to, against five things it wants. Rank correlations across members, because
# a few countries are far from the rest; all tests together are adjusted by the false discovery rate. Years differ and
# are said. With so few countries only sizeable correlations can be told from zero, one by one.

# %%
total = load("pisa-2012-schools-by-place").query("place == 'total' and ref_area in @members")
total = total.pivot(index="ref_area", columns="measure", values="obs_value")
research = load("rd-expenditure").query("measure == 'gross_expenditure'")
research = indicators.latest(research, 2021, max_age=5, areas=members)

# %%
levers = pd.DataFrame({
    "Responsibility for resources, 2012": total["resource_autonomy"],
    "Responsibility for curriculum, 2012": total["curriculum_autonomy"],
    "Teachers' part in decisions, 2012": total["teacher_participation"],
    "Trust in government, 2020-22": change.set_index("ref_area")["end"],
    "Government money, % of GDP, 2019": shares["Government"],
    "Household money, % of GDP, 2019": shares["Households"],
    "Research, % of GDP, 2021": research.set_index("ref_area")["obs_value"],
})  # fmt: skip
levers.count()

# %%
lower_secondary = "isced_level == '2' and time_period == 2024 and ref_area in @members"
practice = load("talis-teaching-practices").query(lower_secondary)
modes = load("talis-learning-modes").query(lower_secondary + " and delivery == 'total'")
mathematics = "domain == 'mathematics' and obs_value.notna() and time_period == "

# %%
wanted = {
    "Open tasks (teachers, 2024)": practice.query("item == 'open_tasks'"),
    "Visits to schools (teachers, 2024)": modes.query("item == 'school_visits'"),
    "Maths score (2022)": load("pisa-mathematics").query("time_period == 2022"),
    "Maths change (2012-22)": load("pisa-change").query(mathematics + "'2012-2022'"),
    "Social gap, maths (2022)": load("pisa-escs-gap").query(mathematics + "2022"),
}
results = {name: table.set_index("ref_area")["obs_value"] for name, table in wanted.items()}
results = pd.DataFrame(results).reindex(members)
results.count()

# %%
cells = [
    (lever, result, pd.concat([levers[lever], results[result]], axis=1).dropna())
    for lever in levers
    for result in results
]
links = pd.DataFrame([
    {"lever": lever, "result": result, "obs_value": test.statistic, "p_value": test.pvalue, "n_areas": len(both)}
    for lever, result, both in cells for test in [stats.spearmanr(*both.to_numpy().T)]
])  # fmt: skip

# %%
width = intervals.critical_value() * np.sqrt(1.06 / (links["n_areas"] - 3))
links["lower"], links["upper"] = (np.tanh(np.arctanh(links["obs_value"]) + sign * width) for sign in (-1, 1))
links["p_adjusted"] = intervals.adjusted(links["p_value"])
links["significant"] = links["p_adjusted"] < 0.05
sure = links.query("significant").sort_values("p_adjusted")
single = int((links["p_value"] < 0.05).sum())
sure[["lever", "result", "obs_value", "lower", "upper", "p_adjusted", "n_areas"]].round(2)

# %% [markdown]
# Rich countries spend more on research, leave less to families and score higher. What is left of the links that
# survive the adjustment if output per hour worked is held constant (partial rank correlation)?

# %%
output = load("labour-productivity").query("time_period == 2019").set_index("ref_area")["obs_value"].rename("output")
held = {}
for row in sure.itertuples():
    ranks = pd.concat([levers[row.lever], results[row.result], output], axis=1).dropna().rank()
    slopes = {name: np.polyfit(ranks["output"], ranks[name], 1) for name in ranks.columns[:2]}
    left = [ranks[name] - np.polyval(slope, ranks["output"]) for name, slope in slopes.items()]
    held[row.Index] = np.corrcoef(*left)[0, 1]
links["held_output"] = pd.Series(held)
held_text = ", ".join(numbers.amount(held[i], "+.2f") for i in sorted(held))
links.loc[sure.index, ["lever", "result", "obs_value", "held_output", "n_areas"]].round(2)

# %%
chart = charts.heat_matrix(links, row="lever", column="result", value="obs_value", row_order=list(levers), centre=0,
                           column_order=list(results), limits=(-1, 1), significant="significant", number="+.2f",
                           unit="Spearman's rank correlation")  # fmt: skip
SOURCES = ["pisa-2012-schools-by-place", "trust-in-government", MONEY, "rd-expenditure", "talis-teaching-practices",
           "talis-learning-modes", "pisa-mathematics", "pisa-change", "pisa-escs-gap"]  # fmt: skip
WITH_OUTPUT = [*SOURCES[:3], "labour-productivity", *SOURCES[3:]]

# %%
exhibits.figure(
    "ch5-lever-links", chart, data=links, indicators=WITH_OUTPUT,
    title="Few levers go with practice or results across countries",
    subtitle="Rank correlations of conditions with teaching practice and results of students, OECD members, mixed years",
    shows=f"{len(links)} rank correlations of seven levers with five outcomes",
    finding=f"{len(sure)} of {len(links)} differ from zero after adjustment for the number of tests",
    note=f"Bold: significant after adjustment (false discovery rate of 5%); {single} would be without it."
    f" {links['n_areas'].min()} to {links['n_areas'].max()} countries. With output per hour worked held constant the bold ones"
    f" become {held_text} (from top to bottom). TALIS: lower secondary. Intervals are in the data.",
    limits="Effects in either direction. With so few countries, the absence of a link is weak evidence of absence.")  # fmt: skip

# %%
about = {"indicators": SOURCES, "exhibit": "ch5-lever-links", "time_period": "mixed"}
exhibits.value("ch5-links-tested", len(links), **about)
exhibits.values({"ch5-links-sure": len(sure), "ch5-links-single": single}, n_obs=len(links), **about)
exhibits.values({"ch5-links-fewest": int(links["n_areas"].min()), "ch5-links-most": int(links["n_areas"].max())},
                unit="countries", **about)  # fmt: skip
exhibits.tests("ch5-lever-links", links, question="Are this lever and this outcome unrelated across countries?",
               indicators=SOURCES, adjust="fdr_bh", exhibit="ch5-lever-links")  # fmt: skip
exhibits.value("ch5-links-practice", int(sure["result"].str.contains("teachers").sum()), **about)

# %%
links["note"] = [f"95% interval {row.lower:+.2f} to {row.upper:+.2f}; adjusted p {row.p_adjusted:.3f}"
                 for row in links.itertuples()]  # fmt: skip
quoted = links[links["result"] == "Maths score (2022)"].set_index("lever")
for lever, name in {"Trust": "trust", "Research": "research", "Government": "government", "Household": "household",
                    "Responsibility for resources": "autonomy"}.items():  # fmt: skip
    row = quoted[quoted.index.str.startswith(lever)].iloc[0]
    exhibits.values({f"ch5-link-{name}": row}, notes="note", n_obs="n_areas", format="+.2f", **about)

# %%
for _, row in links.loc[sure.index].iterrows():
    name = f"{row['lever'].split()[0]}-{row['result'].split()[0]}".replace(",", "").lower()
    exhibits.values({f"ch5-sure-{name}": row}, notes="note", n_obs="n_areas", format="+.2f", **about)
    exhibits.value(f"ch5-held-{name}", row["held_output"], format="+.2f", n_obs=row["n_areas"],
                   note="partial rank correlation, output per hour worked held constant",
                   **about | {"indicators": [*SOURCES, "labour-productivity"]})  # fmt: skip

# %% [markdown]
# Two checks of these links. Where households spend more, is output lower? And do links with TALIS need the countries whose
# response was low, which its averages leave out (flag s)?

# %%
poorer = pd.concat([levers["Household money, % of GDP, 2019"], output], axis=1).dropna()
exhibits.value("ch5-household-n", len(poorer), unit="countries", **about)
exhibits.value("ch5-household-output", poorer.corr("spearman").iloc[0, 1], format="+.2f", n_obs=len(poorer), **about
               | {"indicators": [*SOURCES, "labour-productivity"]}, note="Spearman's rank correlation")  # fmt: skip
low_response = modes.query("item == 'school_visits' and obs_status == 's'")["ref_area"]
full = pd.concat([levers["Responsibility for curriculum, 2012"], results["Visits to schools (teachers, 2024)"]], axis=1)
full = full.drop(low_response).dropna()
exhibits.value("ch5-visits-full-response", full.corr("spearman").iloc[0, 1], format="+.2f", n_obs=len(full), **about,
               note="Spearman's rank correlation, without countries with low response")  # fmt: skip
", ".join(areas.names(low_response)), len(full)

# %% [markdown]
# ## What is known about each lever
#
# One line a lever: the grade on the outcome that most studies tested, from the study library by the rule of
# `crossroads.strength`. Who was studied where stands beside it.

# %%
library, lists = studies.load(), studies.lists()
labels = {name: {code: row["label"] for code, row in entries.items()} for name, entries in lists.items()}
votes = strength.votes(studies.findings(library), lists["designs"])
graded = strength.by_outcome(votes, studies.overrides())
known = strength.by_lever(graded, lists["levers"], lists["outcomes"])

# %%
BY_DESIGN = {"tests": "T", "syntheses": "S", "comparisons": "C", "associations": "A"}
by_sign = {f"n_{code}": label for code, label in labels["signs"].items()}
known["designs"] = [strength.counted(row, BY_DESIGN) or "none" for row in known.to_dict("records")]
known["signs"] = [strength.counted(row, by_sign) or "none" for row in known.to_dict("records")]
known["lever_name"], known["outcome_name"] = (
    known["lever"].map(labels["levers"]),
    known["outcome"].map(labels["outcomes"]),
)
known["outcome_name"] = known["outcome_name"].fillna("none")

# %%
known["told"] = [strength.phrase(row.grade, row.sign, lists) for row in known.itertuples()]
known["page"] = "book/studies?lever=" + known["lever"]
counted = known["grade"].value_counts().reindex(list(lists["grades"]), fill_value=0)

# %%
voters = votes.assign(study=votes["studies"].str.split(";")).explode("study")
voters = voters.merge(known[["lever", "outcome"]])
voters["ref_area"] = voters["study"].map({key: study["place"]["areas"] for key, study in library.items()})
where = voters.explode("ref_area").drop_duplicates(["lever", "study", "ref_area"])
where = where.groupby("lever")["ref_area"].value_counts().reset_index()
where["said"] = where["ref_area"] + " " + where["count"].astype(str)
known["where"] = known["lever"].map(where.groupby("lever")["said"].agg(", ".join)).fillna("not said")
others = graded.merge(known[["lever", "outcome"]], how="left", indicator=True).query("_merge == 'left_only'")
known["others"] = known["lever"].map(others.groupby("lever").size()).fillna(0).astype(int)

# %%
exhibits.table(
    "ch5-evidence", known,
    columns={"lever_name": "Lever", "outcome_name": "Outcome most tested", "told": "Grade and sign", "designs": "Votes by design",
             "signs": "Votes by sign", "where": "Studies by country", "others": "Other outcomes"},
    links={"lever_name": "page"},
    title=f"Strong evidence on {counted['strong']} of {len(known)} levers",
    subtitle=f"Grade of each lever on the outcome that most studies tested, {len(votes)} votes of {votes['trial'].nunique()} trials",
    shows=f"{len(known)} levers with grade, sign, designs and countries",
    finding=f"{counted['strong']} are strong, {counted['moderate']} moderate, {counted['contested']} contested,"
    f" {counted['limited']} limited, and on {counted['none']} nothing counts",
    note="T: tests (randomised); S: syntheses of tests; C: comparisons; A: associations and reviews. One vote a trial. The sign"
    " is that of the outcome. Other outcomes: how many more were graded, all in the annex on grades.",
    limits="How large effects are, and all research: the studies are those that were read.",
    indicators=["studies"])  # fmt: skip

# %%
about = {"indicators": ["studies"], "exhibit": "ch5-evidence"}
exhibits.values({grade: int(n) for grade, n in counted.items()}, prefix="ch5-levers", n_obs=len(known), **about)
exhibits.value("ch5-levers", len(known), **about)
exhibits.value("ch5-levers-votes", len(votes), **about)
exhibits.values(dict(zip(known["lever"], known["told"].str.lower(), strict=True)), prefix="grade", **about)
exhibits.values({f"grade-{row.lever}-outcome": row.outcome_name.lower() for row in known.itertuples()}, **about)
