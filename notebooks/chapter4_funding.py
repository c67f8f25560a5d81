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
# # Chapter 4: who pays for schools
#
# What households pay for secondary schools beside governments, and which schools live on fees: in villages and cities in
# 2012, and over the years. No table at hand tells what firms pay. The amounts of UNESCO are accounts and have no standard
# error; the shares of PISA are what principals answered, one school one answer.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, numbers

members = areas.members()

# %% [markdown]
# ## Households and governments
#
# Households' part of what they and governments pay for a student of secondary education: 2021, or the latest year since
# 2018. Countries without both are left out.

# %%
funding = load("education-funding-per-student").query(
    "measure == 'funding_per_student' and funded_level == 'secondary' and ref_area in @members")  # fmt: skip
paid = funding.pivot(index=["ref_area", "time_period"], columns="funder", values="obs_value").dropna().reset_index()
paid["obs_value"] = 100 * paid["household"] / (paid["household"] + paid["government"])
paid = indicators.latest(paid, year=2021, max_age=3).dropna(subset=["obs_value"])
paid = areas.add(paid, country="name")
years = indicators.year_note(paid, paid.set_index("ref_area")["country"])
paid["obs_value"].describe().round(1), years

# %%
chart = charts.ranked_dots(
    paid, label="country", value="obs_value", average=paid["obs_value"].mean(),
    average_label=f"OECD average ({len(paid)})", unit="% of what households and governments pay")  # fmt: skip
mean, top = paid["obs_value"].mean(), paid.loc[paid["obs_value"].idxmax()]

# %%
exhibits.figure(
    "ch4-household-funding", chart, data=paid[["ref_area", "country", "time_period", "household", "government", "obs_value"]],
    indicators=["education-funding-per-student"],
    title="Households pay little for secondary schools, with some exceptions",
    subtitle="Households' share of what households and governments pay per student, secondary education, %, 2021",
    shows=f"the share that households pay in {len(paid)} OECD countries",
    finding=f"it is {mean:.0f}% on average and highest in {top['country']}, at {top['obs_value']:.0f}%",
    note=f"{len(paid)} members with both amounts. {years} Accounts, without sampling error; a last year is often provisional."
    " Payments of firms and other private bodies are not in the table.",
    limits="Who bears the cost inside a country, and what firms give.")  # fmt: skip

# %%
about = {"indicators": ["education-funding-per-student"], "exhibit": "ch4-household-funding", "n_obs": len(paid),
         "time_period": "2018 to 2021"}  # fmt: skip
exhibits.value("ch4-household", mean, unit="%", format=".0f", **about)
exhibits.value("ch4-household-n", len(paid), unit="countries", **about)
exhibits.values(indicators.ends(paid), prefix="ch4-household", country="country", unit="%", format=".0f", **about)

# %% [markdown]
# Richer economies pay for schools from taxes: households' share and output per hour worked, a measure of how productive an
# economy is (not of households' income).

# %%
output = load("labour-productivity").query("time_period == 2021").set_index("ref_area")["obs_value"]
link = indicators.correlation(paid.assign(output=paid["ref_area"].map(output)), "output", "obs_value")
sources = ["education-funding-per-student", "labour-productivity"]
exhibits.values({"ch4-household-output": link}, interval=True, format=".2f", n_obs="n_obs", time_period="2018 to 2021",
                indicators=sources)  # fmt: skip
exhibits.tests("ch4-household-output-link", pd.DataFrame([link]), indicators=sources,
               question="Are households' share and output per hour worked unrelated across countries?")  # fmt: skip
link.to_dict()

# %% [markdown]
# ## Fees and donations in villages and cities, 2012
#
# Mean shares of a school's money that come from fees and from donations, in villages (fewer than 3 000 people) and in
# cities (100 000 to a million). Each country's difference is tested with its standard errors; those with a group flagged for few schools are kept
# and named.

