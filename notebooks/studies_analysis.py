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
# # What studies found, and how sure it is
#
# The study library as a map: which levers were studied by which designs, how large published effects are, where studies
# come from, and the grade of each lever on each outcome by the rule of the book.

# %%
import pandas as pd

from crossroads import areas, charts, exhibits, intervals, numbers, strength, studies

library, lists = studies.load(), studies.lists()
labels = {name: {code: row["label"] for code, row in entries.items()} for name, entries in lists.items()}
findings = studies.findings(library)
about = {"indicators": ["studies"]}
len(library), len(findings)

# %%
kinds = pd.Series({key: study["kind"] for key, study in library.items()})
read = pd.Series({key: study["read"] for key, study in library.items()})
research = int(kinds.isin(["study", "synthesis"]).sum())
exhibits.values({"studies-n": len(library), "studies-findings": len(findings), "studies-research": research}, format=",d",
                **about)  # fmt: skip
exhibits.values({code: int((read == code).sum()) for code in labels["readings"]}, prefix="studies-read",
                n_obs=len(library), **about)  # fmt: skip

# %% [markdown]
# ## Which levers, by which designs
#
# A study stands in each cell for which it has a finding; one with two designs or two levers stands in several.

# %%
on = findings[findings["lever"].notna()].drop_duplicates(["study", "lever", "design"])
counts = pd.crosstab(on["lever"], on["design"]).reindex(index=lists["levers"], columns=lists["designs"], fill_value=0)

# %%
cells = counts.rename_axis("lever").reset_index()
cells["name"] = cells["lever"].map(labels["levers"])
for design in counts:
    page = "book/studies?lever=" + cells["lever"] + f"&design={design}"
    cells[f"{design}_page"] = page.where(cells[design] > 0, "")
empty = [
    labels["levers"][lever]
    for lever in counts.index[counts[["randomised", "quasi-experimental", "meta-analysis"]].sum(axis=1) == 0]
]
tested = len(counts) - len(empty)

# %%
exhibits.table(
    "studies-map", cells, columns={"name": "Lever", **labels["designs"]},
    links={design: f"{design}_page" for design in counts},
    title="Some levers are tested often, others only described",
    subtitle=f"Studies by lever and design, {on['study'].nunique()} studies on levers",
    shows=f"numbers of studies of {len(counts)} levers by design",
    finding=f"{tested} of {len(counts)} levers have a test, a meta-analysis of tests or a comparison",
    note="On the web each number opens the studies. A study with findings on two levers, or of two designs, stands in several"
    f" cells. Neither test nor comparison: {', '.join(empty) or 'none'}.",
    limits="All research: these are the studies that were read, found by no systematic search.",
    **about)  # fmt: skip

# %%
exhibits.values({"levers": len(counts), "tested": tested, "on-levers": on["study"].nunique(),
                 "randomised": on.loc[on["design"] == "randomised", "study"].nunique()}, prefix="studies",
                exhibit="studies-map", **about)  # fmt: skip

# %% [markdown]
# ## How large are published effects?
#
# Results in standard deviations, the one scale on which several studies can be put. Where only a standard error
# was read, the interval is computed from it. Effects in other units cannot be put on it without data of the study.

# %%
effects = findings[findings["lever"].notna() & findings["value"].notna()].copy()
scaled = effects.query("unit == 'standard-deviations' and direct").copy()
from_error = scaled["low"].isna() & scaled["std_error"].notna()
ends = intervals.interval(scaled["value"], scaled["std_error"])
for end, computed in zip(["low", "high"], ends, strict=True):
    scaled[end] = scaled[end].where(~from_error, computed)

# %%
scaled["topic"] = scaled["lever"].map(labels["levers"])
scaled["label"] = scaled["authors"] + " " + scaled["year"].astype("Int64").astype(str) + ", " + scaled["outcome"].map(
    labels["outcomes"]).str.lower()  # fmt: skip
twice = scaled.duplicated("label", keep=False)
scaled["label"] = scaled["label"].where(~twice, scaled["label"] + " (" + scaled["finding"] + ")")
scaled["pooled"] = scaled["design"] == "meta-analysis"
scaled = scaled.sort_values(["lever", "value"], key=lambda column: column.map(list(lists["levers"]).index)
                            if column.name == "lever" else column).reset_index(drop=True)  # fmt: skip

# %%
others = (
    effects.loc[effects["unit"] != "standard-deviations", "unit"]
    .map(labels["units"])
    .replace("", "counts")
    .value_counts()
)
other_units = numbers.enumerate_words([f"{name} ({count})" for name, count in others.items()])

# %%
chart = charts.forest_plot(scaled, label="label", value="value", lower="low", upper="high", group="topic", pooled="pooled",
                           unit="Effect in standard deviations of the outcome", directions=("lower", "higher"))  # fmt: skip
with_interval = int(scaled["low"].notna().sum())

# %%
exhibits.figure(
    "studies-effects", chart,
    data=scaled[["study", "finding", "lever", "outcome", "design", "sign", "value", "low", "high", "std_error", "read"]],
    title="Most published effects were read without their uncertainty",
    subtitle=f"Main results in standard deviations, as published, {len(scaled)} from {scaled['study'].nunique()} studies",
    shows=f"{len(scaled)} effects in standard deviations by lever",
    finding=f"{with_interval} of {len(scaled)} have an interval, and effects run from {scaled['value'].min():.2f} to"
    f" {scaled['value'].max():.2f}",
    note="Intervals of 95%, as published or from the standard error. Hollow: no interval stood in what was read. Diamonds: pooled"
    f" over several studies. On other scales, and not drawn: {other_units}.",
    limits="Which lever works best: outcomes, tests, ages and designs differ, and effects that are large are published more.",
    **about)  # fmt: skip

