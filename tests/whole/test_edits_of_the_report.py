"""Whatever an author edits of what only this report has, an incremental build must give what one from scratch gives.

The second book (``tests/press``) has the edits that any book can have.
"""

import forked_builds
import random_edits


def test_edits_of_cases_and_profiles_leave_no_stale_page(tmp_path, capsys):
    # The page of a country names exhibits of chapters, and is written with a new title without being read for it.
    kinds = [("a case", "sentences of a profile", "numbers of a profile", "a table"), ("title of an exhibit",)]
    assert random_edits.compare(tmp_path, edits=2, seed=5, kinds=kinds, system=forked_builds.Forked()) == 0, (
        capsys.readouterr().out
    )
