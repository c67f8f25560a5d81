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

from crossroads import areas, charts, columns, data, exhibits, indicators, intervals, load, numbers

members = areas.members()
AVERAGE = "OECD-average-27"
AVERAGED = areas.n_averaged(AVERAGE)  # countries
lower_secondary = "isced_level == '2' and (ref_area in @members or ref_area == @AVERAGE)"
practices = load("talis-teaching-practices").query(lower_secondary)
labels = data.labels("talis-items-practice")

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
spread = areas.add(latest.query("ref_area != @AVERAGE"), country="name")
spread = spread.assign(practice=spread["item"].map(labels), average=spread["item"].map(mean["obs_value"]))
spread = spread.sort_values(["average", "ref_area"], ascending=[False, True], ignore_index=True)
n_countries = spread["ref_area"].nunique()
mean[["obs_value", "std_error"]].round(1)

# %%
rarest, commonest = mean["obs_value"].idxmin(), mean["obs_value"].idxmax()
chart = charts.distribution_strips(
    spread, label="practice", value="obs_value", middle="average", middle_label=f"OECD average ({AVERAGED})",
    other_label="Countries", unit="Teachers who use the practice frequently or always, %")  # fmt: skip

# %%
exhibits.figure(
    "ch2-practices", chart, data=spread, indicators=["talis-teaching-practices"],
    title="Clear lessons are common, long projects are rare",
    subtitle="Teachers who use a practice frequently or always, lower secondary education, OECD members in TALIS 2024",
    shows=f"the shares of teachers who use eleven practices in {n_countries} countries",
    finding=f"on average {mean.loc[commonest, 'obs_value']:.0f}% use the most common practice"
    f" ({labels[commonest].lower()}) and {mean.loc[rarest, 'obs_value']:.0f}% the rarest ({labels[rarest].lower()})",
    note="Each mark is a country. Standard errors are in the data. The Netherlands, New Zealand and Norway are shown but not"
    " in the average (low response). For Belgium the whole country is counted once.",
    limits="How well a practice is done, and whether students of the same teacher would say the same.")  # fmt: skip

# %%
about = {"indicators": ["talis-teaching-practices"], "unit": "%", "format": ".0f", "time_period": "2024",
         "exhibit": "ch2-practices"}  # fmt: skip
items = ["expectations", "links_to_old_topics", "small_groups", "open_tasks", "long_projects"]
exhibits.values(mean.loc[items].assign(label=labels), prefix="ch2", n_obs=AVERAGED, notes="label", **about)

# %%
projects = spread[(spread["item"] == "long_projects") & ~columns.flagged(spread, columns.CAUTION)]
projects = projects.sort_values("obs_value").iloc[[0, -1]].set_axis(["lowest", "highest"])
exhibits.values(projects, prefix="ch2-projects", **about)
about |= {"format": "", "unit": ""}
exhibits.values({f"ch2-projects-{end}-country": row["country"] for end, row in projects.iterrows()}, **about)
about |= {"format": ".0f", "unit": "countries"}
exhibits.value("ch2-average-n", AVERAGED, note="members in the published average", **about)

# %% [markdown]
# Is the order of practices the same everywhere? Spearman's rank correlation of each country with the average.

# %%
ranks = spread.pivot(index="country", columns="item", values="obs_value").rank(axis=1)
alike = ranks.T.corrwith(mean["obs_value"].rank().loc[ranks.columns])
exhibits.value("ch2-order-median", alike.median(), format=".2f", n_obs=n_countries, time_period="2024",
               note="rank correlation of a country's practices with the average", indicators=["talis-teaching-practices"],
               exhibit="ch2-practices")  # fmt: skip

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
labels["observation"] = data.labels("talis-items-assessment")["observation"]
effects = indicators.effect_size(both, 2018, 2024, by=("item",)).dropna(subset=["obs_value"])
compared = effects["ref_area"].unique()
mean_change = indicators.average(both.query("ref_area in @compared"), by=("item",), constant=True, code="OECD")
mean_change = indicators.change(mean_change, 2018, 2024, by=("item",)).set_index("item")
len(compared), sorted(set(spread["ref_area"]) - set(compared))

# %%
certain = effects[effects["significant"] == True].assign(up=lambda rows: rows["obs_value"] > 0)  # noqa: E712
counts = certain.groupby("item")["up"].agg(up="sum", down=lambda up: (~up).sum())
items = mean_change.join(counts).sort_values("obs_value", ascending=False).reset_index()
items["practice"] = items["item"].map(labels)

# %%
about = {"indicators": ["talis-teaching-practices", "talis-assessment-practices"], "time_period": "2018 to 2024",
         "exhibit": "ch2-practice-countries"}  # fmt: skip
