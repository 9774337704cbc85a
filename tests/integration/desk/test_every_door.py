"""Every route of the desk, from its router: signed in or not, with a form's token or not, of one's brands or not."""

import secrets

from sqlalchemy import update

from desk.agent_models import Agent, DeskAudit
from desk.models import CannedAnswer, Note, RequestEvent, SupportRequest
from gateway.database import open_database
from gateway.models import Message
from tests.doors import doors, filled

# Open before signing in; each form there has a token of its own.
OPEN = {
    ("GET", "/desk/sign-in"),
    ("POST", "/desk/sign-in"),
    ("GET", "/desk/setup/{token}"),
    ("POST", "/desk/setup/{token}"),
    ("GET", "/desk/link/{token}"),
    ("POST", "/desk/link/{token}"),
    ("GET", "/desk/static/{name}"),
}
COLLEAGUE = {("GET", "/desk/conversations/{id}/typing/{agent}")}  # a colleague's name, whatever the conversation
API = {("POST", "/desk/api/triage")}  # tests/integration/gateway/test_every_door.py
ADMINISTRATOR = "/desk/agents"
REQUEST = {
    "key": "k", "kind": "open_request", "category": "support", "language": "fr", "description": "Plus de tonalité",
    "contact": "amelie@laurier.example", "details": {},
}  # fmt: skip


def of_desk(gateway):
    return [door for door in doors(gateway.app) if door[1].startswith("/desk/") and door not in API]


async def ask(client, gateway, method, path, **options):
    async with client.request(method, gateway.url + path, allow_redirects=False, **options) as response:
        return response.status, response.headers.get("Location", ""), await response.text()


async def changed(gateway):
    """What a form could have changed; reading is logged too, so the log does not count."""
    tables = (Agent, CannedAnswer, Note, RequestEvent, SupportRequest, Message)
    return [[{**row.__dict__, "_sa_instance_state": None} for row in await gateway.rows(table)] for table in tables]


async def test_without_a_session_or_with_a_forged_one_each_route_leads_to_the_door(gateway, desk, waiting):
    talk = await waiting()
    number = (await talk.inside("requests", REQUEST))[1]["number"]
    before = await changed(gateway)
    assert len(of_desk(gateway)) > 30
    for method, path in of_desk(gateway):
        if (method, path) in OPEN:
            continue
        for cookie in ({}, {"desk_session": secrets.token_urlsafe(32)}, {"desk_session": talk.token}):
            place = filled(path, id=talk.id, number=number)
            status, location, text = await ask(
                gateway.http,
                gateway,
                method,
                place,
                headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookie.items())},
            )
            assert status == 303, (method, path, status)
            assert location.startswith("/desk/sign-in"), (method, path)
            assert not text
    assert await changed(gateway) == before


async def test_every_form_needs_its_token_and_its_own_site(gateway, desk, waiting):
    talk = await waiting()
    number = (await talk.inside("requests", REQUEST))[1]["number"]
    diane, nadia = await desk("diane"), await desk("nadia")
    await nadia.get("/desk/account")
    await diane.get("/desk/account")
    before = await changed(gateway)
    forms = [door for door in of_desk(gateway) if door[0] != "GET"]
    assert len(forms) > 20
    for method, path in forms:
        place = filled(path, id=talk.id if "conversations" in path else "1", number=number)
        refused = [
            {"data": {}},
            {"data": {"form_token": "x"}},
            {"data": {"form_token": nadia.token}},
            {"data": {"form_token": diane.token}, "headers": {"Origin": "https://evil.example"}},
            {"data": {"form_token": diane.token}, "headers": {"Origin": "null"}},
            {"json": {"form_token": diane.token}},
        ]
        for options in refused:
            status, _, _ = await ask(diane.http, gateway, method, place, **options)
            assert status == 403, (method, path, options)
    assert await changed(gateway) == before
    async with diane.http.get(f"{gateway.url}/desk/account") as response:
        assert response.status == 200, "nor was anybody signed out"


async def only_brand(gateway, email, brand):
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        await session.execute(update(Agent).where(Agent.email == email).values(brands=[brand]))
    await engine.dispose()


LEADS_ONLY = ("/desk/knowledge/{brand}/{slug}/versions/{number}/again",)


async def test_an_agent_of_another_brand_meets_nothing_of_this_one(gateway, desk, waiting):
    talk = await waiting("Mon secret est canari-4711")
    number = (await talk.inside("requests", REQUEST))[1]["number"]
    await only_brand(gateway, "nadia@desk.example", "wrs")
    nadia = await desk("nadia")
    await nadia.get("/desk/account")
    before = await changed(gateway)
    tried = 0
    for method, path in of_desk(gateway):
        if (method, path) in OPEN or path.startswith(("/desk/sign-out", "/desk/feed")):
            continue
        place = filled(path, id=talk.id, number=number, agent="1")
        form = {
            "form_token": nadia.token,
            "text": "Bonjour",
            "form_id": "f-1",
            "to": "solved",
            "seen": "open",
            "until": "hour",
            "team": "general",
        }
        status, _, text = await ask(nadia.http, gateway, method, place, data=form)
        assert "canari-4711" not in text, (method, path)
        assert "amelie@laurier.example" not in text, (method, path)
        if ("conversations/{" in path or "{number}" in path) and (method, path) not in COLLEAGUE:
            tried += 1
            # What only a lead may do to articles is refused before it is looked up.
            assert status == (403 if path in LEADS_ONLY else 404), (method, path, status)
    assert tried > 12
    assert await changed(gateway) == before


async def test_giving_access_is_for_administrators(gateway, desk):
    luc = await desk("luc")
    await luc.get("/desk/account")
    before = await changed(gateway)
    for method, path in of_desk(gateway):
        if path.startswith(ADMINISTRATOR):
            status, _, text = await ask(luc.http, gateway, method, filled(path), data={"form_token": luc.token})
            assert status == 403, (method, path)
            assert "diane@desk.example" not in text
    assert await changed(gateway) == before
    assert not [row for row in await gateway.rows(DeskAudit) if row.what not in ("signed_in", "read_queue")]
