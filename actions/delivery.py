"""How bills are delivered: the e-bill, its address, and the way back to paper, each with what it rests on read before the yes."""

from __future__ import annotations

from typing import Any

from actions.billing_client import BillingClient, BillingError, BillingRefused
from actions.form_events import AskAgain
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import word
from formats import day


class Delivery:
    """Runs after identity, consequence and a yes (actions/requests.yml). Raises BillingError where nothing was written yet."""

    def __init__(self, billing: BillingClient, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._specs = specs

    async def enroll_ebill(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Switches to the e-bill. The key is that of the message which asked for it: a repeat of the turn changes nothing."""
        key = f"enroll_ebill:{turn.conversation}:{details['key']}"
        try:
            body = {"email": details["ebill_email"]}
            done = await self._billing.write(token, "POST", "/v1/ebill-enrolment", body, key)
        except BillingRefused as refused:
            self._say_refused(turn, refused, "ebill_email")
        except BillingError:
            turn.say("utter_ebill_unknown")
        else:
            name = "utter_ebill_done" if done["changed"] else "utter_ebill_already"
            turn.say(name, done=done, email=done["email"], reference=done.get("reference") or "")

    async def ebill_address(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """The address that receives the e-bill now; None where the account has paper, as there is none to change."""
        account = await self._billing.get(token, "/v1/account")
        if account["delivery"] != "ebill":
            self._say_no_ebill(turn)
            return None
        return {"old_email": account["ebill_email"]}

    async def change_ebill_email(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Sends the e-bill to another address. The last change wins: the answer names what it replaced, and since when that stood."""
        key = f"change_ebill_email:{turn.conversation}:{details['key']}"
        try:
            body = {"email": details["new_email"]}
            done = await self._billing.write(token, "PUT", "/v1/ebill-email", body, key)
        except BillingRefused as refused:
            self._say_refused(turn, refused, "new_email")
        except BillingError:
            turn.say("utter_change_unknown")
        else:
            before = done["previous"]
            since = day(before["since"][:10], turn.language) if before["since"] else ""
            turn.say(
                "utter_ebill_email_changed" if done["changed"] else "utter_ebill_already",
                done=done,
                email=done["email"],
                reference=done["reference"] or "",
                previous=before["email"],
                since=word("in_place_since", turn.language, date=since) if since else "",
            )

    async def paper(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """What a request for paper tells the person who does it; None where the account has paper already."""
        account = await self._billing.get(token, "/v1/account")
        if account["delivery"] != "ebill":
            turn.say("utter_paper_already")
            return None
        email = account["ebill_email"]
        return {"old_email": email, "description": word("asked_of_people.return_to_paper", turn.language, email=email)}

    def _say_refused(self, turn: Turn, refused: BillingRefused, field: str) -> None:
        """Why billing said no, with the way out. Raises AskAgain for an address that it takes less freely than the form."""
        if refused.problem == "invalid-email":
            turn.say("utter_email_refused")
            raise AskAgain(field) from refused
        if refused.problem == "no-ebill":
            self._say_no_ebill(turn)
        elif refused.problem == "administrator-only":
            turn.say("utter_administrator_only", choices=[turn.person])
        else:
            turn.say("utter_change_refused", choices=[turn.person])

    def _say_no_ebill(self, turn: Turn) -> None:
        turn.say("utter_no_ebill", choices=[self._specs["enroll_ebill"].choice(turn.language)])
