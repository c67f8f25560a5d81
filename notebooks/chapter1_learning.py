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
# # Chapter 1: spending and learning
#
# Results in PISA mathematics, their change over a decade, and what they have to do with spending and with social
# background. All standard errors of scores are those that the OECD publishes.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, models, numbers

members = areas.members()
mathematics = load("pisa-mathematics").query("ref_area in @members")
TABLES = ["pisa-mathematics"]

# %% [markdown]
# ## Level
#
# All members took part in 2025. The OECD average is the unweighted mean; its standard error takes the national
# samples as independent.

# %%
level = areas.add(mathematics.query("time_period == 2025"), country="name")
level = intervals.with_interval(level)
average = indicators.average(level, code="OECD").iloc[0]
ranked = level.sort_values("obs_value", ignore_index=True)
bottom, top = ranked.iloc[0], ranked.iloc[-1]

# %%
chart = charts.ranked_dots(
    level, label="country", value="obs_value", lower="lower", upper="upper", unit="Score points",
    average=average["obs_value"], average_label=f"OECD average ({average['n_areas']})")  # fmt: skip

# %%
exhibits.figure(
    "ch1-mathematics-level", chart, data=level, indicators=TABLES,
    title="Mathematics scores differ widely between OECD countries",
    subtitle="Mean score of 15-year-old students in PISA mathematics, OECD members, 2025",
    shows="mean scores in mathematics of 38 countries in 2025",
    finding=f"{top['country']} leads with {top['obs_value']:.0f} points and {bottom['country']} is last with"
    f" {bottom['obs_value']:.0f}",
    note="Whiskers are 95% intervals from published standard errors. The OECD average counts each country once.",
    limits="Why countries differ; and the order of neighbours whose intervals overlap.")  # fmt: skip

# %%
about = {"indicators": TABLES, "unit": "score points", "format": ".0f", "time_period": "2025",
         "exhibit": "ch1-mathematics-level"}  # fmt: skip
exhibits.values({"ch1-oecd-mathematics": average}, n_obs="n_areas", note="OECD average in mathematics", **about)
exhibits.values({"ch1-top-mathematics": top, "ch1-bottom-mathematics": bottom,
                 "ch1-mathematics-distance": indicators.difference(top, bottom)}, **about)  # fmt: skip
about["format"] = ""
exhibits.values(
    {"ch1-top-mathematics-country": top["country"], "ch1-bottom-mathematics-country": bottom["country"]}, **about
)
exhibits.value("ch1-oecd-mathematics-n", average["n_areas"], **{**about, "unit": "countries", "format": ".0f"})

# %% [markdown]
# ## Change from 2012 to 2022
#
# The OECD publishes this change with a standard error that includes the error of the link between the two scales. The
# tests are adjusted for the number of countries by the false discovery rate.

# %%
published = load("pisa-change").query("domain == 'mathematics' and time_period == '2012-2022'")
change = published.query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
scores = mathematics.pivot(index="ref_area", columns="time_period", values="obs_value")
change = areas.add(change, country="name")
change["start"], change["end"] = (change["ref_area"].map(scores[year]) for year in (2012, 2022))
change["p_value"] = intervals.p_value(change["obs_value"], change["std_error"])
change["p_adjusted"] = intervals.adjusted(change["p_value"])
change["significant"] = change["p_adjusted"] < 0.05

# %%
falls, rises = (change.query(f"significant and obs_value {sign} 0") for sign in "<>")
counts = {"tested": len(change), "falls": len(falls), "rises": len(rises),
          "no-change": len(change) - len(falls) - len(rises)}  # fmt: skip
steepest = change.loc[change["obs_value"].idxmin()]
oecd_change = published.set_index("ref_area").loc["OECD-average-35"]
counts

# %%
chart = charts.change_arrows(
    change, label="country", start="start", end="end", start_label="2012", end_label="2022", change="obs_value",
    significant="significant", sort_by="obs_value", unit="Score points; the numbers are the changes")  # fmt: skip

# %%
exhibits.figure(
    "ch1-mathematics-change", chart, data=change, indicators=["pisa-change", "pisa-mathematics"],
    title="In mathematics, falls far outnumber rises since 2012",
    subtitle="Mean score of 15-year-old students in PISA mathematics, OECD members, 2012 and 2022",
    shows=f"mathematics scores of {len(change)} countries in 2012 and 2022",
    finding=f"results fell significantly in {len(falls)} countries and rose in {len(rises)}; the steepest fall is that"
    f" of {steepest['country']}",
    note="Filled arrows: significant at 5% after adjustment for the number of countries, with standard errors that"
    " include the link error. Luxembourg did not take part in 2022.",
    limits="What brought the changes about.")  # fmt: skip

