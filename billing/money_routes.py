"""The routes of money, bills as documents, delivery, profile and call details, for the composition root."""

from __future__ import annotations

from aiohttp import web

from billing import (
    bill_handlers,
    call_handlers,
    delivery_handlers,
    document_pages,
    notices,
    payment_handlers,
    payment_pages,
    profile_handlers,
    promise_handlers,
)
from billing.web import for_courier, for_customer, for_gateway


def money_routes() -> list[web.RouteDef]:
    """The routes, each with who may call it. Those without a token are opened by customers: their address is the key."""
    return [
        web.get("/pay/{token}", payment_pages.payment_page),
        web.post("/pay/{token}", payment_pages.pay),
        web.get("/documents/{token}", document_pages.document),
        web.post("/v1/payment-links", for_customer(payment_handlers.new_payment_link)),
        web.get("/v1/payment-links/{reference}", for_customer(payment_handlers.payment_link_state)),
        web.get("/v1/autopay", for_customer(payment_handlers.autopay)),
        web.put("/v1/autopay", for_customer(payment_handlers.start_autopay)),
        web.delete("/v1/autopay", for_customer(payment_handlers.stop_autopay)),
        web.get("/v1/payment-reports", for_customer(promise_handlers.payment_reports)),
        web.post("/v1/payment-reports", for_customer(promise_handlers.new_payment_report)),
        web.get("/v1/payment-promises", for_customer(promise_handlers.payment_promises)),
        web.get("/v1/payment-promises/limits", for_customer(promise_handlers.payment_promise_limits)),
        web.post("/v1/payment-promises", for_customer(promise_handlers.new_payment_promise)),
        web.get("/v1/reminders", for_customer(promise_handlers.reminders)),
        web.get("/v1/bills/latest/explanation", for_customer(bill_handlers.latest_bill_explanation)),
        web.post("/v1/bills/{number}/document", for_customer(bill_handlers.bill_document)),
        web.post("/v1/ebill-enrolment", for_customer(delivery_handlers.ebill_enrolment)),
        web.put("/v1/ebill-email", for_customer(delivery_handlers.ebill_email)),
        web.post("/v1/eservice-registrations", for_gateway(profile_handlers.register)),
        web.get("/v1/users", for_customer(profile_handlers.users)),
        web.post("/v1/profile-accounts", for_customer(profile_handlers.add_account)),
        web.get("/v1/call-details/summary", for_customer(call_handlers.call_summary)),
        web.get("/v1/notices", for_courier(notices.notices)),
        web.post("/v1/notices/taken", for_courier(notices.notices_taken)),
        web.post("/v1/call-details/document", for_customer(call_handlers.calls_document)),
    ]
