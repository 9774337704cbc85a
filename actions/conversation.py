"""Answers that need no form: articles, greetings, which of two, a person."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.aside import ALSO, ARTICLE, LEFT, TAKEN_UP, over
from actions.fields import plain
from actions.form_events import FORM, Events, ended
from actions.form_fields import told
from actions.gateway_client import GatewayClient, GatewayError
from actions.listed import place as place_in
from actions.requests import LIVE, RequestSpec
from actions.turn import Turn
from actions.wording import hours, opening, word
from knowledge import Shelf

log = logging.getLogger(__name__)

NOT_CHOICES = {"greet", "goodbye", "thank", "affirm", "deny", "cancel", "out_of_scope", "help", "who_are_you"}
OFFERED = 3
PICKED = 1.0  # the confidence of what was chosen, not understood (bot/understanding.py)
REQUEST = "open_request"
CONTINUE_BY_TEXT = "continue_by_text"


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
        in_form = bool(turn.slot("requested_slot"))
        picked = None if in_form else self._picked(turn, article.id)
        if picked:
            return self._begun(turn, self._specs[picked[LIVE]], article.id, picked.get(TAKEN_UP))
        lives = [] if in_form else [self._specs[name] for name in article.live if name in self._specs]
        # What the message tells something for comes before what is only there to be looked up.
        at_once = next((live for live in lives if told(turn, live, {})), None)
        at_once = at_once or next((live for live in lives if live.look_up and turn.verified), None)
        offered = [r for r in article.requests if r in turn.brand.requests and r in self._specs][:OFFERED]
        choices = [] if in_form or at_once else [self._choice(turn, f"do/{request}") for request in offered]
        if not at_once:
            choices[:0] = [live.choice(turn.language, article.id) for live in lives]
        body = article.sms if turn.channel == "sms" and article.sms else article.body
        turn.say(
            "utter_article",
            body=body,
            article=article.id,
            heading=article.title,
            buttons=[choice["title"] for choice in choices],
        )
        if at_once:
            return self._begun(turn, at_once, article.id)
        return [SlotSet("choices", choices or None), SlotSet("clarifying", None)]

    def _picked(self, turn: Turn, article: str) -> dict[str, Any] | None:
        """The choice of a live answer under an article, where the message takes it; asking the article anew in words does not.

        All of an article's have its outcome: which one it is tell its words or its place.
        """
        if turn.confidence < PICKED:
            return None
        offered = turn.slot("choices") or []
        lives = [one for one in offered if LIVE in one and one["outcome"] == article]
        index = place_in(turn.text, len(offered))
        said = plain(turn.text).strip(" .!")
        by_title = next((one for one in lives if plain(one["title"]) == said), None)
        by_place = offered[index] if index is not None and offered[index] in lives else None
        return by_title or by_place or next(iter(lives), None)

    def _begun(self, turn: Turn, live: RequestSpec, article: str, kept: dict[str, Any] | None = None) -> Events:
        """The form goes on with the live answer, from what is known."""
        details = {
            "first_message": turn.text,
            "key": turn.message_id,
            ARTICLE: article,
            **told(turn, live, {}),
            **(kept or {}),
        }
        return [
            *ended(),
            SlotSet("request", live.id),
            SlotSet("details", details),
            SlotSet("clarifying", None),
            FollowupAction(FORM),
        ]

    async def converse(self, turn: Turn) -> Events:
        """Small talk, and what is said where nothing else fits."""
        intent = turn.intent
        values = {
            "assistant": turn.brand.assistant[turn.language],
            "subjects": turn.brand.subjects[turn.language],
        }
        in_form = bool(turn.slot("requested_slot"))
        cleared = [SlotSet("clarifying", None)] + ([] if in_form else [SlotSet("choices", None)])
        if intent == CONTINUE_BY_TEXT:
            self._continue_by_text(turn)
            return cleared
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

    def _continue_by_text(self, turn: Turn) -> None:
        """The page asks for the phone and its code, as no message may: what is said by text is there already."""
        if turn.channel != "sms" and not turn.texts:
            turn.say("utter_no_texts")
        else:
            turn.say("utter_continue_by_text", offers=None if turn.channel == "sms" else CONTINUE_BY_TEXT)

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
        """Leaves what is under way (nothing was changed before a yes), and offers what that one came into."""
        in_form = bool(turn.slot("requested_slot"))
        details = (turn.slot("details") or {}) if in_form else {}
        offers = bool(details.keys() & {LEFT, ALSO})
        turn.say("utter_cancelled_before" if offers else "utter_cancelled" if in_form else "utter_nothing_to_cancel")
        return [*over(turn, details, self._specs), SlotSet("clarifying", None)]

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
