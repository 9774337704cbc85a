"""The customer's own requests, looked up before anything is asked: a repeat is offered the open one, an addition needs no contact."""

from __future__ import annotations

from typing import Any

from actions.gateway_client import GatewayClient, GatewayError
from actions.requests import REPEAT, RequestSpec
from actions.turn import Turn

ADDITION = "addition"
KEPT = (
    "first_message",
    "key",
    "verified",
    "left",
    "also",
)  # also what is taken up once this is over (actions/aside.py)
LIVE = ("open", "in_progress", "waiting_for_customer")


async def own_requests(gateway: GatewayClient, turn: Turn, spec: RequestSpec) -> dict[str, Any]:
    """Details for the form: `open_number` of the same kind in this conversation, or the numbers of `own` requests.

    Where the desk cannot be asked the form goes on without: what is missing is asked for.
    """
    if REPEAT not in spec.fields and ADDITION not in spec.fields:
        return {}
    try:
        if REPEAT in spec.fields:
            found = await gateway.list_requests(turn.conversation, kind=spec.id)
            return {"open_number": found[0]["number"] if found else ""}
        own = await gateway.list_requests(turn.conversation)
    except GatewayError:
        return {"open_number": ""}
    known: dict[str, Any] = {"own": [one["number"] for one in own], "open_number": ""}
    live = [one["number"] for one in own if one["state"] in LIVE]
    return {**known, "request_number": live[0]} if len(live) == 1 else known


def as_addition(details: dict[str, Any]) -> dict[str, Any]:
    """The details of a request, once its customer chose to add to the open one instead."""
    number = details["open_number"]
    kept: dict[str, Any] = {name: details[name] for name in KEPT if name in details}
    added = {ADDITION: details["description"]} if "description" in details else {}
    return {**kept, **added, "request_number": number, "own": [number], "open_number": ""}
