"""Whatever an author edits, an incremental build must give what a build from scratch gives, in every byte."""

import importlib.util
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "build.py"


def test_random_edits_leave_no_stale_page(tmp_path, capsys):
    specification = importlib.util.spec_from_file_location("build_benchmark", BENCHMARK)
    benchmark = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(benchmark)
    assert benchmark.compare_random(tmp_path, edits=3, seed=5) == 0, capsys.readouterr().out
