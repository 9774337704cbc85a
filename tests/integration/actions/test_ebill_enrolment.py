"""The switch to the e-bill, from the request to the reference, as the pattern of every request that changes something."""

import re

from billing.models import AuditRow
from tests.integration.actions.small_gateway import CODE

ADDRESS = "factures@minuit.example"


async def asked(talk, account="1002003004"):
    """A verified customer, before the yes."""
    conversation = talk(account)
    await conversation.say(f"e-bill {ADDRESS}", "enroll_ebill")
    return conversation


async def test_identity_then_consequence_then_yes_then_reference(talk, billing, language):
    conversation = talk("primus")
    await conversation.say("e-bill", "enroll_ebill")
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    await conversation.say("1002003004")
    await conversation.say("J8X 2K1")
    assert conversation.names == ["utter_question_code"]
    await conversation.say("000000")
    assert conversation.names == ["utter_wrong_code"]
    await conversation.say(CODE)
    assert conversation.names == ["utter_verified", "utter_question_ebill_email"]
    await conversation.say(ADDRESS)
    assert ADDRESS in conversation.text
    assert {"fr": "papier cessera", "en": "Paper bills will stop"}[language] in conversation.text
    assert not await billing.rows(AuditRow), "nothing before the yes"
    await conversation.say(conversation.buttons[0])
    assert re.search(r"E-[A-Z0-9]{8}", conversation.text)
    assert not conversation.open
    [audit] = await billing.rows(AuditRow)
    assert audit.after["email"] == ADDRESS


async def test_only_the_reply_that_tells_of_the_change_carries_its_reference(talk, billing):
    conversation = await asked(talk)
    assert [said.act for said in conversation.replies] == [None]
    await conversation.say(conversation.buttons[0])
    [said] = conversation.replies
    assert said.act
    assert said.act in said.text


async def test_a_no_changes_nothing(talk, billing, language):
    conversation = await asked(talk)
    await conversation.say({"fr": "non", "en": "no"}[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not billing.writes


async def test_another_address_at_the_confirmation_is_asked_about_again(talk, billing, language):
    conversation = await asked(talk)
    await conversation.say({"fr": "non, plutôt ", "en": "no, rather "}[language] + "autre@minuit.example", "deny")
    assert conversation.names == ["utter_confirm_enroll_ebill"]
    assert "autre@minuit.example" in conversation.text
    await conversation.say(conversation.buttons[0])
    [audit] = await billing.rows(AuditRow)
    assert audit.after["email"] == "autre@minuit.example"


async def test_a_repeat_of_the_turn_enrols_once(talk, billing):
    conversation = await asked(talk)
    first = await conversation.say(conversation.buttons[0])
    assert await conversation.repeat() == first
    assert len(await billing.rows(AuditRow)) == 1


async def test_where_billing_is_away_it_is_said_what_is_not_known(talk, billing):
    conversation = await asked(talk)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_ebill_unknown"]


async def test_a_proof_that_ended_is_asked_for_again_and_the_rest_kept(talk, billing):
    conversation = await asked(talk)
    conversation.gateway.proved = None
    await conversation.say(conversation.buttons[0])
    assert conversation.names[0] == "utter_not_verified_any_more"
    assert not billing.writes
    await conversation.say("1002003004 J8X 2K1")
    await conversation.say(CODE)
    assert ADDRESS in conversation.text


async def test_a_question_on_the_way_is_answered_and_the_way_goes_on(talk, language):
    conversation = await asked(talk)
    await conversation.say("?", "help")
    assert conversation.names == ["utter_help", "utter_confirm_enroll_ebill"]