# %%
exhibits.values({"scaled": len(scaled), "with-interval": with_interval, "other-scales": int(others.sum())},
                prefix="studies-effects", exhibit="studies-effects", **about)  # fmt: skip

# %% [markdown]
# ## Where do studies come from?
#
# Research (studies and syntheses) by country; a study of several countries counts in each.

# %%
places = pd.Series(
    {key: study["place"]["areas"] for key, study in library.items() if kinds[key] in ("study", "synthesis")}
)
located = places.explode().dropna()
known = areas.table()
located = located[located.map(known["area_type"]) == "country"]
nowhere = len(places) - located.index.nunique()

# %%
by_country = located.value_counts().rename_axis("ref_area").reset_index(name="n")
layout = known.reset_index().dropna(subset=["tile_row"])
members = set(areas.members())
drawn = by_country[by_country["ref_area"].isin(layout["code"])]
outside = by_country[~by_country["ref_area"].isin(layout["code"])]
outside_text = ", ".join(f"{areas.name(row.ref_area)} {row.n}" for row in outside.itertuples()) or "none"

# %%
zero = pd.DataFrame({"ref_area": sorted(set(layout["code"]) - set(drawn["ref_area"])), "n": 0})
tiles = pd.concat([drawn, zero], ignore_index=True).rename(columns={"ref_area": "code"})
chart = charts.tile_grid(tiles, layout=layout, code="code", value="n", bins=[1, 4, 10], unit="Studies and syntheses")
top = by_country.head(2).assign(country=lambda frame: areas.names(frame["ref_area"]))
n_top = located[located.isin(top["ref_area"])].index.nunique()
none = sorted(members - set(by_country["ref_area"]))

# %%
exhibits.figure(
    "studies-places", chart, data=tiles.rename(columns={"code": "ref_area"}),
    title=f"Studies cluster in the {numbers.enumerate_words(top['country'])}",
    subtitle=f"Studies and syntheses by country in which they were made, {located.index.nunique()} with a known country",
    shows="numbers of studies by country on a grid of tiles",
    finding=f"{n_top} of {located.index.nunique()} come from {numbers.enumerate_words(top['country'])}, and {len(none)} members"
    " of the OECD have none",
    note=f"A study of several countries counts in each. Not drawn, no tile: {outside_text}. Several countries without a list, or not"
    f" known: {nowhere} studies.",
    limits="Where research is made: reading in English, and starting from English collections, finds what is written in English.",
    **about)  # fmt: skip

# %%
exhibits.values({"n": located.index.nunique(), "top": n_top, "no-member": len(none), "nowhere": nowhere},
                prefix="studies-places", exhibit="studies-places", **about)  # fmt: skip
exhibits.value("studies-places-countries", numbers.enumerate_words(top["country"]), exhibit="studies-places", **about)

# %% [markdown]
# ## Grades of every lever on every outcome
#
# One vote a trial; the rule is in `crossroads.strength`. Votes of a row are all that is needed to recompute its grade.

# %%
votes = strength.votes(findings, lists["designs"])
graded = strength.told(strength.by_outcome(votes, studies.overrides()), votes, findings, lists)
graded["topic"] = graded["lever_name"] + ": " + graded["outcome_name"].str.lower()
graded["page"] = "book/studies?lever=" + graded["lever"] + "&outcome=" + graded["outcome"]
grades = graded["grade"].value_counts().reindex(list(lists["grades"]), fill_value=0)

# %%
exhibits.table(
    "studies-grades", graded,
    columns={"topic": "Lever and outcome", "grade_name": "Grade and sign",
             **{name: name.capitalize() for name in strength.CLASSES},
             **{f"n_{sign}": label.capitalize() for sign, label in labels["signs"].items()}},
    links={"topic": "page"},
    title="Few findings on levers are strong, many rest on associations",
    subtitle=f"Grades of {graded['lever'].nunique()} levers on outcomes, {len(graded)} pairs, numbers of votes by class and sign",
    shows="grades of levers on outcomes with the votes behind them",
    finding=f"{grades['strong']} of {len(graded)} are strong, {grades['moderate']} moderate, {grades['contested']} contested and"
    f" {grades['limited']} limited",
    note="One vote a trial. The rule stands above the table. On the web the name opens the studies.",
    limits="Outcomes that nobody looked at, and studies that were not read.",
    **about)  # fmt: skip

# %%
exhibits.values({code: int(n) for code, n in grades.items() if code != "none"}, prefix="studies-graded", n_obs=len(graded),
                exhibit="studies-grades", **about)  # fmt: skip
exhibits.values({"studies-pairs": len(graded), "studies-votes": len(votes), "studies-by-hand": int((graded["reason"] != "").sum())},
                exhibit="studies-grades", **about)  # fmt: skip

# %% [markdown]
# An example to follow by hand: the pair with most votes that decide among those that are strong.

# %%
deciding = graded[[*strength.CLASSES[:3]]].sum(axis=1)
example = graded.loc[deciding[graded["grade"] == "strong"].idxmax()]
cast = votes.merge(example[["lever", "outcome"]].to_frame().T).query("`class` != 'associations'")
agree = int((cast["sign"] == example["sign"]).sum())
words = {"lever": example["lever_name"], "outcome": example["outcome_name"].lower(), "sign": labels["signs"][example["sign"]],
         "grade": labels["grades"][example["grade"]].lower()}  # fmt: skip
singular = dict(zip(strength.CLASSES, strength.SINGULAR, strict=True))
said = [f"{n} {name if n > 1 else singular[name]}" for name, n in cast["class"].value_counts(sort=False).items()]
words["votes"] = numbers.enumerate_words(said)
exhibits.values({**words, "agree": agree}, prefix="studies-example", exhibit="studies-grades", **about)  # fmt: skip
