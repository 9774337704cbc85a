"""The codes with which a conversation goes on by text: to whom, how often, and for how long they count."""

import argparse

import pytest

from gateway.customer import run
from gateway.models import Message, Outgoing, PhoneCode
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.onward_steps import ask, code_at, give
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN

OTHER = "+14165550177"


@pytest.fixture
async def gateway(start):
    return await start(sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0))


@pytest.mark.parametrize(
    "phone", ["", "bonjour", "12", "+33612345678", "911", "1 800 555-0100", "+1 900 555 0100", None, 5, [], "5" * 60]
)
async def test_what_is_no_mobile_number_of_a_country_that_is_written_to_is_refused(gateway, phone):
    talk = await gateway.talk()
    status, problem = await ask(talk, phone)
    assert (status, problem["type"]) == (422, "/problems/bad_phone")
    assert gateway.texts() == []


async def test_a_code_counts_once_for_five_minutes_and_five_tries_and_the_last_only(gateway, clock):
    talk = await gateway.talk()
    await talk.say("bonjour")
    assert (await give(talk, "123456"))[1]["type"] == "/problems/wrong_phone_code", "none was sent"
    await ask(talk)
    first = await code_at(gateway)
    await ask(talk)
    last = await code_at(gateway, count=2)
    assert (await give(talk, first))[0] == (200 if first == last else 422)
    clock.pass_(minutes=6)
    assert (await give(talk, last))[0] == 422
    await ask(talk)
    last = await code_at(gateway, count=3)
    wrong = "000000" if last != "000000" else "111111"
    for given in [wrong] * 4 + ["", None][:1]:
        assert (await give(talk, given))[0] == 422
    assert (await give(talk, last))[0] == 422, "after five tries the right one is none"
    assert (await ask(talk))[0] == 429, "three in a quarter of an hour"
    assert [row.tries for row in await gateway.rows(PhoneCode)] == [0, 1, 5] or first == last
    clock.pass_(minutes=16)
    await ask(talk)
    code = await code_at(gateway, count=4)
    assert (await give(talk, f" {code[:3]} {code[3:]} "))[0] == 200
    assert (await give(talk, code))[0] == 422, "it counts once"


async def test_one_phone_is_not_rung_all_day_by_many_conversations(gateway, clock):
    for number in range(7):
        talk = await gateway.talk()
        status, problem = await ask(talk)
        assert status == (202 if number < 6 else 429), problem
        clock.pass_(minutes=20)
    assert problem["type"] == "/problems/many_phone_codes"
    assert (await ask(await gateway.talk(), OTHER))[0] == 202


async def test_ten_wrong_codes_in_a_day_close_the_phone(gateway, clock):
    for _ in range(2):
        talk = await gateway.talk()
        await ask(talk)
        for _ in range(5):
            assert (await give(talk, "bad"))[0] == 422
        clock.pass_(minutes=20)
    assert (await ask(await gateway.talk()))[0] == 429
    clock.pass_(hours=25)
    assert (await ask(await gateway.talk()))[0] == 202


async def test_the_code_is_stored_nowhere(gateway):
    talk = await gateway.talk()
    await ask(talk)
    code = await code_at(gateway)
    (letter,) = await gateway.rows(Outgoing)
    assert code not in str(letter.__dict__)
    assert code not in str((await gateway.rows(PhoneCode))[0].__dict__)
    await give(talk, code)
    assert code not in "".join(line.text for line in await gateway.rows(Message))


async def test_whoever_named_a_phone_its_owner_has_it_erased(gateway, on_sqlite):
    talk = await gateway.talk()
    await talk.say("bonjour")
    await ask(talk)
    await code_at(gateway)
    await ask(talk, OTHER)
    await code_at(gateway, OTHER)
    whose = {"account": None, "brand": None, "contact": "514 555-0150", "conversation": None, "by": "Diane"}
    await run(argparse.Namespace(what="erase", **whose), gateway.settings)
    assert [row.phone for row in await gateway.rows(PhoneCode)] == [OTHER]
    assert [row.address for row in await gateway.rows(Outgoing)] == [OTHER]
    assert len(await gateway.rows(Message)) == 2, "the conversation is somebody else's, as far as anybody knows"
