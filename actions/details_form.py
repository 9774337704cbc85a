"""The one form: gathers what a request needs, proves identity where it must, and asks before anything is changed.

Runs as `validate_details_form` at every turn of the form: reads the value that was asked for, refuses it with the reason and an example,
leaves questions and orders to the rules (by rejecting the form), and asks for the next value. Where nothing is missing the form
ends, and `action_carry_out` does the request.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions import fields
from actions.aside import asked_beside, back_to, over, resumes, set_aside, taken_up
from actions.billing_client import BillingError
from actions.form_events import FORM, REFUSALS, AskAgain, Events, ask_again, ended
from actions.form_fields import (
    ATTEMPTS,
    FREE_TEXT,
    NOT_OPENED,
    OFFERS,
    REFUSED_WITH,
    TRY_AGAIN,
    YES_OR_NO,
    account_and_postal_code,
    needless,
    shown,
    told,
    tries,
)
from actions.gateway_client import GatewayClient, GatewayError, NotVerified
from actions.hearing import LONG_ENOUGH, SWITCH, corrected, put_right, read, switches, waits
from actions.identity_step import IDENTITY_FIELDS, IdentityStep, asks_for_another, proof_ended
from actions.named import choices as choices_of
from actions.operations import Operations
from actions.own_requests import ADDITION, as_addition, own_requests
from actions.requests import REPEAT, RequestSpec
from actions.turn import Turn
from actions.wording import WORDS, word

# What the rules answer before the form goes on (data/rules/forms.yml).
INTERRUPTIONS = {
    "ask_article", "clarify", "cancel", "talk_to_agent", "greet", "goodbye", "thank", "help", "who_are_you", "change_language",
    "continue_by_text", "give_feedback", "out_of_scope",
}  # fmt: skip
UNCLEAR = ("clarify", "out_of_scope")  # what names are understood as: at the question for one, a wrong answer
ASIDE_ACTIONS = {"action_answer", "action_converse", "action_clarify"}

EXAMPLE_REQUEST = "R-4821937"


class DetailsForm:
    """`specs` says what each request needs."""

    def __init__(self, specs: dict[str, RequestSpec], gateway: GatewayClient, operations: Operations) -> None:
        self._specs = specs
        self._gateway = gateway
        self._identity = IdentityStep(gateway)
        self._operations = operations

    async def validate(self, turn: Turn) -> Events:
        """The events of one turn of the form. Raises nothing that a customer would meet as silence."""
        asked: str | None = turn.slot("requested_slot")
        request: str | None = turn.slot("request")
        details: dict[str, Any] = dict(turn.slot("details") or {})
        if not asked:
            if not request:
                request, details = turn.intent, self._first_details(turn)
            return await self._go_on(turn, request, details, first=not details.get("resumed"))
        if request and asked == "confirmation" and turn.done_in_this_turn() & ASIDE_ACTIONS:
            return await self._go_on(turn, request, details)  # prepared again where the language changed
        if request is None or turn.done_in_this_turn() & ASIDE_ACTIONS:
            return self._ask(turn, asked, request or "open_request", details, again=True)
        if waits(turn):
            turn.say("utter_take_your_time")
            return [SlotSet("details", details), SlotSet("requested_slot", asked)]
        other = corrected(turn, asked, details, self._specs)
        if other:
            return await self._go_on(turn, request, other)
        value = read(turn, asked, self._specs)
        leaves = turn.intent in ("cancel", "talk_to_agent") and turn.confidence >= SWITCH
        if asked == "code" and value is None and not leaves and asks_for_another(turn):
            return await self._identity.send_again(turn, request, details, change=self._specs[request].changes)
        if switches(turn, asked, request, self._specs):
            return await self._switch(turn, asked, request, details)
        if value is None:
            other = None if leaves else put_right(turn, asked, details, self._specs)
            if other:
                turn.say("utter_noted")
                return await self._go_on(turn, request, other)
            unclear = turn.intent in UNCLEAR and asked in (*FREE_TEXT, "removed_person")
            if turn.intent in INTERRUPTIONS and not unclear and not tries(turn.text, asked):
                return [ActionExecutionRejected(FORM)]
            return self._refuse(turn, asked, request, details)
        if asked == "code":
            kept = {name: value for name, value in details.items() if name not in IDENTITY_FIELDS}
            stopped = await self._identity.check_code(turn)
            return stopped or await self._go_on(turn, request, {**kept, "verified": True})
        if value == "no" and asked in YES_OR_NO:
            turn.say("utter_not_confirmed" if asked == "confirmation" else f"utter_{asked}_refused")
            return await self._over(turn, details)
        details[asked] = value
        if asked not in IDENTITY_FIELDS:
            details |= told(turn, self._specs[request], details)
        if asked == "contact" and "description" in details and not fields.only_a_contact(turn.text):
            details["description"] += f"\n{turn.text}"  # what was said beside the contact belongs to the matter
        gives_contact = asked == "description" and "contact" in self._specs[request].fields
        if gives_contact or (asked == TRY_AGAIN and "contact" in details):
            details |= {"contact": reached} if (reached := fields.contact(turn.text)) else {}
        return await self._go_on(turn, request, details)

    def _first_details(self, turn: Turn) -> dict[str, Any]:
        """What the message that asked for the request already tells."""
        details: dict[str, Any] = {"first_message": turn.text, "key": turn.message_id, **taken_up(turn)}
        details |= asked_beside(turn, self._specs)
        spec = self._specs[turn.intent]
        if ADDITION in spec.fields and len(turn.text.split()) >= LONG_ENOUGH:
            details[ADDITION] = turn.text
        if "description" in spec.fields and len(turn.text.split()) >= LONG_ENOUGH:
            details["description"] = turn.text
            reached = fields.contact(turn.text)
            if reached:
                details["contact"] = reached
        return details | told(turn, spec, details)

    async def _switch(self, turn: Turn, asked: str, request: str, details: dict[str, Any]) -> Events:
        """Another request comes in between; the one under way is kept with it."""
        kept = set_aside(turn, self._specs[request], details, asked, self._specs[turn.intent])
        first = {**kept, **self._first_details(turn)}
        if asked == "code" and "code" not in kept and "postal_code" in kept:  # it was sent, and may still be typed
            return self._ask(turn, "code", turn.intent, first, again=True)
        return await self._go_on(turn, turn.intent, first, first=True)

    async def _over(self, turn: Turn, details: dict[str, Any]) -> Events:
        """Nothing more is done for this request: what it was put before goes on, or is offered."""
        if resumes(details):
            return await self._go_on(turn, *back_to(turn, details, self._specs))
        return over(turn, details, self._specs)

    async def _go_on(self, turn: Turn, request: str, details: dict[str, Any], first: bool = False) -> Events:
        """Asks for what is still missing, or ends the form where nothing is."""
        spec = self._specs[request]
        about_another = "other_account_number" in spec.fields  # the number in the first message is that one's
        if first and spec.access == "verified" and not about_another and turn.names_another_account():
            turn.say("utter_other_account", ending=turn.account_ending)
            details["other_account"] = True
        proved = details.get("verified") or (
            turn.verified and not (turn.reads_only and spec.changes) and not details.keys() & {"other_account", "again"}
        )
        if spec.access == "verified" and not proved:
            if turn.slot("requested_slot") not in (None, *IDENTITY_FIELDS) and not first and "again" not in details:
                details = proof_ended(turn, details)
            given = {} if first and about_another else account_and_postal_code(turn)
            details = {**given, **details}
            known = "account_number" in details and not given  # told for the request that this one came into
            if first and len(given) < 2 and not known and not details.get("other_account"):
                turn.say("utter_need_identity")
            for field in ("account_number", "postal_code"):
                if field not in details:
                    return self._ask(turn, field, request, details)
            stopped = await self._identity.send_code(turn, request, details, change=spec.changes)
            return stopped or self._ask(turn, "code", request, details)
        try:
            return await self._gather(turn, spec, details, first)
        except NotVerified:
            return await self._go_on(turn, request, proof_ended(turn, details))
        except AskAgain as wrong:
            left = ask_again(turn, details, wrong)
            return await self._go_on(turn, request, left) if left else ended(turn.offered)

    async def _gather(self, turn: Turn, spec: RequestSpec, details: dict[str, Any], first: bool) -> Events:
        """The same, once it is known who asks. Raises NotVerified and AskAgain."""
        if "open_number" not in details:
            details = {**await own_requests(self._gateway, turn, spec), **details}
        if details.get(REPEAT) == "same":
            return await self._go_on(turn, "add_to_request", as_addition(details))
        if details.get("open_number") and REPEAT not in details:
            return self._ask(turn, REPEAT, spec.id, details)
        if spec.begin and "begun" not in details:
            begun = await self._prepare(turn, spec, spec.begin, details)
            if begun is None:
                return await self._over(turn, details)
            details = {**details, **begun, "begun": True}
        for field in spec.fields:
            if field not in details and not needless(field, details):
                if first and field in ("description", "contact") and not spec.confirm:
                    self._say_what_happens(turn, spec, details)
                return self._ask(turn, field, spec.id, details)
        if spec.prepare and "confirmation" not in details and details.get("prepared") != turn.language:
            prepared = await self._prepare(turn, spec, spec.prepare, details)
            if prepared is None:
                return await self._over(turn, details)
            details = {**details, **prepared, "prepared": turn.language}
        if spec.confirm and "confirmation" not in details:
            return self._ask(turn, "confirmation", spec.id, details)
        if NOT_OPENED in details and TRY_AGAIN not in details:
            return self._ask(turn, TRY_AGAIN, spec.id, details)
        return [
            SlotSet("request", spec.id),
            SlotSet("details", {**details, "complete": True}),
            SlotSet("refusals", None),
            SlotSet("choices", None),
            SlotSet("requested_slot", None),
        ]

    async def _prepare(
        self, turn: Turn, spec: RequestSpec, name: str, details: dict[str, Any]
    ) -> dict[str, Any] | None:
        """What the questions rest on; None where it was said why there is nothing to do. Raises NotVerified and AskAgain."""
        try:
            token = await self._gateway.billing_token(turn.conversation, spec.scope, change=spec.changes)
            return await self._operations.prepare[name](turn, token, details)
        except NotVerified:
            raise
        except (GatewayError, BillingError):
            turn.say("utter_billing_unavailable")
            return None

    def _say_what_happens(self, turn: Turn, spec: RequestSpec, details: dict[str, Any]) -> None:
        turn.say("utter_start_leaving" if leaves_company(spec, details) else "utter_start_request")

    def _ask(self, turn: Turn, field: str, request: str, details: dict[str, Any], again: bool = False) -> Events:
        spec = self._specs[request]
        yes_no = [word("answer_yes", turn.language), word("answer_no", turn.language)]
        choices = None
        if field in YES_OR_NO:
            name = str(spec.confirm) if field == "confirmation" else f"utter_question_{field}"
            turn.say(name, buttons=yes_no, **shown(details, turn.language))
            choices = [{"title": yes_no[0], "outcome": "do/affirm"}, {"title": yes_no[1], "outcome": "do/deny"}]
        elif field == "account_number":
            turn.say("utter_question_account_number", example=turn.brand.accounts["example"])
        elif field == "request_number":
            turn.say("utter_question_request_number", example=EXAMPLE_REQUEST)
        elif field == "description":
            equipment = "_equipment" if "check_coverage" in turn.brand.requests else ""
            kind = "_leaving" if leaves_company(spec, details) else equipment
            turn.say(spec.asks or f"utter_question_description{kind}")
        elif field in OFFERS:
            choices = [{"title": title, "outcome": f"do/{request}"} for title in OFFERS[field](details, turn.language)]
            turn.say(f"utter_question_{field}", buttons=[choice["title"] for choice in choices])
        elif field in WORDS["choices"]:
            titles = [entry[turn.language] for entry in choices_of(turn, field).values()]
            number = details.get("open_number") or ""
            turn.say(f"utter_question_{field}", buttons=titles, number=number)
        elif field == "code" and again:
            turn.say("utter_question_code_again")  # no code was sent in this turn: not to be said twice
        elif field == "code" and spec.changes and turn.channel == "sms":
            turn.say("utter_question_code_change")
        else:
            turn.say(f"utter_question_{field}")
        return [
            SlotSet("request", request),
            SlotSet("details", details),
            SlotSet("choices", choices),
            SlotSet("clarifying", None),
            SlotSet("refusals", turn.slot("refusals") if again else None),
            SlotSet("requested_slot", field),
        ]

    def _refuse(self, turn: Turn, field: str, request: str, details: dict[str, Any]) -> Events:
        """Says what is wrong with a value, with an example; gives up after some in a row, with a way out."""
        refusals = (turn.slot("refusals") or 0) + 1
        if refusals >= REFUSALS:
            person = word("talk_to_agent", turn.language)
            turn.say("utter_give_up_field", buttons=[person])
            return ended([{"title": person, "outcome": "do/talk_to_agent"}])
        if field in ATTEMPTS and not tries(turn.text, field):
            turn.say("utter_no_value")
            return [*self._ask(turn, field, request, details, again=True), SlotSet("refusals", refusals)]
        example = EXAMPLE_REQUEST if field == "request_number" else turn.brand.accounts["example"]
        turn.say(REFUSED_WITH.get(field, f"utter_wrong_{field}"), example=example, brand=turn.brand.name)
        return [SlotSet("refusals", refusals), SlotSet("requested_slot", field)]


def leaves_company(spec: RequestSpec, details: dict[str, Any]) -> bool:
    """Whether a support request is about ending the service: there is no request of its own for that."""
    return spec.id == "open_request" and fields.says(details["first_message"], WORDS["leaving"])
