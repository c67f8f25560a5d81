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
# # Chapter 4: what firms give and what they gain
#
# How many firms train, and how many take apprentices; what firms gain from training, study by study; and the skills of the
# adults whom they employ. Eurostat's survey of firms and the means of the survey of adult skills are published without
# standard errors in the tables at hand, so that single countries are described, not compared by tests.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, load, studies

members = areas.members()

# %% [markdown]
# ## Firms that train, and firms with apprentices
#
# Two shares of enterprises with ten persons or more in the same survey: those that train their own staff, and those that
# employ participants of initial vocational training. Great Britain is not in the survey of 2020.

# %%
trains = load("vocational-education-europe").query("measure == 'enterprises_that_train'")
takes = load("vocational-graduates").query("measure == 'enterprises_with_apprentices'")
GROUPS = {"Train their own staff": trains, "Have apprentices or other trainees of initial training": takes}
firms = pd.concat(table.assign(group=group) for group, table in GROUPS.items())
firms = firms.query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
firms = areas.add(firms, country="name")
firms.pivot_table(index="group", columns="time_period", values="obs_value", aggfunc=["mean", "count"]).round(1)

# %%
latest = firms.query("time_period == 2020")
wide = latest.pivot(index="country", columns="group", values="obs_value").dropna()
train_name, take_name = GROUPS
shown = latest.query("country in @wide.index").reset_index(drop=True)
link = indicators.correlation(wide, *GROUPS)
flags = shown.query("obs_status != ''").groupby("obs_status")["country"].agg(lambda names: ", ".join(sorted(names)))
wide.describe().round(1), link.to_dict(), flags.to_dict()

# %%
chart = charts.ranked_dots(
    shown, label="country", value="obs_value", group="group", group_order=[take_name, train_name],
    unit="% of enterprises with ten persons or more")  # fmt: skip
mean_trains, mean_takes = wide[train_name].mean(), wide[take_name].mean()
union = {
    name: table.query("ref_area == 'EU27_2020' and time_period == 2020")["obs_value"].squeeze()
    for name, table in GROUPS.items()
}
union

# %%
exhibits.figure(
    "ch4-training-firms", chart, data=shown, indicators=["vocational-education-europe", "vocational-graduates"],
    title="Most firms train their staff, fewer take trainees",
    subtitle="Firms that train their own staff, and firms with participants of initial vocational training, %, 2020",
    shows=f"two shares of firms in {len(wide)} European countries",
    finding=f"on average {mean_trains:.0f}% train their own staff and {mean_takes:.0f}% have apprentices or other trainees",
    note=f"{len(wide)} European members with both, each counting once; in the European Union as a whole {union[train_name]:.0f}% and"
    f" {union[take_name]:.0f}%. Enterprises with ten persons or more. 2020 was a year of the pandemic."
    " The publishers give no standard errors. What counts as initial training follows national rules.",
    limits="How many places a firm offers, and how good they are.")  # fmt: skip

# %%
about = {"indicators": ["vocational-education-europe", "vocational-graduates"], "exhibit": "ch4-training-firms",
         "time_period": "2020", "n_obs": len(wide)}  # fmt: skip
exhibits.values({"trains": mean_trains, "takes": mean_takes}, prefix="ch4-firm", unit="%", format=".0f", **about)
exhibits.value("ch4-firm-n", len(wide), unit="countries", **about)
of_union = {**about, "n_obs": None, "unit": "%", "format": ".0f", "note": "the European Union as one"}
exhibits.values({"trains": union[train_name], "takes": union[take_name]}, prefix="ch4-union-firm", **of_union)
exhibits.values(indicators.ends(wide.reset_index(), take_name), prefix="ch4-firm-takes", column=take_name,
                country="country", unit="%", format=".0f", **about)  # fmt: skip
exhibits.values({"ch4-firm-link": link}, interval=True, format=".2f", **about)
exhibits.tests("ch4-firms-training-link", pd.DataFrame([link]), indicators=about["indicators"], exhibit=about["exhibit"],
               question="Are the two shares of firms unrelated across countries?")  # fmt: skip

# %% [markdown]
# ## What firms gain, study by study
#
# All findings of the study library on what firms and their places gain from training, schools and colleges. One line a
# finding, in the words of its record.

# %%
LEVERS = ["apprenticeship-firms", "tertiary-institutions"]
SHOWN = ["firms", "regions"]
findings, lists = studies.findings(), studies.lists()
gains = findings.query("lever in @LEVERS and outcome in @SHOWN and sign.notna()").copy()
for name in ("design", "sign"):
    gains[name] = gains[name].map({code: row["label"] for code, row in lists[f"{name}s"].items()})
gains["said"] = gains["authors"] + " " + gains["year"].astype(int).astype(str)
gains["order"] = gains["lever"].map(LEVERS.index)
gains = gains.sort_values(["order", "design", "said"], ignore_index=True)
gains["page"] = "book/studies?lever=" + gains["lever"]

# %%
n_studies, n_better = gains["study"].nunique(), int((gains["sign"] == lists["signs"]["positive"]["label"]).sum())