# %%
about = {"indicators": ["pisa-change"], "time_period": "2012 to 2022", "exhibit": "ch1-mathematics-change"}
exhibits.values({f"ch1-{name}": count for name, count in counts.items()}, unit="countries", n_obs=len(change), **about)
exhibits.value("ch1-rises-in-words", numbers.in_words(len(rises), largest=1), **about)
exhibits.value("ch1-steepest-country", steepest["country"], **about)
exhibits.value("ch1-steepest-fall", -steepest["obs_value"], std_error=steepest["std_error"], unit="score points",
               format=".0f", **about)  # fmt: skip
n_constant = areas.n_averaged(oecd_change.name)
exhibits.values({"ch1-oecd-change": oecd_change}, unit="score points", n_obs=n_constant, format="+.1f", **about)
exhibits.value("ch1-oecd-change-n", n_constant, unit="countries", note="constant set of the publisher", **about)

# %%
exhibits.tests("ch1-mathematics-changes", change, question="Is the country's change in mathematics from 2012 to 2022 zero?",
               indicators=["pisa-change"], adjust="fdr_bh", exhibit="ch1-mathematics-change")  # fmt: skip

# %% [markdown]
# The change from 2022 to 2025 is published in whole points and, for mathematics, without standard errors; nor is the error
# of its link known to us. It is therefore told and not tested. No change over a longer span that ends in 2025 is
# computed.

# %%
recent = load("pisa-2025-change").query("domain == 'mathematics' and obs_value.notna()").set_index("ref_area")
later = recent[recent.index.isin(members)]
averaged = later.drop(["CRI", "ESP"])  # and without Luxembourg, which has no value: so the publisher forms the average
about = {"indicators": ["pisa-2025-change"], "time_period": "2022 to 2025"}
exhibits.value("ch1-recent-change", recent.loc["OECD-average", "obs_value"], unit="score points", format="+.0f",
               n_obs=len(averaged), note="as published, without a standard error: no test", **about)  # fmt: skip
exhibits.value("ch1-recent-averaged", len(averaged), unit="countries", **about)
counts = {"lower": int((later["obs_value"] < 0).sum()), "n": len(later)}
exhibits.values(counts, prefix="ch1-recent", unit="countries", n_obs=len(later), note="in whole points, not tested",
                **about)  # fmt: skip

# %% [markdown]
# ## Spending and results
#
# Spending per student in 2019 beside scores in 2022. Does the link hold up to a point only? Two straight lines meet at the
# median of spending, a rule set before looking at the scores, and then at the spending that fits best, by a test that
# allows for the search; each with all countries and without the four lowest spenders. Correlations describe the two
# halves and are not compared, since they hang on how far spending differs within each.

# %%
spending = load("education-spending").query("measure == 'spending_per_student' and ref_area in @members")
spending = spending.query("education_level == 'primary_to_post_secondary'")
spending = spending.pivot(index="ref_area", columns="time_period", values="obs_value")
pair = pd.DataFrame({"spending": spending[2019], "score": scores[2022]}).dropna().rename_axis("ref_area").reset_index()
pair = areas.add(pair, country="name")
median = pair["spending"].median()
pair["half"] = np.where(pair["spending"] <= median, "Lower-spending half", "Higher-spending half")

# %%
halves = {"lower": pair.query("spending <= @median"), "higher": pair.query("spending > @median")}
halves["trimmed"] = halves["lower"].drop(index=halves["lower"]["spending"].nsmallest(4).index)
links = {half: indicators.correlation(rows, "spending", "score") for half, rows in halves.items()}
pd.DataFrame(links).T

# %%
thousands = pair.assign(spending=pair["spending"] / 1000)
samples = {"all": thousands, "trimmed": thousands.drop(index=thousands["spending"].nsmallest(4).index)}
knots = {"median": median / 1000, "searched": None}
lines = pd.concat(
    models.broken_stick(rows, "score", "spending", knot=knots[rule]).assign(countries=name, knot_rule=rule)
    for name, rows in samples.items() for rule in knots
)  # fmt: skip

# %% [markdown]
# Where the knot was searched only the break has a test. The eight tests are adjusted together by Holm's rule.

# %%
lines = lines.query("knot_rule == 'median' or term == 'change'").reset_index(drop=True)
lines["p_adjusted"] = intervals.adjusted(lines["p_value"], "holm")
ends = ["knot", "knot_lower", "knot_upper"]
lines[["countries", "knot_rule", "term", "obs_value", "lower", "upper", "p_adjusted", *ends, "n_obs"]].round(3)

