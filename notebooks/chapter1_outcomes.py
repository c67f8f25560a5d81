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
# # Chapter 1: creative thinking, problem solving, dispositions, and the skills of adults
#
# Outcomes that an innovation report is about: how far they go with results in mathematics across countries, where they
# stand above or below them, and whether degrees and skills of adults go together. All comparisons are between countries;
# what holds between countries need not hold between students.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, charts, columns, data, exhibits, indicators, intervals, load, numbers

members = areas.members()
mathematics = load("pisa-mathematics").query("ref_area in @members and obs_value.notna()")
mathematics = mathematics.pivot(index="ref_area", columns="time_period", values="obs_value")

# %% [markdown]
# ## Creative thinking beside mathematics, 2022
#
# The test of 2022 has its own scale. The line is that of least squares over the members that took it;
# how far a country lies from it is what its students can do beyond what mathematics would suggest.

# %%
creative = load("pisa-creative-thinking").query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
creative = areas.add(creative, country="name")
creative["mathematics"] = creative["ref_area"].map(mathematics[2022])
slope, constant = np.polyfit(creative["mathematics"], creative["obs_value"], 1)
creative["beyond"] = creative["obs_value"] - constant - slope * creative["mathematics"]
caution = numbers.enumerate_words(creative.loc[columns.flagged(creative, columns.CAUTION), "country"])
absent = sorted(set(members) - set(creative["ref_area"]))
ranked = creative.sort_values("beyond", ignore_index=True)
ranked[["country", "obs_value", "mathematics", "beyond"]].round(1)

# %%
line = pd.DataFrame({"x": np.linspace(*creative["mathematics"].agg(["min", "max"]), 20)})
line["y"] = constant + slope * line["x"]
named = [*ranked["country"].head(4), *ranked["country"].tail(5), "Korea", "Estonia", "Mexico"]
chart = charts.scatter_within(
    creative, x="mathematics", y="obs_value", fit=line, label="country", named=named,
    x_unit="Mathematics score, 2022", y_unit="Creative thinking, 0 to 60 points, 2022")  # fmt: skip
link = indicators.correlation(creative, "mathematics", "obs_value")

# %%
exhibits.figure(
    "ch1-creative-thinking", chart, data=creative, indicators=["pisa-creative-thinking", "pisa-mathematics"],
    title="Creative thinking goes with mathematics, but not everywhere",
    subtitle=f"Mean scores of 15-year-old students in creative thinking and in mathematics, {len(creative)} OECD members, 2022",
    shows=f"mean scores in creative thinking and mathematics of {len(creative)} countries",
    finding=f"the correlation is {link['obs_value']:.2f}; {ranked['country'].iloc[-1]} lies furthest above the line and"
    f" {ranked['country'].iloc[0]} furthest below",
    note=f"Line: least squares over the {len(creative)} countries. The publisher asks for caution, as samples did not meet all standards:"
    f" {caution}. Did not take the test: {numbers.enumerate_words(areas.names(absent))}.",
    limits="Why countries lie above or below the line; and whether the same holds among students of one country.")  # fmt: skip

# %%
about = {"indicators": ["pisa-creative-thinking", "pisa-mathematics"], "exhibit": "ch1-creative-thinking"}
about["time_period"] = "2022"
low, high = data.measures("pisa-creative-thinking").loc["mean_score", "bounds"]
exhibits.value("ch1-creative-caution", caution, note="the publisher asks for caution", **about)
exhibits.value("ch1-creative-scale", high - low, unit="points", format=".0f", **about)
exhibits.value("ch1-creative-n", len(creative), unit="countries", **about)

# %%
exhibits.values({"above": numbers.enumerate_words(ranked["country"].tail(4)[::-1]),
                 "below": numbers.enumerate_words(ranked["country"].head(3))}, prefix="ch1-creative", **about)  # fmt: skip
exhibits.value("ch1-creative-gap", ranked["beyond"].iloc[-1] - ranked["beyond"].iloc[0], format=".0f", n_obs=len(creative),
               unit="points of 60", note="distance of the two furthest from the line; no test", **about)  # fmt: skip

