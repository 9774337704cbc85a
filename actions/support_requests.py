"""Support requests: opened at the desk, and followed by number and contact."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.fields import contact_as_written
from actions.gateway_client import GatewayClient, GatewayError, NotFound
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import word
from formats import day


class SupportRequests:
    """Opens and finds requests through the gateway's internal port."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    async def open(self, turn: Turn, spec: RequestSpec, details: dict[str, Any]) -> bool:
        """Opens a request and says its number; whether it did. The description stays in the conversation where that fails."""
        body = {
            "key": f"{spec.id}:{details['key']}",
            "kind": spec.id,
            "category": spec.category,
            "language": turn.language,
            "description": details["description"],
            "contact": details["contact"],
            "details": {"first_message": details["first_message"], **spec.facts(details)},
        }
        try:
            opened = await self._gateway.open_request(turn.conversation, body)
        except GatewayError:
            turn.say("utter_desk_unavailable")
            return False
        kind = "email" if "@" in details["contact"] else "phone"
        reach = word(f"reach.{kind}", turn.language, contact=contact_as_written(details["contact"]))
        turn.say(
            "utter_request_opened" if opened["new"] else "utter_request_open_already",
            number=opened["number"],
            reach=reach,
        )
        return True

    async def status(self, turn: Turn, details: dict[str, Any]) -> None:
        """Says the state of a request."""
        try:
            found = await self._gateway.request_status(
                turn.conversation, details["request_number"], details["request_contact"]
            )
        except NotFound:
            turn.say("utter_request_not_found", buttons=[word("talk_to_agent", turn.language)])
            return
        except GatewayError:
            turn.say("utter_status_unavailable")
            return
        opened = datetime.datetime.fromisoformat(found["created_at"]).astimezone(
            ZoneInfo(turn.brand.hours["time_zone"])
        )
        turn.say(
            "utter_request_status",
            number=found["number"],
            date=day(opened.date(), turn.language),
            state=word(f"states.{found['state']}", turn.language),
            detail=word(f"state_details.{found['state']}", turn.language),
        )
