"""Registering for the e-service: terms first, then who and for which account; the first person is the administrator."""

import re

import pytest

from billing.models import AccountRow, AccountUserRow

LAURIER, NORTHGATE, BOREAL, MINUIT = "1002003001", "1002003002", "1002003003", "1002003004"
# Laurier: Amélie Laurier (administrator), Luc Roy, Nadia Haddad; Northgate: five; Boréal: Éric Gagnon and 50 accounts; Minuit: nobody.
ACCEPT = {"fr": "oui", "en": "yes"}
REFUSE = {"fr": "non", "en": "no"}


async def registering(
    talk, language, account=f"{MINUIT} J8X 2K1", name="Maude Perron", email="maude@minuit.example", message_id=None
):
    """Up to the yes."""
    conversation = talk("primus")
    await conversation.say("?", "register_eservice", message_id=message_id)
    for answer in (ACCEPT[language], account, name, email):
        await conversation.say(answer)
    assert conversation.names == ["utter_confirm_register_eservice"]
    return conversation


async def users_of(billing, number):
    accounts = {row.id: row.number for row in await billing.rows(AccountRow)}
    return [user for user in await billing.rows(AccountUserRow) if accounts[user.account_id] == number]


async def test_the_first_person_becomes_administrator_once_the_terms_are_accepted(talk, billing, language):
    conversation = talk("primus")
    await conversation.say("?", "register_eservice")
    assert conversation.names == ["utter_question_terms"]
    assert len(conversation.buttons) == 2
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_other_account_number"]
    await conversation.say("100200")
    assert conversation.names == ["utter_wrong_other_account_number"]
    await conversation.say(MINUIT)
    assert conversation.names == ["utter_question_other_postal_code"]
    await conversation.say("J8X 2K")
    assert conversation.names == ["utter_wrong_other_postal_code"]
    await conversation.say("j8x2k1")
    assert conversation.names == ["utter_question_full_name"]
    await conversation.say("Maude")
    assert conversation.names == ["utter_wrong_full_name"]
    await conversation.say({"fr": "je m’appelle Maude Perron", "en": "my name is Maude Perron"}[language])
    assert conversation.names == ["utter_question_registration_email"]
    await conversation.say("maude@minuit")
    assert conversation.names == ["utter_wrong_registration_email"]
    await conversation.say("maude@minuit.example")
    assert conversation.names == ["utter_confirm_register_eservice"]
    assert "**Maude Perron** (maude@minuit.example)" in conversation.text
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_registered_administrator"]
    assert re.search(r"\*\*U-[A-Z0-9]{8}\*\*", conversation.text)
    assert {"fr": "1 place prise sur 5", "en": "1 place out of 5"}[language] in conversation.text
    [user] = await users_of(billing, MINUIT)
    assert (user.name, user.role, user.email) == ("Maude Perron", "administrator", "maude@minuit.example")


async def test_a_later_person_is_a_secondary_user_and_never_hears_the_account_number(talk, billing, language):
    conversation = await registering(talk, language, f"{LAURIER} H2X 1Y4", "Jean-Guy St-Onge", "jg@laurier.example")
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_registered_secondary"]
    assert {"fr": "4 places prises sur 5", "en": "4 places out of 5"}[language] in conversation.text
    assert LAURIER not in conversation.text
    assert (await users_of(billing, LAURIER))[-1].role == "secondary"


@pytest.mark.parametrize("said", [REFUSE, {"fr": "je n’accepte pas", "en": "I don’t accept them"}])
async def test_a_no_to_the_terms_ends_it_and_says_so(talk, billing, language, said):
    conversation = talk("primus")
    await conversation.say("?", "register_eservice")
    await conversation.say(said[language])
    assert conversation.names == ["utter_terms_refused"]
    assert not conversation.open
    assert not billing.writes


@pytest.mark.parametrize(
    "hedged", [{"fr": "oui mais lesquelles?", "en": "yes but which ones?"}, {"fr": "ok?", "en": "ok?"}]
)
async def test_a_yes_with_a_question_accepts_nothing(talk, language, hedged):
    conversation = talk("primus")
    await conversation.say("?", "register_eservice")
    await conversation.say(hedged[language], "affirm")
    assert conversation.slots["requested_slot"] == "terms"


