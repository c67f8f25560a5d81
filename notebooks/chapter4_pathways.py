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
# # Chapter 4: vocational education and the way into work
#
# How many young people are in vocational education, what that has to do with their way into work, how much they learn
# at a workplace, and how graduates with different qualifications fare. Counts of students are administrative and carry
# no standard error; for the labour force surveys behind the other tables none are published here.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, models

members = areas.members()
enrolment = load("vocational-enrolment").query("sex == 'total' and ref_area in @members")

# %% [markdown]
# ## Enrolment in vocational education, 2015 and 2022
#
# The publisher's file has no flags for breaks, so a change of one point or less is counted as no change, and larger
# ones are described, not tested.

# %%
moved = indicators.change(enrolment, 2015, 2022).dropna(subset=["obs_value"]).reset_index(drop=True)
moved = areas.add(moved, country="name")
rises, falls = moved.query("obs_value > 1"), moved.query("obs_value < -1")
means = moved[["start_value", "end_value"]].mean()
len(moved), len(rises), len(falls), means.round(1).tolist()

# %%
about = {"indicators": ["vocational-enrolment"], "n_obs": len(moved)}
exhibits.values({"n": len(moved), "rises": len(rises), "falls": len(falls)}, prefix="ch4-vocational", unit="countries",
                time_period="2015 to 2022", **about)  # fmt: skip
for name, year in {"start_value": "2015", "end_value": "2022"}.items():
    exhibits.value(f"ch4-vocational-{year}", means[name], unit="%", format=".1f", time_period=year, **about)
exhibits.values(indicators.ends(moved, "end_value"), prefix="ch4-vocational", column="end_value", country="country",
                unit="%", format=".0f", time_period="2022", **about)  # fmt: skip

# %% [markdown]
# ## Vocational enrolment and the way into work
#
# One row a country and year, 2015 to 2022: vocational enrolment, the share of people aged 15 to 29 who are neither
# employed nor in education or training, and the unemployment of young people and of adults.

# %%
KEY = ["ref_area", "time_period"]
neet = load("neet").query("sex == 'total' and age == '15-29' and ref_area in @members")
force = load("labour-force").query("sex == 'total' and measure == 'unemployment_rate' and ref_area in @members")
unemployment = force.pivot(index=KEY, columns="age", values="obs_value")
columns = {"vocational": enrolment.set_index(KEY)["obs_value"], "neet": neet.set_index(KEY)["obs_value"],
           "youth": unemployment["15-24"], "adult": unemployment["25-54"]}  # fmt: skip
panel = pd.concat(columns, axis=1).reset_index().query("2015 <= time_period <= 2022")

# %%
panel["pandemic"] = panel["time_period"].isin([2020, 2021]).astype(int)
elsewhere = ["AUS", "CAN", "CHL", "COL", "CRI", "ISR", "JPN", "KOR", "MEX", "NZL", "TUR", "USA"]
panel["european"] = (~panel["ref_area"].isin(elsewhere)).astype(int)
panel[["vocational", "neet", "youth", "adult"]].agg(["count", "mean", "min", "max"]).round(1)

# %% [markdown]
# One association could be an accident of its specification. The curve therefore shows every combination of outcome,
# control, sample and design: between countries (pooled) or within a country over time. The whole is tested at once by its
# median: residuals without vocational enrolment get random signs, one for all years of a country.

# %%
specifications = models.Specifications(
    outcomes=["neet", "youth"], predictors=["vocational"],
    controls={"Years": ["C(time_period)"], "Years, adult unemployment": ["C(time_period)", "adult"]},
    samples={"All members": "", "Without 2020-21": "pandemic == 0", "Europe": "european == 1"},
    weights=[None], designs=["pooled", "within"], group="ref_area")  # fmt: skip
curve = models.specification_curve(panel, specifications)
joint = models.specification_test(panel, specifications).set_index("statistic").loc[["median"]]
curve["outcome"] = curve["outcome"].map({"neet": "Not in work or education", "youth": "Youth unemployment"})
curve["design"] = curve["design"].map({"pooled": "Between countries", "within": "Within countries"})
curve[["outcome", "controls", "sample", "design", "obs_value", "lower", "upper", "p_value", "n_obs"]].round(3)