# %% [markdown]
# ## Problem solving with computers, relative to mathematics, 2025
#
# How far a country's students are above or below what their own results in mathematics would suggest, with the published
# standard error. The expectation rests on all systems that took the test, so that the mean of the members is not zero.

# %%
relative = load("pisa-2025-relative-problem-solving").query("domain == 'mathematics' and ref_area in @members")
relative = areas.add(intervals.with_test(relative.reset_index(drop=True)), country="name")
mean = indicators.average(relative, code="OECD").iloc[0]
above, below = (relative.query(f"significant == True and obs_value {sign} 0") for sign in "><")
ends = relative.sort_values("obs_value", ignore_index=True)
caution = numbers.enumerate_words(relative.loc[columns.flagged(relative, columns.CAUTION), "country"])
len(above), below["country"].tolist(), caution, round(mean["obs_value"], 1)

# %%
chart = charts.ranked_dots(
    relative, label="country", value="obs_value", lower="lower", upper="upper", significant="significant", number="+.0f",
    significance=("Different from zero", "Not significantly different"), average=mean["obs_value"],
    average_label=f"OECD average ({mean['n_areas']})", unit="Score points above or below what mathematics would suggest")  # fmt: skip

# %%
exhibits.figure(
    "ch1-relative-problem-solving", chart, data=relative, indicators=["pisa-2025-relative-problem-solving"],
    title="In most countries problem solving exceeds mathematics",
    subtitle="Computational problem solving of 15-year-olds relative to mathematics, score points, OECD members, 2025",
    shows=f"problem solving relative to mathematics in {len(relative)} countries",
    finding=f"{len(above)} countries are significantly above what mathematics would suggest and {len(below)} below;"
    f" {ends['country'].iloc[-1]} leads with {ends['obs_value'].iloc[-1]:.0f} points",
    note="Whiskers: 95% intervals from published standard errors. Filled: different from zero at 5% after adjustment for the number of"
    f" countries. Caution as to samples: {caution}. Zero is what all systems with the same results in mathematics reach.",
    limits="What made the difference: teaching, computers at hand, or habit with tests on screen.")  # fmt: skip

# %%
source = {"indicators": ["pisa-2025-relative-problem-solving"], "exhibit": "ch1-relative-problem-solving"}
about = {**source, "time_period": "2025"}
counts = {"above": len(above), "n": len(relative)}
exhibits.values(counts, prefix="ch1-relative", unit="countries", n_obs=len(relative), **about)
exhibits.values({"top": ends.iloc[-1], "bottom": ends.iloc[0]}, prefix="ch1-relative", unit="score points", format="+.0f",
                **about)  # fmt: skip

# %%
names = {"leaders": ends["country"].tail(4)[::-1], "below-names": below.sort_values("obs_value")["country"]}
exhibits.values({name: numbers.enumerate_words(rows) or "no country" for name, rows in names.items()}, prefix="ch1-relative",
                **about)  # fmt: skip
exhibits.tests("ch1-relative-tests", relative, question="Is problem solving where mathematics would suggest?",
               adjust="fdr_bh", **source)  # fmt: skip

# %% [markdown]
# ## What goes with mathematics across countries
#
# Correlations over members, each with mathematics of the same year; how many countries stand on the same side of both
# medians, beside what chance would give; and the correlation without the members that score lowest in mathematics,
# which can make a correlation by themselves. Indices of dispositions are students' own accounts, and habits of answering
# differ between countries; hasty responses are observed. The correlations over all members are one family, adjusted by the
# false discovery rate.

# %%
dispositions = load("pisa-2025-dispositions").query("ref_area in @members and obs_value.notna()")
problem_solving = load("pisa-problem-solving").query("ref_area in @members and obs_value.notna()")
CREATIVE, SOLVING = "Creative thinking, 2022", "Computational problem solving, 2025"
asked = {CREATIVE: creative, SOLVING: problem_solving}
labels = data.measures("pisa-2025-dispositions")["label"].str.replace(" (index)", "")
asked |= {f"{labels[measure]}, 2025": rows for measure, rows in dispositions.groupby("measure")}

