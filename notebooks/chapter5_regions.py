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
# # Chapter 5: regions as places of innovation
#
# Which European regions are strong in education, in innovation, in both or in neither; who moved; and whether regions
# have come closer together, in Europe and within countries.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, exhibits, indicators, intervals, load, numbers, regions

# %%
TABLES = ["regional-innovation-scoreboard", "regional-tertiary-attainment"]
TYPES = ["Strong in both", "Education only", "Innovation only", "Strong in neither"]
START, END = 2016, 2023
scoreboard = load("regional-innovation-scoreboard").query("ref_area_type != 'aggregate'")
scoreboard = areas.add(scoreboard, "country")
scoreboard["country"] = scoreboard["country"].fillna(scoreboard["ref_area"])
innovation = scoreboard.query("measure == 'innovation_index'")

# %% [markdown]
# ## Four types of regions
#
# A region is strong in education if its share of adults with tertiary attainment is at least the median of the regions
# compared, and strong in innovation if its Regional Innovation Index is. Each year has its own medians, so that a region
# moves relative to others. Only NUTS 2 regions with both measures in both years are compared; the rest is counted.

# %%
keys = ["ref_area", "time_period"]
attainment = load("regional-tertiary-attainment").query("time_period in [@START, @END] and obs_value.notna()")
index = innovation.query("ref_area_type == 'NUTS2' and time_period in [@START, @END]")
both, unmatched = regions.join(
    index[[*keys, "obs_value"]].rename(columns={"obs_value": "innovation"}),
    attainment[[*keys, "obs_value"]].rename(columns={"obs_value": "tertiary"}),
    on=keys, names=("innovation", "attainment"))  # fmt: skip

# %%
balanced = both[both.groupby("ref_area")["ref_area"].transform("size") == 2].reset_index(drop=True)
balanced = areas.add(balanced, "name", "country", "longitude", "latitude")
dropped = both["ref_area"].nunique() - balanced["ref_area"].nunique()
unmatched.groupby(["only_in", "time_period"]).size()

# %%
types = regions.typology(balanced, "tertiary", "innovation", labels=TYPES)
latest = types.query("time_period == @END").reset_index(drop=True)
counts = latest["type"].value_counts().reindex(TYPES)
n, n_countries = len(latest), latest["country"].nunique()

# %% [markdown]
# Regions of a country are not independent of each other: intervals come from leaving out each country in turn.

# %%
measures = ["tertiary", "innovation"]
link = latest[measures].corr("spearman").iloc[0, 1]
without = [latest.query("country != @country")[measures].corr("spearman").iloc[0, 1]
           for country in latest["country"].unique()]  # fmt: skip
link_low, link_high = intervals.jackknife(link, np.array(without))
round(link, 2), round(link_low, 2), round(link_high, 2)

# %%
chart = charts.region_map(latest, longitude="longitude", latitude="latitude", group="type", group_order=TYPES,
                          country="country")  # fmt: skip
finding = (f"{counts.iloc[0]} are strong in both, {counts.iloc[3]} in neither, {counts.iloc[1]} in education only and"
           f" {counts.iloc[2]} in innovation only")  # fmt: skip

# %%
exhibits.figure(
    "ch5-region-types", chart, data=latest, indicators=TABLES,
    title="Education and innovation are often strong in the same regions",
    subtitle=f"NUTS 2 regions by tertiary attainment (25-64) and Regional Innovation Index, Europe, {END}",
    shows=f"{n} regions in {n_countries} countries in four types",
    finding=finding,
    note=f"Strong: at or above the median of the {n} regions. Not compared: countries whose innovation is published for"
    f" larger areas (among them Austria, Belgium and France), and {dropped} regions without attainment (in the Netherlands"
    " and Portugal). Tertiary attainment is one of the 21 indicators in the index. Rank correlation of the two:"
    f" {link:.2f} ({link_low:.2f} to {link_high:.2f}, each country left out in turn).",
    limits="Which of the two comes first; graduates move to where the work is.")  # fmt: skip

# %% [markdown]
# The index holds education itself. How many regions would change type if the three indicators of education and skills
# were left out of it, and how many hang by a thread (within a tenth of a standard deviation of a median)?

# %%
SKILLS = ["tertiary_education", "lifelong_learning", "digital_skills"]
other = scoreboard.query("measure not in @SKILLS and measure != 'innovation_index' and time_period == @END")
latest["other"] = latest["ref_area"].map(other.groupby("ref_area")["obs_value"].mean())
without = regions.typology(latest.drop(columns=["type", "x_cut", "y_cut", "margin"]), "tertiary", "other", labels=TYPES)
changed = int((without["type"] != latest["type"]).sum())
near = int((latest["margin"] < 0.1).sum())
changed, near

