"""Failures guarded against: a country tested as if it were no part of its average, chance called a difference, missing
values counted, ranks that claim an order, and sentences that say more than the tests do."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from crossroads import profiles
from crossroads.profiles import ProfileError


def values(numbers, errors, averaged=True):
    """One indicator; areas A, B, C..."""
    areas = [chr(65 + i) for i in range(len(numbers))]
    table = pd.DataFrame({"indicator": "x", "ref_area": areas, "obs_value": numbers, "std_error": errors})
    return table.astype({"obs_value": float, "std_error": float}).assign(averaged=averaged)


def averages(table):
    """The average of the rows that count."""
    used = table[table["averaged"]]
    error = np.sqrt((used["std_error"] ** 2).sum(skipna=False)) / len(used)
    return pd.DataFrame(
        {"indicator": ["x"], "obs_value": [used["obs_value"].mean()], "std_error": [error], "n_areas": [len(used)]}
    )


def result(**changes):
    """A result of a country as `position_sentence` takes it."""
    row = {
        "subject": "the share of somebody", "direction": 1, "year": 2024, "form": ".0f", "unit": "%", "obs_value": 60.0,
        "obs_status": "", "average": 50.0, "n_averaged": 27, "average_verdict": "higher", "peer_mean": 52.0, "n_peers": 8.0,
        "peer_verdict": "higher",
    }  # fmt: skip
    return row | changes


class TestDifferences:
    def test_error_of_a_member_of_the_average_is_that_of_simulation(self):
        """Drawn samples know nothing of the formula; without the covariance the error would be a fifth too large."""
        errors, truth = np.array([4.0, 2.0, 1.0, 3.0]), np.array([10.0, 20.0, 30.0, 40.0])
        draws = np.random.default_rng(1).normal(truth, errors, (200_000, 4))
        simulated = (draws - draws.mean(axis=1, keepdims=True)).std(axis=0)
        table = values(truth, errors)
        found = profiles.differences(table, averages(table))
        assert_allclose(found["std_error"], simulated, rtol=0.01)
        assert_allclose(found["obs_value"], truth - 25)

    def test_area_outside_the_average_shares_no_error_with_it(self):
        table = values([10, 20, 30], [3, 4, 5], averaged=[True, True, False])
        found = profiles.differences(table, averages(table)).set_index("ref_area")
        assert_allclose(found.loc["C", "std_error"], np.hypot(5, np.hypot(3, 4) / 2))

    def test_no_error_without_a_published_one(self):
        table = values([10, 20, 30], [3, np.nan, 5], averaged=[True, False, True])
        found = profiles.differences(table, averages(table)).set_index("ref_area")["std_error"]
        assert found.isna().tolist() == [False, True, False]

    def test_missing_value_has_no_difference(self):
        table = values([10, np.nan], [3, np.nan], averaged=[True, False])
        assert profiles.differences(table, averages(table))["obs_value"].isna().tolist() == [False, True]

    def test_indicator_without_average_is_refused(self):
        with pytest.raises(ProfileError, match="'x' has no average"):
            profiles.differences(values([1], [1]), averages(values([1], [1])).assign(indicator="y"))

    def test_two_series_of_one_indicator_are_refused(self):
        with pytest.raises(ProfileError, match="more than once"):
            profiles.differences(pd.concat([values([1], [1])] * 2), averages(values([1], [1])))


class TestCircumstances:
    def test_edition_country_and_age_of_values(self):
        """Another edition, a region or a value too old would make systems similar that are not."""
        well_being = pd.DataFrame(
            [("AAA", "country", "2022", "disposable_income", np.e), ("AAA", "country", "2014", "disposable_income", 9.0),
             ("AA1", "region", "2022", "disposable_income", 9.0), ("BBB", "country", "2022", "disposable_income", 1.0),
             ("BBB", "country", "2022", "life_expectancy", 80.0), ("CCC", "country", "2022", "disposable_income", 1.0)],
            columns=["ref_area", "ref_area_type", "edition", "measure", "obs_value"])  # fmt: skip
        attainment = pd.DataFrame(
            [("AAA", 2022, "tertiary", 40.0), ("AAA", 2021, "tertiary", 39.0), ("BBB", 2018, "tertiary", 30.0),
             ("BBB", 2019, "below_upper_secondary", 20.0), ("CCC", 2022, "tertiary", 10.0)],
            columns=["ref_area", "time_period", "attainment_group", "obs_value"])  # fmt: skip
        found = profiles.circumstances(well_being, attainment, ["AAA", "BBB"])
        assert_allclose(found.loc[["AAA", "BBB"]], [[1, 40, np.nan], [0, np.nan, 20]])
        assert len(found) == 2

    def test_area_without_income_is_like_nobody(self):
        """Alike in education alone, Switzerland would have been called similar in income to anybody."""
        well_being = pd.DataFrame(
            {"ref_area": ["AAA", "CHE"], "ref_area_type": "country", "edition": "2022", "measure": "disposable_income",
             "obs_value": [np.e, np.nan]})  # fmt: skip
        attainment = pd.DataFrame(
            [("CHE", 2022, "tertiary", 40.0), ("CHE", 2022, "below_upper_secondary", 10.0)],
            columns=["ref_area", "time_period", "attainment_group", "obs_value"])  # fmt: skip
        assert profiles.circumstances(well_being, attainment, ["AAA", "CHE"]).loc["CHE"].isna().all()


class TestVerdicts:
    def test_difference_within_its_error_is_not_clear(self):
        found = profiles.verdicts(values([1.9, -1.9, 3, -3], [1, 1, 1, 1]), family=["indicator"])
        assert found["verdict"].tolist() == ["not clear", "not clear", "higher", "lower"]

    def test_many_tests_make_one_harder(self):
        """A difference of two standard errors is clear alone, and not among twenty."""
        alone = profiles.verdicts(values([2.1], [1]), family=["indicator"])
        among = profiles.verdicts(values([2.1] + [0.1] * 19, [1] * 20), family=["indicator"])
        assert (alone["verdict"][0], among["verdict"][0]) == ("higher", "not clear")
        assert (alone["n_tests"][0], among["n_tests"][0]) == (1, 20)

    def test_families_are_adjusted_apart(self):
        found = profiles.verdicts(values([2.1] + [0.1] * 19, [1] * 20))
        assert found["verdict"][0] == "higher"
        assert set(found["n_tests"]) == {1}

    @pytest.mark.parametrize("error", [np.nan, 0.0])
    def test_without_error_nothing_is_tested_however_large(self, error):
        found = profiles.verdicts(values([1e6], [error]))
        assert found["verdict"].tolist() == ["not tested"]
        assert found["n_tests"].tolist() == [0]

    def test_missing_is_missing_and_not_counted(self):
        found = profiles.verdicts(values([np.nan, 3], [1, 1]), family=["indicator"])
        assert found["verdict"].tolist() == ["m", "higher"]
        assert found["n_tests"].tolist() == [1, 1]

    def test_of_pure_chance_about_five_in_a_hundred_pages_name_a_difference(self):
        noise = np.random.default_rng(2).normal(size=4000)
        table = pd.DataFrame({"ref_area": np.repeat(np.arange(200), 20), "obs_value": noise, "std_error": 1.0})
        found = profiles.verdicts(table).groupby("ref_area")["verdict"].agg(lambda words: (words != "not clear").any())
        assert 0.01 < found.mean() < 0.1


class TestRankBands:
    def test_band_holds_every_rank_that_the_errors_leave_open(self):
        found = profiles.rank_bands(values([50, 49, 30, 10], [1, 1, 1, 1])).set_index("ref_area")
        assert found["rank"].tolist() == [1, 2, 3, 4]
        assert found[["rank_first", "rank_last"]].to_numpy().tolist() == [[1, 2], [1, 2], [3, 3], [4, 4]]

    def test_missing_values_take_no_rank(self):
        found = profiles.rank_bands(values([np.nan, 2, 1], [1, 1, 1]))
        assert found["ref_area"].tolist() == ["B", "C"]
        assert found["n_ranked"].tolist() == [2, 2]

    def test_no_band_without_errors(self):
        found = profiles.rank_bands(values([3, 2, 1], [np.nan] * 3))
        assert found[["rank_first", "rank_last"]].isna().all(axis=None)

    def test_ties_that_reach_beyond_a_quarter_are_in_none(self):
        """Two of four share the first rank: a quarter is one country, and neither is it."""
        found = profiles.rank_bands(values([9, 9, 5, 1], [np.nan] * 4))
        assert found["rank"].tolist() == [1, 1, 3, 4]
        assert found["quarter"].tolist() == ["", "", "", "lowest"]

    def test_quarters_of_both_ends_are_of_one_size(self):
        """Of 38 members nine were in the highest quarter and ten in the lowest."""
        found = profiles.rank_bands(values(range(26), [np.nan] * 26))
        assert found["quarter"].value_counts().to_dict() == {"": 14, "highest": 6, "lowest": 6}

    def test_rank_is_counted_from_both_ends_with_ties(self):
        found = profiles.rank_bands(values([9, 5, 5, 1], [np.nan] * 4))
        assert found["rank"].tolist() == [1, 2, 2, 4]
        assert found["rank_from_lowest"].tolist() == [4, 2, 2, 1]


class TestClassify:
    @pytest.mark.parametrize(
        ("direction", "value", "peers", "average", "peer", "kind"),
        [
            (1, 60, 55, "higher", "higher", "strength"),
            (1, 60, 55, "higher", "not clear", "strength"),
            (1, 60, np.nan, "higher", "m", "strength"),
            (1, 60, 55, "not clear", "higher", "strength"),
            (1, 40, 30, "not clear", "higher", ""),
            (-1, 60, 70, "not clear", "lower", ""),
            (1, 60, 65, "higher", "not clear", ""),
            (-1, 40, 35, "lower", "not clear", ""),
            (1, 60, 70, "higher", "lower", "question"),
            (-1, 60, 55, "higher", "not clear", "question"),
            (-1, 40, 45, "lower", "not clear", "strength"),
            (1, 60, 55, "not clear", "not clear", ""),
            (1, 60, 55, "not tested", "not tested", ""),
            (1, np.nan, np.nan, "m", "m", ""),
            (0, 60, 55, "higher", "higher", ""),
            (0, 40, 45, "lower", "lower", ""),
        ],
    )
    def test_only_a_tested_difference_with_a_better_side_counts(self, direction, value, peers, average, peer, kind):
        """A level on the worse side of the average, or of similar systems, was called a strength."""
        row = {"direction": direction, "obs_value": value, "average": 50, "peer_mean": peers}
        row = pd.DataFrame([row | {"average_verdict": average, "peer_verdict": peer}])
        assert profiles.classify(row).tolist() == [kind]

    def test_better_is_lower_where_less_is_better_and_nothing_without_a_better_side(self):
        rows = pd.DataFrame(
            {"direction": [1, -1, -1, 0, 1], "said": ["higher", "higher", "lower", "higher", "not clear"]}
        )
        assert profiles.sides(rows, "said").tolist() == ["better", "worse", "better", "", ""]


class TestUphold:
    """A few low performers in one round were praised on a page that asked why the mean of the next was low."""

    rows = pd.DataFrame(
        [
            ("mathematics", "A", "", 1, 449, 450),
            ("low_performers", "A", "strength", -1, 27, 31),
            ("mathematics", "B", "strength", 1, 470, 450),
            ("low_performers", "B", "strength", -1, 20, 31),
            ("mathematics", "C", "strength", 1, 470, 450),
            ("low_performers", "C", "question", -1, 30, 31),
            ("mathematics", "D", "", 1, np.nan, 450),
            ("low_performers", "D", "strength", -1, 20, 31),
            ("mathematics", "E", "question", 1, 440, 450),
            ("low_performers", "E", "question", -1, 40, 31),
        ],
        columns=["indicator", "ref_area", "kind", "direction", "obs_value", "average"],
    )

    def kinds(self, fallen):
        rivals = {"mathematics": ["low_performers"], "low_performers": ["mathematics"]}
        found = self.rows.assign(kind=profiles.uphold(self.rows, rivals, fallen))
        return found.pivot(index="ref_area", columns="indicator", values="kind").to_dict()

    def test_strength_falls_where_the_rival_is_behind_or_a_question(self):
        found = self.kinds({})
        assert found["low_performers"] == {"A": "", "B": "strength", "C": "question", "D": "strength", "E": "question"}
        assert found["mathematics"] == {"A": "", "B": "strength", "C": "", "D": "", "E": "question"}

    def test_strength_of_an_older_round_falls_where_scores_fell_since(self):
        assert self.kinds({"low_performers": {"B"}})["low_performers"]["B"] == ""
        assert self.kinds({"low_performers": {"B"}})["mathematics"]["B"] == "strength"


class TestStrangeValues:
    """Japan's share of graduates fell by twenty points in a year, and Swiss youth without work doubled in two."""

    @staticmethod
    def values(value, status, unit="%"):
        row = {"indicator": "x", "ref_area": "A", "year": 2024, "obs_value": value, "obs_status": status, "unit": unit}
        return pd.DataFrame([row], index=[7])

    series = pd.DataFrame(
        {"indicator": "x", "ref_area": "A", "year": [2021, 2022, 2023, 2024], "obs_value": [1, 18.0, 56.0, 0]}
    )

    @pytest.mark.parametrize(
        ("value", "status", "unit", "before"),
        [(35.6, "d", "%", 56.0), (35.6, "bd", "%", 56.0), (47.0, "d", "%", None), (35.6, "", "%", None),
         (35.6, "d", "points", None), (np.nan, "m", "%", None)],
    )  # fmt: skip
    def test_only_a_flagged_share_that_leapt_is_redefined(self, value, status, unit, before):
        found = profiles.redefined(self.values(value, status, unit), self.series)
        assert found.index.tolist() == [7]
        assert found.isna().all() if before is None else found.tolist() == [before]

    @pytest.mark.parametrize(
        ("value", "status", "leapt"),
        [(36.0, "", True), (9.0, "", True), (30.0, "", False), (36.0, "b", False), (36.0, "d", False)],
    )
    def test_value_that_doubles_or_halves_in_two_years_without_a_flag_is_found(self, value, status, leapt):
        assert profiles.jumps(self.values(value, status), self.series).notna().tolist() == [leapt]

    def test_no_value_of_an_earlier_year_nothing_found(self):
        later = self.values(36.0, "d").assign(year=2031)
        assert profiles.redefined(later, self.series).isna().all()
        assert profiles.jumps(later, self.series).isna().all()

    def test_sentences_name_both_values_and_years(self):
        row = {
            "subject": "adults with degrees",
            "year": 2024,
            "form": ".1f",
            "unit": "%",
            "obs_value": 35.64,
            "before": 55.99,
        }
        assert profiles.redefined_sentence(row).startswith(
            "Not ranked and not compared: adults with degrees, 35.6% in 2024 after 56.0% in 2023."
        )
        assert profiles.jump_sentence(row).startswith(
            "To be read with caution: adults with degrees, 35.6% in 2024 and 56.0% in 2022; the source flags no break"
        )


