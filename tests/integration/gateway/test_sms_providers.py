"""Texts on their way out through Twilio and Kannel: what they are sent, what is tried again, what is given up, how far they came."""

import asyncio
import itertools
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from yarl import URL

from gateway.models import Outgoing, SmsChoice
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.sms_steps import AMELIE, NUMBERS, PRIMUS, TOKEN, post, say
from tests.stack import free_port

SECRET = "kannel's secret"


class Provider:
    """Both providers as one small server; `answers` are given to the next requests instead of yes."""

    def __init__(self, port):
        self.port = port
        self.texts = []
        self.answers = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def twilio(self, request):
        assert request.headers["Authorization"].startswith("Basic ")
        self.texts.append(dict(await request.post()))
        await self.hold.wait()
        if self.answers:
            status, code = self.answers.pop(0)
            return web.json_response({"code": code, "message": "no"}, status=status)
        return web.json_response({"sid": f"SM{len(self.texts)}", "status": "queued"}, status=201)

    async def kannel(self, request):
        self.texts.append(
            {name: values[0] for name, values in parse_qs(request.rel_url.raw_query_string, encoding="latin-1").items()}
        )
        if self.answers:
            status, text = self.answers.pop(0)
            return web.Response(status=status, text=text)
        return web.Response(status=202, text="0: Accepted for delivery")


@pytest.fixture
async def provider():
    app, found = web.Application(), Provider(free_port())
    app.add_routes(
        [web.post("/2010-04-01/Accounts/AC1/Messages.json", found.twilio), web.get("/cgi-bin/sendsms", found.kannel)]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", found.port).start()
    yield found
    await runner.cleanup()


@pytest.fixture
async def twilio(start, provider):
    sms = SmsSettings(
        provider="twilio", twilio_account="AC1", twilio_tokens=(TOKEN,), twilio_api=f"http://127.0.0.1:{provider.port}",
        numbers=NUMBERS, burst_s=0.0,
    )  # fmt: skip
    return await start(sms=sms, public_url="")


@pytest.fixture
async def kannel(start, provider):
    sms = SmsSettings(
        provider="kannel", kannel_url=f"http://127.0.0.1:{provider.port}/cgi-bin/sendsms", kannel_user="assistant",
        kannel_password="password", kannel_secret=SECRET, twilio_tokens=(TOKEN,), numbers=NUMBERS, burst_s=0.0,
    )  # fmt: skip
    return await start(sms=sms)


async def row(gateway, state, count=1):
    """The rows of the outbox, once all have the state."""
    for _ in range(250):
        rows = await gateway.rows(Outgoing)
        # One that waits has been tried: before that it is pending too.
        if [one.state for one in rows] == [state] * count and (state != "pending" or rows[0].error):
            return rows[-1]
        await asyncio.sleep(0.02)
    raise AssertionError([(one.state, one.error) for one in rows])


async def status(gateway, letter, state, **more):
    fields = {"MessageSid": "SM1", "MessageStatus": state, **more}
    return await post(gateway, fields, f"/sms/twilio/status?letter={letter}")


async def test_twilio_gets_the_text_from_the_number_that_was_written_to(twilio, provider):
    await say(twilio, "Où en est ma facture? “ça” 😀")
    found = await row(twilio, "sent")
    assert (found.provider_id, found.alphabet, found.parts, found.sender) == ("SM1", "ucs-2", 1, PRIMUS)
    (text,) = provider.texts
    assert text["From"] == PRIMUS
    assert text["To"] == AMELIE
    assert text["Body"] == 'you said Où en est ma facture? "ça" 😀'
    assert twilio.texts() == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [((429, 20429), "pending"), ((503, None), "pending"), ((401, 20003), "pending"), ((400, 21211), "failed")],
)
async def test_twilios_refusals_are_tried_again_or_given_up_by_their_kind(twilio, provider, clock, answer, state):
    provider.answers = [answer]
    await say(twilio, "bonjour")
    found = await row(twilio, state)
    assert str(answer[0]) in found.error
    clock.pass_(seconds=10)
    if state == "pending":
        assert (await row(twilio, "sent")).tries == 2
        assert provider.texts[0] == provider.texts[1]
    else:
        await asyncio.sleep(0.2)
        assert len(provider.texts) == 1


