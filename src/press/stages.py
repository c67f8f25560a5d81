"""The order of a build, as one table: who is called at which event of Sphinx, what it needs, and what it leaves.

Sphinx calls the listeners of an event by their priority; 500 is that of its own. Lines of one event stand here in the
order in which they are called. What a stage needs, an earlier one has left: ``session.x`` and ``memory.x`` are the
fields of ``press.session``, other words are files. A book's own extension has a table of the same form, and the
test of the tables reads both.

Not here: directives, roles and nodes, which the modules that define them register.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Stage(NamedTuple):
    """One line of the table.

    Attributes
    ----------
    event : str
        An event of Sphinx.
    priority : int
    function : str
        ``module:name``, the listener.
    needs, leaves : str
        Words separated by blanks.
    """

    event: str
    priority: int
    function: str
    needs: str = ""
    leaves: str = ""

    @property
    def listener(self) -> Callable:
        """The function itself."""
        module, _, name = self.function.partition(":")
        return getattr(import_module(module), name)


# In the order in which Sphinx emits them; some come once for each page.
EVENTS = (
    *("config-inited", "builder-inited", "env-get-outdated", "env-before-read-docs", "env-purge-doc", "source-read"),
    *("doctree-read", "env-merge-info", "env-updated", "env-get-updated", "write-started", "doctree-resolved"),
    *("html-page-context", "html-collect-pages", "build-finished"),
)
# fmt: off
STAGES = (
    # -- before anything is read -----------------------------------------------------------------------------------
    Stage("config-inited", 50, "press.scan:check_sources", "", ""),
    Stage("config-inited", 50, "press.scan:check_settings", "", ""),
    Stage("config-inited", 50, "press.scan:leave_paired_notebooks", "", ""),
    Stage("config-inited", 100, "press.extension:take_lock", "", "session.lock"),
    Stage("config-inited", 500, "press.fresh.freshness:name_builder", "session.built_with", "press_built_with"),
    Stage("config-inited", 500, "press.web:add_templates", "", "templates of the press"),
    Stage("config-inited", 500, "press.web.search:check_synonyms", "", ""),
    Stage("config-inited", 500, "press.web.metadata:introduce", "", "session.from_elsewhere"),
    Stage("config-inited", 500, "press.takeaway.offering:introduce", "", "session.from_elsewhere"),
    Stage("config-inited", 500, "press.web.editions:check", "", "session.editions session.frozen session.from_elsewhere"),
    Stage("config-inited", 500, "press.paper.builder:prefer_print", "", ""),
    # After sphinx-external-toc has read the table of contents.
    Stage("config-inited", 950, "press.page.collection:enter", "session.lock session.collections", "_build/made"),
    Stage("config-inited", 960, "press.scan:check_contents", "session.collections", ""),
    Stage("builder-inited", 50, "press.page.collection:list_documents", "session.collections _build/made", ""),
    Stage("builder-inited", 100, "press.fresh.freshness:prepare", "", "session.unfinished session.sources"),
    Stage("builder-inited", 450, "press.page.citing:know", "", "session.about"),
    Stage("builder-inited", 450, "press.page.colophon:know", "", "session.colophon"),
    Stage("builder-inited", 500, "press.extension:execute_notebooks", "session.lock",
          "session.published session.clock _build/published"),
    Stage("builder-inited", 550, "press.extension:lay_style_sheet", "", "style sheet of myst-nb"),
    Stage("builder-inited", 550, "press.web.search:leave_sphinx_index", "", ""),
    Stage("builder-inited", 550, "press.web:join_style_sheets", "", "session.joined"),
    Stage("builder-inited", 560, "press.page.quoted:know", "session.published", "session.quotable session.causal"),
    Stage("builder-inited", 600, "press.page.api:take_digests", "session.published memory.uses", ""),
    Stage("builder-inited", 900, "press.page.bibliography:mark_alike", "", "letters of years"),
    # -- which pages are read, and their reading ---------------------------------------------------------------------
    Stage("env-get-outdated", 500, "press.fresh.freshness:find_outdated_pages",
          "session.unfinished session.published memory.uses", ""),
    Stage("env-before-read-docs", 500, "press.fresh.freshness:begin_reading", "", "session.sources mark environment.kept"),
    Stage("env-purge-doc", 500, "press.fresh.freshness:forget_page", "", ""),
    Stage("env-purge-doc", 500, "press.lint:forget_page", "", ""),
    Stage("env-purge-doc", 500, "press.web.search:forget_page", "", ""),
    Stage("source-read", 500, "press.extension:insert_results", "session.published", "memory.uses"),
    Stage("doctree-read", 400, "press.page.picture_files:mend_addresses", "", ""),
    Stage("doctree-read", 440, "press.scan:leave_out_remarks", "", ""),
    Stage("doctree-read", 450, "press.scan:check_page", "", ""),
    Stage("doctree-read", 500, "press.lint:read_page", "", "memory.pages memory.offences memory.measures"),
    Stage("doctree-read", 900, "press.fresh.freshness:record_page", "session.sources", "memory.uses memory.references"),
    Stage("doctree-read", 900, "press.web.search:read_page", "session.collections", "memory.passages"),
    Stage("doctree-read", 950, "press.web.gallery:begin", "session.published memory.uses", "session.drawing"),
    Stage("env-merge-info", 500, "press.fresh.halves:take_over", "", "memory"),
    # -- once all pages have been read -------------------------------------------------------------------------------
    Stage("env-updated", 500, "press.extension:check_homes", "session.published memory.homes memory.uses", ""),
    Stage("env-updated", 500, "press.lint:check_book", "session.published session.causal memory.pages memory.offences", ""),
    Stage("env-get-updated", 800, "press.page.numbering:check_numbers", "session.published memory.homes", ""),
    Stage("env-get-updated", 850, "press.lint:measure_reading", "memory.measures", "memory.reading"),
    Stage("env-get-updated", 880, "press.takeaway.offering:list_pages", "memory.uses", "session.portable"),
    # After Sphinx's own collectors, which number figures in this very event.
    Stage("env-get-updated", 900, "press.fresh.freshness:find_pages_to_rewrite",
          "session.about memory.references memory.uses memory.pages memory.reading", "memory.frames session.common"),
    # -- writing -----------------------------------------------------------------------------------------------------
    Stage("write-started", 500, "press.paper.printing:begin", "session.about session.colophon memory.uses memory.frames",
          "session.printing session.misprints"),
    Stage("write-started", 600, "press.takeaway.making:begin",
          "session.about session.colophon session.published session.portable memory.uses memory.frames",
          "session.making session.takeaway"),
    Stage("doctree-resolved", 500, "press.page.numbering:check_references", "", ""),
    Stage("doctree-resolved", 500, "press.page.numbering:order_registry", "", ""),
    Stage("doctree-resolved", 500, "press.page.citing:complete_page", "session.about", ""),
    Stage("doctree-resolved", 550, "press.takeaway.offering:offer", "session.portable", ""),
    Stage("doctree-resolved", 600, "press.web.gallery:hang", "session.published memory.homes", ""),
    Stage("doctree-resolved", 900, "press.web:name_once", "", ""),
    # Before the theme makes a list of pages of its own.
    Stage("html-page-context", 400, "press.web.navigation:list_pages", "session.common", "list of pages"),
    Stage("html-page-context", 990, "press.web:dress", "", "style sheets and scripts of the page"),
    Stage("html-page-context", 991, "press.page.colophon:sign_page", "session.colophon", "colophon of the page"),
    Stage("html-page-context", 992, "press.web.metadata:describe_page", "session.about memory.homes", "what the head of the page says"),
    Stage("html-page-context", 995, "press.web.exhibit_pages:write_pages", "session.published memory.homes", "exhibits"),
    # -- once all pages have been written ----------------------------------------------------------------------------
    Stage("html-collect-pages", 500, "press.web.search:add_page", "", "page of the search"),
    Stage("html-collect-pages", 500, "press.web.addresses:add_missing", "", "page for what is not there"),
    Stage("build-finished", 10, "press.fresh.freshness:end_writing", "mark environment.kept", ""),
    Stage("build-finished", 500, "press.extension:publish_files", "_build/published", "exhibits notebooks"),
    Stage("build-finished", 500, "press.web.search:write", "session.findable session.published memory.passages memory.homes",
          "search index"),
    Stage("build-finished", 500, "press.web.gallery:draw", "session.published session.drawing memory.uses", "gallery"),
    Stage("build-finished", 500, "press.web.editions:lay_out", "session.editions", "editions"),
    # After sphinx-external-toc, which lays a page there that only leads on.
    Stage("build-finished", 600, "press.web.addresses:open_doors", "page for what is not there", "root of the site"),
    Stage("build-finished", 650, "press.extension:show_pages", "exhibits gallery editions", ""),
    # What is on no page, and the commit on pages of earlier builds.
    Stage("build-finished", 700, "press.page.colophon:stamp_pages", "session.colophon exhibits editions", "colophon"),
    Stage("build-finished", 700, "press.page.citing:write_files", "session.about session.published memory.homes", "cite"),
    Stage("build-finished", 700, "press.web.metadata:write_files", "session.about memory.homes", "map of the site, feed"),
    Stage("build-finished", 800, "press.extension:end_pages", "session.clock mark environment.kept", ""),
    Stage("build-finished", 900, "press.paper.printing:end", "session.printing session.misprints", "PDF"),
    Stage("build-finished", 910, "press.takeaway.making:end", "session.making session.takeaway session.misprints",
          "exhibits slides workbooks ePub"),
    Stage("build-finished", 1000, "press.extension:release_lock", "session.lock", ""),
)
# fmt: on


def connect(app: Sphinx, stages: tuple[Stage, ...] = STAGES) -> None:
    """Have Sphinx call the stages of a table.

    Parameters
    ----------
    app : sphinx.application.Sphinx
    stages : tuple of Stage
    """
    for stage in stages:
        app.connect(stage.event, stage.listener, priority=stage.priority)


def describe(*tables: tuple[Stage, ...]) -> str:
    """Write tables of stages as one table in Markdown, in the order in which a build calls them.

    Parameters
    ----------
    *tables : tuple of Stage
        That of the press when none is given; those of a book's own extensions after it.

    Returns
    -------
    str
    """
    lines = ["| event | stage | needs | leaves |", "| --- | --- | --- | --- |"]
    for stage in in_order(*tables or (STAGES,)):
        lines.append(f"| {stage.event} | `{stage.function}` | {stage.needs} | {stage.leaves} |")
    return "\n".join(lines) + "\n"


def in_order(*tables: tuple[Stage, ...]) -> list[Stage]:
    """Return the stages of several tables in the order in which a build calls them.

    Parameters
    ----------
    *tables : tuple of Stage
        In the order in which their extensions are set up.

    Returns
    -------
    list of Stage
    """
    stages = [stage for table in tables for stage in table]
    return sorted(stages, key=lambda stage: (EVENTS.index(stage.event), stage.priority))
