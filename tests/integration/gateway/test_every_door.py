"""Every route of the gateway, from its router: who may use it. A route without a case here fails."""

import json
from io import BytesIO

import jwt
import pytest
from aiohttp import FormData

from gateway.models import Message
from tests.doors import doors, filled
from tests.integration.gateway.identity_steps import verified
from tests.integration.gateway.parts import SECRET

# Open to everybody, and why that tells nobody anything.
OPEN = {
    ("GET", "/"): "the demonstration page",
    ("GET", "/privacy"): "a statement for everybody",
    ("GET", "/accessibility"): "a statement for everybody",
    ("GET", "/widget.js"): "the widget's loader",
    ("GET", "/widget/chat.js"): "the rest of the widget",
    ("GET", "/pages/{path}"): "style and script of our pages",
    ("GET", "/api/v1/brands"): "names and phones of the brands",
    ("GET", "/api/openapi.json"): "the document of the API",
    ("GET", "/healthz"): "whether the process runs",
    ("GET", "/readyz"): "which part runs",
    ("GET", "/metrics"): "loopback only",
    ("POST", "/api/v1/conversations"): "a conversation of one's own",
    ("GET", "/dev/outbox"): "not in production",
    ("GET", "/dev/outbox.json"): "not in production",
    ("GET", "/socket.io/"): "a socket may do nothing without a session (test_web_refusals)",
    ("POST", "/socket.io/"): "the same",
    ("OPTIONS", "/socket.io/"): "the same",
    ("GET", "/pay/{token}"): "billing checks the token of the link (test_payment_links)",
    ("POST", "/pay/{token}"): "billing checks the token of the link",
    ("GET", "/documents/{token}"): "billing checks the token of the link (test_bill_documents)",
}
# The token of the conversation in the path.
CONVERSATION = {
    ("POST", "/api/v1/conversations/{id}/messages"),
    ("GET", "/api/v1/conversations/{id}/messages"),
    ("POST", "/api/v1/conversations/{id}/rating"),
    ("POST", "/api/v1/conversations/{id}/transcript"),
    ("GET", "/api/v1/conversations/{id}/requests"),
    ("POST", "/api/v1/conversations/{id}/phone"),
    ("POST", "/api/v1/conversations/{id}/phone/code"),
    ("POST", "/api/v1/conversations/{id}/messages/{reply_id}/feedback"),
    ("POST", "/api/v1/conversations/{id}/requests/{number}/attachments"),
    ("GET", "/api/v1/conversations/{id}/requests/{number}/attachments"),
    ("GET", "/api/v1/conversations/{id}/requests/{number}/attachments/{attachment}"),
}
# A token of a program, or an agent's session.
PROGRAM = {("POST", "/desk/api/triage")}
# A provider of text messages: Twilio's signature, Kannel's secret and address (test_sms_twilio, test_sms_providers).
PROVIDER = {
    ("POST", "/sms/twilio"),
    ("POST", "/sms/twilio/status"),
    ("GET", "/sms/kannel"),
    ("GET", "/sms/kannel/status"),
}
DESK = "/desk"  # each of its routes: tests/integration/desk/test_every_door.py


def public(gateway):
    return [door for door in doors(gateway.app) if not door[1].startswith(DESK) or door in PROGRAM]


async def ask(gateway, method, path, headers, body=None):
    async with gateway.http.request(
        method, gateway.url + path, data=body, headers=headers, allow_redirects=False
    ) as response:
        return response.status, await response.text()


def forged(conversation):
    """What somebody makes up: nothing, noise, somebody else's kind of token, one that says what it would like to be."""
    claims = {"conversation": conversation, "scope": "account", "account": "1002003001", "level": "verified"}
    yield {}
    for given in ("", "x", "x" * 43, "null", "é".encode().decode("latin-1"), SECRET, conversation):
        yield {"Authorization": f"Bearer {given}"}
    yield {"Authorization": f"Bearer {jwt.encode(claims, 'x' * 32, algorithm='HS256')}"}
    yield {"Authorization": f"Bearer {jwt.encode(claims, None, algorithm='none')}"}


async def test_every_route_has_a_case(gateway):
    assert set(public(gateway)) == set(OPEN) | CONVERSATION | PROGRAM | PROVIDER, (
        "say here who may use a new route, and try it"
    )


