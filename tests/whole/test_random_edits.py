"""Whatever an author edits, an incremental build must give what a build from scratch gives, in every byte."""

import random_edits


def test_random_edits_leave_no_stale_page(tmp_path, capsys):
    assert random_edits.compare(tmp_path, edits=4, seed=5) == 0, capsys.readouterr().out
