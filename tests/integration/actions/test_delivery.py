"""The e-bill's address, and the way back to paper."""

import re

import pytest

from billing.models import AccountRow, AuditRow
from tests.integration.actions.small_gateway import CODE

BOREAL, MINUIT = "1002003003", "1002003004"  # e-bill to factures@boreal.example; paper
NEW = "compta@boreal.example"


async def asked(talk):
    """A verified customer with the e-bill, before the yes."""
    conversation = talk(BOREAL)
    await conversation.say(f"e-bill -> {NEW}", "change_ebill_email")
    assert conversation.names == ["utter_confirm_change_ebill_email"]
    return conversation


async def email_of(billing, number):
    return next(row.ebill_email for row in await billing.rows(AccountRow) if row.number == number)


async def test_the_address_is_changed_after_old_and_new_were_shown_and_a_yes(talk, billing, language):
    conversation = talk("primus")
    await conversation.say("?", "change_ebill_email")
    await conversation.say(f"{BOREAL} G1R 4P5")
    await conversation.say(CODE)
    assert conversation.names == ["utter_verified", "utter_question_new_email"]
    await conversation.say("compta@")
    assert conversation.names == ["utter_wrong_new_email"]
    assert {"fr": "nom@entreprise.ca", "en": "name@company.ca"}[language] in conversation.text
    await conversation.say(NEW)
    assert conversation.names == ["utter_confirm_change_ebill_email"]
    assert NEW in conversation.text
    assert "factures@boreal.example" in conversation.text
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_ebill_email_changed"]
    assert re.search(r"\*\*E-[A-Z0-9]{8}\*\*", conversation.text)
    assert "factures@boreal.example" in conversation.text, "what was before"
    assert await email_of(billing, BOREAL) == NEW


async def test_a_second_change_says_since_when_the_first_stood(talk, language):
    conversation = await asked(talk)
    await conversation.say(conversation.buttons[0])
    await conversation.say("ti@boreal.example", "change_ebill_email")
    assert NEW in conversation.text
    await conversation.say(conversation.buttons[0])
    assert {"fr": "depuis le 5 mars 2026", "en": "since March 5, 2026"}[language] in conversation.text


async def test_a_no_keeps_the_address(talk, billing):
    conversation = await asked(talk)
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_not_confirmed"]
    assert not billing.writes


async def test_another_address_at_the_question_is_asked_about_again(talk, billing, language):
    conversation = await asked(talk)
    await conversation.say({"fr": "non, ti@boreal.example", "en": "no, ti@boreal.example"}[language], "deny")
    assert conversation.names == ["utter_confirm_change_ebill_email"]
    await conversation.say(conversation.buttons[0])
    assert await email_of(billing, BOREAL) == "ti@boreal.example"


async def test_the_same_address_changes_nothing(talk, billing):
    conversation = talk(BOREAL)
    await conversation.say("Factures@boreal.example", "change_ebill_email")
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_ebill_already"]
    assert not await billing.rows(AuditRow)


async def test_an_account_with_paper_is_offered_the_ebill_before_an_address_is_asked_for(talk, billing):
    conversation = talk(MINUIT)
    await conversation.say("?", "change_ebill_email")
    assert conversation.names == ["utter_no_ebill"]
    assert not conversation.open
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_ebill_email"]
    assert not billing.writes


@pytest.mark.parametrize("request_id", ["change_ebill_email", "enroll_ebill"])
async def test_an_address_that_billing_refuses_is_said_why_and_asked_for_again(talk, billing, request_id):
    conversation = talk(BOREAL)
    await conversation.say("éric@boreal.example", request_id)
    await conversation.say(conversation.buttons[0])
    assert conversation.names[0] == "utter_email_refused"
    assert conversation.slots["requested_slot"] in ("new_email", "ebill_email")
    await conversation.say(NEW)
    await conversation.say(conversation.buttons[0])
    assert await email_of(billing, BOREAL) == NEW


async def test_a_repeat_of_the_turn_changes_once(talk, billing):
    conversation = await asked(talk)
    first = await conversation.say(conversation.buttons[0])
    assert await conversation.repeat() == first
    assert len(await billing.rows(AuditRow)) == 1


async def test_where_the_answer_is_lost_it_is_said_what_is_not_known(talk, billing):
    conversation = await asked(talk)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_change_unknown"]
    billing.loses_answers = False
    assert "**E-" in await conversation.repeat()
    assert len(await billing.rows(AuditRow)) == 1


@pytest.mark.parametrize("request_id", ["change_ebill_email", "return_to_paper"])
async def test_where_billing_is_away_nothing_is_asked(talk, billing, request_id):
    conversation = talk(BOREAL)
    billing.down = True
    await conversation.say("?", request_id)
    assert conversation.names == ["utter_billing_unavailable"]
    assert not conversation.open


async def test_a_secondary_user_is_told_who_may(talk, billing, monkeypatch):
    conversation = await asked(talk)
    signed = conversation.gateway.signed
    monkeypatch.setattr(
        conversation.gateway, "signed", lambda scope, **claims: signed(scope, **{**claims, "role": "secondary"})
    )
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_administrator_only"]
    assert not await billing.rows(AuditRow)


async def test_paper_comes_back_by_a_person_after_the_consequence_and_a_yes(talk, billing, language):
    conversation = talk(BOREAL)
    await conversation.say("?", "return_to_paper")
    assert conversation.names == ["utter_question_contact"]
    await conversation.say("123 45")
    assert conversation.names == ["utter_wrong_contact"]
    await conversation.say("418 555-0103")
    assert conversation.names == ["utter_confirm_return_to_paper"]
    assert "factures@boreal.example" in conversation.text
    assert not conversation.gateway.opened
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"], opened["contact"]) == ("return_to_paper", "billing", "+14185550103")
    assert "factures@boreal.example" in opened["description"]
    assert not billing.writes


async def test_a_no_to_paper_opens_nothing(talk):
    conversation = talk(BOREAL)
    await conversation.say("?", "return_to_paper")
    await conversation.say("418 555-0103")
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_not_confirmed"]
    assert not conversation.gateway.opened


async def test_paper_already_is_said(talk):
    conversation = talk(MINUIT)
    await conversation.say("?", "return_to_paper")
    assert conversation.names == ["utter_paper_already"]
    assert not conversation.open