# %%
SHORT = ["both", "education", "innovation", "neither"]
about = {"indicators": TABLES, "time_period": str(END), "exhibit": "ch5-region-types", "n_obs": n}
exhibits.values(counts.set_axis(SHORT).to_dict(), prefix="ch5-type", unit="regions", **about)
exhibits.value("ch5-type-regions", n, unit="regions", **about)
margins = (latest["type"].isin(TYPES[:2]).sum(), latest["type"].isin([TYPES[0], TYPES[2]]).sum())
exhibits.value("ch5-type-chance", margins[0] * margins[1] / n, unit="regions", format=".0f", **about,
               note="regions strong in both if the two medians were split by chance")  # fmt: skip
exhibits.value("ch5-type-countries", n_countries, unit="countries", **about)
exhibits.value("ch5-type-link", link, format=".2f", note="Spearman's rank correlation, each country left out in turn",
               interval=(link_low, link_high), **about)  # fmt: skip
pair = latest.query("type == @TYPES[2] and country in ['DEU', 'ITA']")
exhibits.value("ch5-type-innovation-pair", len(pair), unit="regions", note="in Germany and Italy", **about)

# %%
near_note = "within a tenth of a standard deviation of a median"
exhibits.value("ch5-type-near", near, unit="regions", note=near_note, **about)
exhibits.value("ch5-type-changed", changed, unit="regions", **about,
               note="change type if the index leaves out attainment, lifelong learning and digital skills")  # fmt: skip

# %% [markdown]
# ## Who moved?
#
# The intervals of shares leave out each country in turn, and are missing where no region moved so.

# %%
moves = regions.transitions(types, START, END)
moves[["start", "end"]] = moves[["start_type", "end_type"]]
paired = types.pivot(index=["ref_area", "country"], columns="time_period", values="type").reset_index()
for row in moves.itertuples():
    rows = paired[paired[START] == row.start]
    moved_so = rows[END] == row.end
    without = [moved_so[rows["country"] != country].mean() for country in rows["country"].unique()]
    bounds = intervals.jackknife(moved_so.mean(), np.array(without), "logit")
    moves.loc[row.Index, ["lower", "upper"]] = 100 * np.array(bounds)

# %%
stayed = moves.query("start == end").set_index("start").loc[TYPES]
moved = int(moves.query("start != end")["n_areas"].sum())
up = int(moves.query("start == @TYPES[3] and end != start")["n_areas"].sum())
chart = charts.heat_matrix(moves, row="start", column="end", value="obs_value", row_order=TYPES, column_order=TYPES,
                           limits=(0, 100), unit=f"% of the regions of a type in {START} (rows) by type in {END}")  # fmt: skip
texts = [f"{name}: {row.n_start} regions, {row.lower:.0f} to {row.upper:.0f}% stayed"
         for name, row in stayed.iterrows()]  # fmt: skip

# %%
exhibits.figure(
    "ch5-region-moves", chart, data=moves.drop(columns=["start", "end"]), indicators=TABLES,
    title="In seven years few regions changed their place",
    subtitle=f"Regions by type in {START} (rows) and {END} (columns), % of the type in {START}, NUTS 2 regions of Europe",
    shows=f"how {n} regions moved between four types",
    finding=f"{moved} of {n} changed type; of those strong in neither, {stayed['obs_value'].iloc[3]:.0f}% stayed so",
    note=f"Each year has its own medians. 95% intervals, each country left out in turn: {'; '.join(texts)}.",
    limits="Change that all regions share, and its reasons. Steps across a median can be small.")  # fmt: skip

# %%
about = {"indicators": TABLES, "time_period": f"{START} to {END}", "exhibit": "ch5-region-moves"}
exhibits.value("ch5-moved", moved, unit="regions", n_obs=n, **about)
exhibits.value("ch5-moved-up", up, unit="regions", n_obs=int(stayed["n_start"].iloc[3]), **about)
exhibits.values(
    stayed.set_axis(SHORT), prefix="ch5-stayed", interval=True, n_obs="n_start", unit="%", format=".0f", **about
)
to_both = moves.query("start == @TYPES[3] and end == @TYPES[0]")["n_areas"].sum()
exhibits.value("ch5-neither-to-both", "none" if to_both == 0 else str(int(to_both)), **about)

# %% [markdown]
# ## Has innovation converged?
#
# All regions of the scoreboard, at the level at which it publishes them. Beta: did regions that started lower grow
# faster? Sigma: did the spread shrink? Both are asked across Europe and between regions of the same country. Regions of a
# country move together, so that they are fewer independent observations than there are regions: all errors and
# tests are clustered by country. The four tests are adjusted together by Holm's rule.

