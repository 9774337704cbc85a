"""Every page of the desk in Chromium, with something on it and with nothing: axe-core finds nothing, nothing is wider than the window.

`SCREENSHOTS=build/screenshots` keeps a picture of each, in both languages, wide and narrow. Look at them after a change.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from desk.models import SupportRequest
from tests.integration.desk.test_box_page import MAIL
from tests.integration.desk.test_windows import ready, understood, without_faults
from tests.integration.gateway.desk_steps import open_one

EMPTY = (
    "/",
    "/requests",
    "/search?q=introuvable",
    "/triage",
    "/canned",
    "/dashboard",
    "/knowledge/questions",
    "/agents",
    "/agents/log",
)
SIZES = [(1280, "light"), (320, "dark")]


async def look(page, name, width):
    """What must hold of a page; and its picture, where that is wanted."""
    await without_faults(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        f"{page.url} is wider than the window"
    )
    if folder := os.environ.get("SCREENSHOTS"):
        lang = (await page.get_attribute("html", "lang"))[:2]
        await page.screenshot(path=Path(folder) / f"desk-{name}-{lang}-{width}.png", full_page=True)


def name_of(path):
    return re.sub(r"\W+", "-", path).strip("-") or "queue"


async def signed_in(window, language, width, scheme):
    page = await window("diane", width=width, scheme=scheme)
    if await page.get_attribute("html", "lang") != f"{language}-CA":
        await page.locator("header form button[name=language]").click()
        await expect(page.locator("html")).to_have_attribute("lang", f"{language}-CA")
    return page


@pytest.mark.parametrize(("width", "scheme"), SIZES)
async def test_every_page_with_nothing_on_it(desk, window, gateway, language, width, scheme):
    outside = await window(language=language, width=width, scheme=scheme)
    await outside.goto(f"{gateway.url}/desk/sign-in")
    await outside.fill("[name=email]", "charlie@autre.example")
    await outside.fill("[name=password]", "pas la bonne phrase")
    await outside.keyboard.press("Enter")
    await expect(outside.locator("#alert")).not_to_be_empty()
    await look(outside, "sign-in-wrong", width)
    page = await signed_in(window, language, width, scheme)
    for path in EMPTY:
        await page.goto(f"{gateway.url}/desk{path}")
        await look(page, f"empty-{name_of(path)}", width)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
async def test_every_page_with_something_on_it(desk, window, waiting, gateway, parts, language, width, scheme):
    parts.answer = understood
    said = (
        "combien de comptes par profil? c'est urgent"
        if language == "fr"
        else "how many accounts per profile? it is urgent"
    )
    talk = await waiting(said, language=language)
    await waiting("ma ligne est coupée, je perds des clients", premier=True)
    await waiting("my modem has no lights", brand="wrs", language="en")
    number = (await open_one(talk, language=language))["number"]
    page = await signed_in(window, language, width, scheme)
    await page.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(page)
    await page.keyboard.press("t")
    await expect(page.locator(".state.mine")).to_be_visible()
    await page.keyboard.press("n")
    await page.keyboard.type("Secteur en panne. / Outage in the area.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".entry.note")).to_be_visible()
    await look(page, "conversation", width)
    for path in ("/", "/?show=mine", "/requests", f"/requests/{number}", "/search?q=urgent", "/dashboard"):
        await page.goto(f"{gateway.url}/desk{path}")
        await look(page, name_of(path.replace(number, "one")), width)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
async def test_the_triage_box_by_keyboard_alone_to_a_request_by_one_key(
    desk, window, gateway, parts, language, width, scheme
):
    parts.outcomes["primus"] = ("do/open_request", 0.8)
    page = await signed_in(window, language, width, scheme)
    await page.goto(f"{gateway.url}/desk/triage")
    await ready(page)
    await expect(page.locator("textarea[name=text]")).to_be_focused()
    await page.keyboard.insert_text(MAIL)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#draft-fr")).to_have_value(re.compile("Amélie Tremblay|Bonjour"))
    await expect(page.locator("#draft-en")).to_have_value(re.compile("Hello|Dear|Amélie"))
    await ready(page)
    await look(page, "triage-filled", width)
    await page.keyboard.press("o")
    await page.wait_for_url("**/desk/requests/R-**")
    (request,) = await gateway.rows(SupportRequest)
    assert request.language == "fr", "the customer's, whatever the agent's"
    await look(page, "request-from-the-box", width)
