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
from scipy import stats

from crossroads import areas, charts, exhibits, indicators, load, models

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
by_change = moved.sort_values("obs_value", ignore_index=True)
steepest, strongest = by_change.iloc[0], by_change.iloc[-1]
by_level = moved.sort_values("end_value", ignore_index=True)
means = moved[["start_value", "end_value"]].mean()
len(moved), len(rises), len(falls), means.round(1).tolist(), steepest["country"], strongest["country"]

# %%
chart = charts.change_arrows(
    moved, label="country", start="start_value", end="end_value", start_label="2015", end_label="2022",
    change="obs_value", number="+.1f", unit="% of people aged 15-24; the numbers are the changes",
    average=means["end_value"], average_label=f"OECD average ({len(moved)})")  # fmt: skip

# %%
exhibits.figure(
    "ch4-vocational-change", chart, data=moved, indicators=["vocational-enrolment"],
    title="Vocational enrolment moves in no common direction",
    subtitle="Share of people aged 15-24 enrolled in vocational education, %, OECD members, 2015 and 2022",
    shows=f"vocational enrolment of {len(moved)} countries in 2015 and 2022",
    finding=f"it rose by more than one percentage point in {len(rises)} countries and fell by more than one in"
    f" {len(falls)}",
    note=f"{len(moved)} members with values for both years; the OECD average is their unweighted mean in 2022. ISCED"
    " levels 2 to 5. The file has no flags: sudden steps, as in Australia from 2017 to 2018, may be breaks.",
    limits="Why shares differ: the age group includes people who have left education.")  # fmt: skip

# %%
about = {"indicators": ["vocational-enrolment"], "exhibit": "ch4-vocational-change", "n_obs": len(moved)}
for name, rows in {"n": moved, "rises": rises, "falls": falls}.items():
    exhibits.value(f"ch4-vocational-{name}", len(rows), unit="countries", time_period="2015 to 2022", **about)
exhibits.value("ch4-vocational-steady", len(moved) - len(rises) - len(falls), unit="countries", **about)
for name, year in {"start_value": "2015", "end_value": "2022"}.items():
    exhibits.value(f"ch4-vocational-{year}", means[name], unit="%", format=".1f", time_period=year, **about)
australia = enrolment.query("ref_area == 'AUS'").set_index("time_period")["obs_value"].diff()
for name, year in {"drop": 2018, "rebound": 2019}.items():
    exhibits.value(f"ch4-australia-{name}", abs(australia[year]), unit="percentage points", format=".1f",
                   time_period=f"{year - 1} to {year}", indicators=["vocational-enrolment"])  # fmt: skip
for name, row in {"steepest": steepest, "strongest": strongest}.items():
    exhibits.value(f"ch4-vocational-{name}-country", row["country"], **about)
    exhibits.value(f"ch4-vocational-{name}", row["obs_value"], unit="percentage points", format="+.1f", **about)
for name, row in {"lowest": by_level.iloc[0], "highest": by_level.iloc[-1]}.items():
    exhibits.value(f"ch4-vocational-{name}-country", row["country"], time_period="2022", **about)
    exhibits.value(f"ch4-vocational-{name}", row["end_value"], unit="%", format=".0f", time_period="2022", **about)

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
panel = pd.concat(
    [enrolment.set_index(KEY)["obs_value"].rename("vocational"), neet.set_index(KEY)["obs_value"].rename("neet"),
     unemployment["15-24"].rename("youth"), unemployment["25-54"].rename("adult")], axis=1,
).reset_index().query("2015 <= time_period <= 2022")  # fmt: skip
panel["pandemic"] = panel["time_period"].isin([2020, 2021]).astype(int)
elsewhere = ["AUS", "CAN", "CHL", "COL", "CRI", "ISR", "JPN", "KOR", "MEX", "NZL", "TUR", "USA"]
panel["european"] = (~panel["ref_area"].isin(elsewhere)).astype(int)
panel[["vocational", "neet", "youth", "adult"]].agg(["count", "mean", "min", "max"]).round(1)

# %% [markdown]
# One association could be an accident of its specification. The curve therefore shows every combination of outcome,
# control, sample and design: between countries (pooled) or within a country over time.

# %%
curve = models.specification_curve(panel, models.Specifications(
    outcomes=["neet", "youth"], predictors=["vocational"],
    controls={"Years": ["C(time_period)"], "Years, adult unemployment": ["C(time_period)", "adult"]},
    samples={"All members": "", "Without 2020-21": "pandemic == 0", "Europe": "european == 1"},
    weights=[None], designs=["pooled", "within"], group="ref_area",
))  # fmt: skip
curve["outcome"] = curve["outcome"].map({"neet": "Not in work or education", "youth": "Youth unemployment"})
curve["design"] = curve["design"].map({"pooled": "Between countries", "within": "Within countries"})
signs = {"negative": int((curve["obs_value"] < 0).sum()), "significant": int(curve["significant"].sum()),
         "lower": int(curve.query("significant and obs_value < 0").shape[0])}  # fmt: skip
