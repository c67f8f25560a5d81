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
# # Chapter 3: education and well-being in regions
#
# Do regions in which more adults have finished upper secondary education fare better than other regions of the same
# country? How firm is that for community life, and do regions keep their place over time? OECD Regional Well-Being.

# %%
import dataclasses

import numpy as np
import pandas as pd

from crossroads import areas, charts, data, exhibits, intervals, load, models, numbers

# %%
TABLES = ["regional-well-being"]
everywhere = load("regional-well-being").query("ref_area_type != 'country' and obs_value.notna()")
everywhere = areas.add(everywhere, "country")
edition = everywhere.query("edition == '2022'")
table = edition.pivot(index=["ref_area", "country"], columns="measure", values="obs_value").reset_index()
len(table), table["country"].nunique(), sorted(edition["time_period"].unique())

# %% [markdown]
# ## Ten dimensions
#
# One indicator a dimension; second ones (unemployment, deaths, internet speed) are left out. All are turned so that more
# is better. Income enters as a logarithm. Both sides are in standard deviations over all regions used. Fixed effects
# for countries; intervals and tests by the wild cluster bootstrap over countries; the ten tests are adjusted by the
# false discovery rate. The same is done without five countries, the four members from Latin America and Türkiye, because
# leaving out Türkiye or Mexico moves an estimate most. A link that hangs on five countries is not one of the OECD.
# Standard deviations are those of the sample. Attainment comes from labour force surveys, whose errors are not published
# for regions: they draw slopes towards zero, and so do errors of an outcome once it is divided by its standard deviation.

# %%
DIMENSIONS = {
    "log_income": "Income: disposable income (log)", "employment_rate": "Jobs: employment rate",
    "life_expectancy": "Health: life expectancy", "broadband": "Services: broadband",
    "rooms_per_person": "Housing: rooms per person", "few_homicides": "Safety: few homicides",
    "clean_air": "Environment: few fine particles",
    "voter_turnout": "Civic engagement: voter turnout",
    "someone_to_count_on": "Community: someone to count on",
    "life_satisfaction": "Life satisfaction",
}  # fmt: skip

# %%
FEW = [*areas.LATIN_AMERICA, "TUR"]
table["log_income"] = np.log(table["disposable_income"])
table["few_homicides"], table["clean_air"] = -table["homicide_rate"], -table["air_pollution"]

# %%
samples = {"All": table, "Without five": table.query("country not in @FEW")}
settings = {"group": "country", "design": "within", "errors": "wild", "standardise": True}
both = pd.concat(
    models.association(frame, dimension, "upper_secondary", **settings).assign(dimension=dimension, sample=sample)
    for sample, frame in samples.items()
    for dimension in DIMENSIONS
).reset_index(drop=True)

# %%
both["p_adjusted"] = both.groupby("sample")["p_value"].transform(intervals.adjusted)
both["significant"] = both["p_adjusted"] < 0.05
both["label"] = both["dimension"].map(DIMENSIONS) + both["n_obs"].map(" ({})".format)
both = both.sort_values(["sample", "obs_value"], ascending=[True, False], ignore_index=True)
both[["sample", "label", "obs_value", "lower", "upper", "p_adjusted", "n_groups"]].round(3)

# %%
fits = both.query("sample == 'All'")
positive = fits.query("significant and obs_value > 0")
kept = both.query("sample == 'Without five' and significant and obs_value > 0")
firm_twice = positive[positive["dimension"].isin(kept["dimension"])]
lost = positive[~positive["dimension"].isin(kept["dimension"])]

# %%
n_countries = both.groupby("sample")["n_groups"].max()
both["heading"] = both["sample"] + both["sample"].map(n_countries).map(" (up to {} countries)".format)
hidden = ["note", "statistic", "degrees_of_freedom", "r_squared", "heading"]
printed = both.rename(columns={"term": "predictor"}).drop(columns=hidden)
chart = charts.forest_plot(
    both, label="label", value="obs_value", lower="lower", upper="upper", group="heading",
    unit="Standard deviations, for one of attainment")  # fmt: skip

# %%
note = ("In brackets: regions. Without five: not Chile, Colombia, Costa Rica, Mexico and Türkiye. Years differ by"
        " country and indicator, mostly 2017 to 2021. Intervals: wild cluster bootstrap, one by one; the text counts what"
        " is significant after adjustment for ten tests in each sample. Some countries give one value to several regions"
        " (housing, broadband). Errors of measurement, which are not published, make slopes too small.")  # fmt: skip

