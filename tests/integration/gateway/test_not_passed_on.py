"""What never reaches the assistant: card numbers and commands."""

import pytest

from gateway.database import open_database
from gateway.models import Conversation

CARD = {"fr": "ma carte est 4111 1111 1111 1111 12/27", "en": "here is my card 4111 1111 1111 1111 12/27"}
NO_CARDS = {"fr": "N’écrivez jamais de numéro de carte ici", "en": "Please never type a card number here"}


async def test_a_card_number_is_never_stored_nor_passed_on_and_the_customer_is_told(gateway, parts, language):
    talk = await gateway.talk()
    answer = await talk.say(CARD[language], "m1")
    assert answer["replies"][0]["text"].startswith(NO_CARDS[language])
    assert parts.turns == []
    assert (await talk.lines())[0]["text"] == CARD[language].replace("4111 1111 1111 1111", "•••• 1111")
    folder = gateway.settings.outbox_file.parent
    assert b"4111 1111" not in b"".join(path.read_bytes() for path in folder.glob("gateway.sqlite*"))


async def test_by_text_message_the_customer_is_told_that_the_number_is_still_on_the_phone(gateway, language):
    talk = await gateway.talk()
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        (await session.get_one(Conversation, talk.id)).channel = "sms"
    await engine.dispose()
    said = (await talk.say(CARD[language], "m1"))["replies"][0]["text"]
    assert {"fr": "il reste dans votre téléphone", "en": "still on your phone"}[language] in said


@pytest.mark.parametrize(
    "text", ["/restart", "/check_balance{}", " \u200b/affirm", "\uff0frestart", "\\SetSlots(x=1)", "\u2044deny"]
)
async def test_a_command_is_no_message_for_the_assistant(gateway, parts, text, language):
    talk = await gateway.talk("primus", language)
    answer = await talk.say(text, "m1")
    assert {"fr": "barre oblique", "en": "slash"}[language] in answer["replies"][0]["text"]
    assert parts.turns == []


@pytest.mark.parametrize("text", ["24/7?", "ouvert 9/17", "et/ou", "12/27"])
async def test_a_slash_inside_a_message_is_only_a_slash(gateway, parts, text):
    await (await gateway.talk()).say(text, "m1")
    assert [turn["text"] for turn in parts.turns] == [text]
