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
    """Read the arguments of ``typst.compile_with_warnings`` as JSON; write the PDF, and on stderr what is wrong.

    In place of one ``input`` there may be ``many``, each with the ``output`` that it goes to: all share one compiler, which
    reads fonts and template once.
    """
    order = json.load(sys.stdin)
    try:
        if "many" in order:
            compile_many(order)
            return
        pdf, warnings = typst.compile_with_warnings(**order)
    except typst.TypstError as error:
        sys.exit("\n".join(map(str, [error.diagnostic or error.message, *error.hints])))
    print(*(warning.message for warning in warnings), sep="\n", end="", file=sys.stderr)
    sys.stdout.buffer.write(pdf)


def compile_many(order: dict) -> None:
    """Compile one file after the other; what is wrong is told with the file."""
    settings = {name: order[name] for name in ("root", "font_paths", "ignore_system_fonts")}
    compiler = typst.Compiler(order["many"][0]["input"], **settings)
    for work in order["many"]:
        try:
            _, warnings = compiler.compile_with_warnings(**work, pdf_standards=order["pdf_standards"])
        except typst.TypstError:
            print(work["input"], file=sys.stderr)
            raise
        print(*(f"{work['input']}: {warning.message}" for warning in warnings), sep="\n", end="", file=sys.stderr)


if __name__ == "__main__":
    main()
