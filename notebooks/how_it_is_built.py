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
# # How long a build takes
#
# `make bench` builds this book and the same book in stock Jupyter Book side by side, and writes down how long each build
# took and whether its pages were right. This analysis only shows what was written down.

# %%
from crossroads import data, exhibits

measured = data.benchmarks()
about, pairs, edits, preview, growth = (measured[name] for name in ("about", "cold", "edits", "preview", "growth"))
OURS, STOCK = "this book", "stock Jupyter Book"
BUILT = {"indicators": ["benchmarks"]}
WHERE = f"{about['machine'][0]}, {about['date'][0]}"
about.T

# %% [markdown]
# ## After one edit
#
# Both systems start from nothing and then build after one edit upon the other. *Wrong* counts the pages that differ from
# those of a build from scratch on the same sources.

# %%
systems = {OURS: "ours", STOCK: "stock"}
wide = edits.assign(system=edits["system"].map(systems)).pivot(index="edit", columns="system")
wide.columns = [f"{measure}_{system}" for measure, system in wide.columns]
wide = wide.loc[list(dict.fromkeys(edits["edit"]))]
cold, start = wide.loc["cold"], wide.loc["start of Sphinx", "seconds_ours"]
compared = wide.drop(index="start of Sphinx").reset_index()
compared["ratio"] = compared["seconds_ours"] / cold["seconds_stock"]
wrong = compared[["wrong_pages_ours", "wrong_pages_stock"]].sum().astype(int)

# %%
printed = {"edit": "What was edited", "seconds_ours": "This book, web and print: seconds",
           "wrong_pages_ours": "Wrong pages", "seconds_stock": "Stock, web only: seconds",
           "wrong_pages_stock": "Wrong pages of stock", "ratio": "Share of the whole stock build"}  # fmt: skip
formats = {"seconds_ours": ".1f", "seconds_stock": ".1f", "ratio": ".2f", "wrong_pages_ours": ".0f",
           "wrong_pages_stock": ".0f"}  # fmt: skip

# %%
exhibits.table(
    "build-edits", compared, columns=printed, formats=formats,
    title=f"Wrong pages after edits: {wrong['wrong_pages_ours']} here, {wrong['wrong_pages_stock']} in stock",
    subtitle=f"Wall time and wrong pages, {WHERE}",
    shows="seconds and wrong pages after each edit, for this book and for stock Jupyter Book",
    finding=f"this book showed {wrong['wrong_pages_ours']} wrong pages and stock Jupyter Book {wrong['wrong_pages_stock']}",
    note="This book is timed with its PDF and all downloads, stock Jupyter Book with its web pages only. A page of this book"
    " is wrong if any byte of a file differs, one of stock Jupyter Book if its text or pictures do.",
    limits="Other machines and other books. The two systems were measured in turn. Builds from nothing and without a"
    " change are medians of several, the others were made once.",
    **BUILT)  # fmt: skip

# %%
nothing = compared.set_index("edit").loc["no change", "seconds_ours"]
texts = compared.loc[compared["edit"] == "one chapter", "ratio"]
codes = compared.loc[~compared["edit"].isin(["cold", "no change", "one chapter"]), "ratio"]
shares = pairs[OURS] / pairs[STOCK]
named = {"exhibit": "build-edits", **BUILT}
exhibits.values({"build-cold": cold["seconds_ours"], "build-cold-stock": cold["seconds_stock"]}, unit="seconds",
                format=".0f", **named)  # fmt: skip
exhibits.value("build-cold-pairs", len(shares), format="d", **named)

# %%
ratios = {"cold-ratio": cold["seconds_ours"] / cold["seconds_stock"], "cold-least": shares.min(), "cold-most": shares.max(),
          "text-ratio": texts.max(), "code-ratio": codes.max(), "start-ratio": nothing / start}  # fmt: skip
exhibits.values(ratios, prefix="build", format=".2f", **named)

# %%
exhibits.value("build-wrong", int(wrong["wrong_pages_ours"]), format="d", **named)
exhibits.value("build-wrong-stock", int(wrong["wrong_pages_stock"]), format="d", **named)
for name in ("machine", "date", "commit"):
    exhibits.value(f"build-{name}", about[name][0], **named)

# %% [markdown]
# ## In the preview
#
# From the moment in which an author saves a file until the page in the browser is the new one, in a preview that is running.

# %%
preview["ratio"] = preview["seconds"] / cold["seconds_stock"]
shown = preview.set_index("saved")["seconds"]

