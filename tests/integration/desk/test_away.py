"""The gateway stops and starts again under an agent's open page: what was typed stays, is said once, and the page catches up by itself."""

import pytest
from playwright.async_api import expect

from tests.integration.desk.test_windows import ready


async def test_a_reply_sent_while_the_gateway_is_away_is_told_kept_and_said_once(desk, window, waiting, gateway, start):
    talk = await waiting()
    luc = await window("luc")
    complaints = []
    luc.on("pageerror", lambda error: complaints.append(str(error)))
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    await luc.keyboard.press("t")
    await expect(luc.locator(".state.mine")).to_be_visible()
    await gateway.stop()
    await expect(luc.locator("#lost")).to_be_visible()
    await luc.keyboard.press("r")
    await luc.keyboard.type("Je regarde tout de suite.")
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator("#alert")).to_contain_text("rien n’est dit deux fois")
    await expect(luc.locator("#reply-text")).to_have_value("Je regarde tout de suite.")
    again = await start(port=gateway.settings.port, internal_port=gateway.settings.internal_port)
    await expect(luc.locator("#lost")).to_be_hidden()
    # What was refused stays in sight, though the page has caught up.
    await expect(luc.locator("#alert")).to_contain_text("rien n’est dit deux fois")
    await talk.say("êtes-vous là?")
    await expect(luc.locator(".entry.customer").last).to_contain_text("êtes-vous là?")
    await luc.locator("#reply-text").focus()
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator("#reply-text")).to_have_value("")
    await expect(luc.locator("#alert")).to_be_empty()
    said = [line["text"] for line in await talk.lines() if line["author"] == "agent"]
    assert said.count("Je regarde tout de suite.") == 1
    assert again.url == gateway.url
    assert complaints == []


@pytest.mark.parametrize("status", [502, 503])
async def test_what_answers_in_the_gateways_place_is_no_end_of_the_session(desk, window, waiting, gateway, status):
    talk = await waiting()
    luc = await window("luc")

    async def refuse(route):
        await route.fulfill(status=status, content_type="text/html", body="<h1>Bad gateway</h1>")

    for path in ("**/desk/feed", "**/answer"):
        await luc.route(path, refuse)
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    await luc.evaluate("window.same = true")
    await expect(luc.locator("#lost")).to_be_visible()
    await luc.keyboard.press("r")
    await luc.keyboard.type("Encore moi")
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator("#alert")).to_contain_text("rien n’est dit deux fois")
    await luc.unroute_all()
    await expect(luc.locator("#lost")).to_be_hidden()
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator(".entry.agent")).to_have_count(1)
    assert await luc.evaluate("window.same"), "the page was not loaded anew"
