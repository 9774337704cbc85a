"""Every state of the widget: in both languages and colour schemes, on a phone and on a desk, without a fault for axe-core."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import Chat
from tests.browser.conftest import ROOT
from tests.browser.replies import answered, by_name, reply
from tests.browser.site import Site

pytestmark = [pytest.mark.browser]

AXE = (ROOT / "tests/vendor/axe-core-4.14.1.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {
    "desk": {"viewport": {"width": 1100, "height": 760}},
    "phone": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
}
# Each pair of language, scheme and size once; all eight where pictures are wanted.
PAIRS = [("fr", "light", "desk"), ("en", "dark", "desk"), ("en", "light", "phone"), ("fr", "dark", "phone")]
ALL = list(itertools.product(("fr", "en"), ("light", "dark"), ("desk", "phone")))
SAID = {
    "fr": {
        "article": "un article",
        "choice": "un choix svp",
        "bill": "ma facture",
        "code": "envoyez le code",
        "plain": "bonjour à vous",
        "long": "Il y a une semaine que la ligne grésille quand il pleut, surtout le matin.",
    },
    "en": {
        "article": "an article please",
        "choice": "a choice please",
        "bill": "show me my bill",
        "code": "send me the code",
        "plain": "hello there",
        "long": "For a week now the line has been crackling when it rains, mostly in the morning.",
    },
}


def phone_of(language: str, scheme: str, size: str) -> str:
    """Each customer has a phone of their own."""
    return (
        f"51455502{('fr', 'en').index(language)}{('light', 'dark').index(scheme) + 2 * ('desk', 'phone').index(size)}"
    )


def faults(page: Page) -> list[str]:
    """What axe-core finds in the page as it is."""
    page.evaluate(AXE)
    run = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in page.evaluate(run, RULES)["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize(("language", "scheme", "size"), ALL if os.environ.get("SCREENSHOTS") else PAIRS)
def test_every_state(
    context: Callable[..., BrowserContext],
    site: Site,
    look: Callable[[Page, str], None],
    language: str,
    scheme: str,
    size: str,
) -> None:
    site.parts.answer = by_name
    said = SAID[language]
    browser = context(language, color_scheme=scheme, reduced_motion="reduce", **SIZES[size])
    chat = Chat(browser, site, language=language)
    page = chat.page
    count = itertools.count(1)

    def state(name: str) -> None:
        look(page, f"{language}-{scheme}-{size}-{next(count):02d}-{name}")
        assert faults(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{name}: nothing is wider than the page"
        )

    expect(chat.launcher).to_be_visible()
    state("launcher")
    chat.open()
    expect(chat.part("hours")).not_to_be_empty()
    state("open")
    chat.say(said["article"])
    expect(chat.part("helped")).to_be_visible()
    state("article")
    chat.part("yes").click()
    expect(chat.part("helped")).not_to_contain_text("?")
    state("helped")
    chat.say(said["choice"])
    expect(chat.part("reply-button")).to_have_count(3)
    state("choices")
    chat.say(said["bill"])
    expect(chat.part("attachment")).to_have_count(2)
    state("downloads")
    chat.say(said["code"])
    expect(chat.field).to_have_attribute("inputmode", "numeric")
    state("code")
    chat.part("not-a-code").click()
    chat.field.fill("4111 1111 1111 1111")
    chat.field.press("Enter")
    expect(chat.part("field-problem")).to_be_visible()
    state("card")
    chat.field.fill("x" * 3700)
    state("nearly-full")
    chat.field.fill("")

    thinking = asyncio.Event()

    async def slow(turn: dict[str, Any]) -> Any:
        await thinking.wait()
        return answered(reply("Merci." if language == "fr" else "Thanks."))

    site.parts.answer = slow
    chat.write(said["long"])
    expect(chat.part("typing")).to_be_visible()
    state("typing")
    replies = chat.replies.count()
    site.call(thinking.set)
    expect(chat.replies).to_have_count(replies + 1)
    site.parts.answer = by_name

    site.network.up = False
    site.call(site.network.cut)
    expect(chat.part("offline")).to_be_visible()
    chat.write(said["plain"])
    expect(chat.own.last).to_have_attribute("data-state", "waiting")
    state("offline")
    site.network.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.own.last).to_have_attribute("data-state", "sent")
    expect(chat.replies).to_have_count(replies + 2)
    chat.write("bip \u0007 bip")
    expect(chat.part("edit")).to_be_visible()
    state("refused")
    chat.part("edit").click()
    chat.field.fill("")

    chat.part("menu").click()
    state("menu")
    chat.part("rate").click()
    page.locator("[data-test=score-4]").check(force=True)
    state("rate")
    chat.part("submit").click()
    expect(chat.part("sheet-done")).to_be_visible()
    state("rated")
    chat.part("cancel").click()
    chat.part("menu").click()
    chat.part("mail").click()
    chat.part("sheet-email").fill("amelie@")
    chat.part("submit").click()
    expect(chat.part("sheet-problem")).to_be_visible()
    state("mail-refused")
    chat.part("sheet-email").fill(f"{language}-{scheme}-{size}@laurier.example")
    chat.part("submit").click()
    expect(chat.part("sheet-done")).to_be_visible()
    state("mailed")
    chat.part("cancel").click()
    chat.say("Continuons par texto" if language == "fr" else "Let’s go on by text")
    state("by-text-offered")
    chat.part("go-onward").click()
    expect(chat.part("sheet-phone")).to_be_focused()
    state("by-text")
    chat.part("sheet-phone").fill("12")
    chat.part("submit").click()
    expect(chat.part("sheet-problem")).to_be_visible()
    state("by-text-refused")
    phone = phone_of(language, scheme, size)
    chat.part("sheet-phone").fill(phone)
    chat.part("submit").click()
    expect(chat.part("sheet-code")).to_be_focused()
    state("by-text-code")
    replies = chat.replies.count()
    chat.part("sheet-code").fill(site.code_at(f"+1{phone}"))
    chat.part("submit").click()
    expect(chat.replies).to_have_count(replies + 1)
    expect(chat.part("sheet")).to_be_hidden()
    site.text(said["plain"], f"+1{phone}")
    expect(chat.own.last).to_contain_text("par texto" if language == "fr" else "by text")
    expect(chat.replies).to_have_count(replies + 2)
    state("by-text-moved")
    chat.part("menu").click()
    chat.part("requests").click()
    expect(chat.part("sheet")).to_be_visible()
    state("requests-none")
    page.keyboard.press("Escape")
    chat.part("menu").click()
    chat.part("restart").click()
    state("restart")
    page.keyboard.press("Escape")

    files = [{"name": "panne.txt", "mimeType": "text/plain", "buffer": b"Plus rien"}]
    chat.part("file").set_input_files(files)
    expect(chat.part("sheet")).to_be_visible()
    state("no-request")
    page.keyboard.press("Escape")
    request = {
        "kind": "open_request",
        "category": "support",
        "language": language,
        "contact": "+15145550123",
        "details": {},
    }
    site.inside(chat.conversation, "requests", {**request, "key": "1", "description": said["long"]})
    chat.part("file").set_input_files(files)
    expect(chat.part("request")).to_be_visible()
    state("to-a-request")
    replies = chat.replies.count()
    chat.part("submit").click()
    expect(chat.replies).to_have_count(replies + 1)
    expect(chat.replies.last).to_contain_text("panne.txt")
    chat.part("menu").click()
    chat.part("requests").click()
    expect(chat.part("file-again")).to_have_text("panne.txt")
    state("requests")
    with page.expect_download() as download:
        chat.part("file-again").click()
    assert download.value.path().read_bytes() == b"Plus rien"
    page.keyboard.press("Escape")
    page.evaluate(
        """node => { const files = new DataTransfer(); files.items.add(new File(['x'], 'x.txt'));
        document.querySelector('support-chat').shadowRoot.querySelector('[data-test=panel]')
          .dispatchEvent(new DragEvent('dragover', {dataTransfer: files, cancelable: true, bubbles: true})); }"""
    )
    expect(chat.part("drop")).to_be_visible()
    state("drop")
    chat.reload()

    site.inside(chat.conversation, "queue", {})
    chat.say(said["plain"])
    expect(chat.part("people")).to_be_visible()
    state("in-line")
    site.change("UPDATE conversation SET handled_by = 'agent' WHERE id = ?", chat.conversation)
    chat.reload()
    expect(chat.part("people")).to_be_visible()
    expect(chat.part("person")).to_be_hidden()
    state("with-a-person")
    site.change("UPDATE conversation SET handled_by = 'assistant', queued_at = NULL WHERE id = ?", chat.conversation)
    chat.say(said["plain"])
    expect(chat.part("offer-rating")).to_be_visible()
    state("after-a-person")

    site.parts.answer = slow
    thinking.clear()
    chat.write(said["plain"])
    expect(chat.own.last).to_have_attribute("data-state", "sent")
    chat.part("close").click()
    site.call(thinking.set)
    expect(chat.part("unread")).to_have_text("1")
    state("unread")
    chat.well()


@pytest.mark.parametrize(("language", "scheme", "size"), ALL if os.environ.get("SCREENSHOTS") else PAIRS[1:3])
def test_while_it_starts_and_where_it_does_not_load(
    context: Callable[..., BrowserContext],
    site: Site,
    look: Callable[[Page, str], None],
    language: str,
    scheme: str,
    size: str,
) -> None:
    site.stop_gateway()
    site.parts.assistant_up = False
    try:
        site.start_gateway()
        browser = context(language, color_scheme=scheme, reduced_motion="reduce", **SIZES[size])
        chat = Chat(browser, site, language=language).open()
        chat.write(SAID[language]["plain"])
        expect(chat.own.last).to_have_attribute("data-state", "sent")
        expect(chat.part("notice")).to_contain_text("démarre" if language == "fr" else "starting")
        look(chat.page, f"{language}-{scheme}-{size}-starting")
        assert faults(chat.page) == []
        site.parts.assistant_up = True
        expect(chat.replies).to_have_count(1)
        expect(chat.part("notice")).to_be_hidden()
        chat.well()
    finally:
        site.parts.assistant_up = True
    other = Chat(context(language, color_scheme=scheme, **SIZES[size]), site, language=language)
    other.page.route("**/widget/chat.js*", lambda route: route.abort())
    other.launcher.click()
    expect(other.page.locator(".fault")).to_be_visible()
    look(other.page, f"{language}-{scheme}-{size}-not-loaded")
    assert faults(other.page) == []
    other.page.unroute("**/widget/chat.js*")
    other.launcher.click()
    expect(other.panel).to_be_visible()
