"""By text, a code to the very phone that the conversation goes by is enough to read; a change asks for one by e-mail."""

import re

import pytest

from gateway.models import Conversation, Proof
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.conftest import SECRET, Talk
from tests.integration.gateway.identity_steps import LAURIER
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN, say, sent

ON_FILE, ELSEWHERE = "+15145550101", "+15145550199"
NO_MAIL = {**LAURIER, "account": "1002003002", "postal_code": "M5V 2T6"}  # +14165550102, and no address


@pytest.fixture
async def gateway(start):
    return await start(sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0))


async def by_text(gateway, phone):
    """The conversation that a phone has begun."""
    await say(gateway, "bonjour", customer=phone)
    await sent(gateway, 1, phone)
    (talk,) = [one for one in await gateway.rows(Conversation) if one.channel == "sms"]
    return Talk(gateway, talk.id, SECRET)


async def code(gateway, talk, account, to, change):
    """Asks for a code, and gives the one that came to an address."""
    seen = len(gateway.texts())
    status, body = await talk.inside("codes", {**account, "change": change})
    assert (status, body) == (200, {"sent": True})
    await sent(gateway, 1 + sum(one["to"] == to for one in gateway.texts()[:seen]), to)
    (letter,) = gateway.texts()[seen:]
    assert letter["to"] == to
    found = re.search(r"\b\d{6}\b", letter["text"])
    assert found
    assert (await talk.inside("verification", {"code": found[0]}))[1] == {"verified": True}


async def token(talk, **body):
    return (await talk.inside("billing-token", body))[0]


async def test_a_code_to_the_same_phone_reads_and_does_not_change(gateway, parts):
    talk = await by_text(gateway, ON_FILE)
    await code(gateway, talk, LAURIER, ON_FILE, change=False)
    assert (await token(talk), await token(talk, change=True)) == (200, 403)
    await say(gateway, "mon solde", customer=ON_FILE)
    await sent(gateway, 3, ON_FILE)
    assert parts.turns[-1]["metadata"]["identity"] == "reading"
    await code(gateway, talk, LAURIER, "comptes@laurier.example", change=True)
    assert (await token(talk), await token(talk, change=True)) == (200, 200)
    assert [proof.reading for proof in await gateway.rows(Proof)] == [False]


async def test_a_code_to_another_phone_on_file_proves_as_everywhere(gateway):
    talk = await by_text(gateway, ELSEWHERE)
    await code(gateway, talk, LAURIER, ON_FILE, change=True)
    assert await token(talk, change=True) == 200


async def test_where_the_file_has_no_address_the_phone_counts_for_all(gateway):
    talk = await by_text(gateway, "+14165550102")
    await code(gateway, talk, NO_MAIL, "+14165550102", change=True)
    assert await token(talk, change=True) == 200


async def test_on_the_web_nothing_changes(gateway):
    talk = await gateway.talk()
    await code(gateway, talk, LAURIER, ON_FILE, change=True)
    assert await token(talk, change=True) == 200