# %%
exhibits.figure(
    "ch3-well-being-gradient", chart, data=printed, indicators=TABLES,
    title="Jobs, health, services and income go with regional education",
    subtitle="Association of upper secondary attainment with well-being, regions of the same country, edition of 2022",
    shows=f"the association of attainment with {len(fits)} dimensions of well-being within countries, in two samples",
    finding=f"it is positive and significant for {len(positive)} dimensions in all countries, and for {len(firm_twice)} of"
    f" these also without five countries ({'; '.join(firm_twice['label'].str.split(':').str[0].str.lower())})",
    note=note,
    limits="Which way the links run, and what schools have to do with them: attainment is that of all adults.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": "edition of 2022", "exhibit": "ch3-well-being-gradient"}
exhibits.values(fits.set_index("dimension").loc[["employment_rate"]], prefix="ch3-slope", interval=True, n_obs="n_obs", format=".2f",
                unit="standard deviations", **about)  # fmt: skip

# %%
counts = {"": fits, "-positive": positive, "-firm": firm_twice}
exhibits.values({f"ch3-dimensions{name}": len(rows) for name, rows in counts.items()}, n_obs=len(fits),
                note="after adjustment for ten tests", **about)  # fmt: skip
for name, rows in {"firm": firm_twice, "lost": lost}.items():
    words = rows["dimension"].map(DIMENSIONS).str.split(":").str[0].str.lower()
    exhibits.value(f"ch3-dimensions-{name}-names", numbers.enumerate_words(words), **about)
gained = (
    kept[~kept["dimension"].isin(positive["dimension"])]["dimension"].map(DIMENSIONS).str.split(":").str[0].str.lower()
)
said = ("that with {} is", "those with {} are")[len(gained) > 1].format(numbers.enumerate_words(gained))
gained = f"{said} significant only without them" if len(gained) else "no other becomes so"
exhibits.value("ch3-dimensions-gained-names", gained, **about)
exhibits.value("ch3-regions", len(table), unit="regions", **about)
exhibits.value("ch3-region-countries", table["country"].nunique(), unit="countries", **about)

# %%
question = "Is the slope of the dimension on attainment within countries zero?"
for name, sample in {"all": "All", "without-five": "Without five"}.items():
    exhibits.tests(f"ch3-dimensions-{name}", both[both["sample"] == sample], question=question, indicators=TABLES,
                   adjust="fdr_bh", exhibit="ch3-well-being-gradient")  # fmt: skip

# %% [markdown]
# ## How firm is the link with community?
#
# Two outcomes, three sets of controls, two samples, two designs: all combinations of them estimate the same association. The
# smaller sample leaves out the members from Latin America and Türkiye. It was added after it had been seen that leaving out
# Türkiye or Mexico alone moves an estimate most. Estimates are counted one by one, and the whole is tested at once by its
# median: residuals without attainment get random signs, one for all regions of a country. No errors of the regional
# values are published, so that slopes cannot be corrected for them.

# %%
names = {"someone_to_count_on": "Someone to count on", "life_satisfaction": "Life satisfaction"}
family = models.Specifications(
    outcomes=list(names.values()),
    predictors=["upper_secondary"],
    controls={"none": [], "income": ["log_income"], "income and jobs": ["log_income", "employment_rate"]},
    samples={"all": "", "without five": f"country not in {FEW}"},
    designs=["within", "pooled"],
    group="country",
)

# %%
renamed = table.rename(columns=names)
curve = models.specification_curve(renamed, family, errors="wild")
curve[["outcome", "controls", "sample", "design", "obs_value", "lower", "upper", "n_obs"]].round(2)

# %%
within = curve.query("design == 'within'")
strict = within.query("controls != 'none' or sample != 'all'")
firm_strict = int(strict["significant"].sum())
len(curve), len(strict), firm_strict

# %%
# Two joint tests, adjusted together: of all specifications, and of those that leave out the five countries.
fewer = dataclasses.replace(family, samples={"without five": family.samples["without five"]})
joint = {
    name: models.specification_test(renamed, kind) for name, kind in {"all": family, "without-five": fewer}.items()
}
joint = pd.concat([test.query("statistic == 'median'").assign(sample=name) for name, test in joint.items()])
joint["p_adjusted"] = intervals.adjusted(joint["p_value"], "holm")
joint = joint.set_index("sample")
joint.round(3)