# %%
places = load("pisa-2012-funding-by-place").query("ref_area in @members and measure in ['fees', 'donations']")
places = places.query("place in ['village', 'city'] and obs_value.notna()")
wide = places.pivot(index=["measure", "ref_area"], columns="place", values=["obs_value", "std_error"]).dropna()
city, village = (wide.xs(place, axis=1, level="place") for place in ("city", "village"))
gaps = indicators.difference(city, village).reset_index()
gaps = pd.concat([intervals.with_test(gaps[gaps["std_error"] > 0], family=["measure"]), gaps[gaps["std_error"] == 0]])
gaps.groupby("measure")[["obs_value", "significant"]].agg(["mean", "count"]).round(2)

# %%
fees = gaps.query("measure == 'fees'")
both = areas.add(places.query("measure == 'fees' and ref_area in @fees.ref_area"), country="name")
shown = intervals.with_interval(both).assign(
    group=lambda rows: rows["place"].map({"city": "City", "village": "Village"})
)
shown[["lower", "upper"]] = shown[["lower", "upper"]].clip(0, 100)
more, less = (int(fees.query(f"significant == True and obs_value {sign} 0").shape[0]) for sign in "><")
few = ", ".join(sorted(shown[shown["obs_status"] == "u"]["country"].unique()))

# %%
chart = charts.ranked_dots(
    shown, label="country", value="obs_value", lower="lower", upper="upper", group="group",
    group_order=["City", "Village"], unit="% of a school's money that comes from fees")  # fmt: skip

# %%
exhibits.figure(
    "ch4-fees-by-place", chart, data=shown, indicators=["pisa-2012-funding-by-place"],
    title="In 2012 fees weighed more in cities than in villages",
    subtitle="Mean share of fees in the money of schools with 15-year-old students, by place, %, 2012",
    shows=f"the share of fees in schools of cities and villages in {len(fees)} OECD countries",
    finding=f"it is significantly higher in cities in {more} countries and in villages in {less}",
    note=f"{len(fees)} members with both. City: 100 000 to a million people; village: fewer than 3 000. Bars: 95%"
    f" intervals, cut at 0. Tests adjusted for {int(fees['p_value'].count())} countries. Fewer than 30 schools in a group: {few}.",
    limits="What fees amount to, and today's schools: the data are of 2012.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2012-funding-by-place"], "exhibit": "ch4-fees-by-place", "time_period": "2012"}
for name, rows in gaps.groupby("measure"):
    codes = [(name, code) for code in rows["ref_area"]]
    for place, table in {"city": city, "village": village}.items():
        part = table.loc[codes]
        error = (part["std_error"] ** 2).sum() ** 0.5 / len(part)
        exhibits.value(f"ch4-{name}-{place}", part["obs_value"].mean(), std_error=error, unit="%", format=".0f",
                       n_obs=len(part), **about)  # fmt: skip
    exhibits.tests(f"ch4-{name}-by-place", rows.dropna(subset=["p_value"]), adjust="fdr_bh", indicators=about["indicators"],
                   exhibit=about["exhibit"], question=f"Do schools in cities and villages have the same share of {name}?")  # fmt: skip

# %%
exhibits.values(
    {"n": len(fees), "more": more, "less": less}, prefix="ch4-fees", unit="countries", n_obs=len(fees), **about
)

# %%
means = gaps.assign(time_period=2012)[["measure", "ref_area", "time_period", "obs_value", "std_error"]]
means = indicators.average(means, by=["measure"]).set_index("measure")
means = intervals.with_test(means, adjust="holm")
exhibits.values({f"ch4-{name}-gap": row for name, row in means.iterrows()}, unit="percentage points", format=".1f",
                n_obs="n_areas", **about)  # fmt: skip
exhibits.tests("ch4-money-by-place", means, question="Is the average difference between city and village zero?", adjust="holm",
               indicators=about["indicators"], exhibit=about["exhibit"])  # fmt: skip
means[["obs_value", "std_error", "p_adjusted", "n_areas"]]

# %% [markdown]
# The gap in fees once more without the members from Latin America, as in chapter 5.