# %%
chart = charts.scatter_within(
    pair, x="spending", y="score", group="half", y_unit="Mathematics score, 2022",
    label="country", named=["Mexico", "Colombia", "Estonia", "Japan", "Korea", "Norway"],
    group_order=["Lower-spending half", "Higher-spending half"],
    x_unit="Spending per student, 2019, US dollars at purchasing power parity")  # fmt: skip
at_median = lines.query("knot_rule == 'median'").set_index(["countries", "term"])
below, above, kept = (at_median.loc[key] for key in [("all", "below"), ("all", "above"), ("trimmed", "below")])
spans = "; ".join(numbers.span(row["lower"], row["upper"], ".0f") for row in (below, kept, above))

# %%
exhibits.figure(
    "ch1-spending-results", chart, data=pair, indicators=["education-spending", "pisa-mathematics"],
    title="Low spenders score low; above the median, no clear link",
    subtitle="Spending per student, primary to post-secondary, 2019, and mean score in mathematics, 2022, OECD members",
    shows=f"spending per student and mathematics scores of {len(pair)} countries",
    finding=f"a thousand dollars more go with {below['obs_value']:.0f} points below the median"
    f" ({kept['obs_value']:.0f} without the four lowest spenders) and {above['obs_value']:+.0f} above it",
    note=f"{len(pair)} countries with both values; not Costa Rica and Switzerland (no spending in 2019) and Luxembourg"
    f" (not in PISA 2022). The halves meet at the median. 95% intervals of the slopes, in the order named: {spans}.",
    limits="Whether spending brings results about: richer countries differ in much else.")  # fmt: skip

# %%
about = {"indicators": ["education-spending", "pisa-mathematics"], "exhibit": "ch1-spending-results",
         "time_period": "spending 2019, scores 2022"}  # fmt: skip
exhibits.values({f"ch1-correlation-{half}": link for half, link in links.items()}, n_obs="n_obs", interval=True,
                format=".2f", **about)  # fmt: skip
exhibits.value("ch1-low-spenders", numbers.enumerate_words(pair.nsmallest(4, "spending")["country"]),
               note="the countries left out of the trimmed half", **about)  # fmt: skip
exhibits.value("ch1-spending-median", median, unit="US dollars at purchasing power parity", format=",.0f",
               n_obs=len(pair), **about)  # fmt: skip

# %%
for (name, term), row in at_median.iterrows():
    identifier = f"ch1-slope-{term}" + "-trimmed" * (name == "trimmed")
    exhibits.values({identifier: row}, interval=True, n_obs="n_obs", unit="score points for a thousand US dollars",
                    format=".0f", **about)  # fmt: skip
    exhibits.value(
        f"{identifier}-interval", numbers.span(row["lower"], row["upper"], ".0f"), n_obs=row["n_obs"], **about
    )
exhibits.tests("ch1-spending-break", lines, question="Is the slope of scores on spending zero, or the same below and above?",
               indicators=about["indicators"], adjust="holm", exhibit="ch1-spending-results")  # fmt: skip

# %%
found = lines.query("knot_rule == 'searched'").set_index("countries")
knot = 1000 * found.loc["all", ends].astype(float)
exhibits.value("ch1-knot", knot["knot"], unit="US dollars at purchasing power parity", format=",.0f", n_obs=len(pair),
               interval=(knot["knot_lower"], knot["knot_upper"]), **about)  # fmt: skip
exhibits.values({"ch1-break-p": at_median.loc[("all", "change"), "p_adjusted"],
                 "ch1-break-trimmed-p": at_median.loc[("trimmed", "change"), "p_adjusted"],
                 "ch1-break-searched-p": found.loc["all", "p_adjusted"]}, format=".2g", note="adjusted p-value", **about)  # fmt: skip

# %% [markdown]
# ## Growth of spending and change of results

# %%
growth = pd.DataFrame({"growth": 100 * (spending[2019] / spending[2012] - 1)})
growth = growth.join(change.set_index("ref_area")[["country", "obs_value"]]).dropna().reset_index()
growth = growth.rename(columns={"obs_value": "score_change"})
link = indicators.correlation(growth, "growth", "score_change")
grew = int((growth["growth"] > 0).sum())
grew, link.to_dict()

# %%
chart = charts.scatter_within(
    growth, x="growth", y="score_change", y_unit="Change in mathematics score, 2012 to 2022",
    label="country", named=["Hungary", "Colombia", "Iceland", "Germany", "Mexico"],
    x_unit="Growth of spending per student, 2012 to 2019, %")  # fmt: skip

