"""The internal port: closed without the secret; support requests that exist once; places in the queue."""

import asyncio
import datetime
import re

import pytest
from sqlalchemy import text

from desk.models import RequestEvent, SupportRequest
from gateway.database import open_database
from gateway.internal import Internal
from monitoring.figures import Figures
from monitoring.web import observe

REQUEST = {
    "key": "open_request:1",
    "kind": "open_request",
    "category": "support",
    "language": "fr",
    "description": "Ma ligne est en panne depuis ce matin.",
    "contact": "+15145550123",
    "details": {"first_message": "ma ligne est en panne"},
}


def internal_routes():
    """What follows the conversation in each route of the internal application, as the program has it."""
    internal = Internal(
        sessions=None, identity=None, shelf=None, pins=None, outbox=None, sort=None, secret="", now=None
    )
    routes = [route for route in internal.application(observe(Figures())).router.routes() if route.method != "HEAD"]
    assert all(route.method == "POST" for route in routes)
    return sorted(route.resource.canonical.rpartition("/")[2] for route in routes)


ROUTES = internal_routes()


def test_the_routes_are_those_that_these_tests_know():
    assert ROUTES == [
        "billing-token",
        "codes",
        "pin",
        "queue",
        "request-addition",
        "request-list",
        "request-status",
        "requests",
        "verification",
    ]


@pytest.mark.parametrize("what", ROUTES)
async def test_without_the_secret_every_route_refuses(gateway, what):
    talk = await gateway.talk()
    for secret in ("", "a secret of the tests, long enougH", "x" * 5000, talk.token, "é"):
        assert await talk.inside(what, {**REQUEST, "code": "1", "account": "x"}, secret) == (
            401,
            {"error": "unauthorized"},
        )
    assert await gateway.rows(SupportRequest) == []


@pytest.mark.parametrize("what", ROUTES)
async def test_an_unknown_conversation_is_refused(gateway, what):
    talk = await gateway.talk()
    talk.id = "somebody-elses"
    assert await talk.inside(what, REQUEST) == (404, {"error": "unknown_conversation"})


@pytest.mark.parametrize(
    ("what", "body"),
    [("codes", {}), ("verification", []), ("requests", {"key": "k"}), ("request-status", {}), ("requests", [])],
)
async def test_a_body_that_lacks_something_is_a_bad_request(gateway, what, body):
    talk = await gateway.talk()
    status, answer = await talk.inside(what, body)
    assert (status, answer["error"]) == (400, "bad_request")


@pytest.mark.parametrize("what", ROUTES)
async def test_the_public_port_has_none_of_these_routes(gateway, what):
    talk = await gateway.talk()
    status, _ = await gateway.call("POST", f"/internal/v1/conversations/{talk.id}/{what}", REQUEST, "x")
    assert status == 404


async def open_one(talk, **changes):
    status, body = await talk.inside("requests", {**REQUEST, **changes})
    assert status in (200, 201), body
    assert body["new"] is (status == 201)
    return body


async def test_a_request_is_on_file_when_its_number_is_given(gateway, clock):
    talk = await gateway.talk()
    opened = await open_one(talk)
    assert re.fullmatch(r"R-\d{7}", opened["number"])
    (row,) = await gateway.rows(SupportRequest)
    assert (row.number, row.brand, row.conversation, row.state) == (opened["number"], "primus", talk.id, "open")
    assert (row.description, row.contact, row.created_at) == (REQUEST["description"], REQUEST["contact"], clock.now)
    (event,) = await gateway.rows(RequestEvent)
    assert (event.request, event.what) == (row.id, "opened")