async def test_twilios_own_stop_is_an_opt_out(twilio, provider):
    provider.answers = [(400, 21610)]
    await say(twilio, "bonjour")
    await row(twilio, "suppressed")
    (choice,) = await twilio.rows(SmsChoice)
    assert (choice.brand, choice.customer, choice.out, choice.source) == ("primus", AMELIE, True, "provider")


ORDERS = [
    *itertools.permutations(["queued", "sent", "delivered"]),
    ("delivered", "failed"),
    ("undelivered", "sent"),
]


async def test_news_lead_forward_only_in_any_order(twilio):
    for count, order in enumerate(ORDERS, 1):
        await say(twilio, "bonjour")
        letter = (await row(twilio, "sent", count)).id
        for state in order:
            assert (await status(twilio, letter, state))[0] == 200
        expected = "failed" if order[0] == "undelivered" else "delivered"
        assert (await row(twilio, "sent", count)).delivery == expected, order


async def test_news_are_refused_where_they_are_not_signed_and_unknown_ones_do_nothing(twilio):
    await say(twilio, "bonjour")
    letter = (await row(twilio, "sent")).id
    forged = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert (await post(twilio, forged, f"/sms/twilio/status?letter={letter}", "forged"))[0] == 403
    assert (await status(twilio, 999, "delivered"))[0] == 200
    assert (await status(twilio, letter, "strange"))[0] == 200
    assert (await row(twilio, "sent")).delivery is None


async def test_a_failure_keeps_its_number_and_a_stop_told_later_is_an_opt_out(twilio):
    await say(twilio, "bonjour")
    letter = (await row(twilio, "sent")).id
    await status(twilio, letter, "undelivered", ErrorCode="30006")
    found = await row(twilio, "sent")
    assert (found.delivery, found.error) == ("failed", "provider error 30006")
    await say(twilio, "encore")
    letter = (await row(twilio, "sent", 2)).id
    await status(twilio, letter, "failed", ErrorCode="21610")
    assert [choice.out for choice in await twilio.rows(SmsChoice)] == [True]


async def test_what_twilio_took_without_saying_so_is_not_sent_again(twilio, provider, clock):
    provider.hold.clear()
    await say(twilio, "bonjour")
    while not provider.texts:
        await asyncio.sleep(0.02)
    await status(twilio, 1, "queued")
    assert (await row(twilio, "sent")).provider_id == "SM1"
    clock.pass_(minutes=10)
    await asyncio.sleep(0.3)
    assert len(provider.texts) == 1
    provider.hold.set()


async def test_texts_to_one_number_go_out_in_the_order_in_which_they_were_said(twilio, provider, clock):
    provider.answers = [(503, None)]
    await say(twilio, "un")
    await row(twilio, "pending")
    await say(twilio, "deux")
    await row(twilio, "pending", 2)
    await asyncio.sleep(0.2)
    assert len(provider.texts) == 1, "the second waits for the first"
    clock.pass_(seconds=10)
    await row(twilio, "sent", 2)
    assert [text["Body"] for text in provider.texts] == ["you said un", "you said un", "you said deux"]


async def test_kannel_gets_each_part_with_the_header_that_joins_them(kannel, provider, parts):
    await say(kannel, "é" * 200 + "ç")
    found = await row(kannel, "sent")
    assert (found.alphabet, found.parts) == ("gsm-7", len(provider.texts))
    first = provider.texts[0]
    assert (first["username"], first["password"], first["from"], first["to"]) == (
        "assistant",
        "password",
        PRIMUS,
        AMELIE,
    )
    assert [text["udh"].encode("latin-1") for text in provider.texts] == [
        bytes([5, 0, 3, found.id, found.parts, n + 1]) for n in range(found.parts)
    ]
    assert [text["dlr-mask"] for text in provider.texts] == ["18"] * (found.parts - 1) + ["31"]


