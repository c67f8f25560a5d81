"""A build must not wait a second for a grammar that nobody asks; who asks it must get the right answer."""

import subprocess
import sys

ASKED = """
import sys
import press
import jsonschema, nbformat
assert "lark" not in sys.modules, "the grammar is built"
checks = jsonschema.FormatChecker()
assert "iri" in checks.checkers
answers = [checks.conforms(address, "iri") for address in ("http://ö.example/ü", "no address", 3)]
assert answers == [True, False, True], answers
import rfc3987_syntax
assert rfc3987_syntax.__file__ and rfc3987_syntax.is_valid_syntax("iri", "http://ö.example/ü")
import rfc3987_syntax.syntax_helpers
"""
SUBMODULE = """
import press
import rfc3987_syntax.syntax_helpers as helpers
assert helpers.is_valid_syntax("iri", "http://ö.example/ü")
"""


def test_grammar_is_built_when_it_is_asked_and_not_before():
    for program in (ASKED, SUBMODULE):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
