"""Balance, activity and bills, read from billing for the account that the conversation proved; a bill again, and a disputed one."""

from __future__ import annotations

from typing import Any

from actions.billing_client import BillingClient, BillingRefused
from actions.fields import says
from actions.form_events import AskAgain
from actions.turn import Turn
from actions.wording import WORDS, word
from formats import day, money, time_of

CHANGES = (
    "new",
    "gone",
    "more",
    "less",
)  # what became of a line against the bill before, in the order in which it is told


class Bills:
    """Each function says what it found. Raises BillingError where billing cannot be asked."""

    def __init__(self, billing: BillingClient) -> None:
        self._billing = billing

    async def check_balance(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The amount due, its date, and what is past due."""
        found = await self._billing.get(token, "/v1/balance")
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
        found = await self._billing.get(token, "/v1/activity", limit=5)
        if not found:
            turn.say("utter_activity_none")
            return
        turn.say("utter_activity", lines="\n".join(f"- {activity_line(item, turn.language)}" for item in found))

    async def latest_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The latest bill with its lines."""
        bill = await self._latest(turn, token, "/v1/bills/latest")
        if bill is None:
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

    async def explain_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """The latest bill against the one before: an amount that was asked about, what changed, then the other lines."""
        found = await self._latest(turn, token, "/v1/bills/latest/explanation")
        if found is None:
            return
        language, before = turn.language, found["previous"]
        if details.get("amount"):
            _say_where(turn, found, details["amount"])
        turn.say(
            f"utter_bill_explained_{found['change']}",
            number=found["number"],
            date=day(found["date"], language),
            total=money(found["total"], language),
            difference=_difference(found, language) if before else "",
            previous=money(before["total"], language) if before else "",
            previous_date=day(before["date"], language) if before else "",
            lines=explained_lines(found["lines"], bool(before), language),
        )

    async def which_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """The bill that the message names by its number, its month or its words, and all that there are to choose from; None where there
        is none. Raises AskAgain for one that is not there.
        """
        bills = await self._billing.get(token, "/v1/bills", limit=60)
        if not bills:
            turn.say("utter_no_bill")
            return None
        wanted = named_bills(bills, details)
        if wanted == [] and details.keys() & {"bill", "month"}:
            turn.say("utter_bill_not_found")
            raise AskAgain("bill", "month")
        # Of two in one month, those two are offered first.
        listed = [*(wanted or []), *(bill for bill in bills if bill not in (wanted or []))]
        named = {"bill": wanted[0]["number"]} if wanted and len(wanted) == 1 else {}
        return {**named, "bills": [[bill["number"], bill["date"]] for bill in listed]}

    async def reprint_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """A link to the bill. What goes to a person where the bill is too old: see `Operations`."""
        number = details["bill"]
        date = day(dict(details["bills"])[number], turn.language)
        key = f"reprint_bill:{turn.conversation}:{details['key']}"
        try:
            path = f"/v1/bills/{number}/document"
            made = await self._billing.write(token, "POST", path, {"language": turn.language}, key)
        except BillingRefused as refused:
            if refused.problem != "bill-too-old":
                raise
            turn.say("utter_bill_too_old", number=number, date=date, months=str(refused.told["reprint_months"]))
            description = word("old_bill_wanted", turn.language, number=number, date=date)
            kept = {name: details[name] for name in ("first_message", "key")}
            return {**kept, "bill": number, "description": description}
        turn.say("utter_bill_link", number=number, date=date, url=made["url"], until=_end(turn, made))
        return None

    async def disputed_bill(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, str] | None:
        """Which bill a dispute is about: the one that was named, else the latest."""
        bills = await self._billing.get(token, "/v1/bills", limit=60)
        if not bills:
            turn.say("utter_no_bill")
            return None
        named = named_bills(bills, details)
        if named == []:
            turn.say("utter_bill_not_found_latest")
        bill = (named or bills)[0]
        # The month is spent: at the question, a number is a correction of it, and another month one of the number.
        return {
            "bill": bill["number"],
            "month": "",
            "bill_date": day(bill["date"], turn.language),
            "bill_total": money(bill["total"], turn.language),
        }

    async def _latest(self, turn: Turn, token: str, path: str) -> Any:
        """What `path` tells of the latest bill; None where it was said that there is none."""
        try:
            return await self._billing.get(token, path)
        except BillingRefused as refused:
            if refused.problem != "no-bill":
                raise
            turn.say("utter_no_bill")
            return None


def named_bills(bills: list[dict[str, Any]], details: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The bills, newest first, that the number, the month or the words of the request name; None where they name none.

    A month wins over a number of another month.
    """
    number, month, said = details.get("bill"), details.get("month"), details["first_message"]
    named = [bill for bill in bills if bill["number"] == number]
    if month and not any(bill["date"].startswith(month) for bill in named):
        return [bill for bill in bills if bill["date"].startswith(month)]
    if number:
        return named
    if says(said, WORDS["previous_bill"]):
        return bills[1:2]
    return bills[:1] if says(said, WORDS["latest_bill"]) else None


def explained_lines(lines: list[dict[str, Any]], compared: bool, language: str) -> str:
    """The lines that changed, each with how, under a heading; then those that did not. Of a first bill, all lines as they are."""

    def listed(kinds: tuple[str, ...]) -> str:
        return "\n".join(
            "- " + _explained(line, kind if compared else "same", language)
            for kind in kinds
            for line in lines
            if line["change"] == kind
        )

    if not compared:
        return listed(("new",))
    parts = {"changed": listed(CHANGES), "same": listed(("same",))}
    return "\n\n".join(word(f"bill_parts.{name}", language, lines=part) for name, part in parts.items() if part)


def _explained(line: dict[str, Any], change: str, language: str) -> str:
    amounts = {name: money(line[name], language) for name in ("amount", "previous") if line[name]}
    return word(
        f"bill_changes.{change}",
        language,
        description=line["description"][language],
        difference=_difference(line, language),
        **{"amount": "", "previous": "", **amounts},
    )


def _say_where(turn: Turn, found: dict[str, Any], amount: str) -> None:
    """Which line of the bill an amount is, or how much of a change."""
    language = turn.language
    asked = money({"amount": amount}, language)
    line = next((line for line in found["lines"] if line["amount"] and line["amount"]["amount"] == amount), None)
    changed = next((line for line in found["lines"] if _unsigned(line["difference"]) == amount), None)
    if line:
        turn.say("utter_bill_amount_line", amount=asked, description=line["description"][language])
    elif changed:
        turn.say("utter_bill_amount_change", amount=asked, description=changed["description"][language])
    elif amount != found["total"]["amount"] and amount != _unsigned(found["difference"] or found["total"]):
        turn.say("utter_bill_amount_unknown", amount=asked, number=found["number"])


def _difference(compared: dict[str, Any], language: str) -> str:
    return money({**compared["difference"], "amount": _unsigned(compared["difference"])}, language)


def _unsigned(amount: dict[str, str]) -> str:
    return amount["amount"].lstrip("-")


def _end(turn: Turn, made: dict[str, Any]) -> str:
    """When a link ends, as a time of day of the brand."""
    return time_of(made["expires_at"], turn.brand.hours["time_zone"], turn.language)


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