quoted = items.set_index("item").loc[["critical_thinking"]]
exhibits.values(quoted, prefix="ch2-change", format=".1f", unit="percentage points", n_obs=len(compared),
                notes="practice", **about)  # fmt: skip
exhibits.value("ch2-change-countries", len(compared), unit="countries", **about)
items = intervals.with_test(items)
most = items.set_index("item").loc["critical_thinking"]
exhibits.value("ch2-change-critical-thinking-interval", numbers.span(most["lower"], most["upper"], ".1f"), **about)
exhibits.tests("ch2-practice-averages", items, question="Did the practice change on average over the countries?",
               indicators=about["indicators"], adjust="fdr_bh", exhibit="ch2-practice-countries")  # fmt: skip
exhibits.tests("ch2-practice-changes", effects, question="Did the practice change in the country from 2018 to 2024?",
               indicators=about["indicators"], adjust="fdr_bh", exhibit="ch2-practice-countries")  # fmt: skip

# %% [markdown]
# ## Change as innovation: one number a country
#
# Cohen's h puts changes of rare and of common practices on one scale. The mean over five practices says which way
# practice moved. The same teachers answer all questions; how their errors correlate is not published, so the largest
# possible error of the mean is taken.

# %%
summary = areas.add(indicators.summarise_effects(effects), country="name")
summary = intervals.with_test(summary)
risen, fallen = (summary.query(f"significant and obs_value {sign} 0") for sign in "><")
first = summary.loc[summary["obs_value"].idxmax()]
small = int((effects["magnitude"] == "negligible").sum())
len(risen), len(fallen), small, len(effects)

# %%
chart = charts.ranked_dots(
    summary, label="country", value="obs_value", lower="lower", upper="upper", significant="significant",
    significance=("Different from no change", "Not different"), average=0, average_label="No change", number="+.2f",
    unit="Mean effect size (Cohen's h) of five practices")  # fmt: skip

# %%
exhibits.figure(
    "ch2-practice-countries", chart, data=summary, indicators=["talis-teaching-practices", "talis-assessment-practices"],
    title="Change in practice was small, and mostly upward",
    subtitle="Mean effect size of the change in five practices, lower secondary education, OECD members, 2018 to 2024",
    shows=f"the mean change of five teaching practices in {len(summary)} countries",
    finding=f"the mean rose significantly in {len(risen)} countries and fell in {len(fallen)}; it rose most in"
    f" {first['country']} ({first['obs_value']:.2f})",
    note="Filled: significant at 5% after adjustment for the number of countries. Effects below 0.2 are usually called"
    " negligible. Intervals are the widest possible, as the correlation of answers is not published.",
    limits="Practices that were not asked twice, such as those with digital tools; and whether the change is for the better.")  # fmt: skip

# %%
exhibits.value("ch2-practice-risen", len(risen), unit="countries", n_obs=len(summary), **about)
exhibits.value("ch2-practice-fallen-names", ", ".join(fallen["country"]) or "none", **about)
exhibits.tests("ch2-practice-means", summary, question="Is the mean change of five practices in the country zero?",
               indicators=about["indicators"], adjust="fdr_bh", exhibit="ch2-practice-countries")  # fmt: skip
exhibits.value("ch2-practice-unclear", len(summary) - len(risen) - len(fallen), unit="countries", **about)
exhibits.value(
    "ch2-effects-negligible", 100 * small / len(effects), unit="%", format=".0f", n_obs=len(effects), **about
)

# %% [markdown]
# Did results move with practice? Scores of 2025 minus 2018 carry a link error, but it is the same for all countries and
# leaves a correlation between countries as it is.

# %%
scores = load("pisa-mathematics").pivot(index="ref_area", columns="time_period", values="obs_value")
moved = summary.set_index("ref_area")["obs_value"].to_frame("practice")
link = indicators.correlation(moved.join((scores[2025] - scores[2018]).rename("score")), "practice", "score")
about = {"indicators": ["talis-teaching-practices", "talis-assessment-practices", "pisa-mathematics"],
         "time_period": "practice 2018 to 2024, scores 2018 to 2025"}  # fmt: skip
exhibits.value(
    "ch2-practice-results", link["obs_value"], format=".2f", n_obs=link["n_obs"], **about,
    note=f"correlation between countries; 95% interval {link['lower']:.2f} to {link['upper']:.2f}; p = {link['p_value']:.2f}",
)  # fmt: skip
exhibits.value("ch2-practice-results-interval", numbers.span(link["lower"], link["upper"], ".2f"), **about)
exhibits.value("ch2-practice-results-n", link["n_obs"], unit="countries", **about)

