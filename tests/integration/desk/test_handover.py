"""A conversation between the assistant and people: who has it, what the customer is told, and what they never see."""

import asyncio

import jwt
import pytest

from desk.models import Note
from gateway.models import Conversation, Message
from tests.integration.gateway.conftest import SECRET
from tests.integration.gateway.identity_steps import verified
from tests.integration.gateway.parts import echo


def act(talk, what):
    return f"/desk/conversations/{talk.id}/{what}"


async def texts(talk):
    return [line["text"] for line in await talk.lines()]


async def test_the_customer_is_told_who_took_it_and_the_assistant_is_silent_until_it_is_handed_back(
    desk, waiting, parts
):
    luc, talk = await desk("luc"), await waiting()
    asked = len(parts.turns)
    await luc.post(act(talk, "take"))
    assert "Luc, service à la clientèle de PRIMUS, a pris la conversation" in (await texts(talk))[-1]
    answer = await talk.say("vous êtes là?")
    assert (answer["handled_by"], answer["replies"], len(parts.turns)) == ("agent", [], asked)
    await luc.post(act(talk, "hand-back"))
    assert "m’a remis la conversation" in (await texts(talk))[-1]
    answer = await talk.say("merci")
    assert (answer["handled_by"], len(answer["replies"])) == ("assistant", 1)


async def test_the_customer_is_told_in_their_own_language(desk, waiting):
    luc, talk = await desk("luc"), await waiting("my line is down", language="en")
    await luc.get("/desk/")
    await luc.post(act(talk, "take"))
    assert "has joined the conversation" in (await texts(talk))[-1]
    await luc.post(act(talk, "resolve"))
    assert "marked your question as resolved" in (await texts(talk))[-1]


async def test_of_two_agents_who_take_it_at_once_one_gets_it_and_the_other_is_told_who_has_it(desk, waiting, gateway):
    luc, nadia, talk = await desk("luc"), await desk("nadia"), await waiting()
    await asyncio.gather(*(one.post(act(talk, "take")) for one in (luc, nadia)))
    won, lost = (luc, nadia) if luc.status == 200 else (nadia, luc)
    assert (won.status, lost.status) == (200, 409)
    assert f"{'Luc' if won is luc else 'Nadia'} Roy a déjà cette conversation" in lost.text
    assert sum("a pris la conversation" in text for text in await texts(talk)) == 1
    await lost.post(act(talk, "answer"), text="moi aussi", form_id="abcdefgh")
    assert lost.status == 409
    assert "moi aussi" not in await texts(talk)


async def test_an_answer_takes_the_conversation_reaches_the_open_page_at_once_and_is_said_once(
    desk, gateway, page, parts
):
    luc, amelie = await desk("luc"), await page()
    session = await amelie.session(brand="primus", language="fr")
    await amelie.say("bonjour")
    heard = len(await amelie.wait_for(1))
    talk = session["session_id"].rpartition(".")[0]
    await luc.get(f"/desk/conversations/{talk}")
    for _ in range(2):
        await luc.post(f"/desk/conversations/{talk}/answer", text="Je m’en occupe.", form_id="form-number-1")
        assert luc.status == 200
    said = (await amelie.wait_for(heard + 2))[heard:]
    assert said[-1] == "Je m’en occupe."
    assert amelie.heard[-1]["author"] == "agent"
    await amelie.say("merci")
    assert [line["text"] for line in amelie.heard].count("Je m’en occupe.") == 1
    sequences = [line["sequence"] for line in amelie.heard]
    assert sequences == sorted(sequences)


async def test_an_agent_who_takes_it_while_the_assistant_thinks_is_not_talked_over(desk, waiting, parts):
    luc, talk = await desk("luc"), await waiting()
    thinking, may_answer = asyncio.Event(), asyncio.Event()

    async def slowly(turn):
        thinking.set()
        await may_answer.wait()
        return await echo(turn)

    parts.answer = slowly
    saying = asyncio.create_task(talk.say("encore une chose"))
    await thinking.wait()
    await luc.post(act(talk, "take"))
    may_answer.set()
    answer = await saying
    assert (answer["handled_by"], answer["replies"]) == ("agent", [])
    assert "a pris la conversation" in (await texts(talk))[-1]


async def test_a_note_is_for_colleagues_only_and_the_same_form_twice_is_one_note(desk, waiting, gateway):
    luc, nadia, talk = await desk("luc"), await desk("nadia"), await waiting()
    for _ in range(2):
        await nadia.post(act(talk, "note"), text="Client de longue date.")
    assert len(await gateway.rows(Note)) == 1
    await luc.get(f"/desk/conversations/{talk.id}")
    assert "Client de longue date." in luc.text
    assert "Client de longue date." not in str(await talk.lines())


