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
# # Chapter 1: innovation in the economy and in schools
#
# How far apart the members of the OECD are in research and innovation, how concentrated patents are, and whether
# practice in schools changes more where the economy does more research.

# %%
import pandas as pd

from crossroads import areas, exhibits, indicators, load, numbers

members = areas.members()
spending = load("education-spending").query("measure == 'spending_per_student'")
spending = spending.query("education_level == 'primary_to_post_secondary'")
research = load("rd-expenditure")
researchers = load("researchers")
firms = load("firm-innovation").query("measure == 'innovative'")

# %% [markdown]
# ## How far apart are countries?
#
# Each measure for the latest year that most members have: 2023, or the year before where 2023 is missing; 2019 for
# spending on schools; the survey of firms that was published in 2025 and refers to 2020 to 2022. All have a true zero,
# so ratios make sense. The ratio sets the upper quartile of the members against the lower quartile: it does not hang on
# one extreme country. The members with data are all there are, not a sample, so no test is made.

# %%
wanted = {
    "Spending per student, 1,000 US dollars": (spending.assign(obs_value=spending["obs_value"] / 1000), 2019),
    "R&D, all sectors, % of GDP": (research.query("measure == 'gross_expenditure'"), 2023),
    "R&D in business, % of GDP": (research.query("measure == 'business_expenditure'"), 2023),
    "R&D in higher education, % of GDP": (research.query("measure == 'higher_education_expenditure'"), 2023),
    "R&D in government, % of GDP": (research.query("measure == 'government_expenditure'"), 2023),
    "Researchers per 1,000 employed": (researchers, 2023),
    "Innovative firms, %": (firms, 2025),
}

# %%
latest = {
    name: indicators.latest(table, year, max_age=1, areas=members).dropna(subset=["obs_value"])
    for name, (table, year) in wanted.items()
}
{name: table["time_period"].value_counts().to_dict() for name, table in latest.items()}

# %%
quartiles = pd.DataFrame({name: table["obs_value"].quantile([0, 0.25, 0.5, 0.75, 1]) for name, table in latest.items()})
distances = quartiles.T.set_axis(["lowest", "lower_quartile", "median", "upper_quartile", "highest"], axis=1)
distances["n_areas"] = pd.Series({name: len(table) for name, table in latest.items()})
distances["ratio"] = distances["upper_quartile"] / distances["lower_quartile"]
for end, pick in {"lowest": "idxmin", "highest": "idxmax"}.items():
    rows = {name: table.loc[getattr(table["obs_value"], pick)(), "ref_area"] for name, table in latest.items()}
    distances[f"{end}_country"] = areas.names(rows.values())
distances = distances.rename_axis("measure").sort_values("ratio", ascending=False).reset_index()
distances.round(2)

# %%
distances["label"] = distances["measure"] + distances["n_areas"].map(" ({})".format)
widest, closest = distances.iloc[0], distances.iloc[-1]
missing = {name: sorted(set(members) - set(table["ref_area"])) for name, table in latest.items()}
no_research = areas.names(missing["R&D, all sectors, % of GDP"])
missing

# %%
columns = {"label": "Measure (countries)", "lower_quartile": "Lower quartile", "upper_quartile": "Upper quartile",
           "ratio": "Ratio"}  # fmt: skip
finding = (f"the upper quartile is {widest['ratio']:.1f} times the lower for {widest['measure'].split(',')[0]} and"
           f" {closest['ratio']:.1f} times for {closest['measure'].split(',')[0].lower()}")  # fmt: skip

# %%
exhibits.table(
    "ch1-research-distance", distances, columns=columns,
    formats={"lower_quartile": ".2f", "upper_quartile": ".2f", "ratio": ".1f"},
    title="R&D money divides countries more than spending on schools",
    subtitle="Quartiles of seven measures of spending, research and innovation over OECD members, latest year, 2019 to 2023",
    shows="quartiles over countries of spending per student, research by sector, researchers and innovative firms",
    finding=finding,
    note="Each country counts once. Research and researchers: 2023, for one country 2022; spending: 2019, at purchasing"
    f" power parity; firms: 2020 to 2022. No research data: {' and '.join(no_research)}. Values carry flags of the"
    " publisher (provisional, estimated, another definition), which are in the data tables. The shares of firms come from"
    " sample surveys, published without errors.",
    limits="Why countries differ; and absolute sums of research, since R&D is relative to GDP and spending per student is not.",
    indicators=["education-spending", "rd-expenditure", "researchers", "firm-innovation"])  # fmt: skip

