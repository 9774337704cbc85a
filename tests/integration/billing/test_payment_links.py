"""A link to pay by: one amount, one use, thirty minutes; its page; and one payment whatever happens."""

import asyncio
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from billing.app import create_app
from billing.models import AuditRow, PaymentRow
from billing.money_models import PaymentLinkRow
from billing.web import BACKEND


def money(amount):
    return {"amount": amount, "currency": "CAD"}


@pytest.fixture
def new_link(write):
    """The path of a new link's page, and the answer."""

    async def make(amount=None, **options):
        status, answer = await write("POST", "/v1/payment-links", {"amount": amount} if amount else {}, **options)
        assert status == 201, answer
        return urlsplit(answer["url"]).path, answer

    return make


async def post(client, path, choice="pay", **options):
    response = await client.post(path, data={"choice": choice}, **options)
    return response.status, await response.text()


async def test_a_link_is_for_the_whole_balance(write, rows):
    status, answer = await write("POST", "/v1/payment-links", {})
    assert status == 201
    assert re.fullmatch(r"http://localhost:8080/pay/[A-Za-z0-9_-]{32}", answer.pop("url"))
    reference = answer.pop("reference")
    assert re.fullmatch(r"L-[2-9A-Z]{8}", reference)
    assert answer == {
        "amount": money("284.52"),
        "bill": "P-90871",
        "state": "open",
        "expires_at": "2026-03-05T22:00:00-05:00",
        "receipt": None,
        "changed": True,
        "at": "2026-03-05T21:30:00-05:00",
    }
    (audit,) = await rows(AuditRow)
    assert (audit.action, audit.reference, audit.after["amount"]) == ("payment_link", reference, "284.52")


@pytest.mark.parametrize(
    ("body", "type_", "member"),
    [
        ({"amount": "284.53"}, "amount-too-large", {"largest": money("284.52")}),
        ({"amount": "0.99"}, "amount-too-small", {"least": money("1.00")}),
        ({"amount": "0.00"}, "invalid-field", {"field": "amount"}),
        ({"amount": "-5.00"}, "invalid-field", {"field": "amount"}),
        ({"amount": "5.5"}, "invalid-field", {"field": "amount"}),
        ({"amount": 5}, "invalid-field", {"field": "amount"}),
        ({"amount": "１００"}, "invalid-field", {"field": "amount"}),
        ({"account": "1002003002"}, "invalid-field", {"field": "account"}),
    ],
)
async def test_another_amount_is_refused(write, rows, body, type_, member):
    status, problem = await write("POST", "/v1/payment-links", body)
    assert (status, problem["type"]) == (422, f"urn:billing:problem:{type_}")
    assert member.items() <= problem.items()
    assert await rows(PaymentLinkRow) == []


async def test_an_account_that_owes_nothing_has_nothing_to_pay(write):
    status, problem = await write("POST", "/v1/payment-links", {}, account="50010001", brand="wrs", language="fr")
    assert (status, problem["title"]) == (409, "Rien à payer")


async def test_the_same_request_again_is_the_same_link(write, rows):
    first = await write("POST", "/v1/payment-links", {}, key="link-0001")
    assert await write("POST", "/v1/payment-links", {}, key="link-0001") == first
    assert (await write("POST", "/v1/payment-links", {"amount": "5.00"}, key="link-0001"))[0] == 422
    assert len(await rows(PaymentLinkRow)) == 1


async def test_a_new_link_ends_the_one_before(client, new_link, read):
    old, answer = await new_link()
    new, _ = await new_link("100.00")
    assert (await client.get(old)).status == 410
    assert (await client.get(new)).status == 200
    assert (await read(f"/v1/payment-links/{answer['reference']}"))[1]["state"] == "expired"


async def test_the_page_is_in_the_account_s_language_and_leads_to_the_other(client, new_link):
    path, answer = await new_link("100.00")
    french = await client.get(path, headers={"Accept-Language": "en"})
    assert french.status == 200
    text = await french.text()
    for part in ('lang="fr-CA"', "PRIMUS", "100,00\u00a0$", "P-90871", answer["reference"], "Page de démonstration"):
        assert part in text
    assert 'href="?language=en"' in text
    english = await (await client.get(path, params={"language": "en"})).text()
    assert 'lang="en-CA"' in english
    assert "$100.00" in english
    assert "no card number is asked for" in english
    assert 'action="?language=en"' in english
    assert "March 5, 2026, 10:00\u202fp.m." in english


async def test_the_page_runs_nothing_keeps_nothing_and_leaks_nothing(client, new_link):
    path, _ = await new_link()
    response = await client.get(path)
    text = await response.text()
    assert "<script" not in text
    assert "http" not in text  # nothing is loaded from anywhere
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    # Each control has a name, and the page one heading.
    assert len(re.findall(r"<h1>", text)) == 1
    assert len(re.findall(r"<button[^>]*>[^<]+</button>", text)) == 2


