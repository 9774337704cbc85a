"""Who gets in: passwords, codes of an authenticator, limits, sessions that end, the first set-up, invitations."""

import asyncio
import re

import pyotp
import pytest

from desk.agent_models import Agent, AgentLink, AgentSession, DeskAudit, SignInFailure
from tests.integration.desk.conftest import PASSWORD, Colleague


async def test_an_agent_signs_in_and_out(desk, gateway):
    luc = await desk("luc", signed=False)
    await luc.get("/desk/")
    assert luc.address == "/desk/sign-in"
    await luc.sign_in()
    assert (luc.status, luc.address) == (200, "/desk/")
    assert "Luc Roy" in luc.text
    await luc.post("/desk/sign-out")
    await luc.get("/desk/")
    assert luc.address == "/desk/sign-in"
    assert await gateway.rows(AgentSession) == []


async def test_a_wrong_password_and_an_unknown_address_are_told_the_same(desk):
    luc, nobody = await desk("luc", signed=False), await desk("nobody", signed=False)
    said = [
        re.sub(r'value="[^"]*"', "", await person.sign_in(password))
        for person, password in (
            (luc, "wrong, but long enough"),
            (nobody, "wrong, but long enough"),
            (nobody, PASSWORD),
        )
    ]
    assert len(set(said)) == 1
    assert luc.status == nobody.status == 401


