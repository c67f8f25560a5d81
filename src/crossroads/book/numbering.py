"""Numbers of exhibits: chapter and count, or letter of the annex and count, so that no two are alike.

Parts of ``_toc.yml`` with ``numbered: 1`` number their pages, those with ``style: alphaupper`` by letters. This module
mends what letters break in a second build, refuses an exhibit on a page without number, and brings the list of
exhibits into the order of the book.

Not here: numbering itself, which is that of Sphinx and of sphinx-external-toc.
"""

from docutils import nodes

from crossroads.book.errors import BookError


def setup(app):
    """Run before and after the collector that numbers pages and figures."""
    app.connect("env-get-updated", take_letters_back, priority=400)
    app.connect("env-get-updated", check_numbers, priority=800)
    app.connect("doctree-resolved", order_registry)


def take_letters_back(app, env):
    """Turn letters of the last build into the numbers that they were made from, which go on after the chapters.

    The collector compares its numbers with those of the last build before it makes letters of them, and would
    otherwise find every annex changed in every build.
    """
    first = [number[0] for numbers in env.toc_secnumbers.values() for number in numbers.values() if number]
    chapters = max((number for number in first if isinstance(number, int)), default=0)
    for numbers in env.toc_secnumbers.values():
        for anchor, number in numbers.items():
            if number and isinstance(number[0], str):
                numbers[anchor] = (chapters + ord(number[0]) - ord("A") + 1, *number[1:])
    return []


def check_numbers(app, env):
    """Refuse an exhibit on a page without number: its "Figure 1" would be taken for the first of another page.

    Members of a collection, such as those of country profiles, have no number on any page.
    """
    for identifier, (page, place) in sorted(env.crossroads_homes.items()):
        if app.crossroads.exhibits[identifier].get("collection"):
            continue
        if not env.toc_secnumbers.get(page, {}).get(""):
            raise BookError(
                f"the exhibit {identifier!r} stands on a page without number; move {page} into a numbered part of"
                " _toc.yml, such as the annexes, or the exhibit to a page that has a number",
                place,
            )
    return []


def order_registry(app, doctree, page):
    """Bring the list of exhibits into the order of the book, which is known only once all pages are read."""
    numbers = {
        identifier: (isinstance(number[0], str), number[:-1], kind, number[-1])
        for kinds in app.env.toc_fignumbers.values()
        for kind, numbered in kinds.items()
        for identifier, number in numbered.items()
    }
    for body in doctree.findall(nodes.tbody):
        if body.children and body[0].get("exhibit"):
            body.children.sort(key=lambda line: numbers[line["exhibit"]])
