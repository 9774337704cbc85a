"""The fields that the form asks for: how each is read from a turn, what counts as an attempt, with what it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from actions import fields
from actions.equipment_fields import EQUIPMENT_ATTEMPTS, EQUIPMENT_EARLY, EQUIPMENT_READERS, NEEDLESS, asked_for
from actions.listed import bill, bill_titles
from actions.named import named
from actions.payment_fields import NONE, PAYMENT_ATTEMPTS, PAYMENT_EARLY, PAYMENT_READERS
from actions.profile_fields import full_name, removed_person, terms
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import WORDS, word
from formats import day, money

CERTAIN_YES = 0.8
WORDS_OF_YES = 5  # "oui, allez-y svp", "yes please go ahead": a yes with a question or a but is none
BUT = re.compile(
    r"[?@]|(?<!\w)(mais|but|attends?|attendez|wait|avant|before|sauf|except|unless|si|if|pas|not|don't|dont|plutot|plutôt|rather|instead)(?!\w)",
    re.I,
)
THUMBS = {"👍": "yes", "✅": "yes", "👌": "yes", "👎": "no", "❌": "no"}

CODE_MARK = "[••••••]"  # what the gateway puts in the place of a one-time code (gateway/redact.py)
CODE_GIVEN = "given"  # no more of it is known here

# Asked where a support request could not be opened; what stands in the details then.
TRY_AGAIN, NOT_OPENED = "try_again", "not_opened"
REFUSED_WITH = {
    "account_number": "utter_wrong_account_number",
    "postal_code": "utter_wrong_postal_code",
    "code": "utter_code_format",
    "ebill_email": "utter_wrong_email",
    "description": "utter_short_description",
    "site_address": "utter_wrong_new_address",
    "contact": "utter_wrong_contact",
    "request_contact": "utter_wrong_contact",
    "request_number": "utter_wrong_request_number",
    "confirmation": "utter_question_confirmation_again",
    TRY_AGAIN: "utter_question_try_again",
}
ATTEMPTS = {
    "account_number": re.compile(r"\d{4}|\d[ -]?\d{2}"),
    "postal_code": re.compile(r"\b[a-z]\d[a-z]|\d[a-z]\d\b|^\W*\d{3,6}\W*$", re.I),
    "code": re.compile(r"\d{2}|^\W*\d\W*$"),
    "ebill_email": re.compile(r"@|\w\.\w{2,}"),
    "contact": re.compile(r"@|\d{3}"),
    "request_contact": re.compile(r"@|\d{3}"),
    "request_number": re.compile(r"\d{3}"),
    "other_account_number": re.compile(r"\d{4}|\d[ -]?\d{2}"),
    "other_postal_code": re.compile(r"\b[a-z]\d[a-z]|\d[a-z]\d\b|^\W*\d{3,6}\W*$", re.I),
    "new_email": re.compile(r"@|\w\.\w{2,}"),
    "bill": re.compile(r"\d|facture|relev|bill|invoice|statement|(?<!\w)(?:celle|celui)(?!\w)|(?<!\w)one\W*$", re.I),
    "registration_email": re.compile(r"@|\w\.\w{2,}"),
    "installer_phone": re.compile(r"@|\d{3}"),
    **EQUIPMENT_ATTEMPTS,
    **PAYMENT_ATTEMPTS,
}

# Answered by yes and no, with a button for each; a no ends the request.
YES_OR_NO = ("confirmation", "terms", TRY_AGAIN)
# Read from whatever is written: what is clearly something else is not taken for it.
FREE_TEXT = ("description", "addition", "full_name", "names_and_date", "new_address", "site_address")


def tries(text: str, field: str) -> bool:
    """Whether the text looks like an attempt at the value, though it is none: it is refused, not taken for a question."""
    pattern = ATTEMPTS.get(field)
    return bool(pattern and pattern.search(text))


def account_and_postal_code(turn: Turn) -> dict[str, str]:
    """An account number and a postal code that the message gives by itself. Where none was asked for, a phone number is no account."""
    found = {"account_number": account_of(turn, "account_number"), "postal_code": None}
    if found["account_number"]:
        found["postal_code"] = fields.postal_code(turn.text)
    return {name: value for name, value in found.items() if value}


def account_of(turn: Turn, field: str) -> str | None:
    """An account number: any digits of its form in an answer to the question for it, elsewhere none that is a phone number."""
    found = named(turn, "account")
    return found or (fields.account_number(turn.text, turn.brand) if asked_for(turn, field) else None)


def confirmation(turn: Turn) -> str | None:
    """ "yes" or "no" where the customer said just that; anything with a condition, a question or a correction is neither."""
    thumb = next((answer for sign, answer in THUMBS.items() if sign in turn.text), None)
    if thumb:
        return thumb
    if turn.confidence < CERTAIN_YES or len(turn.text.split()) > WORDS_OF_YES or "@" in turn.text or "?" in turn.text:
        return None
    answer = {"affirm": "yes", "deny": "no", "cancel": "no"}.get(turn.intent)
    return None if answer == "yes" and BUT.search(turn.text) else answer


def try_again(turn: Turn) -> str | None:
    """As `confirmation`; who says the contact or the matter once more wants the same. "Don't try again" is neither."""
    again = fields.says(turn.text, WORDS["again"]) and not BUT.search(turn.text)
    wants = again or fields.contact(turn.text) or turn.intent == turn.slot("request")
    return confirmation(turn) or ("yes" if wants else None)


def words_of(turn: Turn) -> str | None:
    """A short text as it was written."""
    text = " ".join(turn.text.split())
    return text if text and len(text) <= 200 else None


def one_time_code(turn: Turn) -> str | None:
    """That the gateway has taken a one-time code out of the message; nobody else sees it."""
    return CODE_GIVEN if CODE_MARK in turn.text else None


READERS: dict[str, Callable[[Turn], str | None]] = {
    "account_number": lambda turn: account_of(turn, "account_number"),
    "postal_code": lambda turn: fields.postal_code(turn.text),
    "code": one_time_code,
    "ebill_email": lambda turn: fields.email(turn.text),
    "description": lambda turn: fields.description(turn.text),
    "addition": lambda turn: fields.addition(turn.text),
    "contact": lambda turn: fields.contact(turn.text),
    "request_contact": lambda turn: fields.contact(turn.text),
    "request_number": lambda turn: fields.request_number(turn.text),
    "confirmation": confirmation,
    TRY_AGAIN: try_again,
    "month": lambda turn: named(turn, "month"),
    "bill": bill,
    "other_account_number": lambda turn: account_of(turn, "other_account_number"),
    "other_postal_code": lambda turn: (
        fields.postal_code(turn.text) if asked_for(turn, "other_postal_code") else named(turn, "postal")
    ),
    "new_email": lambda turn: fields.email(turn.text),
    "registration_email": lambda turn: fields.email(turn.text),
    "full_name": full_name,
    "removed_person": removed_person,
    "names_and_date": lambda turn: fields.description(turn.text),
    "installer_phone": lambda turn: fields.phone(turn.text),
    "terms": lambda turn: terms(turn, confirmation(turn)),
    **EQUIPMENT_READERS,
    **PAYMENT_READERS,
}
# Values that the message which asked for the request may already hold.
EARLY = (
    "ebill_email", "new_email", "request_number", "request_contact", "month", "bill",
    "other_account_number", "other_postal_code", "removed_person", *EQUIPMENT_EARLY, *PAYMENT_EARLY,
)  # fmt: skip
# Fields that are taken from a list: the titles of its buttons, by the details.
OFFERS: dict[str, Callable[[dict[str, Any], str], list[str]]] = {"bill": bill_titles}
# How a value is read back in a question or an answer; others as they are.
SHOWN: dict[str, Callable[[str, str], str]] = {
    "amount": lambda value, language: money({"amount": value}, language),
    "paid_on": day,
    "promised_on": day,
    "ordered_on": day,
    "preferred_on": day,
    "contact": lambda value, language: fields.contact_as_written(value),
    "installer_phone": lambda value, language: fields.contact_as_written(value),
    "method": lambda value, language: word(f"choices.method.{value}", language),
    "reference": lambda value, language: word("no_reference_given", language) if value == NONE else value,
}
# Beside those, what may be put right at the last question: values that nothing else looks like.
PUT_RIGHT = (*EARLY, "contact", "registration_email", "preferred_on", "installer_phone")


def shown(details: dict[str, Any], language: str) -> dict[str, str]:
    """The details as they are read back, by name."""
    return {
        name: SHOWN[name](value, language) if name in SHOWN else value
        for name, value in details.items()
        if isinstance(value, str)
    }


def told(turn: Turn, spec: RequestSpec, details: dict[str, Any]) -> dict[str, Any]:
    """What the message tells by itself of what the request needs or takes."""
    missing = [field for field in (*spec.fields, *spec.takes) if field in EARLY and field not in details]
    return {field: value for field in missing if (value := READERS[field](turn))}


def needless(field: str, details: dict[str, Any]) -> bool:
    """Whether something else already tells what the field would: it is not asked for."""
    return field in NEEDLESS and NEEDLESS[field](details)