# %%
asked = {"across": {"cluster": "country"}, "within": {"group": "country"}}
found = {name: indicators.convergence(innovation, START, END, **options).iloc[0] for name, options in asked.items()}
across, inside = found.values()
tested = {f"{kind} {name}": row[p] for name, row in found.items()
          for kind, p in {"beta": "p_value", "sigma": "sigma_p_value"}.items()}  # fmt: skip
tested = pd.DataFrame({"p_value": pd.Series(tested)})
tested["p_adjusted"] = intervals.adjusted(tested["p_value"], "holm")
tested.round(3)

# %%
spread = pd.DataFrame({name: 100 * (1 - row[["spread_ratio", "spread_upper", "spread_lower"]].astype(float))
                       for name, row in found.items()}).T.set_axis(["obs_value", "lower", "upper"], axis=1)  # fmt: skip
spread.round(1)

# %%
pair = innovation.pivot(index=["ref_area", "country"], columns="time_period", values="obs_value")[[START, END]]
pair = pair.set_axis(["start", "end"], axis=1).dropna().reset_index()
pair["log_start"], pair["log_end"] = np.log(pair["start"]), np.log(pair["end"])
pair["growth"] = 100 * (pair["log_end"] - pair["log_start"]) / (END - START)
pair = areas.add(pair, "name")
fell = int((pair["growth"] < 0).sum())
fell, len(pair)

# %% [markdown]
# How much of the fall in variance, as far as there is one, is a fall between the means of countries?

# %%
logs, shares = ["log_start", "log_end"], []
for country in ["", *pair["country"].unique()]:
    part = pair[pair["country"] != country]
    means = part.groupby("country")[logs].transform("mean")
    shares.append(np.divide(*(frame[logs].var().diff().iloc[1] for frame in (means, part))))
between, *without = 100 * np.array(shares)
between_low, between_high = intervals.jackknife(between, np.array(without))
round(between), round(between_low), round(between_high)

# %%
slope = pd.DataFrame({"x": np.linspace(pair["start"].min(), pair["start"].max(), 80)})
for column, beta in {"y": "obs_value", "lower": "lower", "upper": "upper"}.items():
    slope[column] = pair["growth"].mean() + 100 * across[beta] * (np.log(slope["x"]) - pair["log_start"].mean())

# %%
texts = [f"{row.obs_value:.1f}% {place} ({numbers.span(row.lower, row.upper, '.1f')})"
         for place, row in zip(("across Europe", "within countries"), spread.itertuples(), strict=True)]  # fmt: skip
p_beta, p_adjusted = across["p_value"], tested["p_adjusted"].min()
chart = charts.scatter_within(
    pair, x="start", y="growth", fit=slope, fit_label="Regression on the logarithm",
    x_unit=f"Regional Innovation Index {START}, EU = 100", y_unit="Growth of the index, % a year")  # fmt: skip

# %%
exhibits.figure(
    "ch5-convergence", chart, data=pair.drop(columns=["log_start", "log_end"]), indicators=TABLES[:1],
    title="Catching up across Europe cannot be shown",
    subtitle=f"Regional Innovation Index {START} and its yearly growth to {END}, regions of Europe",
    shows=f"the starting level and growth of innovation in {len(pair)} regions",
    finding=f"of {len(tested)} tests of convergence {(tested['p_adjusted'] < 0.05).sum() or 'none'} is significant; the spread of"
    f" {END} is {spread.loc['across', 'obs_value']:.0f}% smaller than that of {START}",
    note=f"Spread: standard deviation of logarithms; its fall is {' and '.join(texts)}, 95% intervals, Pitman and Morgan's"
    f" test clustered by country. Band: 95% interval of the slope, clustered by country (p = {p_beta:.2f}). The smallest"
    f" p-value of four is {p_adjusted:.2f} after adjustment (Holm). {fell} of {len(pair)} regions fell. NUTS level 2, in"
    " some countries level 1 or the country.",
    limits="Catching up in absolute terms; measurement error in the first year makes the slope steeper than it is.")  # fmt: skip

# %%
about = {"indicators": TABLES[:1], "time_period": f"{START} to {END}", "exhibit": "ch5-convergence", "n_obs": len(pair)}
exhibits.values({"ch5-spread-europe": spread.loc["across"]}, interval=True, unit="%", format=".0f", **about)
exhibits.values(spread.loc["across", ["lower", "upper"]].set_axis(["low", "high"]).to_dict(), prefix="ch5-spread-europe",
                unit="%", format=".0f", **about)  # fmt: skip
exhibits.value("ch5-spread-between", between, unit="%", format=".0f", interval=(between_low, between_high), **about,
               note="of the fall in variance, the fall between the means of countries")  # fmt: skip
exhibits.values({"ch5-spread-within": spread.loc["within"]}, interval=True, unit="%", format=".1f", **about)

