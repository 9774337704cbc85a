"""One-time codes: to the contact on file, a few tries, a few sends; and nothing to learn for anybody else."""

import asyncio
import json

import pytest

from gateway.models import Code, CodeFailure, Outgoing
from tests.integration.gateway.identity_steps import LAURIER, code_of, other, send, try_code


async def test_a_code_goes_to_the_phone_on_file_and_proves(gateway):
    talk = await gateway.talk()
    assert await send(talk) == {"sent": True}
    code = await code_of(gateway)
    (text,) = gateway.texts()
    assert (text["to"], text["channel"], text["language"]) == ("+15145550101", "sms", "fr")
    assert text["text"].startswith("PRIMUS : votre code est "), "with what every phone has"
    assert (await talk.inside("billing-token"))[0] == 403, "a code that was sent proves nothing yet"
    assert await try_code(talk, code)
    assert (await talk.inside("billing-token"))[0] == 200


async def test_a_code_goes_by_mail_where_that_is_asked_for_and_is_the_only_one_that_counts(gateway):
    talk = await gateway.talk()
    await send(talk)
    first = await code_of(gateway)
    assert await send(talk, channel="email", language="en") == {"sent": True}
    second = await code_of(gateway, 2)
    assert gateway.texts()[1]["to"] == "comptes@laurier.example"
    assert "Your code is" in gateway.texts()[1]["text"]
    assert first == second or not await try_code(talk, first)
    assert await try_code(talk, second)


async def test_a_contact_that_is_not_on_file_is_replaced_by_the_one_that_is(gateway):
    talk = await gateway.talk("wrs")
    await send(talk, account="50010001", postal_code="K7L 3N6", channel="sms")
    await code_of(gateway)
    assert gateway.texts()[0]["to"] == "dana@whitfield.example"
    assert gateway.texts()[0]["channel"] == "email"


async def test_a_code_of_another_conversation_proves_nothing(gateway):
    amelie, charlie = await gateway.talk(), await gateway.talk()
    await send(amelie)
    code = await code_of(gateway)
    assert not await try_code(charlie, code)
    await send(charlie, account="1002003002", postal_code="M5V 2T6")
    await code_of(gateway, 2)
    assert code == await code_of(gateway, 2) or not await try_code(charlie, code)
    assert await try_code(amelie, code)
    assert (await charlie.inside("billing-token"))[0] == 403


