"""What customers give and take beside words: a code, files, a copy of the conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat import Chat
from tests.browser.replies import by_name
from tests.browser.site import Site
from tests.integration.gateway.parts import Parts

pytestmark = [pytest.mark.browser]

Open = Callable[..., BrowserContext]


def test_the_code_field_takes_a_pasted_code_and_offers_the_phones(context: Open, site: Site, parts: Parts) -> None:
    parts.answer = by_name
    chat = Chat(context(), site).open()
    chat.field.fill("envoyez le code")
    chat.field.press("Enter")
    expect(chat.field).to_have_attribute("inputmode", "numeric")
    assert chat.field.get_attribute("autocomplete") == "one-time-code"
    assert chat.field.evaluate("node => node.localName") == "input"
    expect(chat.field).to_be_focused()
    chat.page.keyboard.insert_text(" 123 456 ")
    chat.page.keyboard.press("Enter")
    expect(chat.own.last).to_contain_text("[••••••]")  # as the server stored it
    expect(chat.field).not_to_have_attribute("inputmode", "numeric")
    expect(chat.field).to_be_focused()


def test_files_are_dropped_and_pasted(context: Open, site: Site) -> None:
    chat = Chat(context(), site).open()
    chat.say("bonjour")
    give = """(what) => { const files = new DataTransfer(); files.items.add(new File(["x"], what + ".txt", {type: "text/plain"}));
        const root = document.querySelector("support-chat").shadowRoot;
        const how = {bubbles: true, cancelable: true, composed: true};
        if (what === "drop") root.querySelector("[data-test=log]").dispatchEvent(new DragEvent("drop", {...how, dataTransfer: files}));
        else root.querySelector("[data-test=field]").dispatchEvent(new ClipboardEvent("paste", {...how, clipboardData: files})); }"""
    for what in ("drop", "paste"):
        chat.page.evaluate(give, what)
        expect(chat.part("files")).to_contain_text(f"{what}.txt")
        chat.page.keyboard.press("Escape")
        expect(chat.part("sheet")).to_be_hidden()
    # Files wait for the request that is opened for them.
    chat.page.evaluate(give, "drop")
    expect(chat.part("sheet")).to_contain_text("Ouvrez-en une")
    request = {
        "kind": "open_request",
        "category": "support",
        "language": "fr",
        "contact": "+15145550123",
        "details": {},
    }
    site.inside(chat.conversation, "requests", {**request, "key": "1", "description": "Panne"})
    chat.part("submit").click()
    expect(chat.own.last).to_contain_text("Je veux ouvrir une demande de soutien")
    expect(chat.part("request")).to_be_visible()
    chat.part("submit").click()
    expect(chat.replies.last).to_contain_text("drop.txt")
    expect(chat.part("sheet")).to_be_hidden()
    chat.well()


def test_the_conversation_is_downloaded_as_text(context: Open, site: Site) -> None:
    chat = Chat(context("en"), site, language="en").open()
    chat.say("hello there")
    with chat.page.expect_download() as download:
        chat.part("menu").click()
        chat.part("download").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "conversation.txt"
    assert "You · " in text
    assert "hello there" in text
    assert "you said hello there" in text
    chat.well()


def test_who_asks_in_words_to_go_on_by_text_gets_a_button_for_it(
    context: Open, site: Site, parts: Parts, language: str
) -> None:
    parts.answer = by_name
    chat = Chat(context(language), site, language=language).open()
    title = {"fr": "Continuer par texto", "en": "Continue by text"}
    chat.say({"fr": "Continuons par texto", "en": "Let’s go on by text"}[language])
    button = chat.part("go-onward")
    expect(button).to_have_text(title[language])
    button.press("Enter")
    expect(chat.part("sheet-phone")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.part("sheet")).to_be_hidden()
    # It stays in the language of its message, and is there after a reload and later on.
    chat.say("hello there")
    chat.part("language").click()
    chat.reload()
    expect(button).to_have_text(title[language])
    button.click()
    expect(chat.part("sheet-phone")).to_be_focused()
    expect(chat.own).to_have_count(3)  # pressing it says nothing
    chat.well()


def test_the_conversation_goes_on_by_text_by_keyboard_alone(context: Open, site: Site, language: str) -> None:
    chat = Chat(context(language), site, language=language).open()
    french = language == "fr"
    chat.say("bonjour" if french else "hello there")
    keys, phone = chat.page.keyboard, "5145550231" if french else "5145550232"
    chat.part("menu").press("Enter")
    chat.part("onward").press("Enter")
    expect(chat.part("sheet-phone")).to_be_focused()
    assert chat.part("sheet-phone").get_attribute("autocomplete") == "tel-national"
    keys.type("514 555")
    keys.press("Enter")
    expect(chat.part("sheet-problem")).to_contain_text("514 555-0199")
    chat.part("sheet-phone").fill(phone)
    keys.press("Enter")
    expect(chat.part("sheet-code")).to_be_focused()
    assert chat.part("sheet-code").get_attribute("autocomplete") == "one-time-code"
    expect(chat.part("sheet")).to_contain_text(f"(514) 555-{phone[-4:]}")
    keys.type("000000x")
    keys.press("Enter")
    expect(chat.part("sheet-problem")).to_contain_text("dernier code" if french else "last code")
    chat.part("sheet-code").fill("")
    keys.insert_text(site.code_at(f"+1{phone}"))
    keys.press("Enter")
    expect(chat.replies.last).to_contain_text("continue par texto" if french else "goes on by text")
    expect(chat.part("sheet")).to_be_hidden()
    assert chat.page.evaluate("document.querySelector('support-chat').shadowRoot.activeElement?.dataset.test") == "menu"
    site.text("du téléphone" if french else "from my phone", f"+1{phone}")
    expect(chat.own.last).to_contain_text("par texto" if french else "by text")
    expect(chat.replies.last).to_contain_text("you said")
    # After a reload, and in a second tab, it is the same conversation; what is written here is answered here.
    chat.reload()
    expect(chat.own).to_have_count(2)
    texts = len([one for one in site.letters() if one["to"] == f"+1{phone}"])
    chat.say("de retour" if french else "back here")
    assert len([one for one in site.letters() if one["to"] == f"+1{phone}"]) == texts
    chat.well()
