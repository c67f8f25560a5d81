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
# # Chapter 2: practice and professional learning
#
# What teachers do in class, how that changed from 2018 to 2024, and how they learn. All shares and standard errors are
# those that the OECD publishes from TALIS; teachers of lower secondary education (ISCED 2), OECD members only.

# %%
import pandas as pd
from scipy import stats

from crossroads import charts, data, exhibits, indicators, load

areas = data.code_list("areas").set_index("code")
members = areas.index[areas["oecd_since"].notna()]
AVERAGE = "OECD-average-27"
AVERAGED = int(AVERAGE.removeprefix("OECD-average-"))  # countries
lower_secondary = "isced_level == '2' and (ref_area in @members or ref_area == @AVERAGE)"
practices = load("talis-teaching-practices").query(lower_secondary)
labels = data.code_list("talis-items-practice").set_index("code")["label"]

# %% [markdown]
# ## What teachers do often
#
# Eleven practices: four that make a lesson clear, seven that ask students to think, choose or work together. Four
# further ones, on keeping order, are left out. The published OECD average leaves out the Netherlands, New Zealand and
# Norway, whose response was low; their own values are shown.

# %%
clarity = ["summary", "goals", "expectations", "links_to_old_topics"]
order = ["rules", "listening", "calming", "quiet_start"]
latest = practices.query("time_period == 2024 and item not in @order")
mean = latest.query("ref_area == @AVERAGE").set_index("item")
spread = latest.query("ref_area != @AVERAGE").assign(
    country=lambda rows: rows["ref_area"].map(areas["name"]),
    practice=lambda rows: rows["item"].map(labels),
    average=lambda rows: rows["item"].map(mean["obs_value"]),
)
spread = spread.sort_values(["average", "ref_area"], ascending=[False, True], ignore_index=True)
n_countries = spread["ref_area"].nunique()
challenge = mean.drop(clarity)["obs_value"].sort_values()
rarest, commonest = mean["obs_value"].idxmin(), mean["obs_value"].idxmax()
mean[["obs_value", "std_error"]].round(1)

# %%
chart = charts.distribution_strips(
    spread, label="practice", value="obs_value", middle="average", middle_label=f"OECD average ({AVERAGED})",
    other_label="Countries", unit="Teachers who use the practice frequently or always, %",
)  # fmt: skip
exhibits.figure(
    "ch2-practices", chart, data=spread, indicators=["talis-teaching-practices"],
    title="Clear lessons are common, long projects are rare",
    subtitle="Teachers who use a practice frequently or always, lower secondary education, OECD members in TALIS 2024",
    shows=f"the shares of teachers who use eleven practices in {n_countries} countries",
    finding=f"on average {mean.loc[commonest, 'obs_value']:.0f}% use the most common practice"
    f" ({labels[commonest].lower()}) and {mean.loc[rarest, 'obs_value']:.0f}% the rarest ({labels[rarest].lower()})",
    note="Each mark is a country. Standard errors are in the data. The Netherlands, New Zealand and Norway are shown but not"
    " in the average (low response). For Belgium the whole country is counted once.",
    limits="How well a practice is done, and whether students of the same teacher would say the same.",
)  # fmt: skip

# %%
about = {"indicators": ["talis-teaching-practices"], "unit": "%", "format": ".0f", "time_period": "2024",
         "exhibit": "ch2-practices"}  # fmt: skip
for item in ["expectations", "links_to_old_topics", "real_life_problems", "critical_thinking", "small_groups",
             "own_procedures", "open_tasks", "long_projects"]:  # fmt: skip
    exhibits.value(f"ch2-{item.replace('_', '-')}", mean.loc[item, "obs_value"], std_error=mean.loc[item, "std_error"],
                   n_obs=AVERAGED, note=labels[item], **about)  # fmt: skip
projects = spread.query("item == 'long_projects' and not obs_status.fillna('').str.contains('s')").set_index("country")
for name, country in {"lowest": projects["obs_value"].idxmin(), "highest": projects["obs_value"].idxmax()}.items():
    row = projects.loc[country]
    exhibits.value(f"ch2-projects-{name}", row["obs_value"], std_error=row["std_error"], **about)
    exhibits.value(f"ch2-projects-{name}-country", country, **{**about, "format": "", "unit": ""})
