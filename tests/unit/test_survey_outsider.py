"""What somebody else would ask of real public-use files, against formulae written out here with NumPy alone.

Failures guarded against: an answer that is right for the questions of this book only. The formulae share no code with the
package: each takes a frame, one set of weights and one plausible value, and is put through the replicates by `by_hand`.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crossroads import survey

RAW = Path(os.environ.get("CROSSROADS_RAW", "")) / "microdata"
pytestmark = [
    pytest.mark.skipif(
        "CROSSROADS_RAW" not in os.environ or not RAW.is_dir(),
        reason="CROSSROADS_RAW does not name a folder with publishers' files, so real files cannot be asked",
    ),
    pytest.mark.filterwarnings("ignore::crossroads.survey.WeightsWarning"),  # four strange rows of the PISA subset
]
CUTS = [357.77, 420.07, 482.38, 544.68, 606.99, 669.30]


def by_hand(frame, weights, factor, formula, values=("",)):
    """Return estimates and standard errors: the textbook's two formulae."""
    runs = np.array([[np.atleast_1d(formula(frame, w, v)) for w in weights] for v in values], dtype=float)
    sampling = factor * ((runs[:, 1:] - runs[:, :1]) ** 2).sum(axis=1).mean(axis=0)
    between = runs[:, 0].var(axis=0, ddof=1) * (1 + 1 / len(values)) if len(values) > 1 else 0.0
    return np.stack([runs[:, 0].mean(axis=0), np.sqrt(sampling + between)], axis=1)


def agree(table, expected, rtol=1e-9):
    np.testing.assert_allclose(table[["obs_value", "std_error"]], expected, rtol=rtol, atol=1e-9)


def known(weights, *columns):
    """Return weights and columns of the rows without gaps."""
    whole = np.isfinite(np.column_stack(columns)).all(axis=1)
    return (weights[whole], *(column[whole] for column in columns))


def number(frame, column):
    return frame[column].to_numpy(dtype=float, na_value=np.nan)


def mean(column=None, only=None):
    def formula(frame, weights, value):
        rows = np.ones(len(frame), dtype=bool) if only is None else only(frame).to_numpy(dtype=bool)
        w, y = known(weights[rows], number(frame, column or value)[rows])
        return w @ y / w.sum()

    return formula


def spread(frame, weights, value):
    w, y = known(weights, number(frame, value))
    return np.sqrt(w @ (y - w @ y / w.sum()) ** 2 / w.sum())


def correlation(x, y=None):
    def formula(frame, weights, value):
        w, a, b = known(weights, number(frame, x.replace("*", value)), number(frame, y or value))
        a, b = a - w @ a / w.sum(), b - w @ b / w.sum()
        return w @ (a * b) / np.sqrt((w @ a**2) * (w @ b**2))

    return formula


def slopes(*columns, also_fit=False):
    def formula(frame, weights, value):
        w, y, *xs = known(weights, number(frame, value), *(number(frame, c) for c in columns))
        x = np.column_stack([np.ones(len(y)), *xs])
        b = np.linalg.solve(x.T @ (w[:, None] * x), x.T @ (w * y))
        fit = 1 - w @ (y - x @ b) ** 2 / (w @ (y - w @ y / w.sum()) ** 2)
        return [*b, fit]

    return formula


def logits(outcome, *columns):
    def formula(frame, weights, value):
        w, y, *xs = known(weights, number(frame, outcome), *(number(frame, c.replace("*", value)) for c in columns))
        x, b = np.column_stack([np.ones(len(y)), *xs]), np.zeros(1 + len(columns))
        for _ in range(8):
            p = 1 / (1 + np.exp(-x @ b))
            b = b + np.linalg.solve(x.T @ ((w * p * (1 - p))[:, None] * x), x.T @ (w * (y - p)))
        return b

    return formula


def levels(frame, weights, value):
    return 100 * np.bincount(np.digitize(number(frame, value), CUTS), weights, minlength=7) / weights.sum()


def percentiles(*p):
    def formula(frame, weights, value):
        order = np.argsort(number(frame, value), kind="stable")
        y, below = number(frame, value)[order], np.cumsum(weights[order])
        return [y[np.searchsorted(below, q / 100 * below[-1])] for q in p]

    return formula


def microdata(name, columns=None):
    if not (RAW / name).exists():
        pytest.skip(f"{name} is not in CROSSROADS_RAW")
    return pd.read_parquet(RAW / name, columns=columns)


