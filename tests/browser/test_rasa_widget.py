"""A widget made for Rasa, as npm has it, holds a conversation with our socket: rasa-webchat 1.0.1, unchanged (Apache-2.0)."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import ROOT
from tests.browser.replies import by_name
from tests.browser.site import Site
from tests.integration.gateway.parts import Parts

pytestmark = [pytest.mark.browser]

WIDGET = gzip.decompress((ROOT / "tests/vendor/rasa-webchat-1.0.1.js.gz").read_bytes())
PAGE = """<!doctype html><title>A page with rasa-webchat</title><script src="/rasa-webchat.js"></script>
<script>WebChat.default({{socketUrl: "{url}/?brand=wrs&language={language}", socketPath: "/socket.io/", title: "WRS", initPayload: "",
  customData: {{language: "{language}"}}, params: {{storage: "local"}}}})</script>"""


def test_rasa_webchat_holds_a_conversation(
    context: Callable[..., BrowserContext], site: Site, parts: Parts, language: str
) -> None:
    parts.answer = by_name
    site.pages["rasa"] = PAGE.format(url=site.url, language=language), "text/html; charset=utf-8"
    site.pages["rasa-webchat.js"] = WIDGET, "text/javascript; charset=utf-8"
    page = context(language).new_page()
    # Its fonts: there is no network in tests.
    page.route(lambda address: not address.startswith((site.url, site.host)), lambda route: route.abort())
    page.goto(f"{site.host}/rasa")
    page.locator(".rw-launcher").click()
    field = page.locator(".rw-new-message")
    expect(field).to_be_enabled()
    field.fill("bonjour du clavardage" if language == "fr" else "hello from the chat")
    field.press("Enter")
    replies = page.locator(".rw-response .rw-message-text")
    expect(replies.last).to_contain_text("bonjour du clavardage" if language == "fr" else "hello from the chat")
    assert parts.turns[-1]["metadata"]["brand"] == "wrs"
    assert parts.turns[-1]["metadata"]["language"] == language
    # The id is the server's, and the conversation goes on with it after a reload.
    session = page.evaluate("JSON.parse(localStorage.getItem('chat_session')).session_id")
    conversation = parts.turns[-1]["conversation"]
    assert session.startswith(f"{conversation}.")
    # Its buttons say our payloads.
    field.fill("un choix svp" if language == "fr" else "a choice please")
    field.press("Enter")
    button = page.locator(".rw-reply", has_text="Comprendre ma facture" if language == "fr" else "Understand my bill")
    button.click()
    expect(page.locator(".rw-client .rw-message-text").last).to_contain_text(
        "Comprendre ma facture" if language == "fr" else "Understand my bill"
    )
    page.reload()
    expect(page.locator(".rw-launcher")).to_be_visible()
    page.wait_for_timeout(1_000)  # it opens again by itself, or does not
    if not field.is_visible():
        page.locator(".rw-launcher").click()
    expect(field).to_be_enabled()
    field.fill("encore" if language == "fr" else "again please")
    field.press("Enter")
    expect(page.locator(".rw-response .rw-message-text").last).to_contain_text(
        "encore" if language == "fr" else "again"
    )
    assert parts.turns[-1]["conversation"] == conversation