@pytest.mark.parametrize(
    "said", [{"fr": "j’accepte", "en": "I accept"}, {"fr": "👍", "en": "I've read and accept them"}]
)
async def test_the_terms_are_accepted_in_words(talk, language, said):
    conversation = talk("primus")
    await conversation.say("?", "register_eservice")
    await conversation.say(said[language])
    assert conversation.names == ["utter_question_other_account_number"]


async def test_a_no_at_the_end_registers_nobody(talk, billing, language):
    conversation = await registering(talk, language)
    await conversation.say(REFUSE[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not billing.writes


async def test_whoever_cannot_be_registered_hears_the_same_so_that_no_account_is_found_out(talk, billing, language):
    """A wrong postal code, no such account, a company whose places are all taken, a person who is there: number and postal code are
    on every bill, and nobody may learn without a trace that they go together.
    """
    there = await registering(talk, language)
    await there.say(there.buttons[0])
    said = []
    for account, name in (
        (f"{MINUIT} H2X 1Y4", "Luc Roy"),
        ("1002003999 J8X 2K1", "Luc Roy"),
        (f"{NORTHGATE} M5V 2T6", "Luc Roy"),
        (f"{MINUIT} J8X 2K1", "maude perron"),
    ):
        conversation = await registering(talk, language, account, name)
        said.append(await conversation.say(conversation.buttons[0]))
        assert conversation.names == ["utter_not_registered", "utter_question_other_account_number"]
    assert len(set(said)) == 1
    assert " 5 " in said[0]
    assert len(await users_of(billing, NORTHGATE)) == 5
    assert len(await users_of(billing, MINUIT)) == 1


async def test_a_wrong_account_can_be_put_right(talk, language):
    conversation = await registering(talk, language, f"{MINUIT} H2X 1Y4")
    await conversation.say(conversation.buttons[0])
    await conversation.say(f"{MINUIT} J8X 2K1")
    assert conversation.names == ["utter_confirm_register_eservice"]
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_registered_administrator"]


async def test_three_wrong_accounts_end_with_a_person(talk, language):
    conversation = await registering(talk, language, "1002003999 J8X 2K1")
    for _ in range(2):
        await conversation.say(conversation.buttons[0])
        assert conversation.open
        await conversation.say("1002003998 J8X 2K1")
    await conversation.say(conversation.buttons[0])
    assert conversation.names[-1] == "utter_give_up_field"
    assert not conversation.open


async def test_an_account_of_another_brand_is_not_found(talk, language):
    conversation = talk("primus")
    await conversation.say("50010001 K7L 3N6", "register_eservice")
    await conversation.say(ACCEPT[language])
    await conversation.say("50010001")
    assert conversation.names == ["utter_wrong_other_account_number"]


async def test_the_same_person_is_not_registered_twice(talk, billing, language):
    said = []
    for message in ("1", "2"):
        conversation = await registering(talk, language, message_id=message)
        said.append(await conversation.say(conversation.buttons[0]))
    assert said[0] == said[1], "in its own conversation it hears the first answer, with the same reference"
    assert len(await users_of(billing, MINUIT)) == 1


async def test_a_repeat_of_the_turn_and_a_lost_answer_register_once(talk, billing, language):
    conversation = await registering(talk, language)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_change_unknown"]
    billing.loses_answers = False
    await conversation.repeat()
    assert conversation.names == ["utter_registered_administrator"]
    assert len(await users_of(billing, MINUIT)) == 1


@pytest.mark.parametrize(
    ("said", "intent"),
    [("c'est quoi mon solde", "check_balance"), ("parler à une personne", "talk_to_agent"), ("annuler", "cancel")],
)
async def test_what_is_clearly_something_else_is_no_name(talk, billing, language, said, intent):
    conversation = talk("primus")
    await conversation.say("?", "register_eservice")
    await conversation.say(ACCEPT[language])
    await conversation.say(f"{MINUIT} J8X 2K1")
    await conversation.say(said, intent)
    assert conversation.slots.get("request") != "register_eservice"
