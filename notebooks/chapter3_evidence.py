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
# # Chapter 3: what evaluations found
#
# The studies on schools and their places that were read for this report, one row a study. Strength is judged by design:
# strong for experiments by lot, moderate for comparisons that approach one, weak for associations.

# %%
import pandas as pd

from crossroads import exhibits

COMMUNITY = [
    ("johnston2020", "Community schools", "Johnston et al. 2020, New York City", "Comparison schools", "moderate",
     "Attendance, graduation and mathematics better; English not"),
    ("maier2017", "Community schools", "Maier et al. 2017, United States", "Review of studies", "mixed",
     "Four pillars: student support, more learning time, families, shared leadership"),
    ("bryk2010", "Community schools", "Bryk et al. 2010, Chicago", "Improving and other schools", "weak",
     "Ties with parents among five supports of schools that improved"),
    ("avvisati2014parents", "Parents", "Avvisati et al. 2014, near Paris", "Trial by lot", "strong",
     "Involvement and behaviour better, test scores unmoved"),
]  # fmt: skip

# %%
PLACES = [
    ("chetty2016mto", "Neighbourhood", "Chetty et al. 2016, United States", "Trial by lot", "strong",
     "Moving to a less poor area before 13 raised later income; later moves did not"),
    ("chetty2018neighborhoods", "Neighbourhood", "Chetty and Hendren 2018, United States", "Age at move", "moderate",
     "Children who move come to resemble local children, year by year"),
    ("chetty2022socialcapital", "Neighbourhood", "Chetty et al. 2022, United States", "Friendships", "weak",
     "Friends across classes go with mobility, volunteering hardly does"),
    ("sorensen2021", "School closure", "Sørensen et al. 2021, Denmark", "Before and after, compared", "moderate",
     "Villages lost people, significantly only after some years"),
    ("amcoff2012", "School closure", "Amcoff 2012, Sweden", "Not known", "not rated",
     "No significant effect on migration could be shown"),
    ("sageman2022", "School closure", "Sageman 2022, United States", "Instrument; before and after", "moderate",
     "Loss of people in many cases, not in all"),
]  # fmt: skip

# %%
columns = ["key", "topic", "study", "design", "strength", "finding"]
studies = pd.DataFrame([*COMMUNITY, *PLACES], columns=columns)
counts = studies["strength"].value_counts()
studies["what"] = studies["topic"] + ": " + studies["study"]
studies["how_sure"] = studies["strength"].str.capitalize() + ": " + studies["design"].str.lower()

# %%
exhibits.table(
    "ch3-evidence", studies,
    columns={"what": "Topic and study", "finding": "What was found", "how_sure": "Strength and design"},
    title="Few of the studies read are strong by design",
    subtitle=f"Findings on community schools, parents, neighbourhoods and closures, {len(studies)} studies",
    shows="studies of schools and their places with design, finding and strength",
    finding=f"{counts['strong']} of {len(studies)} are trials by lot, and those two are about parents and moves",
    indicators=["literature"],
    note="Strength by design alone: strong, trial by lot; moderate, comparison that approaches one; weak, association;"
    " mixed, review of several designs; not rated, design not known. Most were read in abstract or summary. The text cites"
    " each of them.",
    limits="All research on the subject: the list is not a systematic review, and holds nothing on service learning.")  # fmt: skip

# %%
about = {"indicators": ["literature"], "exhibit": "ch3-evidence", "n_obs": len(studies)}
exhibits.value("ch3-studies", len(studies), unit="studies", **about)
exhibits.values({strength: int(counts[strength]) for strength in ("strong", "moderate", "weak")}, prefix="ch3-studies",
                unit="studies", **about)  # fmt: skip