async def test_kannel_gets_an_emoji_whole_and_one_part_without_a_header(kannel, provider):
    await say(kannel, "😀")
    await row(kannel, "sent")
    (text,) = provider.texts
    assert "udh" not in text
    assert text["coding"] == "2"
    assert text["text"].encode("latin-1").decode("utf-16-be") == "you said 😀"


@pytest.mark.parametrize(
    ("answer", "state"), [((503, "Temporal failure"), "pending"), ((403, "Denied"), "pending"), ((400, "No"), "failed")]
)
async def test_kannels_refusals_too(kannel, provider, clock, answer, state):
    provider.answers = [answer]
    await say(kannel, "bonjour")
    await row(kannel, state)
    clock.pass_(seconds=10)
    await row(kannel, "sent" if state == "pending" else "failed")


async def get(gateway, path, secret=SECRET, **query):
    async with gateway.http.get(gateway.url + path, params={"secret": secret, **query}) as response:
        return response.status, await response.read()


async def test_kannel_is_known_by_its_secret_and_its_address(start, kannel, provider):
    text = {"id": "a-1", "from": AMELIE, "to": PRIMUS, "text": "bonjour"}
    assert await get(kannel, "/sms/kannel", **text) == (200, b"")
    assert await get(kannel, "/sms/kannel", **text) == (200, b"")
    await row(kannel, "sent")
    assert len(provider.texts) == 1
    assert (await get(kannel, "/sms/kannel", secret="", **text))[0] == 403
    assert (await get(kannel, "/sms/kannel", secret="guess", **text))[0] == 403
    assert (await get(kannel, "/sms/kannel", **{**text, "id": ""}))[0] == 422
    elsewhere = await start(sms=SmsSettings(kannel_secret=SECRET, kannel_from=("192.0.2.7",), numbers=NUMBERS))
    assert (await get(elsewhere, "/sms/kannel", **{**text, "id": "a-2"}))[0] == 403
    nobody = await start(sms=SmsSettings(numbers=NUMBERS))
    assert (await get(nobody, "/sms/kannel", secret="", **text))[0] == 403


async def test_kannels_news_are_kept(kannel, provider):
    await say(kannel, "bonjour")
    letter = (await row(kannel, "sent")).id
    callback = urlsplit(provider.texts[0]["dlr-url"])
    assert callback.path == "/sms/kannel/status"
    for state, expected in (("8", "sent"), ("1", "delivered"), ("4", "delivered"), ("2", "delivered")):
        assert (await get(kannel, "/sms/kannel/status", letter=str(letter), state=state))[0] == 200
        assert (await row(kannel, "sent")).delivery == expected
    assert (await get(kannel, "/sms/kannel/status", secret="guess", letter=str(letter), state="1"))[0] == 403


async def test_a_text_of_kannels_is_read_in_its_own_alphabet(kannel, parts):
    base = {"from": "15145550150", "to": "15145550100"}
    wide = "ça coûte 😀"
    query = "".join(f"&{name}={value}" for name, value in base.items())
    written = {"UTF-16BE": wide, "UTF-8": wide, "ISO-8859-1": "ça"}
    for number, (charset, words) in enumerate(written.items()):
        text = "".join(f"%{byte:02X}" for byte in words.encode(charset))
        how = f"charset={charset}&coding={'2' if charset == 'UTF-16BE' else '0'}"
        url = f"{kannel.url}/sms/kannel?secret={SECRET.replace(' ', '+')}&id={number}{query}&{how}&text={text}"
        async with kannel.http.get(URL(url, encoded=True)) as response:
            assert response.status == 200
    for _ in range(100):
        if len(parts.turns) == 3:
            break
        await asyncio.sleep(0.02)
    assert sorted(turn["text"] for turn in parts.turns) == sorted([wide, wide, "ça"])
