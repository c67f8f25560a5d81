"""The built book in a real browser: one browser a process, the pages served as the web serves them.

Chromium is that of the system. Without one, these tests are skipped and say how to get it.
"""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from looking import CHROMIUM, SITE
from playwright.sync_api import sync_playwright
from serving import serve


@pytest.fixture(scope="session")
def browser(built):
    """Chromium, started once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium was found; on Debian and Ubuntu `apt-get install chromium` brings one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(browser):
    """The site, served with compression."""
    with serve(SITE) as served:
        yield served


class Shown:
    """A page in the browser: its tab, and what the browser complained of or asked other hosts for."""

    def __init__(self, tab):
        self.tab, self.said, self.foreign = tab, [], []
        tab.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def axe(self, context="document", **options):
        """Return what axe-core finds in the page, or in what an expression of JavaScript names."""
        if not self.tab.evaluate("() => 'axe' in window"):
            self.tab.evaluate(AXE_FILE_PATH.read_text("utf-8"))
        return self.tab.evaluate(f"options => axe.run({context}, options)", {"resultTypes": ["violations"], **options})


@pytest.fixture
def show(browser, site):
    """Return a function that shows a page of the site, or of the folder that holds it, in a window of its own."""

    @contextmanager
    def shown(page, width=1280, height=900, served=True, **settings):
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        tab = Shown(context.new_page())
        root = site.address if served else SITE.as_uri() + "/"
        local = re.compile(re.escape(root) + "|data:|blob:")

        def pass_on(route):
            if local.match(route.request.url):
                route.continue_()
            else:
                tab.foreign.append(route.request.url)
                route.abort()

        tab.tab.route("**/*", pass_on)
        tab.tab.goto(root + page, wait_until="load")
        yield tab
        context.close()

    return shown
