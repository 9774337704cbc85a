"""STOP, START and HELP: answered at once from anywhere, and honoured by all that sends."""

import asyncio
from decimal import Decimal

import pytest

from gateway.models import Outgoing, SmsChoice
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.identity_steps import send
from tests.integration.gateway.parts import said
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN, say, sent


@pytest.fixture
def sms():
    return SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0)


@pytest.fixture
async def gateway(start, sms):
    return await start(sms=sms)


async def states_are(gateway, *expected):
    """The states of all that went out, or was held back, once it is so far."""
    for _ in range(1500):
        states = sorted(row.state for row in await gateway.rows(Outgoing))
        if states == sorted(expected):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(states)


@pytest.mark.parametrize(
    ("stop", "start_again", "confirmed", "back"),
    [
        ("ARRÊT!", "Début", "désabonnement confirmé", "vos textos sont rétablis"),
        ("stop", "START", "you are unsubscribed", "your texts are back on"),
    ],
)
async def test_stop_is_confirmed_once_and_then_nothing_goes_out_until_start(
    gateway, parts, clock, stop, start_again, confirmed, back
):
    await say(gateway, "bonjour")
    await sent(gateway, 1)
    await say(gateway, stop)
    texts = await sent(gateway, 2)
    assert confirmed in texts[1].replace("etes", "êtes").replace("desabonne", "désabonné")
    assert len(texts[1]) <= 160
    (choice,) = await gateway.rows(SmsChoice)
    assert (choice.out, choice.source, choice.word, choice.at) == (True, "keyword", stop, clock.now)
    await say(gateway, "mon solde?")
    await say(gateway, "aide")
    assert len(await sent(gateway, 2)) == 2
    assert len(parts.turns) == 1, "nobody is asked for what cannot be answered"
    await say(gateway, start_again)
    texts = await sent(gateway, 3)
    assert back in texts[2].replace("retablis", "rétablis")
    await say(gateway, "mon solde?")
    assert (await sent(gateway, 4))[3] == "you said mon solde?"


async def test_what_is_under_way_when_stop_comes_is_held_back(gateway, parts):
    hold = asyncio.Event()

    async def slowly(turn):
        await hold.wait()
        return said("voici votre solde")

    parts.answer = slowly
    await say(gateway, "mon solde")
    while not parts.turns:
        await asyncio.sleep(0.02)
    await say(gateway, "STOP")
    (text,) = await sent(gateway, 1)
    assert "unsubscribed" in text, "at once, though the assistant still thinks"
    hold.set()
    await states_are(gateway, "sent", "suppressed")
    assert len(await sent(gateway, 1)) == 1


async def test_receipts_reminders_and_codes_are_held_back_too_by_every_gateway_and_after_a_restart(start, sms, clock):
    first = await start(sms=sms)
    second = await start(sms=sms)
    await say(first, "STOP", customer="+15145550101")  # the phone on file
    await sent(first, 1, "+15145550101")
    await send(await second.talk())
    await first.stop()
    third = await start(sms=sms)
    await send(await third.talk())
    await states_are(third, "sent", "suppressed", "suppressed")
    assert len(third.texts()) == 1


async def test_stop_is_for_one_brand(gateway):
    await say(gateway, "STOP")
    await sent(gateway, 1)
    await say(gateway, "hello", number="+16135550100")
    assert len(await sent(gateway, 2)) == 2


async def test_a_request_that_holds_the_word_is_a_request(gateway, parts):
    await say(gateway, "je veux arrêter mon forfait")
    await sent(gateway, 1)
    assert await gateway.rows(SmsChoice) == []
    assert len(parts.turns) == 1


@pytest.mark.parametrize(("word", "language"), [("HELP", "en"), ("Aide?", "fr")])
async def test_help_is_answered_in_its_own_language_without_the_assistant(gateway, parts, word, language):
    await say(gateway, word)
    (text,) = await sent(gateway, 1)
    assert ("STOP" in text) if language == "en" else ("ARRET" in text)
    assert len(text) <= 160
    assert parts.turns == []


async def test_what_the_provider_has_answered_is_recorded_and_not_answered_again(gateway):
    await say(gateway, "unsubscribe", OptOutType="STOP")
    assert await sent(gateway, 0) == []
    (choice,) = await gateway.rows(SmsChoice)
    assert choice.out


async def test_a_word_that_is_handed_over_twice_is_answered_once(gateway):
    fields = await say(gateway, "STOP")
    await say(gateway, "STOP", MessageSid=fields["MessageSid"])
    assert len(await sent(gateway, 1)) == 1
    assert len(await gateway.rows(SmsChoice)) == 1


async def test_who_writes_too_much_is_told_once_and_may_still_stop(start, parts, clock, sms):
    gateway = await start(sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0, messages_a_day=3))
    for number in range(6):
        await say(gateway, f"message {number}")
    texts = await sent(gateway, 4)
    assert len(texts) == 4
    assert sum("beaucoup de textos" in text or "many texts" in text for text in texts) == 1
    assert len(parts.turns) == 3
    await say(gateway, "STOP")
    assert "unsubscribed" in (await sent(gateway, 5))[4]
    await say(gateway, "START")
    clock.pass_(hours=24)
    await say(gateway, "good morning")
    assert (await sent(gateway, 7))[-1] == "you said good morning"


async def test_a_country_that_is_not_allowed_is_neither_heard_nor_written_to(gateway, parts):
    await say(gateway, "bonjour", customer="+33123456789")
    await say(gateway, "your code", customer="57575")
    assert await sent(gateway, 0, "+33123456789") == []
    assert parts.turns == []


async def test_the_days_money_is_not_overspent(start, clock):
    gateway = await start(
        sms=SmsSettings(
            numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0, part_cost=Decimal("0.01"), cost_a_day=Decimal("0.02")
        )
    )
    for number in range(4):
        await say(gateway, f"message {number}")
        await sent(gateway, min(number + 1, 2))
    await states_are(gateway, "sent", "sent", "refused", "refused")
    await say(gateway, "STOP")
    assert len(await sent(gateway, 3)) == 3, "who leaves is told so in any case"
    clock.pass_(hours=24)
    await say(gateway, "START")
    await say(gateway, "again")
    assert (await sent(gateway, 5))[-1] == "you said again"
