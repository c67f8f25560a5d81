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

from crossroads import areas, charts, data, exhibits, indicators, intervals, load, numbers

members = areas.members()
mathematics = load("pisa-mathematics").query("ref_area in @members and obs_value.notna()")
mathematics = mathematics.pivot(index="ref_area", columns="time_period", values="obs_value")

# %% [markdown]
# ## Creative thinking beside mathematics, 2022
#
# The test of 2022 has its own scale of 0 to 60 points. The line is that of least squares over the members that took it;
# how far a country lies from it is what its students can do beyond what mathematics lets expect.

# %%
creative = load("pisa-creative-thinking").query("ref_area in @members and obs_value.notna()").reset_index(drop=True)
creative = areas.add(creative, country="name")
creative["mathematics"] = creative["ref_area"].map(mathematics[2022])
slope, constant = np.polyfit(creative["mathematics"], creative["obs_value"], 1)
creative["beyond"] = creative["obs_value"] - constant - slope * creative["mathematics"]
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
    title="Creative thinking goes with mathematics, but not all the way",
    subtitle=f"Mean scores of 15-year-old students in creative thinking and in mathematics, {len(creative)} OECD members, 2022",
    shows=f"mean scores in creative thinking and mathematics of {len(creative)} countries",
    finding=f"the correlation is {link['obs_value']:.2f}; {ranked['country'].iloc[-1]} lies furthest above the line and"
    f" {ranked['country'].iloc[0]} furthest below",
    note=f"Line: least squares over the {len(creative)} countries. Standard errors are in the data. Did not take the test:"
    f" {numbers.enumerate_words(areas.names(absent))}.",
    limits="Why countries lie above or below the line; and whether the same holds among students of one country.")  # fmt: skip

# %%
about = {
    "indicators": ["pisa-creative-thinking", "pisa-mathematics"],
    "time_period": "2022",
    "exhibit": "ch1-creative-thinking",
}
exhibits.value("ch1-creative-n", len(creative), unit="countries", **about)
exhibits.values({"above": numbers.enumerate_words(ranked["country"].tail(4)[::-1]),
                 "below": numbers.enumerate_words(ranked["country"].head(3))}, prefix="ch1-creative", **about)  # fmt: skip
exhibits.value("ch1-creative-gap", ranked["beyond"].iloc[-1] - ranked["beyond"].iloc[0], format=".0f", n_obs=len(creative),
               unit="points of 60", note="distance of the two furthest from the line; no test", **about)  # fmt: skip

# %% [markdown]
# ## Problem solving with computers, relative to mathematics, 2025
#
# How far a country's students stand above or below what their own results in mathematics let expect, with the published
# standard error. The expectation rests on all systems that took the test, so that the mean of the members is not zero.

# %%
relative = load("pisa-2025-relative-problem-solving").query("domain == 'mathematics' and ref_area in @members")
relative = areas.add(intervals.with_test(relative.reset_index(drop=True)), country="name")
mean = indicators.average(relative, code="OECD").iloc[0]
above, below = (relative.query(f"significant == True and obs_value {sign} 0") for sign in "><")
ends = relative.sort_values("obs_value", ignore_index=True)
len(above), below["country"].tolist(), round(mean["obs_value"], 1)

# %%
chart = charts.ranked_dots(
    relative, label="country", value="obs_value", lower="lower", upper="upper", significant="significant", number="+.0f",
    average=mean["obs_value"], average_label=f"OECD average ({mean['n_areas']})",
    unit="Score points above or below what mathematics lets expect")  # fmt: skip

# %%
exhibits.figure(
    "ch1-relative-problem-solving", chart, data=relative, indicators=["pisa-2025-relative-problem-solving"],
    title="Some countries solve problems better than they calculate",
    subtitle="Computational problem solving of 15-year-olds relative to mathematics, score points, OECD members, 2025",
    shows=f"problem solving relative to mathematics in {len(relative)} countries",
    finding=f"{len(above)} countries stand significantly above what mathematics lets expect and {len(below)} below;"
    f" {ends['country'].iloc[-1]} leads with {ends['obs_value'].iloc[-1]:.0f} points",
    note="Whiskers: 95% intervals from published standard errors. Filled: different from zero at 5% after adjustment for the number"
    " of countries. Zero is what all systems of the test with the same results in mathematics reach.",
    limits="What made the difference: teaching, computers at hand, or habit with tests on screen.")  # fmt: skip

