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
# # {title}
#
# Say what is analysed and why.

# %%
from crossroads import load

scores = load("pisa-mathematics").query("ref_area == 'OECD-average'")
scores.tail(3)
