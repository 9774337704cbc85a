"""Machines and their contracts: what is covered, when a technician would come, preventive visits, the premier PIN.

A serial number finds a machine and proves nothing. The PIN itself is kept by the gateway and passes through `premier_access` once.
"""

from __future__ import annotations

import datetime
from typing import Any

from actions.billing_client import BillingClient, BillingError, BillingRefused
from actions.equipment_fields import BY_SERIAL
from actions.fields import account_number
from actions.form_events import AskAgain, no_such_place
from actions.gateway_client import GatewayClient, GatewayError, NotFound
from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn
from actions.wording import hours, opening, word
from formats import clock, day

QUOTED = ("none", "software-1")  # contracts whose visits are charged
UNITED_STATES = ("software-2", "software-premier")


class FieldService:
    """Each function says what it found. Raises BillingError where billing cannot be asked, AskAgain where it knows no such machine."""

    def __init__(
        self, billing: BillingClient, gateway: GatewayClient, support: SupportRequests, specs: dict[str, RequestSpec]
    ) -> None:
        self._billing = billing
        self._gateway = gateway
        self._support = support
        self._specs = specs

    async def check_coverage(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """What the contract says of the item that was asked about; of none: what it includes."""
        query = machine_or_contract(details)
        if "coverage_item" in details:
            query["item"] = details["coverage_item"]
        found = await self._of_machine(turn, token, "/v1/coverage", **query)
        contract = word(f"contracts.{found['contract']}", turn.language)
        if "coverage_item" in details:
            say_item(turn, found["items"][0], contract)
        else:
            say_included(turn, found["items"], contract)

    async def onsite_estimate(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """When a technician should come, were the need of a visit settled now; or why only a person can say."""
        query = machine_or_contract(details)
        if "place" in details:
            query["postal_code"] = details["place"]
        found = await self._of_machine(turn, token, "/v1/onsite-estimate", **query)
        contract = word(f"contracts.{found['contract']}", turn.language)
        technician = self._specs["request_technician"].choice(turn.language)
        if found["needs_quote"]:
            turn.say("utter_onsite_quote", contract=contract, choices=[technician, turn.person])
        elif found["needs_person"]:
            self._needs_person(turn, found, contract)
        else:
            opens, closes = (
                clock(datetime.time.fromisoformat(time), turn.language) for time in turn.brand.figures["onsite_hours"]
            )
            due = found["due_at"] and opening(found["due_at"], found["time_zone"], turn.language)
            turn.say(
                "utter_onsite_guaranteed" if found["guaranteed"] else "utter_onsite_target",
                contract=contract,
                zone=str(found["zone"]),
                hours=str(found["target_business_hours"]),
                due=word("onsite.due", turn.language, due=due) if due else "",
                opens=opens,
                closes=closes,
                choices=[technician],
            )

    def _needs_person(self, turn: Turn, found: dict[str, Any], contract: str) -> None:
        """Why no time can be told."""
        figures = turn.brand.figures
        if found["contract"] in UNITED_STATES:
            turn.say("utter_onsite_united_states", contract=contract, choices=[turn.person])
        elif found["zone"] is None:
            turn.say("utter_onsite_beyond", km=str(max(figures["zone_km"].values())), choices=[turn.person])
        else:
            zones = word("and", turn.language).join(map(str, figures["onsite_performance_zones"]))
            turn.say("utter_onsite_not_in_zone", contract=contract, zones=zones, choices=[turn.person])

    async def tell_remote_first(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any]:
        """What comes before a visit, and from when its hours are counted."""
        turn.say("utter_technician_remote_first", minutes=str(turn.brand.figures["remote_help_minutes"]))
        return {}

    async def request_technician(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Has a person see to a technician; without a contract that covers visits, a quote comes first."""
        onsite: dict[str, Any] = {}
        try:
            found = await self._billing.get(token, "/v1/onsite-estimate", serial=details["serial"])
            onsite = {name: found[name] for name in ("contract", "zone", "time_zone", "province")}
        except BillingError:  # the request is opened all the same: its reader finds out what the contract says
            pass
        spec = self._specs["request_technician"]
        await self._support.open(turn, spec, details, {"onsite": onsite})
        if onsite.get("contract") in QUOTED:
            turn.say("utter_technician_quote", contract=word(f"contracts.{onsite['contract']}", turn.language))

    async def visits_left(self, turn: Turn, token: str, details: dict[str, Any]) -> dict[str, Any] | None:
        """What the yes to a preventive visit rests on; None where the contract gives none, or none any more in the year of that day."""
        query = {name: details[name] for name in ("serial", "preferred_on")}
        try:
            found = await self._billing.get(token, "/v1/maintenance", **query)
        except BillingRefused as refused:
            self._say_visit_refused(turn, refused)
            return None
        if found["asked_for"]:  # after an answer that was lost
            date = day(details["preferred_on"], turn.language)
            turn.say("utter_visit_already", date=date, reference=found["asked_for"], left=str(found["left"]))
            return None
        if not found["allowed"]:
            self._no_contract(turn)
            return None
        if not found["left"]:
            self._used_up(turn)
            return None
        return {"allowed": str(found["allowed"])}

    async def schedule_maintenance(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Asks for the visit, once for the message that asked for it, and for the machine and day within the conversation."""
        body = {name: details[name] for name in ("serial", "preferred_on", "contact")}
        key = f"schedule_maintenance:{turn.conversation}:{details['key']}"
        try:
            done = await self._billing.write(token, "POST", "/v1/maintenance-visits", body, key)
        except BillingRefused as refused:
            self._say_visit_refused(turn, refused)
        except BillingError:
            turn.say("utter_visit_not_known")
        else:
            name = "utter_visit_asked_for" if done["changed"] else "utter_visit_already"
            date = day(done["preferred_on"], turn.language)
            turn.say(name, done=done, date=date, reference=done["reference"], left=str(done["left"]))

    def _say_visit_refused(self, turn: Turn, refused: BillingRefused) -> None:
        """Why there is no visit. Raises AskAgain for a value that can be another."""
        if refused.problem == "bad-visit-day":
            turn.say(f"utter_visit_day_{refused.told['reason'].replace('-', '_')}")
            raise AskAgain("preferred_on") from refused
        if refused.problem == "equipment-not-found":
            turn.say("utter_serial_unknown")
            raise AskAgain("serial") from refused
        if refused.problem == "no-contract":
            self._no_contract(turn)
        elif refused.problem == "visits-used-up":
            self._used_up(turn)
        else:
            turn.say("utter_visit_refused", choices=[turn.person])

    async def premier_access(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Tries the PIN that the gateway keeps; a right one leads past the queue. One sentence for all that may be wrong."""
        machine = details["machine"]
        name = "account" if account_number(machine, turn.brand) == machine else "serial"
        try:
            pin = await self._gateway.take_pin(turn.conversation)
        except NotFound as gone:
            turn.say("utter_pin_not_kept")
            raise AskAgain("pin") from gone
        except GatewayError:
            turn.say("utter_premier_not_known", choices=[turn.person])
            return
        try:
            await self._billing.write(token, "POST", "/v1/premier-access", {name: machine, "pin": pin}, details["key"])
        except BillingRefused:
            turn.say("utter_premier_refused", choices=[turn.person])
        except BillingError:
            turn.say("utter_premier_not_known", choices=[turn.person])
        else:
            await self._first_in_line(turn)

    async def _first_in_line(self, turn: Turn) -> None:
        try:
            place = await self._gateway.join_queue(turn.conversation, premier=True)
        except GatewayError:
            turn.say("utter_premier_no_queue", phone=turn.brand.contact["phone"])
            return
        open_hours = hours(turn.brand.hours, turn.language)
        if place["open"]:
            turn.say("utter_premier_open", place=str(place["place"]), hours=open_hours)
        else:
            opens = opening(place["opens_at"], turn.brand.hours["time_zone"], turn.language)
            turn.say("utter_premier_closed", place=str(place["place"]), hours=open_hours, opens=opens)

    async def _of_machine(self, turn: Turn, token: str, path: str, **query: str) -> dict[str, Any]:
        """What billing answers; a serial number or a place that it does not know is asked for again."""
        try:
            return dict(await self._billing.get(token, path, **query))
        except BillingRefused as refused:
            if refused.problem == "equipment-not-found":
                turn.say("utter_serial_unknown")
                raise AskAgain("serial", "contract") from refused
            raise no_such_place(turn, refused.problem) or refused from refused

    def _no_contract(self, turn: Turn) -> None:
        turn.say("utter_maintenance_no_contract", choices=[turn.person])

    def _used_up(self, turn: Turn) -> None:
        turn.say(
            "utter_maintenance_used_up",
            allowed=str(turn.brand.figures["maintenance_visits_per_year"]),
            choices=[turn.person],
        )


def machine_or_contract(details: dict[str, Any]) -> dict[str, str]:
    """How billing is told the contract: by the machine where its serial number is known."""
    if "serial" in details or details["contract"] == BY_SERIAL:
        return {"serial": details["serial"]}
    return {"contract": details["contract"]}


def say_item(turn: Turn, item: dict[str, Any], contract: str) -> None:
    """One line of the coverage table; what the source leaves open is said to be so."""
    name = item["name"][turn.language]
    if item["to_confirm"]:
        verdict = word(f"coverage.{item['coverage']}", turn.language)
        turn.say("utter_cover_to_confirm", item=name, contract=contract, verdict=verdict, choices=[turn.person])
    else:
        turn.say(f"utter_coverage_{item['coverage']}", item=name, contract=contract)


def say_included(turn: Turn, items: list[dict[str, Any]], contract: str) -> None:
    """The short list of what a contract includes."""
    included = [item for item in items if item["coverage"] == "included"]
    if any(item["coverage"] == "united_states_only" for item in items):
        turn.say("utter_cover_united_states", contract=contract, choices=[turn.person])
        return
    lines = [
        word(
            f"coverage.{'line_to_confirm' if item['to_confirm'] else 'line'}",
            turn.language,
            item=item["name"][turn.language],
        )
        for item in included
    ]
    turn.say("utter_cover_list", contract=contract, lines="\n".join(f"- {line}" for line in lines))
