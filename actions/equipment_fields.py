"""The fields of Internet service and field service: how each is read from a turn, and when one needs no asking.

A bare code is a serial number, a model or a firmware version only in an answer to the question for it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from actions import fields
from actions.listed import place as place_in
from actions.named import choice, named
from actions.turn import Turn
from actions.wording import WORDS

UNKNOWN = "unknown"
BY_SERIAL = "by_serial"  # the contract is that of the machine
NO_ITEM = "no_item"  # in coverage_words.yml: what only names a contract
PIN_GIVEN = "given"  # a premier PIN itself stays with the gateway: here one only knows that there is one
PIN_MARK = "[••••]"  # what the gateway puts in its place (gateway/redact.py)

BARE_SERIAL = re.compile(r"(?=(?:\D*\d){4})[A-Z0-9](?:[ -]?[A-Z0-9]){5,23}", re.I)
BARE_VERSION = re.compile(r"v?(?=[^\s]*\d)[\w.+-]{1,30}(?: build \d{4,10})?", re.I)
BARE_ERROR = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9._-]{0,11}", re.I)
# What stands before a code in an answer: "c'est le …", "it's …".
LEAD = re.compile(r"^(?:(?:c'est|it's|it is|voici|le|la|les|the|un|une|a|an|my|mon|ma|is|est)[\s:]+)+", re.I)
MODEL_WORDS = 5
ADDRESS_MOST = 300
CONTRACT_WORD = re.compile(r"(?<!\w)(?:contrats?|contracts?|ententes?|agreements?|sla|couverture|coverage)(?!\w)", re.I)


def asked_for(turn: Turn, *names: str) -> bool:
    """Whether the message answers the question for one of these fields."""
    return turn.slot("requested_slot") in names


def answer(turn: Turn) -> str:
    """The message without what leads to its value, and without the stop at its end."""
    return LEAD.sub("", " ".join(turn.text.replace("’", "'").split())).strip(" .!,;")


def says_unknown(turn: Turn) -> bool:
    """Whether the customer says that they do not know, or that there is none."""
    return fields.says(turn.text, WORDS["unknown"])


def serial(turn: Turn) -> str | None:
    """A serial number: by its name or shape anywhere, bare where it was asked for."""
    found = named(turn, "serial")
    if found or not asked_for(turn, "serial", "contract", "machine"):
        return found
    bare = answer(turn)
    return bare.upper().replace(" ", "") if BARE_SERIAL.fullmatch(bare) else None


def contract(turn: Turn) -> str | None:
    """A contract by its words, where it was asked for or is called so; BY_SERIAL where a serial number came instead."""
    if asked_for(turn, "contract"):
        return BY_SERIAL if serial(turn) else choice(turn, "contract")
    return choice(turn, "contract") if CONTRACT_WORD.search(turn.text) else None


def machine(turn: Turn) -> str | None:
    """What a premier PIN belongs to: a serial number, or the account's."""
    return fields.account_number(turn.text, turn.brand) or serial(turn)


def model(turn: Turn) -> str | None:
    """A model by its name; where it was asked for, a short answer with letters and digits counts too."""
    found = named(turn, "model")
    if found or not asked_for(turn, "model"):
        return found
    bare = answer(turn)
    short = len(bare.split()) <= MODEL_WORDS and len(bare) <= 60
    return (
        bare
        if short and "?" not in bare and re.search(r"[^\W\d_]", bare) and re.search(r"\d", bare) and not serial(turn)
        else None
    )


def firmware(turn: Turn) -> str | None:
    """A firmware version; UNKNOWN where it was asked for and the customer cannot tell it."""
    if asked_for(turn, "firmware"):
        if says_unknown(turn):
            return UNKNOWN
        bare = answer(turn)
        if BARE_VERSION.fullmatch(bare):
            return bare
    return named(turn, "firmware")


def error_code(turn: Turn) -> str | None:
    """The error code that a machine shows; UNKNOWN where there is none."""
    if asked_for(turn, "error_code"):
        bare = answer(turn)
        if BARE_ERROR.fullmatch(bare):
            return bare.upper()
        if says_unknown(turn):
            return UNKNOWN
    return named(turn, "error_code")


def network(turn: Turn) -> str | None:
    """A cable network or the phone line; UNKNOWN where the customer cannot tell, or gives a postal code instead."""
    if asked_for(turn, "network") and (says_unknown(turn) or place(turn)):
        return UNKNOWN
    return choice(turn, "network")


def place(turn: Turn) -> str | None:
    """A postal code, Canadian or of the United States (which billing tells from each other)."""
    return fields.postal_code(turn.text) if asked_for(turn, "place") else named(turn, "postal")


def coming_day(turn: Turn) -> str | None:
    """A day that is not over."""
    found = named(turn, "date", "future")
    return found if found and found >= turn.at.date().isoformat() else None


def new_address(turn: Turn) -> str | None:
    """An address as it was written: two words at least, one of them with a number."""
    text = " ".join(turn.text.split())
    enough = len(text.split()) >= 2 and re.search(r"\d", text) and sum(letter.isalpha() for letter in text) >= 5
    return text if enough and len(text) <= ADDRESS_MOST and not text.endswith("?") else None


