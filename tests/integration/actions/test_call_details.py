"""Call details: what they come to and a link to all of them; and how to get PIE, whose id and password are never given here."""

import re

from billing.models import AuditRow
from tests.integration.actions.small_gateway import CODE

LAURIER, NORTHGATE = "1002003001", "1002003002"  # without PIE; with it, and 240 calls


async def test_the_calls_are_summed_and_linked_as_csv(talk, http, language):
    conversation = talk("primus")
    await conversation.say("?", "call_details")
    await conversation.say(f"{NORTHGATE} M5V 2T6")
    await conversation.say(CODE)
    assert conversation.names == ["utter_verified", "utter_calls"]
    assert {"fr": "**240 appels**", "en": "**240 calls**"}[language] in conversation.text
    assert {"fr": "4 février 2026", "en": "February 4, 2026"}[language] in conversation.text
    assert {"fr": "Interurbains", "en": "Long distance"}[language] in conversation.text
    assert {"fr": "22\u00a0h", "en": "10\u00a0p.m."}[language] in conversation.text
    url = re.search(r"https://aide\.example(/documents/\S+)", conversation.text)
    async with http.get(conversation.gateway.url + url[1]) as document:
        assert document.status == 200
        assert document.content_type == "text/csv"
        assert document.headers["Content-Language"] == language
        assert len((await document.text()).splitlines()) >= 241


async def test_the_kinds_come_to_the_whole(talk):
    conversation = talk(NORTHGATE)
    await conversation.say("?", "call_details")
    lines = [line for line in conversation.text.splitlines() if line.startswith("- ")]
    assert len(lines) == 4
    assert sum(int(re.search(r": (\d+) \(", line)[1]) for line in lines) == 240


async def test_a_repeat_of_the_turn_makes_one_link(talk, billing):
    conversation = talk(NORTHGATE)
    first = await conversation.say("?", "call_details")
    assert await conversation.repeat() == first
    assert len(await billing.rows(AuditRow)) == 1


async def test_without_pie_the_way_to_it_is_offered(talk, billing):
    conversation = talk(LAURIER)
    await conversation.say("?", "call_details")
    assert conversation.names == ["utter_no_pie"]
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_full_name"]


async def test_where_billing_is_away_it_is_said(talk, billing):
    conversation = talk(NORTHGATE)
    for kind in ("down", "loses_answers"):
        setattr(billing, kind, True)
        await conversation.say("?", "call_details")
        assert conversation.names == ["utter_billing_unavailable"]


async def test_pie_is_asked_of_a_person_and_no_password_is_given(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "get_pie_access")
    assert conversation.names == ["utter_question_full_name"]
    await conversation.say("123")
    assert conversation.names == ["utter_wrong_full_name"]
    await conversation.say("Nadia Haddad")
    await conversation.say("nadia@laurier.example")
    assert conversation.names == ["utter_confirm_get_pie_access"]
    assert {"fr": "jamais dans cette conversation", "en": "never in this conversation"}[language] in conversation.text
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"], opened["contact"]) == (
        "get_pie_access",
        "account",
        "nadia@laurier.example",
    )
    assert "Nadia Haddad" in opened["description"]
    assert not billing.writes


async def test_the_request_tells_whether_the_account_has_pie_already(talk, language):
    said = []
    for account in (LAURIER, NORTHGATE):
        conversation = talk(account)
        await conversation.say("?", "get_pie_access")
        for answer in ("Tom Baker", "tom@baker.example", {"fr": "oui", "en": "yes"}[language]):
            await conversation.say(answer)
        said.append(conversation.gateway.opened[0]["description"])
    assert said[0] != said[1]


async def test_a_no_asks_nobody_for_pie(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "get_pie_access")
    for answer in ("Tom Baker", "tom@baker.example", {"fr": "non", "en": "no"}[language]):
        await conversation.say(answer)
    assert conversation.names == ["utter_not_confirmed"]
    assert not conversation.gateway.opened
