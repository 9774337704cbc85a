"""An order of Internet service on its way, after the articles on it: what it is charged, its parcel, the installer's appointment.

What the company has not said (prices of plans and modems, fees) is never made up: the customer tells the price they see, or it is missing.
"""

from __future__ import annotations

import datetime
from typing import Any

from babel.numbers import format_decimal

from actions.aside import ARTICLE, report
from actions.billing_client import BillingClient, BillingRefused
from actions.equipment_fields import UNKNOWN, plan_named
from actions.fields import contact_as_written
from actions.form_events import AskAgain, no_such_place
from actions.listed import numbered
from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn
from actions.wording import word
from formats import LOCALES, clock, day, money, weekday

UNDER_WAY = ("preparing", "in_transit", "late")
AHEAD = ("to_come", "today")
NOTHING = "0.00"
MOST = 3  # parcels that are told at once
REPORTED = "open_request"  # what people must look into


class Orders:
    """Each function says what it found. Raises BillingError where billing cannot be asked."""

    def __init__(self, billing: BillingClient, support: SupportRequests, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._support = support
        self._specs = specs

    async def order_plans(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any]:
        """Lists the plans whose price the company has set; where it set none, the price is asked for instead."""
        found = await self._billing.get(token, "/v1/plans")
        priced = [plan for plan in found["plans"] if plan["price"]]
        if not priced:
            return {"plan": UNKNOWN}
        listed = [{"id": plan["id"], **plan["name"]} for plan in priced]
        named = plan_named(details["first_message"], listed)
        if named:
            return {"plans": listed, "plan": named}
        language = turn.language
        lines = [
            word("order.plan", language, name=plan["name"][language], price=money(plan["price"], language))
            for plan in priced
        ]
        turn.say("utter_order_plans", lines=numbered(lines))
        return {"plans": listed}

    async def order_charge(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """What is charged when the order is placed, as far as it is known. Raises AskAgain for a value that billing refuses."""
        query = {"ordered_on": details["ordered_on"], "postal_code": details["place"], "modem": details["modem_kind"]}
        given = {"plan": details["plan"], "monthly_price": details.get("monthly_price", UNKNOWN)}
        query |= {name: value for name, value in given.items() if value != UNKNOWN}
        try:
            found = await self._billing.get(token, "/v1/order-charge", **query)
        except BillingRefused as refused:
            raise _asked_again(turn, refused) from refused
        language = turn.language
        known = money(found["known"], language)
        missing = [part["key"] for part in found["parts"] if part["amount"] is None]
        names = word("and", language).join(word(f"order.missing.{key}", language) for key in missing)
        lines = [part_line(found, part, language) for part in found["parts"]]
        lines += [tax_line(tax, language) for tax in found["taxes"] if tax["amount"]["amount"] != NOTHING]
        part = "partly" if found["known"]["amount"] != NOTHING else "unknown"
        turn.say(
            "utter_order_charge" if found["complete"] else f"utter_order_charge_{part}",
            ordered=day(found["ordered_on"], language),
            place=details["place"],
            lines="\n".join(f"- {line}" for line in lines),
            known=known,
            missing=names,
            choices=[self._specs["check_availability"].choice(language), turn.person],
        )

    async def track_parcel(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Where the parcels of the account's order are; the last one that ended where none is under way."""
        found = await self._billing.get(token, "/v1/shipments")
        language = turn.language
        if not found:
            arrival = self._specs["modem_delivery"].choice(language, details[ARTICLE])
            turn.say("utter_parcel_none", choices=[arrival, self._specs[REPORTED].choice(language)])
            return
        told = [parcel for parcel in found if parcel["stage"] in UNDER_WAY][:MOST] or found[:1]
        for parcel in told:
            stage = parcel["stage"]
            people = parcel is told[-1] and stage not in ("preparing", "in_transit")
            place, expected = postal_code_as_written(parcel["postal_code"]), day(parcel["expected_on"], language)
            number = parcel["tracking_number"] or word("request_texts.not_known", language)
            matter = word("request_texts.parcel", language, number=number, place=place, expected=expected)
            turn.say(
                f"utter_parcel_{stage}",
                carrier=parcel["carrier"][language],
                ordered=day(parcel["ordered_on"], language),
                place=place,
                expected=expected,
                delivered=day(parcel["delivered_on"], language) if parcel["delivered_on"] else "",
                tracking=word("order.tracking", language, number=parcel["tracking_number"])
                if parcel["tracking_number"]
                else "",
                choices=[report(turn, self._specs[REPORTED], matter), turn.person] if people else [],
            )

    async def installation_appointment(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """When the installer comes; the latest appointment that was where none is to come."""
        found = await self._billing.get(token, "/v1/appointments")
        language = turn.language
        if not found:
            turn.say("utter_appointment_none", choices=[self._specs[REPORTED].choice(language), turn.person])
            return
        appointment = found[0]
        kind = word(f"order.kinds.{appointment['kind']}", language)
        when = when_and_where(appointment, language)
        matter = word("request_texts.appointment", language, kind=kind, **when)
        stage = appointment["stage"]
        phone = appointment["phone"]
        change = self._specs["installer_phone"].choice(language, details[ARTICLE])
        choices = [change if stage in AHEAD else report(turn, self._specs[REPORTED], matter), turn.person]
        turn.say(
            f"utter_appointment_{stage}",
            kind=kind,
            **when,
            phone=word("order.calls", language, ending=contact_as_written(phone)[-4:])
            if phone
            else word("order.calls_nobody", language),
            choices=[] if stage == "done" else choices,
        )

    async def appointment_ahead(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """Which appointment the new number is for; None where none is to come."""
        found = await self._billing.get(token, "/v1/appointments")
        language = turn.language
        ahead = next((one for one in found if one["stage"] in AHEAD), None)
        if ahead is None:
            turn.say("utter_installer_phone_none", choices=[self._specs[REPORTED].choice(language), turn.person])
            return None
        return when_and_where(ahead, language)

    async def installer_phone(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Has a person give the installer the new number: installers are contractors, whom no program reaches."""
        phone = details["installer_phone"]
        text = word(
            "request_texts.installer_phone",
            turn.language,
            phone=contact_as_written(phone),
            **{name: details[name] for name in ("date", "window", "place")},
        )
        await self._support.open(turn, self._specs[REPORTED], {**details, "description": text, "contact": phone})


def when_and_where(appointment: dict[str, Any], language: str) -> dict[str, str]:
    """The day, the window and the place of an appointment, in words."""
    opens, until = (datetime.datetime.fromisoformat(appointment[name]) for name in ("from", "until"))
    window = word("order.window", language, opens=clock(opens.time(), language), until=clock(until.time(), language))
    return {
        "date": weekday(opens, language),
        "window": window,
        "place": postal_code_as_written(appointment["postal_code"]),
    }


def postal_code_as_written(code: str) -> str:
    """ "K7L3N6" -> "K7L 3N6"."""
    return f"{code[:3]} {code[3:]}"


def part_line(found: dict[str, Any], part: dict[str, Any], language: str) -> str:
    """A part of the charge in a line: the days of the service, and the amount or that it is not known here."""
    key, amount = part["key"], part["amount"]
    days = {"days": str(found["days"]), "month": str(found["days_in_month"]), "until": day(found["until"], language)}
    kind = "service_one" if key == "service" and found["days"] == 1 else key
    name = word(f"order.parts.{kind}", language, **(days if key == "service" else {}))
    about = "order.about" if key == "shipping" else "order.amount"
    said = word(about, language, amount=money(amount, language)) if amount else word("order.not_known", language)
    return word("order.line", language, name=name, amount=said)


def tax_line(tax: dict[str, Any], language: str) -> str:
    """A tax in a line, with its rate as the language writes it."""
    rate = str(format_decimal(tax["percent"], locale=LOCALES[language]))
    name = word(f"order.taxes.{tax['code']}", language, rate=rate)
    return word("order.line", language, name=name, amount=money(tax["amount"], language))


def _asked_again(turn: Turn, refused: BillingRefused) -> Exception:
    """What to raise for a value that billing refuses, which was said."""
    field = refused.told.get("field")
    wrong = {"ordered_on": "utter_wrong_ordered_on", "monthly_price": "utter_wrong_monthly_price"}
    if field in wrong:
        turn.say(wrong[field])
        return AskAgain(field)
    return no_such_place(turn, refused.problem) or refused
