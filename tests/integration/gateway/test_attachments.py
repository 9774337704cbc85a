"""Files of a request over the public API: kept under a random name, given back as downloads, to nobody else."""

import asyncio
import io
import re
from urllib.parse import quote

import aiohttp
import pytest
from PIL import Image

from desk.attachments import MOST_BYTES, MOST_FILES
from desk.models import Attachment, RequestEvent
from desk.request_states import AGENT
from desk.request_work import move
from tests.integration.gateway.desk_steps import desk_of, open_one

WORDS = "Le bac est coincé depuis lundi.".encode()


def picture():
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    return data.getvalue()


def path(talk, number, rest=""):
    return f"{talk.gateway.url}/api/v1/conversations/{talk.id}/requests/{number}/attachments{rest}"


async def send(talk, number, data=WORDS, name="notes.txt", part="file", token=None):
    form = aiohttp.FormData(quote_fields=False)
    form.add_field(part, io.BytesIO(data), filename=name, content_type="image/png")
    headers = {"Authorization": f"Bearer {token or talk.token}"}
    async with talk.gateway.http.post(path(talk, number), data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def get(talk, number, rest="", token=None):
    headers = {"Authorization": f"Bearer {token or talk.token}"}
    async with talk.gateway.http.get(path(talk, number, rest), headers=headers) as answer:
        return answer.status, answer.headers, await answer.read()


def kept(gateway):
    folder = gateway.settings.attachments_folder
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
async def talk(gateway):
    return await gateway.talk()


@pytest.fixture
async def number(talk):
    return (await open_one(talk))["number"]


async def test_a_file_is_kept_under_a_random_name_and_comes_back_as_a_download(gateway, talk, number):
    status, body = await send(talk, number, picture(), "écran <1>.exe")
    assert (status, body["name"], body["type"], body["size"]) == (201, "écran _1_.png", "image/png", len(picture()))
    (file,) = kept(gateway)
    assert re.fullmatch(r"[0-9a-f]{48}", file.name)
    assert file.stat().st_mode & 0o077 == 0, "for the program alone"
    status, headers, data = await get(talk, number, f"/{body['id']}")
    assert (status, data) == (200, picture())
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert quote("écran _1_.png") in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["Content-Type"] == "image/png"
    event = (await gateway.rows(RequestEvent))[-1]
    assert (event.actor, event.what, event.visible) == ("customer", "attached", True)


@pytest.mark.parametrize(
    ("data", "status", "problem"),
    [
        (b"", 422, "attachment_empty"),
        (b"<svg onload=alert(1)>", 415, "attachment_bad_type"),
        (b"MZ\x90\x00\x03", 415, "attachment_bad_type"),
        (b"a" * (MOST_BYTES + 1), 413, "attachment_too_large"),
    ],
    ids=["empty", "svg", "a program", "too large"],
)
async def test_what_is_refused_leaves_nothing_behind(gateway, talk, number, data, status, problem):
    answered, body = await send(talk, number, data, "photo.png")
    assert (answered, body["type"]) == (status, f"/problems/{problem}")
    assert "{" not in body["detail"]
    assert kept(gateway) == [] == await gateway.rows(Attachment)


async def test_a_file_of_ten_megabytes_is_taken(talk, number):
    status, body = await send(talk, number, b"a" * MOST_BYTES)
    assert (status, body["size"]) == (201, MOST_BYTES)


async def test_the_same_file_again_is_the_first_one(gateway, talk, number):
    answers = [await send(talk, number), await send(talk, number, name="again.txt")]
    assert [status for status, _ in answers] == [201, 200]
    assert answers[0][1] == answers[1][1]
    many = await asyncio.gather(*(send(talk, number, b"another text") for _ in range(6)))
    assert sorted(status for status, _ in many) == [200] * 5 + [201]
    assert len(kept(gateway)) == len(await gateway.rows(Attachment)) == 2


async def test_nobody_else_adds_lists_or_downloads(gateway, talk, number):
    _, body = await send(talk, number)
    charlie = await gateway.talk()
    for status, *_ in (
        await send(talk, number, token=charlie.token),
        await get(talk, number, token=charlie.token),
        await get(talk, number, f"/{body['id']}", token="x"),
    ):
        assert status == 401
    for status, *_ in (
        await send(charlie, number),
        await get(charlie, number),
        await get(charlie, number, f"/{body['id']}"),
        await get(talk, "R-0000000"),
        await get(talk, number, "/999"),
        await get(talk, number, "/..%2f..%2fgateway.sqlite"),
    ):
        assert status == 404
    assert len(kept(gateway)) == 1


async def test_a_file_of_another_request_is_not_this_ones(gateway, talk, number):
    other = (await open_one(talk, key="k2", description="Une tout autre affaire."))["number"]
    _, body = await send(talk, other)
    assert (await get(talk, number, f"/{body['id']}"))[0] == 404
    assert (await get(talk, number))[2] == b'{"attachments": []}'
    assert body["name"] in (await get(talk, other))[2].decode()


async def test_a_closed_request_takes_no_file(gateway, clock, talk, number):
    async with desk_of(gateway, clock) as desk:
        await desk.do(move, number, "closed", who=AGENT, actor="luc")
    status, body = await send(talk, number)
    assert (status, body["type"]) == (409, "/problems/request_closed")
    assert kept(gateway) == []


async def test_a_request_takes_so_many_files_and_no_more(gateway, talk, number):
    for count in range(MOST_FILES):
        assert (await send(talk, number, f"the text {count}".encode()))[0] == 201
    assert (await send(talk, number, b"one too many"))[0] == 422
    assert len(kept(gateway)) == MOST_FILES


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"hello", "text/plain"),
        (b"{}", "application/json"),
        (b"hello", "multipart/form-data"),
        (b"hello", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_body_without_a_file_is_told_so(gateway, talk, number, body, kind):
    headers = {"Authorization": f"Bearer {talk.token}", "Content-Type": kind}
    async with gateway.http.post(path(talk, number), data=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["type"]) == (400, "/problems/no_file")
    assert (await send(talk, number, part="picture"))[0] == 400


async def test_a_file_that_is_gone_from_the_folder_is_not_found(gateway, talk, number):
    _, body = await send(talk, number)
    kept(gateway)[0].unlink()
    assert (await get(talk, number, f"/{body['id']}"))[0] == 404
    assert (await send(talk, number))[0] == 201, "and may be sent again"


async def own_requests(talk, token=None):
    headers = {"Authorization": f"Bearer {token or talk.token}"}
    async with talk.gateway.http.get(
        f"{talk.gateway.url}/api/v1/conversations/{talk.id}/requests", headers=headers
    ) as answer:
        return answer.status, await answer.json()


async def test_a_customer_sees_the_requests_that_a_file_may_go_to(gateway, talk, number):
    status, body = await own_requests(talk)
    assert status == 200
    (found,) = body["requests"]
    assert (found["number"], found["open"]) == (number, True)
    assert set(found) == {"number", "state", "open", "description", "created_at"}
    charlie = await gateway.talk()
    assert await own_requests(charlie) == (200, {"requests": []})
    assert (await own_requests(talk, token=charlie.token))[0] == 401


async def test_a_file_that_was_added_is_a_line_of_the_conversation_once(talk, number):
    assert (await send(talk, number, name="panne **grave**.txt"))[0] == 201
    assert (await send(talk, number, name="encore.txt"))[0] == 200, "the same bytes"
    (line,) = await talk.lines()
    assert line["author"] == "assistant"
    assert line["text"] == f"Le fichier «\u00a0panne _grave_.txt\u00a0» est ajouté à votre demande {number}."
