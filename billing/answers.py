"""How this backend says things in JSON. The shapes are those of `openapi.json`; a test compares them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from billing.bill import Bill, Event, Line, Standing
from billing.models import AccountRow
from billing.money import CAD, CURRENCY

# The fields of `account.extra` that may leave. A list of what is public, not of what is secret: a field added later
# stays inside until someone puts it here. premier_pin must never be here.
PUBLIC_FIELDS = (
    "network",
    "plan",
    "modem",
    "contract",
    "distance_km",
    "equipment",
    "reminders",
    "disconnected_on",
    "profile_accounts",
    "customer_since",
    "calls",
)


def money(amount: CAD) -> dict[str, str]:
    return {"amount": str(amount), "currency": CURRENCY}


def located(row: AccountRow) -> dict[str, Any]:
    contacts = (("sms", row.phone), ("email", row.email))
    return {
        "account": row.number,
        "name": row.name,
        "language": row.language,
        "contacts": [{"channel": channel, "address": address} for channel, address in contacts if address],
    }


def account(row: AccountRow, users: int) -> dict[str, Any]:
    """`users`: how many people use it online. The account number stays out: nobody needs to hear it from here."""
    return {
        "brand": row.brand,
        "name": row.name,
        "language": row.language,
        "delivery": row.delivery,
        "ebill_email": row.ebill_email,
        "pie": row.pie,
        "autopay": row.autopay,
        "user_count": users,
        "extra": {field: row.extra[field] for field in PUBLIC_FIELDS if field in row.extra},
    }


def balance(standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "balance": money(standing.balance),
        "past_due": money(standing.past_due),
        "due_date": _day(standing.due_on),
        "past_due_since": _day(standing.past_due_since),
        "as_of": now.isoformat(timespec="seconds"),
    }


def bill(issued: Bill, unpaid: CAD) -> dict[str, Any]:
    return {
        "number": issued.number,
        "date": issued.issued_on.isoformat(),
        "due_date": issued.due_on.isoformat(),
        "total": money(issued.total),
        "unpaid": money(unpaid),
    }


def bill_with_lines(issued: Bill, lines: Iterable[Line], unpaid: CAD) -> dict[str, Any]:
    shown = [
        {
            "kind": line.kind,
            "description": {"fr": line.description_fr, "en": line.description_en},
            "amount": money(line.amount),
        }
        for line in lines
    ]
    return {**bill(issued, unpaid), "lines": shown}


def event(happened: Event) -> dict[str, Any]:
    return {
        "date": happened.day.isoformat(),
        "kind": happened.kind,
        "amount": money(happened.amount),
        "number": happened.number,
        "method": happened.method,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
