"""Lighthouse of a page of each kind: what is sent, when the reader sees it, and what Lighthouse says of it.

    npm install --prefix ~/lighthouse lighthouse
    PATH=~/lighthouse/node_modules/.bin:$PATH python benchmarks/pages.py [--runs 3] [--pages chapter country]

The site of ``_build/html`` is served with compression by the server of the browser tests, as a web server would, and is
looked at with the Chromium of the system. Of several runs the median counts, since the machine does other things, too. How
soon the search answers is measured beside it, on a processor that is slowed as Lighthouse slows it. The result is written
to ``data/benchmarks.json``, which the page "How this book is built" shows. Where there is no Lighthouse, nothing is
measured, and nothing of the file changes.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from build import RESULT, ROOT, about, record
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(ROOT / "tests" / "browser"))
from looking import CHROMIUM, KINDS, SITE, page_of
from serving import serve

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MEASURES = {
    "largest_paint": "largest-contentful-paint",
    "layout_shift": "cumulative-layout-shift",
    "bytes": "total-byte-weight",
}
SCREENS = {"mobile": [], "desktop": ["--preset=desktop"]}


def look(address, screen):
    """Run Lighthouse once.

    Returns
    -------
    dict
        Scores from 0 to 100, seconds until the largest paint, layout shift, and kilobytes sent.
    """
    with tempfile.TemporaryDirectory(prefix="crossroads-pages-") as folder:
        answer = Path(folder, "answer.json")
        command = [
            *("lighthouse", address, "--quiet", "--output=json", f"--output-path={answer}", *SCREENS[screen]),
            *(f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"),
        ]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": str(CHROMIUM)})
        told = json.loads(answer.read_bytes())
    found = {name.replace("-", "_"): 100 * (told["categories"][name]["score"] or 0) for name in CATEGORIES}
    values = {name: told["audits"][audit]["numericValue"] for name, audit in MEASURES.items()}
    faults = [
        f"{audit['id']}: {audit['title']}"
        for name in CATEGORIES[1:]
        for reference in told["categories"][name]["auditRefs"]
        if reference["weight"] and (audit := told["audits"][reference["id"]])["score"] not in (None, 1)
    ]
    return {
        **{name: round(score) for name, score in found.items()},
        "largest_paint": round(values["largest_paint"] / 1000, 2),
        "layout_shift": round(values["layout_shift"], 3),
        "kilobytes": round(values["bytes"] / 1024),
    }, faults


# Types a query into the field of the search, and says after how many milliseconds hits are drawn.
TYPE = """(query) => new Promise((done) => {
  const field = document.querySelector("input.sidebar-search"), hits = document.getElementById("search-hits"), began = performance.now();
  new MutationObserver((_, watch) => { if (hits.children.length) { watch.disconnect(); requestAnimationFrame(() => done(performance.now() - began)); } })
    .observe(hits, { childList: true });
  field.value = query; field.dispatchEvent(new Event("input", { bubbles: true })); })"""
QUERIES = ("n", "ne", "neet", "Figure 3.2", "phone ban")
SLOWED = 4  # times, as Lighthouse slows the processor of a telephone


def search(site, runs):
    """Return for each query the milliseconds until hits are drawn, the median of some runs, once the index is there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(site.address + page_of("chapter"))
        tab.focus("input.sidebar-search")
        tab.evaluate(TYPE, "school")  # which waits for the index; the policy of the page allows no waiting by script
        tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        times = {query: statistics.median_low(tab.evaluate(TYPE, query) for _ in range(runs)) for query in QUERIES}
        browser.close()
    return [{"query": query, "slowed": SLOWED, "milliseconds": round(time)} for query, time in times.items()]


def keep(row):
    """Keep what was seen of a page in the place of what was seen of it before; pages take minutes, and one may be enough."""
    known = {(old["page"], old["screen"]): old for old in json.loads(RESULT.read_bytes()).get("pages", [])}
    known[row["page"], row["screen"]] = {**row, **about()}
    order = [(kind, screen) for kind in KINDS for screen in SCREENS]
    record({"pages": [known[place] for place in order if place in known]})


def main():
    """Look at each page on both screens, and write the medians."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="how often each page is looked at")
    parser.add_argument("--pages", nargs="*", default=list(KINDS), choices=KINDS, help="kinds of pages")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    if not shutil.which("lighthouse") or not CHROMIUM:
        print(
            "Pages were not measured: Lighthouse or Chromium is not at hand (the head of this file says how to get them)"
        )
        return
    with serve(SITE) as site:
        for kind in options.pages:
            for screen in SCREENS:
                runs = [look(site.address + page_of(kind), screen) for _ in range(options.runs)]
                faults = sorted({fault for _, found in runs for fault in found})
                middle = {name: statistics.median_low([seen[name] for seen, _ in runs]) for name in runs[0][0]}
                row = {"page": kind, "screen": screen, **middle}
                print(f"  {row} {faults or ''}", flush=True)
                if not options.dry:
                    keep(row)
        answers = search(site, options.runs)
        print(f"  {answers}")
    if not options.dry:
        record({"search": answers})


if __name__ == "__main__":
    main()
