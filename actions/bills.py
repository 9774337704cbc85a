"""Balance, activity and bills, read from billing for the account that the conversation proved."""

from __future__ import annotations

from typing import Any

from actions.billing_client import BillingClient, BillingRefused
from actions.turn import Turn
from actions.wording import WORDS, day, money, word


class Bills:
    """Each function says what it found. Raises BillingError where billing cannot be asked."""

    def __init__(self, billing: BillingClient) -> None:
        self._billing = billing

    async def check_balance(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The amount due, its date, and what is past due."""
        found = await self._billing.balance(token)
        cents = int(found["balance"]["amount"].replace(".", ""))
        balance = money({**found["balance"], "amount": found["balance"]["amount"].lstrip("-")}, turn.language)
        due = day(found["due_date"], turn.language) if found["due_date"] else ""
        since = day(found["past_due_since"], turn.language) if found["past_due_since"] else ""
        if cents < 0:
            turn.say("utter_balance_credit", balance=balance)
        elif cents == 0:
            turn.say("utter_balance_zero", balance=balance)
        elif found["past_due"] == found["balance"]:
            turn.say("utter_balance_all_past_due", balance=balance, due=since)
        elif found["past_due"]["amount"] not in ("0.00", "0"):
            turn.say(
                "utter_balance_past_due", balance=balance, past_due=money(found["past_due"], turn.language), due=since
            )
        elif due:
            turn.say("utter_balance_due", balance=balance, due=due)
        else:
            turn.say("utter_balance_no_date", balance=balance)

    async def recent_activity(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The latest bills and payments."""
        found = (await self._billing.activity(token))["items"]
        if not found:
            turn.say("utter_activity_none")
            return
        turn.say("utter_activity", lines="\n".join(f"- {activity_line(item, turn.language)}" for item in found))

    async def latest_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The latest bill with its lines."""
        try:
            bill = await self._billing.latest_bill(token)
        except BillingRefused as refused:
            if refused.status != 404:
                raise
            turn.say("utter_no_bill")
            return
        lines = [
            word(
                "bill_line",
                turn.language,
                description=line["description"][turn.language],
                amount=money(line["amount"], turn.language),
            )
            for line in bill["lines"]
        ]
        turn.say(
            "utter_latest_bill",
            number=bill["number"],
            date=day(bill["date"], turn.language),
            due=day(bill["due_date"], turn.language),
            total=money(bill["total"], turn.language),
            lines="\n".join(f"- {line}" for line in lines),
        )


def activity_line(item: dict[str, Any], language: str) -> str:
    """One bill or payment in a line."""
    method = item.get("method") if item.get("method") in WORDS["methods"] else "other"
    return word(
        f"activity.{item['kind']}",
        language,
        date=day(item["date"], language),
        number=item.get("number") or "",
        method=word(f"methods.{method}", language),
        amount=money(item["amount"], language),
    )
