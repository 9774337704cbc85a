"""How this backend says payments, promises and delivery in JSON. The shapes are those of `openapi.json`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from billing.answers import money
from billing.bill import Payment
from billing.money_models import PaymentLinkRow, PaymentPromiseRow, PaymentReportRow
from billing.payment_link import link_state
from billing.payment_report import matching_payment
from billing.promise import Promise, PromiseLimits, promise_state, reminder_on

__all__ = ["money", "payment_link", "payment_promise", "payment_report"]


def payment_link(row: PaymentLinkRow, now: datetime) -> dict[str, Any]:
    """Without its address: who knows that may pay."""
    return {
        "amount": money(row.amount),
        "bill": row.bill_number,
        "state": link_state(row.state, row.expires_at, now),
        "expires_at": row.expires_at.astimezone(now.tzinfo).isoformat(timespec="seconds"),
        "receipt": row.receipt,
    }


def payment_report(row: PaymentReportRow, payments: tuple[Payment, ...]) -> dict[str, Any]:
    """Matched at every question, so that a payment that comes in later is found."""
    found = matching_payment(row.amount, row.paid_on, payments)
    return {
        "amount": money(row.amount),
        "date": row.paid_on.isoformat(),
        "method": row.method,
        "payer_reference": row.payer_reference,
        "state": "found" if found else "searching",
        "payment": found
        and {
            "number": found.number,
            "date": found.paid_on.isoformat(),
            "amount": money(found.amount),
            "method": found.method,
        },
        "stops_past_due": False,
    }


def payment_promise(
    row: PaymentPromiseRow, payments: tuple[Payment, ...], limits: PromiseLimits, today: date
) -> dict[str, Any]:
    promise = Promise(row.amount, row.made_on, row.promised_for)
    return {
        "amount": money(row.amount),
        "date": row.promised_for.isoformat(),
        "made_on": row.made_on.isoformat(),
        "state": "replaced" if row.replaced_at else promise_state(promise, payments, today),
        "reminder_on": reminder_on(limits, promise).isoformat(),
        "prevents_disconnection": False,
    }