class TestQuestions:
    wordings = pd.DataFrame(
        [
            ("reading", "gap == 'worse'", "Who?"),
            ("reading", "", "Where?"),
            ("gap", "", "Where?"),
            ("gap", "", "Since when?"),
        ],
        columns=["indicator", "when", "question"],
    )

    def test_what_stands_out_decides_and_no_page_asks_twice(self):
        rows = pd.DataFrame({"ref_area": ["A", "A", "B", "B"], "indicator": ["reading", "gap", "reading", "gap"]})
        standing = pd.DataFrame({"gap": ["worse", ""]}, index=["A", "B"])
        found = profiles.choose_questions(rows, standing, pd.DataFrame(index=["A", "B"]), self.wordings)
        assert found.tolist() == ["Who?", "Where?", "Where?", "Since when?"]

    def test_question_has_the_fact_of_its_country_and_goes_where_there_is_none(self):
        """A page asked which partners could help where no value of partners was known."""
        wordings = pd.DataFrame(
            [("reading", "", "The gap is {gap}: why?"), ("reading", "", "Where?")],
            columns=["indicator", "when", "question"],
        )
        rows = pd.DataFrame({"ref_area": ["A", "B", "C"], "indicator": "reading"})
        standing = pd.DataFrame({"gap": ["", "", ""]}, index=["A", "B", "C"])
        facts = pd.DataFrame({"gap": ["9 points", None]}, index=["A", "B"])
        found = profiles.choose_questions(rows, standing, facts, wordings)
        assert found.tolist() == ["The gap is 9 points: why?", "Where?", "Where?"]
        with pytest.raises(ProfileError, match="names gap, which is no column"):
            profiles.choose_questions(rows, standing, facts.drop(columns="gap"), wordings)
        with pytest.raises(ProfileError, match="without condition and facts"):
            profiles.choose_questions(rows, standing, facts, wordings.iloc[:1])

    def test_indicator_that_could_be_left_without_a_question_is_refused(self):
        rows = pd.DataFrame({"ref_area": ["A"], "indicator": ["reading"]})
        with pytest.raises(ProfileError, match="no question for reading"):
            profiles.choose_questions(
                rows, pd.DataFrame({"gap": [""]}, index=["A"]), pd.DataFrame(index=["A"]), self.wordings.iloc[:1]
            )


