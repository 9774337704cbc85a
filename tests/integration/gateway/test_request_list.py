"""The customer's requests through the internal port: those of the conversation and of the proved account, and what is added to them."""

import asyncio
import re

import pytest

from desk.models import RequestEvent, SupportRequest
from desk.request_states import AGENT
from desk.request_work import move
from tests.integration.gateway.desk_steps import REQUEST, desk_of, open_one
from tests.integration.gateway.identity_steps import send, try_code


async def prove(talk, **changes):
    """Proves the account of Imprimerie Laurier unless another is said; receipts go out between the codes."""

    def codes():
        found = [re.search(r"code est (\d{6})", one["text"]) for one in talk.gateway.texts()]
        return [match[1] for match in found if match]

    before = len(codes())
    await send(talk, **changes)
    for _ in range(200):
        if len(codes()) > before:
            break
        await asyncio.sleep(0.05)
    assert await try_code(talk, codes()[-1])


async def listed(talk, **body):
    status, answer = await talk.inside("request-list", body)
    assert status == 200, answer
    return answer["requests"]


async def added(talk, number, text="Il y a aussi du bruit.", contact=None):
    return await talk.inside("request-addition", {"number": number, "contact": contact, "text": text})


async def test_a_conversation_sees_its_own_requests_and_no_other(gateway):
    amelie, charlie = await gateway.talk(), await gateway.talk()
    assert await listed(amelie) == []
    opened = await open_one(amelie)
    (one,) = await listed(amelie)
    assert (one["number"], one["state"], one["kind"]) == (opened["number"], "open", "open_request")
    assert one["due_for"] == "answer"
    assert one["due_at"] == opened["due_at"]
    assert one["due_zone"] == "America/Toronto"
    assert await listed(charlie) == []


async def test_the_account_that_was_proved_at_the_opening_finds_it_in_another_conversation(gateway, clock):
    amelie = await gateway.talk()
    await prove(amelie)
    opened = await open_one(amelie)
    (row,) = await gateway.rows(SupportRequest)
    assert row.account == "1002003001"
    later, stranger = await gateway.talk(), await gateway.talk()
    assert await listed(later) == [], "nobody is proved yet"
    await prove(later)
    assert [one["number"] for one in await listed(later)] == [opened["number"]]
    await prove(stranger, account="1002003002", postal_code="M5V 2T6")
    assert await listed(stranger) == []
    clock.pass_(minutes=16)
    assert await listed(later) == [], "the proof has ended"


async def test_a_request_of_before_the_proof_is_not_the_accounts(gateway):
    amelie = await gateway.talk()
    await open_one(amelie)
    (row,) = await gateway.rows(SupportRequest)
    assert row.account is None


async def test_those_that_still_run_come_first(gateway, clock):
    talk = await gateway.talk()
    numbers = []
    for count in range(3):
        clock.pass_(minutes=1)
        numbers.append(
            (await open_one(talk, key=f"k{count}", description=f"Le problème numéro {count} du jour."))["number"]
        )
    async with desk_of(gateway, clock) as desk:
        clock.pass_(minutes=1)
        await desk.do(move, numbers[2], "solved", who=AGENT, actor="luc")
    assert [one["number"] for one in await listed(talk)] == [numbers[1], numbers[0], numbers[2]]


async def test_a_repeat_is_told_of_the_open_one_of_its_kind_for_a_day(gateway, clock):
    talk = await gateway.talk()
    opened = await open_one(talk, kind="move_services")
    assert [one["number"] for one in await listed(talk, kind="move_services")] == [opened["number"]]
    assert await listed(talk, kind="open_request") == []
    assert await listed(await gateway.talk(), kind="move_services") == []
    clock.pass_(hours=25)
    assert await listed(talk, kind="move_services") == []


@pytest.mark.parametrize("contact", [None, "514 555-0123"])
async def test_a_message_is_added_to_ones_own_request_and_told_to_its_contact(gateway, contact):
    talk = await gateway.talk()
    opened = await open_one(talk)
    status, body = await added(talk, opened["number"], contact=contact)
    assert (status, body["new"], body["reopened"], body["state"]) == (200, True, False, "open")
    event = (await gateway.rows(RequestEvent))[-1]
    assert (event.actor, event.what, event.text, event.visible) == ("customer", "added", "Il y a aussi du bruit.", True)
    for _ in range(100):
        if len(gateway.texts()) == 2:
            break
        await asyncio.sleep(0.05)
    # Two letters of one moment go out beside each other, in either order.
    (told,) = [text["text"] for text in gateway.texts() if "ajouté" in text["text"]]
    assert opened["number"] in told


async def test_another_conversation_needs_the_contact(gateway):
    opened = await open_one(await gateway.talk())
    stranger = await gateway.talk()
    for contact in (None, "", "514 555-0199", "x@y.example"):
        assert await added(stranger, opened["number"], contact=contact) == (404, {"error": "not_found"})
    assert (await added(stranger, opened["number"], contact="514-555-0123"))[0] == 200
    assert (await added(await gateway.talk("wrs"), opened["number"], contact="514-555-0123"))[0] == 404


async def test_a_repeat_of_an_addition_adds_and_tells_nothing(gateway):
    talk = await gateway.talk()
    opened = await open_one(talk)
    answers = await asyncio.gather(*(added(talk, opened["number"]) for _ in range(8)))
    assert sorted(body["new"] for _, body in answers) == [False] * 7 + [True]
    assert len(await gateway.rows(RequestEvent)) == 2


async def test_what_is_closed_takes_nothing_more(gateway, clock):
    talk = await gateway.talk()
    opened = await open_one(talk)
    async with desk_of(gateway, clock) as desk:
        await desk.do(move, opened["number"], "closed", who=AGENT, actor="luc")
    assert await added(talk, opened["number"]) == (409, {"error": "final"})


async def test_a_solved_request_is_reopened_by_what_is_added(gateway, clock):
    talk = await gateway.talk()
    opened = await open_one(talk)
    async with desk_of(gateway, clock) as desk:
        await desk.do(move, opened["number"], "solved", who=AGENT, actor="luc")
    status, body = await added(talk, opened["number"])
    assert (status, body["reopened"], body["state"], body["due_for"]) == (200, True, "open", "answer")


async def test_the_customer_reads_the_due_time_that_the_desk_keeps(gateway):
    talk = await gateway.talk()
    opened = await open_one(talk)
    _, found = await talk.inside("request-status", {"number": opened["number"], "contact": REQUEST["contact"]})
    (row,) = await gateway.rows(SupportRequest)
    assert found["due_at"] == opened["due_at"] == row.due_at.isoformat()


async def test_what_was_said_brings_a_due_time_forward_before_the_customer_is_told_of_it(gateway):
    calm = await gateway.talk()
    await calm.say("j'aimerais changer mon adresse")
    usual = (await open_one(calm))["due_at"]
    talk = await gateway.talk()
    await talk.say("plus aucun service depuis hier, nous perdons des clients")
    told = await open_one(talk, contact="+15145550199")
    assert told["due_at"] < usual
    await talk.say("merci")  # sorted again after the turn: nothing new
    (kept,) = (await talk.inside("request-list"))[1]["requests"]
    assert kept["due_at"] == told["due_at"]
