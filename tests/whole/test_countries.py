"""Country profiles as readers get them: one page a country on the web and in print, sound sentences, right numbers."""

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
COUNTRIES = {
    row["code"]: row["name"]
    for row in csv.DictReader((ROOT / "data" / "code-lists" / "areas.csv").read_text("utf-8").splitlines())
    if row["oecd_since"]
}
HEADINGS = [
    "Strengths", "Questions to look into", "Where the country stands", "How it moved", "Regions",
    "Not tested, not available", "Cases of the library", "In the chapters and annexes",
]  # fmt: skip
INDICATORS = 26
# Four measures of regions at most, and one sentence on the regions without a value in any of them.
# Of strengths and questions four, and one line that names the others.
KINDS = {"about": (1, 1), "strength": (1, 5), "question": (1, 5), "trend": (2, 2), "practice": (1, 1), "position": (1, 1), "missing": (0, 4),
         "region": (1, 5)}  # fmt: skip


def article(pages, code):
    return pages[SITE / "book" / "countries" / f"{code.lower()}.html"].find("article")


def table(code):
    return pd.read_csv(SITE / "exhibits" / f"country-{code.lower()}-indicators.csv", keep_default_na=True).set_index(
        "indicator"
    )


def question(text):
    """Return the question that ends a sentence's result, with the fact that it begins with."""
    return re.split(r"(?<=\.) (?=[A-Z])", text)[-1]


def source(name):
    return pd.read_csv(ROOT / "data" / "indicators" / f"{name}.csv", dtype={"isced_level": str, "time_period": str})


@pytest.mark.parametrize("code", COUNTRIES)
def test_page_has_title_parts_table_figure_and_downloads(pages, code):
    page = article(pages, code)
    headings = [tag.get_text().rstrip("#\u00b6") for tag in page.find_all(["h1", "h2"])]
    assert headings == [COUNTRIES[code], *HEADINGS]
    stem = f"country-{code.lower()}"
    assert len(page.select(f"table#{stem}-indicators tbody tr")) == INDICATORS
    chart = page.select_one(f"figure#{stem}-trends .chart, figure#{stem}-trends img")
    assert (chart.get("alt") or chart["aria-label"]).startswith("Small multiples of line charts")
    links = {tag["href"] for tag in page.select("a[download]")}
    wanted = {f"../../exhibits/{stem}-indicators.{kind}" for kind in ("csv", "xlsx")}
    wanted |= {f"../../exhibits/{stem}-trends.{kind}" for kind in ("csv", "xlsx", "svg", "png")}
    assert wanted <= links


@pytest.mark.parametrize("code", COUNTRIES)
def test_no_sentence_shows_how_it_was_made(pages, content, code):
    """What a rule leaves behind when data are missing, and slips of grammar that rules make."""
    page = article(pages, code)
    texts = [tag.get_text() for tag in page.select("section.half li, section.half > p, p.country-about, #country-x p")]
    texts += [entry["text"] for entry in content.statements[f"country-{code.lower()}-sentences"]["sentences"]]
    assert len(texts) > 8
    for text in texts:
        assert not re.search(
            r"nan|None|NaN|<NA>|[{}]|  |\bthe the\b| [,.;]|\.\.|\ba [aeiou]|\b1 (countries|regions|cases)", text
        ), text
        assert not re.search(r"(?<!\w)-\d", text), f"a hyphen stands for a minus sign: {text}"
        assert text.endswith((".", "?")), text
        assert text[0].isupper(), text
        for name in ("Netherlands", "United Kingdom", "United States", "Slovak Republic"):
            assert not re.search(rf"(?<!the )(?<!The ){name}", text), text