class TestSteepestFalls:
    changes = pd.DataFrame(
        {"domain": "science", "start": 2022, "end": 2025, "ref_area": [*"ABCDE"], "obs_value": [-20.0, -30, -25, -40, 5],
         "verdict": ["lower", "lower", "not clear", "not tested", "higher"]}
    )  # fmt: skip

    def test_only_tested_falls_count_and_untested_take_no_place(self):
        found = profiles.steepest_falls(self.changes).set_index("ref_area")
        assert found["place"].to_dict() == {"A": 3, "B": 1}
        assert set(found["n_ranked"]) == {4}
        assert profiles.steepest_falls(self.changes, places=2)["ref_area"].tolist() == ["B"]

    def test_falls_that_tie_are_joint(self):
        """Two countries had the third steepest fall."""
        tied = self.changes.assign(obs_value=[-30.0, -30, -25, -40, 5])
        found = profiles.steepest_falls(tied)
        assert found["tied"].tolist() == [True, True]
        assert "(the joint steepest fall of 4 members)" in profiles.fall_sentence(found[found["ref_area"] == "A"])

    def test_sentence_tells_size_and_place(self):
        assert profiles.fall_sentence(profiles.steepest_falls(self.changes, places=1)) == (
            "From 2022 to 2025 the mean score fell by 30 points in science (the steepest fall of 4 members)."
        )


