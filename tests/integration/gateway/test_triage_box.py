"""The triage box over HTTP: who may use it, what it answers, and that it answers without the assistant too."""

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp import web

from tests.integration.gateway.parts import SECRET
from tests.openapi_check import check

TOKEN = "a token of the mailbox, long enough"
DOCUMENT = json.loads((Path(__file__).resolve().parents[3] / "gateway" / "openapi.json").read_text(encoding="utf-8"))
FRENCH = """Bonjour,

Notre facture P-90871 compte deux fois les mêmes frais de 48,30 $. Compte 1002003001.

Cordialement,
Josée Lamontagne
450 555-0134

Le lun. 16 nov. 2026, PRIMUS a écrit :
> Ceci est urgent, votre service sera coupé.
"""


@pytest.fixture
async def box(start, parts):
    gateway = await start(desk_api_token=TOKEN)

    async def ask(body, token=TOKEN):
        return await gateway.call("POST", "/desk/api/triage", body, token)

    ask.gateway = gateway
    return ask


async def test_a_mail_is_sorted_and_answered(box, parts):
    status, body = await box({"text": FRENCH})
    assert status == 200
    check(DOCUMENT, DOCUMENT["components"]["schemas"]["Triage"], body)
    assert (body["language"], body["brand"], body["category"]) == ("fr", "primus", "billing")
    assert (body["urgency"], body["team"], body["understood"]) == ("normal", "billing", True)
    assert body["found"]["accounts"] == ["1002003001"]
    assert body["found"]["bills"] == ["P-90871"]
    assert body["found"]["phones"] == ["+14505550134"]
    assert body["found"]["amounts"] == ["48.30"]
    assert body["draft"]["fr"].startswith("Bonjour Josée Lamontagne,")
    assert body["draft"]["en"].startswith("Hello Josée Lamontagne,")
    assert "Service à la clientèle de PRIMUS" in body["draft"]["fr"]
    assert "PRIMUS customer service" in body["draft"]["en"]


async def test_the_assistant_is_asked_for_sentences_and_never_for_a_turn(box, parts):
    await box({"text": FRENCH, "brand": "primus"})
    assert parts.turns == []
    [asked] = parts.understands
    assert asked["brand"] == "primus"
    assert any("deux fois les mêmes frais" in text for text in asked["text"])
    assert not any("coupé" in text for text in asked["text"])


async def test_the_articles_of_the_surest_brand_are_shown_and_put_into_the_draft(box, parts):
    article = next(iter(sorted((box.gateway.settings.knowledge_base / "wrs" / "fr").glob("*.md")))).stem
    parts.outcomes = {"wrs": (f"wrs/{article}", 0.9), "primus": ("do/check_balance", 0.3)}
    status, body = await box({"text": "Une question sans aucun indice de qui elle concerne, merci de répondre"})
    assert status == 200
    assert body["brand"] == "wrs"
    assert body["outcome"] == f"wrs/{article}"
    assert [one["id"] for one in body["articles"]] == [f"wrs/{article}"]
    assert body["articles"][0]["title_fr"] != body["articles"][0]["title_en"]
    shelf_words = (box.gateway.settings.knowledge_base / "wrs" / "fr" / f"{article}.md").read_text(encoding="utf-8")
    line = shelf_words.split("---\n", 2)[2].strip().split("\n")[0].replace("**", "")[:40]
    assert line[:20] in body["draft"]["fr"]


async def test_without_the_assistant_all_but_the_articles_is_told(box, parts):
    parts.understanding_status = 503
    status, body = await box({"text": "URGENT: no dial tone on any line, account 1002003001", "brand": "primus"})
    assert status == 200
    check(DOCUMENT, DOCUMENT["components"]["schemas"]["Triage"], body)
    assert (body["understood"], body["articles"], body["outcome"]) == (False, [], None)
    assert (body["language"], body["category"], body["urgency"]) == ("en", "technical", "high")
    assert {reason["name"] for reason in body["reasons"]} == {"no_service", "says_urgent"}
    assert body["found"]["accounts"] == ["1002003001"]
    assert body["missing"][0]["name"] == "contact"


async def test_an_assistant_that_is_slow_is_not_waited_for(box, parts):
    parts.understanding_s = 3.0
    status, body = await asyncio.wait_for(box({"text": "my line is down", "brand": "wrs"}), 2.5)
    assert (status, body["understood"]) == (200, False)


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", SECRET])
async def test_only_the_token_opens_it(box, token):
    status, body = await box({"text": "hello"}, token)
    assert (status, body["type"]) == (401, "/problems/desk_unauthorized")


async def test_without_the_setting_no_token_opens_it(gateway):
    for token in (None, "", "None", TOKEN):
        status, _ = await gateway.call("POST", "/desk/api/triage", {"text": "hello"}, token)
        assert status == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 400),
        ({"text": "  "}, 422),
        ({"text": 5}, 422),
        ({"text": "x" * 20_001}, 413),
        ({"text": "hello", "brand": "nobody"}, 422),
        ({"text": "hello", "brand": 5}, 422),
        ({"text": "hello", "language": "de"}, 422),
    ],
)
async def test_a_body_that_cannot_be_sorted_is_told_why(box, body, status):
    assert (await box(body))[0] == status


@pytest.mark.parametrize(
    "text", ["?", "👍", "\x00\x07", "> > >", "a" * 20_000, "é " * 9_000, "Objet :\n\n\n", "(" * 5_000]
)
async def test_any_text_gets_an_answer(box, text):
    status, body = await box({"text": text})
    assert status == 200
    check(DOCUMENT, DOCUMENT["components"]["schemas"]["Triage"], body)


async def test_an_answer_of_another_shape_is_no_answer(box, parts):
    parts.understanding = lambda body: web.json_response({"texts": [{"outcome": 1}]})
    status, body = await box({"text": "my line is down", "brand": "wrs"})
    assert (status, body["understood"]) == (200, False)
