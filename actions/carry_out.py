"""Carries out a request whose details are complete: by its own function, or by opening a request for a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.aside import ALSO, LEFT, again, back_to, over, resumes
from actions.billing_client import BillingError
from actions.form_events import FORM, AskAgain, Events, NotOpened, ask_again, ended
from actions.form_fields import NOT_OPENED, TRY_AGAIN
from actions.gateway_client import GatewayClient, GatewayError, NotVerified
from actions.identity_step import proof_ended
from actions.operations import Operations
from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn


class CarryOut:
    """Runs as `action_carry_out` when the form has ended."""

    def __init__(
        self,
        specs: dict[str, RequestSpec],
        *,
        gateway: GatewayClient,
        operations: Operations,
        support: SupportRequests,
    ) -> None:
        self._specs = specs
        self._gateway = gateway
        self._operations = operations
        self._support = support

    async def carry_out(self, turn: Turn) -> Events:
        """Does it, or nothing where the form ended without all it needs (left, given up, failed)."""
        request, details = turn.slot("request"), turn.slot("details") or {}
        if not request or not details.get("complete"):
            return []
        spec = self._specs[request]
        try:
            return await self._done(turn, spec, details)
        except NotOpened:
            left = {name: value for name, value in details.items() if name not in ("complete", TRY_AGAIN)}
            return [SlotSet("details", {**left, NOT_OPENED: True}), FollowupAction(FORM)]

    async def _done(self, turn: Turn, spec: RequestSpec, details: dict[str, Any]) -> Events:
        """Raises NotOpened."""
        if spec.do in self._operations.carry_out:
            return await self._do(turn, spec, details)
        if spec.do == "request_status":
            await self._support.status(turn, details)
        elif spec.do == "add_to_request":
            try:
                await self._support.add(turn, details)
            except AskAgain as wrong:
                return self._again(turn, details, wrong)
        else:
            await self._support.open(turn, self._specs[details.get("about", spec.id)], details)
        return self._over(turn, details)

    async def _do(self, turn: Turn, spec: RequestSpec, details: dict[str, Any]) -> Events:
        try:
            token = await self._gateway.billing_token(turn.conversation, spec.scope, change=spec.changes)
        except NotVerified:
            # The proof ended between the turns: back to the identity, keeping what was gathered.
            return [SlotSet("details", proof_ended(turn, details)), FollowupAction(FORM)]
        except GatewayError:
            turn.say("utter_billing_unavailable")
            return self._over(turn, details)
        try:
            instead = await self._operations.carry_out[str(spec.do)](turn, token, details)
        except AskAgain as wrong:
            return self._again(turn, details, wrong)
        except BillingError:
            turn.say("utter_billing_unavailable")
            return self._over(turn, details)
        if instead:
            kept = {name: details[name] for name in (LEFT, ALSO) if name in details}
            request = [SlotSet("request", "open_request"), SlotSet("details", {**kept, **instead, "about": spec.id})]
            return [*request, SlotSet("requested_slot", None), FollowupAction(FORM)]
        return self._over(turn, details)

    def _over(self, turn: Turn, details: dict[str, Any]) -> Events:
        """The end of a request, and what it came into or had beside it."""
        if resumes(details):
            return [*again(*back_to(turn, details, self._specs)), FollowupAction(FORM)]
        return over(turn, details, self._specs)

    def _again(self, turn: Turn, details: dict[str, Any], wrong: AskAgain) -> Events:
        """Back to the form for the values that were none; the end after too many of them."""
        left = ask_again(turn, details, wrong)
        return [SlotSet("details", left), FollowupAction(FORM)] if left else ended(turn.offered)