async def test_a_name_that_looks_like_markup_is_shown_as_text(client, new_link, database):
    path, _ = await new_link()
    async with database.writing() as session:
        row = await session.get_one(PaymentLinkRow, 1)
        row.bill_number = "<b>&x"
    assert "&lt;b&gt;&amp;x" in await (await client.get(path)).text()


async def test_paying_makes_one_payment_and_the_balance_falls(client, new_link, read, rows, today):
    path, answer = await new_link("100.00")
    before = len(await rows(PaymentRow))
    status, text = await post(client, path)
    assert status == 200
    assert "Paiement reçu" in text
    (payment,) = (await rows(PaymentRow))[before:]
    assert (str(payment.amount), payment.paid_on, payment.method) == ("100.00", today, "online")
    assert payment.number in text
    assert (await read("/v1/balance"))[1]["balance"] == money("184.52")
    assert (await read("/v1/balance"))[1]["past_due"] == money("0.00")
    assert (await read("/v1/activity"))[1][0]["number"] == payment.number
    status, state = await read(f"/v1/payment-links/{answer['reference']}")
    assert (state["state"], state["receipt"]) == ("paid", payment.number)
    assert "url" not in state
    audit = next(row for row in await rows(AuditRow) if row.action == "payment")
    assert (audit.reference, audit.conversation) == (payment.number, "conversation-1")
    assert audit.after == {"link": answer["reference"], "state": "paid", "amount": "100.00"}


async def test_a_link_serves_once(client, new_link, rows):
    path, _ = await new_link()
    await post(client, path)
    paid = await rows(PaymentRow)
    for status, text in (await post(client, path), await post(client, path, "decline")):
        assert status == 410
        assert "Ce lien a déjà servi" in text
        assert paid[-1].number in text
    opened = await client.get(path, params={"language": "en"})
    assert opened.status == 410
    assert "already been used" in await opened.text()
    assert len(await rows(PaymentRow)) == len(paid)


async def test_a_declined_payment_takes_nothing(client, new_link, read, rows):
    path, answer = await new_link()
    before = len(await rows(PaymentRow))
    status, text = await post(client, path + "?language=en", "decline")
    assert (status, "was declined and nothing was taken" in text) == (200, True)
    assert (await post(client, path))[0] == 410
    assert len(await rows(PaymentRow)) == before
    assert (await read(f"/v1/payment-links/{answer['reference']}"))[1]["state"] == "declined"
    assert [row.action for row in await rows(AuditRow)] == ["payment_link", "payment_declined"]


async def test_an_expired_link_takes_nothing(client, new_link, rows, clock):
    path, _ = await new_link()
    before = len(await rows(PaymentRow))
    clock.now += timedelta(minutes=30)
    for status, text in (await post(client, path), ((r := await client.get(path)).status, await r.text())):
        assert status == 410
        assert "Ce lien n’est plus valide" in text
    assert len(await rows(PaymentRow)) == before


@pytest.mark.parametrize("token", ["x", "A" * 32, "A" * 500, "%00", "..%2F..", "é"])
async def test_an_unknown_link_is_a_plain_page(client, token):
    response = await client.get(f"/pay/{token}", headers={"Accept-Language": "fr"})
    assert response.status == 404
    assert response.content_type == "text/html"
    assert "Page introuvable" in await response.text()
    assert (await client.post(f"/pay/{token}", data={"choice": "pay"})).status == 404


@pytest.mark.parametrize("data", [{}, {"choice": ""}, {"choice": "free"}, {"amount": "1.00"}])
async def test_a_form_that_is_not_the_page_s_changes_nothing(client, new_link, rows, data):
    path, _ = await new_link()
    assert (await client.post(path, data=data)).status == 400
    assert (await rows(PaymentLinkRow))[0].state == "open"


async def test_ten_at_once_make_one_payment(client, new_link, rows):
    path, _ = await new_link()
    before = len(await rows(PaymentRow))
    answers = await asyncio.gather(*(post(client, path) for _ in range(10)))
    (payment,) = (await rows(PaymentRow))[before:]
    assert {status for status, _ in answers} <= {200, 410}
    assert all(payment.number in text for _, text in answers)


async def test_at_once_over_two_processes_make_one_payment(client, aiohttp_client, new_link, rows, clock, read):
    other = await aiohttp_client(create_app(settings=client.app[BACKEND].settings, clock=clock))
    path, _ = await new_link("50.00")
    before = len(await rows(PaymentRow))
    await asyncio.gather(*(post(on, path) for _ in range(4) for on in (client, other)))
    assert len(await rows(PaymentRow)) == before + 1
    assert (await read("/v1/balance"))[1]["balance"] == money("234.52")


async def test_nobody_reads_the_link_of_another_account(new_link, read):
    _, answer = await new_link()
    for account in ("1002003002", "1002003004"):
        status, problem = await read(f"/v1/payment-links/{answer['reference']}", account)
        assert (status, problem["type"]) == (404, "urn:billing:problem:no-such-link")
    assert (await read("/v1/payment-links/%00"))[0] == 404