# %%
pairs = {}
for name, rows in asked.items():
    pair = {"outcome": rows.set_index("ref_area")["obs_value"], "score": mathematics[int(name[-4:])]}
    pairs[name] = pd.DataFrame(pair).dropna()

# %%
links = pd.DataFrame({name: indicators.correlation(pair, "outcome", "score") for name, pair in pairs.items()}).T
links["same_side"] = [int(((pair >= pair.median()).sum(axis=1) != 1).sum()) for pair in pairs.values()]
lowest = mathematics.loc[[*members], 2025].nsmallest(5).index
rest = {name: pair.drop(index=lowest, errors="ignore") for name, pair in pairs.items()}
rest = pd.DataFrame({name: indicators.correlation(pair, "outcome", "score") for name, pair in rest.items()}).T
links["without_lowest"] = rest["obs_value"]
links["p_adjusted"] = intervals.adjusted(links["p_value"].astype(float))
rest["p_adjusted"] = intervals.adjusted(rest["p_value"].astype(float))
links["p_adjusted_rest"] = rest["p_adjusted"]
links[["obs_value", "p_adjusted", "without_lowest", "p_adjusted_rest"]].astype(float).round(3)

# %%
links = links.sort_values("obs_value", ascending=False).rename_axis("measure").reset_index()
links["label"] = links["measure"] + links["n_obs"].map(" ({:.0f})".format)
links["by_chance"] = links["n_obs"] / 2
links["same"] = links["same_side"].astype(str) + " of " + links["n_obs"].astype(int).astype(str)
row_of = links.set_index("measure")
lowest_names = numbers.enumerate_words(sorted(areas.names(lowest)))
lowest_names

# %%
finding = ", ".join(f"{name.split(',')[0].lower()} has {row_of.loc[name, 'obs_value']:.2f}"
                    for name in (SOLVING, CREATIVE, "Perseverance, 2025"))  # fmt: skip
headers = {"label": "Outcome (countries)", "obs_value": "Correlation", "lower": "from", "upper": "to",
           "same": "Same side of both medians", "by_chance": "by chance", "without_lowest": "Without the five lowest"}  # fmt: skip
formats = {**dict.fromkeys(["obs_value", "lower", "upper", "without_lowest"], ".2f"), "by_chance": ".1f"}
outcomes = ["pisa-creative-thinking", "pisa-problem-solving", "pisa-2025-dispositions", "pisa-mathematics"]

# %%
exhibits.table(
    "ch1-outcome-links", links,
    columns=headers, formats=formats, indicators=outcomes,
    title="Tests go together; students' accounts of themselves point both ways",
    subtitle="Correlation over OECD members of each outcome with mathematics of the same year, 2022 or 2025",
    shows=f"correlations of {len(links)} outcomes with mathematics",
    finding=finding,
    note=f"From and to: 95% intervals, one by one. The five lowest in mathematics in 2025: {lowest_names}. Growth mindset and hasty responses are shares, the other dispositions"
    " indices. The publisher asks for caution with the United States and, in single systems, with samples.",
    limits="What holds among students of one country, where the sign can be another.")  # fmt: skip

# %%
quoted = {"creative": CREATIVE, "problem-solving": SOLVING, "perseverance": "Perseverance, 2025", "curiosity": "Curiosity, 2025",
          "growth-mindset": "Growth mindset, 2025", "help": "Seeking help, 2025", "goals": "Setting goals, 2025", "hasty": "Hasty responses in reading, 2025"}  # fmt: skip
