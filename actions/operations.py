"""The requests that the assistant carries out itself: the function of each by the name that `requests.yml` gives it.

A `prepare` function runs before the fields are asked for (`begin` in requests.yml) or when all are there and before the yes
(`prepare`): it reads what the questions must rest on and returns what they say (text by name), or says why there is nothing to do and
returns None. A `carry_out` function does it and says the outcome; where the backend knows no such value it says so and raises AskAgain.
Where a person must do it after all, it returns the details of a support request that takes its place. Both get the turn, a token of the
request's scope and the details; where billing cannot be asked they raise BillingError. Choices that they said last are then offered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from actions.billing_client import BillingClient
from actions.bills import Bills
from actions.calls import Calls
from actions.delivery import Delivery
from actions.field_service import FieldService
from actions.gateway_client import GatewayClient
from actions.internet import Internet
from actions.live_answers import LiveAnswers
from actions.moves import Moves
from actions.orders import Orders
from actions.payment_notices import PaymentNotices
from actions.payments import Payments
from actions.profile import Profile
from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn

Details = dict[str, Any]
Prepare = Callable[[Turn, str, Details], Awaitable[dict[str, Any] | None]]
CarryOutFunction = Callable[[Turn, str, Details], Awaitable[Details | None]]


@dataclasses.dataclass(frozen=True)
class Operations:
    """The functions by name."""

    prepare: dict[str, Prepare]
    carry_out: dict[str, CarryOutFunction]


def operations(specs: dict[str, RequestSpec], billing: BillingClient, gateway: GatewayClient) -> Operations:
    """All of them, each topic's from its own module."""
    bills, delivery = Bills(billing), Delivery(billing, specs)
    profile, calls = Profile(billing, specs), Calls(billing, specs)
    payments, notices = Payments(billing), PaymentNotices(billing, specs)
    support = SupportRequests(gateway, specs)
    internet, moves = Internet(billing, support, specs), Moves(support, specs)
    machines = FieldService(billing, gateway, support, specs)
    live, orders = LiveAnswers(billing, specs), Orders(billing, support, specs)
    return Operations(
        prepare={
            "plans": internet.plans,
            "order_plans": orders.order_plans,
            "appointment_ahead": orders.appointment_ahead,
            "tell_return": internet.tell_return,
            "reconnection": internet.reconnection,
            "tell_remote_first": machines.tell_remote_first,
            "visits_left": machines.visits_left,
            "autopay_to_start": payments.autopay_to_start,
            "autopay_to_stop": payments.autopay_to_stop,
            "promise_possible": notices.promise_possible,
            "promise_before": notices.promise_before,
            "which_bill": bills.which_bill,
            "disputed_bill": bills.disputed_bill,
            "ebill_address": delivery.ebill_address,
            "paper": delivery.paper,
            "room_for_account": profile.room_for_account,
            "removable": profile.removable,
            "removal": profile.removal,
            "transfer": profile.transfer,
            "pie_state": calls.pie_state,
            "pie_request": calls.pie_request,
        },
        carry_out={
            "check_availability": internet.check_availability,
            "check_modem": internet.check_modem,
            "change_plan": internet.change_plan,
            "return_modem": internet.return_modem,
            "reconnect_service": internet.reconnect_service,
            "move_services": moves.move_services,
            "check_coverage": machines.check_coverage,
            "onsite_estimate": machines.onsite_estimate,
            "request_technician": machines.request_technician,
            "schedule_maintenance": machines.schedule_maintenance,
            "premier_access": machines.premier_access,
            "check_balance": bills.check_balance,
            "recent_activity": bills.recent_activity,
            "latest_bill": bills.latest_bill,
            "reprint_bill": bills.reprint_bill,
            "explain_bill": bills.explain_bill,
            "pay_bill": payments.pay_bill,
            "set_up_autopay": payments.set_up_autopay,
            "cancel_autopay": payments.cancel_autopay,
            "report_payment": notices.report_payment,
            "promise_to_pay": notices.promise_to_pay,
            "enroll_ebill": delivery.enroll_ebill,
            "change_ebill_email": delivery.change_ebill_email,
            "register_eservice": profile.register_eservice,
            "add_account": profile.add_account,
            "list_users": profile.list_users,
            "call_details": calls.call_details,
            "list_requests": support.list_requests,
            "modem_delivery": live.modem_delivery,
            "next_autopay": payments.next_autopay,
            "reminder_stage": live.reminder_stage,
            "order_charge": orders.order_charge,
            "track_parcel": orders.track_parcel,
            "installation_appointment": orders.installation_appointment,
            "installer_phone": orders.installer_phone,
        },
    )
