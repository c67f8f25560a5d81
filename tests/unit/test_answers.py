"""What a page computes in the reader's browser is what Python computes, and what it says of an area is true."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crossroads import intervals
from press import web

SCRIPTS = Path(web.__file__).with_name("static")
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run the scripts of the page")


def run(script, expression):
    """Return what an expression is in node, where all that a script exports has its name."""
    program = (
        f"const known = require({json.dumps(str(SCRIPTS / script))}); Object.assign(globalThis, known);"
        f"console.log(JSON.stringify({expression}));"
    )
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_tail_of_the_normal_distribution_is_that_of_scipy():
    """Near zero, where the series changes to the continued fraction, and far out."""
    points = [0, 0.01, 0.5, 1, 1.959963984540054, 2.5, 2.999, 3, 3.001, 4, 6, 10, 37]
    found = run("answers.js", f"{points}.map(tail)")
    np.testing.assert_allclose(found, stats.norm.sf(points), rtol=1e-10)


def test_difference_has_the_interval_and_p_value_of_the_report():
    pairs = [(508, 2.1, 499.4, 1.7), (-0.21, 0.04, -0.2, 0.05), (50, 0.6, 80, 0.9)]
    given = [[{"value": a, "error": s}, {"value": b, "error": t}] for a, s, b, t in pairs]
    found = pd.DataFrame(run("answers.js", f"{json.dumps(given)}.map((pair) => difference(...pair))"))
    estimate = pd.Series([a - b for a, _, b, _ in pairs])
    error = pd.Series([np.hypot(s, t) for _, s, _, t in pairs])
    lower, upper = intervals.interval(estimate, error)
    for column, expected in (("lower", lower), ("upper", upper), ("p", intervals.p_value(estimate, error))):
        np.testing.assert_allclose(found[column], expected, rtol=1e-9, err_msg=column)


@pytest.mark.parametrize("values", [[0.04], [0.03, 0.01, 0.02], [0.5, 0.6, 0.001], [0.02, 0.02, 0.9, 0.0001, 0.3]])
def test_p_values_are_adjusted_as_in_the_report(values):
    np.testing.assert_allclose(run("answers.js", f"holm({values})"), intervals.adjusted(np.array(values), "holm"))


def test_two_pairs_that_are_clear_alone_are_not_after_the_adjustment():
    """Each has p = 0.04; one of three such tests would be below 5% by chance more often than that."""
    one = {"name": "One", "value": 10.0, "error": 1.0, "digits": 0, "key": ""}
    others = [{**one, "name": name, "value": value} for name, value in (("Two", 12.904), ("Three", 7.096))]
    alone = run("answers.js", f"verdicts([[{json.dumps(one)}, {json.dumps(others[0])}]])")
    together = run("answers.js", f"verdicts({json.dumps([[one, other] for other in others])})")
    assert alone == [
        "One is 3 lower than Two (95% interval 0 to 6); statistically significant: sampling alone would hardly give it"
        " (p = 0.040)."
    ]
    assert all("not statistically significant: sampling alone could give it (p = 0.080)" in line for line in together)


@pytest.mark.parametrize(
    ("printed", "number"),
    [("508", 508), ("\u22123.5", -3.5), ("12\u202f346", 12346), ("1,234,567.5", 1234567.5), ("45%", 45), ("< 0.001", 0.001),
     ("+2", 2), ("m", None), ("", None), ("Estonia", None)],
)  # fmt: skip
def test_printed_numbers_are_read_and_what_is_none_is_none(printed, number):
    assert run("answers.js", f"number({json.dumps(printed)})") == number


@pytest.mark.parametrize(
    ("value", "all_values", "said"),
    [
        (9, [9, 5, 4, 1], "highest of 4"),
        (5, [9, 5, 4, 1], "2nd highest of 4"),
        (4, [9, 5, 4, 1], "2nd lowest of 4"),
        (1, [9, 5, 4, 1], "lowest of 4"),
        (9, [9, 9, 4, 1], "equal highest of 4"),
        (5, [9, 8, 5, 5, 4, 3, 2, 1], "equal 3rd highest of 8"),
        (5, [9, None, 5, 4], "2nd highest of 3"),
        (None, [9, 5, 4], ""),
        (9, [9, 5], ""),  # of two, no place says anything
        (89, range(100, 0, -1), "12th highest of 100"),
        (79, range(100, 0, -1), "22nd highest of 100"),
    ],
)
def test_place_is_told_from_the_nearer_end_and_ties_share_it(value, all_values, said):
    values = json.dumps(list(all_values)).replace("null", "NaN")
    assert run("answers.js", f"place({'NaN' if value is None else value}, {values})") == said


def test_address_wins_over_the_device_and_unknown_codes_are_left_out():
    known = json.dumps(["EST", "FIN", "DEU", "FRA"])
    kept = json.dumps(["FRA", "FIN"])
    for address, country, compare in (
        ("", "FRA", ["FIN"]),
        ("?area=EST&compare=FIN,DEU", "EST", ["FIN", "DEU"]),
        ("?area=est", "EST", []),
        ("?area=XXX", "", []),
        ("?area=EST&compare=EST,FIN,FIN,DEU,FRA", "EST", ["FIN", "DEU"]),
    ):
        found = run("areas.js", f"choice({json.dumps(address)}, {kept}, {known})")
        assert found == {"area": country, "compare": compare}, address


def test_shared_address_holds_what_is_chosen_and_the_place():
    chosen = json.dumps({"area": "EST", "compare": ["FIN", "DEU"]})
    found = run("areas.js", f"shared('https://book.example/a.html?q=1&area=FRA#old', {chosen}, 'ch1-x')")
    assert found == "https://book.example/a.html?q=1&area=EST&compare=FIN,DEU#ch1-x"
    none = json.dumps({"area": "", "compare": []})
    assert (
        run("areas.js", f"shared('https://book.example/a.html?area=FRA#old', {none})")
        == "https://book.example/a.html#old"
    )


def test_file_of_the_rows_shown_says_what_it_is_and_quotes_what_needs_it():
    lines = json.dumps(["Figure 1.1: A title", "", "Source:  Nobody,\n a set"])
    rows = json.dumps([["Country", "Share (%)"], ["Korea, Republic of", '5 "m"']])
    assert run("answers.js", f"csv({lines}, {rows})") == (
        '# Figure 1.1: A title\r\n# Source: Nobody, a set\r\nCountry,Share (%)\r\n"Korea, Republic of","5 ""m"""\r\n'
    )


