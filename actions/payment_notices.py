"""What a customer tells about money that does not show: a payment that was made, and one that is promised."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from actions.aside import report
from actions.billing_client import BillingClient, BillingError, BillingRefused
from actions.form_events import AskAgain
from actions.payment_fields import ALL, NONE
from actions.requests import RequestSpec
from actions.turn import Turn
from actions.wording import WORDS, word
from formats import day, money

NOTHING = "0.00"


class PaymentNotices:
    """Runs after identity, consequence and a yes. Raises BillingError where nothing was written yet, AskAgain for a value refused."""

    def __init__(self, billing: BillingClient, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._specs = specs

    async def report_payment(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Reports a payment, which billing looks for; in no case does that keep the account from becoming past due."""
        key = f"report_payment:{turn.conversation}:{details['key']}"
        body = {"amount": details["amount"], "date": details["paid_on"], "method": details["method"]}
        if details["reference"] != NONE:
            body["reference"] = details["reference"]
        try:
            done = await self._billing.write(token, "POST", "/v1/payment-reports", body, key)
        except BillingRefused as refused:
            if refused.problem == "day-out-of-range":
                turn.say("utter_report_bad_day", **_range(turn, refused.told))
                raise AskAgain("paid_on")
            if refused.told.get("field") == "amount":
                turn.say("utter_wrong_amount")
                raise AskAgain("amount")
            turn.say("utter_report_refused", choices=[turn.person])
        except BillingError:
            turn.say("utter_report_unknown")
        else:
            self._say_reported(turn, done)

    def _say_reported(self, turn: Turn, done: dict[str, Any]) -> None:
        paid, reference = done["payment"], done["reference"] or ""
        if paid:
            known = paid["method"] if paid["method"] in WORDS["methods"] else "other"
            turn.say(
                "utter_report_found",
                done=done,
                amount=money(paid["amount"], turn.language),
                date=day(paid["date"], turn.language),
                method=word(f"methods.{known}", turn.language),
                number=paid["number"],
                reference=reference,
            )
            return
        by_hand = done["method"] == "e_transfer" and "e_transfer_hours" in turn.brand.figures
        hours = str(turn.brand.figures["e_transfer_hours"]) if by_hand else ""
        amount, date = money(done["amount"], turn.language), day(done["date"], turn.language)
        # Of a payment one knows its day alone: its hours are surely over once a whole day lies between.
        over = by_hand and whole_hours_since(done["date"], turn) >= int(hours)
        matter = {"amount": amount, "date": date, "hours": hours, "reference": reference}
        late = word("request_texts.late_e_transfer", turn.language, **matter)
        turn.say(
            "utter_report_searching" if done["changed"] else "utter_report_already",
            done=done,
            amount=amount,
            date=date,
            reference=reference,
            by_hand=word("by_hand_over" if over else "by_hand", turn.language, hours=hours) if by_hand else "",
            choices=[report(turn, self._specs["open_request"], late), turn.person] if over else [],
        )

    async def promise_possible(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """Nothing that must be known before the amount and the day; None where nothing is owed, so that nobody is asked for them."""
        limits = await self._billing.get(token, "/v1/payment-promises/limits")
        if limits["largest"]["amount"] == NOTHING:
            turn.say("utter_promise_nothing_owed")
            return None
        return {}

    async def promise_before(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """The promise that this one would replace, and the amount where all that is owed was promised. Raises AskAgain beyond a limit."""
        limits = await self._billing.get(token, "/v1/payment-promises/limits")
        if limits["largest"]["amount"] == NOTHING:
            turn.say("utter_promise_nothing_owed")
            return None
        told = {"replaces": ""}
        if details["amount"] == ALL:
            told["amount"] = limits["largest"]["amount"]
        self._keep_limits(turn, limits, Decimal({**details, **told}["amount"]), details["promised_on"])
        promises = await self._billing.get(token, "/v1/payment-promises")
        before = next((promise for promise in promises if promise["state"] == "open"), None)
        if before:
            told["replaces"] = word(
                "promise_replaces",
                turn.language,
                amount=money(before["amount"], turn.language),
                date=day(before["date"], turn.language),
            )
        return told

    def _keep_limits(self, turn: Turn, limits: dict[str, Any], amount: Decimal, promised_on: str) -> None:
        """Says what is beyond a limit, before anybody is asked for a yes. Raises AskAgain."""
        if amount > Decimal(limits["largest"]["amount"]):
            turn.say("utter_promise_too_much", most=money(limits["largest"], turn.language))
            raise AskAgain("amount")
        if amount < Decimal(limits["least"]["amount"]):
            turn.say("utter_promise_too_little", least=money(limits["least"], turn.language))
            raise AskAgain("amount")
        if not limits["earliest"] <= promised_on <= limits["latest"]:
            turn.say("utter_promise_bad_day", **_range(turn, limits))
            raise AskAgain("promised_on")

    async def promise_to_pay(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Records a promise. Nothing is said of a disconnection but that the promise does not prevent it."""
        key = f"promise_to_pay:{turn.conversation}:{details['key']}"
        body = {"amount": details["amount"], "date": details["promised_on"]}
        try:
            done = await self._billing.write(token, "POST", "/v1/payment-promises", body, key)
        except BillingRefused as refused:
            self._say_promise_refused(turn, refused)
        except BillingError:
            turn.say("utter_promise_unknown")
        else:
            before = done["previous"] if done["changed"] else None
            turn.say(
                "utter_promise_done" if done["changed"] else "utter_promise_already",
                done=done,
                amount=money(done["amount"], turn.language),
                date=day(done["date"], turn.language),
                reference=done["reference"] or "",
                reminder=_reminder(done, turn.language),
                replaced=word(
                    "promise_replaces",
                    turn.language,
                    amount=money(before["amount"], turn.language),
                    date=day(before["date"], turn.language),
                )
                if before
                else "",
            )

    def _say_promise_refused(self, turn: Turn, refused: BillingRefused) -> None:
        """The limit in words; what it limits is asked for again. Raises AskAgain."""
        if refused.problem == "nothing-owed":
            turn.say("utter_promise_nothing_owed")
        elif refused.problem == "day-out-of-range":
            turn.say("utter_promise_bad_day", **_range(turn, refused.told))
            raise AskAgain("promised_on")
        elif refused.problem == "amount-too-large":
            turn.say("utter_promise_too_much", most=money(refused.told["largest"], turn.language))
            raise AskAgain("amount")
        elif refused.problem == "amount-too-small":
            turn.say("utter_promise_too_little", least=money(refused.told["least"], turn.language))
            raise AskAgain("amount")
        else:
            turn.say("utter_promise_refused", choices=[turn.person])


def _reminder(promised: dict[str, Any], language: str) -> str:
    """The reminder in words; none is sent where it would fall on the day of the promise itself (`billing/openapi.json`)."""
    if promised["reminder_on"] <= promised["made_on"]:
        return ""
    return word("promise_reminder", language, date=day(promised["reminder_on"], language))


def whole_hours_since(date: str, turn: Turn) -> int:
    """The hours between the end of a day and now, by the clock of the brand's place."""
    end = datetime.datetime.combine(datetime.date.fromisoformat(date), datetime.time.max, turn.at.tzinfo)
    return int((turn.at - end).total_seconds() // 3600)


def _range(turn: Turn, limits: dict[str, Any]) -> dict[str, Any]:
    """The first and the last day that billing takes, in words."""
    return {name: day(limits[name], turn.language) for name in ("earliest", "latest")}
