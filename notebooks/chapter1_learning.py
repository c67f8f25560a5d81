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
# Results in PISA, their change over a decade and since 2022, and what they have to do with spending and with social
# background. Standard errors are published ones, or put together from published parts where that is said.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, columns, exhibits, indicators, intervals, load, models, numbers

members = areas.members()
mathematics = load("pisa-mathematics").query("ref_area in @members")

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
    finding=f"results fell significantly in {len(falls)} countries and rose in {len(rises) or 'none'}; the steepest fall is that"
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
# ## Change from 2022 to 2025
#
# The publisher prints these changes in whole points and without standard errors. For science the volume names the error
# of the link between the cycles, so that the table holds a standard error; reading and mathematics are told, not tested.
# No change over a longer span that ends in 2025 is computed.

# %%
recent = load("pisa-2025-change").query("obs_value.notna()")
oecd_recent = recent.query("ref_area == 'OECD-average'").set_index("domain")
later = areas.add(recent.query("ref_area in @members"), country="name")
n_recent = later.groupby("domain")["ref_area"].size()
# The publisher forms the average without Costa Rica and Spain, and without Luxembourg, which has no value.
n_averaged = int(n_recent["science"]) - 2
science = intervals.with_test(later.query("domain == 'science'").reset_index(drop=True))
lower, higher = (science.query(f"significant == True and obs_value {sign} 0") for sign in "<>")
caution = numbers.enumerate_words(science.loc[columns.flagged(science, columns.CAUTION), "country"])
n_recent.to_dict(), caution, lower["country"].tolist(), higher["country"].tolist()

# %%
chart = charts.ranked_dots(
    science, label="country", value="obs_value", lower="lower", upper="upper", significant="significant",
    significance=("Change different from zero", "Not significantly different"),
    average=oecd_recent.loc["science", "obs_value"], average_label=f"OECD average ({n_averaged})", number="+.0f",
    unit="Change in score points, 2022 to 2025")  # fmt: skip

# %%
exhibits.figure(
    "ch1-science-change", chart, data=science, indicators=["pisa-2025-change"],
    title="Since 2022 science moved little in most countries",
    subtitle="Change of the mean score of 15-year-old students in PISA science, OECD members, 2022 to 2025",
    shows=f"changes in science of {len(science)} countries from 2022 to 2025",
    finding=f"science fell significantly in {len(lower)} countries and rose in {len(higher) or 'none'}",
    note="Published changes in whole points. Whiskers: 95% intervals, standard error computed here from those of the two means"
    " and of the link. Filled: significant at 5% after adjustment for the number of countries. Not shown: Luxembourg, not in PISA"
    f" 2022. The publisher asks for caution, as samples did not meet all standards: {caution}.",
    limits="Mathematics and reading, whose changes have no published error; and what brought the changes about.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2025-change"], "time_period": "2022 to 2025"}
told = oecd_recent.loc[["mathematics", "reading", "science"]]
exhibits.values(told, prefix="ch1-recent", unit="score points", format="+.0f", n_obs=n_averaged, **about)
exhibits.value("ch1-recent-averaged", n_averaged, unit="countries", **about)
for domain, rows in later.groupby("domain"):
    exhibits.value(f"ch1-recent-{domain}-lower", int((rows["obs_value"] < 0).sum()), unit="countries", n_obs=len(rows),
                   note="published change below zero, not tested", **about)  # fmt: skip

# %%
about["exhibit"] = "ch1-science-change"
counts = {"falls": len(lower), "rises": len(higher), "same": len(science) - len(lower) - len(higher)}
exhibits.values(counts, prefix="ch1-science", unit="countries", n_obs=len(science), **about)
exhibits.value("ch1-science-tested", len(science), unit="countries", **about)
mean = intervals.with_test(told.loc[["science"]], adjust=None)
exhibits.value("ch1-science-interval", numbers.span(*mean.iloc[0][["lower", "upper"]], "+.0f"), **about)
exhibits.tests("ch1-science-average", mean, question="Is the change of the average in science from 2022 to 2025 zero?",
               indicators=about["indicators"], exhibit=about["exhibit"])  # fmt: skip

