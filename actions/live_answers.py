"""What articles have looked up or worked out for the customer after their text (`live_answers.yml`)."""

from __future__ import annotations

from typing import Any

from actions.billing_client import BillingClient, BillingRefused
from actions.form_events import AskAgain, no_such_place
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import word
from formats import day, money

# What one can do at each stage of the ladder (billing/reminders.py).
WAYS_OUT = {
    "none": ("pay_bill", "promise_to_pay"),
    "reminder": ("pay_bill", "promise_to_pay"),
    "overdue": ("pay_bill", "promise_to_pay"),
    "calls": ("pay_bill", "promise_to_pay"),
    "disconnected": ("reconnect_service", "pay_bill"),
}
NOTHING = "0.00"


class LiveAnswers:
    """Each function says what it found. Raises BillingError where billing cannot be asked."""

    def __init__(self, billing: BillingClient, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._specs = specs

    async def modem_delivery(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """When a modem that is paid on a day arrives at a postal code, about: never a promise. Raises AskAgain for a value refused."""
        query = {"paid_on": details["ordered_on"], "postal_code": details["place"]}
        try:
            found = await self._billing.get(token, "/v1/modem-delivery", **query)
        except BillingRefused as refused:
            raise self._asked_again(turn, refused) from refused
        language = turn.language
        skipped = [
            word("delivery.holiday", language, day=day(one["date"], language), name=one["name"][language])
            for one in found["holidays_skipped"]
        ]
        over = found["expected_on"] < turn.at.date().isoformat()
        turn.say(
            "utter_delivery_late" if over else "utter_delivery_expected",
            paid=day(details["ordered_on"], language),
            place=details["place"],
            expected=day(found["expected_on"], language),
            days=str(found["business_days"]),
            holidays=word("delivery.holidays", language, days=word("and", language).join(skipped)) if skipped else "",
            shipping=money(found["shipping"], language) + (word("delivery.tax", language) if found["plus_tax"] else ""),
            choices=[self._specs["open_request"].choice(language), turn.person] if over else [],
        )

    def _asked_again(self, turn: Turn, refused: BillingRefused) -> Exception:
        """What to raise for a value that billing refuses, which was said."""
        if refused.told.get("field") == "paid_on":
            turn.say("utter_wrong_ordered_on")
            return AskAgain("ordered_on")
        return no_such_place(turn, refused.problem) or refused

    async def reminder_stage(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """How far the reminders of a late account have come, and what one can do about it."""
        found = await self._billing.get(token, "/v1/reminders")
        language, stage = turn.language, found["stage"]
        sent = found["reminders"]
        owes = found["past_due"]["amount"] != NOTHING
        if stage == "none" and not owes:
            turn.say("utter_reminders_nothing_late")
            return
        since = found["disconnected_on"] if stage == "disconnected" else found["past_due_since"]
        name = "disconnected_paid" if stage == "disconnected" and not owes else stage
        turn.say(
            f"utter_reminders_{name}",
            past_due=money(found["past_due"], language),
            since=day(since, language),
            sent=word(f"reminders.{'one' if sent == 1 else 'some'}", language, number=str(sent)) if sent else "",
            choices=[
                self._specs[request].choice(language) for request in WAYS_OUT[stage] if owes or request != "pay_bill"
            ],
        )
