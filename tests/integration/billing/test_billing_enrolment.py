"""Enrolment in the e-bill: once, with its audit, or not at all."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from billing import queries
from billing.app import create_app
from billing.models import AuditRow, IdempotencyKeyRow
from billing.web import BACKEND

AMELIE = {"email": "amelie@laurier.example"}
KEY = "enrol-0001"


@pytest.fixture
def enrol(client, bearer):
    async def post(body=None, *, key=KEY, account="1002003001", on=None, language="en", **token):
        headers = {**bearer(account, **token), "Accept-Language": language}
        if key is not None:
            headers["Idempotency-Key"] = key
        response = await (on or client).post(
            "/v1/ebill-enrolment", json=AMELIE if body is None else body, headers=headers
        )
        return response.status, await response.json()

    return post


async def rows(database, table):
    async with database.reading() as session:
        return (await session.scalars(select(table))).all()


async def delivery(database, account="1002003001"):
    async with database.reading() as session:
        row = await queries.account(session, brand="primus", number=account)
        return row.delivery, row.ebill_email


async def test_enrolling_stops_the_paper_bill_and_says_what_was_before(enrol, database):
    status, answer = await enrol()
    assert status == 200
    reference = answer.pop("reference")
    assert answer == {
        "delivery": "ebill",
        "email": "amelie@laurier.example",
        "previous": {"delivery": "paper", "email": None},
        "changed": True,
        "at": "2026-03-05T21:30:00-05:00",
    }
    assert reference.startswith("E-")
    assert len(reference) == 10
    assert await delivery(database) == ("ebill", "amelie@laurier.example")


async def test_enrolling_leaves_one_audit_row(enrol, database, clock):
    _, answer = await enrol(conversation="conversation-7")
    (row,) = await rows(database, AuditRow)
    assert (row.at, row.action, row.conversation, row.reference) == (
        clock.now,
        "ebill_enrolment",
        "conversation-7",
        answer["reference"],
    )
    assert row.before == {"delivery": "paper", "email": None}
    assert row.after == {"delivery": "ebill", "email": "amelie@laurier.example"}
    async with database.reading() as session:
        account = await queries.account(session, brand="primus", number="1002003001")
    assert row.account_id == account.id


async def test_the_same_request_again_hears_the_same_and_changes_nothing(enrol, database, clock):
    first = await enrol()
    clock.now += timedelta(hours=23)
    assert await enrol() == first
    assert len(await rows(database, AuditRow)) == 1


async def test_the_same_answer_comes_back_even_after_another_change(enrol, database):
    first = await enrol()
    await enrol({"email": "luc@laurier.example"}, key="enrol-0002")
    assert await enrol() == first
    assert await delivery(database) == ("ebill", "luc@laurier.example")


async def test_a_key_used_for_another_body_is_refused(enrol, database):
    await enrol()
    status, problem = await enrol({"email": "charlie@outside.example"})
    assert (status, problem["type"]) == (422, "urn:billing:problem:idempotency-key-reused")
    assert await delivery(database) == ("ebill", "amelie@laurier.example")


async def test_twenty_at_once_with_one_key_make_one_change(enrol, database):
    answers = await asyncio.gather(*(enrol() for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 200
    assert answers[0][1]["changed"] is True
    assert len(await rows(database, AuditRow)) == 1
    assert len(await rows(database, IdempotencyKeyRow)) == 1


async def test_twenty_at_once_over_two_processes_make_one_change(enrol, client, aiohttp_client, database, clock):
    other = await aiohttp_client(create_app(settings=client.app[BACKEND].settings, clock=clock))
    answers = await asyncio.gather(*(enrol(on=on) for _ in range(10) for on in (client, other)))
    assert all(answer == answers[0] for answer in answers)
    assert len(await rows(database, AuditRow)) == 1


async def test_twenty_at_once_with_twenty_keys_make_one_change_and_nineteen_find_it_done(enrol, database):
    answers = await asyncio.gather(*(enrol(key=f"enrol-{number:04}") for number in range(20)))
    assert [status for status, _ in answers] == [200] * 20
    assert sorted(answer["changed"] for _, answer in answers) == [False] * 19 + [True]
    assert len({answer["reference"] for _, answer in answers}) == 1
    assert len(await rows(database, AuditRow)) == 1


async def test_one_key_serves_each_account_by_itself(enrol, database):
    laurier, minuit = await asyncio.gather(enrol(), enrol({"email": "minuit@cafe.example"}, account="1002003004"))
    assert laurier[1]["changed"] is minuit[1]["changed"] is True
    assert len(await rows(database, AuditRow)) == 2


async def test_a_key_is_forgotten_after_24_hours(enrol, database, clock):
    await enrol()
    clock.now += timedelta(hours=24)
    status, answer = await enrol({"email": "luc@laurier.example"})
    assert (status, answer["changed"]) == (200, True)
    assert len(await rows(database, IdempotencyKeyRow)) == 1


async def test_already_enrolled_at_this_address_changes_nothing(enrol, database):
    _, first = await enrol()
    status, again = await enrol({"email": " Amelie@LAURIER.example "}, key="enrol-0002")
    assert status == 200
    assert again == {
        "reference": first["reference"],
        "delivery": "ebill",
        "email": "amelie@laurier.example",
        "previous": {"delivery": "ebill", "email": "amelie@laurier.example"},
        "changed": False,
        "at": "2026-03-05T21:30:00-05:00",
    }
    assert len(await rows(database, AuditRow)) == 1


async def test_an_enrolment_that_was_not_made_here_has_no_reference(enrol, database):
    status, answer = await enrol({"email": "office@northgate.example"}, account="1002003002")
    assert (status, answer["changed"], answer["reference"]) == (200, False, None)
    assert await rows(database, AuditRow) == []


async def test_a_new_address_replaces_the_old_one(enrol, database):
    _, answer = await enrol({"email": "priya@northgate.example"}, account="1002003002")
    assert answer["changed"] is True
    assert answer["previous"] == {"delivery": "ebill", "email": "office@northgate.example"}
    assert await delivery(database, "1002003002") == ("ebill", "priya@northgate.example")


@pytest.mark.parametrize(
    "email",
    [
        "amelie",
        "amelie@",
        "@laurier.example",
        "amelie@laurier",
        "a b@laurier.example",
        "amelie@laurier..example",
        "amélie@laurier.example",
        "amelie@laurier.example, luc@laurier.example",
        "amelie@localhost",
        "x" * 250 + "@a.ca",
    ],
)
async def test_an_address_that_is_none_is_refused(enrol, database, email):
    status, problem = await enrol({"email": email}, language="fr-CA")
    assert (status, problem["field"]) == (422, "email")
    assert problem["title"] in {"Adresse de courriel non valide", "Valeur non valide"}
    assert await delivery(database) == ("paper", None)
    assert await rows(database, IdempotencyKeyRow) == []


@pytest.mark.parametrize(
    "body", [{}, {"email": None}, {"email": 5}, {"email": ""}, {**AMELIE, "account": "1002003002"}]
)
async def test_a_body_of_another_shape_is_refused(enrol, database, body):
    status, problem = await enrol(body)
    assert (status, problem["type"]) == (422, "urn:billing:problem:invalid-field")
    assert await delivery(database) == ("paper", None)


@pytest.mark.parametrize("key", [None, "", "short", "k" * 129, "with a space", "clé-numéro-1"])
async def test_a_key_is_required(enrol, database, key):
    status, problem = await enrol(key=key)
    assert (status, problem["type"]) == (400, "urn:billing:problem:missing-idempotency-key")
    assert await delivery(database) == ("paper", None)


@pytest.mark.parametrize("key", ["k" * 8, "k" * 128])
async def test_a_key_has_8_to_128_characters(enrol, key):
    assert (await enrol(key=key))[0] == 200


@pytest.mark.parametrize(("brand", "account"), [("wrs", "50010001"), ("pitney-bowes", "0012345678")])
async def test_brands_without_e_bill_refuse_the_enrolment(enrol, database, brand, account):
    status, problem = await enrol(account=account, brand=brand, language="fr")
    assert (status, problem["type"]) == (403, "urn:billing:problem:ebill-not-offered")
    assert problem["detail"] == "Votre fournisseur n'offre pas l'inscription à la facture électronique."
    assert await rows(database, AuditRow) == []


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ({"scope": "locate"}, 403),
        ({"level": "located"}, 403),
        ({"aud": "desk"}, 401),
        ({"exp": 1}, 401),
        ({"secret": "an outsider's own secret, long enough"}, 401),
        ({"account": "1002003999"}, 404),
    ],
)
async def test_nobody_enrols_without_the_right_token(enrol, database, token, expected):
    assert (await enrol(**token))[0] == expected
    assert await delivery(database) == ("paper", None)
    assert await rows(database, AuditRow) == []


@pytest.mark.parametrize("table", ["audit", "idempotency_key"])
async def test_without_its_audit_or_its_key_the_change_is_not_made(enrol, database, refusing, table):
    async with refusing(table):
        status, problem = await enrol()
    assert (status, problem["type"]) == (500, "urn:billing:problem:internal-error")
    assert await delivery(database) == ("paper", None)
    assert await rows(database, AuditRow) == await rows(database, IdempotencyKeyRow) == []
    assert (await enrol())[1]["changed"] is True