async def test_a_transfer_keeps_the_place_and_names_the_team(desk, waiting, gateway, clock):
    luc, talk = await desk("luc"), await waiting()
    queued_at = (await gateway.rows(Conversation))[0].queued_at
    clock.pass_(seconds=20)
    await luc.post(act(talk, "take"))
    await luc.post(act(talk, "transfer"), team="technical")
    (row,) = await gateway.rows(Conversation)
    assert (row.handled_by, row.agent, row.team, row.queued_at) == ("queue", None, "technical", queued_at)
    assert "Soutien technique" in (await texts(talk))[-1]
    await luc.get("/desk/?team=technical")
    assert talk.id in luc.text
    await luc.get("/desk/?team=billing")
    assert talk.id not in luc.text


async def test_what_is_put_off_leaves_the_queue_until_the_customer_writes(desk, waiting):
    luc, talk = await desk("luc"), await waiting()
    await luc.post(act(talk, "take"))
    await luc.post(act(talk, "snooze"), until="hour")
    await luc.get("/desk/")
    assert talk.id not in luc.text
    await talk.say("j’ai trouvé le numéro de série")
    await luc.get("/desk/")
    assert talk.id in luc.text


@pytest.mark.parametrize("what", ["hand-back", "resolve", "transfer", "snooze"])
async def test_who_does_not_have_it_cannot_give_it_on(desk, waiting, what):
    luc, nadia, talk = await desk("luc"), await desk("nadia"), await waiting()
    fields = {"transfer": {"team": "billing"}, "snooze": {"until": "hour"}}.get(what, {})
    await luc.post(act(talk, what), **fields)
    assert luc.status == 409
    await nadia.post(act(talk, "take"))
    await luc.post(act(talk, what), **fields)
    assert luc.status == 409
    assert (await talk.say("allo"))["handled_by"] == "agent"


async def test_a_lead_may_take_it_from_a_colleague_and_an_agent_may_not(desk, waiting):
    luc, nadia, diane, talk = await desk("luc"), await desk("nadia"), await desk("diane"), await waiting()
    await luc.post(act(talk, "take"))
    await nadia.post(act(talk, "take"), from_colleague="yes")
    assert nadia.status == 409
    await diane.post(act(talk, "take"), from_colleague="yes")
    assert diane.status == 200
    assert "Diane, " in (await texts(talk))[-1]


async def late_notices(talk, count):
    for _ in range(150):
        found = [line for line in await talk.lines() if "délai que nous visons" in line["text"]]
        if len(found) >= count:
            break
        await asyncio.sleep(0.05)
    return found


async def test_a_customer_whom_nobody_answers_in_time_is_told_the_truth_once_and_offered_a_request(
    waiting, clock, start, gateway
):
    talk = await waiting()
    clock.pass_(seconds=31)
    (told,) = await late_notices(talk, 1)
    assert "30 secondes" in told["text"]
    assert told["buttons"] == [{"title": "Ouvrir une demande", "reply": "Je veux ouvrir une demande de soutien"}]
    await start()  # a second gateway, or a restart, does not say it again
    clock.pass_(minutes=5)
    await asyncio.sleep(3)
    assert len(await late_notices(talk, 1)) == 1


async def test_the_time_in_which_to_answer_does_not_pass_while_the_desk_is_closed(waiting, clock):
    clock.pass_(hours=9)  # 21:00 in Toronto
    talk = await waiting()
    clock.pass_(hours=2)
    await asyncio.sleep(3)
    assert await late_notices(talk, 0) == []
    clock.pass_(hours=9, minutes=1)  # the next morning, 8:01
    assert len(await late_notices(talk, 1)) == 1


async def test_billing_facts_are_read_for_the_proved_account_while_the_proof_holds_and_that_is_logged(
    desk, gateway, parts, clock
):
    parts.facts = {
        "/v1/balance": {
            "balance": {"amount": "284.52", "currency": "CAD"},
            "past_due": {"amount": "0.00", "currency": "CAD"},
            "past_due_since": None,
        }
    }
    luc, talk = await desk("luc"), await verified(gateway)
    await luc.get(act(talk, "facts"))
    assert "284,52\u00a0$" in luc.text
    token = jwt.decode(
        parts.facts_asked[0][1], SECRET, algorithms=["HS256"], audience="billing", options={"verify_exp": False}
    )
    assert (token["account"], token["scope"]) == ("1002003001", "account")
    asked = len(parts.facts_asked)
    clock.pass_(minutes=16)
    await luc.get(act(talk, "facts"))
    assert "284,52" not in luc.text
    assert len(parts.facts_asked) == asked


