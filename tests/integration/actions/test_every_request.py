"""Every request that the form gathers for, in both languages: the straight way, a no, a question in between, a backend that is away.

What is special to a request stands in the file of its topic; here, that none is forgotten.
"""

import re

import pytest
import yaml

from actions.requests import read_requests
from tests.integration.actions.talk import ROOT

LAURIER, NORTHGATE, BOREAL, MINUIT = "1002003001", "1002003002", "1002003003", "1002003004"
WHITFIELD, TREMBLAY, BOUCHARD = "50010001", "50010002", "50010003"
LAVOIE, PRAIRIE = "0012345678", "0012345679"
# Who asks (an account, verified, or a brand, nobody verified), and what fits this request alone.
WHO = {
    "add_account": NORTHGATE,
    "add_to_request": "primus",
    "bill_adjustment": LAURIER,
    "call_details": NORTHGATE,
    "cancel_autopay": NORTHGATE,
    "change_ebill_email": BOREAL,
    "change_plan": WHITFIELD,
    "check_availability": "wrs",
    "check_balance": TREMBLAY,
    "check_coverage": "pitney-bowes",
    "check_modem": "wrs",
    "enroll_ebill": LAURIER,
    "explain_bill": LAURIER,
    "get_pie_access": MINUIT,
    "latest_bill": LAVOIE,
    "list_requests": PRAIRIE,
    "list_users": BOREAL,
    "move_services": WHITFIELD,
    "onsite_estimate": "pitney-bowes",
    "open_request": "wrs",
    "pay_bill": LAURIER,
    "premier_access": "pitney-bowes",
    "promise_to_pay": TREMBLAY,
    "recent_activity": BOUCHARD,
    "reconnect_service": BOUCHARD,
    "register_eservice": "primus",
    "remove_user": LAURIER,
    "report_payment": LAURIER,
    "reprint_bill": LAURIER,
    "request_status": "primus",
    "request_technician": "pitney-bowes",
    "return_modem": WHITFIELD,
    "return_to_paper": BOREAL,
    "schedule_maintenance": "pitney-bowes",
    "set_up_autopay": LAURIER,
    "transfer_ownership": "primus",
}
BY_FORM = sorted(name for name, spec in read_requests().items() if spec.by_form)
# The answer to each question, in both languages where it differs.
ANSWERS = {
    "account_number": "1002003004",
    "addition": {"fr": "le problème est revenu ce matin", "en": "the problem came back this morning"},
    "amount": "40",
    "contact": "514 555-0123",
    "contract": "3A01234567",
    "description": {"fr": "deux fois le même montant sur la facture", "en": "the same amount twice on the bill"},
    "ebill_email": "factures@laurier.example",
    "error_code": "E4512",
    "firmware": "1.0",
    "full_name": "Luc Roy",
    "machine": "3A01234567",
    "method": {"fr": "par chèque", "en": "by cheque"},
    "model": "DM300",
    "names_and_date": {"fr": "Boréal vers Laurier, le 1er avril", "en": "Boréal to Laurier, April 1"},
    "network": "Rogers",
    "new_address": "500, rue Sainte-Catherine Est, Montréal H2L 2C6",
    "new_email": "neuve@boreal.example",
    "other_account_number": "1002003004",
    "other_postal_code": "J8X 2K1",
    "paid_on": {"fr": "le 2 mars", "en": "March 2"},
    "pin": "4821",
    "place": "H2X 1Y4",
    "plan": "1",
    "preferred_on": {"fr": "le 8 avril", "en": "April 8"},
    "promised_on": {"fr": "le 13 mars", "en": "March 13"},
    "reference": {"fr": "aucune", "en": "none"},
    "registration_email": "luc@cafe.example",
    "remote_help": {"fr": "oui", "en": "yes"},
    "removed_person": "1",
    "request_contact": "514 555-0123",
    "request_number": "R-4821937",
    "serial": "3A01234567",
    "site_address": "500, rue Sainte-Catherine Est, Montréal H2L 2C6",
    "terms": {"fr": "oui", "en": "yes"},
}
YES, NO = {"fr": "oui", "en": "yes"}, {"fr": "non", "en": "no"}
DONE = re.compile(r"\b[A-Z]-[0-9A-Z]{6,8}\b")


def asked(conversation):
    """The field that the last question asks for; "confirmation" at the last one; None where nothing is asked."""
    return conversation.slots.get("requested_slot") if conversation.open else None


def answer(conversation):
    given = ANSWERS[asked(conversation)]
    return given if isinstance(given, str) else given[conversation.language]


async def up_to_the_end(conversation, request):
    """Says the request and answers each question until the last, or until nothing is asked any more. The fields that were asked for."""
    await conversation.say("…", request)
    fields = []
    while asked(conversation) not in (None, "confirmation") and len(fields) < 12:
        fields.append(asked(conversation))
        await conversation.say(answer(conversation))
    assert len(fields) < 12, f"{request} asks and asks: {fields}"
    return fields