def plan(turn: Turn) -> str | None:
    """The id of one of the plans that were listed (`plans` among the details): by its name, a word that no other has, or its place."""
    listed = (turn.slot("details") or {}).get("plans") or []
    taken = place_in(turn.text, len(listed)) if asked_for(turn, "plan") else None
    if taken is not None:
        return str(listed[taken]["id"])
    said = words(turn.text)
    others = {one["id"]: set().union(*(own(other) for other in listed if other is not one)) for one in listed}
    distinct = [str(one["id"]) for one in listed if said & (own(one) - others[one["id"]])]
    return plan_named(turn.text, listed) or (distinct[0] if len(distinct) == 1 else None)


def plan_named(text: str, listed: list[dict[str, str]]) -> str | None:
    """The id of the plan whose name, in either language, stands in the text."""
    said = words(text)
    named = (one["id"] for one in listed if any(words(one[language]) <= said for language in ("fr", "en")))
    return next(named, None)


def own(plan: Mapping[str, str]) -> set[str]:
    """The words of a plan's names."""
    return words(plan["fr"]) | words(plan["en"])


def words(text: str) -> set[str]:
    """The words of a text, accents and case aside."""
    return set(re.findall(r"\w+", fields.plain(text)))


def pin(turn: Turn) -> str | None:
    """That the gateway has taken a premier PIN out of the message."""
    return PIN_GIVEN if PIN_MARK in turn.text else None


def coverage_item(turn: Turn) -> str | None:
    """What the customer wants to know the coverage of, by the longest of the words of coverage_words.yml that the message has."""
    if asked_for(turn, "contract"):  # "niveau 2" names the contract
        return None
    patterns = coverage_words()
    text = fields.plain(turn.text)
    for pattern in (pattern for pattern, key in patterns if key == NO_ITEM):
        text = pattern.sub(" ", text)
    found = [(len(match.group()), key) for pattern, key in patterns if (match := pattern.search(text))]
    return max(found)[1] if found else None


@functools.cache
def coverage_words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each phrase as a pattern that bears plurals, with its item's key."""
    data: dict[str, list[str]] = yaml.safe_load(
        (Path(__file__).parent / "coverage_words.yml").read_text(encoding="utf-8")
    )
    return tuple((plural_pattern(phrase), key) for key, phrases in data.items() for phrase in phrases)


def plural_pattern(phrase: str) -> re.Pattern[str]:
    """The phrase with each of its words in the singular or the plural, accents and case aside."""
    singular = (part[:-1] if re.search(r"[^s]s$|x$", part) else part for part in fields.plain(phrase).split())
    parts = [f"{re.escape(part)}(?:e?s|x)?" for part in singular]
    return re.compile(rf"(?<!\w){r'[ -]+'.join(parts)}(?!\w)")


EQUIPMENT_READERS: dict[str, Callable[[Turn], str | None]] = {
    "serial": serial,
    "contract": contract,
    "machine": machine,
    "model": model,
    "firmware": firmware,
    "error_code": error_code,
    "network": network,
    "place": place,
    "preferred_on": coming_day,
    "new_address": new_address,
    "site_address": new_address,
    "plan": plan,
    "pin": pin,
    "coverage_item": coverage_item,
}
EQUIPMENT_EARLY = (
    "serial", "contract", "machine", "model", "firmware", "error_code", "network", "place", "preferred_on", "plan", "pin", "coverage_item",
)  # fmt: skip
NOT_KNOWN = r"(?:sai[st]|know|trouve|vois|find|see) ?(?:pas)?\b|id[ée]e|\bidea|\bidk\b"
# What looks like an attempt, or says that one does not know: it is refused with where to look, not taken for a question.
EQUIPMENT_ATTEMPTS = {
    "serial": re.compile(rf"\d{{4}}|{NOT_KNOWN}", re.I),
    "machine": re.compile(rf"\d{{4}}|{NOT_KNOWN}", re.I),
    "model": re.compile(NOT_KNOWN, re.I),
    "plan": re.compile(r"\d|forfait|plan", re.I),
    "contract": re.compile(rf"\d{{4}}|performance|logiciel|software|{NOT_KNOWN}", re.I),
    "firmware": re.compile(r"\d\.\d"),
    "place": re.compile(r"\b[a-z]\d[a-z]|\d[a-z]\d\b|^\W*\d{3,6}\W*$", re.I),
    "preferred_on": re.compile(r"\d|demain|tomorrow|hier|yesterday|semaine|week", re.I),
    "pin": re.compile(r"\d|•"),
}
# Fields that something else already tells: they are not asked for.
NEEDLESS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "contract": lambda details: "serial" in details,
    # Nobody needs to be reached about a change to the plan that one has.
    "contact": lambda details: "plan" in details and details["plan"] == details.get("current_plan"),
    "network": lambda details: "place" in details,
    # A plan whose price the company has set needs no other.
    "monthly_price": lambda details: details.get("plan", UNKNOWN) != UNKNOWN,
    "repeat": lambda details: not details.get("open_number"),
    # One's own requests need no other proof than the conversation, or the account that it proved.
    "request_contact": lambda details: details.get("request_number") in details.get("own", ()),
    # A machine stands where its account is; a modem is asked about for a network.
    "place": lambda details: (
        details.get("network", UNKNOWN) != UNKNOWN or ("serial" in details and "network" not in details)
    ),
}