exhibits.value(
    "ch2-average-n",
    int(AVERAGE.removeprefix("OECD-average-")),
    note="members in the published average",
    **{**about, "unit": "countries"},
)

# %% [markdown]
# Is the order of practices the same everywhere? Spearman's rank correlation of each country with the average.

# %%
ranks = spread.pivot(index="country", columns="item", values="obs_value").rank(axis=1)
alike = ranks.T.corrwith(mean["obs_value"].rank().loc[ranks.columns])
for name, number in {"median": alike.median(), "lowest": alike.min()}.items():
    exhibits.value(f"ch2-order-{name}", number, format=".2f", n_obs=n_countries, time_period="2024",
                   note="rank correlation of a country's practices with the average",
                   indicators=["talis-teaching-practices"], exhibit="ch2-practices")  # fmt: skip

# %% [markdown]
# ## Change from 2018 to 2024, practice by practice
#
# Five practices were asked with the same words in both rounds. A sixth, self-assessment, was reworded and is left out of
# the count. The average is that of the countries with both years, each counted once; tests are adjusted for the number
# of practices, and in the counts for countries and practices together, by the false discovery rate.

# %%
asked_twice = ["critical_thinking", "open_tasks", "small_groups", "own_procedures", "observation"]
both = pd.concat([practices, load("talis-assessment-practices").query(lower_secondary)])
both = both.query("item in @asked_twice and time_period in [2018, 2024] and ref_area != @AVERAGE")
labels["observation"] = data.code_list("talis-items-assessment").set_index("code").loc["observation", "label"]
effects = indicators.effect_size(both, 2018, 2024, by=("item",)).dropna(subset=["obs_value"])
compared = effects["ref_area"].unique()
mean_change = indicators.average(both.query("ref_area in @compared"), by=("item",), constant=True, code="OECD")
mean_change = indicators.change(mean_change, 2018, 2024, by=("item",)).set_index("item")
counts = (
    effects.query("significant == True")
    .groupby("item")["obs_value"]
    .agg(up=lambda sizes: int((sizes > 0).sum()), down=lambda sizes: int((sizes < 0).sum()))
)
items = mean_change.join(counts).sort_values("obs_value", ascending=False).reset_index()
items["practice"] = items["item"].map(labels)
len(compared), sorted(set(spread["ref_area"]) - set(compared))

# %%
items["change"] = [f"{row.obs_value:+.1f} ({row.lower:.1f} to {row.upper:.1f})" for row in items.itertuples()]
items["directions"] = items["up"].astype(str) + " / " + items["down"].astype(str)
exhibits.table(
    "ch2-practice-change", items, indicators=["talis-teaching-practices", "talis-assessment-practices"],
    columns={"practice": "Practice", "start_value": "2018, %", "end_value": "2024, %", "change": "Change, points",
             "directions": "Countries up / down"}, formats={"start_value": ".1f", "end_value": ".1f"},
    title="Five practices all became a little more frequent",
    subtitle=f"Teachers who use a practice frequently or always, lower secondary education, mean of {len(compared)} OECD"
    " countries, 2018 and 2024",
    shows="five practices, their average in 2018 and 2024 and the number of countries in which they changed",
    finding=f"the largest rise is that of {items.loc[0, 'practice'].lower()}, by {items.loc[0, 'obs_value']:.1f} points",
    note=f"The {len(compared)} members with both years, each counted once. In brackets: 95% intervals. Countries up and down: significant at 5% after"
    " adjustment over all countries and practices. The same wording in both years.",
    limits="Why practice changed; and whether teachers now do more or report more.",
)  # fmt: skip

# %%
about = {"indicators": ["talis-teaching-practices", "talis-assessment-practices"], "time_period": "2018 to 2024",
         "exhibit": "ch2-practice-change"}  # fmt: skip
for row in items.query("item in ['critical_thinking', 'own_procedures', 'small_groups']").itertuples():
    exhibits.value(f"ch2-change-{row.item.replace('_', '-')}", row.obs_value, std_error=row.std_error, format=".1f",
                   unit="percentage points", n_obs=len(compared), note=row.practice, **about)  # fmt: skip
exhibits.value("ch2-change-countries", len(compared), unit="countries", **about)
exhibits.value("ch2-changes-up", int(items["up"].sum()), n_obs=len(effects), unit="comparisons", **about)
exhibits.value("ch2-changes-down", int(items["down"].sum()), n_obs=len(effects), unit="comparisons", **about)
exhibits.value("ch2-changes-tested", len(effects), unit="comparisons", **about)

