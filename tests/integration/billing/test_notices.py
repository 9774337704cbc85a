"""What customers are told about changes: written with the change, handed over until taken, never twice."""

from datetime import UTC, datetime

import pytest

from billing.notice_models import NoticeRow


@pytest.fixture
def courier(client, bearer):
    """`await courier()` is what is to be sent now; `await courier.take([...])` takes it."""

    class Courier:
        async def __call__(self):
            response = await client.get("/v1/notices", headers=bearer(scope="notices"))
            assert response.status == 200
            return await response.json()

        async def take(self, ids):
            response = await client.post("/v1/notices/taken", json={"ids": ids}, headers=bearer(scope="notices"))
            return response.status

    return Courier()


async def test_nothing_is_told_where_nothing_happened(courier, read):
    await read("/v1/balance")
    assert await courier() == []


async def test_an_enrolment_is_told_to_the_contact_on_file_and_to_the_new_address(courier, write):
    status, answer = await write("POST", "/v1/ebill-enrolment", {"email": "bills@laurier.example"})
    assert status == 200
    told = await courier()
    assert {one["address"] for one in told} == {"comptes@laurier.example", "bills@laurier.example"}
    for one in told:
        assert (one["event"], one["reference"], one["brand"]) == ("ebill_enrolment", answer["reference"], "primus")
        assert (one["language"], one["channel"]) == ("fr", "email")
        assert one["values"]["email"] == "bills@laurier.example"


async def test_the_old_address_hears_of_the_new_one(courier, write):
    await write("POST", "/v1/ebill-enrolment", {"email": "old@laurier.example"})
    await courier.take([one["id"] for one in await courier()])
    await write("PUT", "/v1/ebill-email", {"email": "new@laurier.example"})
    told = {one["address"]: one["values"] for one in await courier()}
    assert set(told) == {"old@laurier.example", "new@laurier.example", "comptes@laurier.example"}
    assert told["old@laurier.example"]["previous"]["email"] == "old@laurier.example"


async def test_a_change_that_is_refused_or_changes_nothing_tells_nothing(courier, write):
    assert (await write("PUT", "/v1/ebill-email", {"email": "new@laurier.example"}))[0] == 409
    await write("POST", "/v1/ebill-enrolment", {"email": "bills@laurier.example"})
    first = await courier()
    await write("POST", "/v1/ebill-enrolment", {"email": "bills@laurier.example"})
    assert await courier() == first


async def test_the_same_write_again_is_told_once(courier, write):
    for _ in range(2):
        await write("POST", "/v1/ebill-enrolment", {"email": "comptes@laurier.example"}, key="the-same-1")
    assert len(await courier()) == 1


async def test_what_is_taken_is_listed_no_more_and_taking_it_again_does_no_harm(courier, write):
    await write("POST", "/v1/ebill-enrolment", {"email": "comptes@laurier.example"})
    ids = [one["id"] for one in await courier()]
    assert [await courier.take(ids), await courier.take(ids)] == [200, 200]
    assert await courier() == []


@pytest.mark.parametrize("ids", [[], ["1"], [True], [0], [2**31], "1", None, list(range(1, 202))])
async def test_a_list_that_makes_no_sense_is_refused(courier, ids):
    assert await courier.take(ids) == 422


@pytest.mark.parametrize("scope", ["account", "locate", "catalogue"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/notices"), ("POST", "/v1/notices/taken")])
async def test_only_the_gateway_reads_where_customers_can_be_reached(client, bearer, scope, method, path):
    response = await client.request(method, path, json={"ids": [1]}, headers=bearer(scope=scope))
    assert response.status == 403


async def test_the_notice_token_reads_nothing_else(client, bearer):
    assert (await client.get("/v1/balance", headers=bearer(scope="notices"))).status == 403
    body = {"brand": "primus", "account": "1002003001", "postal_code": "H2X 1Y4"}
    assert (await client.post("/v1/locate", json=body, headers=bearer(scope="notices"))).status == 403


async def test_a_promise_is_told_at_once_and_reminded_of_before_its_day(courier, write, clock):
    wrs = {"account": "50010002", "brand": "wrs"}
    status, promise = await write("POST", "/v1/payment-promises", {"amount": "20.00", "date": "2026-03-12"}, **wrs)
    assert status == 201
    (now,) = await courier()
    assert (now["event"], now["values"]["date"]) == ("payment_promise", "2026-03-12")
    await courier.take([now["id"]])
    assert await courier() == []
    on = datetime.fromisoformat(promise["reminder_on"] + "T10:00-05:00")
    clock.now = on.astimezone(UTC)
    (reminder,) = await courier()
    assert (reminder["event"], reminder["reference"]) == ("promise_reminder", promise["reference"])
    assert reminder["values"]["amount"]["amount"] == "20.00"


async def test_a_promise_that_another_replaced_is_not_reminded_of(courier, write, clock, rows):
    wrs = {"account": "50010002", "brand": "wrs"}
    await write("POST", "/v1/payment-promises", {"amount": "20.00", "date": "2026-03-12"}, **wrs)
    await write("POST", "/v1/payment-promises", {"amount": "20.00", "date": "2026-03-11"}, **wrs)
    await courier.take([one["id"] for one in await courier()])
    clock.now = datetime(2026, 3, 12, 3, tzinfo=UTC)
    reminded = await courier()
    assert [one["values"]["date"] for one in reminded] == ["2026-03-11"]
    assert [row.dropped for row in await rows(NoticeRow) if row.event == "promise_reminder"] == [True, False]


async def test_a_promise_for_today_is_not_reminded_of(courier, write, clock):
    wrs = {"account": "50010002", "brand": "wrs"}
    await write("POST", "/v1/payment-promises", {"amount": "20.00", "date": "2026-03-05"}, **wrs)
    assert [one["event"] for one in await courier()] == ["payment_promise"]


async def test_a_new_user_and_the_contact_on_file_hear_of_a_registration(courier, client, bearer):
    body = {
        "account": "1002003001", "postal_code": "H2X 1Y4", "name": "Luc Roy", "email": "luc@laurier.example",
        "accept_terms": True,
    }  # fmt: skip
    headers = {**bearer(scope="locate", conversation="c1"), "Idempotency-Key": "registration-1"}
    response = await client.post("/v1/eservice-registrations", json=body, headers=headers)
    assert response.status == 201, await response.text()
    told = await courier()
    assert {one["address"] for one in told} == {"luc@laurier.example", "comptes@laurier.example"}
    assert told[0]["values"]["name"] == "Luc Roy"
