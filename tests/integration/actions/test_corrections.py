"""Every request with an answer put right before it is done: an earlier answer, or the account."""

import pytest

from tests.integration.actions.requests_played import (
    BRAND_OF,
    BY_FORM,
    POSTAL_CODE_OF,
    WHO,
    YES,
    answer,
    asked,
    opened_before,
)
from tests.integration.actions.small_gateway import CODE

# Nothing is asked for, or one answer only, after which it is done: what can be put right is the account.
ONE_ANSWER = {
    "call_details", "cancel_autopay", "check_balance", "explain_bill", "latest_bill", "list_requests", "list_users", "pay_bill",
    "recent_activity", "reconnect_service", "reprint_bill", "return_modem", "set_up_autopay",
}  # fmt: skip


@pytest.mark.parametrize("request_name", sorted(ONE_ANSWER))
async def test_a_wrong_account_number_is_put_right_before_the_code(talk, request_name):
    account = WHO[request_name]
    conversation = talk(BRAND_OF[account])
    await conversation.say("…", request_name)
    assert asked(conversation) == "account_number"
    wrong = account[:-1] + "9"
    await conversation.say(wrong)
    await conversation.say({"fr": f"non, c'est le {account}", "en": f"no, it's {account}"}[conversation.language])
    assert asked(conversation) == "postal_code"
    await conversation.say(POSTAL_CODE_OF[account])
    await conversation.say(CODE)
    assert conversation.names[0] == "utter_verified"
    assert conversation.gateway.proved == account


# What is said to put an answer right: at which question, what, and how it then reads in a question, an answer or what people get.
CORRECTIONS = {
    "add_account": ("confirmation", {"fr": "non, 1002003001 H2X 1Y4", "en": "no, 1002003001 H2X 1Y4"}, "1002003001"),
    "add_to_request": ("request_contact", {"fr": "non, la demande R-4821938", "en": "no, request R-4821938"}, "4821938"),
    "bill_adjustment": ("confirmation", "418 555-0199", "0199"),
    "change_ebill_email": ("confirmation", "autre@boreal.example", "autre@boreal.example"),
    "change_plan": ("contact", {"fr": "plutôt Câble 75", "en": "Cable 75 rather"}, "75"),
    "check_modem": ("firmware", {"fr": "non, sur Cogeco", "en": "no, on Cogeco"}, "Cogeco"),
    "enroll_ebill": ("confirmation", "autre@laurier.example", "autre@laurier.example"),
    "get_pie_access": ("confirmation", "418 555-0199", "0199"),
    "move_services": ("contact", {"fr": "plutôt le 20 avril", "en": "April 20 rather"}, "20"),
    "open_request": ("contact", {"fr": "c'est le modem CODA-4582", "en": "it is the CODA-4582 modem"}, "CODA-4582"),
    "premier_access": ("pin", {"fr": "non, la machine 7R00987654", "en": "no, machine 7R00987654"}, "7R00987654"),
    "promise_to_pay": ("confirmation", "45 $", "45"),
    "register_eservice": ("confirmation", "luc.roy@cafe.example", "luc.roy@cafe.example"),
    "remove_user": ("confirmation", {"fr": "non, Nadia Haddad", "en": "no, Nadia Haddad"}, "Nadia Haddad"),
    "report_payment": ("confirmation", "55,25 $", "55"),
    "request_status": ("request_contact", {"fr": "non, la demande R-4821938", "en": "no, request R-4821938"}, "4821938"),
    "request_technician": ("contact", {"fr": "non, le modèle Relay 7000", "en": "no, a Relay 7000"}, "Relay 7000"),
    "return_to_paper": ("confirmation", "418 555-0199", "0199"),
    "schedule_maintenance": ("confirmation", {"fr": "plutôt le 14 avril", "en": "April 14 instead"}, "14"),
    "transfer_ownership": ("confirmation", "418 555-0199", "0199"),
}  # fmt: skip
# Nobody is asked who they are, and one answer does it: the place or the contract, which a new question gives anew.
ASKED_ANEW = {"check_availability", "check_coverage", "onsite_estimate"}


def test_every_request_has_its_correction():
    assert sorted([*CORRECTIONS, *ONE_ANSWER, *ASKED_ANEW]) == BY_FORM


@pytest.mark.parametrize("request_name", sorted(CORRECTIONS))
async def test_an_earlier_answer_is_put_right(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await opened_before(conversation)
    conversation.gateway.others.append({**conversation.gateway.others[0], "number": "R-4821938"})
    at, said, read = CORRECTIONS[request_name]
    await conversation.say("…", request_name)
    while asked(conversation) not in (at, None):
        await conversation.say(answer(conversation))
    assert asked(conversation) == at, conversation.names
    await conversation.say(said if isinstance(said, str) else said[conversation.language])
    assert asked(conversation) in (at, None), conversation.names  # done, where the other answer needs no more
    told = [conversation.text, str(conversation.slots["details"])]
    assert not billing.writes
    assert not conversation.gateway.opened
    while conversation.open:
        field = asked(conversation)
        await conversation.say(YES[conversation.language] if field == "confirmation" else answer(conversation))
        told.append(conversation.text)
    assert conversation.names[-1] not in ("utter_give_up_field", "utter_not_confirmed")
    assert read in "\n".join([*told, str(conversation.gateway.opened)])