# %% [markdown]
# ## Change as innovation: one number a country
#
# Cohen's h puts changes of rare and of common practices on one scale. The mean over five practices says which way
# practice moved. The same teachers answer all questions; how their errors correlate is not published, so the largest
# possible error of the mean is taken.

# %%
summary = indicators.summarise_effects(effects)
summary["country"] = summary["ref_area"].map(areas["name"])
summary["p_value"] = 2 * stats.norm.sf((summary["obs_value"] / summary["std_error"]).abs())
summary["significant"] = stats.false_discovery_control(summary["p_value"]) < 0.05
risen = summary.query("significant and obs_value > 0")
fallen = summary.query("significant and obs_value < 0")
first = summary.loc[summary["obs_value"].idxmax()]
small = int((effects["magnitude"] == "negligible").sum())
len(risen), len(fallen), small, len(effects)

# %%
chart = charts.ranked_dots(
    summary, label="country", value="obs_value", lower="lower", upper="upper", significant="significant",
    significance=("Different from no change", "Not different"), average=0, average_label="No change", number="+.2f",
    unit="Mean effect size (Cohen's h) of five practices",
)  # fmt: skip
exhibits.figure(
    "ch2-practice-countries", chart, data=summary, indicators=["talis-teaching-practices", "talis-assessment-practices"],
    title="Change in practice was small, and mostly upward",
    subtitle="Mean effect size of the change in five practices, lower secondary education, OECD members, 2018 to 2024",
    shows=f"the mean change of five teaching practices in {len(summary)} countries with 95% intervals",
    finding=f"the mean rose significantly in {len(risen)} countries and fell in {len(fallen)}; it rose most in"
    f" {first['country']} ({first['obs_value']:.2f})",
    note="Filled: significant at 5% after adjustment for the number of countries. Effects below 0.2 are usually called"
    " negligible. Intervals are the widest possible, as the correlation of answers is not published.",
    limits="Practices that were not asked twice, such as those with digital tools; and whether the change is for the better.",
)  # fmt: skip

# %%
about["exhibit"] = "ch2-practice-countries"
exhibits.value("ch2-practice-risen", len(risen), unit="countries", n_obs=len(summary), **about)
exhibits.value("ch2-practice-fallen-names", ", ".join(fallen["country"]) or "none", **about)
exhibits.value("ch2-practice-unclear", len(summary) - len(risen) - len(fallen), unit="countries", **about)
exhibits.value("ch2-practice-first", first["obs_value"], std_error=first["std_error"], format="+.2f", unit="Cohen's h",
               n_obs=len(asked_twice), **about)  # fmt: skip
exhibits.value("ch2-practice-first-country", first["country"], **about)
exhibits.value(
    "ch2-effects-negligible", 100 * small / len(effects), unit="%", format=".0f", n_obs=len(effects), **about
)

# %% [markdown]
# Did results move with practice? Scores of 2025 minus 2018 carry a link error, but it is the same for all countries and
# leaves a correlation between countries as it is.

# %%
scores = load("pisa-mathematics").pivot(index="ref_area", columns="time_period", values="obs_value")
moved = (
    summary.set_index("ref_area")["obs_value"].to_frame("practice").join((scores[2025] - scores[2018]).rename("score"))
)
link = stats.pearsonr(*moved.dropna().T.to_numpy())
low, high = link.confidence_interval()
exhibits.value(
    "ch2-practice-results", link.statistic, format=".2f", n_obs=len(moved.dropna()),
    note=f"correlation between countries; 95% interval {low:.2f} to {high:.2f}; p = {link.pvalue:.2f}",
    time_period="practice 2018 to 2024, scores 2018 to 2025",
    indicators=["talis-teaching-practices", "talis-assessment-practices", "pisa-mathematics"],
)  # fmt: skip

# %%
exhibits.value("ch2-practice-results-interval", f"{low:.2f} to {high:.2f}".replace("-", "−"), time_period="practice 2018 to 2024, scores 2018 to 2025",
               indicators=["talis-teaching-practices", "talis-assessment-practices", "pisa-mathematics"])  # fmt: skip

# %% [markdown]
# ## How teachers learn
#
# Ways of professional learning in the twelve months before the survey. Ways that take a teacher out of the classroom to
# see others at work, or bring others in, are what a learning organisation needs.