async def test_an_agent_of_one_brand_sees_nothing_of_another(desk, waiting, gateway):
    diane, luc, talk = await desk("diane"), await desk("luc"), await waiting(brand="primus")
    people = {"name": "Luc Roy", "role": "agent", "language": "fr", "team": "general", "active": "yes"}
    await diane.get("/desk/agents")
    number = next(part.split('"')[0] for part in diane.text.split("/desk/agents/") if "Luc Roy" in part[:40])
    await diane.post(f"/desk/agents/{number}", **people, brands="wrs")
    for path in ("/desk/", f"/desk/search?q={'ligne'}"):
        await luc.get(path)
        assert talk.id not in luc.text
    for what in ("", "/live", "/facts"):
        await luc.get(f"/desk/conversations/{talk.id}{what}")
        assert luc.status == 404
    await luc.post(act(talk, "take"))
    assert luc.status == 404


async def test_lines_of_people_stand_in_the_transcript_in_order_with_who_said_them(desk, waiting, gateway):
    luc, talk = await desk("luc"), await waiting()
    await luc.post(act(talk, "answer"), text="Un instant.", form_id="form-number-1")
    await talk.say("d’accord")
    rows = sorted(await gateway.rows(Message), key=lambda row: row.sequence)
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert [row.author for row in rows[-3:]] == ["agent", "agent", "customer"]


@pytest.mark.parametrize("how", ["signed out", "idle", "access ended"])
async def test_what_is_written_to_an_agent_who_has_gone_goes_back_into_the_queue_and_the_customer_is_told(
    desk, waiting, gateway, clock, how
):
    luc, nadia, talk = await desk("luc"), await desk("nadia"), await waiting()
    await luc.get(f"/desk/conversations/{talk.id}")
    await luc.post(f"/desk/conversations/{talk.id}/take")
    if how == "signed out":
        await luc.post("/desk/sign-out")
    elif how == "idle":
        clock.pass_(minutes=20)
        await nadia.get("/desk/account")
        clock.pass_(minutes=11)
    else:
        diane = await desk("diane")
        await diane.get("/desk/agents/1")
        await diane.post("/desk/agents/1", role="agent", team="general", name="Luc Roy", language="fr")
    await asyncio.sleep(3)
    assert [line["author"] for line in await talk.lines()][-1] != "customer"
    (row,) = await gateway.rows(Conversation)
    assert row.handled_by == "agent", "nobody waits for an answer yet"
    await talk.say("Êtes-vous encore là?")
    for _ in range(100):
        (row,) = await gateway.rows(Conversation)
        if row.handled_by == "queue":
            break
        await asyncio.sleep(0.1)
    assert (row.handled_by, row.agent) == ("queue", None)
    (told,) = [line for line in await talk.lines() if "plus à son poste" in line["text"]]
    assert "Luc n’est plus à son poste" in told["text"]
    assert "position 1" in told["text"]
    assert [one["title"] for one in told["buttons"]] == ["Ouvrir une demande"]
    await nadia.get(f"/desk/conversations/{talk.id}")
    await nadia.post(f"/desk/conversations/{talk.id}/take")
    assert (await gateway.rows(Conversation))[0].handled_by == "agent"


async def test_an_agent_who_is_there_keeps_what_customers_write(desk, waiting, gateway, clock):
    luc, talk = await desk("luc"), await waiting()
    await luc.get(f"/desk/conversations/{talk.id}")
    await luc.post(f"/desk/conversations/{talk.id}/take")
    clock.pass_(minutes=29)
    await talk.say("Êtes-vous encore là?")
    await asyncio.sleep(3)
    assert (await gateway.rows(Conversation))[0].handled_by == "agent"


async def test_who_is_left_after_hours_is_told_when_somebody_can_answer(desk, waiting, gateway, clock):
    clock.pass_(hours=7, minutes=50)  # 19:50 in Toronto, ten minutes before the end
    luc, talk = await desk("luc"), await waiting(language="en")
    await luc.get(f"/desk/conversations/{talk.id}")
    await luc.post(f"/desk/conversations/{talk.id}/take")
    await luc.post("/desk/sign-out")
    clock.pass_(minutes=15)
    await talk.say("are you still there?")
    for _ in range(100):
        if (await gateway.rows(Conversation))[0].handled_by == "queue":
            break
        await asyncio.sleep(0.1)
    (told,) = [line["text"] for line in await talk.lines() if "no longer at the desk" in line["text"]]
    assert "before Tuesday, November 24 at 8\u00a0a.m." in told
