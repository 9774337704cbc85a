"""Every route of the action server, from its router: Rasa's calls show the secret; errors show nothing of a conversation."""

import pytest

from actions.app import create_app
from actions.settings import Settings
from tests.doors import doors

SECRET, OTHER = "the assistant's secret, long enough", "the internal secret, long enough"
OPEN = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")}  # the names of the actions, and figures
CANARY = "canari-4711"
CALL = {
    "next_action": "action_converse",
    "sender_id": CANARY,
    "tracker": {
        "sender_id": CANARY, "slots": {"details": CANARY}, "latest_message": {"text": CANARY}, "events": [],
        "paused": False, "followup_action": None, "active_loop": {}, "latest_action_name": None,
    },
}  # fmt: skip


@pytest.fixture
async def client(aiohttp_client):
    # Nobody listens at these addresses.
    nowhere = {"gateway_urls": ("http://127.0.0.1:9",), "billing_url": "http://127.0.0.1:9"}
    return await aiohttp_client(
        await create_app(settings=Settings(internal_secret=OTHER, assistant_secret=SECRET, **nowhere))
    )


async def test_without_the_secret_nothing_is_done(client):
    assert {("POST", "/webhook")} | OPEN == set(doors(client.app))
    for given in (None, "", SECRET, f"Bearer {OTHER}", f"Bearer {SECRET}x", "Bearer ", "Basic x", "Bearer \udcff"):
        headers = {} if given is None else {"Authorization": given}
        if given == SECRET:
            headers = {"Authorization": f"Token {SECRET}", "X-Secret": SECRET}
        if given == "Bearer \udcff":
            headers = {"Authorization": "Bearer \u00ff"}
        response = await client.post("/webhook", json=CALL, headers=headers)
        assert response.status == 401, given
        assert CANARY not in await response.text()


@pytest.mark.parametrize(
    "call",
    [
        {**CALL, "next_action": "action_that_is_not_there"},
        {**CALL, "tracker": {"sender_id": CANARY}},
        {"next_action": "action_converse", "text": CANARY},
        [CANARY],
        CANARY,
    ],
)
async def test_an_error_shows_no_tracker(client, call, caplog):
    response = await client.post("/webhook", json=call, headers={"Authorization": f"Bearer {SECRET}"})
    said = await response.text()
    assert CANARY not in said
    assert "Traceback" not in said
    assert response.status < 500 or said == "500 Internal Server Error\n\nServer got itself in trouble"
    assert CANARY not in caplog.text
