"""What a conversation has proved: for which account, and for how long."""

import jwt
import pytest

from gateway.models import Proof
from tests.integration.gateway.conftest import SECRET
from tests.integration.gateway.identity_steps import verified


async def test_the_token_says_which_account_and_lives_a_minute(gateway, clock):
    talk = await verified(gateway)
    _, body = await talk.inside("billing-token", {"account": "1002003002"})
    claims = jwt.decode(body["token"], SECRET, algorithms=["HS256"], audience="billing", options={"verify_exp": False})
    assert claims["account"] == "1002003001", "whatever the caller asks for"
    assert (claims["brand"], claims["scope"], claims["level"]) == ("primus", "account", "verified")
    assert claims["conversation"] == talk.id
    assert claims["exp"] == clock.now.timestamp() + 60


@pytest.mark.parametrize(("minutes", "status"), [(14.9, 200), (15, 403), (200, 403)])
async def test_a_proof_ends_after_fifteen_idle_minutes(gateway, clock, minutes, status):
    talk = await verified(gateway)
    clock.pass_(minutes=minutes)
    assert (await talk.inside("billing-token"))[0] == status


async def test_a_message_keeps_the_proof_alive_and_tells_the_assistant(gateway, clock, parts):
    talk = await verified(gateway)
    for n in range(3):
        clock.pass_(minutes=14)
        await talk.say(f"encore {n}")
        assert parts.turns[-1]["metadata"]["identity"] == "verified"
        assert parts.turns[-1]["metadata"]["account_ending"] == "3001", "enough to tell another account, no more"
    assert (await talk.inside("billing-token"))[0] == 200


async def test_an_ended_proof_does_not_come_back_with_a_message(gateway, clock, parts):
    talk = await verified(gateway)
    clock.pass_(minutes=15)
    await talk.say("me revoilà")
    assert parts.turns[-1]["metadata"]["identity"] == "none"
    assert (await talk.inside("billing-token"))[0] == 403


async def test_a_proof_ends_after_an_hour_however_active_the_customer_is(gateway, clock):
    talk = await verified(gateway)
    for n in range(5):
        clock.pass_(minutes=11)
        await talk.say(f"encore {n}")
    assert (await talk.inside("billing-token"))[0] == 200
    clock.pass_(minutes=5)
    await talk.say("une heure")
    assert (await talk.inside("billing-token"))[0] == 403


async def test_asking_for_a_token_does_not_keep_the_proof_alive(gateway, clock):
    talk = await verified(gateway)
    for minutes, status in ((10, 200), (4.9, 200), (0.1, 403)):
        clock.pass_(minutes=minutes)
        assert (await talk.inside("billing-token"))[0] == status


async def test_what_one_conversation_proved_no_other_has(gateway):
    await verified(gateway)
    charlie = await gateway.talk()
    assert (await charlie.inside("billing-token"))[0] == 403
    assert len(await gateway.rows(Proof)) == 1