def test_every_request_of_the_form_is_here():
    offered = yaml.safe_load((ROOT / "actions" / "requests.yml").read_text(encoding="utf-8"))
    assert sorted(WHO) == BY_FORM
    assert set(BY_FORM) <= set(offered)


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_the_straight_way_ends_with_an_answer(talk, request_name):
    conversation = talk(WHO[request_name])
    await up_to_the_end(conversation, request_name)
    if asked(conversation) == "confirmation":
        await conversation.say(YES[conversation.language])
    assert not conversation.open, conversation.names
    assert conversation.text.strip()
    assert not {name for name in conversation.names if name.endswith(("_unavailable", "_unknown", "_not_known"))}


@pytest.mark.parametrize("request_name", [name for name in BY_FORM if read_requests()[name].confirm])
async def test_a_no_at_the_last_question_changes_nothing(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await up_to_the_end(conversation, request_name)
    if asked(conversation) is None:
        pytest.skip("nothing to confirm for this account; the file of its topic has the case")
    await conversation.say(NO[conversation.language])
    assert {"fr": "rien n’a été changé", "en": "nothing was changed"}[conversation.language] in conversation.text
    assert not conversation.open
    assert not billing.writes
    assert not conversation.gateway.opened


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_a_question_in_between_is_answered_and_the_form_goes_on(talk, request_name):
    conversation = talk(WHO[request_name])
    await conversation.say("…", request_name)
    while (field := asked(conversation)) not in (None, "confirmation"):
        await conversation.say("?", "help")
        assert asked(conversation) == field, (request_name, conversation.names)
        assert len(conversation.replies) >= 2, "the answer, and the form's question again"
        await conversation.say(answer(conversation))
    if asked(conversation) == "confirmation":
        await conversation.say("?", "help")
        assert asked(conversation) == "confirmation"


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_leaving_in_the_middle_changes_nothing(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await conversation.say("…", request_name)
    if not conversation.open:
        pytest.skip("it is answered at once")
    await conversation.say({"fr": "annuler", "en": "cancel"}[conversation.language])
    assert not conversation.open
    assert not billing.writes
    assert not conversation.gateway.opened


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_where_everything_behind_is_away_the_customer_is_told_and_nothing_is_claimed(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    billing.down = True
    await up_to_the_end(conversation, request_name)
    conversation.gateway.down = True
    if asked(conversation) == "confirmation":
        await conversation.say(YES[conversation.language])
    assert conversation.text.strip(), "never silence"
    assert not DONE.search(conversation.text.replace("R-4821937", "")), conversation.text
    assert not billing.writes


@pytest.mark.parametrize("request_name", [name for name in BY_FORM if read_requests()[name].confirm])
async def test_a_yes_while_the_backend_is_away_is_told_and_can_be_said_again(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await up_to_the_end(conversation, request_name)
    if asked(conversation) is None:
        pytest.skip("nothing to confirm for this account; the file of its topic has the case")
    billing.down = conversation.gateway.down = True
    await conversation.say(YES[conversation.language])
    assert conversation.text.strip(), "never silence"
    assert not DONE.search(conversation.text)
    assert not billing.writes
    assert not conversation.gateway.opened
    billing.down = conversation.gateway.down = False
    if not conversation.open:
        await up_to_the_end(conversation, request_name)
    await conversation.say(YES[conversation.language])
    assert DONE.search(conversation.text), conversation.text


# What is said instead at the last question, and how it then reads.
CORRECTIONS = {
    "enroll_ebill": ("autre@laurier.example", "autre@laurier.example"),
    "change_ebill_email": ("autre@boreal.example", "autre@boreal.example"),
    "register_eservice": ("luc.roy@cafe.example", "luc.roy@cafe.example"),
    "report_payment": ("55,25 $", "55"),
    "promise_to_pay": ("45 $", "45"),
    "schedule_maintenance": ({"fr": "plutôt le 14 avril", "en": "April 14 instead"}, "14"),
    "return_to_paper": ("418 555-0199", "0199"),
    "get_pie_access": ("418 555-0199", "0199"),
    "transfer_ownership": ("418 555-0199", "0199"),
    "bill_adjustment": ("418 555-0199", "0199"),
}


@pytest.mark.parametrize("request_name", sorted(CORRECTIONS))
async def test_another_value_at_the_last_question_is_taken_and_confirmed_again(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await up_to_the_end(conversation, request_name)
    assert asked(conversation) == "confirmation"
    said, read = CORRECTIONS[request_name]
    await conversation.say(said if isinstance(said, str) else said[conversation.language])
    assert asked(conversation) == "confirmation", conversation.names
    confirmed_again = conversation.text
    assert not billing.writes
    assert not conversation.gateway.opened
    await conversation.say(YES[conversation.language])
    assert DONE.search(conversation.text), conversation.text
    assert read in confirmed_again + conversation.text
