"""Call details (PIE): what the calls of the last days come to, and a link to all of them. The access itself a person gives."""

from __future__ import annotations

from typing import Any

from actions.billing_client import BillingClient, BillingRefused
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import word
from formats import day, money, time_of


class Calls:
    """Each function says what it found. Raises BillingError where billing cannot be asked."""

    def __init__(self, billing: BillingClient, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._specs = specs

    async def call_details(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The sum of the calls by kind, and a link to the list of them as CSV with the time at which it ends."""
        language, key = turn.language, f"call_details:{turn.conversation}:{details['key']}"
        try:
            found = await self._billing.get(token, "/v1/call-details/summary")
            since, until = day(found["from"], language), day(found["to"], language)
            if not found["calls"]:
                turn.say("utter_calls_none", since=since, until=until)
                return
            made = await self._billing.write(token, "POST", "/v1/call-details/document", {"language": language}, key)
        except BillingRefused as refused:
            if refused.problem != "no-pie":
                raise
            turn.say("utter_no_pie", choices=[self._specs["get_pie_access"].choice(language)])
            return
        turn.say(
            "utter_calls",
            since=since,
            until=until,
            calls=str(found["calls"]),
            minutes=str(found["minutes"]),
            cost=money(found["cost"], language),
            lines="\n".join(f"- {_kind_line(kind, language)}" for kind in found["by_kind"]),
            url=made["url"],
            end=time_of(made["expires_at"], turn.brand.hours["time_zone"], language),
        )

    async def pie_state(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str]:
        """Whether the account has call details online already: then it is the id and the password that are missing."""
        account = await self._billing.get(token, "/v1/account")
        return {"pie": "there" if account["pie"] else "new"}

    async def pie_request(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str]:
        """What a request for PIE tells the person who gives the id and the password. They are never given here."""
        place = f"asked_of_people.get_pie_access_{details['pie']}"
        return {"description": word(place, turn.language, name=details["full_name"])}


def _kind_line(part: dict[str, Any], language: str) -> str:
    """The calls of one kind in a line."""
    return word(
        f"calls_of.{part['kind']}",
        language,
        calls=str(part["calls"]),
        minutes=str(part["minutes"]),
        cost=money(part["cost"], language),
    )
