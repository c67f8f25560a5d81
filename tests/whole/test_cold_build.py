"""Same commit, same lock, same bytes: pages made from nothing by stock Jupyter Book are those of `make book`.

The results of the notebooks are taken over. That they are the same when executed again, to the byte, is tested for each
notebook after its cells (``forked.Published``); that Jupyter Book executes what is stale, with the small book of
``test_documents``.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
BIN = Path(sys.executable).parent


def test_jupyter_book_builds_the_same_bytes_from_nothing(built, project_copy):
    """And no difference between the two ways to build."""
    shutil.copytree(ROOT / "_build" / "runs", project_copy / "_build" / "runs")
    command = [BIN / "jupyter-book", "build", ".", "-q"]
    done = subprocess.run(command, cwd=project_copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    again = project_copy / "_build" / "html"
    ours = {path.relative_to(SITE): path for path in SITE.rglob("*") if path.is_file()}
    theirs = {path.relative_to(again): path for path in again.rglob("*") if path.is_file()}
    # Sphinx pickles its own bookkeeping for the next build; no reader sees it.
    ignored = {Path(".buildinfo")}
    assert set(ours) - ignored == set(theirs) - ignored
    differing = [
        str(name) for name in ours if name not in ignored and ours[name].read_bytes() != theirs[name].read_bytes()
    ]
    assert differing == []
