"""Compile Typst files: a script in an interpreter of its own, which reads orders and answers with PDFs.

Typst works in threads, and a forked process has none of those of its parent: after a first PDF had been set in the
parent, a second in a fork of it was waited for for ever. Through pipes, so that nothing is left behind when the
builder is stopped. A compiler remembers what it has laid out, so that the next order for the same file takes a tenth.

An order is a line of JSON, an answer a line of JSON and, after it, as many bytes of PDF as it says. The script ends when
nobody orders any more.

Not here: what is in the file (``press.paper.translator``), who orders (``press.paper.setting``).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from typing import Any


def main() -> None:
    """Answer orders until there are no more."""
    kept: dict[str, Any] = {}
    for line in sys.stdin.buffer:
        answer, pdf = answer_order(kept, json.loads(line))
        sys.stdout.buffer.write(json.dumps(answer | {"bytes": len(pdf)}).encode() + b"\n" + pdf)
        sys.stdout.buffer.flush()


def answer_order(kept: dict[str, Any], order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Set one file.

    Parameters
    ----------
    kept : dict
        Compilers by what they were made for; a new one is entered.
    order : dict
        ``compiler``: what :class:`typst.Compiler` takes; ``standards``; ``question``: an expression of Typst about the pages.

    Returns
    -------
    dict, bytes
        ``error``, or ``warnings`` and the ``answer`` to the question.
    """
    made_for = json.dumps(order["compiler"], sort_keys=True)
    try:
        if made_for not in kept:
            kept[made_for] = typst.Compiler(**order["compiler"])
        compiler = kept[made_for]
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=order["standards"])
        answer = json.loads(compiler.eval(order["question"]))
    except typst.TypstError as error:
        return {"error": "\n".join(map(str, [error.diagnostic or error.message, *error.hints]))}, b""
    return {"warnings": [str(warning.message) for warning in warnings], "answer": answer}, pdf


if __name__ == "__main__":
    main()