curve[["outcome", "controls", "sample", "design", "obs_value", "lower", "upper", "p_value", "n_obs"]].round(3)

# %%
chart = charts.specification_curve(
    curve, value="obs_value", lower="lower", upper="upper",
    dimensions={"outcome": "Outcome", "controls": "Controls", "sample": "Sample", "design": "Design"},
    significant="significant", median=curve["obs_value"].median(), unit="Percentage points per point of vocational enrolment")  # fmt: skip

# %%
exhibits.figure(
    "ch4-vocational-robustness", chart, data=curve,
    indicators=["vocational-enrolment", "neet", "labour-force"],
    title="Vocational enrolment shows no dependable link with entering work",
    subtitle="Points of the outcome per point of vocational enrolment (ages 15-24), OECD members, 2015-2022",
    shows=f"{len(curve)} estimates of the link of vocational enrolment with the way into work",
    finding=f"{signs['significant']} of {len(curve)} intervals exclude zero",
    note="Outcomes: share of people aged 15-29 neither employed nor in education, and unemployment rate at 15-24."
    " Bars are 95% intervals, errors clustered by country, not adjusted for the number of estimates."
    " Europe: without Israel and Türkiye. European surveys have a break in 2021 that the file does not flag.",
    limits="Effects of vocational programmes on those who attend them.")  # fmt: skip

# %%
latest = panel.query("time_period == 2022").dropna(subset=["vocational", "neet"])
link = stats.pearsonr(latest["vocational"], latest["neet"])
low, high = link.confidence_interval()
about = {"indicators": ["vocational-enrolment", "neet", "labour-force"], "exhibit": "ch4-vocational-robustness"}
exhibits.value("ch4-vocational-neet", link.statistic, format=".2f", n_obs=len(latest), time_period="2022",
               note=f"95% interval {low:.2f} to {high:.2f}", **about)  # fmt: skip
for name, rows in curve.groupby(curve["controls"].map({"Years": "years"}).fillna("unemployment")):
    exhibits.value(f"ch4-median-{name}", rows["obs_value"].median(), unit="percentage points", format="+.2f",
                   n_obs=len(rows), time_period="2015 to 2022", **about)  # fmt: skip
exhibits.value("ch4-specifications", len(curve), time_period="2015 to 2022", **about)
exhibits.value("ch4-specifications-significant-in-words", str(signs["significant"] or "none"), **about)
for name, count in signs.items():
    exhibits.value(f"ch4-specifications-{name}", count, n_obs=len(curve), time_period="2015 to 2022", **about)

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
both = [code for code in learned["ref_area"] if code in set(combined["ref_area"]) - set(mapped["ref_area"])]
GROUPS = {"work_based_learning": "Graduates who learned at a workplace",
          "combined_programmes": "Students in combined programmes"}  # fmt: skip
pairs = pd.concat([learned, combined]).query("ref_area in @both").reset_index(drop=True)
pairs["country"], pairs["group"] = pairs["ref_area"].map(areas["name"]), pairs["measure"].map(GROUPS)
wide = pairs.pivot(index="country", columns="measure", values="obs_value")
wide["gap"] = wide["work_based_learning"] - wide["combined_programmes"]
wide.sort_values("gap").round(1)

# %%
flagged = pairs.query("obs_status != ''").groupby("obs_status")["country"].agg(lambda names: ", ".join(sorted(names)))
chart = charts.ranked_dots(
    pairs, label="country", value="obs_value", group="group", group_order=list(GROUPS.values()), unit="%")  # fmt: skip

# %%
exhibits.figure(
    "ch4-work-based-learning", chart, data=pairs, indicators=["vocational-graduates", "vocational-education-europe"],
    title="Two measures of learning at work tell different stories",
    subtitle="Recent vocational graduates aged 20-34 and upper secondary vocational students, %, Europe, 2024",
    shows=f"two measures of learning at a workplace in {len(wide)} European countries",
    finding=f"the distance is largest in {wide['gap'].idxmax()}, with {wide['gap'].max():.0f} percentage points",
    note=f"{len(wide)} members with both. Left out because all or nearly all programmes are mapped as combined:"
    f" {', '.join(sorted(mapped['ref_area'].map(areas['name'])))}. Flags: "
    + "; ".join(f"{flag} {names}" for flag, names in flagged.items())
    + " (b break in series, u low reliability). The publishers give no standard errors.",
    limits="How long or how good the learning at work is.")  # fmt: skip