# %%
about = {
    "indicators": ["pisa-2025-relative-problem-solving"],
    "time_period": "2025",
    "exhibit": "ch1-relative-problem-solving",
}
exhibits.values(
    {"above": len(above), "n": len(relative)}, prefix="ch1-relative", unit="countries", n_obs=len(relative), **about
)
exhibits.values({"top": ends.iloc[-1], "bottom": ends.iloc[0]}, prefix="ch1-relative", unit="score points", format="+.0f",
                **about)  # fmt: skip
names = {"leaders": ends["country"].tail(4)[::-1], "below-names": below.sort_values("obs_value")["country"]}
exhibits.values({name: numbers.enumerate_words(rows) or "no country" for name, rows in names.items()}, prefix="ch1-relative",
                **about)  # fmt: skip
exhibits.tests("ch1-relative-tests", relative, question="Does problem solving stand where mathematics lets expect it?",
               adjust="fdr_bh", **{name: about[name] for name in ("indicators", "exhibit")})  # fmt: skip

# %% [markdown]
# ## What goes with mathematics across countries
#
# Correlations over members, each with mathematics of the same year, and how many countries stand on the same side of both
# medians: by chance about half would. The last row sets the two distances from mathematics against each other. Indices of
# dispositions are students' own accounts, and habits of answering differ between countries; hasty responses are
# observed. All are one family, adjusted by the false discovery rate.

# %%
dispositions = load("pisa-2025-dispositions").query("ref_area in @members and obs_value.notna()")
problem_solving = load("pisa-problem-solving").query("ref_area in @members and obs_value.notna()")
asked = {"Creative thinking, 2022": (creative.set_index("ref_area")["obs_value"], mathematics[2022]),
         "Computational problem solving, 2025": (problem_solving.set_index("ref_area")["obs_value"], mathematics[2025])}  # fmt: skip
labels = data.measures("pisa-2025-dispositions")["label"].str.replace(" (index)", "")
for measure, rows in dispositions.groupby("measure"):
    asked[f"{labels[measure]}, 2025"] = (rows.set_index("ref_area")["obs_value"], mathematics[2025])
LAST = "Creative thinking and problem solving, each beyond mathematics"
asked[LAST] = (creative.set_index("ref_area")["beyond"], relative.set_index("ref_area")["obs_value"])

# %%
pairs = {name: pd.DataFrame({"one": one, "other": other}).dropna() for name, (one, other) in asked.items()}
links = pd.DataFrame({name: indicators.correlation(pair, "one", "other") for name, pair in pairs.items()}).T
links["same_side"] = [int(((pair >= pair.median()).sum(axis=1) != 1).sum()) for pair in pairs.values()]
links["p_adjusted"] = intervals.adjusted(links["p_value"].astype(float))
links = links.rename_axis("measure").reset_index()
order = links["measure"].eq(LAST)
links = links.sort_values("obs_value", ascending=False).sort_values(
    "measure", key=lambda names: names == LAST, kind="stable"
)
links["label"] = links["measure"] + links["n_obs"].map(" ({:.0f})".format)
links["same"] = links["same_side"].astype(str) + " of " + links["n_obs"].astype(int).astype(str)
firm = int((links["p_adjusted"] < 0.05).sum())

# %%
tests_of = links.set_index("measure")
exhibits.table(
    "ch1-outcome-links", links,
    columns={"label": "Outcome (countries)", "obs_value": "Correlation", "lower": "from", "upper": "to",
             "same": "Same side of both medians", "p_adjusted": "p, adjusted"},
    formats={"obs_value": ".2f", "lower": ".2f", "upper": ".2f", "p_adjusted": ".3f"},
    indicators=["pisa-creative-thinking", "pisa-problem-solving", "pisa-2025-dispositions", "pisa-mathematics",
                "pisa-2025-relative-problem-solving"],
    title="Tests go together; students' accounts of themselves do not",
    subtitle="Correlation over OECD members of each outcome with mathematics of the same year, 2022 or 2025",
    shows=f"correlations of {len(links) - 1} outcomes with mathematics, and of two distances from mathematics",
    finding=f"problem solving has a correlation of {tests_of.loc['Computational problem solving, 2025', 'obs_value']:.2f} with"
    f" mathematics, creative thinking {tests_of.loc['Creative thinking, 2022', 'obs_value']:.2f}, perseverance"
    f" {tests_of.loc['Perseverance, 2025', 'obs_value']:.2f}",
    note="From and to: 95% intervals, one by one. Adjusted by the false discovery rate. By chance about half of the countries would"
    " stand on the same side of both medians. Last row: distance of creative thinking from the line in 2022, and problem solving"
    " relative to mathematics in 2025. The share of growth mindset and of hasty responses in per cent, others indices.",
    limits="What holds among students of one country, where the sign can be another.")  # fmt: skip