source = {"exhibit": "ch1-outcome-links", "indicators": outcomes}
for name, measure in quoted.items():
    row = row_of.loc[measure]
    about = {**source, "n_obs": int(row["n_obs"]), "time_period": measure[-4:]}
    exhibits.values({f"ch1-link-{name}": row}, interval=True, format=".2f", note=measure, **about)
    exhibits.value(f"ch1-link-{name}-interval", numbers.span(row["lower"], row["upper"], ".2f"), **about)
    exhibits.value(f"ch1-link-{name}-without", row["without_lowest"], format=".2f", note=f"without {lowest_names}",
                   time_period=measure[-4:], **source)  # fmt: skip

# %%
creativity = row_of.loc[CREATIVE]
exhibits.values({"same": int(creativity["same_side"]), "n": len(creative)}, prefix="ch1-link-creative", unit="countries",
                n_obs=len(creative), time_period="2022", **source)  # fmt: skip
exhibits.value("ch1-link-creative-chance", len(creative) / 2, format=".0f", unit="countries", time_period="2022",
               note="expected if the two had nothing to do with each other", indicators=outcomes)  # fmt: skip
exhibits.value("ch1-links-lowest", lowest_names, indicators=["pisa-mathematics"], time_period="2025")

# %%
exhibits.tests("ch1-outcome-links", links, question="Is the outcome unrelated to mathematics across countries?",
               adjust="fdr_bh", indicators=outcomes, exhibit="ch1-outcome-links")  # fmt: skip
exhibits.tests("ch1-outcome-links-rest", rest, question="Is it so without the five lowest in mathematics?",
               adjust="fdr_bh", indicators=outcomes, exhibit="ch1-outcome-links")  # fmt: skip
told = links[~links["measure"].isin([CREATIVE, SOLVING])]
firm = {
    "firm": (told["p_adjusted"] < 0.05).sum(),
    "firm-rest": ((told[["p_adjusted", "p_adjusted_rest"]] < 0.05).all(axis=1)).sum(),
}
exhibits.values(
    firm,
    prefix="ch1-links",
    n_obs=len(told),
    note="of the links of dispositions, after adjustment",
    time_period="2025",
    **source,
)

# %% [markdown]
# ## Beyond mathematics, twice
#
# Are countries that are above what mathematics would suggest in one test so in the other? Mathematics itself could make
# them: a country whose mathematics is weak for its other skills stands above in both. So the same is asked of what reading
# and science would suggest. The three correlations are one family, adjusted by Holm's rule.

# %%
beyond = {}
for domain in ("mathematics", "reading", "science"):
    scores = load(f"pisa-{domain}").query("time_period == 2022").set_index("ref_area")["obs_value"]
    expected = creative.set_index("ref_area")[["obs_value"]].join(scores.rename("score"))
    line = np.polyfit(expected["score"], expected["obs_value"], 1)
    solving = load("pisa-2025-relative-problem-solving").query("domain == @domain").set_index("ref_area")["obs_value"]
    pair = pd.DataFrame({"creative": expected["obs_value"] - np.polyval(line, expected["score"]), "solving": solving})
    beyond[domain] = indicators.correlation(pair, "creative", "solving")

# %%
beyond = pd.DataFrame(beyond).T.astype(float)
beyond["p_adjusted"] = intervals.adjusted(beyond["p_value"], "holm")
beyond.round(3)

# %%
about = {"indicators": ["pisa-creative-thinking", "pisa-2025-relative-problem-solving", "pisa-mathematics", "pisa-reading",
                        "pisa-science"], "time_period": "creative thinking 2022, problem solving 2025"}  # fmt: skip
exhibits.values(beyond, prefix="ch1-beyond", interval=True, n_obs="n_obs", format=".2f", **about)
for domain, row in beyond.iterrows():
    exhibits.value(f"ch1-beyond-{domain}-interval", numbers.span(row["lower"], row["upper"], ".2f"), n_obs=int(row["n_obs"]),
                   **about)  # fmt: skip

# %%
exhibits.value("ch1-beyond-n", int(beyond["n_obs"].iloc[0]), unit="countries", **about)
held = [domain for domain in beyond.index if beyond.loc[domain, "p_adjusted"] < 0.05]
said = {0: "none of them is significant", 1: f"only that from {' and '.join(held)} is significant",
        len(beyond): "all of them are significant"}  # fmt: skip
