"""The latest bill explained, bills as documents, and the links that open them."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from billing.models import AuditRow, BillLineRow
from billing.money import CAD, total
from billing.money_models import DocumentLinkRow


def money(amount):
    return {"amount": amount, "currency": "CAD"}


@pytest.fixture
def link(write):
    async def make(number="P-90871", language="fr", **options):
        return await write("POST", f"/v1/bills/{number}/document", {"language": language}, **options)

    return make


def path_of(answer):
    return urlsplit(answer["url"]).path


async def test_the_latest_bill_is_explained_against_the_one_before(read):
    status, answer = await read("/v1/bills/latest/explanation")
    assert (status, answer["number"], answer["previous"]["number"]) == (200, "P-90871", "P-88410")
    assert (answer["change"], answer["difference"]) == ("more", money("84.52"))
    assert [(line["key"], line["change"]) for line in answer["lines"]] == [
        ("telephone_lines", "more"),
        ("internet", "more"),
        ("long_distance", "more"),
        ("gst", "more"),
        ("qst", "more"),
    ]
    first = answer["lines"][0]
    assert CAD(first["amount"]["amount"]) - CAD(first["previous"]["amount"]) == CAD(first["difference"]["amount"])
    assert total(CAD(line["difference"]["amount"]) for line in answer["lines"]) == CAD("84.52")


async def test_the_same_bill_again_is_explained_as_the_same(read):
    _, answer = await read("/v1/bills/latest/explanation", "50010002", brand="wrs")
    assert (answer["change"], answer["difference"]) == ("same", money("0.00"))
    assert {line["change"] for line in answer["lines"]} == {"same"}


async def test_a_first_bill_has_nothing_before_it(read):
    _, answer = await read("/v1/bills/latest/explanation", "1002003004")
    assert (answer["previous"], answer["change"], answer["difference"]) == (None, "new", None)
    assert {line["change"] for line in answer["lines"]} == {"new"}


async def test_lines_from_before_keys_are_explained_by_their_words(read, database):
    async with database.writing() as session:
        await session.execute(update(BillLineRow).values(key=None))
    _, answer = await read("/v1/bills/latest/explanation")
    assert {(line["key"], line["change"]) for line in answer["lines"]} == {("other", "more")}


async def test_without_a_bill_there_is_nothing_to_explain(read):
    status, problem = await read("/v1/bills/latest/explanation", "0012345680", brand="pitney-bowes")
    assert (status, problem["type"]) == (404, "urn:billing:problem:no-bill")


@pytest.mark.parametrize(
    ("language", "name", "tag"), [("fr", "facture-P-90871.pdf", b"(fr-CA)"), ("en", "bill-P-90871.pdf", b"(en-CA)")]
)
async def test_a_bill_opens_as_an_accessible_document(client, link, rows, language, name, tag):
    status, answer = await link(language=language)
    assert status == 201
    assert answer["expires_at"] == "2026-03-05T22:00:00-05:00"
    assert answer["url"].startswith("http://localhost:8080/documents/")
    response = await client.get(path_of(answer))
    assert response.status == 200
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert response.headers["Content-Language"] == language
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    pdf = await response.read()
    assert pdf.startswith(b"%PDF-1.7")
    for part in (b"/StructTreeRoot", b"/Marked true", b"/DisplayDocTitle true", b"pdfuaid:part", tag):
        assert part in re.sub(rb"\s+", b" ", pdf)
    (audit,) = await rows(AuditRow)
    assert (audit.action, audit.reference) == ("bill_document", answer["reference"])
    assert audit.after["number"] == "P-90871"


async def test_a_link_may_be_opened_again_until_it_is_30_minutes_old(client, link, clock):
    _, answer = await link(language="en")
    clock.now += timedelta(minutes=29, seconds=59)
    assert (await client.get(path_of(answer))).status == 200
    clock.now += timedelta(seconds=1)
    response = await client.get(path_of(answer), headers={"Accept-Language": "fr"})
    assert response.status == 410
    assert "no longer valid" in await response.text()


async def test_bills_older_than_three_months_are_left_to_people(link, rows):
    # P-83977 is 104 days old, P-86022 is 73.
    assert (await link("P-86022"))[0] == 201
    status, problem = await link("P-83977", language="fr")
    assert (status, problem["type"], problem["reprint_months"]) == (410, "urn:billing:problem:bill-too-old", 3)
    assert len(await rows(AuditRow)) == 1


async def test_a_brand_without_a_limit_prints_every_bill(link, clock):
    clock.now += timedelta(days=3000)
    assert (await link("W-39001", account="50010002", brand="wrs"))[0] == 201


async def test_unknown_bills_and_those_of_others_are_refused_alike(client, bearer, link):
    bodies = set()
    for n, number in enumerate(("P-90990", "P-00000", "W-40120", "latest", "%00", "P_1", "x" * 60)):
        response = await client.post(
            f"/v1/bills/{number}/document",
            json={"language": "fr"},
            headers={**bearer(), "Idempotency-Key": f"document-{n}"},
        )
        assert response.status == 404
        bodies.add(await response.read())
    assert len(bodies) == 1
    assert b"no-such-bill" in bodies.pop()


@pytest.mark.parametrize("body", [{}, {"language": "de"}, {"language": None}, {"language": "fr", "number": "P-90990"}])
async def test_a_document_is_asked_for_in_a_language(write, body):
    assert (await write("POST", "/v1/bills/P-90871/document", body))[0] == 422


async def test_the_same_key_for_another_bill_is_refused(link):
    first = await link(key="document-1")
    assert await link(key="document-1") == first
    assert (await link("P-88410", key="document-1"))[0] == 422


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "x" * 22, "y" * 300])
async def test_a_link_that_was_not_given_opens_nothing(client, link, token):
    await link()
    response = await client.get(f"/documents/{token}", headers={"Accept-Language": "fr"})
    assert response.status == 404
    assert "Page introuvable" in await response.text()


async def test_a_link_is_short_enough_for_a_text_message_and_never_the_same_twice(link):
    urls = {(await link(number))[1]["url"] for number in ("P-90871", "P-88410", "P-86022")}
    assert len(urls) == 3
    assert all(len(url.removeprefix("http://localhost:8080")) <= 40 for url in urls)


async def test_links_that_ended_long_ago_are_forgotten(client, link, rows, clock):
    _, old = await link()
    clock.now += timedelta(days=7, minutes=31)
    assert (await client.get(path_of(old))).status == 404
    await link()
    assert len(await rows(DocumentLinkRow)) == 1


async def test_a_customer_s_token_opens_no_document_and_the_reverse(client, bearer, link):
    token = bearer()["Authorization"].removeprefix("Bearer ")
    assert (await client.get(f"/documents/{token}")).status == 404
    _, answer = await link()
    headers = {"Authorization": f"Bearer {path_of(answer).rpartition('/')[2]}"}
    assert (await client.get("/v1/balance", headers=headers)).status == 401
