"""Texts through a real Kannel: what phones get is what was rendered, in as many parts as were counted; nothing is lost, nothing doubled."""

import asyncio
import random

import aiohttp
import pytest

from gateway.channels.kannel import KannelSender
from gateway.models import Message, Outgoing
from gateway.senders import Letter
from gateway.sms_alphabet import GSM, cut, measure
from gateway.sms_fold import fold
from gateway.sms_settings import SmsSettings
from tests import kannel as real
from tests.integration.gateway.sms_steps import NUMBERS, PRIMUS
from tests.stack import free_port

SAMPLE = 400  # texts; tests/load/texts.py sends ten thousand
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


def settings(kannel, **changes):
    return SmsSettings(
        provider="kannel", kannel_url=kannel.send_url, kannel_user="assistant", kannel_password=real.PASSWORD,
        kannel_secret=real.SECRET, numbers=NUMBERS, burst_s=0.0, **changes,
    )  # fmt: skip


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


LETTERS = [
    "abcdefghijklmnopqrstuvwxyz     ", "ABCDEFGHIJKLM 0123456789", "éèàùÇ", "çêâîôûëïœ", "«»’…—\u00a0\u202f", "€[]{}|^~\\",
    "😀👍🏽👩‍👩‍👧‍👦🇨🇦", "\n",
]  # fmt: skip
WEIGHTS = {
    "fr": [60, 8, 6, 1, 1, 0.2, 0, 0.5],
    "en": [60, 8, 0, 0, 0.2, 0.3, 0, 0.5],
    "emoji": [40, 5, 3, 1, 1, 1, 8, 1],
}


def random_text(dice):
    kind = dice.choice(sorted(WEIGHTS))
    letters = dice.choices(LETTERS, WEIGHTS[kind], k=dice.choice([dice.randint(1, 70), dice.randint(1, 480)]))
    return "".join(dice.choice(group) for group in letters).strip() or "x"


async def check(kannel, dice, count, phone):
    """Sends random texts as they are rendered, and compares what arrives with what was counted."""
    sent, before = [], len(kannel.codings())
    async with aiohttp.ClientSession() as http:
        sender = KannelSender(http, settings(kannel), "")
        for number in range(count):
            text = fold(random_text(dice), accents=dice.random() < 0.5)
            letter = Letter(
                id="", channel="sms", address=phone, language="fr", sender="", text=text, row=number,
                numbers=(PRIMUS,), parts=tuple(cut(text)),
            )  # fmt: skip
            await sender.send(letter)
            sent.append(text)
    wanted = [(part, measure(text)) for text in sent for part in cut(text)]
    for _ in range(400):
        arrived = kannel.parts(phone)
        if len(arrived) >= len(wanted):
            break
        await asyncio.sleep(0.05)
    assert len(arrived) == sum(measure(text).parts for text in sent)
    # The access log tells the alphabet of each, which the fake centre does not tell of parts.
    codings = kannel.codings()[before:]
    assert codings == ["0" if cost.alphabet == GSM else "2" for _, cost in wanted]
    for part, (expected, _), coding in zip(arrived, wanted, codings, strict=True):
        assert part.decoded(coding) == expected
    assert [part.header[4:] for part in arrived if part.header] == [
        bytes([len(cut(text)), number + 1]) for text in sent if len(cut(text)) > 1 for number in range(len(cut(text)))
    ]


async def test_the_parts_and_the_alphabet_that_are_counted_are_those_that_phones_get(kannel):
    await check(kannel, random.Random(20261130), SAMPLE, "+15145550401")
