"""The public API: its document says what it does, its parts tell their state, and production shows nothing of the workshop."""

import asyncio
import json

import pytest

from gateway.app import create_app
from gateway.settings import Settings
from tests.integration.gateway.conftest import ROOT, SECRET
from tests.integration.gateway.parts import said

DOCUMENT = json.loads((ROOT / "gateway" / "openapi.json").read_text(encoding="utf-8"))
# Pages and files for browsers, the socket, and the document itself.
# Pages, files, and the providers' doors (docs/operations.md), which no program of a company calls.
NOT_DOCUMENTED = (
    "/widget",
    "/pages",
    "/privacy",
    "/accessibility",
    "/sms/",
    "/pay/",
    "/documents/",
    "/dev/",
    "/socket.io",
    "/api/openapi.json",
)


def operations(app):
    """The (method, path) of each route that programs call."""
    return {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.method not in ("HEAD", "OPTIONS", "*")
        and route.resource.canonical != "/"
        and not route.resource.canonical.startswith(NOT_DOCUMENTED)
        and not (route.resource.canonical.startswith("/desk") and not route.resource.canonical.startswith("/desk/api/"))
    }


def schema(name):
    return DOCUMENT["components"]["schemas"][name]["properties"]


async def test_every_route_is_documented_and_nothing_else_is(gateway):
    documented = {
        (method, path)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method in ("get", "post", "put", "delete")
    }
    assert operations(gateway.app) == documented
    assert len(documented) >= 7


async def test_the_document_is_served_as_it_is(gateway):
    assert await gateway.call("GET", "/api/openapi.json") == (200, DOCUMENT)


async def test_an_answer_has_the_names_of_the_document_and_no_others(gateway, parts):
    understood = {
        "intent": "greet",
        "article": None,
        "confidence": 0.9,
        "candidates": [{"id": "do/greet", "confidence": 0.9}],
    }

    async def answer(turn):
        return said("bonjour", understood=understood)

    parts.answer = answer
    talk = await gateway.talk()
    body = await talk.say("bonjour")
    assert set(body) <= set(schema("Answer"))
    assert set(body["understood"]) <= set(schema("Answer")["understood"]["properties"])
    always = set(schema("Reply")) - {"offers"}  # only where there is something for the page to carry out
    assert set(body["replies"][0]) == always
    for line in await talk.lines():
        assert set(line) == set(schema("Line")) | always
        assert line["author"] in schema("Line")["author"]["enum"]


async def test_the_transcript_is_read_from_a_number_on(gateway):
    talk = await gateway.talk()
    await talk.say("un")
    await talk.say("deux")
    assert [line["sequence"] for line in await talk.lines(2)] == [3, 4]
    assert await talk.lines(99) == []
    for after in ("-1", "x", "1.5", "9" * 13):
        status, problem = await gateway.call("GET", f"{talk.path}?after={after}", token=talk.token)
        assert (status, problem["type"]) == (422, "/problems/bad_after")


async def test_another_conversations_token_reads_and_writes_nothing(gateway, parts):
    amelie, charlie = await gateway.talk(), await gateway.talk()
    await amelie.say("mon secret")
    for token in (charlie.token, amelie.token[:-1], "", amelie.id):
        for method, body in (("GET", None), ("POST", {"text": "bonjour", "message_id": "m9"})):
            status, problem = await gateway.call(method, amelie.path, body, token)
            assert (status, problem["type"]) == (401, "/problems/unauthorized")
    assert len(parts.turns) == 1
    assert len(await amelie.lines()) == 2


@pytest.mark.parametrize(
    ("accepts", "title"),
    [
        ("en-CA,fr;q=0.5", "Not found"),
        ("fr-CA", "Page introuvable"),
        ("de", "Page introuvable"),
        ("", "Page introuvable"),
        ("*;q=x,,en", "Not found"),
    ],
)
async def test_an_address_that_is_none_is_said_in_the_callers_language(gateway, accepts, title):
    status, problem = await gateway.call("GET", "/api/v1/nothing", **{"Accept-Language": accepts})
    assert (status, problem["status"], problem["title"]) == (404, 404, title)