# %%
exhibits.tests("ch2-practice-results-link", pd.DataFrame([link]), indicators=about["indicators"],
               question="Is change in teaching practice unrelated to change in mathematics?")  # fmt: skip

# %% [markdown]
# ## How teachers learn
#
# Ways of professional learning in the twelve months before the survey. Ways that take a teacher out of the classroom to
# see others at work, or bring others in, are what a learning organisation needs.

# %%
modes = load("talis-learning-modes").query(lower_secondary + " and delivery == 'total' and item != 'other'")
mode_labels = data.labels("talis-items-learning-mode")
mode_mean = modes.query("ref_area == @AVERAGE").set_index("item")
mode_mean[["obs_value", "std_error"]].round(1)

# %%
about = {"indicators": ["talis-learning-modes"], "unit": "%", "format": ".0f", "time_period": "2024"}
items = ["courses", "lesson_observation", "coaching", "school_visits"]
exhibits.values(
    mode_mean.loc[items].assign(label=mode_labels), prefix="ch2-mode", notes="label", n_obs=AVERAGED, **about
)

# %% [markdown]
# What stands in the way, as teachers see it. The wording of one barrier changed, so only 2024 is used.

# %%
barriers = load("talis-learning-barriers").query("isced_level == '2' and ref_area == @AVERAGE and time_period == 2024")
barriers = barriers.set_index("item").loc[["schedule", "other_commitments", "cost", "relevance"]]
exhibits.values(barriers, prefix="ch2-barrier", unit="%", format=".0f", n_obs=AVERAGED, time_period="2024",
                indicators=["talis-learning-barriers"])  # fmt: skip

# %% [markdown]
# ## Working together on devices
#
# ICILS asks teachers of grade 8 what they do together with colleagues on the use of devices. Shares who agree, averaged over
# OECD members with equal weight; Belgium took part with Flanders alone and is not among them.

# %%
together = load("icils-teachers").query("ref_area in @members and place == 'total'")
together_labels = data.measures("icils-teachers")["label"]
asked = ["shares_resources", "observes_colleagues", "improve_together", "lessons_together", "materials_together",
         "individual_resources", "follows_skills", "time_to_prepare"]  # fmt: skip
joint = indicators.average(together.query("measure in @asked"), by=("measure",)).set_index("measure")
n_systems = int(joint["n_areas"].min())
shown = areas.add(together.query("measure in @asked"), country="name")
shown = shown.assign(activity=shown["measure"].map(together_labels), average=shown["measure"].map(joint["obs_value"]))
shown = shown.sort_values(["average", "ref_area"], ascending=[False, True], ignore_index=True)
joint[["obs_value", "std_error", "n_areas"]].round(1)

# %%
chart = charts.distribution_strips(
    shown, label="activity", value="obs_value", middle="average", middle_label=f"OECD average ({n_systems})",
    other_label="Countries", unit="Teachers who agree, %")  # fmt: skip
share, watched, prepared = joint.loc[["shares_resources", "observes_colleagues", "time_to_prepare"], "obs_value"]

# %%
exhibits.figure(
    "ch2-collaboration", chart, data=shown, indicators=["icils-teachers"],
    title="Teachers share more than they make together",
    subtitle="Teachers of grade 8 by what they do with colleagues on the use of devices, OECD members in ICILS 2023",
    shows=f"seven kinds of collaboration on devices, and time to prepare, in {n_systems} countries",
    finding=f"on average {share:.0f}% of teachers share digital resources, {watched:.0f}% observe how colleagues teach with"
    f" devices and {prepared:.0f}% have time to prepare lessons with them",
    note="Each mark is a country. Standard errors are in the data. Teachers who agree or strongly agree; how often they do it"
    " was not asked. Systems that missed the standards of participation are not marked in the file.",
    limits="How often teachers work together, and whether the work is about learning.")  # fmt: skip

# %%
about = {"indicators": ["icils-teachers"], "unit": "%", "format": ".0f", "time_period": "2023",
         "exhibit": "ch2-collaboration"}  # fmt: skip
quoted = joint.loc[
    ["shares_resources", "observes_colleagues", "materials_together", "follows_skills", "time_to_prepare"]
]
exhibits.values(quoted.assign(label=together_labels), prefix="ch2-together", notes="label", n_obs="n_areas", **about)
outside = indicators.average(together.query("measure == 'people_outside_often'")).assign(
    measure="ch2-people-outside-often"
)
exhibits.values(outside.set_index("measure"), n_obs="n_areas", **about | {"exhibit": ""})
