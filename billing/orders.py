"""Rules on an order on its way: where its parcel stands, where the installer's appointment stands, and which of several is meant.

A rule file: it imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# What ended so long ago is nobody's question any more.
TOLD_DAYS = 60
UNDER_WAY = ("preparing", "in_transit")
SHIPMENT_STAGES = (*UNDER_WAY, "late", "delivered", "returned")
APPOINTMENT_STAGES = ("to_come", "today", "past", "done", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel: `state` as it is kept, `expected_on` the carrier's day, or the one worked out from the order (`approximate`)."""

    state: str
    ordered_on: date
    expected_on: date
    approximate: bool = False
    shipped_on: date | None = None
    delivered_on: date | None = None
    carrier: str = ""
    tracking_number: str | None = None
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit: `state` as it is kept, its window as moments in the time zone of the place. `phone`: whom the installer calls before."""

    state: str
    opens: datetime
    until: datetime
    kind: str = "installation"
    postal_code: str = ""
    phone: str | None = None


def shipment_stage(shipment: Shipment, today: date) -> str:
    """One of SHIPMENT_STAGES. Late from the day after the one that it was expected on."""
    if shipment.state in UNDER_WAY and shipment.expected_on < today:
        return "late"
    return shipment.state


def appointment_stage(appointment: Appointment, now: datetime) -> str:
    """One of APPOINTMENT_STAGES. Past: its window is over and nobody has noted yet what came of it. `now`: aware."""
    if appointment.state != "planned":
        return appointment.state
    if appointment.until <= now:
        return "past"
    today_there = now.astimezone(appointment.opens.tzinfo).date()
    return "today" if appointment.opens.date() == today_there else "to_come"


def shipments_told(shipments: Iterable[Shipment], today: date) -> tuple[Shipment, ...]:
    """Those that are told, the one that is asked about first: what is not there yet, the oldest first; then what came back or arrived of
    late, the latest first.
    """
    all_of_them = list(shipments)
    under_way = [one for one in all_of_them if one.state in UNDER_WAY]
    ended = [one for one in all_of_them if one.state not in UNDER_WAY and _is_recent(_ended(one), today)]
    return (
        *sorted(under_way, key=lambda one: one.ordered_on),
        *sorted(ended, key=_ended, reverse=True),
    )


def appointments_told(appointments: Iterable[Appointment], now: datetime) -> tuple[Appointment, ...]:
    """Those that are told, the one that is asked about first: what is to come, the next first; then what was of late, the latest first."""
    all_of_them = list(appointments)
    ahead = [one for one in all_of_them if appointment_stage(one, now) in ("to_come", "today")]
    over = [one for one in all_of_them if one not in ahead and _is_recent(one.until.date(), now.date())]
    return (
        *sorted(ahead, key=lambda one: one.opens),
        *sorted(over, key=lambda one: one.opens, reverse=True),
    )


def _ended(shipment: Shipment) -> date:
    return shipment.delivered_on or shipment.shipped_on or shipment.ordered_on


def _is_recent(day: date, today: date) -> bool:
    return day >= today - timedelta(days=TOLD_DAYS)