# %%
negative, significant = curve["obs_value"] < 0, curve["significant"]
signs = {"negative": int(negative.sum()), "significant": int(significant.sum()),
         "lower": int((significant & negative).sum())}  # fmt: skip
chart = charts.specification_curve(
    curve, value="obs_value", lower="lower", upper="upper",
    dimensions={"outcome": "Outcome", "controls": "Controls", "sample": "Sample", "design": "Design"},
    significant="significant", median=curve["obs_value"].median(),
    unit="Percentage points per point of vocational enrolment")  # fmt: skip

# %%
exhibits.figure(
    "ch4-vocational-robustness", chart, data=curve, indicators=["vocational-enrolment", "neet", "labour-force"],
    title="Vocational enrolment shows no dependable link with entering work",
    subtitle="Points of the outcome per point of vocational enrolment (ages 15-24), OECD members, 2015-2022",
    shows=f"{len(curve)} estimates of the link of vocational enrolment with the way into work",
    finding=f"{signs['significant'] or 'none'} of {len(curve)} intervals {'excludes' if signs['significant'] < 2 else 'exclude'} zero",
    note="Outcomes: share of people aged 15-29 neither employed nor in education, and unemployment rate at 15-24."
    " Bars are 95% intervals, errors clustered by country, not adjusted for the number of estimates. Joint test of the"
    f" median (standard deviations), signs drawn by country: p = {joint['p_value'].iloc[0]:.2f}."
    " Europe: without Israel and Türkiye. European surveys have a break in 2021 that the file does not flag.",
    limits="Effects of vocational programmes on those who attend them.")  # fmt: skip

# %%
latest = panel.query("time_period == 2022").dropna(subset=["vocational", "neet"])
about = {"indicators": ["vocational-enrolment", "neet", "labour-force"], "exhibit": "ch4-vocational-robustness"}
exhibits.values({"ch4-vocational-neet": indicators.correlation(latest, "vocational", "neet")}, interval=True,
                format=".2f", n_obs="n_obs", time_period="2022", **about)  # fmt: skip
exhibits.value("ch4-specifications-significant-in-words", str(signs["significant"] or "none"), **about)

# %%
about["time_period"] = "2015 to 2022"
exhibits.value("ch4-specifications", len(curve), **about)
exhibits.values(signs, prefix="ch4-specifications", n_obs=len(curve), **about)
exhibits.value("ch4-specifications-joint-p", joint["p_value"].iloc[0], format=".2f", n_obs=len(curve), **about)
for name, rows in curve.groupby(curve["controls"].map({"Years": "years"}).fillna("unemployment")):
    exhibits.value(f"ch4-median-{name}", rows["obs_value"].median(), unit="percentage points", format="+.2f",
                   n_obs=len(rows), **about)  # fmt: skip

# %%
shown = {"indicators": ["vocational-enrolment", "neet", "labour-force"], "exhibit": "ch4-vocational-robustness"}
exhibits.tests(
    "ch4-vocational-joint", joint, question="Is the median of all estimates what chance would give?", **shown
)
exhibits.tests("ch4-vocational-single", curve, question="Is the slope in this specification zero?", **shown)
exhibits.tests("ch4-vocational-neet-link", pd.DataFrame([indicators.correlation(latest, "vocational", "neet")]),
               question="Are vocational enrolment and young people without work unrelated in 2022?", **shown)  # fmt: skip

# %% [markdown]
# ## Learning at a workplace: two measures
#
# Cedefop counts students in programmes that combine work and school; Eurostat asks recent graduates whether they learned
# at a workplace. Countries whose combined share is at or near 100 (a matter of how programmes are mapped) are left out.

# %%
EUROPE = "ref_area in @members and time_period == 2024 and obs_value.notna()"
combined = load("vocational-education-europe").query(f"measure == 'combined_programmes' and {EUROPE}")
mapped = combined.query("obs_value >= 99")
graduates = load("vocational-graduates")
learned = graduates.query(f"measure == 'work_based_learning' and {EUROPE}")
both = set(learned["ref_area"]) & set(combined["ref_area"]) - set(mapped["ref_area"])
pairs = pd.concat([learned, combined]).query("ref_area in @both").reset_index(drop=True)

# %%
GROUPS = {"work_based_learning": "Graduates who learned at a workplace",
          "combined_programmes": "Students in combined programmes"}  # fmt: skip