exhibits.value("ch1-beyond-firm", said.get(len(held), f"those from {' and '.join(held)} are significant"), **about)
exhibits.tests("ch1-beyond", beyond, question="Are creative thinking and problem solving, each beyond a domain, unrelated?",
               adjust="holm", indicators=about["indicators"])  # fmt: skip

# %% [markdown]
# ## Degrees and skills of adults
#
# Literacy of adults in 2023 beside the share of adults (25-64) with tertiary education. The means of
# the Survey of Adult Skills are at hand without standard errors, some in whole points.

# %%
skills = load("adult-skills-2023").query("domain == 'literacy' and ref_area in @members and obs_value.notna()")
degrees = load("adult-attainment").query("attainment_group == 'tertiary'")
degrees = indicators.latest(degrees, 2023, max_age=1, areas=members).set_index("ref_area")
adults = areas.add(skills.rename(columns={"obs_value": "literacy"}), country="name").reset_index(drop=True)
adults["tertiary"] = adults["ref_area"].map(degrees["obs_value"])
adults = adults.dropna(subset=["tertiary", "literacy"])
literate = indicators.correlation(adults, "tertiary", "literacy")
years = degrees.loc[adults["ref_area"], "time_period"].value_counts().to_dict()
len(skills), len(adults), years, literate.round(3).to_dict()

# %%
pair = adults.set_index("ref_area").loc[["KOR", "FIN"]]
chart = charts.scatter_within(
    adults, x="tertiary", y="literacy", label="country",
    named=["Finland", "Japan", "Sweden", "Korea", "Canada", "Israel", "Italy", "Chile", "Lithuania", "Czechia", "United States"],
    x_unit="Adults of 25 to 64 with tertiary education, %", y_unit="Literacy of adults of 16 to 65, score points, 2023")  # fmt: skip

# %%
exhibits.figure(
    "ch1-adult-skills", chart, data=adults, indicators=["adult-skills-2023", "adult-attainment"],
    title="A degree is not a skill: adults' literacy and attainment",
    subtitle=f"Literacy of adults and share with tertiary education, {len(adults)} OECD members, 2023",
    shows=f"literacy of adults and tertiary attainment in {len(adults)} countries",
    finding=f"the correlation is {literate['obs_value']:.2f}; Korea has many with a degree and {pair.loc['KOR', 'literacy']:.0f} points,"
    f" Finland fewer and {pair.loc['FIN', 'literacy']:.0f}",
    note=f"Attainment: {', '.join(f'{year} for {n}' for year, n in sorted(years.items(), reverse=True))}. We had literacy without"
    " standard errors, for some in whole points. Not shown: Belgium and the United Kingdom, surveyed in part.",
    limits="Which differences between countries are more than chance; and what older adults learnt and forgot.")  # fmt: skip

# %%
about = {"indicators": ["adult-skills-2023", "adult-attainment"], "time_period": "2023", "exhibit": "ch1-adult-skills"}
exhibits.values({"ch1-adults-link": literate}, interval=True, n_obs="n_obs", format=".2f", **about)
span = numbers.span(literate["lower"], literate["upper"], ".2f")
exhibits.value("ch1-adults-link-interval", span, n_obs=len(adults), **about)
exhibits.value("ch1-adults-n", len(adults), unit="countries", **about)

# %%
for code, row in pair.iterrows():
    exhibits.values({"literacy": float(row["literacy"]), "tertiary": float(row["tertiary"])},
                    prefix=f"ch1-adults-{areas.name(code).lower()}", format=".0f", note="no standard error at hand", **about)  # fmt: skip
exhibits.tests("ch1-adults-tests", pd.DataFrame([literate]), question="Is adults' literacy unrelated to tertiary attainment?",
               **{name: about[name] for name in ("indicators", "exhibit")})  # fmt: skip
