"""Support requests: opened at the desk, followed by number and contact, listed to whom has proved an account, added to."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.fields import contact_as_written
from actions.form_events import AskAgain, NotOpened
from actions.gateway_client import GatewayClient, GatewayError, NotFound, Refused
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import opening, word
from formats import day


class SupportRequests:
    """Opens and finds requests through the gateway's internal port."""

    def __init__(self, gateway: GatewayClient, specs: dict[str, RequestSpec]) -> None:
        self._gateway = gateway
        self._specs = specs

    async def open(
        self, turn: Turn, spec: RequestSpec, details: dict[str, Any], found: dict[str, Any] | None = None
    ) -> None:
        """Opens a request and says its number. Raises NotOpened.

        `found`: what else its reader should know, beside the fields.
        """
        body = {
            "key": f"{spec.id}:{details['key']}",
            "kind": spec.id,
            "category": spec.category,
            "language": turn.language,
            "description": details["description"],
            "contact": details["contact"],
            "details": {"first_message": details["first_message"], **spec.facts(details), **(found or {})},
        }
        try:
            opened = await self._gateway.open_request(turn.conversation, body)
        except GatewayError as error:
            turn.say("utter_desk_unavailable")
            raise NotOpened from error
        kind = "email" if "@" in details["contact"] else "phone"
        reach = word(f"reach.{kind}", turn.language, contact=contact_as_written(details["contact"]))
        turn.say(
            "utter_request_opened" if opened["new"] else "utter_request_open_already",
            number=opened["number"],
            reach=f"{reach} {due_words(turn, opened)}".strip(),
        )

    async def status(self, turn: Turn, details: dict[str, Any]) -> None:
        """Says the state of a request, and until when the desk owes the next step."""
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
        detail = word(f"state_details.{found['state']}", turn.language)
        turn.say(
            "utter_request_status",
            number=found["number"],
            date=opened_on(turn, found),
            state=word(f"states.{found['state']}", turn.language),
            detail=f"{detail} {due_words(turn, found)}".strip(),
        )

    async def list_requests(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Lists the requests of the account that was proved and of this conversation."""
        language = turn.language
        try:
            found = await self._gateway.list_requests(turn.conversation)
        except GatewayError:
            turn.say("utter_status_unavailable")
            return
        if not found:
            turn.say("utter_no_requests", choices=[self._specs["open_request"].choice(language)])
            return
        lines = [
            word(
                "request_line",
                language,
                number=one["number"],
                title=self._specs.get(one["kind"], self._specs["open_request"]).title[language],
                date=opened_on(turn, one),
                state=word(f"states.{one['state']}", language),
                due=word("due.line", language, due=opening(one["due_at"], one["due_zone"], language))
                if one["due_at"]
                else "",
            )
            for one in found
        ]
        turn.say(
            "utter_requests",
            lines="\n".join(f"- {line}" for line in lines),
            choices=[self._specs["add_to_request"].choice(language)],
        )

    async def add(self, turn: Turn, details: dict[str, Any]) -> None:
        """Adds a message to a request. Raises AskAgain where number and contact name none."""
        try:
            done = await self._gateway.add_to_request(
                turn.conversation, details["request_number"], details.get("request_contact"), details["addition"]
            )
        except NotFound as unknown:
            turn.say("utter_request_not_found", buttons=[word("talk_to_agent", turn.language)])
            raise AskAgain("request_number", "request_contact") from unknown
        except Refused:
            turn.say(
                "utter_request_closed",
                number=details["request_number"],
                choices=[self._specs["open_request"].choice(turn.language)],
            )
        except GatewayError:
            turn.say("utter_addition_unavailable")
        else:
            turn.say(
                "utter_request_reopened" if done["reopened"] else "utter_request_added",
                number=done["number"],
                due=f" {due_words(turn, done)}".rstrip(),
            )


def opened_on(turn: Turn, request: dict[str, Any]) -> str:
    """The day on which a request was opened, at the brand's place."""
    opened = datetime.datetime.fromisoformat(request["created_at"]).astimezone(ZoneInfo(turn.brand.hours["time_zone"]))
    return day(opened.date(), turn.language)


def due_words(turn: Turn, request: dict[str, Any]) -> str:
    """Until when the desk owes the next step of a request, in a sentence; nothing where it owes none."""
    if not request.get("due_at"):
        return ""
    late = datetime.datetime.fromisoformat(request["due_at"]) < turn.at
    due = opening(request["due_at"], request["due_zone"], turn.language)
    return word("due.late" if late else f"due.{request['due_for']}", turn.language, due=due)