async def test_the_session_cookie_is_not_for_scripts_nor_for_other_sites_and_only_its_hash_is_kept(desk, gateway):
    luc = await desk("luc", signed=False)
    await luc.get("/desk/sign-in")
    form = {"form_token": luc.token, "email": luc.email, "password": PASSWORD, "code": ""}
    async with luc.http.post(f"{gateway.url}/desk/sign-in", data=form, allow_redirects=False) as response:
        cookie = next(one for one in response.headers.getall("Set-Cookie") if one.startswith("desk_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    token = cookie.split(";")[0].split("=")[1]
    assert len(token) >= 43
    assert token not in [row.token_hash for row in await gateway.rows(AgentSession)]


async def test_after_ten_wrong_tries_even_the_right_password_waits_fifteen_minutes(desk, clock):
    luc = await desk("luc", signed=False)
    for _ in range(10):
        await luc.sign_in("wrong, but long enough")
        assert luc.status == 401
    await luc.sign_in()
    assert luc.status == 429
    clock.pass_(minutes=15, seconds=1)
    await luc.sign_in()
    assert luc.address == "/desk/"


async def test_one_client_that_tries_many_addresses_is_stopped_too(desk):
    luc = await desk("luc", signed=False)
    for number in range(10):
        luc.email = f"someone{number}@desk.example"
        await luc.sign_in("wrong, but long enough")
    luc.email = "luc@desk.example"
    await luc.sign_in()
    assert luc.status == 429


async def test_sixteen_tries_at_once_are_ten(desk, gateway):
    luc = await desk("luc", signed=False)
    await luc.get("/desk/sign-in")
    form = {"form_token": luc.token, "email": luc.email, "password": "wrong, but long enough", "code": ""}

    async def one():
        async with luc.http.post(f"{gateway.url}/desk/sign-in", data=form) as response:
            return response.status

    statuses = await asyncio.gather(*(one() for _ in range(16)))
    assert statuses.count(401) == 10
    assert statuses.count(429) == 6


async def test_a_right_password_clears_the_failures_of_its_address(desk, gateway):
    luc = await desk("luc", signed=False)
    for _ in range(3):
        await luc.sign_in("wrong, but long enough")
    await luc.sign_in()
    assert "luc@desk.example" not in [row.email for row in await gateway.rows(SignInFailure)]


@pytest.mark.parametrize(("passing", "there"), [({"minutes": 29}, True), ({"minutes": 30}, False)])
async def test_a_session_ends_after_thirty_idle_minutes(desk, clock, passing, there):
    luc = await desk("luc")
    clock.pass_(**passing)
    await luc.get("/desk/")
    assert (luc.address == "/desk/") is there


async def test_a_session_ends_after_twelve_hours_however_busy(desk, clock):
    luc = await desk("luc")
    for _ in range(35):
        clock.pass_(minutes=20)
        await luc.get("/desk/")
    assert luc.address == "/desk/"
    clock.pass_(minutes=20)
    await luc.get("/desk/")
    assert luc.address == "/desk/sign-in"


async def test_a_page_that_keeps_itself_up_to_date_does_not_keep_an_idle_agent_signed_in(desk, clock):
    luc = await desk("luc")
    for _ in range(3):
        clock.pass_(minutes=10)
        await luc.get("/desk/queue", **{"HX-Request": "true", "Desk-Refresh": "1"})
    await luc.get("/desk/")
    assert luc.address == "/desk/sign-in"


async def test_a_form_without_its_token_or_from_another_site_changes_nothing(desk, waiting, gateway):
    luc, talk = await desk("luc"), await waiting()
    take = f"/desk/conversations/{talk.id}/take"
    await luc.post(take, form_token="")
    assert luc.status == 403
    await luc.post(take, form_token="another")
    assert luc.status == 403
    await luc.get("/desk/")
    await luc.post(take, headers={"Origin": "https://elsewhere.example"})
    assert luc.status == 403
    assert (await talk.say("toujours là?"))["handled_by"] == "queue"


async def test_an_authenticator_is_turned_on_by_a_code_and_then_asked_for_and_a_code_is_taken_once(
    desk, gateway, clock
):
    luc = await desk("luc")
    await luc.get("/desk/account")
    secret = re.search(r'name="secret" value="(\w+)"', luc.text).group(1)
    codes = pyotp.TOTP(secret)
    await luc.post("/desk/account/authenticator", secret=secret, code="000000")
    assert luc.status == 422
    await luc.post("/desk/account/authenticator", secret=secret, code=codes.at(clock.now))
    assert "Active" in luc.text
    other = await desk("luc", signed=False)
    await other.sign_in()
    assert other.status == 401
    await other.sign_in(code=codes.at(clock.now))
    assert other.status == 401, "the code that turned it on was taken"
    clock.pass_(seconds=30)
    await other.sign_in(code=codes.at(clock.now))
    assert other.address == "/desk/"
    third = await desk("luc", signed=False)
    await third.sign_in(code=codes.at(clock.now))
    assert third.status == 401


async def test_of_two_sign_ins_with_one_code_at_once_one_gets_in(desk, gateway, clock):
    luc = await desk("luc")
    await luc.get("/desk/account")
    secret = re.search(r'name="secret" value="(\w+)"', luc.text).group(1)
    await luc.post("/desk/account/authenticator", secret=secret, code=pyotp.TOTP(secret).at(clock.now))
    clock.pass_(minutes=1)
    both = [await desk("luc", signed=False) for _ in range(2)]
    await asyncio.gather(*(one.sign_in(code=pyotp.TOTP(secret).at(clock.now)) for one in both))
    assert sorted(one.address for one in both) == ["/desk/", "/desk/sign-in"]


async def test_the_first_start_prints_one_link_that_makes_the_first_administrator_once(start, capsys, clock):
    gateway, again = await start(), await start()
    addresses = re.findall(r"http://\S+/desk/setup/\S+", capsys.readouterr().out)
    first, last = (address.split("/desk/")[1] for address in (addresses[0], addresses[-1]))
    diane = Colleague(again, "diane@desk.example")
    await diane.get(f"/desk/{first}")
    assert diane.status == 410, "a later start voids the link of an earlier one"
    await diane.get(f"/desk/{last}")
    await diane.post(f"/desk/{last}", name="Diane Roy", email="diane@desk.example", password="short")
    assert diane.status == 422
    await diane.post(f"/desk/{last}", name="Diane Roy", email="Diane@desk.example", password=PASSWORD)
    assert (diane.status, diane.address) == (200, "/desk/")
    await diane.get(f"/desk/{last}")
    assert diane.status == 410
    (agent,) = await gateway.rows(Agent)
    assert (agent.role, agent.email) == ("administrator", "diane@desk.example")
    assert agent.password_hash.startswith("$argon2id$")
    await diane.get("/desk/canned")
    assert "numero-compte" in diane.text
    await diane.http.close()
    await start()
    assert "/desk/setup/" not in capsys.readouterr().out


async def test_a_set_up_link_is_over_after_a_day(start, gateway, clock, capsys):
    await start()
    link = re.findall(r"/desk/setup/\S+", capsys.readouterr().out)[-1]
    clock.pass_(hours=24)
    late = Colleague(gateway, "late@desk.example")
    await late.get(link)
    assert late.status == 410
    await late.http.close()


async def test_an_administrator_invites_somebody_who_gets_the_link_by_mail(desk, gateway):
    diane = await desk("diane")
    await diane.get("/desk/agents")
    fields = {"role": "agent", "language": "en", "team": "billing", "brands": "wrs"}
    await diane.post("/desk/agents", name="Sam Lee", email="sam@desk.example", **fields)
    link = re.search(r"/desk/link/[\w-]+", diane.text).group()
    for _ in range(100):
        if gateway.texts():
            break
        await asyncio.sleep(0.05)
    (letter,) = gateway.texts()
    assert (letter["to"], letter["language"]) == ("sam@desk.example", "en")
    assert link in letter["text"]
    await diane.get("/desk/agents")
    assert link not in diane.text, "shown once"
    token = link.rsplit("/", 1)[1]
    assert token not in str([vars(row) for row in await gateway.rows(AgentLink)])
    sam = await desk("sam", signed=False)
    await sam.get(link)
    await sam.post(link, password=PASSWORD)
    assert sam.address == "/desk/sign-in"
    await sam.sign_in()
    assert sam.address == "/desk/"
    await sam.get(link)
    assert sam.status == 410


async def test_only_an_administrator_gives_access_and_ending_one_signs_out_at_once(desk, gateway):
    luc, diane = await desk("luc"), await desk("diane")
    await luc.get("/desk/agents")
    assert luc.status == 403
    person = next(row for row in await gateway.rows(Agent) if row.email == luc.email)
    await diane.get(f"/desk/agents/{person.id}")
    fields = {"name": "Luc Roy", "role": "agent", "language": "fr", "team": "general"}
    await diane.post(f"/desk/agents/{person.id}", **fields)
    await luc.get("/desk/")
    assert luc.address == "/desk/sign-in"
    await luc.sign_in()
    assert luc.status == 401


async def test_the_last_administrator_cannot_be_lost(desk, gateway):
    diane = await desk("diane")
    person = next(row for row in await gateway.rows(Agent) if row.email == diane.email)
    await diane.get(f"/desk/agents/{person.id}")
    fields = {"name": "Diane Roy", "language": "fr", "team": "general", "active": "yes"}
    await diane.post(f"/desk/agents/{person.id}", role="agent", **fields)
    assert diane.status == 409
    await diane.get("/desk/agents")
    assert diane.status == 200


async def test_every_page_forbids_scripts_and_styles_in_itself(desk, waiting):
    luc, talk = await desk("luc"), await waiting()
    for path in ("/desk/", f"/desk/conversations/{talk.id}", "/desk/account", "/desk/nothing-here"):
        await luc.get(path)
        assert "unsafe" not in luc.headers["Content-Security-Policy"]
        assert luc.headers["Cache-Control"] == "no-store"
        assert "style=" not in luc.text
        assert "<script>" not in luc.text


async def test_what_an_agent_reads_and_does_is_logged(desk, waiting, gateway):
    luc, talk = await desk("luc"), await waiting()
    await luc.get(f"/desk/conversations/{talk.id}")
    await luc.get(f"/desk/conversations/{talk.id}")
    await luc.get("/desk/search?q=ligne")
    await luc.post(f"/desk/conversations/{talk.id}/take")
    logged = [(row.what, row.subject) for row in await gateway.rows(DeskAudit)]
    about = f"conversation:{talk.id}"
    assert logged[0][0] == "signed_in"
    assert logged[1:] == [
        ("read_queue", "queue"),
        ("read_conversation", about),
        ("searched", "search"),
        ("took", about),
    ]