def test_card_tells_what_is_known_and_leads_to_place_rows_code_and_source():
    said = {
        "what": "Mean",
        "unit": "points",
        "error": "1.9",
        "source": "OECD",
        "rows": "yes",
        "cell": "n.html#code-x",
        "entries": "pisa=c.html#pisa",
    }
    assert run("cards.js", f"facts({json.dumps(said)})") == [
        ["Unit", "points"],
        ["Standard error", "1.9"],
        ["Source", "OECD"],
    ]
    assert run("cards.js", f"links({json.dumps(said)}, 'a.html#x', '../')") == [
        ["See it in its place", "a.html#x"], ["The rows behind it", "a.html#x-rows"], ["The code", "../n.html#code-x"],
        ["Data: pisa", "../c.html#pisa"],
    ]  # fmt: skip
    assert run("cards.js", "links({what: 'x', record: 'yes'}, 's.html#w', '../')") == [
        ["The record of the study", "s.html#w"]
    ]


def test_scripts_weigh_little_and_ask_no_other_site():
    import gzip

    texts = [(SCRIPTS / name).read_bytes() for name in ("areas.js", "answers.js", "cards.js")]
    assert sum(len(gzip.compress(text)) for text in texts) <= 20_000
    assert not any(b"http" in text for text in texts)
