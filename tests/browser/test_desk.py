"""The desk with the whole program behind it: a customer in the widget and an agent in two windows, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_widget import Widget
from tests.desk_client import EMAIL, PASSWORD, DeskClient
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def luc(stack: Stack, browser: Browser) -> Any:
    """The cookies of the administrator."""
    DeskClient(stack)
    context = browser.new_context(locale="fr-CA")
    page = context.new_page()
    page.goto(f"{stack.url}/desk/sign-in")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#queue")).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens windows of their own."""
    opened = []

    def open_window(language: str, state: Any = None) -> Page:
        context = browser.new_context(
            locale=f"{language}-CA", viewport={"width": 1280, "height": 900}, storage_state=state
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()


def test_a_customer_asks_for_a_person_who_comes_answers_notes_hands_back_and_resolves(
    stack: Stack, window: Callable[..., Page], luc: Any, language: str
) -> None:
    french = language == "fr"
    agent = window("fr", luc)
    agent.goto(f"{stack.url}/desk/?show=waiting")
    rows = agent.locator("#queue .row")
    before = rows.count()
    amelie = Widget(window(language), stack.url, "primus")
    amelie.say(
        "je veux parler à une personne" if french else "I want to talk to a human",
        "en file" if french else "in line",
    )
    expect(rows).to_have_count(before + 1)
    said = "parler à une personne" if french else "talk to a human"
    rows.filter(has_text=said).locator("a").last.click()
    agent.locator("#thread").wait_for()
    expect(agent.locator("html.scripted")).to_be_visible()  # before that, keys do nothing
    agent.keyboard.press("r")
    agent.keyboard.type("Bonjour, je regarde." if french else "Hello, I am looking.")
    agent.keyboard.press("Control+Enter")
    expect(amelie.replies.last).to_contain_text("Bonjour, je regarde." if french else "Hello, I am looking.")
    agent.keyboard.press("Escape")
    agent.keyboard.press("n")
    agent.keyboard.type("Pour nous seulement")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".entry.note")).to_contain_text("Pour nous seulement")
    count = amelie.replies.count()
    field = amelie.page.locator("[data-test=field]")
    field.fill("c'est quoi mon solde" if french else "what do I owe")
    field.press("Enter")
    expect(agent.locator(".entry.customer").last).to_contain_text("solde" if french else "owe")
    agent.keyboard.press("Escape")
    agent.keyboard.press("b")
    # The assistant did not answer in between: the next line is the one that says it is back.
    expect(amelie.replies.nth(count)).to_contain_text(
        "remis la conversation" if french else "handed the conversation back"
    )
    amelie.say("c'est quoi mon solde" if french else "what do I owe", "1002003001")
    expect(agent.locator(".bar [data-key=t]")).to_be_visible()
    agent.keyboard.press("t")
    expect(agent.locator(".bar [data-key=e]")).to_be_visible()
    agent.keyboard.press("e")
    expect(amelie.replies.last).to_contain_text("réglée" if french else "resolved")
    expect(amelie.page.locator("[data-test=panel]")).not_to_contain_text("Pour nous seulement")
