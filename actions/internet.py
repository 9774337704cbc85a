"""Internet service: where it can be had, which modem may be used, another plan, a modem sent back, a service put back.

What the company has not said (the fee and the delay of a reconnection, prices of plans) is never made up: a person tells it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from actions.billing_client import BillingClient, BillingRefused
from actions.equipment_fields import UNKNOWN, plan_named
from actions.form_events import no_such_place
from actions.listed import numbered
from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn
from actions.wording import word
from formats import LOCALES, day, money

PHONE_LINE = "phone-line"


class Internet:
    """Each function says what it found. Raises BillingError where billing cannot be asked."""

    def __init__(self, billing: BillingClient, support: SupportRequests, specs: dict[str, RequestSpec]) -> None:
        self._billing = billing
        self._support = support
        self._specs = specs

    async def check_availability(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Over whose lines service may be had at a postal code: never a promise for an address."""
        found = await self._at(turn, token, details["place"])
        networks = [one["network"] for one in found["technologies"]]
        if not networks:
            name = "utter_availability_none"
        elif networks == [PHONE_LINE]:
            name = "utter_availability_phone_line"
        else:
            name = "utter_availability_cable" if found["known"] else "utter_availability_several"
        percent = Decimal(turn.brand.figures["availability_certainty_percent"])
        turn.say(
            name,
            place=details["place"],
            networks=either(networks, turn.language),
            percent=str(format_decimal(percent, locale=LOCALES[turn.language])),
            choices=[turn.person],
        )

    async def check_modem(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Whether a modem may be used on the network of the address, or on each that the address may have."""
        networks = [details.get("network", UNKNOWN)]
        if networks == [UNKNOWN]:
            found = await self._at(turn, token, details["place"])
            networks = [one["network"] for one in found["technologies"]]
            if not networks:
                turn.say("utter_modems_no_network", place=details["place"], choices=[turn.person])
                return
        query = {
            name: details[name] for name in ("model", "firmware", "serial") if details.get(name, UNKNOWN) != UNKNOWN
        }
        verdicts = {
            network: await self._billing.get(token, "/v1/modems", network=network, **query) for network in networks
        }
        reasons = {verdict["reason"] for verdict in verdicts.values()}
        model = " ".join(part for part in modem_name(verdicts[networks[0]], details) if part)
        if len(networks) > 1 and reasons not in ({"reported-lost-or-stolen"}, {"not-listed"}):
            lines = [verdict_line(network, verdict, turn.language) for network, verdict in verdicts.items()]
            turn.say("utter_modems_by_network", model=model, lines="\n".join(f"- {line}" for line in lines))
            return
        verdict = verdicts[networks[0]]
        reason = verdict["reason"].replace("-", "_")
        turn.say(
            f"utter_modem_{reason}",
            model=model,
            network=either(networks, turn.language),
            firmware=", ".join(verdict["accepted_firmware"]),
            networks=either(verdict["networks"], turn.language),
            choices=[] if verdict["accepted"] else [turn.person],
        )

    async def plans(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """Lists the plans that the address can have, with the current one; None where there is no list."""
        found = await self._billing.get(token, "/v1/account/plans")
        if not found["plans"]:
            turn.say("utter_plans_none", choices=[turn.person])
            return None
        lines = [
            word("plans.current" if plan["current"] else "plans.other", turn.language, name=plan["name"][turn.language])
            for plan in found["plans"]
        ]
        name = "utter_plans" if found["known"] else "utter_plans_unsure"
        turn.say(name, lines=numbered(lines))
        listed = [{"id": plan["id"], **plan["name"]} for plan in found["plans"]]
        named = plan_named(details["first_message"], listed)
        return {
            **({"plan": named} if named else {}),
            "plans": listed,
            "current_plan": next((plan["id"] for plan in found["plans"] if plan["current"]), ""),
            "current_name": found["current"] or "",
        }

    async def change_plan(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Has a person change the plan, unless it is the customer's already."""
        wanted = next(plan for plan in details["plans"] if plan["id"] == details["plan"])
        if details["plan"] == details["current_plan"]:
            turn.say("utter_plan_same", plan=wanted[turn.language])
            return
        text = word(
            "request_texts.change_plan",
            turn.language,
            plan=wanted[turn.language],
            current=details["current_name"] or word("request_texts.not_known", turn.language),
        )
        await self._support.open(turn, self._specs["change_plan"], {**details, "description": text})
        turn.say("utter_plan_days")

    async def tell_return(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any]:
        """How a modem is sent back: it concerns everybody who asks, whoever opens the request."""
        figures = turn.brand.figures
        address = ", ".join(figures["modem_return_address"])
        turn.say("utter_return_modem_how", number=figures["modem_return_number"], address=address)
        return {}

    async def return_modem(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Puts the return on file."""
        text = word("request_texts.return_modem", turn.language, said=details["first_message"])
        await self._support.open(turn, self._specs["return_modem"], {**details, "description": text})

    async def reconnection(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """What comes before a reconnection; None where the service is not disconnected."""
        found = await self._billing.get(token, "/v1/reconnection")
        language = turn.language
        if found["disconnected_on"] is None:
            turn.say("utter_not_disconnected", choices=[self._specs["open_request"].choice(language), turn.person])
            return None
        owes = Decimal(found["owed"]["amount"]) > 0
        owed = money(found["owed"], language) if owes else ""
        date = day(found["disconnected_on"], language)
        turn.say(
            "utter_reconnection_owed" if owes else "utter_reconnection_paid",
            owed=owed,
            date=date,
            fee=fee_words(found["fee"], language),
            delay=delay_words(found["delay_business_days"], language),
        )
        return {"owed": owed, "disconnected": date}

    async def reconnect_service(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Has a person order the reconnection; what is owed can be paid at once."""
        language = turn.language
        owed = details["owed"] or word("request_texts.nothing", language)
        text = word("request_texts.reconnect_service", language, date=details["disconnected"], owed=owed)
        await self._support.open(turn, self._specs["reconnect_service"], {**details, "description": text})
        if details["owed"]:
            turn.say("utter_reconnection_pay", owed=details["owed"], choices=[self._specs["pay_bill"].choice(language)])

    async def _at(self, turn: Turn, token: str, place: str) -> dict[str, Any]:
        """What may be had at a postal code; where it is none of Canada's, it is asked for again."""
        try:
            return dict(await self._billing.get(token, "/v1/availability", postal_code=place))
        except BillingRefused as refused:
            raise no_such_place(turn, refused.problem) or refused from refused


def modem_name(verdict: dict[str, Any], details: dict[str, Any]) -> tuple[str, ...]:
    """Make and model as the list has them, else the model as it was given."""
    return (verdict["make"], verdict["model"]) if verdict["model"] else (details["model"],)


def verdict_line(network: str, verdict: dict[str, Any], language: str) -> str:
    """What holds on one network, in a line."""
    firmware = ", ".join(verdict["accepted_firmware"])
    name = word(f"choices.network.{network}", language)
    return word(f"modem_verdicts.{verdict['reason']}", language, network=name, firmware=firmware)


def either(networks: list[str], language: str) -> str:
    """The networks by their names: "Rogers ou Cogeco"."""
    return word("or", language).join(word(f"choices.network.{network}", language) for network in networks)


def fee_words(fee: dict[str, str] | None, language: str) -> str:
    """The fee of a reconnection; where the company has not set it, who tells it."""
    return (
        word("reconnection.fee", language, fee=money(fee, language))
        if fee
        else word("reconnection.fee_unknown", language)
    )


def delay_words(days: int | None, language: str) -> str:
    """How long a reconnection takes; where the company has not said it, who tells it."""
    return (
        word("reconnection.delay", language, days=str(days)) if days else word("reconnection.delay_unknown", language)
    )
