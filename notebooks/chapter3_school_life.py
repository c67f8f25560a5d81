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
# # Chapter 3: belonging, bullying and background in 2025
#
# How students feel at school and how results go with background, from the tables of PISA 2025, and the share of the variance in
# mathematics that went with background from 2012 to 2022. The tables of 2025 are rounded and have no standard
# errors: changes of single countries are told, and not tested.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load

members = areas.members()

# %% [markdown]
# ## Belonging and bullying
#
# One point a country. The correlation over countries is tested with and without Japan and Korea, whose students report least
# bullying by far: a link that hangs on them is not one of the OECD.

# %%
climate = load("pisa-2025-climate").query("ref_area in @members")
wide = climate.pivot(index="ref_area", columns="measure", values="obs_value").reset_index()
wide = areas.add(wide[["ref_area", "belonging", "no_bullying"]].dropna(), country="name")
fewer = wide.query("ref_area not in ['JPN', 'KOR']")
links = pd.DataFrame({name: indicators.correlation(frame, "no_bullying", "belonging")
                      for name, frame in {"all": wide, "without-two": fewer}.items()}).T  # fmt: skip
links["p_adjusted"] = intervals.adjusted(links["p_value"].astype(float), "holm")
mean = load("pisa-2025-climate").query("ref_area == 'OECD-average'").set_index("measure")["obs_value"]
links

# %%
chart = charts.scatter_within(
    wide, x="no_bullying", y="belonging", label="country", x_average=mean["no_bullying"], y_average=mean["belonging"],
    named=areas.names(["JPN", "KOR", "AUT", "ESP", "DEU", "ISR", "ITA", "NZL", "EST", "USA", "NOR", "ISL", "CZE", "DNK"]),
    x_unit="Students who are not bullied, %", y_unit="Sense of belonging at school, index")  # fmt: skip
link, without = links.loc["all"], links.loc["without-two"]
note = ("Belonging: in standard deviations of students in the OECD. Lines: OECD averages. The published table is rounded and"
        " has no standard errors, and does not say how often bullying counts. Some systems missed sampling standards (flag s in"
        " the data); the publisher asks for caution with the answers of the United States.")  # fmt: skip

# %%
exhibits.figure(
    "ch3-climate", chart, data=wide, indicators=["pisa-2025-climate"],
    title="Belonging at school and bullying are two questions",
    subtitle=f"Sense of belonging and share of students who are not bullied, 15-year-olds, {len(wide)} OECD members, 2025",
    shows=f"belonging and freedom from bullying in {len(wide)} countries",
    finding=f"the correlation is {link['obs_value']:.2f}, and {without['obs_value']:.2f} without Japan and Korea (95%"
    f" interval {without['lower']:.2f} to {without['upper']:.2f})",
    note=note,
    limits="Whether students who are bullied feel they belong: these are countries, not students.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2025-climate"], "time_period": "2025", "exhibit": "ch3-climate", "n_obs": len(wide)}
exhibits.values(links, prefix="ch3-climate-link", interval=True, format=".2f", **about | {"n_obs": "n_obs"})
exhibits.tests("ch3-climate", links, question="Are belonging and freedom from bullying unrelated over countries?",
               adjust="holm", indicators=about["indicators"], exhibit="ch3-climate")  # fmt: skip

# %%
ends = {name: indicators.ends(wide, name) for name in ("belonging", "no_bullying")}
exhibits.value("ch3-not-bullied", mean["no_bullying"], unit="%", format=".0f", **about)
exhibits.values(ends["no_bullying"], prefix="ch3-not-bullied", column="no_bullying", country="country", unit="%",
                format=".0f", **about)  # fmt: skip
exhibits.value("ch3-belonging-highest-country", ends["belonging"]["highest"]["country"], **about)

# %% [markdown]
# ## The gap by background from 2022 to 2025
#
# Changes in science of the quarters with the lowest and the highest socio-economic status, as published.

