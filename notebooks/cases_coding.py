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
# # Cases: how far two codings agree
#
# Every case was coded twice from its text: by reading against the code book, and by rule with key phrases that were
# written down before. Agreement is measured with Cohen's kappa; intervals come from a bootstrap over cases. The phrases
# were written for the first cases by the reader of their first coding and have not been changed since: for these the
# agreement is more likely too high than too low, for cases and texts that came later it is what phrases can do.

# %%
import pandas as pd

from crossroads import cases, charts, coding, exhibits

library, book = cases.load(), cases.code_book()
first, second = (coding.frame(cases.coding(name)) for name in ("first", "second"))
labels = {name: code["label"] for name, code in book["codes"].items()}
scale = cases.code_list("case-evidence-strengths")
PURPOSIVE = "The cases are a purposive sample and stand for no population."

# %% [markdown]
# ## Agreement on the codes
#
# A pair of case and code counts where at least one coding found something to code. Kappa is 1 where both always agree
# and 0 where they agree as often as chance would have it.

# %%
agreement = coding.agreement(first, second)
# Shorter than in the code book, where a row of the chart would need a second line, as would then all of them.
drawn = labels | {"employer-resources": "Employers fund or equip", "outside-money": "Money from beyond the budget"}
overall, single = agreement.iloc[-1], agreement.iloc[:-1].assign(label=lambda rows: rows["code"].map(drawn))
lowest, highest = single.loc[single["kappa"].idxmin()], single.loc[single["kappa"].idxmax()]
agreement.round(2)

# %%
chart = charts.ranked_dots(
    single, label="label", value="kappa", lower="lower", upper="upper", unit="Cohen's kappa", number=".2f",
    average=overall["kappa"], average_label="All codes")  # fmt: skip
# %%
exhibits.figure(
    "cases-agreement", chart, data=agreement, indicators=["cases"],
    title="Two codings agree well on most codes, not all",
    subtitle=f"Cohen's kappa of a coding by reading and a coding by rule, {len(first)} cases, {len(single)} codes",
    shows="the agreement of two codings of the cases, code by code",
    finding=f"kappa lies between {lowest['kappa']:.2f} ({lowest['label'].lower()}) and {highest['kappa']:.2f}",
    note="Whiskers are 95% percentile intervals of a bootstrap over cases. Where one coding gives a code and the other"
    f" finds the text silent, they disagree. {PURPOSIVE}",
    limits="Whether the texts are true, and how two independent readers would have agreed.")  # fmt: skip

# %%
about = {"format": ".2f", "n_obs": int(overall["n"]), "indicators": ["cases"], "exhibit": "cases-agreement"}
whole = f"95% interval {overall['lower']:.2f} to {overall['upper']:.2f}"
exhibits.value("cases-kappa", overall["kappa"], **about,
               note=f"Cohen's kappa over all codes; {whole}; pairs of case and code")  # fmt: skip
for end in ("lower", "upper"):
    exhibits.value(f"cases-kappa-{end}", overall[end], **about,
                   note=f"{end} end of the 95% interval of kappa over all codes")  # fmt: skip

# %% [markdown]
# For some cases the writer of the phrases did not know the text. Only there is the second coding independent.

# %%
unseen = ~first.index.isin(book["written_with"])
apart = coding.agreement(first[unseen], second[unseen]).iloc[-1]
exhibits.value(
    "cases-kappa-unseen", apart["kappa"], interval=(apart["lower"], apart["upper"]), **about | {"n_obs": int(apart["n"])},
    note="Cohen's kappa over all codes in cases that came after the phrases of the coding by rule")  # fmt: skip
exhibits.value("cases-unseen-n", int(unseen.sum()), n_obs=len(first), indicators=["cases"],
               note="cases that came after the phrases of the coding by rule", exhibit="cases-agreement")  # fmt: skip

# %% [markdown]
# ## Agreement on the strength of evidence

# %%
read = pd.Series({identifier: case["evidence"]["strength"] for identifier, case in library.items()})
ruled = coding.strength_by_rule(library, book)
strength = coding.strength_agreement(read.rename_axis("case"), ruled, list(scale))
unweighted = strength.iloc[0]
strength.round(2)

# %%
crossed = pd.crosstab(read, ruled).reindex(index=list(scale), columns=list(scale), fill_value=0)
crossed.columns = [f"by rule: {name}" for name in scale]
crossed = crossed.rename_axis("reading").reset_index()
crossed["reading"] = [entry["label"] for entry in scale.values()]

