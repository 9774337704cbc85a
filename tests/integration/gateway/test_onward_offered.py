"""Going on by text, asked for in words: the assistant hears whether the brand writes texts, and what it offers comes to the page."""

from aiohttp import web

from gateway.message import Reply
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN


async def test_the_assistant_hears_whether_the_brand_writes_texts_and_the_page_what_it_offers(start, parts):
    gateway = await start(sms=SmsSettings(numbers={"primus": NUMBERS["primus"]}, twilio_tokens=(TOKEN,)))

    async def offers(turn):
        reply = Reply("Oui.").as_payload() | {"text": "Oui.", "offers": "continue_by_text"}
        return web.json_response({"replies": [reply], "understood": None})

    parts.answer = offers
    talk = await gateway.talk()
    assert (await talk.say("on continue par texto?"))["replies"][0]["offers"] == "continue_by_text"
    assert parts.turns[-1]["metadata"]["texts"] is True
    assert [line.get("offers") for line in await talk.lines()] == [None, "continue_by_text"]
    other = await gateway.talk("wrs")
    await other.say("on continue par texto?")
    assert parts.turns[-1]["metadata"]["texts"] is False, "it has no number"
