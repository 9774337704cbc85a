"""The routes about services: Internet service, and machines with their contracts. Most of them need no account."""

from __future__ import annotations

from aiohttp import web

from billing import field_service_handlers as field
from billing import internet_handlers as internet
from billing import order_handlers as orders
from billing.web import for_customer, for_visitor


def service_routes() -> list[web.RouteDef]:
    """The routes, each with who may call it, and for visitors with what the brand must offer (`data/brands.yml`)."""
    return [
        web.get("/v1/availability", for_visitor(internet.check_availability, offer="availability")),
        web.get("/v1/modems", for_visitor(internet.modems, offer="modems")),
        web.get("/v1/plans", for_visitor(internet.plans, offer="plans")),
        web.get("/v1/account/plans", for_customer(internet.account_plans)),
        web.get("/v1/modem-delivery", for_visitor(internet.modem_delivery, offer="modem_delivery")),
        web.get("/v1/order-charge", for_visitor(orders.charge, offer="order_charge")),
        web.get("/v1/shipments", for_customer(orders.shipments)),
        web.get("/v1/appointments", for_customer(orders.appointments)),
        web.get("/v1/reconnection", for_customer(internet.reconnection)),
        web.get("/v1/equipment/{serial}", for_visitor(field.equipment_by_serial, offer="equipment")),
        web.get("/v1/coverage", for_visitor(field.coverage, offer="coverage")),
        web.get("/v1/onsite-estimate", for_visitor(field.onsite_estimate, offer="onsite_estimate")),
        web.get("/v1/maintenance", for_visitor(field.maintenance, offer="maintenance_visit")),
        web.post("/v1/maintenance-visits", for_visitor(field.maintenance_visit, offer="maintenance_visit")),
        web.post("/v1/premier-access", for_visitor(field.premier_access, offer="premier_access")),
    ]
