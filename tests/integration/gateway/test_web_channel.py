"""The socket of the web channel, as a customer's page meets it: sessions, tabs, lines in order."""

import asyncio

import pytest
from aiohttp import web

from tests.integration.gateway.page import Page
from tests.integration.gateway.parts import SECRET, said


async def test_a_conversation_with_the_events_of_an_existing_widget(page):
    """What Rasa's own widgets send: no acknowledgements, no ids, the brand in their custom data."""
    amelie = await page()
    await amelie.client.emit("session_request", {"session_id": None, "customData": {"brand": "wrs", "language": "fr"}})
    for _ in range(100):
        if amelie.confirmed:
            break
        await asyncio.sleep(0.02)
    (session_id,) = amelie.confirmed
    await amelie.client.emit("user_uttered", {"message": "bonjour", "session_id": session_id, "customData": {}})
    assert await amelie.wait_for(1) == ["you said bonjour"]


async def test_the_confirmation_is_the_session_id_that_the_answer_gives_too(page):
    amelie = await page()
    answer = await amelie.session(brand="primus", language="en")
    assert amelie.confirmed == [answer["session_id"]]
    assert (answer["brand"], answer["language"], answer["handled_by"]) == ("primus", "en", "assistant")
    assert answer["ready"] is True
    assert answer["lines"] == []


async def test_buttons_are_there_under_both_names(page, parts):
    async def answer(turn):
        body = [
            {
                "text": "Lequel?",
                "buttons": [{"title": "Oui", "payload": "oui"}],
                "article": None,
                "title": None,
                "attachments": [],
            }
        ]
        return web.json_response({"replies": body, "understood": None})

    parts.answer = answer
    amelie = await page()
    await amelie.session(brand="primus")
    await amelie.say("bonjour")
    await amelie.wait_for(1)
    assert amelie.heard[0]["buttons"] == [{"title": "Oui", "reply": "oui"}]
    assert amelie.heard[0]["quick_replies"] == [{"title": "Oui", "payload": "oui", "content_type": "text"}]


async def test_a_browser_that_asks_for_nothing_but_its_session_hears_what_rasas_own_socket_says(gateway, page, parts):
    async def answer(turn):
        body = {
            "text": "Laquelle?",
            "buttons": [{"title": "Oui", "payload": "oui"}] if "choix" in turn["text"] else [],
            "article": "primus/x",
            "title": "Un titre",
            "attachments": [{"title": "Facture", "url": "https://x.example/a.pdf", "type": "application/pdf"}],
        }
        return web.json_response({"replies": [body], "understood": None})

    parts.answer = answer
    theirs, ours = await page(), await page()
    await theirs.client.disconnect()
    await theirs.open(gateway.url, Origin=gateway.url)
    opened = await theirs.session(session_id=None)
    await ours.session(session_id=opened["session_id"], after=0)
    await theirs.say("bonjour")
    await theirs.wait_for(1)
    await theirs.say("un choix")
    await theirs.wait_for(2)
    text = "**Un titre**\n\nLaquelle?\n\n[Facture](https://x.example/a.pdf)"
    assert theirs.heard[0] == {"text": text}
    assert theirs.heard[1] == {
        "text": text,
        "quick_replies": [{"title": "Oui", "payload": "oui", "content_type": "text"}],
    }
    assert theirs.own == []
    await ours.wait_for(2)
    assert [line["sequence"] for line in ours.heard] == [2, 4]


async def test_ten_messages_in_a_row_are_recorded_and_answered_in_the_order_of_sending(page, parts):
    async def slow(turn):
        await asyncio.sleep(0.02)
        return said(f"you said {turn['text']}")

    parts.answer = slow
    amelie = await page()
    await amelie.session(brand="primus", language="fr")
    for n in range(10):
        await amelie.client.emit("user_uttered", {"message": f"numéro {n}"})
    assert await amelie.wait_for(10) == [f"you said numéro {n}" for n in range(10)]
    assert parts.most_at_once == 1


async def test_a_session_is_taken_up_again_with_its_id_and_everything_said(page):
    first = await page()
    opened = await first.session(brand="primus", language="fr")
    await first.say("bonjour", message_id="m1")
    await first.wait_for(1)
    await first.client.disconnect()
    later = await page()
    resumed = await later.session(session_id=opened["session_id"])
    assert resumed["session_id"] == opened["session_id"]
    assert [line["text"] for line in resumed["lines"]] == ["bonjour", "you said bonjour"]
    assert [line["author"] for line in resumed["lines"]] == ["customer", "assistant"]
    await later.say("encore", message_id="m2")
    assert await later.wait_for(1) == ["you said encore"]


@pytest.mark.parametrize(
    ("after", "texts"), [(0, 4), (1, 3), (3, 1), (4, 0), (99, 0), (-5, 4), ("2", 4), (None, 4), (10**30, 0), (True, 4)]
)
async def test_after_gives_only_what_was_missed(page, after, texts):
    amelie = await page()
    opened = await amelie.session(brand="primus")
    for n in (1, 2):
        await amelie.say(f"message {n}")
        await amelie.wait_for(n)
    resumed = await (await page()).session(session_id=opened["session_id"], after=after)
    assert [line["sequence"] for line in resumed["lines"]] == list(range(5 - texts, 5))


