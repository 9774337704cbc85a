"""Each write of billing: twenty at once with one key are done once, another body under it is refused, and it is kept for 24 hours."""

import asyncio
from datetime import timedelta

import pytest

from billing.models import AuditRow

LAURIER = {"account": "1002003001", "brand": "primus"}
NORTHGATE = {"account": "1002003002", "brand": "primus"}
MARC = {"account": "50010002", "brand": "wrs"}
MINUIT = {"account": "1002003004", "postal_code": "J8X2K1"}
JEAN = {**MINUIT, "name": "Jean Minuit", "email": "jean@cafe.example", "accept_terms": True}
# (method, path, whose, body, another body; a string: the method that stands for it where there is no body)
WRITES = [
    ("post", "/v1/payment-links", LAURIER, {"amount": "5.00"}, {"amount": "6.00"}),
    ("put", "/v1/autopay", LAURIER, None, "delete"),
    ("post", "/v1/payment-reports", LAURIER, {"amount": "5.00", "date": "2026-03-01", "method": "cheque"},
     {"amount": "6.00", "date": "2026-03-01", "method": "cheque"}),
    ("post", "/v1/payment-promises", MARC, {"amount": "5.00", "date": "2026-03-09"}, {"amount": "6.00", "date": "2026-03-09"}),
    ("post", "/v1/bills/P-90871/document", LAURIER, {"language": "fr"}, {"language": "en"}),
    ("post", "/v1/ebill-enrolment", LAURIER, {"email": "a@laurier.example"}, {"email": "b@laurier.example"}),
    ("put", "/v1/ebill-email", NORTHGATE, {"email": "a@northgate.example"}, {"email": "b@northgate.example"}),
    ("post", "/v1/profile-accounts", LAURIER, MINUIT, {**MINUIT, "account": "1002003003"}),
    ("post", "/v1/call-details/document", NORTHGATE, {"language": "en"}, {"language": "fr"}),
    ("post", "/v1/eservice-registrations", {"scope": "locate"}, JEAN, {**JEAN, "name": "Luc Minuit"}),
]  # fmt: skip


def test_every_write_with_a_key_is_here_or_has_its_own(client):
    own = {"/v1/maintenance-visits", "/v1/premier-access", "/v1/notices/taken", "/v1/locate", "/pay/{token}"}
    known = {path.replace("P-90871", "{number}") for _, path, *_ in WRITES}
    writes = {
        r.resource.canonical for r in client.app.router.routes() if r.method in ("POST", "PUT", "DELETE", "PATCH")
    }
    assert writes == known | own


@pytest.mark.parametrize(("method", "path", "whose", "body", "another"), WRITES, ids=[one[1] for one in WRITES])
async def test_once_for_a_key_which_is_kept_a_day(client, bearer, clock, rows, method, path, whose, body, another):
    async def ask(body=body, method=method):
        headers = {**bearer(**whose), "Idempotency-Key": "the-one-key"}
        response = await client.request(method, path, json=body, headers=headers)
        return response.status, await response.json()

    answers = await asyncio.gather(*(ask() for _ in range(20)))
    assert answers[0][0] in (200, 201), answers[0]
    assert all(answer == answers[0] for answer in answers)
    assert len(await rows(AuditRow)) == 1
    other = await (ask(method=another) if isinstance(another, str) else ask(another))
    assert (other[0], other[1]["type"]) == (422, "urn:billing:problem:idempotency-key-reused")
    clock.now += timedelta(hours=23, minutes=59)
    assert await ask() == answers[0]
    assert len(await rows(AuditRow)) == 1
    clock.now += timedelta(minutes=2)
    later = await (ask(method=another) if isinstance(another, str) else ask(another))
    assert later[1].get("type") != "urn:billing:problem:idempotency-key-reused", "after a day the key is free again"
