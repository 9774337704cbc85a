"""The widget in a real browser with the whole program behind it: both languages, each brand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: a broken content policy or script shows here."""
    return []


@pytest.fixture
def page(browser: Browser, language: str, complaints: list[str]) -> Iterator[Page]:
    """A page of a customer whose browser is in the language."""
    context = browser.new_context(locale=f"{language}-CA", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def narrow(page: Page) -> bool:
    """Whether the page is a phone's."""
    size = page.viewport_size
    return bool(size and size["width"] < 600)


class Widget:
    """The widget on the demonstration page, as a customer uses it."""

    def __init__(self, page: Page, url: str, brand: str) -> None:
        self.page = page
        page.goto(f"{url}/?brand={brand}")
        if narrow(page):  # on a wide screen the demonstration page opens it by itself
            page.locator("[data-test=launcher]").click()
        expect(page.locator("[data-test=panel]")).to_be_visible()
        self.replies = page.locator("[data-test=message]:not([data-author=customer])")

    def say(self, text: str, answer: str | re.Pattern[str]) -> str:
        """Types a message, waits for a reply that holds `answer`; the text of the last reply."""
        field = self.page.locator("[data-test=field]")
        expect(field).to_be_enabled()
        count = self.replies.count()
        field.fill(text)
        field.press("Enter")
        expect(self.replies.nth(count)).to_be_visible()
        expect(self.replies.last).to_contain_text(answer)
        return self.replies.last.inner_text()


ARTICLES = {
    ("primus", "fr"): (
        "combien de personnes peuvent avoir accès au service électronique",
        "4 utilisateurs secondaires",
    ),
    ("primus", "en"): ("for how long do you keep call details in PIE", "30 days"),
    ("wrs", "fr"): ("à quel nom faire mon virement Interac", "WRS WEB SOLUTIONS INC"),
    ("wrs", "en"): ("do I have to sign a contract with you", re.compile("[Nn]o")),
    ("pitney-bowes", "fr"): ("est-ce que l'encre est couverte par le contrat", "consommables"),
    ("pitney-bowes", "en"): ("are ink cartridges and supplies part of the service contract", "consumables"),
}


@pytest.mark.parametrize("brand", ["primus", "wrs", "pitney-bowes"])
def test_a_customer_reads_an_article(stack: Stack, page: Page, brand: str, language: str) -> None:
    widget = Widget(page, stack.url, brand)
    question, answer = ARTICLES[brand, language]
    widget.say(question, answer)
    expect(widget.replies.last.locator("[data-test=text]")).to_be_visible()
    assert page.locator("[data-test=message][data-author=customer]").count() == 1
    assert (
        widget.replies.last.get_attribute("lang") == language
        or page.locator(f"[data-test=message] [lang|={language}]").count()
    )


def test_a_customer_proves_who_they_are_and_enrols_in_the_ebill(stack: Stack, page: Page, language: str) -> None:
    french = language == "fr"
    account, postal_code, phone = "1002003004", "J8X 2K1", "+18195550104"
    widget = Widget(page, stack.url, "primus")
    widget.say("c'est quoi mon solde" if french else "what do I owe", "1002003001")
    widget.say(account, "H2X")
    seen = len(stack.texts())
    widget.say(postal_code, "6")
    widget.say(stack.code_for(phone, seen), "64,10" if french else "64.10")
    widget.say(
        "passer à la facture électronique" if french else "switch me to paperless billing", re.compile("courriel|email")
    )
    address = f"navigateur-{language}@minuit.example"
    widget.say(address, address)
    yes = page.locator("[data-test=reply-button]", has_text="Oui" if french else "Yes")
    expect(yes).to_be_visible()
    count = widget.replies.count()
    yes.click()
    expect(widget.replies.nth(count)).to_contain_text(re.compile(r"E-[A-Z0-9]{4,}"))
    expect(page.locator("[data-test=reply-button]")).to_have_count(0)


@pytest.mark.parametrize("brand", ["primus", "wrs", "pitney-bowes"])
def test_a_customer_opens_a_request_and_looks_it_up_after_a_reload(
    stack: Stack, page: Page, brand: str, language: str
) -> None:
    french = language == "fr"
    widget = Widget(page, stack.url, brand)
    trouble = (
        "rien ne fonctionne depuis ce matin et j'ai déjà tout redémarré deux fois"
        if french
        else "nothing works since this morning and I already restarted everything twice"
    )
    widget.say(
        "je veux ouvrir une demande de soutien" if french else "open a support request please",
        re.compile("écrivez|escribe"),
    )
    widget.say(trouble, re.compile("joindre|reach"))
    number = re.search(r"R-\d{7}", widget.say("514 555-0123", re.compile(r"R-\d{7}")))
    assert number
    lines = page.locator("[data-test=message]").count()
    again = Widget(page, stack.url, brand)
    expect(page.locator("[data-test=message]")).to_have_count(lines)
    again.say("où en est ma demande" if french else "what's the status of my ticket", "R-4821937")
    again.say(number.group(), re.compile("courriel|email"))
    again.say("514 555-0123", "ouverte" if french else "open")


def test_a_customer_on_a_phone_opens_the_widget_and_closes_it(stack: Stack, page: Page, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    widget = Widget(page, stack.url, "wrs")
    widget.say("bonjour" if language == "fr" else "hello", re.compile("automatisé|automated"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, "nothing is wider than the screen"
    page.keyboard.press("Escape")
    expect(page.locator("[data-test=panel]")).to_be_hidden()
    expect(page.locator("[data-test=launcher]")).to_be_focused()


def test_the_code_can_be_read_on_the_outbox_page(stack: Stack, page: Page, language: str) -> None:
    page.goto(f"{stack.url}/dev/outbox")
    expect(page.locator("body")).to_contain_text(re.compile("code|vide|empty|rien|nothing", re.I))


def test_a_card_number_does_not_leave_the_page(stack: Stack, page: Page, language: str) -> None:
    Widget(page, stack.url, "primus")
    field = page.locator("[data-test=field]")
    field.fill("4111 1111 1111 1111")
    field.press("Enter")
    expect(page.locator("[data-test=field-problem]")).to_be_visible()
    expect(page.locator("[data-test=message][data-author=customer]")).to_have_count(0)
