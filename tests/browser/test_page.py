"""The widget on a company's page, under a strict policy: what the page can set and ask, and what it is told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import Chat
from tests.browser.site import SITE_SECRET, Site
from tests.integration.gateway.parts import Parts, said

pytestmark = [pytest.mark.browser]

Open = Callable[..., BrowserContext]
Look = Callable[[Page, str], None]


def ask(chat: Chat, *command: Any) -> None:
    """supportChat(…), as the page says it."""
    chat.page.evaluate("command => supportChat(...command)", list(command))


def signed(account: str = "1002003001", **changes: Any) -> str:
    now = int(time.time())
    claims = {"aud": "support-assistant", "brand": "primus", "account": account, "iat": now, "exp": now + 300}
    return jwt.encode({**claims, **changes}, SITE_SECRET, algorithm="HS256")


def test_what_is_asked_before_the_widget_is_there_waits_for_it(context: Open, site: Site, parts: Parts) -> None:
    browser = context("fr")
    browser.add_init_script(
        f"""window.supportChat = function () {{ (supportChat.q ||= []).push(arguments); }};
        window.heard = [];
        for (const name of ["ready", "open", "close", "unread", "message", "language", "identified"])
          supportChat("on", name, (detail) => heard.push([name, detail]));
        supportChat("setLanguage", "en");
        supportChat("identify", {json.dumps(signed())});
        supportChat("open");"""
    )
    chat = Chat(browser, site)
    expect(chat.panel).to_be_visible()
    expect(chat.part("disclosure")).to_have_text("Automated assistant")
    chat.say("hello")
    assert parts.turns[-1]["metadata"]["identity"] == "verified"
    heard = chat.page.evaluate("heard")
    assert ["ready", None] in heard
    assert ["open", None] in heard
    assert ["identified", {"identified": True}] in heard
    message = next(detail for name, detail in heard if name == "message")
    assert message == {"author": "assistant", "language": "en", "article": None}, "the page is told no words"
    chat.well()


def test_a_page_opens_identifies_starts_over_and_closes(context: Open, site: Site, parts: Parts) -> None:
    chat = Chat(context(), site)
    ask(chat, "open")
    expect(chat.panel).to_be_visible()
    chat.say("bonjour")
    assert parts.turns[-1]["metadata"]["identity"] == "none"
    chat.page.evaluate("window.identified = []; supportChat('on', 'identified', (d) => identified.push(d.identified))")

    def heard(count: int) -> None:
        for _ in range(100):
            if chat.page.evaluate("identified.length") == count:
                return
            chat.page.wait_for_timeout(50)
        raise AssertionError("the page was not told")

    ask(chat, "identify", "not a token")
    heard(1)
    ask(chat, "identify", signed())
    heard(2)
    assert chat.page.evaluate("identified") == [False, True]
    chat.say("mon solde")
    assert parts.turns[-1]["metadata"]["identity"] == "verified"
    first = chat.conversation
    # Somebody else signs in on the same browser: nothing of the first customer stays.
    ask(chat, "identify", signed("1002003002"))
    expect(chat.messages).to_have_count(0)
    chat.say("bonjour encore")
    assert chat.conversation != first
    ask(chat, "reset")
    expect(chat.messages).to_have_count(0)
    ask(chat, "say", "de la page")
    expect(chat.replies).to_have_count(1)
    assert parts.turns[-1]["metadata"]["identity"] == "none"
    ask(chat, "close")
    expect(chat.panel).to_be_hidden()
    assert (
        chat.page.evaluate("() => { try { supportChat('nothing'); } catch (error) { return error.name; } }")
        == "TypeError"
    )
    chat.well()


def test_a_page_sets_place_colours_and_its_own_button(context: Open, site: Site) -> None:
    attributes = 'data-position="left" data-colour="#0a6b2e" data-text-colour="#ffffff" data-launcher="hidden"'
    chat = Chat(context(), site, attributes=attributes)
    expect(chat.launcher).to_be_hidden()
    chat.page.evaluate(
        """document.querySelector("a").addEventListener("click", (e) => (e.preventDefault(), supportChat("open")))"""
    )
    link = chat.page.locator("a[href='#a']")
    link.click()
    expect(chat.field).to_be_focused()
    box = chat.panel.bounding_box()
    assert box
    assert box["x"] < 100
    assert chat.page.evaluate(
        "getComputedStyle(document.querySelector('support-chat').shadowRoot.querySelector('.head')).backgroundColor"
    ) == ("rgb(10, 107, 46)")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(link).to_be_focused()
    expect(chat.launcher).to_be_hidden()
    chat.well()


def test_a_widget_that_cannot_be_loaded_says_so_and_can_be_tried_again(context: Open, site: Site) -> None:
    chat = Chat(context(), site)
    site.network.up = False
    site.call(site.network.cut)
    chat.launcher.click()
    expect(chat.page.get_by_text("Vérifiez votre connexion")).to_be_visible()
    site.network.mend()
    chat.open()
    chat.say("bonjour")
    assert chat.violations() == []


def test_new_replies_are_counted_across_pages_and_tabs_until_they_are_seen(context: Open, site: Site) -> None:
    browser = context()
    chat = Chat(browser, site).open()
    chat.say("bonjour")
    chat.part("close").click()
    site.parts.answer = lambda turn: _later(said("un", "deux"))
    ask(chat, "open")
    chat.write("encore")
    expect(chat.own.last).to_have_attribute("data-state", "sent")
    chat.part("close").click()
    expect(chat.part("unread")).to_have_text("2")
    chat.page.reload()
    expect(chat.part("unread")).to_have_text("2")  # without being opened
    other = Chat(browser, site)
    expect(other.part("unread")).to_have_text("2")
    other.open()
    expect(chat.part("unread")).to_be_hidden()


async def _later(response: Any) -> Any:
    await asyncio.sleep(0.7)
    return response