async def test_a_method_that_an_address_does_not_have_is_said_with_those_it_has(gateway):
    async with gateway.http.delete(f"{gateway.url}/api/v1/conversations") as response:
        assert response.status == 405
        assert response.headers["Allow"] == "POST"
        assert response.content_type == "application/problem+json"


async def test_readiness_tells_each_part_and_is_503_until_all_can_serve(gateway, parts):
    status, body = await gateway.call("GET", "/readyz")
    assert (status, body) == (
        200,
        {
            "status": "ready",
            "parts": {"database": "ready", "assistant": "ready", "actions": "ready", "billing": "ready"},
        },
    )
    parts.assistant_up = False
    status, body = await gateway.call("GET", "/readyz")
    assert status == 503
    assert body["parts"] == {"database": "ready", "assistant": "not ready", "actions": "ready", "billing": "ready"}
    assert (await gateway.call("GET", "/healthz"))[0] == 200, "the process itself is alive"


async def test_the_metrics_say_which_part_can_serve(gateway, parts):
    parts.assistant_up = False
    await gateway.call("GET", "/readyz")
    async with gateway.http.get(f"{gateway.url}/metrics") as response:
        text = await response.text()
    assert 'part_ready{part="assistant"} 0.0' in text
    assert 'part_ready{part="billing"} 1.0' in text


async def test_what_would_have_been_sent_can_be_read_outside_production(gateway):
    talk = await gateway.talk()
    await talk.inside("codes", {"account": "1002003001", "postal_code": "H2X 1Y4", "language": "fr"})
    for _ in range(100):
        if gateway.texts():
            break
        await asyncio.sleep(0.02)
    status, texts = await gateway.call("GET", "/dev/outbox.json")
    assert status == 200
    assert [text["to"] for text in texts] == ["+15145550101"]


class Provider:
    """A real provider's place."""

    async def send(self, letter):
        pass


async def test_in_production_there_is_no_development_outbox(start):
    gateway = await start(senders={"sms": Provider(), "email": Provider()}, production=True)
    for page in ("/dev/outbox", "/dev/outbox.json"):
        assert (await gateway.call("GET", page))[0] == 404


async def test_production_does_not_start_without_a_provider(tmp_path):
    settings = Settings(
        assistant_secret=SECRET,
        internal_secret=SECRET,
        billing_token_secret=SECRET,
        production=True,
        outbox_file=tmp_path / "o",
    )
    with pytest.raises(SystemExit, match="SMTP_URL, TWILIO_ACCOUNT_SID or KANNEL_URL"):
        await create_app(settings=settings)


async def test_twenty_at_once_with_one_id_are_one_message(gateway, parts):
    talk = await gateway.talk()
    answers = await asyncio.gather(*(talk.say("un solde svp", "once") for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert [turn["text"] for turn in parts.turns] == ["un solde svp"]
    assert [line["text"] for line in await talk.lines()] == ["un solde svp", "you said un solde svp"]


@pytest.mark.parametrize(
    ("days", "language", "said", "title"),
    [(0, "fr", "un solde svp", "déjà utilisé"), (2, "en", "my balance please", "already used")],
)
async def test_another_text_with_the_same_id_is_refused_not_lost(gateway, clock, days, language, said, title):
    talk = await gateway.talk(language=language)
    first = await talk.say(said, "once")
    clock.pass_(days=days)
    status, problem = await gateway.call("POST", talk.path, {"text": "ok", "message_id": "once"}, talk.token)
    assert (status, problem["type"]) == (422, "/problems/message_id_used")
    assert title in problem["title"]
    assert await talk.say(said, "once") == first, "the first one is kept longer than a day"
    assert len(await talk.lines()) == 2


async def test_a_text_that_was_masked_is_still_the_same_text(gateway):
    talk = await gateway.talk()
    text = "ma carte 4539 5787 6362 1486 exp 12/27, merci"
    first = await talk.say(text, "card")
    assert await talk.say(text, "card") == first
    status, _ = await gateway.call("POST", talk.path, {"text": f"{text} bien", "message_id": "card"}, talk.token)
    assert status == 422