# %%
about = {"indicators": ["vocational-graduates", "vocational-education-europe"], "exhibit": "ch4-work-based-learning",
         "time_period": "2024", "n_obs": len(wide)}  # fmt: skip
widest = wide.loc[wide["gap"].idxmax()]
agreement = stats.pearsonr(wide["work_based_learning"], wide["combined_programmes"])
low, high = agreement.confidence_interval()
exhibits.value("ch4-measures-correlation", agreement.statistic, format=".2f",
               note=f"95% interval {low:.2f} to {high:.2f}", **about)  # fmt: skip
exhibits.value("ch4-measures-gap", widest["gap"], unit="percentage points", format=".0f", **about)
exhibits.value("ch4-measures-n", len(wide), unit="countries", **about)
exhibits.value("ch4-measures-widest-country", widest.name, **about)
for name in GROUPS:
    exhibits.value(f"ch4-widest-{name.replace('_', '-')}", widest[name], unit="%", format=".0f", **about)
europe = graduates.query("ref_area == 'EU27_2020'").set_index(["measure", "time_period"])["obs_value"]
for name in ("work_based_learning", "employment_rate"):
    exhibits.value(f"ch4-eu-{name.replace('_', '-')}", europe[name, 2025], unit="%", format=".0f",
                   time_period="2025", indicators=["vocational-graduates"])  # fmt: skip

# %% [markdown]
# ## Learning at work and employment afterwards
#
# Small samples swing from year to year, so each country enters with its mean over 2023 to 2025. The same two series are
# then compared within countries over five years.

# %%
PERIOD = "2023 <= time_period <= 2025"
recent = graduates.query(f"{PERIOD} and ref_area in @members and measure != 'enterprises_with_apprentices'")
means = recent.groupby(["ref_area", "measure"])["obs_value"].mean().unstack().dropna().reset_index()
means = areas.add(means, country="name")
unsure = recent[recent["obs_status"].str.contains("u")]["ref_area"].unique()
firm = means.query("ref_area not in @unsure")
link, firm_link = (stats.pearsonr(rows["work_based_learning"], rows["employment_rate"]) for rows in (means, firm))
low, high = link.confidence_interval()
firm_low, firm_high = firm_link.confidence_interval()
len(means), round(link.statistic, 2), round(low, 2), round(high, 2), len(firm), round(firm_link.statistic, 2)

# %% [markdown]
# The table also covers a few countries of the European Union that are not members of the OECD. With them the correlation
# is a little higher, which shows how much it depends on which countries are in.

# %%
wider = graduates.query(f"{PERIOD} and measure != 'enterprises_with_apprentices' and ref_area in @areas.index")
wider = wider[wider["ref_area"].map(areas["area_type"]) == "country"]
wider = wider.groupby(["ref_area", "measure"])["obs_value"].mean().unstack().dropna()
wider_link = stats.pearsonr(wider["work_based_learning"], wider["employment_rate"])
wider_low, wider_high = wider_link.confidence_interval()
len(wider), round(wider_link.statistic, 2), round(wider_low, 2), round(wider_high, 2)

# %%
years = graduates.query("2021 <= time_period <= 2025 and ref_area in @members")
years = years.pivot(index=KEY, columns="measure", values="obs_value").reset_index()
within = models.association(years, "employment_rate", "work_based_learning", controls=("C(time_period)",),
                            group="ref_area", design="within").iloc[0]  # fmt: skip
within[["obs_value", "lower", "upper", "p_value", "n_obs", "n_groups"]]

# %%
chart = charts.scatter_within(
    means, x="work_based_learning", y="employment_rate", label="country",
    x_unit="Graduates who learned at a workplace, %", y_unit="Recent vocational graduates in work, %")  # fmt: skip

# %%
exhibits.figure(
    "ch4-work-based-employment", chart, data=means, indicators=["vocational-graduates"],
    title="No sure link between learning at work and employment",
    subtitle="Recent vocational graduates aged 20-34, medium level, %, European OECD members, means of 2023-2025",
    shows=f"learning at a workplace and employment of vocational graduates in {len(means)} countries",
    finding=f"the correlation is {link.statistic:.2f} with a 95% interval from {low:.2f} to {high:.2f}",
    note=f"{len(means)} members with both series, means of the years available. Values flagged as of low reliability"
    f" are included; without the {len(means) - len(firm)} countries that have one the correlation is"
    f" {firm_link.statistic:.2f} ({firm_low:.2f} to {firm_high:.2f}); with {len(wider) - len(means)} non-members"
    f" it is {wider_link.statistic:.2f} ({wider_low:.2f} to {wider_high:.2f}).",
    limits="Whether learning at work is why graduates find work; labour markets differ in much else.")  # fmt: skip

