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
# # Chapter 5: what studies say of networks, places, autonomy and research
#
# All direct findings of the study library on four levers, one line a finding, in the words of its record, and how many of the
# works set those who had the lever beside others.

# %%
from crossroads import areas, exhibits, numbers, studies

findings, lists = studies.findings(), studies.lists()
labels = {name: {code: row["label"] for code, row in entries.items()} for name, entries in lists.items()}
classes = {code: row["class"] for code, row in lists["designs"].items()}
TOPICS = {"school-networks": "Networks", "place-based-policy": "Places", "school-autonomy": "Autonomy",
          "research-use": "Research"}  # fmt: skip

# %%
told = findings[findings["lever"].isin(TOPICS) & findings["direct"].astype(bool)].copy()
told["topic"] = told["lever"].map(TOPICS)
told["said"] = told["authors"] + " " + told["year"].astype(int).astype(str)
told["country"] = [
    ", ".join(areas.names(codes.split(";"))) if codes else "several" for codes in told["areas"].fillna("")
]
told["design_name"] = told["design"].map(labels["designs"])
told["found"] = told["sign"].map(labels["signs"]).fillna("no direction")
told["compared"] = told["design"].map(classes).isin(["tests", "syntheses", "comparisons"])
told["order"] = told["lever"].map(list(TOPICS).index)
told["page"] = "book/studies?lever=" + told["lever"]
told = told.sort_values(["order", "compared", "said"], ascending=[True, False, True], kind="stable", ignore_index=True)
told.groupby("topic")["study"].nunique()

# %%
KEPT = ["topic", "study", "finding", "said", "country", "design", "design_name", "outcome", "sign", "found", "compared",
        "text", "page"]  # fmt: skip
SHAPE = {"columns": {"topic": "On", "text": "What was found", "said": "Study", "country": "Country", "design_name": "Design",
                     "found": "Outcome with the lever"},
         "links": {"said": "page"}, "indicators": ["studies"],
         "note": "In the words of the records. Several findings may stand in one work. No direction: the work does not say which"
                 " way an outcome moved.",
         "limits": "All research: these are the works that were read, most of them in abstract."}  # fmt: skip
works = told.groupby("topic")["study"].nunique()
compared = told[told["compared"]].groupby("topic")["study"].nunique().reindex(works.index, fill_value=0)

# %%
places = told[told["topic"].isin(["Networks", "Places"])]
n_compared = int(compared[["Networks", "Places"]].sum())
n_works = places["study"].nunique()
said = f"{numbers.in_words(n_compared)} {'compare' if n_compared > 1 else 'compares'}"

# %%
exhibits.table(
    "ch5-place-studies", places[KEPT], **SHAPE,
    title=f"Of {n_works} works on networks and places, {said} groups",
    subtitle=f"Findings on networks of schools and on policies for a place, {n_works} works",
    shows=f"{len(places)} findings on networks and on policies for a place",
    finding=f"of {n_works} works {said} those who take part with others that are alike")  # fmt: skip

# %%
freedom = told[told["topic"].isin(["Autonomy", "Research"])]
gains = freedom[freedom["sign"] == "positive"].groupby("topic").size()
gains = gains.reindex(["Autonomy", "Research"], fill_value=0)
lines = freedom.groupby("topic").size()
exhibits.table(
    "ch5-autonomy-studies", freedom[KEPT], **SHAPE,
    title="Autonomy was tested in schools of a special kind",
    subtitle=f"Findings on autonomy of schools and on research sent to schools, {freedom['study'].nunique()} works",
    shows=f"{len(freedom)} findings on autonomy and on research for schools",
    finding=f"{gains['Autonomy']} of {lines['Autonomy']} findings on autonomy are gains, and {gains['Research'] or 'none'} of"
    f" {lines['Research']} on research")  # fmt: skip

# %%
for topic, name in [("Networks", "networks"), ("Places", "places")]:
    about = {"indicators": ["studies"], "exhibit": "ch5-place-studies", "prefix": f"ch5-{name}"}
    counted = numbers.in_words(int(compared[topic]))
    exhibits.values({"works": int(works[topic]), "compared": counted}, **about)