# %%
modes = load("talis-learning-modes").query(lower_secondary + " and delivery == 'total' and item != 'other'")
mode_labels = data.code_list("talis-items-learning-mode").set_index("code")["label"]
mode_mean = modes.query("ref_area == @AVERAGE").set_index("item")
learning = modes.query("ref_area != @AVERAGE").assign(
    country=lambda rows: rows["ref_area"].map(areas["name"]),
    mode=lambda rows: rows["item"].map(mode_labels),
    average=lambda rows: rows["item"].map(mode_mean["obs_value"]),
)
learning = learning.sort_values(["average", "ref_area"], ascending=[False, True], ignore_index=True)
ranking = mode_mean["obs_value"].sort_values(ascending=False)
mode_mean[["obs_value", "std_error"]].round(1)

# %%
chart = charts.distribution_strips(
    learning, label="mode", value="obs_value", middle="average", middle_label=f"OECD average ({AVERAGED})",
    other_label="Countries", unit="Teachers who took part in the past 12 months, %",
)  # fmt: skip
exhibits.figure(
    "ch2-learning-modes", chart, data=learning, indicators=["talis-learning-modes"],
    title="Most teachers take courses, few see other schools",
    subtitle="Teachers who took part in a kind of professional learning, lower secondary education, OECD members, 2024",
    shows=f"the shares of teachers who took part in nine kinds of learning in {learning['ref_area'].nunique()} countries",
    finding=f"{ranking.iloc[0]:.0f}% took part in {mode_labels[ranking.index[0]].lower()}, {ranking['school_visits']:.0f}%"
    " visited other schools",
    note="Each mark is a country. Standard errors are in the data. The Netherlands, New Zealand and Norway are shown but not"
    " in the average (low response).",
    limits="How long the learning took, and what came of it.",
)  # fmt: skip

# %%
about = {"indicators": ["talis-learning-modes"], "unit": "%", "format": ".0f", "time_period": "2024",
         "exhibit": "ch2-learning-modes", "n_obs": AVERAGED}  # fmt: skip
for item in ["courses", "networks", "lesson_observation", "coaching", "school_visits", "business_visits"]:
    exhibits.value(f"ch2-mode-{item.replace('_', '-')}", mode_mean.loc[item, "obs_value"],
                   std_error=mode_mean.loc[item, "std_error"], note=mode_labels[item], **about)  # fmt: skip
deviation = learning.groupby("item")["obs_value"].std().sort_values(ascending=False)
widest = learning.query("item == @deviation.index[0] and not obs_status.fillna('').str.contains('s')").set_index(
    "country"
)
about["n_obs"] = None
for name, country in {"lowest": widest["obs_value"].idxmin(), "highest": widest["obs_value"].idxmax()}.items():
    row = widest.loc[country]
    exhibits.value(f"ch2-mode-{name}", row["obs_value"], std_error=row["std_error"], **about)
    exhibits.value(f"ch2-mode-{name}-country", country, **{**about, "unit": "", "format": ""})

# %%
any_learning = (
    load("talis-learning-participation")
    .query("measure == 'participation' and isced_level == '2' and ref_area == @AVERAGE and experience == 'total'")
    .iloc[0]
)
exhibits.value("ch2-learning-any", any_learning["obs_value"], std_error=any_learning["std_error"], unit="%", format=".0f",
               n_obs=AVERAGED, time_period="2024", indicators=["talis-learning-participation"])  # fmt: skip
exhibits.value("ch2-mode-widest", mode_labels[deviation.index[0]].lower(), note="largest standard deviation between countries",
               time_period="2024", indicators=["talis-learning-modes"], exhibit="ch2-learning-modes")  # fmt: skip

# %% [markdown]
# What stands in the way, as teachers see it. The wording of one barrier changed, so only 2024 is used.

# %%
barriers = load("talis-learning-barriers").query("isced_level == '2' and ref_area == @AVERAGE and time_period == 2024")
barriers = barriers.set_index("item")
for item in ["schedule", "other_commitments", "cost", "relevance"]:
    exhibits.value(
        f"ch2-barrier-{item.replace('_', '-')}", barriers.loc[item, "obs_value"], unit="%", format=".0f", n_obs=AVERAGED,
        std_error=barriers.loc[item, "std_error"], time_period="2024", indicators=["talis-learning-barriers"],
    )  # fmt: skip
