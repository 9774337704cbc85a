"""Each turn sorts its conversation anew; what goes wrong in it loses no turn; the queue stands in that order."""

import asyncio
import json

import pytest

from desk.models import FeedEvent, SupportRequest, Triage
from desk.sorting import Sorter
from gateway.models import Message
from tests.integration.gateway.parts import said

REQUEST = {
    "key": "open_request:1",
    "kind": "open_request",
    "category": "support",
    "language": "fr",
    "description": "Ma ligne est en panne depuis ce matin.",
    "contact": "+15145550123",
    "details": {},
}


def understood(intent, article=None, confidence=0.9):
    async def answer(turn):
        found = {"intent": intent, "article": article, "confidence": confidence, "candidates": []}
        return said("ok", understood=found)

    return answer


async def triage_of(gateway, talk):
    return next((row for row in await gateway.rows(Triage) if row.conversation == talk.id), None)


async def events(gateway):
    return [row.subject for row in await gateway.rows(FeedEvent) if row.kind == "triage"]


async def test_a_turn_writes_how_its_conversation_is_sorted(gateway, parts):
    parts.answer = understood("check_balance")
    talk = await gateway.talk("wrs")
    await talk.say("c'est quoi le solde du compte 50010001? vous allez me couper demain")
    row = await triage_of(gateway, talk)
    assert (row.topic, row.category, row.team) == ("do/check_balance", "billing", "billing")
    assert row.urgency == "urgent"
    assert row.reasons[0] == "due_today"
    assert set(row.reasons) == {"due_today", "disconnection_threat", "money_soon"}
    assert row.known["account"] == ["50010001"]
    assert row.known["due"] == "2026-11-24"
    assert row.missing == ["contact"]
    assert await events(gateway) == [talk.id]


async def test_the_next_turn_sorts_it_anew_and_tells_only_what_changed(gateway, parts):
    parts.answer = understood("check_balance")
    talk = await gateway.talk("wrs")
    await talk.say("combien je dois?")
    assert (await triage_of(gateway, talk)).urgency == "normal"
    await talk.say("et la date de ma facture?")
    assert await events(gateway) == [talk.id]
    parts.answer = understood("open_request")
    await talk.say("mon internet est en panne, j'ai une personne agee ici sur l'oxygene")
    row = await triage_of(gateway, talk)
    assert row.urgency == "urgent"
    assert await events(gateway) == [talk.id, talk.id]


async def test_a_mood_passes_and_what_was_named_stays(gateway, parts):
    parts.answer = understood("check_balance")
    talk = await gateway.talk("wrs")
    await talk.say("no internet here, account 50010001, this is urgent")
    assert (await triage_of(gateway, talk)).urgency == "high"
    for number in range(3):
        await talk.say(f"what is my balance? {number}")
    row = await triage_of(gateway, talk)
    assert row.urgency == "normal"
    assert row.known["account"] == ["50010001"]


async def test_the_requests_of_the_conversation_are_sorted_with_it(gateway, parts):
    parts.answer = understood("open_request")
    talk = await gateway.talk()
    status, _ = await talk.inside("requests", REQUEST)
    assert status == 201
    await talk.say("nos lignes sont mortes, on est completement bloques, les clients ne peuvent pas nous joindre")
    [request] = await gateway.rows(SupportRequest)
    assert (request.team, request.urgency) == ("technical", "urgent")
    assert "no_service" in request.reasons


async def test_the_same_contact_again_and_again_is_a_reason(gateway, parts):
    parts.answer = understood("open_request")
    talks = [await gateway.talk() for _ in range(3)]
    for number, talk in enumerate(talks):
        await talk.inside("requests", {**REQUEST, "key": f"k:{number}", "description": f"demande {number}"})
        await talk.say("une question sur ma demande")
    found = [(await triage_of(gateway, talk)).reasons for talk in talks]
    assert [("contacts_2" in one, "contacts_3" in one) for one in found] == [
        (False, False),
        (True, False),
        (False, True),
    ]


async def test_after_eight_days_it_is_no_repeat_any_more(gateway, parts, clock):
    parts.answer = understood("open_request")
    first, second = await gateway.talk(), await gateway.talk()
    await first.inside("requests", REQUEST)
    clock.pass_(days=8)
    await second.inside("requests", {**REQUEST, "key": "k:2"})
    await second.say("une question sur ma demande")
    assert "contacts_2" not in (await triage_of(gateway, second)).reasons


async def test_triage_that_fails_loses_no_turn(start, monkeypatch, caplog):
    async def broken(self, conversation):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(Sorter, "after_turn", broken)
    gateway = await start()
    talk = await gateway.talk()
    answer = await talk.say("bonjour")
    assert answer["replies"][0]["text"] == "you said bonjour"
    assert await gateway.rows(Triage) == []
    assert {row.state for row in await gateway.rows(Message) if row.author == "customer"} == {"answered"}
    assert "broken on purpose" in caplog.text


async def test_one_that_cannot_be_sorted_spoils_it_for_none_of_those_sorted_with_it(start, parts, monkeypatch):
    write, together, batches = Sorter._write, Sorter._sort_together, []

    def breaks(self, session, one, *rest):
        if one.talk.id == broken.id:
            raise RuntimeError("broken on purpose")
        return write(self, session, one, *rest)

    async def noted(self, conversations):
        batches.append(set(conversations))
        await together(self, conversations)

    monkeypatch.setattr(Sorter, "_write", breaks)
    monkeypatch.setattr(Sorter, "_sort_together", noted)
    gateway = await start()
    broken, *others = [await gateway.talk() for _ in range(20)]
    await asyncio.gather(*(talk.say("bonjour") for talk in (broken, *others)))
    assert {row.conversation for row in await gateway.rows(Triage)} == {talk.id for talk in others}
    assert max(map(len, batches)) > 1


async def test_nothing_is_sorted_before_a_word_is_said(gateway):
    await gateway.talk()
    assert await gateway.rows(Triage) == []


async def test_the_place_in_the_queue_follows_urgency(gateway, parts, clock):
    calm, urgent, premier = [await gateway.talk() for _ in range(3)]
    for talk, text in (
        (calm, "une question sur ma facture"),
        (urgent, "plus aucune ligne, on est bloques, le 911 ne passe plus"),
        (premier, "une autre question"),
    ):
        await talk.say(text)
        clock.pass_(minutes=1)
    places = []
    for talk, body in ((calm, {}), (urgent, {}), (premier, {"premier": True}), (calm, {}), (urgent, {})):
        status, answer = await talk.inside("queue", body)
        assert status == 200
        places.append((answer["place"], answer["already"]))
    assert places == [(1, False), (1, False), (1, False), (3, True), (2, True)]


@pytest.mark.parametrize("understood_as", [None, {"intent": "ask_article", "article": None}, {"intent": None}])
async def test_a_turn_of_which_little_was_understood_is_sorted_by_its_words(gateway, parts, understood_as):
    async def answer(turn):
        return said("ok", understood=understood_as)

    parts.answer = answer
    talk = await gateway.talk(language="en")
    await talk.say("I want a refund for this charge on my bill")
    row = await triage_of(gateway, talk)
    assert (row.topic, row.category) == (None, "billing")
    assert json.dumps(row.known)
