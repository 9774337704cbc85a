"""Text messages at the desk in Chromium: numbers, parts and states, in both languages, wide and narrow."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from gateway.sms_settings import SmsSettings
from tests.integration.desk.test_windows import without_faults
from tests.integration.gateway.onward_steps import move
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN, post, say, sent

SAID = {
    "fr": ("La conversation continue par texto au (514) 555-0150", "Texto · 1 partie (GSM-7) · reçu", "commencée"),
    "en": ("The conversation goes on by text at (514) 555-0150", "SMS · 1 part (GSM-7) · delivered", "began on"),
}


@pytest.fixture
async def gateway(start):
    return await start(sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0))


@pytest.mark.parametrize("width", [1280, 420])
async def test_a_conversation_by_text_as_agents_read_it(desk, window, gateway, language, width):
    await desk("luc", signed=False)
    talk = await gateway.talk(language=language)
    await talk.say("bonjour" if language == "fr" else "hello")
    await move(talk)
    await say(gateway, "me voici 😀" if language == "fr" else "here I am 😀")
    await sent(gateway, 3)
    await post(gateway, {"MessageSid": "SM1", "MessageStatus": "delivered"}, "/sms/twilio/status?letter=2")
    luc = await window("luc", width=width, language=language)
    if language == "en":
        await luc.locator("[name=language][value=en]").first.press("Enter")
        await expect(luc.locator("html")).to_have_attribute("lang", "en-CA")
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    moved, carried, begun = SAID[language]
    await expect(luc.locator("#thread")).to_contain_text(moved)
    await expect(luc.locator("#thread")).to_contain_text(carried)
    await expect(luc.locator("#thread")).to_contain_text("UCS-2")
    await expect(luc.locator(".title")).to_contain_text(begun)
    if folder := os.environ.get("SCREENSHOTS"):
        await luc.screenshot(path=Path(folder) / f"desk-by-text-{language}-{width}.png", full_page=True)
    await without_faults(luc)
    assert await luc.evaluate("document.documentElement.scrollWidth <= innerWidth")
