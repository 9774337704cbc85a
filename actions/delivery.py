"""How bills are delivered: the switch to the e-bill, done once and proved with a reference."""

from __future__ import annotations

from typing import Any

from actions.billing_client import BillingClient, BillingError, BillingRefused
from actions.turn import Turn


class Delivery:
    """Runs after identity, consequence and a yes (actions/requests.yml)."""

    def __init__(self, billing: BillingClient) -> None:
        self._billing = billing

    async def enroll_ebill(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Switches to the e-bill. The key is that of the message which asked for it: a repeat of the turn changes nothing."""
        key = f"enroll_ebill:{turn.conversation}:{details['key']}"
        try:
            done = await self._billing.enroll_ebill(token, details["ebill_email"], key)
        except BillingRefused:
            turn.say("utter_ebill_refused")
        except BillingError:
            turn.say("utter_ebill_unknown")
        else:
            name = "utter_ebill_done" if done["changed"] else "utter_ebill_already"
            turn.say(name, email=done["email"], reference=done.get("reference") or "")