AREAS = pd.DataFrame(
    [
        ("PT11", "Norte", "NUTS2", "PRT"),
        ("PT15", "Algarve", "NUTS2", "PRT"),
        ("PT17", "Lisboa", "NUTS2", "PRT"),
        ("PT2", "Islands", "NUTS1", "PRT"),
        ("PT20", "Islands", "NUTS2", "PRT"),
    ],
    columns=["code", "name", "area_type", "country"],
)


NOWHERE = pd.DataFrame({"country": [], "obs_value": []})


def portugal(**by_code):
    """Return a row for each region named, with its value."""
    table = values([*by_code.values()], [np.nan] * len(by_code))
    return table.assign(ref_area=[*by_code], name=[*by_code], country="PRT")


class TestExtremes:
    def test_a_region_that_vanished_is_named_and_could_be_the_highest(self):
        """Lisbon had the highest share until its code changed; without it the North seemed to."""
        table = portugal(PT11=29, PT15=20, PT20=18)
        (found,) = profiles.extremes(table, ["country"], NOWHERE, AREAS).to_dict("records")
        assert (found["n_regions"], found["n_absent"], found["absent_names"]) == (3, 1, "Lisboa")
        row = found | {"label": "Tertiary", "time_period": "2023", "form": ".0f", "unit": "%"}
        assert profiles.spread_sentence(row) == (
            "Tertiary, 2023, 3 of 4 regions: from 18% in PT20 to 29% in PT11; no value, so perhaps lower or higher: Lisboa."
        )

    @pytest.mark.parametrize(("whole", "known"), [(28, True), (31, False), (17, False), (np.nan, True)])
    def test_country_beyond_all_its_regions_has_its_end_in_one_without_a_value(self, whole, known):
        """Portugal had 31% and its regions 18% to 29%, for Lisbon had no value."""
        national = pd.DataFrame({"country": ["PRT"], "obs_value": [whole]})
        table = portugal(PT11=29, PT15=20, PT20=18)
        (found,) = profiles.extremes(table, ["country"], national, AREAS).to_dict("records")
        text = profiles.spread_sentence(
            found | {"label": "Tertiary", "time_period": "2023", "form": ".0f", "unit": "%"}
        )
        assert ("29%" in text) is known and "Lisboa" in text
        assert ("the lowest and highest are not known; no value: Lisboa." in text) is not known

    def test_where_most_regions_are_absent_nothing_is_said_of_the_ends(self):
        (found,) = profiles.extremes(portugal(PT11=29), ["country"], NOWHERE, AREAS).to_dict("records")
        assert np.isnan(found["highest"]) and found["highest_name"] == ""
        row = found | {"label": "Tertiary", "time_period": "2023", "form": ".0f", "unit": "%"}
        text = profiles.spread_sentence(row)
        assert "1 of 4 regions has a value" in text and "29" not in text

    def test_names_lowest_and_highest_and_counts_regions_with_a_value(self):
        table = portugal(PT11=3, PT15=1, PT17=np.nan, PT20=2)
        (found,) = profiles.extremes(table, ["country"], NOWHERE, AREAS).to_dict("records")
        assert (found["lowest_name"], found["highest_name"], found["n_regions"]) == ("PT15", "PT11", 3)
        assert found["absent_names"] == "Lisboa"

    def test_regions_that_tie_are_all_named(self):
        table = portugal(PT15=1, PT11=1, PT17=2, PT20=2)
        assert profiles.extremes(table, ["country"], NOWHERE, AREAS)["lowest_name"].tolist() == ["PT11 and PT15"]