# %%
named = {"fallers": numbers.enumerate_words(lower["country"]), "risers": numbers.enumerate_words(higher["country"])}
exhibits.values(named, prefix="ch1-science", **about)
exhibits.tests("ch1-science-changes", science, question="Is the country's change in science from 2022 to 2025 zero?",
               adjust="fdr_bh", **{name: about[name] for name in ("indicators", "exhibit")})  # fmt: skip

# %% [markdown]
# Students below Level 2 in science, reading and mathematics at once.

# %%
low = load("pisa-2025-performers").query("measure == 'low_performers_all' and obs_value.notna()")
low = areas.add(low, country="name").set_index("ref_area")["obs_value"]
ranked = low[low.index.isin(members)].sort_values()
about = {"indicators": ["pisa-2025-performers"], "time_period": "2025", "n_obs": len(ranked)}
ends = {"average": low["OECD-average"], "least": ranked.iloc[0], "most": ranked.iloc[-1]}
exhibits.values(ends, prefix="ch1-low", unit="%", format=".0f", note="published without a standard error", **about)
exhibits.value("ch1-low-n", len(ranked), unit="countries", **about | {"n_obs": None})
exhibits.values({"least-country": areas.name(ranked.index[0]), "most-country": areas.name(ranked.index[-1])},
                prefix="ch1-low", **about)  # fmt: skip

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
                 "ch1-break-searched-p": found.loc["all", "p_adjusted"]}, format=".3f", note="adjusted p-value", **about)  # fmt: skip

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
exhibits.values({"ch1-correlation-change": link}, interval=True, n_obs="n_obs", format=".2f",
                time_period="spending 2012 to 2019, scores 2012 to 2022",
                indicators=["education-spending", "pisa-change"])  # fmt: skip
exhibits.value("ch1-correlation-change-interval", numbers.span(link["lower"], link["upper"], ".2f"), n_obs=len(growth),
               indicators=["education-spending", "pisa-change"], time_period="2012 to 2019 and 2012 to 2022")  # fmt: skip
about = {"time_period": "2012 to 2019", "indicators": ["education-spending"]}
exhibits.value("ch1-spending-grew-n", len(growth), unit="countries", **about)
exhibits.value("ch1-spending-grew", grew, unit="countries", n_obs=len(growth), **about)
exhibits.tests("ch1-spending-growth", pd.DataFrame([link]), indicators=["education-spending", "pisa-change"],
               question="Is growth of spending unrelated to the change in mathematics?")  # fmt: skip

# %% [markdown]
# ## The gap by social background
#
# The gap is the mean of the most advantaged quarter of students minus that of the least advantaged quarter in the same
# country. No link error enters, since both groups sat the same test. First the decade to 2022, in mathematics.

# %%
gaps = load("pisa-escs-gap").query("domain == 'mathematics' and ref_area in @members")
moved = areas.add(indicators.change(gaps, 2012, 2022).dropna(subset=["obs_value"]), country="name")
wider, narrower = (moved.query(f"significant == True and obs_value {sign} 0") for sign in "><")
oecd_gap = indicators.average(gaps, constant=True, code="OECD").set_index("time_period")
gap_change = indicators.difference(oecd_gap.loc[2022], oecd_gap.loc[2012])
n_averaged = oecd_gap.loc[2022, "n_areas"]
len(moved), len(wider), len(narrower), gap_change.round(2).to_dict()

# %%
about = {"indicators": ["pisa-escs-gap"], "unit": "score points"}
period = {"time_period": "2012 to 2022"}
exhibits.values({"ch1-gap-2022": oecd_gap.loc[2022]}, format=".0f", time_period="2022", n_obs=n_averaged, **about)
exhibits.values({"ch1-gap-change": gap_change}, format="+.1f", n_obs=n_averaged, **period, **about)
exhibits.value("ch1-gap-change-error", gap_change["std_error"], format=".1f", **period, **about)
about["unit"] = "countries"
exhibits.value("ch1-gap-n", n_averaged, **about)
exhibits.values({"ch1-gap-wider": len(wider), "ch1-gap-narrower": len(narrower), "ch1-gap-tested": len(moved)},
                **period, **about)  # fmt: skip