# %%
about = {"indicators": ["rd-expenditure"], "exhibit": "ch1-research-distance", "time_period": "2023 or 2022"}
rows = distances.set_index("measure")
business, research = rows.loc["R&D in business, % of GDP"], rows.loc["R&D, all sectors, % of GDP"]
exhibits.value("ch1-research-median", research["median"], unit="%", format=".1f", n_obs=research["n_areas"], **about)
exhibits.values({f"ch1-business-research-{end}": business[end] for end in ("lowest", "highest")},
                unit="%", format=".1f", **about)  # fmt: skip
exhibits.values({f"ch1-business-research-{end}-country": business[f"{end}_country"] for end in ("lowest", "highest")},
                **about)  # fmt: skip

# %%
quoted = {"business": ("R&D in business, % of GDP", "rd-expenditure", "2023 or 2022"),
          "higher-education": ("R&D in higher education, % of GDP", "rd-expenditure", "2023 or 2022"),
          "spending": ("Spending per student, 1,000 US dollars", "education-spending", "2019"),
          "researchers": ("Researchers per 1,000 employed", "researchers", "2023 or 2022"),
          "firms": ("Innovative firms, %", "firm-innovation", "2020 to 2022")}  # fmt: skip
for name, (measure, table, period) in quoted.items():
    row = rows.loc[measure]
    exhibits.value(f"ch1-distance-{name}", row["ratio"], format=".1f", n_obs=row["n_areas"], time_period=period,
                   note=measure, indicators=[table], exhibit="ch1-research-distance")  # fmt: skip

# %% [markdown]
# ## Patents
#
# Patent families at the five largest offices (IP5), of 2018: the last years of the series are not complete, because
# applications become public late. The file has numbers, not rates.

# %%
families = load("patents").query("measure == 'ip5_families' and time_period == 2018 and ref_area in @members")
families = families.set_index("ref_area")["obs_value"].sort_values(ascending=False)
top = families.head(4)
share = 100 * top.sum() / families.sum()
names = areas.names(top.index)
about = {"indicators": ["patents"], "time_period": "2018", "n_obs": len(families)}
exhibits.value("ch1-patents-share", share, unit="%", format=".0f", note=", ".join(names), **about)
exhibits.value("ch1-patents-names", numbers.enumerate_words(names), **about)

# %% [markdown]
# ## Does practice in schools change more where business does more research?
#
# The mean effect size of the change in five teaching practices from 2018 to 2024, as chapter 2 computes it, beside
# research in business. One question, asked once; the interval is that of Fisher's transformation.

# %%
asked = ["critical_thinking", "open_tasks", "small_groups", "own_procedures", "observation"]
practices = pd.concat([load("talis-teaching-practices"), load("talis-assessment-practices")])
practices = practices.query("item in @asked and isced_level == '2' and ref_area in @members")
effects = indicators.effect_size(practices, 2018, 2024, by=("item",)).dropna(subset=["obs_value"])
pair = pd.DataFrame({
    "practice": indicators.summarise_effects(effects).set_index("ref_area")["obs_value"],
    "research": latest["R&D in business, % of GDP"].set_index("ref_area")["obs_value"],
}).dropna()  # fmt: skip
link = indicators.correlation(pair, "practice", "research")

# %%
about = {"indicators": ["rd-expenditure", "talis-teaching-practices", "talis-assessment-practices"], "n_obs": len(pair),
         "time_period": "practice 2018 to 2024, research 2023 or 2022"}  # fmt: skip
exhibits.values({"ch1-practice-research": link}, interval=True, format=".2f", **about)
exhibits.value("ch1-practice-research-interval", numbers.span(link["lower"], link["upper"], ".2f"), **about)
exhibits.value("ch1-practice-research-n", len(pair), unit="countries", **about)
exhibits.tests("ch1-practice-research-link", pd.DataFrame([link]), indicators=about["indicators"],
               question="Is change in teaching practice unrelated to research in business?")  # fmt: skip
