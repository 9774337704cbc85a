"""Two assistants behind one gateway: a conversation keeps to its own while that one answers, and goes to the other while it does not."""

import pytest
from aiohttp import web

from tests.integration.gateway.parts import Parts
from tests.stack import free_port


@pytest.fixture
async def second():
    """Another assistant, and how to stop it."""
    parts = Parts()
    runner = web.AppRunner(parts.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    parts.url, parts.stop = f"http://127.0.0.1:{port}", runner.cleanup
    yield parts
    await runner.cleanup()


async def test_each_conversation_has_its_own_and_the_other_takes_over(start, parts, second):
    alone = await start()
    # On SQLite there is one gateway: this one would take up turns of the other that last for more than a moment, and ask its own assistant.
    await alone.stop()
    gateway = await start(assistant_url=f"{alone.settings.assistant_url}, {second.url}")
    talks = [await gateway.talk() for _ in range(12)]
    for word in ("un", "deux"):
        for talk in talks:
            await talk.say(word)
    here, there = ({turn["conversation"] for turn in one.turns} for one in (parts, second))
    assert here | there == {talk.id for talk in talks}
    assert here, "both have some"
    assert there
    assert not here & there
    await second.stop()
    for talk in talks:
        assert (await talk.say("trois"))["replies"][0]["text"] == "you said trois"
    assert {turn["conversation"] for turn in parts.turns if turn["text"] == "trois"} == here | there
    assert (await gateway.call("GET", "/readyz"))[0] == 200, "one can serve"