pairs = areas.add(pairs, country="name").assign(group=pairs["measure"].map(GROUPS))
wide = pairs.pivot(index="country", columns="measure", values="obs_value")
wide["gap"] = wide["work_based_learning"] - wide["combined_programmes"]
wide.sort_values("gap").round(1)

# %%
chart = charts.ranked_dots(
    pairs, label="country", value="obs_value", group="group", group_order=list(GROUPS.values()), unit="%")  # fmt: skip
flags = pairs.query("obs_status != ''").groupby("obs_status")["country"].agg(lambda names: ", ".join(sorted(names)))
flags = "; ".join(f"{flag} {names}" for flag, names in flags.items())
left_out = ", ".join(sorted(areas.names(mapped["ref_area"])))

# %%
exhibits.figure(
    "ch4-work-based-learning", chart, data=pairs, indicators=["vocational-graduates", "vocational-education-europe"],
    title="Two measures of learning at work count different people",
    subtitle="Recent vocational graduates aged 20-34 and upper secondary vocational students, %, Europe, 2024",
    shows=f"two measures of learning at a workplace in {len(wide)} European countries",
    finding=f"the distance is largest in {wide['gap'].idxmax()}, with {wide['gap'].max():.0f} percentage points",
    note=f"{len(wide)} members with both. Left out because all or nearly all programmes are mapped as combined:"
    f" {left_out}. Flags: {flags} (b break in series, u low reliability). The publishers give no standard errors.",
    limits="How long or how good the learning at work is.")  # fmt: skip

# %%
about = {"indicators": ["vocational-graduates", "vocational-education-europe"], "exhibit": "ch4-work-based-learning",
         "time_period": "2024", "n_obs": len(wide)}  # fmt: skip
agreement, widest = indicators.correlation(wide, *GROUPS), wide.loc[wide["gap"].idxmax()]
exhibits.values({"ch4-measures-correlation": agreement}, interval=True, format=".2f", **about)
exhibits.tests("ch4-measures", pd.DataFrame([agreement]), indicators=about["indicators"], exhibit=about["exhibit"],
               question="Are the two measures of learning at work unrelated across countries?")  # fmt: skip
exhibits.value("ch4-measures-gap", widest["gap"], unit="percentage points", format=".0f", **about)
exhibits.value("ch4-measures-n", len(wide), unit="countries", **about)
exhibits.value("ch4-measures-widest-country", widest.name, **about)
exhibits.values(widest[[*GROUPS]].to_dict(), prefix="ch4-widest", unit="%", format=".0f", **about)

# %%
europe = graduates.query("ref_area == 'EU27_2020' and time_period == 2025").set_index("measure")
exhibits.values(europe.loc[["work_based_learning", "employment_rate"]], prefix="ch4-eu", unit="%", format=".0f",
                time_period="2025", indicators=["vocational-graduates"])  # fmt: skip

# %% [markdown]
# ## Learning at work and employment afterwards
#
# Small samples swing from year to year, so each country enters with its mean over 2023 to 2025.

# %%
PERIOD = "2023 <= time_period <= 2025"
MEASURES = ["work_based_learning", "employment_rate"]
recent = graduates.query(f"{PERIOD} and ref_area in @members and measure in @MEASURES")
means = recent.groupby(["ref_area", "measure"])["obs_value"].mean().unstack().dropna().reset_index()
means = areas.add(means, country="name")
unsure = recent[recent["obs_status"].str.contains("u")]["ref_area"].unique()
firm = means.query("ref_area not in @unsure")
link, firm_link = (indicators.correlation(rows, *MEASURES) for rows in (means, firm))
link.to_dict(), firm_link.to_dict()

# %% [markdown]
# The table also covers a few countries of the European Union that are not members of the OECD. With them the correlation
# is a little higher, which shows how much it depends on which countries are in.

# %%
wider = areas.add(graduates.query(f"{PERIOD} and measure in @MEASURES"), "area_type").query("area_type == 'country'")
wider = wider.groupby(["ref_area", "measure"])["obs_value"].mean().unstack().dropna()
wider_link = indicators.correlation(wider, *MEASURES)
wider_link.to_dict()

