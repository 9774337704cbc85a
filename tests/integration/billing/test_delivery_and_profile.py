"""The address of the e-bill, and the e-service profile: people and accounts."""

import asyncio
from datetime import timedelta

import pytest

from billing.models import AccountUserRow, AuditRow
from billing.money_models import ProfileAccountRow

NORTHGATE = "1002003002"
MINUIT = {"account": "1002003004", "postal_code": "J8X 2K1"}
PERSON = {"name": "Jean Minuit", "email": "jean@cafe.example", "accept_terms": True}


@pytest.fixture
def change_email(write):
    async def put(email, **options):
        return await write("PUT", "/v1/ebill-email", {"email": email}, **{"account": NORTHGATE, **options})

    return put


@pytest.fixture
def register(write):
    async def post(**changes):
        options = {name: changes.pop(name) for name in ("key", "scope", "language", "conversation") if name in changes}
        body = {**MINUIT, **PERSON, **changes}
        return await write("POST", "/v1/eservice-registrations", body, **{"scope": "locate", **options})

    return post


async def test_the_last_change_of_address_wins_and_says_what_it_replaced(change_email, read, rows, clock):
    status, first = await change_email("priya@northgate.example")
    assert status == 200
    assert first.pop("reference").startswith("E-")
    assert first == {
        "email": "priya@northgate.example",
        "previous": {"email": "office@northgate.example", "since": None},
        "changed": True,
        "at": "2026-03-05T21:30:00-05:00",
    }
    clock.now += timedelta(hours=1)
    _, second = await change_email("tom@northgate.example")
    assert second["previous"] == {"email": "priya@northgate.example", "since": "2026-03-05T21:30:00-05:00"}
    assert (await read("/v1/account", NORTHGATE))[1]["ebill_email"] == "tom@northgate.example"
    assert [row.action for row in await rows(AuditRow)] == ["ebill_email", "ebill_email"]


async def test_the_same_address_again_changes_nothing(change_email, rows):
    _, first = await change_email("priya@northgate.example")
    _, again = await change_email("PRIYA@northgate.example")
    assert (again["changed"], again["reference"]) == (False, first["reference"])
    assert len(await rows(AuditRow)) == 1


async def test_a_paper_bill_has_no_address_to_change(change_email):
    status, problem = await change_email("amelie@laurier.example", account="1002003001")
    assert (status, problem["type"]) == (409, "urn:billing:problem:no-ebill")


async def test_bad_addresses_and_other_brands_are_refused(change_email):
    assert (await change_email("priya"))[1]["type"] == "urn:billing:problem:invalid-email"
    assert (await change_email("a@b.example", account="50010001", brand="wrs"))[0] == 403


@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/ebill-email"), ("POST", "/v1/ebill-enrolment")])
async def test_a_secondary_user_does_not_change_the_delivery(write, rows, method, path):
    status, problem = await write(method, path, {"email": "tom@northgate.example"}, account=NORTHGATE, role="secondary")
    assert (status, problem["type"]) == (403, "urn:billing:problem:administrator-only")
    assert await rows(AuditRow) == []


async def test_the_first_person_becomes_the_administrator(register, read, rows):
    status, answer = await register(conversation="conversation-9")
    assert status == 201
    assert answer.pop("reference").startswith("U-")
    assert answer == {
        "role": "administrator",
        "users": 1,
        "most_users": 5,
        "changed": True,
        "at": "2026-03-05T21:30:00-05:00",
    }
    _, second = await register(name="Lise Roy", email="lise@cafe.example", brand="primus")
    assert (second["role"], second["users"]) == ("secondary", 2)
    _, listed = await read("/v1/users", MINUIT["account"])
    assert listed == {
        "users": [{"name": "Jean Minuit", "role": "administrator"}, {"name": "Lise Roy", "role": "secondary"}],
        "most_users": 5,
        "accounts": 1,
        "most_accounts": 50,
    }
    assert [row.conversation for row in await rows(AuditRow)] == ["conversation-9", "conversation-1"]


async def test_the_same_person_again_is_the_same_registration(register, rows):
    before = len(await rows(AccountUserRow))
    _, first = await register()
    status, again = await register(name=" jean  MINUIT", email="Jean@cafe.example")
    assert (status, again["changed"], again["reference"]) == (201, False, first["reference"])
    assert (again["role"], again["users"]) == ("administrator", 1)
    assert len(await rows(AccountUserRow)) == before + 1


