"""Answers that need no form: articles, greetings, which of two, a person."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.form_events import FORM, Events, ended
from actions.gateway_client import GatewayClient, GatewayError
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import hours, opening, word
from knowledge import Shelf

log = logging.getLogger(__name__)

NOT_CHOICES = {"greet", "goodbye", "thank", "affirm", "deny", "cancel", "out_of_scope", "help", "who_are_you"}
OFFERED = 3
REQUEST = "open_request"


class Talk:
    """Runs as `action_answer`, `action_converse`, `action_clarify`, `action_cancel` and `action_talk_to_agent`."""

    def __init__(self, shelf: Shelf, specs: dict[str, RequestSpec], gateway: GatewayClient) -> None:
        self._shelf = shelf
        self._specs = specs
        self._gateway = gateway

    async def answer(self, turn: Turn) -> Events:
        """The article that was asked for, in the language of the turn, with what the assistant can do about it."""
        name = turn.understood.get("article") or ""
        article = self._shelf.article(name, turn.language) if name.startswith(f"{turn.brand.id}/") else None
        if article is None:
            log.error("no article %r in %s", name, turn.language)
            return self._offer_person(turn, "utter_article_missing")
        offered = [r for r in article.requests if r in turn.brand.requests and r in self._specs][:OFFERED]
        in_form = bool(turn.slot("requested_slot"))
        choices = [] if in_form else [self._choice(turn, f"do/{request}") for request in offered]
        body = article.sms if turn.channel == "sms" and article.sms else article.body
        turn.say(
            "utter_article",
            body=body,
            article=article.id,
            heading=article.title,
            buttons=[choice["title"] for choice in choices],
        )
        return [SlotSet("choices", choices or None), SlotSet("clarifying", None)]

    async def converse(self, turn: Turn) -> Events:
        """Small talk, and what is said where nothing else fits."""
        intent = turn.intent
        values = {
            "assistant": turn.brand.assistant[turn.language],
            "subjects": turn.brand.subjects[turn.language],
        }
        in_form = bool(turn.slot("requested_slot"))
        cleared = [SlotSet("clarifying", None)] + ([] if in_form else [SlotSet("choices", None)])
        if in_form and (intent in ("out_of_scope", "give_feedback", "thank", "goodbye") or intent not in self._specs):
            # The form's question follows: no second question before it.
            turn.say(
                f"utter_{intent if intent in ('give_feedback', 'thank', 'goodbye') else 'out_of_scope'}_in_form",
                **values,
            )
            return cleared
        if intent == "out_of_scope" or intent not in self._specs:
            return self._offer_person(turn, "utter_out_of_scope", **values)
        if intent == "give_feedback":
            return self._offer_person(turn, "utter_feedback")
        if intent == "change_language":
            turn.say("utter_language_in_form" if in_form else "utter_change_language")
        else:
            turn.say(f"utter_{intent}", **values)
        return cleared

    async def clarify(self, turn: Turn) -> Events:
        """Asks once which of two was meant, and offers a person beside them."""
        outcomes = [
            c["id"] for c in turn.understood.get("candidates", []) if c["id"][3:] not in NOT_CHOICES | {"talk_to_agent"}
        ][:2]
        choices = [
            choice for outcome in [*outcomes, "do/talk_to_agent"] if (choice := self._choice(turn, outcome))["title"]
        ]
        turn.say("utter_clarify", buttons=[choice["title"] for choice in choices])
        return [SlotSet("choices", choices), SlotSet("clarifying", True)]

    async def cancel(self, turn: Turn) -> Events:
        """Leaves what is under way; nothing was changed before a yes."""
        turn.say("utter_cancelled" if turn.slot("requested_slot") else "utter_nothing_to_cancel")
        return [*ended(), SlotSet("clarifying", None)]

    async def talk_to_agent(self, turn: Turn) -> Events:
        """Puts the conversation into the queue and says the place and the hours; outside hours, begins a request to be called back.

        Who asks in the middle of another request, or of a brand that takes none, waits for the opening.
        """
        phone = turn.brand.contact.get("phone")
        call = word("call", turn.language, phone=phone) if phone else ""
        try:
            calls_back = REQUEST in turn.brand.requests and not turn.slot("requested_slot")
            place = await self._gateway.join_queue(turn.conversation, only_open=calls_back)
        except GatewayError:
            turn.say("utter_agent_unavailable", phone=call)
            return ended()
        open_hours = hours(turn.brand.hours, turn.language)
        if not place["queued"]:
            opens = opening(place["opens_at"], turn.brand.hours["time_zone"], turn.language)
            turn.say("utter_agent_closed_request", hours=open_hours, opens=opens)
            details = {"first_message": turn.text, "key": turn.message_id}
            return [*ended(), SlotSet("request", REQUEST), SlotSet("details", details), FollowupAction(FORM)]
        if place["open"]:
            name = "utter_agent_already" if place["already"] else "utter_agent_open"
            turn.say(name, place=str(place["place"]), hours=open_hours)
        else:
            opens = opening(place["opens_at"], turn.brand.hours["time_zone"], turn.language)
            turn.say("utter_agent_closed", place=str(place["place"]), hours=open_hours, opens=opens)
        return ended()

    def _choice(self, turn: Turn, outcome: str) -> dict[str, str]:
        if outcome.startswith("do/"):
            return {"title": self._specs[outcome[3:]].title[turn.language], "outcome": outcome}
        article = self._shelf.article(outcome, turn.language)
        return {"title": article.title if article else "", "outcome": outcome}

    def _offer_person(self, turn: Turn, response: str, **values: Any) -> Events:
        choice = self._choice(turn, "do/talk_to_agent")
        in_form = bool(turn.slot("requested_slot"))
        turn.say(response, buttons=[] if in_form else [choice["title"]], **values)
        return [SlotSet("clarifying", None)] + ([] if in_form else [SlotSet("choices", [choice])])
