"""The agents' pages in Chromium: a customer and two agents in windows of their own, by keyboard, and what axe-core finds."""

import re
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import expect

from gateway.models import Conversation
from tests.integration.gateway.desk_steps import open_one

AXE = (Path(__file__).resolve().parents[2] / "vendor" / "axe-core-4.14.1.min.js").read_text(encoding="utf-8")
expect.set_options(timeout=15_000)  # a machine that does other things too
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def understood(turn):
    """An assistant that takes everything for a question about accounts."""
    reply = {"text": "Voici **ce que je sais**.", "buttons": [], "article": None, "title": None, "attachments": []}
    candidates = [{"id": "primus/account-limit", "confidence": 0.7}, {"id": "do/check_balance", "confidence": 0.2}]
    outcome = {"intent": "ask_article", "article": "primus/account-limit", "confidence": 0.7, "candidates": candidates}
    return web.json_response({"replies": [reply], "understood": outcome})


class Customer:
    """The widget on the demonstration page."""

    def __init__(self, page):
        self.page = page
        self.messages = page.locator("[data-test=message]")

    async def say(self, text):
        await self.page.locator("[data-test=field]").fill(text)
        await self.page.keyboard.press("Enter")

    async def read(self, text):
        await expect(self.messages.filter(has_text=text).first).to_be_visible()

    async def rate(self, score, comment):
        await self.page.locator("[data-test=offer-rating]").press("Enter")
        await self.page.locator(f"[data-test=score-{score}]").press("Space")
        await self.page.locator("[data-test=comment]").fill(comment)
        await self.page.locator("[data-test=submit]").press("Enter")
        await expect(self.page.locator("[data-test=sheet] [role=status]")).to_be_visible()


async def customer(window, gateway, language):
    page = await window(language=language)
    await page.goto(f"{gateway.url}/?brand=primus")
    await expect(page.locator("[data-test=panel]")).to_be_visible()
    return Customer(page)


async def conversation_of(gateway):
    """The one conversation of the test, put into the queue as the assistant does."""
    (talk,) = await gateway.rows(Conversation)
    url = f"{gateway.internal_url}/internal/v1/conversations/{talk.id}/queue"
    secret = gateway.settings.internal_secret
    async with gateway.http.post(url, json={}, headers={"Authorization": f"Bearer {secret}"}) as response:
        assert response.status == 200
    return talk.id


async def test_hand_over_answer_note_hand_back_and_resolve_by_keyboard_alone(desk, window, gateway, language):
    amelie = await customer(window, gateway, language)
    await amelie.say("Ma ligne est coupée" if language == "fr" else "My line is down and I cannot work")
    await amelie.read("you said")
    luc = await window("luc")
    await expect(luc.locator(".empty")).to_be_visible()
    await conversation_of(gateway)
    # It comes by itself: nobody reloads.
    await expect(luc.locator(".row")).to_have_count(1)
    await expect(luc).to_have_title(re.compile(r"^\(1\) "))
    await luc.keyboard.press("j")
    await luc.keyboard.press("Enter")
    await luc.wait_for_url("**/desk/conversations/**")
    await ready(luc)
    await expect(luc.locator("#thread")).to_contain_text("Ma ligne" if language == "fr" else "My line")
    await luc.keyboard.press("t")
    await expect(luc.locator(".state.mine")).to_be_visible()
    await amelie.read("a pris la conversation" if language == "fr" else "has joined the conversation")
    await luc.keyboard.press("n")
    await luc.keyboard.type("Secteur en panne, prudence.")
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator(".entry.note")).to_contain_text("prudence")
    await luc.keyboard.press("Escape")
    await luc.keyboard.press("r")
    await luc.keyboard.type("Un technicien regarde. (t e b s m n ?)")
    await luc.keyboard.press("Control+Enter")
    await amelie.read("Un technicien regarde. (t e b s m n ?)")
    await expect(luc.locator("#reply-text")).to_have_value("")
    thanks = "merci beaucoup" if language == "fr" else "thank you very much"
    await amelie.say(thanks)
    await expect(luc.locator(".entry.customer").last).to_contain_text(thanks)
    assert await amelie.messages.filter(has_text="prudence").count() == 0
    await luc.keyboard.press("Escape")
    await luc.keyboard.press("b")
    await amelie.read("m’a remis la conversation" if language == "fr" else "has handed the conversation back")
    await expect(luc.locator(".bar [data-key=t]")).to_be_visible()
    await luc.keyboard.press("t")
    await expect(luc.locator(".bar [data-key=e]")).to_be_visible()
    await luc.keyboard.press("e")
    await amelie.read("est réglée" if language == "fr" else "marked your question as resolved")
    await expect(luc.locator(".bar .state")).to_contain_text("Réglée")
    await amelie.rate(5, "Merci Luc")
    await expect(luc.locator("#panel")).to_contain_text("5 sur 5")
    await expect(luc.locator("#panel q")).to_have_text("Merci Luc")


async def test_a_key_right_after_a_change_does_not_load_the_page_anew(desk, window, waiting, gateway):
    talk = await waiting()
    luc = await window("luc")
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    # As fast as a hand can be: the key of what has just appeared, in the same moment.
    await luc.evaluate(
        """() => {
          window.same = true;
          document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
            const back = document.querySelector(".bar [data-key=b]");
            if (detail.target.id === "bar" && back) setTimeout(() => back.click(), 0);
          });
        }"""
    )
    await luc.keyboard.press("t")
    await expect(luc.locator(".entry.event").last).to_contain_text("m’a remis la conversation")
    assert await luc.evaluate("window.same")


