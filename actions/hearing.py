"""What a message in the middle of a form is: the value that was asked for, an earlier one put right, another request, or a pause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions import fields
from actions.form_fields import EARLY, FREE_TEXT, PUT_RIGHT, READERS, account_and_postal_code, tries
from actions.identity_step import IDENTITY_FIELDS
from actions.named import choice, named
from actions.requests import REPEAT, RequestSpec
from actions.turn import Turn
from actions.wording import WORDS

SWITCH = 0.6  # confidence from which another request takes the place of the one under way
CERTAIN = 0.6
LONG_ENOUGH = 9  # words of a first message that already tells what is wrong
# Nobody describes a problem with these; everything else said at the description is the description.
NO_DESCRIPTION = {"thank", "greet", "goodbye", "who_are_you", "affirm", "deny"}
CERTAIN_CHAT = 0.8
CLEAR_SWITCH = 0.97
LEAVES_DESCRIPTION = {"cancel", "talk_to_agent", "change_language", "continue_by_text", "help"}
ADDRESSES = ("new_address", "site_address")
SAME = {"bill": ("month",)}  # what names the same as the answer: a bill by its month
SHORT_CHOICE = 3  # words of an answer that picks a choice; a longer text may ask for something else with the same word

Specs = Mapping[str, RequestSpec]
Details = dict[str, Any]


def waits(turn: Turn) -> bool:
    """Whether the customer asks for a moment and says nothing else: "attends", "wait a minute please"."""
    said = fields.plain(turn.text)
    if "?" in said or not fields.says(said, WORDS["wait"]):
        return False
    for phrase in (*WORDS["wait"], *WORDS["beside_wait"]):
        said = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", said)
    return not re.search(r"\w", said)


def read(turn: Turn, field: str, specs: Specs) -> str | None:
    """The value that was asked for; None where the message is none."""
    if field in FREE_TEXT and turn.confidence >= SWITCH:
        question = turn.intent == "ask_article" and turn.confidence >= CERTAIN and turn.text.rstrip().endswith("?")
        chat = (
            turn.intent in NO_DESCRIPTION and turn.confidence >= CERTAIN_CHAT and len(turn.text.split()) < LONG_ENOUGH
        )
        other = field != "description" and not _means_it(turn, field) and is_other(turn, specs)
        if turn.intent in LEAVES_DESCRIPTION or question or chat or other:
            return None
    if field == REPEAT and len(turn.text.split()) > SHORT_CHOICE and is_other(turn, specs):
        return None
    return READERS[field](turn) if field in READERS else choice(turn, field)


def is_other(turn: Turn, specs: Specs) -> bool:
    """Whether the message clearly asks for another request."""
    other = specs.get(turn.intent)
    asks = other is not None and other.by_form and turn.intent != turn.slot("request")
    return asks and turn.confidence >= CLEAR_SWITCH and len(turn.text.split()) < LONG_ENOUGH


def switches(turn: Turn, asked: str, request: str, specs: Specs) -> bool:
    """Whether another request takes the place of the one under way."""
    other = specs.get(turn.intent)
    if not (other and other.by_form and turn.intent != request and turn.confidence >= SWITCH):
        return False
    if (
        asked == "description"
    ):  # nearly every description of a fault resembles some request, a support request most of all
        short = len(turn.text.split()) < LONG_ENOUGH
        return "open_request" not in (request, other.id) and turn.confidence >= CLEAR_SWITCH and short
    return read(turn, asked, specs) is None and not tries(turn.text, asked)


def corrected(turn: Turn, asked: str, details: Details, specs: Specs) -> Details | None:
    """The details with an earlier answer put right, or a later one given first: another account number, another address."""
    if asked == "description" and fields.only_a_contact(turn.text):
        return {**details, "contact": fields.contact(turn.text)}
    if asked in ("postal_code", "code"):
        given = account_and_postal_code(turn)
        if given.get("account_number", details.get("account_number")) != details.get("account_number"):
            return {**{name: value for name, value in details.items() if name not in IDENTITY_FIELDS}, **given}
    if asked in ("confirmation", "other_postal_code"):
        readable = PUT_RIGHT if asked == "confirmation" else EARLY
        return _with(turn, specs[turn.slot("request")], details, readable)
    return None


def put_right(turn: Turn, asked: str, details: Details, specs: Specs) -> Details | None:
    """Where a message holds no value for the question: the details with what it tells for another, given before or still to come."""
    if "?" in turn.text:
        return None
    readable = tuple(name for name in EARLY if name not in (asked, *SAME.get(asked, ())))
    return _with(turn, specs[turn.slot("request")], details, readable)


def _with(turn: Turn, spec: RequestSpec, details: Details, readable: tuple[str, ...]) -> Details | None:
    known = {name: READERS[name](turn) for name in (*spec.fields, *spec.takes) if name in readable}
    other = {name: value for name, value in known.items() if value and value != details.get(name)}
    return {name: value for name, value in {**details, **other}.items() if name != "prepared"} if other else None


def _means_it(turn: Turn, field: str) -> bool:
    """Whether what resembles another request is the answer: an address with its postal code resembles the question whether there is
    service at it, what is added to a support request resembles a new one.
    """
    if field == "addition":
        return turn.intent == "open_request"
    return field in ADDRESSES and named(turn, "postal") is not None and READERS[field](turn) is not None
