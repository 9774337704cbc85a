"""What is set aside when another request comes in between: kept with that one, and taken up again once it is over.

A look-up (nothing to fill in, nothing to confirm) in the middle of a request is answered, and the question that was open is asked again.
After anything else the request that was left is offered.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.form_events import BEFORE_IT_IS_DONE, Events, ended
from actions.form_fields import told
from actions.identity_step import IDENTITY_FIELDS
from actions.requests import RequestSpec
from actions.turn import Turn

ARTICLE = "article"  # among the details of a live answer: the article that it belongs to
LEFT = "left"  # among the details of the request that came in between
ALSO = "also"  # among the details of the first of two requests in one message: the second
TAKEN_UP = "taken_up"  # on the choice that offers what was left: its details

Details = dict[str, Any]


def set_aside(turn: Turn, left: RequestSpec, details: Details, asked: str, other: RequestSpec) -> Details:
    """What the other request keeps of the one that was left; says so where the customer must ask for it again."""
    at_once = other.look_up and asked not in IDENTITY_FIELDS
    if not at_once:
        turn.say("utter_left_aside", title=left.title[turn.language])
    kept = {name: value for name, value in details.items() if name not in BEFORE_IT_IS_DONE}
    proof = {name: details[name] for name in IDENTITY_FIELDS if name in details and other.access == "verified"}
    before = waiting(details, other.id)
    return {**before, **proof, LEFT: {"request": left.id, "details": without(kept, other.id), "at_once": at_once}}


def waiting(details: Details, request: str) -> Details:
    """What is known for a request that is asked for again while it waits; else nothing."""
    while left := details.get(LEFT):
        details = left["details"]
        if left["request"] == request:
            return {name: value for name, value in details.items() if name not in (LEFT, ALSO)}
    return {}


def without(details: Details, request: str) -> Details:
    """The details with nothing more waiting or asked for beside of a request: what is being done is not offered once more."""
    kept = {
        name: value for name, value in details.items() if not (name in (LEFT, ALSO) and value["request"] == request)
    }
    for kind in (LEFT, ALSO):
        if kind in details:
            inner = without(details[kind]["details"], request)
            if kind in kept:
                kept[kind] = {**details[kind], "details": inner}
            elif kind == LEFT and LEFT in inner:
                kept[LEFT] = inner[LEFT]
    return kept


def report(turn: Turn, spec: RequestSpec, description: str) -> dict[str, Any]:
    """A request as a choice that brings its description along: what is known already is not asked for."""
    return {**spec.choice(turn.language), TAKEN_UP: {"description": description}}


def taken_up(turn: Turn) -> Details:
    """The details of the request that the message takes up again, where it was offered; else none."""
    offered = turn.slot("choices") or []
    return next(
        (dict(c[TAKEN_UP]) for c in offered if TAKEN_UP in c and c["outcome"] == f"do/{turn.intent}"),
        {},
    )


def resumes(details: Details) -> bool:
    """Whether what was left goes on by itself."""
    return bool((details.get(LEFT) or {}).get("at_once"))


def back_to(turn: Turn, details: Details, specs: dict[str, RequestSpec]) -> tuple[str, Details]:
    """The request that goes on, which is said, and its details."""
    left = details[LEFT]
    turn.say("utter_back_to", title=specs[left["request"]].title[turn.language])
    return left["request"], {**left["details"], "resumed": True}


def asked_beside(turn: Turn, specs: dict[str, RequestSpec]) -> Details:
    """The second request that the message asks for beside the first, with what the message tells for it; else nothing."""
    other = specs.get(turn.also.removeprefix("do/"))
    if other is None or not other.by_form or other.id == turn.intent:
        return {}
    return {ALSO: {"request": other.id, "details": told(turn, other, {})}}


def over(turn: Turn, details: Details, specs: dict[str, RequestSpec]) -> Events:
    """Ends the form; what was left for this request, and what was asked for beside it, is offered."""
    for kind in (LEFT, ALSO):
        if kind in details:
            kept = details[kind]["details"]
            other = specs[details[kind]["request"]].choice(turn.language, kept.get(ARTICLE))
            choices = [{**other, TAKEN_UP: kept}]
            turn.say(f"utter_offer_{kind}", choices=choices, title=other["title"])
    return ended(turn.offered or None)


def again(request: str, details: Details) -> Events:
    """The slots with which the form takes a request up again."""
    return [
        SlotSet("request", request),
        SlotSet("details", details),
        SlotSet("refusals", None),
        SlotSet("choices", None),
        SlotSet("requested_slot", None),
    ]