async def test_a_code_serves_once(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    assert await try_code(talk, code)
    assert not await try_code(talk, code)


async def test_after_five_wrong_codes_the_right_one_is_refused(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    for _ in range(5):
        assert not await try_code(talk, other(code))
    assert not await try_code(talk, code)
    assert (await talk.inside("billing-token"))[0] == 403


async def test_the_fifth_try_may_still_be_right(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    for _ in range(4):
        assert not await try_code(talk, other(code))
    assert await try_code(talk, code)


async def test_fifty_guesses_at_once_count_as_five_at_most(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    guesses = [other(code)] * 50
    assert not any(await asyncio.gather(*(try_code(talk, guess) for guess in guesses)))
    assert not await try_code(talk, code)
    assert [row.tries for row in await gateway.rows(Code)] == [5]
    assert len(await gateway.rows(CodeFailure)) == 5


async def test_the_right_code_given_many_times_at_once_proves_once(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    assert sum(await asyncio.gather(*(try_code(talk, code) for _ in range(10)))) == 1


@pytest.mark.parametrize(("seconds", "right"), [(299, True), (300, False), (3600, False)])
async def test_a_code_lives_five_minutes(gateway, clock, seconds, right):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    clock.pass_(seconds=seconds)
    assert await try_code(talk, code) is right


async def test_three_codes_in_fifteen_minutes_and_no_more(gateway, clock):
    talk = await gateway.talk()
    for _ in range(3):
        assert await send(talk) == {"sent": True}
        clock.pass_(minutes=1)
    last = await code_of(gateway, 3)
    assert await send(talk) == {"sent": False}
    stranger = await gateway.talk()
    assert await send(stranger) == {"sent": False}, "the account's limit, not only the conversation's"
    assert await send(talk, account="1002003002", postal_code="M5V 2T6") == {"sent": False}, "the conversation's, too"
    await asyncio.sleep(0.1)
    assert len(gateway.texts()) == 3
    assert await try_code(talk, last), "the code that was sent still counts"
    clock.pass_(minutes=12)
    assert await send(stranger) == {"sent": True}


async def test_twenty_codes_asked_for_at_once_are_three(gateway):
    talks = [await gateway.talk() for _ in range(4)]
    answers = await asyncio.gather(*(send(talk) for talk in talks * 5))
    assert sum(answer["sent"] for answer in answers) == 3
    await code_of(gateway, 3)
    await asyncio.sleep(0.1)
    assert len(gateway.texts()) == 3


UNKNOWN = [
    {"account": "1002999999"},
    {"postal_code": "M5V 2T6"},
    {"account": "1002999999", "postal_code": "K1A 0B1"},
    {"account": "", "postal_code": ""},
]


@pytest.mark.parametrize("changes", UNKNOWN)
async def test_what_names_no_account_is_answered_alike_and_nothing_is_sent(gateway, changes):
    known, unknown = await gateway.talk(), await gateway.talk()
    answers = []
    for talk, given in ((known, {}), (unknown, changes)):
        status, body = await talk.inside("codes", {**LAURIER, **given})
        answers.append((status, body, await try_code(talk, "000000") if talk is unknown else False))
    assert answers[0] == answers[1] == (200, {"sent": True}, False)
    await code_of(gateway)
    await asyncio.sleep(0.1)
    assert [text["to"] for text in gateway.texts()] == ["+15145550101"]


class StuckSender:
    """A provider that does not answer."""

    def __init__(self):
        self.asked = []
        self.go_on = asyncio.Event()

    async def send(self, letter):
        self.asked.append(letter.address)
        await self.go_on.wait()


async def test_the_answer_does_not_wait_for_the_provider_so_its_time_tells_nothing(start):
    stuck = StuckSender()
    gateway = await start(senders={"sms": stuck, "email": stuck})
    async with asyncio.timeout(2):
        assert await send(await gateway.talk()) == {"sent": True}
        while not stuck.asked:
            await asyncio.sleep(0.01)
    stuck.go_on.set()


async def test_an_account_of_another_brand_is_an_unknown_one(gateway, parts):
    talk = await gateway.talk("wrs")
    assert await send(talk) == {"sent": True}
    assert parts.located[-1]["brand"] == "wrs", "the conversation's brand, not one that a caller names"
    await asyncio.sleep(0.1)
    assert gateway.texts() == []


async def fail_ten_times(gateway, clock):
    for count in (1, 2):
        talk = await gateway.talk()
        await send(talk)
        code = await code_of(gateway, count)
        for _ in range(5):
            assert not await try_code(talk, other(code))
        clock.pass_(minutes=1)


async def test_ten_failures_in_a_day_close_the_account_with_the_same_answer_as_before(gateway, clock):
    await fail_ten_times(gateway, clock)
    clock.pass_(minutes=15)
    talk = await gateway.talk()
    assert await send(talk) == {"sent": True}
    await asyncio.sleep(0.1)
    assert len(gateway.texts()) == 2, "nothing was sent any more"
    assert not await try_code(talk, "123456")
    clock.pass_(hours=24)
    assert await send(talk) == {"sent": True}
    assert await try_code(talk, await code_of(gateway, 3))


async def test_nine_failures_close_nothing(gateway, clock):
    talk = await gateway.talk()
    for count, tries in ((1, 5), (2, 4)):
        await send(talk)
        code = await code_of(gateway, count)
        for _ in range(tries):
            assert not await try_code(talk, other(code))
    clock.pass_(minutes=15)
    await send(talk)
    assert await try_code(talk, await code_of(gateway, 3))


async def test_other_accounts_stay_open_when_one_is_closed(gateway, clock):
    await fail_ten_times(gateway, clock)
    talk = await gateway.talk()
    await send(talk, account="1002003002", postal_code="M5V 2T6")
    assert await try_code(talk, await code_of(gateway, 3))


async def test_codes_are_not_stored_as_they_are(gateway):
    talk = await gateway.talk()
    await send(talk)
    code = await code_of(gateway)
    (row,) = await gateway.rows(Code)
    assert code not in row.code_hash
    assert len(row.code_hash) == 64
    (letter,) = await gateway.rows(Outgoing)
    assert code not in json.dumps([letter.key, letter.values, letter.error])


async def test_where_billing_is_down_nobody_is_told_that_a_code_was_sent(gateway, parts):
    parts.billing_status = 500
    talk = await gateway.talk()
    status, body = await talk.inside("codes", LAURIER)
    assert (status, body) == (502, {"error": "billing_unavailable"})
    for _ in range(5):
        await talk.inside("codes", LAURIER)
    assert gateway.texts() == []
    parts.billing_status = 200
    assert await send(talk) == {"sent": True}, "what was not sent does not count against the customer"
    assert await try_code(talk, await code_of(gateway))