# %%
LATIN = areas.LATIN_AMERICA
rest = gaps.query("measure == 'fees' and ref_area not in @LATIN").assign(time_period=2012)
rest = rest[["measure", "ref_area", "time_period", "obs_value", "std_error"]]
rest = intervals.with_test(indicators.average(rest, by=["measure"]), adjust=None)
exhibits.values(
    {"ch4-fees-rest-gap": rest.iloc[0]}, unit="percentage points", format=".1f", interval=True, n_obs="n_areas", **about
)
exhibits.tests("ch4-fees-rest", rest, question="Is the gap in fees zero without the members from Latin America?",
               indicators=about["indicators"], exhibit=about["exhibit"], adjust=None)  # fmt: skip

# %%
there = load("pisa-2012-funding-by-place").query("measure == 'fees' and place == 'total' and ref_area == @top.ref_area")
exhibits.values({"ch4-household-highest-fees": there.iloc[0]}, unit="%", format=".0f", n_obs=int(there["n_obs"].iloc[0]),
                time_period="2012", indicators=["pisa-2012-funding-by-place"])  # fmt: skip
there[["ref_area", "obs_value", "std_error", "n_obs"]]

# %% [markdown]
# ## Fees and donations over time
#
# The OECD average of the same countries in 2003 and 2018, every student counting alike.

# %%
schools = load("pisa-schools").query("weighting == 'students' and measure in ['fees', 'donations', 'government']")
schools = schools.query("ref_area in @members and time_period in [2003, 2018]")
average = indicators.average(schools, by=["measure"], constant=True, code="OECD").set_index(["measure", "time_period"])
changes = pd.DataFrame(
    {name: indicators.difference(average.loc[name, 2018], average.loc[name, 2003]) for name in ("fees", "donations", "government")}).T  # fmt: skip
changes = intervals.with_test(changes.astype(float), adjust="holm")
average[["obs_value", "std_error", "n_areas"]].round(2), changes.round(3)

# %% [markdown]
# One country at a time is left out of the change in donations; the one that matters most is named. This was added after it
# had been seen how far a single country fell.

# %%
donations = schools.query("measure == 'donations'")
donations = donations.pivot(index="ref_area", columns="time_period", values=["obs_value", "std_error"]).dropna()
before, after = (donations.xs(year, axis=1, level="time_period") for year in (2003, 2018))
fell = indicators.difference(after, before)
furthest = fell["obs_value"].abs().idxmax()
rest = fell.drop(index=furthest).reset_index().assign(measure="donations", time_period=2018)
rest = intervals.with_test(indicators.average(rest, by=["measure"]), adjust=None)
(
    before.loc[furthest].to_dict(),
    after.loc[furthest].to_dict(),
    rest[["obs_value", "std_error", "lower", "upper", "p_value"]].round(3),
)

# %%
about = {"indicators": ["pisa-schools"], "unit": "%", "format": ".0f", "note": "donations, share of a school's money"}
exhibits.value("ch4-donations-country", areas.name(furthest), indicators=["pisa-schools"])
for year in (2003, 2018):
    row = schools.query("measure == 'donations' and ref_area == @furthest and time_period == @year").iloc[0]
    exhibits.values({f"ch4-donations-country-{year}": row}, time_period=str(year), n_obs="n_obs", **about)
exhibits.value("ch4-donations-rest-interval", numbers.span(*rest.loc[0, ["lower", "upper"]], ".1f", "percentage points"),
               indicators=["pisa-schools"], n_obs=len(fell) - 1, time_period="2003-2018")  # fmt: skip
exhibits.tests("ch4-donations-rest", rest, question="Is the change zero without the country that fell furthest?",
               indicators=["pisa-schools"], adjust=None)  # fmt: skip

# %%
about = {"indicators": ["pisa-schools"], "unit": "%", "format": ".1f", "n_obs": int(average["n_areas"].min())}
for name in changes.index:
    for year in (2003, 2018):
        exhibits.values({f"ch4-money-{name}-{year}": average.loc[name, year]}, time_period=str(year), **about)
exhibits.value("ch4-money-n-schools", about["n_obs"], unit="countries", indicators=["pisa-schools"])
exhibits.tests("ch4-money-changes", changes, question="Is the change of the average from 2003 to 2018 zero?", adjust="holm",
               indicators=["pisa-schools"])  # fmt: skip
