"""The conversation by mail: to whom, how often, and what stands in the letter."""

import asyncio

import pytest

from gateway.models import Outgoing
from tests.integration.gateway.parts import said


async def send(talk, email="amelie@laurier.example", token=None):
    path = f"/api/v1/conversations/{talk.id}/transcript"
    async with talk.gateway.http.post(
        talk.gateway.url + path,
        json={"email": email},
        headers={"Authorization": f"Bearer {token or talk.token}", "Accept-Language": "fr"},
    ) as answer:
        return answer.status, await answer.json() if answer.status != 202 else None


async def letter(gateway, number=1):
    async with asyncio.timeout(30):
        while len(gateway.texts()) < number:
            await asyncio.sleep(0.02)
    return gateway.texts()[number - 1]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", ("Votre conversation avec PRIMUS", "Vous · 23 novembre 2026, 12\u00a0h", "Ce n’était pas vous?")),
     ("en", ("Your conversation with PRIMUS", "You · November 23, 2026, 12\u00a0p.m.", "Wasn’t you?"))],
)  # fmt: skip
async def test_the_whole_conversation_is_sent_in_its_language(gateway, parts, language, words):
    talk = await gateway.talk(language=language)
    await talk.say("Bonjour, ma <b>ligne</b>" if language == "fr" else "Hello, my <b>line</b> is down")
    assert (await send(talk))[0] == 202
    sent = await letter(gateway)
    assert (sent["channel"], sent["to"]) == ("email", "amelie@laurier.example")
    for word in words:
        assert word in sent["text"] + sent.get("subject", ""), word
    assert "<b>" in sent["text"], "as it was written: the page escapes it, the text need not"
    assert "you said" in sent["text"]
    (row,) = await gateway.rows(Outgoing)
    assert set(row.values) == {"conversation", "until", "proved"}, "the outbox keeps no copy of what was said"


async def test_what_is_said_after_the_asking_does_not_stand_in_it(gateway, parts):
    talk = await gateway.talk()
    await talk.say("avant")
    assert (await send(talk))[0] == 202
    sent = await letter(gateway)
    await talk.say("après")
    assert "avant" in sent["text"]
    assert "après" not in sent["text"]


async def test_an_empty_conversation_is_not_sent(gateway):
    status, problem = await send(await gateway.talk())
    assert (status, problem["title"]) == (409, "Rien à envoyer")


@pytest.mark.parametrize(
    "email", ["", "amelie", "a@b", "a@b.c\nbcc: x@y.example", 5, None, "x" * 300 + "@y.example", []]
)
async def test_what_is_no_address_is_refused(gateway, email):
    talk = await gateway.talk()
    await talk.say("bonjour")
    status, problem = await send(talk, email)
    assert (status, problem["title"]) == (422, "Adresse invalide")
    assert gateway.texts() == []


async def test_a_conversation_is_sent_three_times_a_day(gateway, clock):
    talk = await gateway.talk()
    await talk.say("bonjour")
    for n in range(3):
        assert (await send(talk, f"amelie{n}@laurier.example"))[0] == 202
        clock.pass_(minutes=1)
    status, problem = await send(talk, "autre@laurier.example")
    assert (status, problem["title"]) == (429, "Trop d’envois")
    clock.pass_(hours=24)
    assert (await send(talk))[0] == 202


async def test_an_address_gets_three_a_day_whoever_asks(gateway, clock):
    for n in range(4):
        talk = await gateway.talk()
        await talk.say("bonjour")
        status, _ = await send(talk, "Victime@laurier.example" if n % 2 else "victime@laurier.example")
        assert status == (202 if n < 3 else 429)
        clock.pass_(seconds=1)


async def test_only_the_conversations_own_token_sends_it(gateway):
    amelie, charlie = await gateway.talk(), await gateway.talk()
    await amelie.say("bonjour")
    assert (await send(amelie, token=charlie.token))[0] == 401
    assert gateway.texts() == []


async def test_an_agents_lines_and_titles_stand_in_it(gateway, parts):
    async def answer(turn):
        response = said("4 utilisateurs")
        response.text = response.text.replace('"title": null', '"title": "Qui a accès"')
        return response

    parts.answer = answer
    talk = await gateway.talk()
    await talk.say("qui a accès")
    await send(talk)
    assert "Assistant · " in (await letter(gateway))["text"]
    assert "Qui a accès\n4 utilisateurs" in gateway.texts()[0]["text"]