async def test_a_page_that_was_away_misses_nothing_and_has_nothing_twice(page):
    amelie = await page()
    opened = await amelie.session(brand="primus")
    await amelie.say("un")
    await amelie.wait_for(1)
    await amelie.client.disconnect()
    elsewhere = await page()
    await elsewhere.session(session_id=opened["session_id"])
    await elsewhere.say("deux")
    await elsewhere.wait_for(1)
    again = await page()
    resumed = await again.session(session_id=opened["session_id"], after=amelie.heard[-1]["sequence"])
    assert [line["text"] for line in resumed["lines"]] == ["deux", "you said deux"]


async def test_a_page_that_changes_its_session_hears_nothing_more_of_the_first(page, parts):
    go_on = asyncio.Event()

    async def wait(turn):
        await go_on.wait()
        return said(f"{turn['metadata']['brand']}: {turn['text']}")

    parts.answer = wait
    amelie = await page()
    await amelie.session(brand="primus", language="fr")
    await amelie.say("bonjour")
    await amelie.session(brand="wrs", language="fr")
    await amelie.say("salut")
    go_on.set()
    await amelie.wait_for(1)
    await asyncio.sleep(0.2)
    assert [line["text"] for line in amelie.heard] == ["wrs: salut"]


async def test_two_tabs_see_the_same_lines(page):
    first = await page()
    opened = await first.session(brand="primus")
    second = await page()
    await second.session(session_id=opened["session_id"])
    await first.say("du premier", message_id="m1")
    await first.wait_for(1)
    await second.say("du second", message_id="m2")
    for tab in (first, second):
        assert await tab.wait_for(2) == ["you said du premier", "you said du second"]
        assert [line["text"] for line in tab.own] == ["du premier", "du second"]
        assert sorted(line["sequence"] for line in tab.own + tab.heard) == [1, 2, 3, 4]
    assert first.heard == second.heard


async def test_the_same_message_of_two_tabs_is_one_turn(page, parts):
    first, second = await page(), await page()
    opened = await first.session(brand="primus")
    await second.session(session_id=opened["session_id"])
    acks = await asyncio.gather(first.say("oui", message_id="same"), second.say("oui", message_id="same"))
    assert acks[0]["sequence"] == acks[1]["sequence"]
    await first.wait_for(1)
    assert len(parts.turns) == 1


async def test_the_acknowledgement_says_the_line_and_whether_the_assistant_is_ready(page):
    amelie = await page()
    await amelie.session(brand="primus")
    ack = await amelie.say(" carte 4111 1111 1111 1111 ")
    assert ack == {"sequence": 1, "text": "carte •••• 1111", "ready": True}


async def test_a_page_is_told_who_answers_and_when_people_are_there(page, gateway, clock):
    amelie = await page()
    opened = await amelie.session(brand="primus", language="fr")
    # The clock of the tests stands at noon of a Monday in Toronto; PRIMUS answers from 8 to 20.
    assert opened["people"] == {
        "handled_by": "assistant",
        "place": None,
        "open": True,
        "until": "2026-11-23T20:00:00-05:00",
        "opens_at": "2026-11-24T08:00:00-05:00",
        "zone": "America/Toronto",
    }
    clock.pass_(hours=9)
    other = await page()
    queued = (await other.session(brand="primus", language="fr"))["session_id"].split(".")[0]
    own = opened["session_id"].split(".")[0]
    for conversation in (queued, own):
        url = f"{gateway.internal_url}/internal/v1/conversations/{conversation}/queue"
        async with gateway.http.post(url, json={}, headers={"Authorization": f"Bearer {SECRET}"}) as answer:
            assert answer.status == 200
        clock.pass_(seconds=1)
    standing = await amelie.client.call("standing", {}, timeout=5)
    assert (standing["handled_by"], standing["place"], standing["open"], standing["until"]) == ("queue", 2, False, None)
    await amelie.say("encore là")
    await amelie.wait_for(1)
    assert amelie.heard[0]["handled_by"] == "queue"


async def test_nobody_is_told_who_answers_without_a_session(page):
    charlie = await page()
    assert (await charlie.client.call("standing", {}, timeout=5))["error"] == "unauthorized"


async def test_a_long_conversation_comes_in_parts(page, parts):
    async def many(turn):
        return said(*(f"partie {n}" for n in range(100)))

    parts.answer = many
    amelie = await page()
    opened = await amelie.session(brand="primus")
    for n in (1, 2):
        await amelie.say(f"message {n}")
        await amelie.wait_for(100 * n)
    again = await page()
    first = await again.session(session_id=opened["session_id"])
    assert (len(first["lines"]), first["more"]) == (200, True)
    rest = await again.session(session_id=opened["session_id"], after=200)
    assert ([line["sequence"] for line in rest["lines"]], rest["more"]) == ([201, 202], False)


async def test_a_widget_that_sends_no_brand_names_it_in_its_address(gateway):
    amelie = Page()
    await amelie.open(f"{gateway.url}/?brand=wrs&language=en")
    try:
        assert {k: v for k, v in (await amelie.session()).items() if k in ("brand", "language")} == {
            "brand": "wrs",
            "language": "en",
        }
        assert (await amelie.session(brand="primus"))["brand"] == "primus"
    finally:
        await amelie.client.shutdown()
