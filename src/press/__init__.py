"""A press: notebooks and prose in, web pages and PDF out; it knows nothing of what a book is about.

It prints any book of the shape ``book/``, ``notebooks/``, ``data/`` whose ``pyproject.toml`` holds a contract
(``press.contract``). The parts: ``run`` executes notebooks, ``page`` makes what stands on a page, ``fresh`` keeps pages
current, ``paper`` sets the PDF, ``lint`` checks prose, ``desk`` is what an author sits at; ``stages`` is the order of all.

Not here: analysis, data, and pages of one book alone.
"""

from press import later

# Before anything imports jsonschema.
later.postpone()