@pytest.mark.parametrize("code", COUNTRIES)
def test_number_of_sentences_keeps_to_the_rules(content, code):
    kinds = [entry["kind"] for entry in content.statements[f"country-{code.lower()}-sentences"]["sentences"]]
    assert set(kinds) <= KINDS.keys()
    for kind, (least, most) in KINDS.items():
        assert least <= kinds.count(kind) <= most, kind


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_strength_and_question_rests_on_a_tested_difference_of_the_table(content, code):
    """The sentences are read back: value, year and side must be those of a row that the test calls so."""
    rows = table(code)
    for entry in content.statements[f"country-{code.lower()}-sentences"]["sentences"]:
        found = re.match(
            r"In (\d{4}) the .*? was ([\d.]+)(?:%| points)(?: \(to be read with caution\))?, (above|below)",
            entry["text"],
        )
        if entry["kind"] in ("strength", "question") and found:
            year, number, side = int(found[1]), float(found[2]), {"above": "higher", "below": "lower"}[found[3]]
            near = rows[(rows["year"] == year) & ((rows["obs_value"] - number).abs() <= 0.5)]
            verdicts = set(near["average_verdict"]) | set(near["peer_verdict"])
            assert side in verdicts, entry["text"]
            assert near["std_error"].notna().any(), entry["text"]


@pytest.mark.parametrize("code", COUNTRIES)
def test_page_asks_no_question_twice_and_no_strength_is_behind_the_average(content, code):
    told = content.statements[f"country-{code.lower()}-sentences"]["sentences"]
    asked = [question(entry["text"]) for entry in told if entry["text"].endswith("?")]
    assert len(asked) == len(set(asked))
    rows = table(code)
    better = {"mathematics": 1, "reading": 1, "low_performers": -1, "social_gap": -1, "teacher_shortage": -1}
    for indicator, direction in better.items():
        if rows.loc[indicator, "kind"] == "strength":
            for reference in rows.loc[indicator, ["average", "peer_mean"]].dropna():
                assert (rows.loc[indicator, "obs_value"] - reference) * direction >= 0
    for indicator in (
        "networks",
        "business_visits",
        "people_outside",
        "devices",
        "artificial_intelligence",
        "spending",
    ):
        assert pd.isna(rows.loc[indicator, "kind"]), f"{indicator} has no better side"


def test_questions_vary_between_countries(content):
    """One wording stood on most pages."""
    asked = [
        question(entry["text"])
        for code in COUNTRIES
        for entry in content.statements[f"country-{code.lower()}-sentences"]["sentences"]
        if entry["text"].endswith("?")
    ]
    assert len(set(asked)) >= 50
    assert max(map(asked.count, asked)) <= 4


@pytest.mark.parametrize("code", COUNTRIES)
def test_strengths_of_a_page_do_not_contradict_its_questions(content, code):
    """Few low performers in 2022 were praised above a question why mathematics was low in 2025."""
    kinds, rows = table(code)["kind"], table(code)
    level = rows.loc["mathematics", "obs_value"] >= rows.loc["mathematics", "average"]
    assert kinds["low_performers"] != "strength" or (level and kinds["mathematics"] != "question")
    assert kinds["mathematics"] != "strength" or kinds["low_performers"] != "question"
    if kinds["social_gap"] == "strength":
        assert level and not rows.loc["low_performers", "obs_value"] > rows.loc["low_performers", "average"]
    for entry in content.statements[f"country-{code.lower()}-sentences"]["sentences"]:
        if entry["kind"] == "strength" and entry["text"].startswith("In 2"):
            assert "similar systems" in entry["text"]
        subject = re.search(r"(Mathematics|Reading) (?:is|was) not behind", entry["text"])
        if subject:
            row = rows.loc[subject[1].lower()]
            assert row["obs_value"] >= row["average"] and not row["obs_value"] < row["peer_mean"]


def test_value_of_another_definition_is_told_and_not_compared(content):
    """Japan's share of graduates fell from 56 to 36% in a year, and was ranked."""
    row = table("JPN").loc["tertiary_attainment"]
    assert row["obs_value"] == pytest.approx(35.6, abs=0.05)
    assert pd.isna(row["rank"]) and pd.isna(row["peer_mean"])
    assert table("FRA").loc["tertiary_attainment", "n_averaged"] == 37
    korea = table("KOR")["peers"]
    assert "JPN" in korea["mathematics"] and "JPN" not in korea["tertiary_attainment"]
    told = " ".join(entry["text"] for entry in content.statements["country-jpn-sentences"]["sentences"])
    assert "35.6% in 2024 after 56.0% in 2023" in told
    assert "adults with tertiary education (" not in told


