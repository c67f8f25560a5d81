"""Failure guarded against: an ePub that prints the label of what it does not hold, or a page that no reader opens."""

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx_design.tabs import sd_tab_input, sd_tab_label

from press.takeaway import ebook


def document(*content):
    made = new_document("page", get_default_settings())
    made += nodes.section("", *content)
    return made


def test_link_to_what_is_not_here_leaves_its_words_and_not_its_label():
    """Without an address of the site, "Table I.1" was printed as "methods-recomputed"."""
    away = nodes.reference("", "", nodes.inline("", "Table I.1"), refuri=f"{ebook.ABSENT}book/recomputed#methods")
    here = nodes.reference("", "Figure 1.1", refuri="chapter1.xhtml#ch1")
    page = document(nodes.paragraph("", "See ", away, nodes.Text(" and "), here))
    ebook.leave_words(page)
    assert page.astext() == "See Table I.1 and Figure 1.1"
    assert [link["refuri"] for link in page.findall(nodes.reference)] == ["chapter1.xhtml#ch1"]


def test_tabs_stand_below_each_other_and_tasks_keep_their_boxes():
    """Fields of a form are written as HTML writes them, which makes the page no XML; boxes of tasks were lost."""
    tabs = nodes.container("")
    tabs.children = [
        sd_tab_input("", id="one"), sd_tab_label("", "One"), nodes.container("", nodes.paragraph("", "First.")),
    ]  # fmt: skip
    boxes = [nodes.raw("", f'<input class="task-list-item-checkbox"{state} type="checkbox">', format="html")
             for state in (' checked="checked"', "")]  # fmt: skip
    page = document(tabs, nodes.paragraph("", "", boxes[0], nodes.Text(" done")), nodes.paragraph("", "", boxes[1]))
    ebook.strip(page)
    assert page.astext().split("\n\n") == ["One", "First.", "\u2611 done", "\u2610"]
    assert not [*page.findall(sd_tab_input), *page.findall(nodes.raw)]
