"""How published numbers read: a wrong sign, separator or unit would be a wrong number in print."""

import pytest

from crossroads import numbers


def published(obs_value, **changes):
    metadata = {"id": "ch1-x", "obs_value": obs_value, "unit": "", "format": "", "time_period": "2022",
                "std_error": None, "n_obs": None, "note": ""}  # fmt: skip
    return {**metadata, **changes}


@pytest.mark.parametrize(
    ("metadata", "specification", "text"),
    [
        (published(12.345, format=".1f"), None, "12.3"),
        (published(12.345, format=".1f"), ".2f", "12.35"),
        (published(-3.2, format=".0f"), None, "\u22123"),
        (published(11400.4, format=",.0f"), None, "11\u202f400"),
        (published(12.345, format=".1f", unit="%"), None, "12.3%"),
        (published(5.0, format="+.1f", unit="points"), None, "+5.0"),
        (published(0.04, format="+.1f", unit="points"), None, "0.0"),
        (published(-0.004, format=".2f", unit="%"), None, "0.00%"),
        (published("Japan"), None, "Japan"),
    ],
)
def test_number_is_printed_with_its_format_sign_and_unit(metadata, specification, text):
    assert numbers.format_value(metadata, specification) == text


@pytest.mark.parametrize(("obs_value", "specification"), [(12.3, "d"), (12.3, "wide"), ("Japan", ".1f")])
def test_format_that_does_not_fit_names_value_and_remedy(obs_value, specification):
    with pytest.raises(numbers.WordingError, match=r"ch1-x: the format .* does not fit .* write for example"):
        numbers.format_value(published(obs_value), specification)


def test_description_tells_error_n_and_period():
    metadata = published(471.9, format=".0f", unit="score points", std_error=0.437, n_obs=38)
    assert numbers.describe_value(metadata) == "472 score points, standard error 0.44, n = 38, 2022"


def test_source_line_names_each_source_once():
    source = {"publisher": "OECD", "dataset": "PISA", "edition": "2023", "licence": "CC BY 4.0"}
    metadata = {"sources": [source, dict(source), {**source, "edition": ""}], "licence": "CC BY 4.0"}
    assert numbers.source_line(metadata) == "OECD, PISA (2023); OECD, PISA"
    assert numbers.licence_line(metadata) == "Exhibit: CC BY 4.0. Data: CC BY 4.0."


@pytest.mark.parametrize(
    ("number", "form", "unit", "text"),
    [(-3.2, "+.0f", "", "\u22123"), (0.2, "+.0f", "", "0"), (12345.6, ",.0f", "US dollars", "12\u202f346 US dollars"),
     (45.6, ".0f", "%", "46%"), (2.46, ".1f", "% of GDP", "2.5% of GDP")],
)  # fmt: skip
def test_amount_has_its_unit_as_print_wants_it(number, form, unit, text):
    assert numbers.amount(number, form, unit) == text


def test_ends_of_an_interval_have_true_signs_and_one_unit():
    assert numbers.span(-0.123, 0.4, ".2f") == "\u22120.12 to 0.40"
    assert numbers.span(-3, 4, "+.0f", "%") == "\u22123 to +4%"


@pytest.mark.parametrize(("n", "text"), [(0, "none"), (1, "one"), (10, "ten"), (11, "11"), (-1, "-1")])
def test_small_counts_are_words(n, text):
    assert numbers.in_words(n) == text


def test_counts_beside_figures_are_words_only_where_asked():
    assert [numbers.in_words(n, "no", largest=1) for n in (0, 1, 2)] == ["no", "one", "2"]


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (iter("ABC"), "A, B and C")]
)
def test_words_are_joined_as_in_a_sentence(words, text):
    assert numbers.enumerate_words(words) == text


@pytest.mark.parametrize(
    ("n_tests", "adjustment", "said"),
    [
        (38, "family-wise error of Holm", "adjusted for 38 tests"),
        (2, "not adjusted", "2 tests, not adjusted"),
        (1, "", "one test"),
    ],
)
def test_brackets_after_a_verdict_say_for_how_many_tests_it_was_adjusted(n_tests, adjustment, said):
    """A family that was not adjusted must not read as if it had been, nor a single test as a family."""
    assert numbers.mention_tests({"n_tests": n_tests, "adjustment": adjustment}) == said
