"""A session is new once identity is proved: who planted or saw the first one reads nothing of what follows."""

import pytest
from aiohttp import web

from gateway.models import Conversation
from gateway.redact import CODE_MARK
from tests.integration.gateway.identity_steps import code_of, send, verified

SECRET_REPLY = "Votre solde est de 284,52 $"
WITHHELD = {
    "fr": "une session où votre identité était confirmée",
    "en": "a session in which your identity was confirmed",
}


class Inside:
    """A conversation for the steps of the actions, whoever started it."""

    def __init__(self, gateway, conversation):
        self.gateway, self.id = gateway, conversation

    async def inside(self, what, body=None):
        url = f"{self.gateway.internal_url}/internal/v1/conversations/{self.id}/{what}"
        headers = {"Authorization": f"Bearer {self.gateway.settings.internal_secret}"}
        async with self.gateway.http.post(url, json=body or {}, headers=headers) as response:
            return response.status, await response.json()


def checks_codes(talk):
    """An assistant that asks for a code, and tells the balance once it is right."""

    async def answer(turn):
        right = CODE_MARK in turn["text"] and (await talk.inside("verification"))[1]["verified"]
        text = SECRET_REPLY if right or turn["metadata"]["identity"] == "verified" else "?"
        body = {"text": text, "buttons": [], "article": None, "title": None, "attachments": []}
        return web.json_response({"replies": [body], "understood": None, "asks": "code"})

    return answer


@pytest.fixture
async def planted(gateway, parts, page):
    """A page of the victim and one of the attacker with the same session, which the attacker began; the code is at hand."""
    attacker, victim = await page(), await page()
    first = await attacker.session(brand="primus", language="fr")
    assert (await victim.session(session_id=first["session_id"], brand="primus"))["session_id"] == first["session_id"]
    talk = Inside(gateway, first["session_id"].split(".")[0])
    parts.answer = checks_codes(talk)
    await victim.say("mon solde")
    await send(talk)
    await attacker.wait_for(1)
    return attacker, victim, first["session_id"], await code_of(gateway)


async def test_who_planted_the_session_hears_and_reads_nothing_after_the_proof(gateway, planted, page):
    attacker, victim, first, code = planted
    await victim.say(code)
    assert (await victim.wait_for(2))[-1] == SECRET_REPLY
    renewed = victim.confirmed[-1]
    assert renewed != first
    assert renewed.split(".")[0] == first.split(".")[0]
    await victim.say("merci")
    await victim.wait_for(3)
    assert [line["text"] for line in attacker.heard] == ["?"], "the socket that was open hears no more"
    assert (await attacker.say("mon solde"))["error"] == "unauthorized"
    again = await (await page()).session(session_id=first, brand="primus")
    assert again["session_id"].split(".")[0] != first.split(".")[0], (
        "the old session is nobody's: another conversation begins"
    )
    assert again["lines"] == []
    token = first.split(".")[1]
    assert (await gateway.call("GET", f"/api/v1/conversations/{first.split('.')[0]}/messages", token=token))[0] == 401


async def test_the_page_that_proved_goes_on_and_comes_back(planted, page):
    _, victim, _, code = planted
    await victim.say(code)
    await victim.wait_for(2)
    second_tab = await page()
    back = await second_tab.session(session_id=victim.confirmed[-1], brand="primus")
    assert [line["text"] for line in back["lines"]][-1] == SECRET_REPLY
    assert (await second_tab.say("encore"))["sequence"] == 5


async def test_a_wrong_code_changes_nothing(planted):
    attacker, victim, first, code = planted
    await victim.say(f"{(int(code) + 1) % 10**6:06d}")
    await victim.wait_for(2)
    assert set(victim.confirmed) == {first}
    assert (await attacker.session(session_id=first, brand="primus"))["session_id"] == first


async def test_a_program_gets_a_new_token_and_keeps_the_old_one_until_it_uses_it(gateway, parts):
    talk = await gateway.talk()
    parts.answer = checks_codes(talk)
    await talk.say("mon solde")
    await send(talk)
    code = await code_of(gateway)
    answer = await talk.say(code, "m-code")
    renewed = answer["token"]
    assert renewed != talk.token
    # DESIGN.md's API: a program that does not know of it goes on as before, and a repeat gets the same body.
    assert (await talk.say("encore"))["replies"][0]["text"] == SECRET_REPLY
    status, repeated = await gateway.call("POST", talk.path, {"text": code, "message_id": "m-code"}, talk.token)
    assert (status, repeated) == (200, answer)
    status, _ = await gateway.call("GET", talk.path, token=renewed)
    assert status == 200
    assert (await gateway.call("GET", talk.path, token=talk.token))[0] == 401, (
        "the new one was used: the old one is over"
    )
    assert (await gateway.call("GET", talk.path, token=renewed))[0] == 200
    (row,) = await gateway.rows(Conversation)
    assert renewed not in (row.token_hash, row.former_token_hash)


async def test_an_answer_without_a_proof_brings_no_token(gateway):
    assert "token" not in await (await gateway.talk()).say("bonjour")


async def test_a_conversation_of_the_api_is_not_taken_up_by_a_page(gateway, page):
    talk = await gateway.talk()
    found = await (await page()).session(session_id=f"{talk.id}.{talk.token}", brand="primus")
    assert not found["session_id"].startswith(talk.id)


@pytest.mark.parametrize(("minutes", "there"), [(14, True), (15, False), (600, False)])
async def test_what_was_said_under_a_proof_is_shown_while_it_lasts(gateway, parts, clock, minutes, there, language):
    talk = await gateway.talk("primus", language)
    await talk.say("avant")
    parts.answer = checks_codes(talk)
    await send(talk)
    await talk.say({"fr": "mon solde", "en": "my balance"}[language])
    mine = {"fr": "mon code est {}", "en": "my code is {}"}[language].format(await code_of(gateway))
    await talk.say(mine, "m-code")
    clock.pass_(minutes=minutes)
    texts = [line["text"] for line in await talk.lines()]
    assert texts[0] == "avant"
    assert (SECRET_REPLY in texts) is there
    assert any(WITHHELD[language] in text for text in texts) is not there
    assert len(texts) == 6, "the numbers of the lines stay"
    _, repeated = await gateway.call("POST", talk.path, {"text": mine, "message_id": "m-code"}, talk.token)
    assert (repeated["replies"][0]["text"] == SECRET_REPLY) is there
    if not there:
        assert (await verified(gateway, "primus", account="1002003002", postal_code="M5V 2T6")).id != talk.id
        assert SECRET_REPLY not in [line["text"] for line in await talk.lines()], "another's proof shows nothing of it"


async def test_a_proof_that_is_given_again_shows_it_again(gateway, parts, clock):
    talk = await gateway.talk()
    parts.answer = checks_codes(talk)
    for number in range(2):
        await talk.say("mon solde", f"m-{number}")
        await send(talk)
        await talk.say(await code_of(gateway, number + 1), f"c-{number}")
        clock.pass_(minutes=20 * (1 - number))
    assert [line["text"] for line in await talk.lines()].count(SECRET_REPLY) == 2