async def test_where_the_row_cannot_be_kept_no_number_is_given(gateway):
    talk = await gateway.talk()
    engine, _ = open_database(gateway.settings.database_url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE request_event"))
    await engine.dispose()
    url = f"{gateway.internal_url}/internal/v1/conversations/{talk.id}/requests"
    async with gateway.http.post(
        url, json=REQUEST, headers={"Authorization": f"Bearer {gateway.settings.internal_secret}"}
    ) as answer:
        assert answer.status == 500
        assert "R-" not in await answer.text()
    assert await gateway.rows(SupportRequest) == [], "the whole change or nothing"


async def test_the_same_key_finds_the_same_request(gateway):
    talk = await gateway.talk()
    first = await open_one(talk)
    again = await open_one(talk, description="Un autre texte, la même demande.")
    assert (again["number"], first["new"], again["new"]) == (first["number"], True, False)


async def test_the_same_matter_in_the_conversation_finds_the_same_request(gateway, clock):
    talk = await gateway.talk()
    first = await open_one(talk)
    assert (await open_one(talk, key="open_request:2"))["number"] == first["number"]
    other = await open_one(talk, key="open_request:3", description="Et l'Internet est lent aussi.")
    assert other["number"] != first["number"]
    clock.pass_(hours=25)
    assert (await open_one(talk, key="open_request:4"))["number"] != first["number"], "a day later it is another matter"


async def test_the_same_key_of_another_conversation_is_another_request(gateway):
    amelie, charlie = await gateway.talk(), await gateway.talk()
    assert (await open_one(amelie))["number"] != (await open_one(charlie))["number"]


async def test_twenty_at_once_make_one_request(gateway):
    talk = await gateway.talk()
    opened = await asyncio.gather(*(open_one(talk) for _ in range(20)))
    assert len({body["number"] for body in opened}) == 1
    assert sum(body["new"] for body in opened) == 1
    assert len(await gateway.rows(SupportRequest)) == 1


async def find(talk, number, contact):
    return await talk.inside("request-status", {"number": number, "contact": contact})


@pytest.mark.parametrize("contact", ["+15145550123", "514 555-0123", "(514) 555-0123", "1-514-555-0123"])
async def test_a_request_is_found_with_the_phone_that_was_given(gateway, contact):
    opened = await open_one(await gateway.talk())
    status, found = await find(await gateway.talk(), opened["number"], contact)
    assert status == 200
    assert (found["number"], found["state"], found["kind"]) == (opened["number"], "open", "open_request")
    assert datetime.datetime.fromisoformat(found["created_at"]).tzinfo is not None


async def test_a_request_is_found_with_the_mail_address_in_any_case(gateway):
    opened = await open_one(await gateway.talk(), contact="Amelie@Laurier.example")
    assert (await find(await gateway.talk(), opened["number"], "amelie@laurier.example"))[0] == 200


NOBODYS = ["+15145550124", "0123", "", "charlie@laurier.example", "amelie@laurier.example"]


@pytest.mark.parametrize("contact", NOBODYS)
async def test_a_request_is_not_found_with_another_contact(gateway, contact):
    opened = await open_one(await gateway.talk())
    assert await find(await gateway.talk(), opened["number"], contact) == (404, {"error": "not_found"})


async def test_a_number_that_is_nobodys_is_answered_like_a_wrong_contact(gateway):
    assert await find(await gateway.talk(), "R-0000000", REQUEST["contact"]) == (404, {"error": "not_found"})


async def test_a_request_is_not_found_by_another_brand(gateway):
    opened = await open_one(await gateway.talk("primus"))
    assert (await find(await gateway.talk("wrs"), opened["number"], REQUEST["contact"]))[0] == 404


async def join(talk):
    status, body = await talk.inside("queue")
    assert status == 200, body
    return body


async def test_places_in_the_queue_are_those_of_the_brand_in_the_order_of_asking(gateway, clock):
    first, second, other = await gateway.talk(), await gateway.talk(), await gateway.talk("wrs")
    places = []
    for talk in (first, second, other, first, second):
        places.append(((body := await join(talk))["place"], body["already"]))
        clock.pass_(minutes=1)
    assert places == [(1, False), (2, False), (1, False), (1, True), (2, True)]


async def test_outside_hours_a_conversation_stays_out_of_the_queue_where_that_is_asked(gateway, clock):
    clock.pass_(hours=10)
    talk, waits = await gateway.talk(), await gateway.talk()
    status, body = await talk.inside("queue", {"only_open": True})
    assert (status, body["queued"], body["place"], body["open"]) == (200, False, 0, False)
    assert (await talk.say("bonjour"))["handled_by"] == "assistant"
    await join(waits)
    body = (await waits.inside("queue", {"only_open": True}))[1]
    assert (body["queued"], body["place"], body["already"]) == (True, 1, True), "who waits keeps the place"


async def test_who_waits_in_the_queue_is_still_answered_by_the_assistant(gateway):
    talk = await gateway.talk()
    await join(talk)
    answer = await talk.say("encore une question")
    assert answer["handled_by"] == "queue"
    assert answer["replies"][0]["text"] == "you said encore une question"


@pytest.mark.parametrize(
    ("moment", "is_open", "opens_at"),
    [
        ("2026-11-23T17:00:00+00:00", True, "2026-11-24T08:00:00-05:00"),
        ("2026-11-24T02:00:00+00:00", False, "2026-11-24T08:00:00-05:00"),
        ("2026-11-28T17:00:00+00:00", False, "2026-11-30T08:00:00-05:00"),  # a Saturday
        ("2026-07-01T16:00:00+00:00", False, "2026-07-02T08:00:00-04:00"),  # Canada Day
        (
            "2027-01-01T02:00:00+00:00",
            False,
            "2027-01-04T08:00:00-05:00",
        ),  # New Year's Eve, already the next year in UTC
    ],
)
async def test_the_queue_says_whether_anybody_is_there_and_when_next(gateway, clock, moment, is_open, opens_at):
    clock.now = datetime.datetime.fromisoformat(moment)
    body = await join(await gateway.talk())
    assert (body["open"], body["opens_at"]) == (is_open, opens_at)