# %%
about = {"indicators": TABLES, "time_period": "edition of 2022"}
counts = {"specifications": len(curve), "specifications-strict": len(strict)}
exhibits.values(counts, prefix="ch3", n_obs=len(curve), note="specifications", **about)
exhibits.value("ch3-specifications-strict-firm", str(firm_strict or "none"), n_obs=len(strict),
               note="specifications with p below 0.05", **about)  # fmt: skip

# %%
for name, row in joint.iterrows():
    exhibits.value(f"ch3-community-median-{name}", row["observed"], n_obs=int(row["n_specifications"]), format="+.2f",
                   unit="standard deviations", note=f"median; joint test p = {row['p_value']:.3f}", **about)  # fmt: skip
    exhibits.value(f"ch3-community-p-{name}", row["p_value"], n_obs=int(row["n_specifications"]), format=".2f", **about)
exhibits.value("ch3-community-adjusted-all", joint.loc["all", "p_adjusted"], format=".2f", note="of two joint tests",
               n_obs=len(curve), **about)  # fmt: skip

# %%
shown = {"indicators": TABLES}
exhibits.tests("ch3-community-joint", joint, question="Is the median of all specifications what chance would give?",
               adjust="holm", **shown)  # fmt: skip
exhibits.tests("ch3-community-single", curve, question="Is the slope in this specification zero?", **shown)

# %% [markdown]
# ## Do regions keep their place?
#
# The editions of 2016 and 2022 share eleven indicators. If a region's distance from its country's mean is real and
# lasting, the two editions agree. The interval leaves out each country in turn, on Fisher's scale: a correlation that is
# moved and shrunk to lie between zero and one has a logit.

# %%
LABELS = data.measures("regional-well-being")["label"]
both = everywhere.pivot(index=["measure", "country", "ref_area"], columns="edition", values="obs_value").dropna()
both = both[both.groupby(["measure", "country"])["2016"].transform("size") > 1]
apart = both - both.groupby(["measure", "country"]).transform("mean")
products = pd.DataFrame({"xx": apart["2016"] ** 2, "yy": apart["2022"] ** 2, "xy": apart["2016"] * apart["2022"]})
sums = products.groupby(["measure", "country"]).sum()
rows = []

# %%
for measure, parts in sums.groupby("measure"):
    whole, without = (
        0.5 + 0.5 * kept["xy"] / np.sqrt(kept["xx"] * kept["yy"]) for kept in (parts.sum(), parts.sum() - parts)
    )
    lower, upper = intervals.jackknife(whole, without.to_numpy(), "logit")
    rows.append({"measure": measure, "label": LABELS[measure], "lower": 2 * lower - 1, "upper": 2 * upper - 1,
                 "obs_value": 2 * whole - 1, "n_areas": len(both.loc[measure]), "n_groups": len(parts)})  # fmt: skip
stability = pd.DataFrame(rows).sort_values("obs_value", ascending=False, ignore_index=True)
stability.round(2)

# %%
chart = charts.ranked_dots(
    stability, label="label", value="obs_value", lower="lower", upper="upper", number=".2f",
    unit="Correlation between the two editions")  # fmt: skip
shown = stability.set_index("measure")
jobs, community, satisfaction = shown.loc[
    ["employment_rate", "someone_to_count_on", "life_satisfaction"], "obs_value"]  # fmt: skip
n_areas, n_groups = stability["n_areas"], stability["n_groups"]

# %%
exhibits.figure(
    "ch3-stability", chart, data=stability, indicators=TABLES,
    title="Regions' places in community life hardly last between editions",
    subtitle="Correlation between the editions of 2016 and 2022 of regions' distances from their country's mean",
    shows=f"how far regions keep their distance from the country's mean in {len(stability)} indicators",
    finding=f"the correlation is {jobs:.2f} for employment but {community:.2f} for someone to count on and"
    f" {satisfaction:.2f} for life satisfaction",
    note=f"{n_areas.min()} to {n_areas.max()} regions in {n_groups.min()} or {n_groups.max()} countries with values in both"
    " editions. 95% intervals: each country left out in turn. The edition of 2016 names no years. Income and education are left"
    " out, because their definitions changed, and internet speed, which is new.",
    limits="Whether places changed or are measured with error: regional samples of the opinion poll may be small.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": "editions of 2016 and 2022", "exhibit": "ch3-stability", "format": ".2f"}
quoted = {"count-on": "someone_to_count_on", "satisfaction": "life_satisfaction", "employment": "employment_rate",
          "life-expectancy": "life_expectancy"}  # fmt: skip
exhibits.values({name: shown.loc[measure] for name, measure in quoted.items()}, prefix="ch3-stability", interval=True,
                n_obs="n_areas", **about)  # fmt: skip
