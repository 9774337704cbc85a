"""Texts through a real Kannel: what phones get is what was rendered, in as many parts as were counted; nothing is lost, nothing doubled."""

import asyncio
import random

import pytest

from gateway.models import Message, Outgoing
from tests import kannel as real
from tests.integration.gateway.sms_steps import PRIMUS
from tests.sms_sample import compare, settings
from tests.stack import free_port

SAMPLE = 300  # texts; tests/load/texts.py sends ten thousand
pytestmark = pytest.mark.skipif(real.why_not() is not None, reason=str(real.why_not()))


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def kannel(tmp_path_factory, port):
    running = real.Kannel(tmp_path_factory.mktemp("kannel"), f"http://127.0.0.1:{port}")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
async def gateway(start, kannel, port):
    return await start(port=port, sms=settings(kannel))


async def texts(kannel, phone, count):
    return await asyncio.to_thread(kannel.wait_for, phone, count)


async def test_a_text_and_its_answer(gateway, kannel):
    for phone, words in (("+15145550201", "Où en est ma facture? 😀"), ("+15145550202", "where is my bill")):
        kannel.say(words, phone, PRIMUS)
        assert await texts(kannel, phone, 1) == [f"you said {words}"]
    for _ in range(100):
        if {row.delivery for row in await gateway.rows(Outgoing)} == {"delivered"}:
            break
        await asyncio.sleep(0.05)
    assert {row.delivery for row in await gateway.rows(Outgoing)} == {"delivered"}


async def test_what_comes_in_while_the_gateway_is_away_is_answered_and_kannel_says_nothing_itself(
    start, kannel, port, parts
):
    phones = [f"+151455503{number:02d}" for number in range(20)]
    first = await start(port=port, sms=settings(kannel))
    await first.stop()
    for phone in phones:
        kannel.say("es-tu là", phone, PRIMUS)
    await asyncio.sleep(3)
    assert [kannel.texts(phone) for phone in phones] == [[]] * 20
    second = await start(port=port, sms=settings(kannel))
    for phone in phones:
        assert await texts(kannel, phone, 1) == ["you said es-tu là"]
    await asyncio.sleep(0.5)
    assert [kannel.texts(phone) for phone in phones] == [["you said es-tu là"]] * 20
    assert len([line for line in await second.rows(Message) if line.author == "customer"]) == 20


async def test_a_burst_of_phones_is_stored_and_answered_once_each(gateway, kannel):
    phones = [f"+1514556{number:04d}" for number in range(100)]
    for phone in phones:
        kannel.say("bonjour", phone, PRIMUS)
    for phone in phones:
        assert await texts(kannel, phone, 1) == ["you said bonjour"]
    await asyncio.sleep(0.5)
    assert all(len(kannel.texts(phone)) == 1 for phone in phones)
    assert len([line for line in await gateway.rows(Message) if line.author == "customer"]) == 100


async def test_the_parts_and_the_alphabet_that_are_counted_are_those_that_phones_get(kannel):
    assert await compare(kannel, random.Random(20261130), SAMPLE, "+151455504") > SAMPLE
