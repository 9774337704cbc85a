"""Chromium, and a gateway with a stubbed assistant behind a network that can be cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import Site
from tests.integration.gateway.conftest import copy_brands
from tests.integration.gateway.parts import Parts, echo

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")  # while Playwright runs, no test of another kind can have an event loop
def browser() -> Iterator[Browser]:
    """Debian's Chromium; Playwright's own download is never used."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    copy_brands(folder)
    site = Site(folder)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The gateway, as new to each test: the assistant repeats what is said, the network is whole."""
    yield running_site
    running_site.parts.answer = echo
    running_site.parts.turns.clear()
    running_site.network.mend()


@pytest.fixture
def parts(site: Site) -> Parts:
    """What stands behind the gateway."""
    return site.parts


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers of customers, each with a memory of its own; closed at the end."""
    opened = []

    def open_context(language: str = "fr", **options: Any) -> BrowserContext:
        size = {"width": 1280, "height": 900}
        found = browser.new_context(**{"locale": f"{language}-CA", "viewport": size, **options})
        found.set_default_timeout(15_000)
        opened.append(found)
        return found

    yield open_context
    for one in opened:
        one.close()


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """Keeps a picture of a page under the folder that SCREENSHOTS names; does nothing where it names none."""
    folder = os.environ.get("SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep
