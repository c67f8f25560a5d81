"""What the report's own pages do in the course of a build; ``press.stages`` explains the table."""

from press.stages import Stage

# fmt: off
STAGES = (
    Stage("config-inited", 200, "report.extension:introduce", "",
          "session.built_with session.from_elsewhere session.findable session.apart"),
    Stage("config-inited", 300, "report.cases.library:load_library", "", "shelf.library _build/published/cases"),
    Stage("config-inited", 300, "report.studies:load_library", "", "shelf.studies _build/published/studies"),
    Stage("config-inited", 400, "report.stubs:make", "shelf.library", "session.collections"),
    Stage("builder-inited", 400, "report.catalogue:read_evidence", "", "shelf.evidence session.source_links"),
    # After the notebooks have been executed, so that these no longer take all cores.
    Stage("builder-inited", 600, "report.countries:write_download", "session.published", "_build/published/countries"),
    Stage("builder-inited", 600, "report.countries:offer", "session.published shelf.library",
          "session.areas shelf.exhibits"),
    Stage("builder-inited", 600, "report.catalogue:start_workbooks", "shelf.evidence", "shelf.workbooks shelf.writers"),
    Stage("builder-inited", 600, "report.cases.library:take_digests", "session.published shelf.library", ""),
    Stage("builder-inited", 600, "report.studies:take_digest", "session.published shelf.studies", ""),
    Stage("builder-inited", 600, "report.catalogue:take_digest", "session.published shelf.evidence", ""),
    Stage("env-updated", 500, "report.cases.library:tell_unused", "shelf.library memory.uses", ""),
    Stage("doctree-resolved", 500, "report.countries:group_exhibits", "session.published memory.homes", ""),
    Stage("doctree-resolved", 500, "report.cases.page:list_uses", "memory.uses", ""),
    Stage("doctree-resolved", 500, "report.catalogue:fill_in_uses", "session.published session.collections memory.uses", ""),
    Stage("html-page-context", 500, "report.filters:add_script", "", ""),
    Stage("html-page-context", 500, "report.catalogue:add_assets", "", ""),
    Stage("html-page-context", 500, "report.explorers.base:add_assets", "", ""),
    # Last of all, so that the PDF is set while workbooks are still being written.
    Stage("build-finished", 920, "report.catalogue:publish", "shelf.evidence shelf.workbooks shelf.writers",
          "indicators code-lists datapackage.json"),
)
# fmt: on
