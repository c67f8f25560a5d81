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
# # Chapter 3: what studies of open schools found
#
# Community schools, parents, service learning, neighbourhoods, closures, more time at school and networks: the grade of
# each on each outcome that was studied, computed from the study library by the rule of `crossroads.strength`.

# %%
from crossroads import exhibits, strength, studies

LEVERS = ["school-climate", "extended-time", "community-schools", "parental-engagement", "service-learning",
          "school-closures", "neighbourhoods", "school-networks"]  # fmt: skip

# %%
findings, lists = studies.findings(), studies.lists()
votes = strength.votes(findings[findings["lever"].isin(LEVERS)], lists["designs"])
graded = strength.told(strength.by_outcome(votes, studies.overrides()), votes, findings, lists)
graded["page"] = "book/studies?lever=" + graded["lever"] + "&outcome=" + graded["outcome"]
grades = graded["grade"].value_counts().reindex(list(lists["grades"]), fill_value=0)
n_studies = votes["studies"].str.split(";").explode().nunique()
graded[["lever", "outcome", "grade", "sign", *strength.CLASSES]]

# %%
exhibits.table(
    "ch3-evidence", graded,
    columns={"lever_name": "Lever", "outcome_name": "Outcome", "grade_name": "Grade and sign", "studies": "Studies by what they found"},
    links={"grade_name": "page"},
    title="Open schools: single tests, some comparisons, many associations",
    subtitle=f"Grades of {len(LEVERS)} levers on outcomes, {len(graded)} pairs, {n_studies} studies",
    shows="levers and outcomes with grade, sign and studies",
    finding=f"{grades['strong']} are strong, {grades['moderate']} moderate, {grades['contested']} contested and"
    f" {grades['limited']} limited",
    indicators=["studies"],
    note="Grades by the rule of the annex on grades: one vote a trial; tests, syntheses of tests and comparisons decide. A sign"
    " is that of the outcome: worse, for closures, is worse for places and students. Neighbourhoods: better after a"
    " move to a less poor one, worse in a poor or rural one.",
    limits="All research: the studies are those that were read, most of them in abstract.")  # fmt: skip

# %%
about = {"indicators": ["studies"], "exhibit": "ch3-evidence"}
exhibits.values({"studies": n_studies, "pairs": len(graded)}, prefix="ch3-open", **about)
exhibits.values({grade: int(grades[grade]) for grade in lists["grades"] if grade != "none"}, prefix="ch3-open",
                n_obs=len(graded), **about)  # fmt: skip
exhibits.value("ch3-open-tests", int((votes["class"] == "tests").groupby(votes["trial"]).max().sum()), **about)