async def test_the_sixth_person_is_refused(register, rows):
    before = len(await rows(AccountUserRow))
    for number in range(5):
        assert (await register(name=f"Person {number}"))[0] == 201
    status, problem = await register(name="Person 6")
    assert (status, problem["type"], problem["most"]) == (409, "urn:billing:problem:too-many-users", 5)
    assert len(await rows(AccountUserRow)) == before + 5


async def test_many_at_once_take_no_more_places_than_there_are(register):
    answers = await asyncio.gather(*(register(name=f"Person {number}") for number in range(9)))
    roles = sorted(answer.get("role", "refused") for _, answer in answers)
    assert roles == ["administrator", *["refused"] * 4, *["secondary"] * 4]


async def test_terms_must_be_accepted(register, rows):
    status, problem = await register(accept_terms=False)
    assert (status, problem["type"], problem["field"]) == (
        422,
        "urn:billing:problem:terms-not-accepted",
        "accept_terms",
    )
    assert (await register(accept_terms="yes"))[1]["field"] == "accept_terms"


async def test_a_miss_is_the_miss_of_locate(client, bearer, register):
    for miss in (
        {"postal_code": "J8X 2K2"},
        {"account": "1002003999"},
        {"account": "50010001", "postal_code": "K7L3N6"},
    ):
        status, problem = await register(**miss)
        response = await client.post(
            "/v1/locate",
            json={"brand": "primus", "account": "1002003999", "postal_code": "J8X2K1"},
            headers=bearer(scope="locate"),
        )
        assert (status, problem) == (404, await response.json())


async def test_a_registration_needs_the_gateway_and_a_brand_that_offers_it(register):
    assert (await register(scope="account"))[0] == 403
    assert (await register(brand="wrs"))[0] == 403


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, 7])
async def test_a_name_is_one_line(register, name):
    assert (await register(name=name))[1]["field"] == "name"


async def test_only_an_administrator_sees_who_is_registered(read):
    for role in ("administrator", "holder"):
        status, answer = await read("/v1/users", NORTHGATE, role=role)
        assert (status, len(answer["users"])) == (200, 5)
    status, problem = await read("/v1/users", NORTHGATE, role="secondary")
    assert (status, problem["type"]) == (403, "urn:billing:problem:administrator-only")
    assert (await read("/v1/users", "50010001", brand="wrs"))[0] == 403


async def test_an_account_is_added_once(write, read, rows):
    status, answer = await write("POST", "/v1/profile-accounts", MINUIT)
    assert status == 201
    assert answer.pop("reference").startswith("M-")
    assert answer == {"accounts": 2, "most_accounts": 50, "changed": True, "at": "2026-03-05T21:30:00-05:00"}
    _, again = await write("POST", "/v1/profile-accounts", {"account": "1002-003-004", "postal_code": "j8x2k1"})
    assert (again["changed"], again["accounts"]) == (False, 2)
    assert len(await rows(ProfileAccountRow)) == len(await rows(AuditRow)) == 1
    assert (await read("/v1/users"))[1]["accounts"] == 2


async def test_an_account_is_in_its_own_profile(write):
    _, answer = await write("POST", "/v1/profile-accounts", {"account": "1002003001", "postal_code": "H2X1Y4"})
    assert (answer["changed"], answer["accounts"], answer["reference"]) == (False, 1, None)


async def test_the_fifty_first_account_is_refused(write, rows):
    status, problem = await write("POST", "/v1/profile-accounts", MINUIT, account="1002003003")
    assert (status, problem["type"], problem["most"]) == (409, "urn:billing:problem:profile-full", 50)
    assert await rows(ProfileAccountRow) == []


async def test_wrong_identifiers_and_other_brands_add_nothing(write):
    for body in ({**MINUIT, "postal_code": "J8X 2K2"}, {"account": "50010001", "postal_code": "K7L3N6"}):
        status, problem = await write("POST", "/v1/profile-accounts", body)
        assert (status, problem["type"]) == (404, "urn:billing:problem:account-not-found")
    assert (await write("POST", "/v1/profile-accounts", MINUIT, role="secondary"))[0] == 403
