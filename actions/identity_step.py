"""The form's way to a proved identity: a code is sent, sent again and checked; and what is left of a request whose proof ended."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.fields import says
from actions.form_events import Events, ended
from actions.gateway_client import GatewayClient, GatewayError
from actions.turn import Turn
from actions.wording import WORDS, word

IDENTITY_FIELDS = ("account_number", "postal_code", "code")
# What a lost proof takes along: the next one may be of another account. All else that was gathered stays.
NEEDS_PROOF = ("complete", "verified", "confirmation", "prepared", "begun")


def asks_for_another(turn: Turn) -> bool:
    """Whether the message asks for a new code, or for the code by mail."""
    return says(turn.text, [*WORDS["resend"], *WORDS["by_email"]])


def proof_ended(turn: Turn, details: dict[str, Any]) -> dict[str, Any]:
    """Says that the proof is over; the details with which the form goes back to the identity."""
    turn.say("utter_not_verified_any_more")
    return {**{name: value for name, value in details.items() if name not in NEEDS_PROOF}, "again": True}


class IdentityStep:
    """Each function says what happened. Events: the turn ends with them; None: the form goes on."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    async def send_code(self, turn: Turn, request: str, details: dict[str, Any], *, change: bool) -> Events | None:
        """Has a code sent to the contact on file; the form then asks for it. `change`: for a request that changes something."""
        return await self._send(turn, request, details, "sms", change)

    async def send_again(self, turn: Turn, request: str, details: dict[str, Any], *, change: bool) -> Events:
        """Has another code sent, by mail where the message says so, or where it must be."""
        channel = "email" if says(turn.text, WORDS["by_email"]) else "sms"
        stopped = await self._send(turn, request, details, channel, change)
        if stopped is not None:
            return stopped
        if change and turn.channel == "sms":
            turn.say("utter_question_code_change")
            return [SlotSet("refusals", None), SlotSet("requested_slot", "code")]
        turn.say(f"utter_code_again_{channel}")
        return [SlotSet("refusals", None), SlotSet("requested_slot", "code")]

    async def check_code(self, turn: Turn) -> Events | None:
        """Has the code of the message checked; the conversation is verified where it is right."""
        try:
            right = await self._gateway.check_code(turn.conversation)
        except GatewayError:
            turn.say("utter_identity_unavailable")
            return ended()
        if not right:
            # The same words for a wrong code, an ended one and a file that does not exist.
            turn.say("utter_wrong_code")
            # Rasa takes a form that sets no slot but this one for one that read nothing.
            return [SlotSet("refusals", None), SlotSet("requested_slot", "code")]
        turn.say("utter_verified")
        return None

    async def _send(
        self, turn: Turn, request: str, details: dict[str, Any], channel: str, change: bool
    ) -> Events | None:
        account, postal_code = details["account_number"], details["postal_code"]
        try:
            sent = await self._gateway.send_code(
                turn.conversation, account, postal_code, turn.language, channel, change=change
            )
        except GatewayError:
            turn.say("utter_identity_unavailable")
            return ended()
        if sent:
            return None
        turn.say("utter_code_limit", buttons=[word("talk_to_agent", turn.language)])
        return [SlotSet("request", request), SlotSet("details", details), SlotSet("requested_slot", "code")]
