"""Who asks for each request in the tests, what they answer, and what it ends with."""

from __future__ import annotations

import json
import re

from actions.requests import read_requests
from tests.integration.actions.small_gateway import NOW
from tests.integration.actions.talk import ROOT

ACCOUNTS = json.loads((ROOT / "demo" / "accounts.json").read_text(encoding="utf-8"))["accounts"]
BRAND_OF = {entry["account"]: entry["brand"] for entry in ACCOUNTS}
POSTAL_CODE_OF = {entry["account"]: entry["postal_code"] for entry in ACCOUNTS}
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
    "bill": "2",
    "ebill_email": "factures@laurier.example",
    "error_code": "E4512",
    "firmware": "1.0",
    "full_name": "Luc Roy",
    "machine": "SW-2290017",
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
    "plan": {"fr": "la première", "en": "the first one"},
    "preferred_on": {"fr": "le 8 avril", "en": "April 8"},
    "promised_on": {"fr": "le 13 mars", "en": "March 13"},
    "reference": {"fr": "aucune", "en": "none"},
    "registration_email": "luc@cafe.example",
    "remote_help": {"fr": "oui", "en": "yes"},
    "removed_person": "2",
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


# What each request ends with where all goes well: the last thing that is said.
ENDS = {
    "add_account": "utter_account_added",
    "add_to_request": "utter_request_added",
    "bill_adjustment": "utter_request_opened",
    "call_details": "utter_calls",
    "cancel_autopay": "utter_autopay_stopped",
    "change_ebill_email": "utter_ebill_email_changed",
    "change_plan": "utter_plan_days",
    "check_availability": "utter_availability_cable",
    "check_balance": "utter_balance_all_past_due",
    "check_coverage": "utter_cover_list",
    "check_modem": "utter_modem_not_listed",
    "enroll_ebill": "utter_ebill_done",
    "explain_bill": "utter_bill_explained_more",
    "get_pie_access": "utter_request_opened",
    "latest_bill": "utter_latest_bill",
    "list_requests": "utter_no_requests",
    "list_users": "utter_users",
    "move_services": "utter_move_services",
    "onsite_estimate": "utter_onsite_target",
    "open_request": "utter_request_opened",
    "pay_bill": "utter_pay_link",
    "premier_access": "utter_premier_open",
    "promise_to_pay": "utter_promise_done",
    "recent_activity": "utter_activity",
    "reconnect_service": "utter_reconnection_pay",
    "register_eservice": "utter_registered_administrator",
    "remove_user": "utter_request_opened",
    "report_payment": "utter_report_searching",
    "reprint_bill": "utter_bill_link",
    "request_status": "utter_request_status",
    "request_technician": "utter_request_opened",
    "return_modem": "utter_request_opened",
    "return_to_paper": "utter_request_opened",
    "schedule_maintenance": "utter_visit_asked_for",
    "set_up_autopay": "utter_autopay_started",
    "transfer_ownership": "utter_request_opened",
}


async def opened_before(conversation):
    """A request of another conversation, that of the answers."""
    conversation.gateway.others.append(
        {
            "number": "R-4821937",
            "contact": "+15145550123",
            "kind": "open_request",
            "state": "open",
            "created_at": NOW.isoformat(),
            "due_at": None,
        }
    )
