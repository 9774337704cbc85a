"""The form's name, and the events that end it: what the form shares with the actions that end or start it."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.turn import Turn

FORM = "details_form"
REFUSALS = 3  # in a row; then the form gives up rather than go round in circles
BEFORE_IT_IS_DONE = ("complete", "confirmation", "prepared")

Events = list[dict[str, Any]]


class AskAgain(Exception):
    """The backend knows no such value, which was said: these fields are asked for again."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


class NotOpened(Exception):
    """A support request could not be opened, which was said: what was gathered stays, and the customer says when to try again."""


def no_such_place(turn: Turn, problem: str) -> AskAgain | None:
    """What to raise where billing knows no such postal code, which is said; None for any other problem."""
    if problem not in ("not-in-canada", "bad-postal-code"):
        return None
    turn.say("utter_not_in_canada" if problem == "not-in-canada" else "utter_no_such_postal_code")
    return AskAgain("place")


def ask_again(turn: Turn, details: dict[str, Any], wrong: AskAgain) -> dict[str, Any] | None:
    """The details without the values that were none; None where a person was offered instead, after too many of them."""
    times = details.get("asked_again", 0) + 1
    if times >= REFUSALS:
        turn.say("utter_give_up_field", choices=[turn.person])
        return None
    kept = {name: value for name, value in details.items() if name not in (*BEFORE_IT_IS_DONE, *wrong.fields)}
    return {**kept, "asked_again": times}


def ended(choices: list[dict[str, str]] | None = None) -> Events:
    """Ends the form with nothing to carry out."""
    return [
        SlotSet("request", None),
        SlotSet("details", None),
        SlotSet("refusals", None),
        SlotSet("choices", choices),
        SlotSet("requested_slot", None),
    ]
