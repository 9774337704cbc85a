"""Random texts of people as they are rendered, through a real Kannel: what phones get, against what was counted beforehand."""

from __future__ import annotations

import asyncio
import random

import aiohttp

from gateway.channels.kannel import KannelSender
from gateway.senders import Letter
from gateway.sms_alphabet import GSM, cut, measure
from gateway.sms_fold import fold
from gateway.sms_settings import SmsSettings
from tests import kannel as real
from tests.integration.gateway.sms_steps import NUMBERS, PRIMUS

LETTERS = [
    "abcdefghijklmnopqrstuvwxyz     ", "ABCDEFGHIJKLM 0123456789", "éèàùÇ", "çêâîôûëïœ", "«»’…—\u00a0\u202f", "€[]{}|^~\\",
    "😀👍🏽👩‍👩‍👧‍👦🇨🇦", "\n",
]  # fmt: skip
WEIGHTS = {
    "fr": [60, 8, 6, 1, 1, 0.2, 0, 0.5],
    "en": [60, 8, 0, 0, 0.2, 0.3, 0, 0.5],
    "emoji": [40, 5, 3, 1, 1, 1, 8, 1],
}
AT_ONCE = 500  # texts that are compared before the next are sent


def settings(kannel: real.Kannel) -> SmsSettings:
    """A gateway's, with this Kannel."""
    return SmsSettings(
        provider="kannel", kannel_url=kannel.send_url, kannel_user="assistant", kannel_password=real.PASSWORD,
        kannel_secret=real.SECRET, numbers=NUMBERS, burst_s=0.0,
    )  # fmt: skip


def random_text(dice: random.Random) -> str:
    kind = dice.choice(sorted(WEIGHTS))
    letters = dice.choices(LETTERS, WEIGHTS[kind], k=dice.choice([dice.randint(1, 70), dice.randint(1, 480)]))
    return "".join(dice.choice(group) for group in letters).strip() or "x"


async def compare(kannel: real.Kannel, dice: random.Random, count: int, phone: str) -> int:
    """Sends random texts, and asserts that parts, alphabets and words are those of the rules; how many parts arrived."""
    parts = 0
    for start in range(0, count, AT_ONCE):
        parts += await _piece(kannel, dice, min(AT_ONCE, count - start), f"{phone}{start // AT_ONCE:02d}")
    return parts


async def _piece(kannel: real.Kannel, dice: random.Random, count: int, phone: str) -> int:
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
    for _ in range(600):
        arrived = kannel.parts(phone)
        # The access log tells the alphabet of each, which the fake centre does not tell of parts.
        codings = kannel.codings()[before:]
        if len(arrived) >= len(wanted) <= len(codings):
            break
        await asyncio.sleep(0.05)
    assert len(arrived) == sum(measure(text).parts for text in sent)
    assert codings == ["0" if cost.alphabet == GSM else "2" for _, cost in wanted]
    for part, (expected, _), coding in zip(arrived, wanted, codings, strict=True):
        assert part.decoded(coding) == expected
    assert [part.header[4:] for part in arrived if part.header] == [
        bytes([len(cut(text)), number + 1]) for text in sent if len(cut(text)) > 1 for number in range(len(cut(text)))
    ]
    kannel.lines.clear()
    return len(arrived)
