"""The fields of the e-service profile: a person's name, one of the people registered, and whether the terms are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions import fields
from actions.listed import place
from actions.turn import Turn
from actions.wording import WORDS
from entities.reading import fold

NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[.'’-][^\W\d_]*)*(?: [^\W\d_][^\W\d_.'’-]*(?:[.'’-][^\W\d_]*)*){1,4}")
# What people write before their name; both languages, without accents.
BEFORE_NAME = re.compile(
    r"^(?:je m'appelle|mon nom(?: complet)? est|mon nom c'est|moi c'est|c'est|my (?:full )?name is|my name's|i am|i'm|it's|it is|this is) ",
    re.I,
)
SHORTEST = 3  # letters of a part of a name that is searched for: "de" and "la" stand in every sentence


def full_name(turn: Turn) -> str | None:
    """A first and a last name as they were written: two to five words of letters, none of them a word of a sentence."""
    text = BEFORE_NAME.sub("", " ".join(turn.text.replace("’", "'").split())).strip(" .!,")
    return text if NAME.fullmatch(text) and not fields.says(text, WORDS["not_in_names"]) else None


def removed_person(turn: Turn) -> str | None:
    """The registered person whom the message names, or picks by the place in the list that was read when the request began."""
    people = list((turn.slot("details") or {}).get("people", ()))
    taken = place(turn.text, len(people)) if turn.slot("requested_slot") == "removed_person" else None
    return person_named(turn.text, people) if taken is None else people[taken]


def person_named(text: str, people: Iterable[str]) -> str | None:
    """The one of some people whom a text names, by the whole name or by a part that only one of them has; None where it is not clear."""
    said = _words(text)
    names = {name: {part for part in _words(name) if len(part) >= SHORTEST} for name in people}
    whole = [name for name, parts in names.items() if parts and parts <= said]
    found = whole or [name for name, parts in names.items() if parts & said]
    return found[0] if len(found) == 1 else None


def terms(turn: Turn, answer: str | None) -> str | None:
    """ "yes" or "no" to the terms; `answer` is what a yes or no of any question says."""
    if fields.says(turn.text, WORDS["terms_refused"]):
        return "no"
    accepted = fields.says(turn.text, WORDS["terms_accepted"]) and "?" not in turn.text
    return answer or ("yes" if accepted else None)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", fold(text)[0]))