# %%
exhibits.table(
    "build-preview", preview,
    columns={"saved": "What is saved", "seconds": "Shown after: seconds", "ratio": "Share of the whole stock build"},
    formats={"seconds": ".1f", "ratio": ".3f"},
    title=f"A chapter that is saved is shown after {shown['a chapter']:.1f} seconds",
    subtitle=f"Wall time in the preview, {WHERE}",
    shows="seconds until the preview shows what was saved",
    finding=f"a chapter is shown after {shown['a chapter']:.1f} seconds and a notebook after {shown['a notebook']:.1f}",
    note="Each the median of several; the share tells more than the seconds, which are those of one machine. With a notebook or"
    " module it includes the execution of all notebooks that depend on it.",
    limits="Other chapters and notebooks: the time grows with what is on the page and with what the notebook computes.",
    **BUILT)  # fmt: skip

# %%
named = {"exhibit": "build-preview", "unit": "seconds", "format": ".1f", **BUILT}
exhibits.value("build-preview-chapter", shown["a chapter"], **named)
exhibits.value("build-preview-notebook", shown["a notebook"], **named)

# %% [markdown]
# ## As the number of notebooks grows
#
# Copies of one small notebook, without the tables and cases of the report: from nothing, and after the code of one of them
# was changed.

# %%
own = growth[growth["system"] == OURS].set_index("notebooks")["one_changed"]
least, most = own.index.min(), own.index.max()
sizes = growth.sort_values(["system", "notebooks"], ascending=[False, True])

# %%
exhibits.table(
    "build-growth", sizes,
    columns={"system": "System", "notebooks": "Notebooks", "cold": "From nothing: seconds", "one_changed": "One changed: seconds"},
    formats={"cold": ".1f", "one_changed": ".1f"},
    title="What one change costs as a book grows",
    subtitle=f"Wall time of copies of one notebook, {WHERE}",
    shows="seconds by number of notebooks and system",
    finding=f"one change among {most} notebooks takes {own[most] / own[least]:.1f} times as long as among {least} here",
    note="One changed: the median of several builds, in each of which another line of one notebook differs.",
    limits="Books whose notebooks compute for long: these hardly compute. Stock Jupyter Book was not measured at every size.",
    **BUILT)  # fmt: skip

# %%
named = {"exhibit": "build-growth", **BUILT}
exhibits.value("build-growth-ratio", own[most] / own[least], format=".2f", **named)
exhibits.value("build-growth-most", int(most), format="d", **named)
exhibits.value("build-growth-least", int(least), format="d", **named)

# %% [markdown]
# ## What a reader waits for
#
# Lighthouse looks at one page of each kind, on a telephone with a slow line and on a desk, from a server that compresses.

# %%
pages = measured["pages"]
mobile, desk = (pages[pages["screen"] == screen] for screen in ("mobile", "desktop"))
BEST = 100  # what Lighthouse gives at most
scores = ["performance", "accessibility", "best_practices", "seo"]
when = f"{pages['machine'][0]}, {pages['date'][0]}"
pages[["page", "screen", *scores]]

# %%
exhibits.table(
    "build-pages", pages,
    columns={"page": "Page", "screen": "Screen", "performance": "Performance", "accessibility": "Accessibility",
             "best_practices": "Good practice", "seo": "Found by search", "largest_paint": "Largest paint: seconds",
             "layout_shift": "Layout shift", "kilobytes": "Sent: kB"},
    formats={**dict.fromkeys([*scores, "kilobytes"], ".0f"), "largest_paint": ".2f", "layout_shift": ".3f"},
    title=f"On a telephone pages reach {mobile['performance'].min():.0f} to {mobile['performance'].max():.0f} points",
    subtitle=f"Lighthouse, scores and what was sent, {when}",
    shows="scores of Lighthouse, largest paint, layout shift and kilobytes for a page of each kind on two screens",
    finding=f"performance is at least {mobile['performance'].min():.0f} on a telephone and {desk['performance'].min():.0f} on a desk",
    note=f"Medians of several looks; the best score is {BEST}. Largest paint: until the largest part of the first view is drawn, on a telephone with a slow"
    " line as Lighthouse models it.",
    limits="Servers that do not compress, and lines that are slower.",
    **BUILT)  # fmt: skip

# %%
named = {"exhibit": "build-pages", **BUILT}
for screen, rows in (("mobile", mobile), ("desktop", desk)):
    exhibits.value(f"build-pages-{screen}", int(rows["performance"].min()), format="d", **named)
    exhibits.value(f"build-pages-paint-{screen}", rows["largest_paint"].max(), unit="seconds", format=".1f", **named)
exhibits.value("build-pages-others", int(pages[scores[1:]].min().min()), format="d", **named)
exhibits.value("build-pages-best", BEST, format="d", **named)
exhibits.value("build-pages-sent", int(pages["kilobytes"].max()), format="d", **named)
exhibits.value("build-pages-shift", pages["layout_shift"].max(), format=".3f", **named)

# %%
answers = measured["search"]
exhibits.value("build-search", int(answers["milliseconds"].max()), unit="milliseconds", format="d",
               n_obs=len(answers), note="the slowest of the queries", **named)  # fmt: skip
exhibits.value("build-search-slowed", int(answers["slowed"].max()), format="d", **named)
answers
