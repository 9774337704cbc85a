"""A bill given again: named at once or taken from a list, too old, of another account."""

import re

import pytest

from billing.models import AuditRow
from tests.integration.actions.small_gateway import CODE

LAURIER = "1002003001"  # bills of 12, 42, 73, 104 and 134 days ago; three months are printed again


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ({"fr": "la facture P-88410", "en": "bill P-88410"}, "P-88410"),
        ({"fr": "facture numéro 88410", "en": "invoice 88410"}, "P-88410"),
        ({"fr": "ma facture de janvier", "en": "my January bill"}, "P-88410"),
        ({"fr": "ma dernière facture", "en": "my latest bill"}, "P-90871"),
        ({"fr": "la facture précédente", "en": "the previous bill"}, "P-88410"),
    ],
)
async def test_a_bill_is_given_again_by_a_link_that_opens_it(talk, http, language, said, number):
    conversation = talk(LAURIER)
    await conversation.say(said[language], "reprint_bill")
    assert conversation.names == ["utter_bill_link"]
    assert f"**{number}**" in conversation.text
    # 30 minutes after 21:30 in Toronto.
    assert {"fr": "22\u00a0h", "en": "10\u00a0p.m."}[language] in conversation.text
    url = re.search(r"https://aide\.example(/documents/\S+)", conversation.text)
    async with http.get(conversation.gateway.url + url[1]) as document:
        assert document.status == 200
        assert document.headers["Content-Language"] == language
        assert number in document.headers["Content-Disposition"]
        assert (await document.read()).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("2", "P-88410"),
        ({"fr": "la 2", "en": "number 2"}, "P-88410"),
        ({"fr": "la deuxième", "en": "the second one"}, "P-88410"),
        ({"fr": "la 3e svp", "en": "the third bill please"}, "P-86022"),
        ({"fr": "celle de janvier", "en": "the January one"}, "P-88410"),
        ({"fr": "janvier", "en": "January"}, "P-88410"),
        ({"fr": "le 22 décembre", "en": "December 22"}, "P-86022"),
        ("P-86022", "P-86022"),
        ("86022", "P-86022"),
        ({"fr": "la plus récente", "en": "the latest"}, "P-90871"),
        ({"fr": "la précédente", "en": "the previous one"}, "P-88410"),
        (None, "P-88410"),
    ],
)
async def test_without_a_name_the_latest_bills_are_offered_and_taken_in_many_ways(talk, language, said, number):
    conversation = talk(LAURIER)
    await conversation.say("?", "reprint_bill")
    assert conversation.names == ["utter_question_bill"]
    assert [title.split(",")[0] for title in conversation.buttons] == ["P-90871", "P-88410", "P-86022"]
    said = said[language] if isinstance(said, dict) else said
    await conversation.say(said or conversation.buttons[1], None if said else "reprint_bill")
    assert conversation.names == ["utter_bill_link"]
    assert number in conversation.text


async def test_a_bill_that_is_not_there_is_not_made_up(talk, language):
    conversation = talk(LAURIER)
    for said in ({"fr": "la facture P-99999", "en": "bill P-99999"}, {"fr": "celle de mars 2019", "en": "March 2019"}):
        await conversation.say(said[language], "reprint_bill")
        assert conversation.names == ["utter_bill_not_found", "utter_question_bill"]
        assert len(conversation.buttons) == 3
        await conversation.say(said[language])
        assert conversation.names == ["utter_wrong_bill"]
        await conversation.say({"fr": "annuler", "en": "cancel"}[language])


async def test_a_pause_a_question_and_another_look_up_leave_the_choice_of_a_bill_open(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "reprint_bill")
    await conversation.say({"fr": "attends un peu", "en": "wait a minute"}[language])
    assert conversation.names == ["utter_take_your_time"]
    await conversation.say("?", "help")
    assert conversation.names == ["utter_help", "utter_question_bill"]
    await conversation.say("?", "check_balance")
    assert conversation.names == ["utter_balance_past_due", "utter_back_to", "utter_question_bill"]
    assert not billing.writes
    await conversation.say({"fr": "la 1", "en": "the first"}[language])
    assert "P-90871" in conversation.text


async def test_the_bill_of_another_account_is_not_found(talk):
    conversation = talk(LAURIER)
    await conversation.say("P-90990", "reprint_bill")
    assert conversation.names == ["utter_bill_not_found", "utter_question_bill"]
    await conversation.say("P-90990")
    assert conversation.names == ["utter_wrong_bill"]


async def test_a_bill_that_is_too_old_goes_to_a_person_who_is_told_which(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("P-81534", "reprint_bill")
    assert conversation.names == ["utter_bill_too_old", "utter_start_request", "utter_question_contact"]
    assert {"fr": "3 derniers mois", "en": "last 3 months"}[language] in conversation.text
    await conversation.say("514 555-0123")
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"]) == ("reprint_bill", "billing")
    assert "P-81534" in opened["description"]
    assert opened["details"] == {"first_message": "P-81534", "bill": "P-81534"}
    assert opened["contact"] == "+15145550123"


async def test_a_brand_without_a_limit_prints_old_bills(talk):
    conversation = talk("50010003")
    await conversation.say("W-38002", "reprint_bill")
    assert conversation.names == ["utter_bill_link"]


async def test_a_link_is_made_after_the_code_and_the_bill_is_remembered(talk, language):
    conversation = talk("primus")
    await conversation.say("P-88410", "reprint_bill")
    await conversation.say(f"{LAURIER} H2X 1Y4")
    await conversation.say(CODE)
    assert conversation.names == ["utter_verified", "utter_bill_link"]
    assert "P-88410" in conversation.text


async def test_a_repeat_of_the_turn_makes_one_link(talk, billing):
    conversation = talk(LAURIER)
    first = await conversation.say("P-88410", "reprint_bill")
    assert await conversation.repeat() == first
    assert len(await billing.rows(AuditRow)) == 1
