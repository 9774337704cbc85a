"""The fields that the form asks for: how each is read from a turn, what counts as an attempt, with what it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions import fields
from actions.turn import Turn

CERTAIN_YES = 0.8
WORDS_OF_YES = 5  # "oui, allez-y svp", "yes please go ahead": a yes with a question or a but is none
BUT = re.compile(
    r"[?@]|(?<!\w)(mais|but|attends?|attendez|wait|avant|before|sauf|except|unless|si|if|pas|not|don't|dont|plutot|plutôt|rather|instead)(?!\w)",
    re.I,
)
THUMBS = {"👍": "yes", "✅": "yes", "👌": "yes", "👎": "no", "❌": "no"}

REFUSED_WITH = {
    "account_number": "utter_wrong_account_number",
    "postal_code": "utter_wrong_postal_code",
    "code": "utter_code_format",
    "ebill_email": "utter_wrong_email",
    "description": "utter_short_description",
    "contact": "utter_wrong_contact",
    "request_contact": "utter_wrong_contact",
    "request_number": "utter_wrong_request_number",
    "confirmation": "utter_question_confirmation_again",
}
ATTEMPTS = {
    "account_number": re.compile(r"\d{4}|\d[ -]?\d{2}"),
    "postal_code": re.compile(r"\b[a-z]\d[a-z]|\d[a-z]\d\b|^\W*\d{3,6}\W*$", re.I),
    "code": re.compile(r"\d{2}|^\W*\d\W*$"),
    "ebill_email": re.compile(r"@|\w\.\w{2,}"),
    "contact": re.compile(r"@|\d{3}"),
    "request_contact": re.compile(r"@|\d{3}"),
    "request_number": re.compile(r"\d{3}"),
}


def tries(text: str, field: str) -> bool:
    """Whether the text looks like an attempt at the value, though it is none: it is refused, not taken for a question."""
    pattern = ATTEMPTS.get(field)
    return bool(pattern and pattern.search(text))


def account_and_postal_code(turn: Turn) -> dict[str, str]:
    """An account number and a postal code that the message gives by itself."""
    found = {"account_number": fields.account_number(turn.text, turn.brand), "postal_code": None}
    if found["account_number"]:
        found["postal_code"] = fields.postal_code(turn.text)
    return {name: value for name, value in found.items() if value}


def confirmation(turn: Turn) -> str | None:
    """ "yes" or "no" where the customer said just that; anything with a condition, a question or a correction is neither."""
    thumb = next((answer for sign, answer in THUMBS.items() if sign in turn.text), None)
    if thumb:
        return thumb
    if turn.confidence < CERTAIN_YES or len(turn.text.split()) > WORDS_OF_YES or "@" in turn.text or "?" in turn.text:
        return None
    answer = {"affirm": "yes", "deny": "no", "cancel": "no"}.get(turn.intent)
    return None if answer == "yes" and BUT.search(turn.text) else answer


READERS: dict[str, Callable[[Turn], str | None]] = {
    "account_number": lambda turn: fields.account_number(turn.text, turn.brand),
    "postal_code": lambda turn: fields.postal_code(turn.text),
    "code": lambda turn: fields.one_time_code(turn.text),
    "ebill_email": lambda turn: fields.email(turn.text),
    "description": lambda turn: fields.description(turn.text),
    "contact": lambda turn: fields.contact(turn.text),
    "request_contact": lambda turn: fields.contact(turn.text),
    "request_number": lambda turn: fields.request_number(turn.text),
    "confirmation": confirmation,
}
