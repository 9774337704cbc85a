"""The triage box for agents: by their own session, and only from a page of the desk."""


async def ask(person, **headers):
    url = f"{person.gateway.url}/desk/api/triage"
    async with person.http.post(url, json={"text": "my line is down", "brand": "primus"}, headers=headers) as response:
        return response.status, await response.json()


async def test_an_agent_who_is_signed_in_may_use_it(desk):
    luc = await desk("luc")
    await luc.get("/desk/")
    status, body = await ask(luc, **{"X-Form-Token": luc.token})
    assert (status, body["urgency"]) == (200, "high")


async def test_without_the_token_of_the_page_or_a_session_it_is_closed(desk):
    luc, nadia = await desk("luc"), await desk("nadia", signed=False)
    await luc.get("/desk/")
    assert (await ask(luc))[0] == 401
    assert (await ask(luc, **{"X-Form-Token": luc.token + "x"}))[0] == 401
    assert (await ask(nadia, **{"X-Form-Token": luc.token}))[0] == 401