@pytest.mark.parametrize("code", COUNTRIES)
def test_flags_of_a_table_are_explained_and_no_others(content, code):
    note = content.exhibits[f"country-{code.lower()}-indicators"]["note"]
    flags = set("".join(table(code)["obs_status"].dropna()))
    explained = set(re.findall(r"(?<=[.;] )([bdemprs]): ", note))
    assert explained == flags


def test_steepest_fall_is_a_question(content):
    """Reading in the Netherlands, 2012 to 2022: from 511 to 459 points, as the OECD publishes it."""
    told = content.statements["country-nld-sentences"]["sentences"]
    questions = [entry["text"] for entry in told if entry["kind"] == "question"]
    assert questions[0].startswith(
        "From 2012 to 2022 the mean score fell by 52 points in reading (the steepest fall of "
    )


def test_missing_values_are_printed_as_missing(pages):
    """Luxembourg was not in PISA 2022 nor in TALIS 2024."""
    name = "Low performers in mathematics, PISA, %"
    (row,) = (
        line
        for line in article(pages, "LUX").select(".exhibit-table tbody tr")
        if line.get_text().strip().startswith(name)
    )
    cells = [cell.get_text().strip() for cell in row.find_all(["th", "td"])]
    assert cells[1:4] == ["m", "m", "m"]
    assert cells[5] == "m"


def test_each_row_shows_where_the_country_stands_and_says_whether_that_is_good(pages):
    """Every value has its strip; which side is better is a word, not a colour alone."""
    rows = table("NLD").reset_index()
    lines = article(pages, "NLD").select(".exhibit-table tbody tr")
    assert [bool(line.select("svg.dot-strip .strip-own")) for line in lines] == rows["obs_value"].notna().tolist()
    said = [line.find_all(["th", "td"])[5].get_text().strip() for line in lines]
    sided = rows["side"].isin(["better", "worse"])
    assert sided.sum() >= 3
    assert [text for text, has in zip(said, sided, strict=True) if has] == [
        f"{row.average_verdict} ({row.side})" for row in rows[sided].itertuples()
    ]


def test_names_of_similar_systems_lead_to_their_profiles(pages):
    links = {tag.get_text(): tag["href"] for tag in article(pages, "NLD").select(".country-about a")}
    assert len(links) >= 3 and "Netherlands" not in links
    assert links["Belgium"].split("#")[0] == "bel.html"


def test_companion_volume_has_two_pages_a_profile(profiles_pdf, profile_pages):
    starts = {}

    def walk(entries):
        for entry in entries:
            if isinstance(entry, list):
                walk(entry)
            else:
                starts.setdefault(entry.title, profiles_pdf.get_destination_page_number(entry))

    walk(profiles_pdf.outline)
    order = sorted(COUNTRIES.values())
    first = starts[order[0]]
    assert {name: starts[name] for name in order} == {name: first + 2 * place for place, name in enumerate(order)}
    for name in order:
        text = " ".join(" ".join(profile_pages[starts[name] : starts[name] + 2]).split())
        assert "Strengths" in text
        assert "Cases of the library" in text, f"the profile of {name} runs over its pages"
    assert "Cases of the library" not in profile_pages[first + 2 * len(order)]


def test_book_on_paper_leaves_profiles_to_the_companion_volume(pdf, profiles_pdf):
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert "Country profiles" not in titles
    assert [entry.title for entry in profiles_pdf.outline if not isinstance(entry, list)] == [
        "Contents",
        "Country profiles",
    ]
    assert profiles_pdf.metadata.title == "Country profiles"


def test_each_page_is_one_step_from_the_landing_page_and_the_navigation(pages):
    landing = {tag.get("href") for tag in pages[SITE / "book" / "index.html"].select(".country-links a")}
    index = pages[SITE / "book" / "countries.html"]
    listed = {tag.get("href") for tag in index.select(".country-list a")}
    tiles = {tag.get("href") for tag in index.select("svg.country-grid a")}
    navigation = BeautifulSoup((SITE / "book" / "chapter1.html").read_text("utf-8"), "html.parser")
    sidebar = {tag.get("href") for tag in navigation.select(".sidebar-tree a")}
    wanted = {f"countries/{code.lower()}.html" for code in COUNTRIES}
    for links in (landing, listed):
        assert {link.split("#")[0] for link in links} == wanted
    assert tiles == wanted
    # Nobody chooses from a list of so many at the side: there stands the page that lists them.
    assert "countries.html" in sidebar
    assert not wanted & sidebar


