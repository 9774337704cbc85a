"""Tokens at the door, problem documents, limits, and the routes that need no token."""

import logging

import pytest
from sqlalchemy import text

from billing.app import create_app
from billing.settings import Settings

SECRET = "c0ffee" * 8


async def problem_of(response):
    assert response.content_type == "application/problem+json"
    document = await response.json()
    assert document["status"] == response.status
    assert {"type", "title", "status", "detail"} <= set(document)
    return document


async def test_it_is_alive_without_a_token(client):
    response = await client.get("/healthz")
    assert (response.status, await response.json()) == (200, {"status": "alive"})


async def test_it_is_ready_with_a_migrated_database(client):
    response = await client.get("/readyz")
    assert (response.status, await response.json()) == (200, {"status": "ready", "database": "ready"})


async def start(aiohttp_client, url):
    return await aiohttp_client(create_app(settings=Settings(token_secret=SECRET, database_url=url)))


async def test_it_is_not_ready_before_the_migrations(aiohttp_client, tmp_path):
    client = await start(aiohttp_client, f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}")
    response = await client.get("/readyz")
    assert response.status == 503
    assert (await problem_of(response))["database"] == "not_migrated"
    assert (await client.get("/healthz")).status == 200


async def test_it_is_not_ready_at_another_revision(client, database):
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert (await problem_of(await client.get("/readyz")))["database"] == "not_migrated"


@pytest.mark.parametrize("spoil", ["no folder", "no database"])
async def test_it_is_not_ready_without_its_database(aiohttp_client, tmp_path, spoil):
    path = tmp_path / "absent" / "billing.sqlite"
    if spoil == "no database":
        path.parent.mkdir()
        path.write_bytes(b"this is no database, and long enough to show it" * 50)
    client = await start(aiohttp_client, f"sqlite+aiosqlite:///{path}")
    response = await client.get("/readyz", headers={"Accept-Language": "fr"})
    document = await problem_of(response)
    assert (response.status, document["database"], document["title"]) == (503, "unreachable", "Service indisponible")
    assert str(tmp_path) not in await response.text()


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer é", "bearer\ttoken"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/locate"),
        ("GET", "/v1/account"),
        ("GET", "/v1/balance"),
        ("GET", "/v1/bills"),
        ("GET", "/v1/bills/latest"),
        ("GET", "/v1/activity"),
        ("POST", "/v1/ebill-enrolment"),
        ("PUT", "/v1/ebill-email"),
        ("POST", "/v1/payment-links"),
        ("GET", "/v1/payment-links/L-22222222"),
        ("GET", "/v1/autopay"),
        ("PUT", "/v1/autopay"),
        ("DELETE", "/v1/autopay"),
        ("GET", "/v1/payment-reports"),
        ("POST", "/v1/payment-reports"),
        ("GET", "/v1/payment-promises"),
        ("POST", "/v1/payment-promises"),
        ("GET", "/v1/reminders"),
        ("GET", "/v1/bills/latest/explanation"),
        ("POST", "/v1/bills/P-90871/document"),
        ("POST", "/v1/eservice-registrations"),
        ("GET", "/v1/users"),
        ("POST", "/v1/profile-accounts"),
        ("GET", "/v1/call-details/summary"),
        ("POST", "/v1/call-details/document"),
        ("GET", "/v1/availability"),
        ("GET", "/v1/modems"),
        ("GET", "/v1/plans"),
        ("GET", "/v1/account/plans"),
        ("GET", "/v1/modem-delivery"),
        ("GET", "/v1/reconnection"),
        ("GET", "/v1/equipment/3A01234567"),
        ("GET", "/v1/coverage"),
        ("GET", "/v1/onsite-estimate"),
        ("GET", "/v1/maintenance"),
        ("POST", "/v1/maintenance-visits"),
        ("POST", "/v1/premier-access"),
    ],
)
async def test_every_route_of_the_backend_needs_a_token(client, method, path, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    response = await client.request(method, path, headers=headers)
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="billing"'
    assert (await problem_of(response))["type"] == "urn:billing:problem:unauthorized"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aud": "desk"}, 401),
        ({"aud": ["desk", "gateway"]}, 401),
        ({"exp": 1}, 401),
        ({"secret": "an outsider's own secret, long enough"}, 401),
        ({"scope": "everything"}, 401),
        ({"role": "outsider"}, 401),
        ({"level": "located"}, 403),
        ({"scope": "locate"}, 403),
        ({"brand": "wrs"}, 404),
        ({"account": "1002003999"}, 404),
    ],
)
async def test_a_token_that_is_not_for_this_is_refused(client, bearer, changes, expected):
    assert (await client.get("/v1/balance", headers=bearer(**changes))).status == expected


async def test_a_token_ends_at_its_expiry(client, bearer, clock):
    headers = bearer(exp=int(clock.now.timestamp()) + 60)
    assert (await client.get("/v1/balance", headers=headers)).status == 200
    clock.now = clock.now.replace(minute=31)
    assert (await client.get("/v1/balance", headers=headers)).status == 401


async def test_a_refused_token_is_not_logged(client, bearer, caplog):
    headers = bearer(aud="desk")
    with caplog.at_level(logging.DEBUG):
        await client.get("/v1/balance", headers=headers)
    assert "token refused" in caplog.text
    assert headers["Authorization"].removeprefix("Bearer ") not in caplog.text


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr-CA,fr;q=0.9,en;q=0.8", "Jeton requis"), ("en-CA", "Token required"), ("", "Token required")],
)
async def test_problems_speak_the_caller_s_language(client, language, title):
    response = await client.get("/v1/balance", headers={"Accept-Language": language})
    assert (await problem_of(response))["title"] == title
    assert response.headers["Content-Language"] == ("fr" if language.startswith("fr") else "en")
    assert response.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("data", "content_type", "expected"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"[" * 16000, "application/json", 400),
        (b"brand=primus", "application/x-www-form-urlencoded", 415),
        (b'{"brand": "' + b"x" * 16 * 1024 + b'"}', "application/json", 413),
    ],
)
async def test_a_body_that_is_no_json_object_of_16_kb_is_refused(client, bearer, data, content_type, expected):
    headers = {**bearer(scope="locate"), "Content-Type": content_type}
    response = await client.post("/v1/locate", data=data, headers=headers)
    assert response.status == expected
    await problem_of(response)


async def test_an_unknown_address_is_a_problem_too(client):
    response = await client.get("/v1/nothing", headers={"Accept-Language": "fr"})
    assert response.status == 404
    assert (await problem_of(response))["title"] == "Adresse introuvable"


async def test_another_method_is_a_problem_that_names_the_right_one(client):
    response = await client.delete("/v1/balance")
    assert response.status == 405
    assert "GET" in response.headers["Allow"]
    await problem_of(response)


async def test_an_unforeseen_error_is_logged_and_tells_the_caller_nothing_of_it(client, bearer, database, caplog):
    async with database.writing() as session:
        await session.execute(text("ALTER TABLE payment RENAME TO lost"))
    response = await client.get("/v1/balance", headers={**bearer(), "Accept-Language": "fr"})
    assert response.status == 500
    document = await problem_of(response)
    assert document == {
        "type": "urn:billing:problem:internal-error",
        "title": "Erreur interne",
        "status": 500,
        "detail": "Une erreur est survenue de notre côté. Réessayez dans quelques instants.",
    }
    assert "payment" in caplog.text