# %%
slopes = {"ch5-beta": across, "ch5-beta-within": inside}
slopes = {name: 100 * row[["obs_value", "std_error"]].astype(float) for name, row in slopes.items()}
exhibits.values(slopes, format=".2f", unit="% a year", note="errors clustered by country", **about)

# %%
names = {
    "beta across": "beta",
    "sigma across": "spread-europe",
    "beta within": "beta-within",
    "sigma within": "spread-within",
}
for name, identifier in names.items():
    exhibits.value(f"ch5-{identifier}-p", tested.loc[name, "p_value"], format=".2f", note="not adjusted", **about)
exhibits.value("ch5-convergence-p", p_adjusted, format=".2f", note="smallest p-value of four after adjustment", **about)
exhibits.tests("ch5-convergence", tested, indicators=TABLES[:1], adjust="holm", exhibit="ch5-convergence",
               question="Did regions that started lower grow no faster; is the spread unchanged?")  # fmt: skip
exhibits.values({"ch5-innovation-fell": fell, "ch5-innovation-regions": len(pair)}, unit="regions", **about)

# %% [markdown]
# ## The regions of one country
#
# One row a country with five areas or more in the scoreboard. The gap is the index of the strongest area divided by that
# of the weakest. Marked is the area with the highest score in tertiary education, by the scoreboard's own measure
# (people aged 25 to 34).

# %%
now = innovation.query("time_period == @END")[["ref_area", "country", "obs_value"]]
graduates = scoreboard.query("measure == 'tertiary_education' and time_period == @END").set_index("ref_area")
now = areas.add(now.assign(education=now["ref_area"].map(graduates["obs_value"])), region="name")
now = now[now.groupby("country")["country"].transform("size") >= 5]

# %%
by_country = now.groupby("country")
now["educated"] = now["education"] == by_country["education"].transform("max")
now["first"] = now["obs_value"] == by_country["obs_value"].transform("max")
now["middle"] = by_country["obs_value"].transform("median")
rest = now["ref_area"].map(other.groupby("ref_area")["obs_value"].mean())
now["first_without"] = rest == rest.groupby(now["country"]).transform("max")
now["ratio"] = by_country["obs_value"].transform("max") / by_country["obs_value"].transform("min")
now = areas.add(now.sort_values(["ratio", "obs_value"], ascending=[False, True], ignore_index=True), by="country",
                country_name="name")  # fmt: skip

# %%
ratios = now.groupby("country_name", sort=False)["ratio"].first()
same, without_skills = (int((now["educated"] & now[name]).sum()) for name in ("first", "first_without"))
same, len(ratios), ratios.round(2).to_dict()

# %%
chart = charts.distribution_strips(
    now, label="country_name", value="obs_value", highlight="educated", highlight_label="Highest tertiary attainment",
    middle="middle", middle_label="Median region", unit="Regional Innovation Index, EU 2016 = 100")  # fmt: skip
finding = (f"the region with the highest tertiary attainment is also the most innovative in {same} of {len(ratios)}; the"
           f" strongest region has {ratios.iloc[0]:.1f} times the index of the weakest in {ratios.index[0]} and"
           f" {ratios.iloc[-1]:.1f} times in {ratios.index[-1]}")  # fmt: skip

# %%
exhibits.figure(
    "ch5-regional-gaps", chart, data=now.drop(columns="middle"), indicators=TABLES[:1],
    title="The best-educated region is usually the most innovative",
    subtitle=f"Regional Innovation Index, EU in 2016 = 100, regions of countries with five or more, Europe, {END}",
    shows=f"the innovation index of {len(now)} regions in {len(ratios)} countries",
    finding=finding,
    note="Countries ordered by the ratio of strongest to weakest region; the ratio tends to be larger where a country has"
    " more regions. Attainment (people aged 25 to 34) is itself one of the 21 indicators in the index; by the mean of those"
    f" that are not about education or skills, the best-educated region comes first in {without_skills} countries.",
    limits="Uncertainty: the publisher gives no standard errors, and scores are partly imputed.")  # fmt: skip

# %%
about = {"indicators": TABLES[:1], "time_period": str(END), "exhibit": "ch5-regional-gaps"}
exhibits.value("ch5-gap-countries", len(ratios), unit="countries", **about)
exhibits.value("ch5-gap-median", ratios.median(), format=".1f", n_obs=len(ratios), **about)
for name, place in {"widest": 0, "narrowest": -1}.items():
    exhibits.value(f"ch5-gap-{name}", ratios.iloc[place], format=".1f", **about)
    exhibits.value(f"ch5-gap-{name}-country", ratios.index[place], **about)

# %%
about |= {"unit": "countries", "n_obs": len(ratios)}
exhibits.value("ch5-gap-same", same, **about)
exhibits.value("ch5-gap-same-without", without_skills, **about,
               note="with the mean of the indicators that are not about education or skills")  # fmt: skip
