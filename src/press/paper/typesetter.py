"""Compile one Typst file: a script in an interpreter of its own, which reads an order and writes a PDF.

Typst works in threads, and a forked process has none of those of its parent: after a first PDF had been set in the
parent, a second in a fork of it was waited for for ever. Through pipes, so that nothing is left behind when the
builder is stopped.

Not here: what is in the file (``press.paper.translator``).
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    """Read the arguments of ``typst.compile_with_warnings`` as JSON; write the PDF, and on stderr what is wrong."""
    try:
        pdf, warnings = typst.compile_with_warnings(**json.load(sys.stdin))
    except typst.TypstError as error:
        sys.exit("\n".join(map(str, [error.diagnostic or error.message, *error.hints])))
    print(*(warning.message for warning in warnings), sep="\n", end="", file=sys.stderr)
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
