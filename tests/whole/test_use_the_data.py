"""The quick start that the book prints runs on the book as it was built; addresses that it promises are there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]
TEXT = (ROOT / "book" / "use-the-data.md").read_text("utf-8")


def code(language):
    """Return the lines of the quick start in a language, with the folder of the built book as the site."""
    (lines,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert lines.count("https://book.example") == 1 and len(lines.splitlines()) == 4
    return lines.replace("https://book.example", str(SITE))


def test_quick_start_in_python_runs(built):
    program = f"{code('python')}print(*pisa.columns, len(pisa))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    *columns, rows = answer.stdout.split()
    assert {"ref_area", "time_period", "obs_value"} <= set(columns) and int(rows) > 100


def test_quick_start_in_r_runs(built):
    if not shutil.which("Rscript"):
        pytest.skip("Rscript, which would run the quick start in R, is not here")
    answer = subprocess.run(["Rscript", "-e", code("r")], capture_output=True, text=True, check=True)
    assert "obs_value" in answer.stdout


def test_promised_addresses_are_there(built, content):
    """A file renamed in the code would leave readers of the page with a dead address."""
    table, figure = "pisa-mathematics", next(i for i, e in content.exhibits.items() if e["kind"] == "figure")
    rows = re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE)
    assert len(rows) > 8
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row)
        stem = first.rpartition(".")[0]
        for address in [first, *(stem + other if other.startswith(".") else other for other in others)]:
            name = "areas" if address.startswith("code-lists") else table
            path = SITE / address.replace("<name>", name).replace("<id>", figure).replace("<page>", "chapter1")
            assert (path / "index.html" if address.endswith("/") else path).is_file(), address
