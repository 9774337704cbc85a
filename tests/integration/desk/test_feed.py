"""The stream of events that keeps agents' pages up to date."""

import asyncio
import json


async def events(colleague, count, **headers):
    """The first events of a stream, each with its id; how something is sorted changes at moments of its own."""
    found, number = [], None
    async with colleague.http.get(f"{colleague.gateway.url}/desk/feed", headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        async for line in response.content:
            text = line.decode().strip()
            if text.startswith("id: "):
                number = int(text[4:])
            if text.startswith("data: "):
                event = json.loads(text[6:])
                if event["kind"] != "triage":
                    found.append((number, event))
                if len(found) == count:
                    return found
    return found


async def test_every_open_page_hears_who_waits(desk, waiting):
    luc, nadia = await desk("luc"), await desk("nadia")
    hearing = [asyncio.create_task(events(one, 1)) for one in (luc, nadia)]
    await asyncio.sleep(0.3)
    talk = await waiting()
    for heard in await asyncio.wait_for(asyncio.gather(*hearing), 10):
        assert heard[0][1] == {"kind": "waiting", "subject": talk.id, "brand": "primus"}


async def test_a_page_that_was_away_hears_what_it_missed_and_nothing_twice(desk, waiting):
    luc = await desk("luc")
    hearing = asyncio.create_task(events(luc, 1))
    await asyncio.sleep(0.3)
    first = await waiting()
    ((last, _),) = await hearing
    second = await waiting()
    await asyncio.sleep(1)
    missed = await asyncio.wait_for(events(luc, 1, **{"Last-Event-ID": str(last)}), 10)
    assert [number for number, _ in missed] == sorted({number for number, _ in missed})
    assert all(number > last for number, _ in missed)
    assert {event["subject"] for _, event in missed} <= {first.id, second.id}
    assert missed[-1][1]["subject"] == second.id


async def test_an_event_of_another_gateway_is_heard_here(desk, waiting, start, gateway):
    luc, talk = await desk("luc"), await waiting()
    await asyncio.sleep(1)
    hearing = asyncio.create_task(events(luc, 1))
    await asyncio.sleep(0.3)
    other = await start()
    url = f"{other.internal_url}/internal/v1/conversations/{talk.id}/queue"
    again = await gateway.talk("primus")
    async with other.http.post(
        url.replace(talk.id, again.id), json={}, headers={"Authorization": "Bearer a secret of the tests, long enough"}
    ) as response:
        assert response.status == 200
    assert (await asyncio.wait_for(hearing, 10))[0][1]["subject"] == again.id


async def test_nobody_hears_anything_without_signing_in(desk):
    luc = await desk("luc", signed=False)
    async with luc.http.get(f"{luc.gateway.url}/desk/feed", allow_redirects=False) as response:
        assert response.status == 303
