"""Which one of a list the customer takes: by its place ("2", "la deuxième", "the second one"), or by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions import fields
from actions.named import named
from actions.turn import Turn
from actions.wording import WORDS, word
from formats import day

OFFERED = 3  # bills to choose from where none was named


def place(text: str, count: int) -> int | None:
    """The index in a list of `count` entries that a text names by its place and nothing else; None where it names none."""
    said = re.findall(r"[\w']+", fields.plain(text))
    telling = [one for one in said if one not in WORDS["around_places"]] or [one for one in said if one == "one"]
    if len(telling) != 1:
        return None
    places = WORDS["places"]
    return next((index for index in range(min(count, len(places))) if telling[0] in places[index]), None)


def numbered(lines: Sequence[str]) -> str:
    """A list that may be answered by a place in it."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def bill(turn: Turn) -> str | None:
    """The number of a bill that the message names. At the question for it one of `bills` among the details (`[number, date]`, the newest
    first): by its number, its place among those offered, its day or its month, or as the latest or the one before.
    """
    number = named(turn, "bill")
    if turn.slot("requested_slot") != "bill":
        return number
    listed: list[list[str]] = (turn.slot("details") or {}).get("bills") or []
    if number:
        return next((one for one, _ in listed if one == number), None)
    taken = place(turn.text, len(listed[:OFFERED]))
    if taken is not None:
        return listed[taken][0]
    digits = re.fullmatch(r"\D*(\d{4,12})\D*", turn.text)
    when = named(turn, "date", "past") or named(turn, "month") or ""
    found = [one for one, issued in listed if (digits and one.endswith(digits[1])) or (when and issued == when)]
    found = found or [one for one, issued in listed if when and issued.startswith(when[:7])]
    if not found and fields.says(turn.text, WORDS["previous_bill"]):
        found = [one for one, _ in listed[1:2]]
    elif not found and fields.says(turn.text, WORDS["latest_bill"]):
        found = [one for one, _ in listed[:1]]
    return found[0] if len(found) == 1 else None


def bill_titles(details: dict[str, Any], language: str) -> list[str]:
    """The bills that are offered, as buttons."""
    return [
        word("bill_choice", language, number=number, date=day(issued, language))
        for number, issued in details["bills"][:OFFERED]
    ]
