"""Paying: a link for one payment, and automatic payment started and stopped."""

from __future__ import annotations

from typing import Any

from babel.dates import get_timezone_name

from actions.billing_client import BillingClient, BillingError, BillingRefused
from actions.turn import Turn
from actions.wording import word
from formats import LOCALES, day, money, time_of

BILLS_READ = 60  # the most that billing gives at once


class Payments:
    """Each function asks billing and says what came of it. Raises BillingError where nothing was written yet."""

    def __init__(self, billing: BillingClient) -> None:
        self._billing = billing

    async def pay_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """A link that pays once, for the amount that was named or the whole balance; and the Interac way where the brand has it."""
        amount = details.get("amount")
        key = f"pay_bill:{turn.conversation}:{details['key']}"
        try:
            body = {"amount": amount} if amount else {}
            link = await self._billing.write(token, "POST", "/v1/payment-links", body, key)
        except BillingRefused as refused:
            _say_link_refused(turn, refused)
            return
        except BillingError:
            turn.say("utter_pay_unknown")
            return
        zone = turn.brand.hours["time_zone"]
        turn.say(
            "utter_pay_link",
            amount=money(link["amount"], turn.language),
            url=link["url"],
            until=time_of(link["expires_at"], zone, turn.language),
            zone=str(get_timezone_name(turn.at, width="long", locale=LOCALES[turn.language], zone_variant="generic")),
            reference=link["reference"],
        )
        if "e_transfer_payee" in turn.brand.figures:
            await self._say_e_transfer(turn, token)

    async def _say_e_transfer(self, turn: Turn, token: str) -> None:
        """The payee and the memo as they must be written. Nothing where billing cannot tell the bill: the link was said."""
        try:
            bills = await self._billing.get(token, "/v1/bills", limit=BILLS_READ)
        except BillingError:
            return
        number = next((bill["number"] for bill in bills if bill["unpaid"]["amount"] != "0.00"), None)
        if number is None:
            return
        figures = turn.brand.figures
        turn.say(
            "utter_pay_e_transfer",
            payee=figures["e_transfer_payee"],
            memo=f"{figures['e_transfer_memo_word'][turn.language]} {number}",
            hours=str(figures["e_transfer_hours"]),
        )

    async def autopay_to_start(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """When the money would be taken; None where it already is."""
        now = await self._billing.get(token, "/v1/autopay")
        if now["active"]:
            turn.say("utter_autopay_already", **_taken(now, turn.language))
            return None
        _say_declined(turn, now)
        return _taken(now, turn.language)

    async def autopay_to_stop(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """When the money would have been taken; None where it is not."""
        now = await self._billing.get(token, "/v1/autopay")
        if not now["active"]:
            _say_declined(turn, now)
            turn.say("utter_autopay_not_active")
            return None
        return _taken(now, turn.language)

    async def next_autopay(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """On which day the next automatic payment is taken, or would be."""
        now = await self._billing.get(token, "/v1/autopay")
        _say_declined(turn, now)
        turn.say("utter_autopay_next" if now["active"] else "utter_autopay_next_off", **_taken(now, turn.language))

    async def set_up_autopay(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Starts automatic payment."""
        await self._set(turn, token, details, "PUT", ("utter_autopay_started", "utter_autopay_already"))

    async def cancel_autopay(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Stops automatic payment."""
        await self._set(turn, token, details, "DELETE", ("utter_autopay_stopped", "utter_autopay_not_active"))

    async def _set(
        self, turn: Turn, token: str, details: dict[str, Any], method: str, outcomes: tuple[str, str]
    ) -> None:
        key = f"autopay-{method}:{turn.conversation}:{details['key']}"
        try:
            done = await self._billing.write(token, method, "/v1/autopay", None, key)
        except BillingRefused as refused:
            if refused.problem == "administrator-only":
                turn.say("utter_administrator_only", choices=[turn.person])
            else:
                turn.say("utter_autopay_refused", choices=[turn.person])
        except BillingError:
            turn.say("utter_autopay_unknown")
        else:
            changed, same = outcomes
            name = changed if done["changed"] else same
            turn.say(name, done=done, reference=done["reference"] or "", **_taken(done, turn.language))


def _taken(autopay: dict[str, Any], language: str) -> dict[str, Any]:
    """The rule of automatic payment and its next day in words: "15 jours après la date de chaque facture", "le 8 mars 2026"."""
    rule, next_date = autopay["rule"], autopay["next_date"]
    ordinal = "first" if (rule["kind"], rule["value"]) == ("day_of_month", 1) else rule["kind"]
    on = (
        word("autopay.next_day", language, date=day(next_date, language))
        if next_date
        else word("autopay.later", language)
    )
    return {"rule": word(f"autopay.rules.{ordinal}", language, value=str(rule["value"])), "next": on}


def _say_declined(turn: Turn, autopay: dict[str, Any]) -> None:
    """That the last automatic payment was declined, which stopped it; nothing otherwise."""
    last = autopay["last"]
    if last and last["state"] == "declined":
        amount, date = money(last["amount"], turn.language), day(last["date"], turn.language)
        turn.say("utter_autopay_was_declined", amount=amount, date=date)


def _say_link_refused(turn: Turn, refused: BillingRefused) -> None:
    """Why there is no link, with what to do."""
    if refused.problem == "nothing-owed":
        turn.say("utter_pay_nothing_owed")
    elif refused.problem == "amount-too-large":
        turn.say("utter_pay_too_much", most=money(refused.told["largest"], turn.language))
    elif refused.problem == "amount-too-small":
        turn.say("utter_pay_too_little", least=money(refused.told["least"], turn.language))
    else:
        turn.say("utter_pay_refused", choices=[turn.person])
