"""The row of figures of a conversation, made from what really happened: who helped, how fast, and whether it is resolved."""

import datetime

import pytest
from aiohttp import web

from desk.due_watch import DueWatch
from desk.models import SupportRequest
from desk.record_models import Asked, TalkRecord
from desk.records import Records
from desk.request_states import AGENT, SOLVED
from desk.request_work import move
from desk.triage_data import read_rules
from gateway.database import open_database
from knowledge import Shelf
from tests.integration.gateway.desk_steps import desk_of, open_one
from tests.integration.gateway.identity_steps import verified

PAY = "primus/pay-online"


@pytest.fixture
async def records(gateway, clock):
    """Brings the figures up to date and gives the rows by conversation."""
    engine, sessions = open_database(gateway.settings.database_url)
    keeper = Records(sessions, Shelf(gateway.settings.knowledge_base), read_rules(), clock)

    async def look():
        while await keeper.fill():
            pass
        return {row.conversation: row for row in await gateway.rows(TalkRecord)}

    yield look
    await engine.dispose()


@pytest.fixture(autouse=True)
def understanding(parts):
    """The assistant understands a message as the outcome that it is; "act <outcome>" is carried out, "fail" fails."""

    async def answer(turn):
        name, _, rest = turn["text"].partition(" ")
        if name == "fail":
            return web.Response(status=500)
        outcome = rest if name == "act" else turn["text"]
        article = outcome if "/" in outcome and not outcome.startswith("do/") else None
        understood = {
            "intent": "ask_article" if article else outcome.removeprefix("do/"),
            "article": article,
            "confidence": 0.9,
            "candidates": [],
        }
        reply = {"text": "Voici.", "buttons": [], "article": article, "title": None, "attachments": []}
        reply["act"] = "E-7GK2MPQA" if name == "act" else None
        return web.json_response({"replies": [reply], "understood": understood})

    parts.answer = answer


def standing(row):
    return row.resolved_by, row.returned_at is not None


async def rate(gateway, talk, score):
    headers = {"Authorization": f"Bearer {talk.token}"}
    url = f"{gateway.url}/api/v1/conversations/{talk.id}/rating"
    async with gateway.http.post(url, json={"score": score}, headers=headers) as response:
        assert response.status == 204


async def judge(gateway, talk, reply, helpful):
    headers = {"Authorization": f"Bearer {talk.token}"}
    url = f"{gateway.url}/api/v1/conversations/{talk.id}/messages/{reply}/feedback"
    async with gateway.http.post(url, json={"helpful": helpful}, headers=headers) as response:
        assert response.status == 204


async def test_a_conversation_in_which_nothing_was_said_has_no_figures(gateway, records):
    await gateway.talk()
    assert await records() == {}


@pytest.mark.parametrize(
    ("said", "helped_by"),
    [("do/greet", "nothing"), (PAY, "assistant"), ("do/check_balance", "assistant"), ("do/out_of_scope", "nobody")],
)
async def test_who_helped(gateway, records, said, helped_by):
    talk = await gateway.talk()
    await talk.say(said)
    row = (await records())[talk.id]
    assert (row.helped_by, row.brand, row.channel) == (helped_by, "primus", "api")
    assert (row.day, row.hour, row.first_s) == ("2026-11-23", 12, 0), "a Monday at noon in Toronto"
    assert row.resolved_at is None, "an answer is no evidence"


async def test_a_failure_is_no_answer(gateway, records):
    talk = await gateway.talk()
    await talk.say("fail")
    row = (await records())[talk.id]
    assert (row.helped_by, row.first_s) == ("nobody", None)


async def test_times_of_a_hand_over_are_kept_after_it(desk, waiting, gateway, records, clock):
    luc, talk = await desk("luc"), await waiting()
    clock.pass_(seconds=40)
    await luc.post(f"/desk/conversations/{talk.id}/take")
    clock.pass_(seconds=20)
    await luc.post(f"/desk/conversations/{talk.id}/answer", text="Bonjour", form_id="abcdefgh")
    row = (await records())[talk.id]
    assert (row.helped_by, row.person_s, row.owed) == ("person", 60, True)
    clock.pass_(minutes=5)
    await luc.post(f"/desk/conversations/{talk.id}/resolve")
    row = (await records())[talk.id]
    assert (row.helped_by, row.person_s, row.owed) == ("person", 60, False)
    assert (row.resolved_by, row.resolved_s) == ("agent", 360)


