"""Failure guarded against: what an ePub or a slide cannot show as the web does, and shows wrong without a word."""

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx_design.tabs import sd_tab_input, sd_tab_label

from press.takeaway import content, ebook


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


def test_entry_of_a_slide_says_its_own_words_and_not_those_of_the_entries_below_it():
    """Entries of a list within a list stood on the slide twice."""
    below = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "Inner.")))
    box = nodes.container(
        "",
        nodes.title("", "In brief"),
        nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "Outer."), below)),
    )
    box["classes"].append("in-brief")
    assert list(content._lists(document(box))) == [("In brief", ["Outer.", "Inner."])]
