"""Carries out a request whose details are complete: by its own function, or by opening a request for a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.billing_client import BillingError
from actions.bills import Bills
from actions.delivery import Delivery
from actions.details_form import FORM, Events, ended
from actions.gateway_client import GatewayClient, GatewayError, NotVerified
from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn

OnAccount = Callable[[Turn, str, dict[str, Any]], Awaitable[None]]


class CarryOut:
    """Runs as `action_carry_out` when the form has ended."""

    def __init__(
        self,
        specs: dict[str, RequestSpec],
        *,
        gateway: GatewayClient,
        bills: Bills,
        delivery: Delivery,
        support: SupportRequests,
    ) -> None:
        self._specs = specs
        self._gateway = gateway
        self._support = support
        self._on_account: dict[str, OnAccount] = {
            "check_balance": bills.check_balance,
            "recent_activity": bills.recent_activity,
            "latest_bill": bills.latest_bill,
            "enroll_ebill": delivery.enroll_ebill,
        }

    async def carry_out(self, turn: Turn) -> Events:
        """Does it, or nothing where the form ended without all it needs (left, given up, failed)."""
        request, details = turn.slot("request"), turn.slot("details") or {}
        if not request or not details.get("complete"):
            return []
        spec = self._specs[request]
        if spec.do in self._on_account:
            return await self._for_account(turn, spec, details)
        if spec.do == "request_status":
            await self._support.status(turn, details)
        else:
            await self._support.open(turn, spec, details)
        return ended()

    async def _for_account(self, turn: Turn, spec: RequestSpec, details: dict[str, Any]) -> Events:
        try:
            token = await self._gateway.billing_token(turn.conversation)
        except NotVerified:
            # The proof ended between the turns: back to the identity, keeping what was gathered.
            kept = {
                name: value for name, value in details.items() if name not in ("complete", "verified", "confirmation")
            }
            turn.say("utter_not_verified_any_more")
            return [SlotSet("details", {**kept, "again": True}), FollowupAction(FORM)]
        except GatewayError:
            turn.say("utter_billing_unavailable")
            return ended()
        try:
            await self._on_account[str(spec.do)](turn, token, details)
        except BillingError:
            turn.say("utter_billing_unavailable")
        return ended()
