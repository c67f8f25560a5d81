"""The Sphinx extension of the book's own pages.

```{light} ness             the page of a light
```{light-index}            links to all lights
"""

import csv
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from press import stages
from press.areas import Areas
from press.page.collection import Collection
from press.page.directives import ExhibitDirective, link, record_use
from press.session import session

STAGES = (
    stages.Stage(
        "config-inited",
        200,
        "keeper.extension:introduce",
        "",
        "session.built_with session.apart session.collections session.areas",
    ),
)


def lights(app) -> dict[str, str]:
    """Return the names of all lights by their keys."""
    with Path(app.srcdir, "data", "lights.csv").open(encoding="utf-8", newline="") as file:
        return {row["light"]: row["name"] for row in csv.DictReader(file)}


class LightDirective(ExhibitDirective):
    """The page of a light: what is told of it, and its facts."""

    def run(self):
        """Return one section on a page of its own."""
        key = self.arguments[0]
        told = f"light-{key}-told"
        record_use(self.env, f"statements:{told}")
        name = lights(self.env.app)[key]
        page = nodes.section("", nodes.title(name, name), classes=["light"], names=[f"light-{key}"], one_page=True)
        self.state.document.note_explicit_target(page, page)
        sentences = session(self.env.app).published.statements[told]["sentences"]
        page += [nodes.paragraph("", sentence["text"]) for sentence in sentences]
        page += self.show(f"light-{key}-facts")
        return [page]


class LightIndexDirective(SphinxDirective):
    """Links to the pages of all lights."""

    def run(self):
        """Return a list."""
        self.env.note_dependency("data/lights.csv")
        record_use(self.env, "registry")
        links = [link(f"light-{key}", nodes.inline("", name)) for key, name in lights(self.env.app).items()]
        return [nodes.bullet_list("", *[nodes.list_item("", nodes.paragraph("", "", one)) for one in links])]


def introduce(app, config):
    """Tell the press what pages are made with, and which of them are made by rule."""
    session(app).built_with.append(Path(__file__))
    session(app).apart.add("light")
    pages = {key: f"book/lights/{key}" for key in lights(app)}
    session(app).areas = Areas(label="My light", many="lights", names=lights(app), pages=pages)
    pages = {f"book/lights/{key}": f"```{{light}} {key}\n```\n" for key in lights(app)}
    session(app).collections.append(Collection("book/lights", pages))


def setup(app):
    """Register directives and stages."""
    app.add_directive("light", LightDirective)
    app.add_directive("light-index", LightIndexDirective)
    stages.connect(app, STAGES)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