# %%
quoted = {"creative": "Creative thinking, 2022", "problem-solving": "Computational problem solving, 2025",
          "perseverance": "Perseverance, 2025", "curiosity": "Curiosity, 2025", "growth-mindset": "Growth mindset, 2025",
          "hasty": "Hasty responses in reading, 2025", "beyond": LAST}  # fmt: skip
tables = tests_of["label"].index.to_series().map(lambda name: "pisa-2025-dispositions")
about = {"exhibit": "ch1-outcome-links", "indicators": ["pisa-creative-thinking", "pisa-problem-solving",
         "pisa-2025-dispositions", "pisa-mathematics", "pisa-2025-relative-problem-solving"]}  # fmt: skip
for name, measure in quoted.items():
    row = tests_of.loc[measure]
    exhibits.values({f"ch1-link-{name}": row}, interval=True, n_obs="n_obs", format=".2f", note=measure, **about)
    exhibits.value(
        f"ch1-link-{name}-interval", numbers.span(row["lower"], row["upper"], ".2f"), n_obs=int(row["n_obs"]), **about
    )
exhibits.value("ch1-link-creative-same", int(tests_of.loc["Creative thinking, 2022", "same_side"]), unit="countries",
               n_obs=len(creative), time_period="2022", note="same side of both medians; about half by chance", **about)  # fmt: skip
exhibits.values({"firm": firm, "n": len(links)}, prefix="ch1-links", unit="correlations", **about)
exhibits.tests("ch1-outcome-links", links, question="Is the outcome unrelated to mathematics across countries?",
               adjust="fdr_bh", **about)  # fmt: skip

# %% [markdown]
# ## Degrees and skills of adults
#
# Literacy of adults of 16 to 65 in 2023 beside the share of adults of 25 to 64 with tertiary education. The means of
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
    finding=f"the correlation is {literate['obs_value']:.2f}; Korea, with {pair.loc['KOR', 'tertiary']:.0f}% of adults with a"
    f" tertiary degree, scores {pair.loc['KOR', 'literacy']:.0f}, Finland, with {pair.loc['FIN', 'tertiary']:.0f}%,"
    f" {pair.loc['FIN', 'literacy']:.0f}",
    note=f"Attainment: {', '.join(f'{year} for {n} countries' for year, n in sorted(years.items(), reverse=True))}. Literacy was at hand"
    " without standard errors, for some countries in whole points. Belgium and the United Kingdom, of which only a part was surveyed,"
    " are not shown.",
    limits="Which differences between countries are more than chance; and what older adults learnt and forgot.")  # fmt: skip

# %%
about = {"indicators": ["adult-skills-2023", "adult-attainment"], "time_period": "2023", "exhibit": "ch1-adult-skills"}
exhibits.values({"ch1-adults-link": literate}, interval=True, n_obs="n_obs", format=".2f", **about)
exhibits.value(
    "ch1-adults-link-interval", numbers.span(literate["lower"], literate["upper"], ".2f"), n_obs=len(adults), **about
)
exhibits.value("ch1-adults-n", len(adults), unit="countries", **about)
for code, row in pair.iterrows():
    exhibits.values({"literacy": float(row["literacy"]), "tertiary": float(row["tertiary"])},
                    prefix=f"ch1-adults-{areas.name(code).lower()}", format=".0f", note="no standard error at hand", **about)  # fmt: skip
exhibits.tests("ch1-adults-link", pd.DataFrame([literate]), question="Is adults' literacy unrelated to tertiary attainment?",
               **{name: about[name] for name in ("indicators", "exhibit")})  # fmt: skip
