"""The one form: gathers what a request needs, proves identity where it must, and asks before anything is changed.

Runs as `validate_details_form` at every turn of the form: reads the value that was asked for, refuses it with the reason and an example,
leaves questions and orders to the rules (by rejecting the form), and asks for the next value. Where nothing is missing the form
ends, and `action_carry_out` does the request.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions import fields
from actions.fields import says
from actions.form_fields import ATTEMPTS, READERS, REFUSED_WITH, account_and_postal_code, tries
from actions.gateway_client import GatewayClient, GatewayError
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import WORDS, word

Events = list[dict[str, Any]]

FORM = "details_form"
IDENTITY_FIELDS = ("account_number", "postal_code", "code")
REFUSALS = 3  # in a row; then the form gives up rather than go round in circles
SWITCH = 0.6  # confidence from which another request takes the place of the one under way
CERTAIN = 0.6
LONG_ENOUGH = 9  # words of a first message that already tells what is wrong
# What the rules answer before the form goes on (data/rules/forms.yml).
INTERRUPTIONS = {
    "ask_article", "clarify", "cancel", "talk_to_agent", "greet", "goodbye", "thank", "help", "who_are_you", "change_language",
    "give_feedback", "out_of_scope",
}  # fmt: skip
# Nobody describes a problem with these; everything else said at the description is the description.
NO_DESCRIPTION = {"thank", "greet", "goodbye", "who_are_you", "affirm", "deny"}
CERTAIN_CHAT = 0.8
CLEAR_SWITCH = 0.9
LEAVES_DESCRIPTION = {"cancel", "talk_to_agent", "change_language", "help"}
ASIDE_ACTIONS = {"action_answer", "action_converse", "action_clarify"}

EXAMPLE_REQUEST = "R-4821937"


class DetailsForm:
    """`specs` says what each request needs."""

    def __init__(self, specs: dict[str, RequestSpec], gateway: GatewayClient) -> None:
        self._specs = specs
        self._gateway = gateway

    async def validate(self, turn: Turn) -> Events:
        """The events of one turn of the form. Raises nothing that a customer would meet as silence."""
        asked: str | None = turn.slot("requested_slot")
        request: str | None = turn.slot("request")
        details: dict[str, Any] = dict(turn.slot("details") or {})
        if not asked:
            if not request:
                request, details = turn.intent, self._first_details(turn)
            return await self._go_on(turn, request, details, first=True)
        if request is None or turn.done_in_this_turn() & ASIDE_ACTIONS:
            return self._ask(turn, asked, request or "open_request", details, again=True)
        corrected = self._corrected(turn, asked, details)
        if corrected:
            return await self._go_on(turn, request, corrected)
        value = self._read(turn, asked)
        leaves = turn.intent in ("cancel", "talk_to_agent") and turn.confidence >= SWITCH
        if asked == "code" and value is None and not leaves and says(turn.text, [*WORDS["resend"], *WORDS["by_email"]]):
            return await self._send_again(turn, request, details)
        if self._switches(turn, asked, request):
            turn.say("utter_left_aside", title=self._specs[request].title[turn.language])
            return await self._go_on(turn, turn.intent, self._first_details(turn), first=True)
        if value is None:
            if turn.intent in INTERRUPTIONS and not tries(turn.text, asked):
                return [ActionExecutionRejected(FORM)]
            return self._refuse(turn, asked, request, details)
        if asked == "code":
            return await self._check_code(turn, request, details, value)
        if asked == "confirmation" and value == "no":
            turn.say("utter_not_confirmed")
            return ended()
        details[asked] = value
        if asked == "contact" and "description" in details and not fields.only_a_contact(turn.text):
            details["description"] += f"\n{turn.text}"  # what was said beside the contact belongs to the matter
        if asked == "description" and "contact" in self._specs[request].fields:
            reached = fields.contact(turn.text)
            if reached:
                details["contact"] = reached
        return await self._go_on(turn, request, details)

    def _first_details(self, turn: Turn) -> dict[str, Any]:
        """What the message that asked for the request already tells."""
        details: dict[str, Any] = {"first_message": turn.text, "key": turn.message_id}
        spec = self._specs[turn.intent]
        if "description" in spec.fields and len(turn.text.split()) >= LONG_ENOUGH:
            details["description"] = turn.text
            reached = fields.contact(turn.text)
            if reached:
                details["contact"] = reached
        for field in ("ebill_email", "request_number", "request_contact"):
            value = READERS[field](turn) if field in spec.fields else None
            if value:
                details[field] = value
        return details

    def _corrected(self, turn: Turn, asked: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """The details with an earlier answer put right, or a later one given first: another account number, another address."""
        if asked == "description" and fields.only_a_contact(turn.text):
            return {**details, "contact": fields.contact(turn.text)}
        if asked in ("postal_code", "code"):
            given = account_and_postal_code(turn)
            if given.get("account_number", details.get("account_number")) != details.get("account_number"):
                return {**{name: value for name, value in details.items() if name not in IDENTITY_FIELDS}, **given}
        if asked == "confirmation" and "ebill_email" in details:
            address = fields.email(turn.text)
            if address and address != details["ebill_email"]:
                return {**details, "ebill_email": address}
        return None

    def _switches(self, turn: Turn, asked: str, request: str) -> bool:
        other = self._specs.get(turn.intent)
        if not (other and other.by_form and turn.intent != request and turn.confidence >= SWITCH):
            return False
        if asked == "description":  # nearly every description of a fault resembles some request
            short = len(turn.text.split()) < LONG_ENOUGH
            return request != "open_request" and turn.confidence >= CLEAR_SWITCH and short
        return self._read(turn, asked) is None and not tries(turn.text, asked)

    def _read(self, turn: Turn, field: str) -> str | None:
        if field == "description" and turn.confidence >= SWITCH:
            question = turn.intent == "ask_article" and turn.confidence >= CERTAIN and turn.text.rstrip().endswith("?")
            chat = (
                turn.intent in NO_DESCRIPTION
                and turn.confidence >= CERTAIN_CHAT
                and len(turn.text.split()) < LONG_ENOUGH
            )
            if turn.intent in LEAVES_DESCRIPTION or question or chat:
                return None
        return READERS[field](turn)

    async def _go_on(self, turn: Turn, request: str, details: dict[str, Any], first: bool = False) -> Events:
        """Asks for what is still missing, or ends the form where nothing is."""
        spec = self._specs[request]
        if first and spec.access == "verified" and turn.names_another_account():
            turn.say("utter_other_account", ending=turn.account_ending)
            details["other_account"] = True
        proved = details.get("verified") or (turn.verified and not details.get("other_account"))
        if spec.access == "verified" and not proved:
            given = account_and_postal_code(turn)
            details = {**given, **details}
            if first and len(given) < 2 and not details.get("other_account"):
                turn.say("utter_need_identity")
            for field in ("account_number", "postal_code"):
                if field not in details:
                    return self._ask(turn, field, request, details)
            return await self._send_code(turn, request, details)
        for field in spec.fields:
            if field not in details:
                if first and field in ("description", "contact"):
                    self._say_what_happens(turn, spec)
                return self._ask(turn, field, request, details)
        if spec.confirm and "confirmation" not in details:
            return self._ask(turn, "confirmation", request, details)
        return [
            SlotSet("request", request),
            SlotSet("details", {**details, "complete": True}),
            SlotSet("refusals", None),
            SlotSet("choices", None),
            SlotSet("requested_slot", None),
        ]

    def _say_what_happens(self, turn: Turn, spec: RequestSpec) -> None:
        if spec.do is None:
            title = spec.title[turn.language]
            turn.say("utter_hand_over_request", title=title, department=turn.brand.department[turn.language])
        else:
            turn.say("utter_start_request")

    def _ask(self, turn: Turn, field: str, request: str, details: dict[str, Any], again: bool = False) -> Events:
        spec = self._specs[request]
        yes_no = [word("answer_yes", turn.language), word("answer_no", turn.language)]
        choices = None
        if field == "confirmation":
            turn.say(str(spec.confirm), buttons=yes_no, email=details.get("ebill_email", ""))
            choices = [{"title": yes_no[0], "outcome": "do/affirm"}, {"title": yes_no[1], "outcome": "do/deny"}]
        elif field == "account_number":
            turn.say("utter_question_account_number", example=turn.brand.accounts["example"])
        elif field == "request_number":
            turn.say("utter_question_request_number", example=EXAMPLE_REQUEST)
        elif field == "description":
            equipment = "check_coverage" in turn.brand.requests and spec.do
            name = "utter_question_description_equipment" if equipment else "utter_question_description"
            turn.say(name if spec.do else "utter_question_description_hand_over")
        elif field == "code" and again:
            turn.say("utter_question_code_again")  # no code was sent in this turn: not to be said twice
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
        turn.say(REFUSED_WITH[field], example=example, brand=turn.brand.name)
        return [SlotSet("refusals", refusals), SlotSet("requested_slot", field)]

    async def _send_code(self, turn: Turn, request: str, details: dict[str, Any]) -> Events:
        try:
            sent = await self._gateway.send_code(
                turn.conversation, details["account_number"], details["postal_code"], turn.language
            )
        except GatewayError:
            turn.say("utter_identity_unavailable")
            return ended()
        if sent:
            return self._ask(turn, "code", request, details)
        return self._limit(turn, request, details)

    async def _send_again(self, turn: Turn, request: str, details: dict[str, Any]) -> Events:
        channel = "email" if says(turn.text, WORDS["by_email"]) else "sms"
        try:
            sent = await self._gateway.send_code(
                turn.conversation, details["account_number"], details["postal_code"], turn.language, channel
            )
        except GatewayError:
            turn.say("utter_identity_unavailable")
            return ended()
        if not sent:
            return self._limit(turn, request, details)
        turn.say(f"utter_code_again_{channel}")
        return [SlotSet("refusals", None), SlotSet("requested_slot", "code")]

    def _limit(self, turn: Turn, request: str, details: dict[str, Any]) -> Events:
        turn.say("utter_code_limit", buttons=[word("talk_to_agent", turn.language)])
        return [SlotSet("request", request), SlotSet("details", details), SlotSet("requested_slot", "code")]

    async def _check_code(self, turn: Turn, request: str, details: dict[str, Any], code: str) -> Events:
        try:
            right = await self._gateway.check_code(turn.conversation, code)
        except GatewayError:
            turn.say("utter_identity_unavailable")
            return ended()
        if not right:
            # The same words for a wrong code, an ended one and a file that does not exist.
            turn.say("utter_wrong_code")
            # Rasa takes a form that sets no slot but this one for one that read nothing.
            return [SlotSet("refusals", None), SlotSet("requested_slot", "code")]
        turn.say("utter_verified")
        kept = {name: value for name, value in details.items() if name not in IDENTITY_FIELDS}
        return await self._go_on(turn, request, {**kept, "verified": True})


def ended(choices: list[dict[str, str]] | None = None) -> Events:
    """Ends the form with nothing to carry out."""
    return [
        SlotSet("request", None),
        SlotSet("details", None),
        SlotSet("refusals", None),
        SlotSet("choices", choices),
        SlotSet("requested_slot", None),
    ]