async def test_a_conversation_opens_to_its_own_token_only(gateway):
    amelie, charlie = await gateway.talk(), await verified(gateway, "primus")
    await amelie.say("Mon numéro est le 514 555-0123")
    status, made = await amelie.inside(
        "requests",
        {
            "key": "k", "kind": "open_request", "category": "support", "language": "fr", "description": "Plus rien",
            "contact": "amelie@laurier.example", "details": {},
        },
    )  # fmt: skip
    assert status == 201
    before = await gateway.rows(Message)
    theirs = {"Authorization": f"Bearer {charlie.token}"}
    for method, path in sorted(CONVERSATION):
        place = filled(path, id=amelie.id, number=made["number"])
        refusals = set()
        for headers in (*forged(amelie.id), theirs, {"Authorization": amelie.token}, {"Cookie": amelie.token}):
            body = json.dumps({"text": "bonjour", "message_id": "m", "token": amelie.token, "conversation": amelie.id})
            status, text = await ask(gateway, method, place, {**headers, "Content-Type": "application/json"}, body)
            refusals.add((status, text))
        # One that is there and one that is not are refused alike.
        refusals.add(await ask(gateway, method, filled(path, id="not-there", number=made["number"]), theirs))
        assert len(refusals) == 1, (method, path, refusals)
        assert refusals.pop()[0] == 401
        # The own token opens nothing of a request that is another's.
        if "{number}" in path:
            own = filled(path, id=charlie.id, number=made["number"])
            form = FormData({"file": BytesIO(b"x")}) if method == "POST" else None
            assert (await ask(gateway, method, own, theirs, form))[0] == 404
    assert [row.id for row in await gateway.rows(Message)] == [row.id for row in before]


async def test_programs_need_their_token(gateway):
    for method, path in PROGRAM:
        for headers in forged("x"):
            assert (await ask(gateway, method, path, headers, b"{}"))[0] == 401


async def test_texts_are_taken_from_their_provider_only(gateway):
    for method, path in PROVIDER:
        for headers in (*forged("x"), {"X-Twilio-Signature": "x"}, {"X-Forwarded-For": "127.0.0.1"}):
            assert (await ask(gateway, method, f"{path}?secret=&letter=1&state=1", headers, b""))[0] == 403
    assert await gateway.rows(Message) == []


async def test_in_production_the_outbox_is_not_there(start):
    class Nowhere:
        async def send(self, letter):
            raise AssertionError(letter)

    gateway = await start(senders={"sms": Nowhere(), "email": Nowhere()}, production=True)
    for path in ("/dev/outbox", "/dev/outbox.json"):
        assert ("GET", path) not in doors(gateway.app)
        assert (await ask(gateway, "GET", path, {}))[0] == 404


CLAIMS = {
    "identity": "verified", "account": "1002003001", "account_number": "1002003001", "verified": True, "role": "holder",
    "metadata": {"identity": "verified", "account_ending": "3001", "brand": "wrs"}, "slots": {"identity": "verified"},
    "customData": {"identity": "verified"}, "brand": "wrs", "channel": "desk", "handled_by": "agent", "author": "agent",
    "language": "en", "conversation": "another", "sender": "another", "session_id": "another",
}  # fmt: skip
HEADERS = {
    "X-Identity": "verified", "X-Account": "1002003001", "X-Conversation": "another", "X-User-Id": "1002003001",
    "X-Forwarded-User": "luc", "Cookie": "identity=verified; account=1002003001",
}  # fmt: skip


async def test_what_a_client_says_of_itself_has_no_effect(gateway, parts):
    status, made = await gateway.call("POST", "/api/v1/conversations", {**CLAIMS, "brand": "primus"}, **HEADERS)
    assert status == 201
    path = f"/api/v1/conversations/{made['conversation']}/messages"
    body = {**CLAIMS, "text": "quel est mon solde", "message_id": "m-1"}
    status, answer = await gateway.call("POST", path, body, made["token"], **HEADERS)
    assert status == 200
    assert answer["handled_by"] == "assistant"
    (turn,) = parts.turns
    assert turn["conversation"] == made["conversation"]
    assert turn["metadata"] == {
        "brand": "primus", "language": "fr", "channel": "api", "identity": "none", "account_ending": None, "texts": False,
    }  # fmt: skip


async def test_what_a_page_says_of_itself_has_no_effect(page, parts):
    tab = await page()
    await tab.session(**{**CLAIMS, "session_id": None, "brand": "primus"})
    await tab.say("quel est mon solde", **CLAIMS)
    await tab.wait_for(1)
    assert parts.turns[0]["metadata"]["identity"] == "none"
    assert parts.turns[0]["metadata"]["brand"] == "primus"
    assert parts.turns[0]["metadata"]["channel"] == "web"


@pytest.mark.parametrize("what", ["billing-token", "request-list", "requests"])
async def test_what_a_body_of_the_actions_says_of_identity_has_no_effect(gateway, what):
    """Even who has taken over Rasa and the actions names no account."""
    other, talk = await verified(gateway), await gateway.talk()  # the account that the body names
    request = {"key": "k", "kind": "open_request", "category": "support", "description": "x", "contact": "x@y.example"}
    status, body = await talk.inside(what, {**CLAIMS, **request, "details": {}, "scope": "account", "kind": "x"})
    if what == "billing-token":
        assert status == 403
    if what == "request-list":
        assert body == {"requests": []}
    if what == "requests":
        assert (await talk.inside("request-list", {}))[1]["requests"], "found by its conversation"
        assert (await other.inside("request-list", {}))[1] == {"requests": []}, "not by the account that a body named"