@pytest.mark.parametrize("code", ["NLD", "FIN", "CRI", "JPN", "USA"])
def test_published_numbers_are_those_of_the_indicator_tables(code):
    """By hand, from the files: value, average and its test, without the package."""
    rows, scores = table(code), source("pisa-mathematics").query("time_period == '2025'").set_index("ref_area")
    scores = scores.loc[list(COUNTRIES)]
    assert rows.loc["mathematics", "obs_value"] == pytest.approx(scores.loc[code, "obs_value"], rel=1e-6)
    assert rows.loc["mathematics", "average"] == pytest.approx(scores["obs_value"].mean(), rel=1e-6)
    assert rows.loc["mathematics", "n_averaged"] == 38
    others = scores.drop(index=code)["std_error"]
    error = ((37 / 38 * scores.loc[code, "std_error"]) ** 2 + (others**2).sum() / 38**2) ** 0.5
    z = (scores.loc[code, "obs_value"] - scores["obs_value"].mean()) / error
    if abs(z) < 1.96:
        assert rows.loc["mathematics", "average_verdict"] == "not clear"
    elif abs(z) > 4:
        assert rows.loc["mathematics", "average_verdict"] == ("higher" if z > 0 else "lower")
    rates = source("neet").query(
        "age == '15-29' and sex == 'total' and time_period in ['2019', '2020', '2021', '2022']"
    )
    rates = rates[rates["ref_area"].isin(COUNTRIES)].dropna(subset="obs_value").sort_values("time_period")
    latest = rates.drop_duplicates("ref_area", keep="last").set_index("ref_area")["obs_value"]
    if code in latest:
        assert rows.loc["neet", "obs_value"] == pytest.approx(latest[code], rel=1e-6)
        assert rows.loc["neet", "rank"] == (latest > latest[code]).sum() + 1
        assert rows.loc["neet", "average_verdict"] == "not tested"


def test_average_of_talis_is_the_one_that_the_publisher_prints():
    published = source("talis-ai-use").query("isced_level == '2' and ref_area == 'OECD-average-27'")["obs_value"].item()
    assert table("NLD").loc["artificial_intelligence", "average"] == pytest.approx(published, rel=1e-6)


def test_file_of_all_profiles_holds_every_country(built):
    rows = pd.read_csv(SITE / "countries" / "country-profiles.csv")
    assert rows.groupby("ref_area").size().to_dict() == dict.fromkeys(COUNTRIES, INDICATORS)


def test_list_of_exhibits_leads_to_every_table_and_figure_of_the_profiles(pages, content):
    links = {tag["href"].partition("#")[2] for tag in pages[SITE / "book" / "exhibits.html"].select("table.registry a")}
    collected = {identifier for identifier in content.exhibits if identifier.startswith("country-")}
    assert len(collected) == 2 * len(COUNTRIES)
    assert collected <= links


def test_statements_are_published_with_their_sources(content):
    entry = content.statements["country-nld-sentences"]
    assert {part["indicator"] for part in entry["sources"]} == set(entry["indicators"])
    assert json.dumps(entry["sentences"], ensure_ascii=False)


@pytest.mark.parametrize("code", COUNTRIES)
def test_page_is_read_again_for_what_it_shows_and_for_no_other_country(memory, code):
    """A page that recorded the results of others would be written for each change; one without its own, for none."""
    uses = memory.uses[f"book/countries/{code.lower()}"]
    published = {key for key in uses if not key.startswith("file:")}
    stem = f"country-{code.lower()}"
    own = {f"exhibit:{stem}-indicators", f"exhibit:{stem}-trends", f"statements:{stem}-sentences"}
    assert published == {*own, "cases", f"exhibits of {code}"}