# %%
about = {"indicators": ["vocational-graduates"], "exhibit": "ch4-work-based-employment", "format": ".2f"}
exhibits.value("ch4-work-based-correlation", link.statistic, n_obs=len(means), time_period="2023 to 2025",
               note=f"95% interval {low:.2f} to {high:.2f}", **about)  # fmt: skip
exhibits.value("ch4-work-based-correlation-firm", firm_link.statistic, n_obs=len(firm), time_period="2023 to 2025",
               note=f"95% interval {firm_low:.2f} to {firm_high:.2f}", **about)  # fmt: skip
exhibits.value("ch4-work-based-correlation-wider", wider_link.statistic, n_obs=len(wider), time_period="2023 to 2025",
               note=f"95% interval {wider_low:.2f} to {wider_high:.2f}", **about)  # fmt: skip
exhibits.value("ch4-work-based-low", low, **about)
exhibits.value("ch4-work-based-high", high, **about)
exhibits.value("ch4-work-based-n", len(means), **{**about, "format": ""})
for code, name in {"ESP": "spain", "CZE": "czechia"}.items():
    row = means.set_index("ref_area").loc[code]
    for measure in ("work_based_learning", "employment_rate"):
        exhibits.value(f"ch4-{name}-{measure.replace('_', '-')}", row[measure], unit="%", time_period="2023 to 2025",
                       **{**about, "format": ".0f"})  # fmt: skip
for name in ("obs_value", "lower", "upper"):
    exhibits.value(f"ch4-work-based-within-{name.replace('_', '-')}", within[name], unit="percentage points",
                   n_obs=within["n_obs"], time_period="2021 to 2025", **about)  # fmt: skip

# %% [markdown]
# ## Employment by qualification
#
# Employment of people aged 25 to 34 whose highest qualification is upper secondary, vocational or general.

# %%
employment = load("employment-by-education").query("ref_area in @members and obs_value.notna()")
rates = employment.pivot(index="ref_area", columns="attainment", values="obs_value")
rates = rates.dropna(subset=["upper_secondary_vocational", "upper_secondary_general"])
rates["gap"] = rates["upper_secondary_vocational"] - rates["upper_secondary_general"]
rates["country"] = rates.index.map(areas["name"])
ahead, widest = rates.query("gap > 0"), rates.loc[rates["gap"].idxmax()]
LEVELS = {"upper_secondary_vocational": "Vocational", "upper_secondary_general": "General", "tertiary": "Tertiary"}
shown = rates.melt(id_vars=["country"], value_vars=list(LEVELS), var_name="attainment", value_name="obs_value")
shown["group"] = shown["attainment"].map(LEVELS)
len(rates), len(ahead), rates[[*LEVELS, "gap"]].mean().round(1).to_dict()

# %%
chart = charts.ranked_dots(
    shown, label="country", value="obs_value", group="group", group_order=list(LEVELS.values()), unit="% employed")  # fmt: skip

# %%
exhibits.figure(
    "ch4-employment-by-education", chart, data=shown, indicators=["employment-by-education"],
    title="Vocational graduates work more often than general ones",
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
for level, label in LEVELS.items():
    exhibits.value(f"ch4-employment-{label.lower()}", rates[level].mean(), unit="%", format=".1f", **about)
exhibits.value("ch4-employment-gap", rates["gap"].mean(), unit="percentage points", format=".1f", **about)
exhibits.value("ch4-employment-n", len(rates), unit="countries", **about)
exhibits.value("ch4-employment-ahead", len(ahead), unit="countries", **about)
exhibits.value("ch4-employment-widest-country", widest["country"], **about)
exhibits.value("ch4-employment-widest", widest["gap"], unit="percentage points", format=".0f", **about)
earnings = load("relative-earnings-tertiary").query("ref_area in @members and obs_value.notna()")
exhibits.value("ch4-tertiary-earnings", earnings["obs_value"].mean() - 100, unit="%", format=".0f", time_period="2015",
               n_obs=len(earnings), indicators=["relative-earnings-tertiary"])  # fmt: skip
exhibits.value("ch4-tertiary-earnings-n", len(earnings), unit="countries", indicators=["relative-earnings-tertiary"])
for name, row in {"least": earnings["obs_value"].idxmin(), "most": earnings["obs_value"].idxmax()}.items():
    exhibits.value(f"ch4-tertiary-earnings-{name}", earnings.loc[row, "obs_value"] - 100, unit="%", format=".0f",
                   time_period="2015", indicators=["relative-earnings-tertiary"])  # fmt: skip
    exhibits.value(f"ch4-tertiary-earnings-{name}-country", areas.loc[earnings.loc[row, "ref_area"], "name"],
                   time_period="2015", indicators=["relative-earnings-tertiary"])  # fmt: skip