async def test_an_act_with_a_reference_is_evidence_until_the_customer_comes_back_about_it(gateway, records, clock):
    talk = await gateway.talk()
    await talk.say("act do/set_up_autopay")
    assert standing((await records())[talk.id]) == ("change", False)
    clock.pass_(days=2)
    await talk.say("do/thank")
    await talk.say("do/move_services")
    assert standing((await records())[talk.id]) == ("change", False), "thanks, and another matter"
    await talk.say("do/set_up_autopay")
    row = (await records())[talk.id]
    assert (standing(row), row.returned_at) == (("change", True), clock.now)


@pytest.mark.parametrize(("days", "returned"), [(6, True), (7, False)])
async def test_a_proved_customer_who_comes_back_in_another_conversation_within_seven_days(
    gateway, records, clock, days, returned
):
    first = await verified(gateway)
    await first.say("act do/set_up_autopay")
    assert standing((await records())[first.id]) == ("change", False)
    clock.pass_(days=days)
    again, other, stranger = await verified(gateway), await verified(gateway), await gateway.talk()
    await other.say("do/move_services")
    await stranger.say("do/set_up_autopay")
    assert standing((await records())[first.id]) == ("change", False), "another matter; somebody else"
    await again.say("do/set_up_autopay")
    assert standing((await records())[first.id]) == ("change", returned)


async def test_a_request_that_is_solved_is_evidence_and_one_that_runs_is_owed(gateway, records, clock):
    talk = await gateway.talk()
    await talk.say("do/open_request")
    number = (await open_one(talk))["number"]
    row = (await records())[talk.id]
    assert (row.helped_by, row.owed, row.contact) == ("request", True, "5145550123")
    async with desk_of(gateway, clock) as people:
        clock.pass_(hours=1)
        await people.do(move, number, SOLVED, who=AGENT, actor="Luc")
    row = (await records())[talk.id]
    assert (standing(row), row.owed) == (("change", False), False)


async def test_the_customers_own_word_counts_the_latest_of_it(gateway, records, clock):
    talk = await gateway.talk()
    reply = (await talk.say(PAY))["replies"][0]["id"]
    for helpful, resolved in ((True, "customer"), (False, None), (True, "customer")):
        clock.pass_(minutes=1)
        await judge(gateway, talk, reply, helpful)
        row = (await records())[talk.id]
        assert (row.resolved_by, row.helpful, row.unhelpful) == (resolved, int(helpful), int(not helpful))
    for score, resolved in ((1, None), (3, "customer"), (4, "customer"), (2, None)):
        clock.pass_(minutes=1)
        await rate(gateway, talk, score)
        row = (await records())[talk.id]
        assert (row.resolved_by, row.rating) == (resolved, score)


async def test_words_are_evidence_where_they_say_so(gateway, records, clock):
    talk = await gateway.talk()
    await talk.say(PAY)
    await talk.say("merci")
    assert (await records())[talk.id].resolved_by is None
    clock.pass_(minutes=1)
    await talk.say("C’est réglé, merci!")
    assert (await records())[talk.id].resolved_by == "customer"
    clock.pass_(minutes=1)
    await talk.say("Ah non, ce n’est pas réglé")
    assert (await records())[talk.id].resolved_by is None


async def test_what_was_asked_is_counted_once_for_each_conversation(gateway, records):
    talk = await gateway.talk()
    for number, said in enumerate([PAY, PAY, "do/greet", "do/out_of_scope"]):
        await talk.say(said, message_id=f"m{number}")
    await records()
    await records()
    assert {(row.outcome, row.times) for row in await gateway.rows(Asked)} == {(PAY, 2), ("do/out_of_scope", 1)}


async def test_a_due_time_that_passed_is_kept_after_the_request_is_solved(gateway, clock):
    number = (await open_one(await gateway.talk()))["number"]
    async with desk_of(gateway, clock) as people:
        watch = DueWatch(people.sessions, people.shelf, clock)
        assert await watch.mark_missed() == 0
        due = (await people.row(number)).due_at
        clock.now = due + datetime.timedelta(seconds=1)
        await watch.mark_missed()
        await people.do(move, number, SOLVED, who=AGENT, actor="Luc")
    (row,) = await gateway.rows(SupportRequest)
    assert (row.due_at, row.missed_at) == (None, due)