# %%
averaged = intervals.with_test(gap_change.to_frame().T.astype(float), adjust=None)
exhibits.value("ch1-gap-change-p", averaged["p_value"].iloc[0], format=".2f", n_obs=n_averaged, **period,
               indicators=["pisa-escs-gap"])  # fmt: skip
about = {"indicators": ["pisa-escs-gap"]}
exhibits.tests("ch1-gap-average", averaged, question="Is the change of the OECD average gap zero?", **about)
exhibits.tests("ch1-gap-changes", moved, question="Is the country's change of the gap by social background zero?",
               adjust="fdr_bh", **about)  # fmt: skip

# %% [markdown]
# Then the three years to 2025, in science, as the publisher prints them: in whole points, without standard errors. They
# are told and not tested.

# %%
MOVES = {"change_advantaged": "Most advantaged quarter", "change_disadvantaged": "Least advantaged quarter"}
equity = load("pisa-2025-equity").query("obs_value.notna()")
oecd_equity = equity.query("ref_area == 'OECD-average'").set_index("measure")["obs_value"]
equity = areas.add(equity.query("ref_area in @members"), country="name")
steps = equity.pivot(index=["ref_area", "country"], columns="measure", values="obs_value").dropna(subset=[*MOVES])
quarters = equity[equity["measure"].isin(MOVES)].assign(
    quarter=lambda frame: frame["measure"].map(MOVES), time_period="2022-2025"
)
fell = (steps[[*MOVES, "change_gap"]] < 0).sum()
len(steps), fell.to_dict(), oecd_equity.to_dict()

# %%
chart = charts.ranked_dots(
    quarters, label="country", value="obs_value", group="quarter", group_order=[*MOVES.values()], number="+.0f",
    unit="Change in score points, 2022 to 2025")  # fmt: skip

# %%
exhibits.figure(
    "ch1-gap-moves", chart, data=quarters.drop(columns="quarter"), indicators=["pisa-2025-equity"],
    title="In science the gap narrowed from above and from below",
    subtitle="Change in PISA science of students in the top and bottom quarter of socio-economic status, 2022 to 2025",
    shows=f"changes in science of advantaged and disadvantaged students in {len(steps)} countries",
    finding=f"advantaged students fell in {fell['change_advantaged']} of {len(steps)} countries, disadvantaged in"
    f" {fell['change_disadvantaged']}, and the gap narrowed in {fell['change_gap']}",
    note="Published changes in whole points, without standard errors: not tested. Quarters are formed within each country. One mark"
    f" where both moved alike. Without values: Costa Rica and Luxembourg. Caution as to samples: {caution}.",
    limits="Which of the single changes are more than chance.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2025-equity"], "time_period": "2022 to 2025", "exhibit": "ch1-gap-moves"}
said = {"advantaged": oecd_equity["change_advantaged"], "disadvantaged": oecd_equity["change_disadvantaged"],
        "gap": oecd_equity["change_gap"]}  # fmt: skip
exhibits.values(said, prefix="ch1-moves", unit="score points", format="+.0f", note="as published, without a standard error",
                n_obs=areas.n_averaged("OECD-average-35"), **about)  # fmt: skip
narrowed = {"advantaged-fell": fell["change_advantaged"], "disadvantaged-fell": fell["change_disadvantaged"],
            "narrower": fell["change_gap"]}  # fmt: skip
exhibits.values({name: int(n) for name, n in narrowed.items()}, prefix="ch1-moves", unit="countries", n_obs=len(steps),
                note="not tested", **about)  # fmt: skip
exhibits.value("ch1-moves-n", len(steps), unit="countries", **about)