# %%
links = {"correlation": link, "correlation-firm": firm_link, "correlation-wider": wider_link}
exhibits.values(links, prefix="ch4-work-based", interval=True, n_obs="n_obs", time_period="2023 to 2025", format=".2f",
                indicators=["vocational-graduates"])  # fmt: skip
exhibits.value("ch4-work-based-n", len(means), unit="countries", indicators=["vocational-graduates"])

# %%
links = pd.DataFrame(links).T.assign(p_adjusted=lambda rows: intervals.adjusted(rows["p_value"].astype(float), "holm"))
exhibits.tests("ch4-work-based", links, question="Are learning at work and employment unrelated across these countries?",
               adjust="holm", indicators=["vocational-graduates"])  # fmt: skip
links[["obs_value", "p_value", "p_adjusted", "n_obs"]]

# %% [markdown]
# ## Employment by qualification
#
# Employment of people aged 25 to 34 whose highest qualification is upper secondary, vocational or general.

# %%
employment = load("employment-by-education").query("ref_area in @members and obs_value.notna()")
rates = employment.pivot(index="ref_area", columns="attainment", values="obs_value")
rates = rates.dropna(subset=["upper_secondary_vocational", "upper_secondary_general"])
rates["gap"] = rates["upper_secondary_vocational"] - rates["upper_secondary_general"]
rates = areas.add(rates.reset_index(), country="name")
rates[["upper_secondary_vocational", "upper_secondary_general", "tertiary", "gap"]].mean().round(1)

# %%
ahead, widest = rates.query("gap > 0"), rates.loc[rates["gap"].idxmax()]
LEVELS = {"upper_secondary_vocational": "Vocational", "upper_secondary_general": "General", "tertiary": "Tertiary"}
shown = rates.melt(id_vars=["country"], value_vars=list(LEVELS), var_name="attainment", value_name="obs_value")
shown["group"] = shown["attainment"].map(LEVELS)
len(rates), len(ahead)

# %%
chart = charts.ranked_dots(
    shown, label="country", value="obs_value", group="group", group_order=list(LEVELS.values()), unit="% employed")  # fmt: skip

# %%
exhibits.figure(
    "ch4-employment-by-education", chart, data=shown, indicators=["employment-by-education"],
    title="In 2016 more vocational than general graduates were in work",
    subtitle="Employment rate of people aged 25-34 by highest qualification, %, OECD members, 2016",
    shows=f"employment rates of young adults by qualification in {len(rates)} countries",
    finding=f"vocational graduates are ahead of general ones in {len(ahead)} countries, most of all in"
    f" {widest['country']}",
    note=f"{len(rates)} members that report both upper secondary groups. 2016, a few countries earlier. Differences are"
    " not tested: the table has no standard errors.",
    limits="What the programmes bring about: many who finish general education go on to a degree and are not in its group.")  # fmt: skip

# %%
about = {"indicators": ["employment-by-education"], "exhibit": "ch4-employment-by-education", "time_period": "2016",
         "n_obs": len(rates)}  # fmt: skip
exhibits.values({f"ch4-employment-{label.lower()}": rates[level].mean() for level, label in LEVELS.items()}, unit="%",
                format=".1f", **about)  # fmt: skip
exhibits.value("ch4-employment-gap", rates["gap"].mean(), unit="percentage points", format=".1f", **about)
exhibits.values({"ch4-employment-n": len(rates), "ch4-employment-ahead": len(ahead)}, unit="countries", **about)
exhibits.values({"ch4-employment-widest": widest}, column="gap", country="country", unit="percentage points",
                format=".0f", **about)  # fmt: skip

# %%
earnings = load("relative-earnings-tertiary").query("ref_area in @members and obs_value.notna()")
earnings = areas.add(earnings.assign(obs_value=earnings["obs_value"] - 100), country="name")
about = {"indicators": ["relative-earnings-tertiary"], "time_period": "2015"}
exhibits.value(
    "ch4-tertiary-earnings", earnings["obs_value"].mean(), unit="%", format=".0f", n_obs=len(earnings), **about
)
exhibits.value("ch4-tertiary-earnings-n", len(earnings), unit="countries", indicators=about["indicators"])
exhibits.values(indicators.ends(earnings, names=("least", "most")), prefix="ch4-tertiary-earnings", country="country",
                unit="%", format=".0f", **about)  # fmt: skip
