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
# # Put to the test
#
# What is promised of the making of this book has a command that tries it. Each writes down how many it tried and how many of
# them went wrong; this analysis only shows what was written down last.

# %%
import pandas as pd

from crossroads import data, exhibits

trials = data.trust()
TRIED = {"indicators": ["benchmarks"], "exhibit": "quality-trust"}
trials[["item", "n", "wrong"]]

# %%
passed = int((trials["wrong"] == 0).sum())
printed = {"asks": "Question", "result": "Last result", "command": "Command", "when": "Date and commit"}
# A day is not broken over lines at its hyphens.
days = pd.to_datetime(trials["date"]).dt.strftime("%d\u00a0%b\u00a0%Y")
note = "Commands are typed in a checkout of the repository. A result is that of the commit named beside it."

# %%
exhibits.table(
    "quality-trust", trials.assign(when=days + " " + trials["commit"]), columns=printed, formats={"command": "code"},
    note=note, indicators=["benchmarks"],
    title="What was tried, and what went wrong",
    subtitle="Last result of each command that puts the making of this book to the test",
    shows="questions, results and commands",
    finding=f"{passed} of {len(trials)} found nothing wrong",
    limits="What nobody thought of trying.")  # fmt: skip

# %%
exhibits.value("quality-trust-commands", len(trials), format="d", **TRIED)
exhibits.value("quality-trust-passed", passed, format="d", **TRIED)
exhibits.value("quality-trust-oldest", trials["date"].min(), **TRIED)