# %%
exhibits.figure(
    "ch1-spending-change", chart, data=growth, indicators=["education-spending", "pisa-change"],
    title="Growth of spending shows no clear link with results",
    subtitle="Growth of spending per student (current prices), 2012 to 2019, and change in mathematics, 2012 to 2022",
    shows=f"growth of spending and change of scores in {len(growth)} countries",
    finding=f"the correlation is {link['obs_value']:.2f} with a 95% interval from {link['lower']:.2f} to {link['upper']:.2f}",
    note=f"{len(growth)} countries with all four values. Spending in US dollars at purchasing power parity, current"
    " prices. The scores carry standard errors and a link error, which weaken a correlation.",
    limits="What would have happened without the growth of spending.")  # fmt: skip

# %%
exhibits.values({"ch1-correlation-change": link}, interval=True, n_obs="n_obs", format=".2f",
                time_period="spending 2012 to 2019, scores 2012 to 2022", exhibit="ch1-spending-change",
                indicators=["education-spending", "pisa-change"])  # fmt: skip
about = {"time_period": "2012 to 2019", "indicators": ["education-spending"], "exhibit": "ch1-spending-change"}
exhibits.value("ch1-spending-grew-n", len(growth), unit="countries", **about)
exhibits.value("ch1-spending-grew", grew, unit="countries", n_obs=len(growth), **about)
exhibits.tests("ch1-spending-growth", pd.DataFrame([link]), exhibit="ch1-spending-change", indicators=[
    "education-spending", "pisa-change"], question="Is growth of spending unrelated to the change in mathematics?")  # fmt: skip

# %% [markdown]
# ## The gap by social background
#
# The gap is the mean of the most advantaged quarter of students minus that of the least advantaged quarter in the same
# country. No link error enters, since both groups sat the same test.

# %%
gaps = load("pisa-escs-gap").query("domain == 'mathematics' and ref_area in @members")
moved = areas.add(indicators.change(gaps, 2012, 2022).dropna(subset=["obs_value"]), country="name")
wider, narrower = (moved.query(f"significant == True and obs_value {sign} 0") for sign in "><")
oecd_gap = indicators.average(gaps, constant=True, code="OECD").set_index("time_period")
gap_change = indicators.difference(oecd_gap.loc[2022], oecd_gap.loc[2012])
n_averaged = oecd_gap.loc[2022, "n_areas"]
len(moved), len(wider), len(narrower), gap_change.round(2).to_dict()

# %%
chart = charts.change_arrows(
    moved, label="country", start="start_value", end="end_value", start_label="2012", end_label="2022",
    change="obs_value", significant="significant", sort_by="obs_value",
    unit="Score points between top and bottom quarter; the numbers are the changes")  # fmt: skip

# %%
exhibits.figure(
    "ch1-equity-gap", chart, data=moved, indicators=["pisa-escs-gap"],
    title="The gap by social background has not narrowed",
    subtitle="Top minus bottom quarter of socio-economic status, PISA mathematics, OECD members, 2012 and 2022",
    shows=f"socio-economic gaps in mathematics of {len(moved)} countries in 2012 and 2022",
    finding=f"the gap widened significantly in {len(wider)} countries and narrowed in {len(narrower)}",
    note="Filled arrows: significant at 5% after adjustment for the number of countries. Samples of the two cycles"
    " are independent.",
    limits="What brought the changes about; where the gap narrowed, advantaged students may have lost more.")  # fmt: skip

# %%
about = {"indicators": ["pisa-escs-gap"], "unit": "score points", "exhibit": "ch1-equity-gap"}
period = {"time_period": "2012 to 2022"}
exhibits.values({"ch1-gap-2022": oecd_gap.loc[2022]}, format=".0f", time_period="2022", n_obs=n_averaged, **about)
exhibits.values({"ch1-gap-change": gap_change}, format="+.1f", n_obs=n_averaged, **period, **about)
exhibits.value("ch1-gap-change-error", gap_change["std_error"], format=".1f", **period, **about)
about["unit"] = "countries"
exhibits.value("ch1-gap-n", n_averaged, **about)
exhibits.values({"ch1-gap-wider": len(wider), "ch1-gap-narrower": len(narrower)}, **period, **about)

# %%
averaged = intervals.with_test(gap_change.to_frame().T.astype(float), adjust=None)
exhibits.value("ch1-gap-change-p", averaged["p_value"].iloc[0], format=".2f", n_obs=n_averaged, **period,
               indicators=["pisa-escs-gap"], exhibit="ch1-equity-gap")  # fmt: skip
about = {"indicators": ["pisa-escs-gap"], "exhibit": "ch1-equity-gap"}
exhibits.tests("ch1-gap-average", averaged, question="Is the change of the OECD average gap zero?", **about)
exhibits.tests("ch1-gap-changes", moved, question="Is the country's change of the gap by social background zero?",
               adjust="fdr_bh", **about)  # fmt: skip