class TestSentences:
    def test_names_five_similar_systems_and_counts_the_others(self):
        names = ["Austria", "France", "Denmark", "Netherlands", "Poland", "Finland", "Hungary"]
        assert profiles.similar_sentence(names, True) == (
            "Systems most similar in household income and in adults' education: Austria, France, Denmark, the Netherlands"
            " and Poland; two others carry less weight."
        )
        assert profiles.similar_sentence(names[:6], True).endswith("; one other carries less weight.")
        assert profiles.similar_sentence(names[:3], True).endswith("Austria, France and Denmark.")

    def test_says_where_no_system_is_similar_enough(self):
        """Four were called too few where elsewhere three were enough: the reason was another."""
        assert profiles.similar_sentence(["Türkiye"], False).startswith("Only Türkiye is similar")
        assert profiles.similar_sentence(["Türkiye", "Chile"], False).endswith(
            "A comparison needs three systems, so that there is no comparison with similar systems."
        )
        assert profiles.similar_sentence(["Netherlands", "Italy", "Spain"], False).endswith(
            "The Netherlands alone would have most of the weight, so that there is no comparison with similar systems."
        )
        assert "household income is available" in profiles.similar_sentence([], False, known=False)
        assert profiles.similar_sentence([], False).startswith("No other member is similar")

    def test_says_value_year_average_n_and_peers(self):
        assert profiles.position_sentence(result()) == (
            "In 2024 the share of somebody was 60%, above the OECD average (50%; 27 countries) and above similar systems"
            " (52%; 8 countries)."
        )

    def test_unclear_side_is_called_unclear(self):
        text = profiles.position_sentence(result(peer_verdict="not clear"))
        assert text.endswith(
            "above the OECD average (50%; 27 countries), with no clear difference from similar systems (52%; 8 countries)."
        )

    def test_comparison_that_is_missing_is_said_to_be_so(self):
        text = profiles.position_sentence(result(peer_verdict="m", peer_mean=np.nan, n_peers=np.nan))
        assert text.endswith("above the OECD average (50%; 27 countries); not compared with similar systems.")

    def test_two_sides_that_differ_are_joined_by_but(self):
        assert " but below similar" in profiles.position_sentence(result(peer_verdict="lower"))

    def test_no_sentence_without_a_tested_difference(self):
        with pytest.raises(ProfileError, match="nothing to say"):
            profiles.position_sentence(result(average_verdict="not clear", peer_verdict="not tested"))

    def test_different_numbers_do_not_print_as_one(self):
        text = profiles.position_sentence(result(obs_value=50.4, average=50.0, peer_mean=40.0))
        assert "was 50.4%, above the OECD average (50.0%;" in text

    def test_flagged_value_is_read_with_caution(self):
        assert "60% (to be read with caution), above" in profiles.position_sentence(result(obs_status="s"))

    def test_change_tells_falls_rises_and_neither(self):
        rows = pd.DataFrame(
            {"domain": ["mathematics", "reading", "science"], "obs_value": [-21.4, -3.0, 12.6],
             "verdict": ["lower", "not clear", "higher"], "start": 2012, "end": 2022}
        )  # fmt: skip
        assert profiles.change_sentence(rows) == (
            "From 2012 to 2022 the mean score fell by 21 points in mathematics, rose by 13 points in science, and showed"
            " no clear change in reading (\u22123)."
        )

    def test_change_without_an_error_is_shown_and_not_called_a_fall(self):
        rows = pd.DataFrame(
            {"domain": ["mathematics", "reading", "science"], "obs_value": [-25.0, np.nan, -23],
             "verdict": ["not tested", "m", "lower"], "start": 2022, "end": 2025}
        )  # fmt: skip
        assert profiles.change_sentence(rows) == (
            "From 2022 to 2025 the mean score fell by 23 points in science; the change in mathematics (\u221225) could not be"
            " tested; no change is published for reading."
        )
        assert profiles.change_sentence(rows.iloc[:1]) == (
            "From 2022 to 2025 the change in mathematics (\u221225) could not be tested."
        )

    def test_change_that_is_not_published_is_said_to_be_so(self):
        rows = pd.DataFrame(
            {"domain": ["mathematics"], "obs_value": [np.nan], "verdict": ["m"], "start": 2012, "end": 2022}
        )
        assert profiles.change_sentence(rows) == "Changes in PISA scores from 2012 to 2022 are not published."

    def test_rank_alone_claims_no_difference(self):
        rows = pd.DataFrame(
            {
                "short": ["spending", "trust"],
                "year": [2019, 2022],
                "rank": [2, 20],
                "rank_from_lowest": [35, 19],
                "n_ranked": [36, 38],
                "quarter": ["highest", ""],
            }
        )
        text = profiles.untested_sentence(rows, "Netherlands")
        assert text == (
            "By rank alone, without a test, the Netherlands is in the highest quarter for spending (2nd highest of 36, 2019)."
        )
        assert "between the highest and the lowest quarter" in profiles.untested_sentence(
            rows.assign(quarter=""), "Japan"
        )
        assert profiles.untested_sentence(rows.iloc[:0], "Japan").startswith("There is no value for Japan")

    @pytest.mark.parametrize(
        ("rank", "from_lowest", "total", "expected"),
        [(1, 38, 38, "highest of 38"), (2, 37, 38, "2nd highest of 38"), (11, 28, 38, "11th highest of 38"), (3, 1, 3, "lowest of 3"),
         (36, 3, 38, "3rd lowest of 38"), (18, 21, 38, "18th highest of 38"), (3, 34, 38, "joint 3rd highest of 38"),
         (37, 1, 38, "joint lowest of 38")],
    )  # fmt: skip
    def test_rank_says_from_which_end(self, rank, from_lowest, total, expected):
        """Rank 36 of 38 was good for one indicator and bad for another, and a reader had to turn the scale."""
        assert profiles.place_words(rank, from_lowest, total) == expected

    @pytest.mark.parametrize(
        ("better", "worse", "expected"),
        [(0, 0, "neither better nor worse than average on any"), (3, 0, "better than average on three, worse on none"),
         (0, 1, "better than average on none, worse on one"), (11, 2, "better than average on 11, worse on two")],
    )  # fmt: skip
    def test_title_counts_all_none_and_one(self, better, worse, expected):
        assert profiles.balance_words(better, worse) == expected

    def test_practices_are_told_beside_the_average_without_praise(self):
        rows = pd.DataFrame(
            {"short": ["teachers in networks", "teachers on visits", "students on devices", "teachers apart"],
             "obs_value": [67.2, 10.1, 37.0, np.nan], "average": [51.0, 20.0, 37.0, 1.0], "year": [2024, 2024, 2023, 2022],
             "average_verdict": ["higher", "lower", "not clear", "m"]}
        )  # fmt: skip
        assert profiles.practice_sentence(rows) == (
            "Networks and technology: above the OECD average, teachers in networks (67% in 2024; average 51%); below it, teachers on visits (10% in 2024;"
            " average 20%); not clearly different from the OECD average, students on devices (37% in 2023; average 37%)."
        )
        assert profiles.practice_sentence(rows.iloc[1:2]) == (
            "Networks and technology in 2024: below the OECD average, teachers on visits (10%; average 20%)."
        )
        assert profiles.practice_sentence(rows.iloc[3:]).endswith("no tested values are available.")

    def test_results_that_a_list_has_no_room_for_are_named(self):
        assert profiles.cut_sentence(["reading"]) == "One more in the table: reading."
        assert profiles.cut_sentence(["reading", "science"]) == "Two more in the table: reading and science."

    def test_empty_list_is_explained(self):
        """It speaks of comparisons alone: a score may have fallen on the same page."""
        assert profiles.nothing_sentence("strength", 24).startswith("No result counts as a strength: none is")
        assert profiles.nothing_sentence("question", 24).startswith("No indicator is clearly less favourable")
        assert profiles.nothing_sentence("question", 0).endswith("could be tested.")

    def test_missing_values_and_parts_of_a_country(self):
        assert profiles.missing_sentence(20, 20) == "None of the 20 indicators has a value."
        assert profiles.missing_sentence(1, 20) == "Of the 20 indicators one has no value, shown as m."
        assert profiles.missing_sentence(11, 20) == "Of the 20 indicators 11 have no value, shown as m."
        assert (
            profiles.uncovered_sentence("TALIS", "United Kingdom", [])
            == "There is no value of TALIS for the United Kingdom."
        )
        text = profiles.uncovered_sentence("TALIS", "Canada", ["Alberta"])
        assert text.endswith("TALIS covered only Alberta, which does not stand for the country.")
        assert profiles.uncovered_sentence("the Survey of Skills", "Belgium", ["Flemish Community"]) == (
            "There is no value of the Survey of Skills for Belgium. The Survey of Skills covered only the Flemish Community,"
            " which does not stand for the country."
        )

    def test_spread_names_both_ends(self):
        row = {"label": "Employment", "time_period": "2021", "n_regions": 3, "n_absent": 0, "lowest": 50.2, "lowest_name": "South",
               "highest": 70.0, "highest_name": "North", "form": ".0f", "unit": "%"}  # fmt: skip
        assert profiles.spread_sentence(row) == "Employment, 2021, 3 regions: from 50% in South to 70% in North."

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("Netherlands", "the Netherlands"), ("Slovak Republic", "the Slovak Republic"), ("United Kingdom", "the United Kingdom"),
         ("United States", "the United States"), ("Korea", "Korea"), ("Türkiye", "Türkiye"), ("Czechia", "Czechia")],
    )  # fmt: skip
    def test_articles(self, name, expected):
        assert profiles.named(name) == expected

    @pytest.mark.parametrize(
        ("number", "form", "unit", "expected"),
        [(-3.2, "+.0f", "", "\u22123"), (0.2, "+.0f", "", "0"), (12345.6, ",.0f", "US dollars", "12\u202f346 US dollars"),
         (45.04, ".1f", "%", "45.0%"), (2.3, ".2f", "% of GDP", "2.30% of GDP")],
    )  # fmt: skip
    def test_amounts(self, number, form, unit, expected):
        assert profiles.amount(number, form, unit) == expected

    def test_enumerations(self):
        assert [profiles.enumerate_words("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_regions_without_a_value_are_named_once_where_all_sentences_lack_the_same():
    """Norway's profile named the same two islands four times and ran over its page."""
    alike = [
        "Jobs, 2021, 6 of 7 regions: from 1 in A to 2 in B; no value, so perhaps lower or higher: C.",
        "Pay, 2019, 6 of 7 regions: from 3 in B to 4 in A; no value, so perhaps lower or higher: C.",
    ]
    assert profiles.absence_once(alike) == [
        "Jobs, 2021, 6 of 7 regions: from 1 in A to 2 in B.", "Pay, 2019, 6 of 7 regions: from 3 in B to 4 in A.",
        "Without a value in any of these, so perhaps lower or higher: C.",
    ]  # fmt: skip
    other = [alike[0], alike[1].replace(": C.", ": D.")]
    whole = [alike[0], "Pay, 2019, 7 regions: from 3 in B to 4 in A."]
    assert [profiles.absence_once(found) for found in (other, whole, alike[:1], [])] == [other, whole, alike[:1], []]
