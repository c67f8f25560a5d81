"""Failures guarded against: results of simulations that a page shows twice, in another order each time, or not at all."""

import pandas as pd
import simulations

from crossroads import data


def test_a_new_run_takes_the_place_of_the_older_one_of_the_same_simulation(tmp_path, monkeypatch):
    monkeypatch.setattr(simulations, "RESULTS", tmp_path / "simulations.csv")
    first = simulations.result("survey designs", "mean", "10 schools", simulations.COVERED, 94.0, 200, "JKN")
    other = simulations.result("simulations", "broken_stick", "line", simulations.REJECTED, 6.0, 200)
    again = simulations.result("survey designs", "mean", "10 schools", simulations.COVERED, 95.0, 1000, "JKN")
    for rows in ([first, other], [again]):
        simulations.record(rows)
    found = pd.read_csv(simulations.RESULTS, keep_default_na=False)
    assert found[["method", "n_runs"]].values.tolist() == [["broken_stick", 200], ["mean", 1000]]
    assert found["lower"].between(0, 100).all()


def test_order_of_the_rows_does_not_depend_on_the_order_of_the_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(simulations, "RESULTS", tmp_path / "simulations.csv")
    for schools in (80, 8, 12):
        row = simulations.result("survey coverage", "mean", f"{schools} schools", simulations.COVERED, 95.0, 200)
        simulations.record([row])
    designs = pd.read_csv(simulations.RESULTS)["design"]
    assert designs.tolist() == ["8 schools", "12 schools", "80 schools"]


def test_every_simulation_of_the_benchmark_has_its_result_in_the_data():
    found = data.benchmarks()["simulations"].query("benchmark == 'simulations'")
    wanted = {(method, design) for method, designs in simulations.SIMULATIONS.items() for design in designs}
    assert set(zip(found["method"], found["design"], strict=True)) == wanted
