"""A request at the desk: help from afar with its hour, the dispatch point, and the files that its customer gave."""

import datetime
import re
from io import BytesIO

import aiohttp
import pytest

from desk.agent_models import DeskAudit
from desk.models import SupportRequest
from tests.integration.gateway.desk_steps import open_one

ONSITE = {"contract": "performance-4h", "zone": 1, "time_zone": "America/Toronto", "province": "ON"}


@pytest.fixture
async def talk(gateway):
    return await gateway.talk("pitney-bowes")


@pytest.fixture
async def number(talk):
    details = {"onsite": ONSITE, "model": "DM300", "serial": "1234567"}
    return (await open_one(talk, kind="request_technician", details=details))["number"]


def plain(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())


async def test_an_hour_of_remote_help_is_shown_as_it_runs_and_then_a_technician_is_sent_for(
    desk, gateway, number, clock
):
    luc = await desk("luc")
    path = f"/desk/requests/{number}"
    shown = plain(await luc.get(path))
    for words in ("Performance, 4 heures · zone 1", "modèle DM300", "numéro de série 1234567"):
        assert words in shown, words
    await luc.post(f"{path}/remote-help")
    assert luc.status == 200
    clock.pass_(minutes=18)
    assert "Aide à distance, temps restant 42 min" in plain(await luc.get(path))
    clock.pass_(minutes=25)
    await luc.get(path)
    clock.pass_(minutes=18)
    assert "Terminée : un technicien doit être envoyé." in plain(await luc.get(path))
    # The help ended five minutes ago, by the desk's clock: from there the four hours run.
    await luc.post(f"{path}/dispatch", at="2026-11-23T12:56")
    (request,) = await gateway.rows(SupportRequest)
    ended = clock.now - datetime.timedelta(minutes=5)
    assert (request.dispatched_at, request.due_for, request.due_at) == (
        ended,
        "onsite",
        ended + datetime.timedelta(hours=4),
    )
    shown = await luc.get(path)
    assert "visite d’un technicien" in shown
    assert f"{path}/dispatch" not in shown
    await luc.post(f"{path}/dispatch", at="2026-11-23T12:56")
    assert (luc.status, "Un technicien est déjà demandé." in luc.text) == (409, True)
    done = [row.what for row in await gateway.rows(DeskAudit) if row.subject == f"request:{number}"]
    assert [what for what in done if what != "read_request"] == ["remote_help", "dispatched"]


@pytest.mark.parametrize(("at", "status"), [("2026-11-23T13:30", 409), ("2026-11-22T12:00", 409), ("demain", 422)])
async def test_a_moment_that_cannot_be_sends_nobody(desk, gateway, number, at, status):
    luc = await desk("luc")
    await luc.get(f"/desk/requests/{number}")
    await luc.post(f"/desk/requests/{number}/dispatch", at=at)
    assert luc.status == status
    assert [row.dispatched_at for row in await gateway.rows(SupportRequest)] == [None]


async def test_the_minute_that_the_page_shows_is_now(desk, gateway, number, clock):
    clock.pass_(seconds=40)
    luc = await desk("luc")
    shown = re.search(r'name="at" value="([^"]+)"', await luc.get(f"/desk/requests/{number}")).group(1)
    await luc.post(f"/desk/requests/{number}/dispatch", at=shown)
    assert [row.dispatched_at for row in await gateway.rows(SupportRequest)] == [clock.now]


async def test_a_brand_that_sends_nobody_offers_none(desk, gateway):
    number = (await open_one(await gateway.talk("primus")))["number"]
    luc = await desk("luc")
    assert "remote-help" not in await luc.get(f"/desk/requests/{number}")
    for what in ("remote-help", "dispatch"):
        await luc.post(f"/desk/requests/{number}/{what}")
        assert luc.status == 422
    assert [row.state for row in await gateway.rows(SupportRequest)] == ["open"]


async def test_an_agent_gets_the_customers_file_as_a_download_and_that_is_logged(desk, gateway, talk, number):
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(b"erreur 4021\n"), filename="écran.txt")
    url = f"{gateway.url}/api/v1/conversations/{talk.id}/requests/{number}/attachments"
    async with gateway.http.post(url, data=form, headers={"Authorization": f"Bearer {talk.token}"}) as response:
        assert response.status == 201
    luc = await desk("luc")
    path = re.search(r'href="(/desk/requests/[^"]+/files/\d+)"', await luc.get(f"/desk/requests/{number}")).group(1)
    assert await luc.get(path) == "erreur 4021\n"
    assert luc.headers["Content-Disposition"].startswith("attachment;")
    assert luc.headers["X-Content-Type-Options"] == "nosniff"
    await luc.get(f"{path}0")
    assert luc.status == 404
    other = (await open_one(await gateway.talk("primus"), key="k2"))["number"]
    await luc.get(path.replace(number, other))
    assert luc.status == 404, "a file of another request is not this one's"
    assert [row.subject for row in await gateway.rows(DeskAudit) if row.what == "read_file"] == [f"request:{number}"]


async def test_lists_that_show_what_customers_said_are_logged_once_in_a_while(desk, gateway, waiting, clock):
    await waiting()
    luc = await desk("luc")
    for _ in range(2):
        await luc.get("/desk/")
        await luc.get("/desk/requests")
    clock.pass_(minutes=11)
    await luc.get("/desk/")
    read = [row.what for row in await gateway.rows(DeskAudit) if row.what.startswith("read_")]
    assert read == ["read_queue", "read_requests", "read_queue"]