@pytest.fixture(scope="module")
def students():
    frame = microdata("pisa2018_rrepest/pisa2018_fra_ita_mex_v1.3.0.parquet").rename(columns=str.upper)
    return frame.assign(GIRL=(frame["ST004D01T"] == 1).astype(float))


@pytest.fixture(scope="module")
def teachers():
    return microdata("talis2018_rrepest/talis2018_teacher_fra_ita_mex_v1.3.0.parquet")


class TestPisa:
    """PISA 2018, subset of three countries, ten plausible values and 80 replicates of Fay with 0.5."""

    def hand(self, frame, formula, domain="MATH"):
        weights = [frame["W_FSTUWT"].to_numpy(), *(frame[f"W_FSTURWT{r}"].to_numpy() for r in range(1, 81))]
        values = [f"PV{m}{domain}" for m in range(1, 11)] if domain else [""]
        return by_hand(frame, weights, 1 / 20, formula, values)

    @pytest.mark.parametrize("domain", ["READ", "SCIE", "RCUN"])
    def test_means_of_countries(self, students, domain):
        table = survey.mean(students, f"PV@{domain}", survey.PISA_2018, by="CNT")
        for code, part in students.groupby("CNT"):
            agree(table[table["CNT"] == code], self.hand(part, mean(), domain))

    @pytest.mark.parametrize("code", ["FRA", "ITA", "MEX"])
    def test_spread_levels_and_percentiles(self, students, code):
        part = students[students["CNT"] == code]
        agree(survey.standard_deviation(part, "PV@MATH", survey.PISA_2018), self.hand(part, spread))
        agree(survey.levels(part, "PV@MATH", CUTS, survey.PISA_2018), self.hand(part, levels))
        table = survey.percentiles(part, "PV@MATH", survey.PISA_2018, p=[10, 50, 90], definition="lower")
        agree(table, self.hand(part, percentiles(10, 50, 90)))

    @pytest.mark.parametrize("code", ["FRA", "MEX"])
    def test_correlations_with_and_between_scores(self, students, code):
        part = students[students["CNT"] == code]
        agree(
            survey.correlation(part, "PV@READ", "ESCS", survey.PISA_2018), self.hand(part, correlation("ESCS"), "READ")
        )

        def both(frame, weights, value):
            return correlation(value.replace("READ", "MATH"))(frame, weights, value)

        agree(survey.correlation(part, "PV@READ", "PV@MATH", survey.PISA_2018), self.hand(part, both, "READ"))

    @pytest.mark.parametrize("code", ["FRA", "MEX"])
    def test_regressions_with_gaps(self, students, code):
        part = students[students["CNT"] == code]
        table = survey.regression(part, "PV@SCIE", ["ESCS", "GIRL"], survey.PISA_2018)
        agree(table, self.hand(part, slopes("ESCS", "GIRL"), "SCIE"))
        assert (table["n_missing"] == part["ESCS"].isna().sum()).all()
        table = survey.logistic_regression(part, "GIRL", ["ESCS", "PV@READ"], survey.PISA_2018)
        agree(table, self.hand(part, logits("GIRL", "ESCS", "*"), "READ"), rtol=1e-6)

    def test_gap_between_the_quarters_of_background(self, students):
        part = students[students["CNT"] == "MEX"].dropna(subset=["ESCS"])
        rank = part.sort_values("ESCS")["W_FSTUWT"].cumsum() / part["W_FSTUWT"].sum()
        part = part.assign(QUARTER=np.minimum(4 * rank, 3.999).astype(int))
        top, bottom = (mean(only=lambda f, q=q: f["QUARTER"] == q) for q in (3, 0))
        table = survey.difference(part, "PV@READ", survey.PISA_2018, between="QUARTER", levels=(3, 0))
        agree(table, self.hand(part, lambda *a: top(*a) - bottom(*a), "READ"))

    def test_groups_by_plausible_values(self, students):
        """Background of students below and above level 2: who is below changes with each plausible value."""
        part = students[students["CNT"] == "ITA"].copy()
        for m in range(1, 11):
            part[f"PV{m}LOW"] = (part[f"PV{m}MATH"] < CUTS[1]).astype(float)
        table = survey.mean(part, "ESCS", survey.PISA_2018, by="PV@LOW")
        for low in (0, 1):

            def formula(frame, weights, value, low=low):
                return mean("ESCS", only=lambda f: (f[value] < CUTS[1]) == bool(low))(frame, weights, value)

            agree(table.iloc[[low]], self.hand(part, formula))

    def test_group_of_one_school_has_an_estimate_and_no_error(self, students):
        schools = survey.mean(students, "PV@MATH", survey.PISA_2018, by="CNTSCHID").set_index("CNTSCHID")
        largest = schools["n_obs"].idxmax()
        part = students[students["CNTSCHID"] == largest]
        expected = self.hand(part, mean())[0, 0]
        assert schools.loc[largest, "obs_value"] == pytest.approx(expected)
        tested = survey.significance(schools.reset_index())
        assert tested.loc[tested["std_error"].isna(), ["lower", "p_value", "significant"]].isna().all(axis=None)

    def test_average_total_and_countries_in_one_call(self, students):
        table = survey.mean(students, "PV@MATH", survey.PISA_2018, by="CNT", over="CNT").set_index("CNT")
        alone = np.array([self.hand(part, mean())[0] for _, part in students.groupby("CNT")])
        assert table.loc["average (3)", "obs_value"] == pytest.approx(alone[:, 0].mean())
        assert table.loc["average (3)", "std_error"] == pytest.approx(np.sqrt((alone[:, 1] ** 2).sum()) / 3)
        agree(table.loc[["total"]], self.hand(students, mean()))


class TestOtherStudies:
    """TALIS, PIAAC, TIMSS and a national test: other weights, factors and zones."""

    @pytest.mark.parametrize("code", ["FRA", "ITA", "MEX"])
    def test_talis_shares_gaps_and_correlations(self, teachers, code):
        part = teachers[teachers["CNTRY"] == code]
        weights = [part["TCHWGT"].to_numpy(), *(part[f"TRWGT{r}"].to_numpy() for r in range(1, 101))]
        agree(survey.mean(part, "T3STAKE", survey.TALIS_TEACHER), by_hand(part, weights, 1 / 25, mean("T3STAKE")))
        part = part.assign(OFTEN=100 * (part["TT3G32A"] >= 3).astype(float).where(part["TT3G32A"].notna()))
        table = survey.difference(part, "OFTEN", survey.TALIS_TEACHER, between="TT3G01", levels=(1, 2))
        women, men = (mean("OFTEN", only=lambda f, s=s: f["TT3G01"] == s) for s in (1, 2))
        agree(table, by_hand(part, weights, 1 / 25, lambda *a: women(*a) - men(*a)))
        share = survey.share(part, "TT3G32A", survey.TALIS_TEACHER)

        def answers(frame, w, _):
            answer = number(frame, "TT3G32A")
            return [100 * w[answer == a].sum() / w[np.isfinite(answer)].sum() for a in share["category"]]

        agree(share, by_hand(part, weights, 1 / 25, answers))

    def test_piaac_gap_of_men_and_women(self):
        design = ["SPFWT0", *(f"SPFWT{r}" for r in range(1, 81)), "VEMETHOD", "VENREPS", "VEFAYFAC"]
        columns = ["CNTRYID", "GENDER_R", *design, *(f"PVNUM{m}" for m in range(1, 11))]
        frame = microdata("piaac2012_puf/piaac2012_bel_rus_puf.parquet", columns).query("CNTRYID == 'Belgium'")
        weights = [frame["SPFWT0"].to_numpy(), *(frame[f"SPFWT{r}"].to_numpy() for r in range(1, 81))]
        values = [f"PVNUM{m}" for m in range(1, 11)]
        men, women = (mean(only=lambda f, s=s: f["GENDER_R"].eq(s).fillna(False)) for s in ("Male", "Female"))
        table = survey.difference(frame, "PVNUM@", survey.PIAAC, between="GENDER_R", levels=("Male", "Female"))
        agree(table, by_hand(frame, weights, 1.0, lambda *a: men(*a) - women(*a), values))

    @pytest.mark.parametrize(
        ("name", "weight", "zone", "half", "y", "x"),
        [
            ("timss2011_aut_g4_jk75", "TOTWGT", "JKZONE", "JKREP", "ASMMAT@", "books"),
            ("bifie_data_test1", "wgtstud", "jkzone", "jkrep", "math", "hisei"),
        ],
    )
    def test_zones_of_a_paired_jackknife(self, name, weight, zone, half, y, x):
        frame = microdata(f"timss2011_aut/{name}.parquet")
        design = survey.Design(name, weight, method="JK2", zone=zone, half=half, plausible_values=5)
        full = frame[weight].to_numpy()
        halves = [np.where(frame[zone] == h, 2 * full * (frame[half] == 1), full) for h in sorted(frame[zone].unique())]
        values = [y.replace("@", str(m)) for m in range(1, 6)] if "@" in y else [y]
        agree(survey.regression(frame, y, [x, "female"], design),
              by_hand(frame, [full, *halves], 1.0, slopes(x, "female"), values))  # fmt: skip
