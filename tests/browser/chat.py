"""The widget on a company's page, as a customer meets it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.site import Site


class Chat:
    """A page with the widget. `complaints`: what the browser said of scripts and policies, to be empty at the end of a test."""

    def __init__(
        self, context: BrowserContext, site: Site, brand: str = "primus", language: str = "fr", attributes: str = ""
    ) -> None:
        self.site, self.brand, self.language = site, brand, language
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        query = urlencode({"language": language, "attributes": attributes})
        self.address = f"{site.host}/{brand}?{query}"
        self.page.goto(self.address)
        self.launcher = self.part("launcher")
        self.panel = self.part("panel")
        self.field = self.part("field")
        self.messages = self.part("message")
        self.own = self.page.locator("[data-test=message][data-author=customer]")
        self.replies = self.page.locator("[data-test=message]:not([data-author=customer])")

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-test={name}]")

    def open(self) -> Chat:
        """Opens the panel and waits until the conversation has begun."""
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def reload(self) -> None:
        """The same page anew; the panel is open again by itself, except over a phone's whole page."""
        self.page.reload()
        if self.page.evaluate("matchMedia('(max-width: 480px)').matches"):
            self.launcher.click()
        expect(self.panel).to_be_visible()

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def say(self, text: str) -> Locator:
        """Says something and waits for the answer: the last reply."""
        count = self.replies.count()
        self.write(text)
        expect(self.replies.nth(count)).to_be_visible()
        return self.replies.last

    def texts(self) -> list[str]:
        """What stands in the conversation, in order."""
        return [text.strip() for text in self.page.locator("[data-test=message] [data-test=text]").all_inner_texts()]

    def state(self, text: str) -> Locator:
        """The state of one's own message."""
        return self.own.filter(has_text=text).locator("[data-test=state]")

    @property
    def conversation(self) -> str:
        """Its id."""
        key = f"support-chat.session.{self.brand}"
        return str(self.page.evaluate("key => localStorage.getItem(key)", key)).partition(".")[0]

    def violations(self) -> Any:
        return self.page.evaluate("window.violations")

    def well(self) -> None:
        """Nothing was thrown, and the page's policy was kept."""
        assert self.complaints == []
        assert self.violations() == []


def exactly(text: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(text)}$")