# %%
equity = load("pisa-2025-equity").pivot(index="ref_area", columns="measure", values="obs_value")
average, QUARTERS = equity.loc["OECD-average"], ["change_disadvantaged", "change_advantaged"]
quarters = areas.add(
    equity.loc[equity.index.isin(members), [*QUARTERS, "change_gap"]].dropna().reset_index(), country="name"
)
fell, rose = (quarters["change_advantaged"] < 0).sum(), (quarters["change_disadvantaged"] > 0).sum()
narrower = (quarters["change_gap"] < 0).sum()
len(quarters), fell, rose, narrower, average[[*QUARTERS, "change_gap", "score_gap", "variance_explained"]].to_dict()

# %%
chart = charts.scatter_within(
    quarters, x="change_advantaged", y="change_disadvantaged", label="country",
    x_average=average["change_advantaged"], y_average=average["change_disadvantaged"],
    named=areas.names(["TUR", "SVK", "ISR", "LVA", "SVN", "AUT", "DEU", "NZL", "DNK", "GBR", "SWE", "COL", "AUS"]),
    x_unit="Change of the top quarter, points in science", y_unit="Change of the bottom quarter, points")  # fmt: skip

# %%
exhibits.figure(
    "ch3-quarters-2025", chart, data=quarters, indicators=["pisa-2025-equity"],
    title="In science the gap by background narrowed at both ends",
    subtitle=f"Change in science from 2022 to 2025 by socio-economic status, 15-year-olds, {len(quarters)} OECD members",
    shows=f"how the scores of the top and the bottom quarter changed in {len(quarters)} countries",
    finding=f"the top quarter fell in {fell} countries, the bottom quarter rose in {rose}, and the gap became narrower in"
    f" {narrower}, by however little",
    note="Lines: OECD averages, which the publisher gives without Spain. Costa Rica and Luxembourg have no values. Quarters of the country's own students. Published changes are rounded and have no standard errors, so that none is"
    " tested; errors of rounding keep gaps from being exact differences. Some systems missed sampling standards.",
    limits="Why: who was tested, families and schools changed in these years, too.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2025-equity"], "exhibit": "ch3-quarters-2025", "time_period": "2022 to 2025"}
published = average[["change_advantaged", "change_disadvantaged", "change_gap"]]
exhibits.values(published.to_dict(), prefix="ch3-science", unit="points", format="+.0f",
                note="science, OECD average without Costa Rica, Luxembourg and Spain, rounded by the publisher", **about)  # fmt: skip
counts = {"advantaged-fell": fell, "disadvantaged-rose": rose}
exhibits.values({name: int(n) for name, n in counts.items()}, prefix="ch3-quarters", unit="countries",
                n_obs=len(quarters), **about)  # fmt: skip

# %%
exhibits.value("ch3-quarters-n", len(quarters), unit="countries", **about)
exhibits.value(
    "ch3-science-gap-2025", average["score_gap"], unit="points", format=".0f", **about | {"time_period": "2025"}
)

# %% [markdown]
# ## The variance that went with background, 2012 to 2022
#
# OECD average of the publisher over a constant set of members. Samples of two cycles are independent.

# %%
AVERAGE = "OECD-average-35"
explained = (
    load("pisa-escs-variance").query("domain == 'mathematics' and ref_area == @AVERAGE").set_index("time_period")
)
spans = [(2012, 2018), (2018, 2022)]
changes = {f"{first}-{last}": indicators.difference(explained.loc[last], explained.loc[first]) for first, last in spans}
averaged = intervals.with_test(pd.DataFrame(changes).T.astype(float), adjust="holm")
averaged[["obs_value", "std_error", "p_adjusted"]].round(3)

# %%
about = {"indicators": ["pisa-escs-variance"], "n_obs": areas.n_averaged(AVERAGE)}
for year in (2012, 2018, 2022):
    exhibits.values({f"ch3-explained-{year}": explained.loc[year]}, unit="%", format=".1f", time_period=year, **about)
exhibits.value("ch3-explained-n", about["n_obs"], unit="countries", note="constant set of the publisher", **about)
exhibits.tests("ch3-background-average", averaged, question="Is the change of the OECD average zero over this span?",
               adjust="holm", indicators=about["indicators"])  # fmt: skip
