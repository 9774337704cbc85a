"""The socket of the web channel: what it refuses, and how it says so."""

import aiohttp
import pytest


def wrong_ids(right, another):
    """Session ids that are nobody's, made from a real one."""
    conversation, _, token = right.rpartition(".")
    other_token = another.rpartition(".")[2]
    forged = [
        f"{conversation}.{text}" for text in (f"{token}x", token[:-1], token.swapcase(), other_token, "", "wrong")
    ]
    return [
        *forged,
        conversation,
        token,
        f".{token}",
        "",
        "nonsense",
        "x" * 5000,
        5,
        None,
        [right],
        {"session_id": right},
    ]


async def test_a_wrong_session_id_gets_a_new_session_and_nobodys_lines(page):
    amelie, luc = await page(), await page()
    opened, another = await amelie.session(brand="primus"), await luc.session(brand="primus")
    await amelie.say("mon solde est secret")
    await amelie.wait_for(1)
    known = {answer["session_id"].rpartition(".")[0] for answer in (opened, another)}
    for n, wrong in enumerate(wrong_ids(opened["session_id"], another["session_id"])):
        charlie = await page()
        answer = await charlie.session(brand="primus", session_id=wrong)
        assert answer["session_id"].rpartition(".")[0] not in known, wrong
        assert answer["lines"] == []
        await amelie.say(f"encore un secret {n}")
        await amelie.wait_for(n + 2)
        assert charlie.heard == charlie.own == [], wrong
        await charlie.client.disconnect()


async def test_a_session_of_another_brand_is_not_taken_up(page):
    amelie = await page()
    opened = await amelie.session(brand="primus")
    await amelie.say("bonjour")
    await amelie.wait_for(1)
    other = await page()
    answer = await other.session(brand="wrs", session_id=opened["session_id"])
    assert answer["session_id"] != opened["session_id"]
    assert (answer["brand"], answer["lines"]) == ("wrs", [])


@pytest.mark.parametrize(
    ("message", "message_id", "error"),
    [
        ("", "m", "empty_message"),
        ("  ", "m", "empty_message"),
        (None, "m", "empty_message"),
        (5, "m", "empty_message"),
        ("x" * 4001, "m", "long_message"),
        ("a\x00b", "m", "binary_message"),
        ("bonjour", "x" * 129, "bad_message_id"),
        ("bonjour", {"id": 1}, "bad_message_id"),
    ],
)
async def test_a_message_that_cannot_be_taken_is_refused_in_the_acknowledgement(
    page, parts, language, message, message_id, error
):
    amelie = await page()
    await amelie.session(brand="primus", language=language)
    answer = await amelie.say(message, message_id=message_id)
    assert answer["error"] == error
    assert answer["title"]
    assert answer["detail"].isascii() or language == "fr"
    assert "{" not in answer["detail"]
    assert parts.turns == []
    assert (await amelie.say("bonjour"))["sequence"] == 1, "the page may go on"


async def test_without_a_session_nothing_is_heard(page, parts, gateway):
    talk = await gateway.talk()
    charlie = await page()
    for data in (
        "bonjour",
        {"message": "bonjour"},
        {"message": "bonjour", "session_id": f"{talk.id}.{talk.token}"},
        None,
        [],
    ):
        answer = await charlie.client.call("user_uttered", data, timeout=5)
        assert answer["error"] == "unauthorized"
        assert answer["title"] == "Accès refusé"
    assert parts.turns == []


async def test_a_message_goes_to_the_sockets_own_session_whatever_id_it_names(page, gateway, parts):
    amelie, charlie = await page(), await page()
    opened = await amelie.session(brand="primus")
    own = await charlie.session(brand="primus")
    await charlie.say("bonjour", session_id=opened["session_id"], conversation=opened["session_id"].rpartition(".")[0])
    await charlie.wait_for(1)
    assert parts.turns[0]["conversation"] == own["session_id"].rpartition(".")[0]
    assert amelie.heard == []


@pytest.mark.parametrize("brand", ["bell", "../primus", ["primus"], {"id": "primus"}, 5])
async def test_an_unknown_brand_is_said_and_starts_nothing(page, brand, language):
    charlie = await page()
    answer = await charlie.session(brand=brand, language=language)
    assert answer["error"] == "unknown_brand"
    assert "primus" in answer["detail"]
    assert charlie.confirmed == []


@pytest.mark.parametrize(
    "data", [None, 5, "primus", [], {"customData": 5}, {"customData": ["wrs"]}, {"language": ["fr"]}, {"after": "x"}]
)
async def test_a_request_of_another_shape_still_gets_a_session(page, data):
    charlie = await page()
    answer = await charlie.client.call("session_request", data, timeout=5)
    assert answer["session_id"]
    assert answer["lines"] == []


async def knock(gateway, origin):
    """The status with which a socket from a page of `origin` is answered (101: let in), and that of a poll."""
    address = f"{gateway.url}/socket.io/?EIO=4&transport="
    async with gateway.http.get(f"{address}polling", headers={"Origin": origin}) as polled:
        assert polled.headers.get("Access-Control-Allow-Origin") in (None, origin)
        status = polled.status
    try:
        async with gateway.http.ws_connect(f"{address}websocket", headers={"Origin": origin}):
            return 101, status
    except aiohttp.WSServerHandshakeError as refused:
        return refused.status, status


FOREIGN = [
    "https://charlie.example",
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1.charlie.example",
    "https://laurier.example.charlie.example",
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_page_of_a_foreign_site_is_refused(gateway, start, origin):
    assert await knock(gateway, origin) == (400, 400)
    with_a_site = await start(allowed_origins=("https://laurier.example",))
    assert await knock(with_a_site, origin) == (400, 400)


async def test_the_gateways_own_pages_and_those_of_allowed_sites_are_let_in(gateway, start):
    assert await knock(gateway, gateway.url) == (101, 200)
    assert await knock(gateway, "https://laurier.example") == (400, 400)
    with_a_site = await start(allowed_origins=("https://laurier.example",))
    assert await knock(with_a_site, with_a_site.url) == (101, 200)
    assert await knock(with_a_site, "https://laurier.example") == (101, 200)