# %%
columns = {"reading": "By reading"} | {f"by rule: {name}": f"By rule: {e['label']}" for name, e in scale.items()}
exhibits.table(
    "cases-strength-agreement", crossed, columns=columns, indicators=["cases"],
    title="Key phrases do not tell how strong evidence is",
    subtitle=f"Number of cases by strength of evidence, coded by reading and by rule, {len(read)} cases",
    shows="cases by strength of evidence in two codings",
    finding=f"{(read == ruled).sum()} of {len(read)} cases were coded alike",
    note=f"Cohen's kappa {unweighted['kappa']:.2f} (95% interval {unweighted['lower']:.2f} to"
    f" {unweighted['upper']:.2f}); with linear weights {strength.iloc[1]['kappa']:.2f}. {PURPOSIVE}")  # fmt: skip

# %%
exhibits.value(
    "cases-strength-alike", int((read == ruled).sum()), n_obs=len(read), indicators=["cases"],
    note="cases whose strength of evidence was coded alike by reading and by rule", exhibit="cases-strength-agreement")  # fmt: skip

# %%
exhibits.value(
    "cases-strength-kappa", unweighted["kappa"], interval=(unweighted["lower"], unweighted["upper"]), format=".2f",
    n_obs=int(unweighted["n"]), note="Cohen's kappa of two codings of the strength of evidence", indicators=["cases"],
    exhibit="cases-strength-agreement")  # fmt: skip

# %% [markdown]
# ## Grades that changed
#
# When the cases were researched anew, further sources were found, and some grades changed. Each keeps what it was.

# %%
graded = {name: case["evidence"] for name, case in library.items() if case["evidence"]["previous"]}
changed = pd.DataFrame(graded).T.reset_index(drop=True)[["previous", "strength", "reason"]]
changed.insert(0, "case", [library[name]["name"] for name in graded])
rank = changed[["previous", "strength"]].map(list(scale).index)
stronger = int((rank["strength"] < rank["previous"]).sum())
changed[["previous", "strength"]] = changed[["previous", "strength"]].map(lambda code: scale[code]["label"])

# %%
exhibits.table(
    "cases-changed-grades", changed, indicators=["cases"],
    columns={"case": "Case", "previous": "Before", "strength": "Now", "reason": "Why"},
    title="Where the strength of evidence was graded anew",
    subtitle=f"Every case whose strength of evidence changed with what was read: {len(changed)} of {len(library)}",
    shows="the cases whose strength of evidence changed, with the reason",
    finding=f"{stronger} of {len(changed)} grades became stronger and {len(changed) - stronger} weaker",
    note=f"What changed is what was read, not the practice. {PURPOSIVE}")  # fmt: skip

# %%
about = {"n_obs": len(library), "indicators": ["cases"], "exhibit": "cases-changed-grades"}
exhibits.value("cases-changed-grades-n", len(changed), note="cases whose strength of evidence changed", **about)
exhibits.value(
    "cases-changed-grades-stronger", stronger, note="cases whose strength of evidence became stronger", **about
)

# %% [markdown]
# ## Every disagreement

# %%
differing = coding.disagreements(first, second)
words = {1: "given", 0: "not given"}
listed = pd.DataFrame({
    "case": [library[identifier]["name"] for identifier in differing["case"]],
    "code": differing["code"].map(labels),
    "reading": [words.get(value, "silent") for value in differing["first"].astype(object)],
    "rule": [words.get(value, "silent") for value in differing["second"].astype(object)],
})  # fmt: skip

# %%
exhibits.table(
    "cases-disagreements", listed, indicators=["cases"],
    columns={"case": "Case", "code": "Code", "reading": "By reading", "rule": "By rule"},
    title="Where the two codings differ",
    subtitle=f"Every pair of case and code that was coded differently, {len(first)} cases, {len(single)} codes",
    shows="all disagreements of the two codings",
    finding=f"{len(listed)} of {int(overall['n'])} pairs of case and code were coded differently",
    note=f"Silent: the field in which it would be said is not known. {PURPOSIVE}")  # fmt: skip

# %%
exhibits.value(
    "cases-disagreements-n", len(listed), n_obs=int(overall["n"]), indicators=["cases"],
    note="pairs of case and code that two codings coded differently", exhibit="cases-disagreements")  # fmt: skip