# %%
exhibits.table(
    "ch4-firms-gain", gains,
    columns={"text": "What was found", "said": "Study", "design": "Design", "sign": "For firm or place"}, links={"said": "page"},
    title="Most findings on firms and places are gains, not all",
    subtitle=f"Findings on what firms and places gain from apprentices, schools and colleges, {n_studies} works",
    shows=f"{len(gains)} findings of {n_studies} works on what firms and their places gain",
    finding=f"{n_better} of the findings are gains",
    note="Findings of unlike things, from costs to patents; several may come from one work, and some works share data. None is a"
    " randomised trial.",
    limits="All research: these are the studies that were read, most of them in abstract.",
    indicators=["studies"])  # fmt: skip

# %%
about = {"indicators": ["studies"], "exhibit": "ch4-firms-gain"}
exhibits.values({"works": n_studies, "findings": len(gains), "better": n_better}, prefix="ch4-gain", **about)

# %% [markdown]
# ## Skills of adults
#
# Adults who learn, and what adults can do: means in literacy of the survey of adult skills of 2023, by the share of adults in
# education or training in the same year. Belgium is represented by Flanders, the United Kingdom by England; both are left
# out, since their share of learning adults is that of the whole country.

# %%
literacy = load("adult-skills-2023").query("domain == 'literacy' and ref_area in @members and obs_value.notna()")
learning = load("vocational-education-europe").query("measure == 'adults_in_learning' and time_period == 2023")
both = literacy[["ref_area", "obs_value"]].merge(
    learning[["ref_area", "obs_value"]], on="ref_area", suffixes=("", "_learning")
)
both = areas.add(
    both.rename(columns={"obs_value": "literacy", "obs_value_learning": "learning"}).dropna(), country="name"
)
link = indicators.correlation(both, "learning", "literacy")
link.to_dict(), both.sort_values("literacy").round(1)

# %%
chart = charts.scatter_within(
    both, x="learning", y="literacy", label="country",
    x_unit="Adults aged 25 to 64 in education or training, %", y_unit="Mean score of adults in literacy")  # fmt: skip

# %%
exhibits.figure(
    "ch4-adults-learning", chart, data=both, indicators=["adult-skills-2023", "vocational-education-europe"],
    title="Where more adults learn, adults read better",
    subtitle="Literacy of adults aged 16 to 65, and adults in education or training, European OECD members, 2023",
    shows=f"literacy and learning of adults in {len(both)} countries",
    finding=f"the correlation is {link['obs_value']:.2f} ({link['lower']:.2f} to {link['upper']:.2f})",
    note=f"{len(both)} members with both. Learning in the four weeks before the survey. The table of means has no standard"
    " errors; those of some countries are in whole points.",
    limits="Whether learning makes adults read better, or good readers go on learning.")  # fmt: skip

# %%
about = {"indicators": ["adult-skills-2023", "vocational-education-europe"], "exhibit": "ch4-adults-learning",
         "time_period": "2023", "n_obs": len(both)}  # fmt: skip
exhibits.values({"ch4-adults-link": link}, interval=True, format=".2f", **about)
exhibits.value("ch4-adults-n", len(both), unit="countries", **about)
exhibits.values(indicators.ends(both, "literacy"), prefix="ch4-adults", column="literacy", country="country",
                unit="points", format=".0f", **about)  # fmt: skip
exhibits.values(indicators.ends(both, "learning"), prefix="ch4-learning", column="learning", country="country", unit="%",
                format=".0f", **about)  # fmt: skip
exhibits.tests("ch4-adults-learning-link", pd.DataFrame([link]), indicators=about["indicators"], exhibit=about["exhibit"],
               question="Are learning and literacy of adults unrelated across countries?")  # fmt: skip

# %% [markdown]
# ## Work by attainment in the regions of Europe
#
# Employment rates of people aged 25 to 64 in 2025, regions of NUTS level 2 with both groups. The file has no errors of
# the survey behind it, so regions are counted, not tested.

# %%
rates = load("regional-employment-by-attainment").query("ref_area_type == 'NUTS2' and time_period == 2025")
rates = rates.pivot(index="ref_area", columns="isced_group", values="obs_value")[["0-2", "3-4"]].dropna().reset_index()
rates["gap"] = rates["3-4"] - rates["0-2"]
rates["country"] = rates["ref_area"].str[:2]
rates.groupby("country")["gap"].mean().round(1).sort_values().to_dict()

# %%
about = {"indicators": ["regional-employment-by-attainment"], "time_period": "2025", "n_obs": len(rates)}
ahead = int((rates["gap"] > 0).sum())
exhibits.value("ch4-region-work-n", len(rates), unit="regions", **about)
exhibits.value("ch4-region-work-ahead", "all" if ahead == len(rates) else str(ahead), **about)
exhibits.values({"low": rates["0-2"].mean(), "medium": rates["3-4"].mean()}, prefix="ch4-region-work", unit="%",
                format=".0f", **about)  # fmt: skip
exhibits.value("ch4-region-work-gap", rates["gap"].median(), unit="percentage points", format=".0f", **about)