async def test_two_agents_and_one_conversation_the_second_sees_who_has_it_without_a_reload(
    desk, window, waiting, gateway
):
    talk = await waiting()
    luc, nadia = await window("luc"), await window("nadia")
    for one in (luc, nadia):
        await one.goto(f"{gateway.url}/desk/conversations/{talk.id}")
        await ready(one)
    await luc.keyboard.press("r")
    await luc.keyboard.type("Je commence à écrire")
    await expect(nadia.locator("#typing")).to_contain_text("Luc Roy écrit aussi une réponse.")
    await luc.keyboard.press("Control+Enter")
    await expect(nadia.locator(".state.other")).to_contain_text("Luc Roy répond à ce client.")
    await nadia.keyboard.press("r")
    await nadia.keyboard.type("Moi aussi")
    await nadia.keyboard.press("Control+Enter")
    await expect(nadia.locator("#alert")).to_contain_text("Luc Roy a déjà cette conversation. Rien n’a été envoyé.")
    await expect(nadia.locator("#reply-text")).to_have_value("Moi aussi")
    assert "Moi aussi" not in str(await talk.lines())


async def test_a_suggested_reply_is_sent_by_one_key_or_edited_first_and_a_draft_is_never_sent_along(
    desk, window, waiting, gateway, parts
):
    parts.answer = understood
    talk = await waiting("combien de comptes par profil?")
    luc = await window("luc")
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    text = await luc.locator(".suggested [data-text]").get_attribute("data-text")
    await luc.keyboard.press("Shift+Digit1")
    await expect(luc.locator("#reply-text")).to_have_value(text)
    await luc.locator("#reply-text").fill("Mon brouillon")
    await luc.keyboard.press("Escape")
    await luc.keyboard.press("1")
    await expect(luc.locator("#reply-text")).to_have_value(f"Mon brouillon\n\n{text}")
    assert (await talk.lines())[-1]["author"] != "agent"
    await luc.locator("#reply-text").fill("")
    await luc.keyboard.press("Escape")
    await luc.keyboard.press("1")
    await expect(luc.locator(".entry.agent")).to_have_count(1)
    assert (await talk.lines())[-1]["text"] == text


async def test_a_canned_answer_is_found_and_put_in_by_keyboard_in_the_customers_language(
    desk, window, waiting, gateway
):
    talk = await waiting("my machine shows an error", language="en")
    luc = await window("luc")
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    await luc.keyboard.press("/")
    await luc.keyboard.press("Escape")
    await expect(luc.locator("#canned")).to_be_hidden()
    await luc.keyboard.press("/")
    await expect(luc.locator("#canned-find")).to_be_focused()  # a person looks before they write
    await luc.keyboard.type("serial")
    await luc.keyboard.press("Enter")
    await expect(luc.locator("#reply-text")).to_have_value(re.compile("^What are the model and serial number"))
    await luc.keyboard.press("Escape")
    await luc.keyboard.press("?")
    await expect(luc.locator("#help")).to_be_visible()
    await luc.keyboard.press("t")
    await expect(luc.locator(".state.mine")).to_have_count(0)


async def test_a_draft_outlives_a_reload_and_the_session_ends_with_a_way_back(desk, window, waiting, gateway):
    talk = await waiting()
    luc = await window("luc")
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    await luc.fill("#reply-text", "Pas encore envoyé")
    await luc.reload()
    await ready(luc)
    await expect(luc.locator("#reply-text")).to_have_value("Pas encore envoyé")
    await luc.context.clear_cookies()
    await luc.keyboard.press("Escape")
    await luc.locator("#reply .send").click()
    await expect(luc.locator("[name=password]")).to_be_visible()
    assert (await talk.lines())[-1]["author"] != "agent"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_any_page(desk, window, waiting, gateway, parts, scheme, language):
    parts.answer = understood
    talk = await waiting("combien de comptes par profil? c'est urgent")
    number = (await open_one(talk))["number"]
    outside = await window(language=language, scheme=scheme)
    await outside.goto(f"{gateway.url}/desk/sign-in")
    await without_faults(outside)
    for width in (1280, 320):
        diane = await window("diane", scheme=scheme, width=width)
        if await diane.get_attribute("html", "lang") != f"{language}-CA":
            await diane.locator("header form button[name=language]").click()
            await expect(diane.locator("html")).to_have_attribute("lang", f"{language}-CA")
        for path in (
            "/",
            f"/conversations/{talk.id}",
            "/requests",
            f"/requests/{number}",
            "/search?q=comptes",
            "/triage",
            "/canned",
            "/canned/new",
            "/dashboard",
            "/agents",
            "/agents/1",
            "/agents/log",
            "/account",
            "/nothing-here",
        ):
            await diane.goto(f"{gateway.url}/desk{path}")
            await without_faults(diane)
            assert await diane.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                f"{path} is wider than the window"
            )
        await diane.goto(f"{gateway.url}/desk/conversations/{talk.id}")
        for dialog in ("help", "canned", "snooze", "transfer"):
            await diane.evaluate(f"document.querySelector('#{dialog}').showModal()")
            await without_faults(diane)
            await diane.keyboard.press("Escape")


async def ready(page):
    """The page's script runs: before that, keys do nothing."""
    await expect(page.locator("html.scripted")).to_be_visible()


async def without_faults(page):
    await page.evaluate(AXE)
    found = await page.evaluate(
        "async (rules) => (await axe.run(document, {runOnly: rules})).violations"
        ".map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 160))])",
        RULES,
    )
    assert found == [], page.url
