"""Analysis of coded cases, compared with published examples, other implementations and hand computations."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from crossroads import coding
from crossroads.evidence import cases


def codes(**columns):
    return pd.DataFrame(columns, dtype="Int8").rename_axis("case")


@pytest.fixture(scope="module")
def library():
    return cases.load()


@pytest.fixture(scope="module")
def book():
    return cases.code_book()


@pytest.fixture(scope="module")
def first():
    return coding.frame(cases.coding("first"))


@pytest.fixture(scope="module")
def second():
    return coding.frame(cases.coding("second"))


# -- coding by rule --------------------------------------------------------------------------------


def test_second_coding_is_what_the_rules_give(library, book, second):
    """A second coding edited by hand would no longer be independent of the first."""
    pd.testing.assert_frame_equal(coding.by_rule(library, book).loc[second.index], second)


@pytest.mark.parametrize(
    ("phrase", "text", "occurs"),
    [
        ("head", "two successive heads", False),
        ("head", "The head cites", True),
        ("head", "ahead", False),
        ("project*", "Projects of pupils", True),
        ("mixed age*", "mixed-age", False),
        ("EUR *", "EUR 21 million", True),
        ("a.b", "axb", False),
    ],
)
def test_phrase_is_found_as_whole_words(phrase, text, occurs):
    assert coding._occurs(phrase, text) is occurs


def test_rule_looks_only_at_the_fields_of_a_code(library, book):
    case = library["the-met"]
    only = {"codes": {"x": {"fields": ["technology"], "phrases": ["internships"]}}}
    assert pd.isna(coding.by_rule({"the-met": case}, only).loc["the-met", "x"]), "technology is not known"
    only["codes"]["x"]["fields"] = ["leadership", "technology"]
    assert coding.by_rule({"the-met": case}, only).loc["the-met", "x"] == 0


# -- agreement -------------------------------------------------------------------------------------


def test_kappa_is_that_of_scikit_learn(first, second):
    found = coding.agreement(first, second, repeats=10).set_index("code")
    for code in first.columns:
        both = pd.concat([first[code], second[code]], axis=1).dropna(how="all").fillna(0).astype(int).to_numpy()
        assert found.loc[code, "kappa"] == pytest.approx(cohen_kappa_score(both[:, 0], both[:, 1]))
        assert found.loc[code, "n"] == len(both)


def test_kappa_of_a_hand_computation():
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: 0.7 observed, 0.5 by chance, kappa 0.4."""
    ones, twos = [1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    row = coding.agreement(codes(a=ones), codes(a=twos)).iloc[0]
    assert (row["agreement"], row["kappa"]) == (pytest.approx(0.7), pytest.approx(0.4))
    # Large-sample standard error of this table: sqrt(0.7 * 0.3 / 50) / 0.5.
    assert (row["upper"] - row["lower"]) / 3.92 == pytest.approx(np.sqrt(0.7 * 0.3 / 50) / 0.5, rel=0.1)


def test_kappa_that_does_not_exist_is_missing_not_one():
    row = coding.agreement(codes(a=[0, 0, 0]), codes(a=[0, 0, 0]), repeats=20).iloc[0]
    assert np.isnan(row["kappa"])
    assert np.isnan(row["lower"])
    assert row["undefined"] == 20


def test_code_that_no_case_can_be_coded_by_has_no_kappa_and_is_no_agreement(recwarn):
    table = coding.agreement(codes(a=[None, None], b=[1, 0]), codes(a=[None, None], b=[1, 0]), repeats=20)
    assert np.isnan(table.set_index("code").loc["a", "kappa"])
    assert table.iloc[-1]["kappa"] == 1
    assert not recwarn.list


def test_silence_of_both_is_left_out_and_silence_of_one_is_a_disagreement():
    one, other = codes(a=[1, 0, 1, None, None]), codes(a=[1, 0, 0, None, 1])
    row = coding.agreement(one, other, repeats=20).iloc[0]
    assert (row["n"], row["first"], row["second"]) == (4, 2, 2)
    assert row["agreement"] == 0.5
    listed = coding.disagreements(one, other)
    assert listed["case"].tolist() == [2, 4]
    assert pd.isna(listed["first"][1])


def test_codings_of_different_cases_are_refused():
    with pytest.raises(ValueError, match="differ in their cases or codes"):
        coding.agreement(codes(a=[1, 0]), codes(b=[1, 0]))


def test_agreement_of_strengths_weighs_distance():
    order = ["weak", "middle", "strong"]
    a = pd.Series(["weak", "middle", "strong", "strong"] * 5)
    near = a.replace({"strong": "middle"}).where(a.index % 4 != 3, a)
    far = a.replace({"strong": "weak"}).where(a.index % 4 != 3, a)
    close, distant = (coding.strength_agreement(a, b, order, repeats=50) for b in (near, far))
    assert close["agreement"].tolist() == distant["agreement"].tolist() == [0.75, 0.75]
    assert close["kappa"][1] > distant["kappa"][1]
    numbers = {name: i for i, name in enumerate(order)}
    wanted = cohen_kappa_score(a.map(numbers), far.map(numbers), weights="linear")
    assert distant["kappa"][1] == pytest.approx(wanted)


def test_disagreements_are_all_listed(first, second):
    listed = coding.disagreements(first, second)
    assert len(listed) == int((first.fillna(0) != second.fillna(0)).to_numpy().sum())
    table = coding.agreement(first, second, repeats=10).set_index("code")
    assert table.loc["all codes", "agreement"] == pytest.approx(1 - len(listed) / table.loc["all codes", "n"])


# -- combinations and groups -----------------------------------------------------------------------


def test_combinations_are_exact_and_leave_out_with_a_count():
    counts, left_out = coding.combinations(codes(a=[1, 1, 0, 1, None], b=[0, 0, 0, 1, 1]))
    assert left_out == 1
    assert counts.to_dict("records") == [
        {"a": True, "b": False, "size": 1, "n": 2},
        {"a": False, "b": False, "size": 0, "n": 1},
        {"a": True, "b": True, "size": 2, "n": 1},
    ]


def test_group_is_given_if_any_code_is_and_no_group_is_denied_that_could_not_be_coded():
    book = {"groups": {"g": "", "h": ""}, "codes": {"a": {"group": "g"}, "b": {"group": "g"}, "c": {"group": "h"}}}
    found = coding.groups(codes(a=[0, 1, None, None], b=[0, None, 0, None], c=[1, 1, 1, None]), book)
    assert found["g"].tolist()[:2] == [0, 1]
    assert found["g"].isna().tolist() == [False, False, True, True]


# -- network ---------------------------------------------------------------------------------------


def test_unknown_partners_are_no_link(library):
    links = coding.partners(library)
    assert "institut-beatenberg" not in links.index
    assert len(links) == sum(case["partners"] is not None for case in library.values())
    assert links["business"].sum() == sum(
        "business" in (case["partners"] or {"kinds": []})["kinds"] for case in library.values()
    )
    assert coding.partner_network(links).number_of_edges() == links.to_numpy().sum()


def test_centralities_of_southern_women():
    """Davis's Southern women: the published two-mode measures of events."""
    women = nx.davis_southern_women_graph()
    for node, side in women.nodes(data="bipartite"):
        women.nodes[node]["mode"] = "partner" if side else "case"
    table = coding.centralities(women).set_index("partner")
    assert table.loc["E8", "n"] == 14
    assert table.loc["E8", "degree"] == pytest.approx(0.778, abs=5e-4)
    assert table.loc["E8", "closeness"] == pytest.approx(0.846, abs=5e-4)
    assert table.loc["E8", "betweenness"] == pytest.approx(0.244, abs=5e-4)
    assert table.index[0] == "E8"


# -- evidence --------------------------------------------------------------------------------------


def test_evidence_map_keeps_zeros_and_ignores_missing():
    strengths = pd.Series(["low", "high", "low"])
    found = coding.evidence_map(codes(a=[1, 0, 1], b=[None, 1, 0]), strengths, ["high", "middle", "low"])
    assert found.to_dict("records") == [
        {"code": "a", "strength": "high", "n": 0},
        {"code": "a", "strength": "middle", "n": 0},
        {"code": "a", "strength": "low", "n": 2},
        {"code": "b", "strength": "high", "n": 1},
        {"code": "b", "strength": "middle", "n": 0},
        {"code": "b", "strength": "low", "n": 0},
    ]
