"""A turn's call of the action server, in Rasa's own environment, against a real server on loopback."""

import pytest

from tests.unit.bot.in_rasa import printed

pytestmark = pytest.mark.timeout(400)
PROGRAM = """
import asyncio, json
from pathlib import Path
from bot.tensorflow_free import spare_tensorflow
spare_tensorflow(Path("config.yml"))
from aiohttp import web
from rasa.core.actions.action import ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from bot.turn import ActionServer, CustomAction

asked, peers = [], set()

async def answer(request):
    body = await request.json()
    asked.append({**body, "authorization": request.headers.get("Authorization")})
    peers.add(request.transport.get_extra_info("peername"))
    name = body["next_action"]
    if name == "action_refuses":
        return web.json_response({"action_name": name, "error": "not now"}, status=400)
    if name == "action_breaks":
        return web.Response(status=500)
    if name == "action_babbles":
        return web.json_response({"events": ["no event"], "responses": []})
    return web.json_response({
        "events": [{"event": "slot", "name": "language", "value": "en", "timestamp": None}],
        "responses": [{"text": "Hello.", "custom": {"act": "x"}}],
    })

async def main():
    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server = ActionServer(EndpointConfig(f"http://127.0.0.1:{port}/webhook", headers={"Authorization": "Bearer s"}))
    tracker = DialogueStateTracker("c1", [])
    for event in (UserUttered("before"), BotUttered("said before"), UserUttered("now"), ActionExecuted("a_first")):
        tracker.update(event)
    outcomes = {}
    for name in ("action_answers", "action_refuses", "action_breaks", "action_babbles", "action_answers"):
        try:
            events = await CustomAction(name, server).run(CollectingOutputChannel(), None, tracker, Domain.empty())
            outcomes[name] = [type(event).__name__ for event in events]
        except Exception as error:
            outcomes[name] = type(error).__name__
    await runner.cleanup()
    try:
        await CustomAction("action_answers", server).run(CollectingOutputChannel(), None, tracker, Domain.empty())
    except Exception as error:
        outcomes["away"] = type(error).__name__
    print(json.dumps({"outcomes": outcomes, "asked": asked[0], "connections": len(peers)}))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def seen() -> dict:
    """What the program printed; Rasa is imported once for all that is looked at."""
    return printed(PROGRAM)


def test_an_answer_becomes_events(seen: dict) -> None:
    assert seen["outcomes"]["action_answers"] == ["BotUttered", "SlotSet"]


def test_a_refusal_a_failure_and_nonsense_are_told_apart(seen: dict) -> None:
    outcomes = seen["outcomes"]
    assert outcomes["action_refuses"] == "ActionExecutionRejection"
    assert outcomes["action_breaks"] == "RasaException"
    assert outcomes["action_babbles"] == "RasaException"
    assert outcomes["away"] == "RasaException"


def test_the_action_is_told_of_this_turn_only(seen: dict) -> None:
    events = seen["asked"]["tracker"]["events"]
    assert [event["event"] for event in events] == ["user", "action"]
    assert events[0]["text"] == "now"
    assert "domain" not in seen["asked"]
    assert seen["asked"]["authorization"] == "Bearer s"


def test_the_connection_is_kept(seen: dict) -> None:
    assert seen["connections"] == 1
