"""The e-service profile: adding an account, who has access, taking it away, a new owner."""

import re

import pytest

from billing.models import AccountRow, AccountUserRow, AuditRow
from billing.money_models import ProfileAccountRow
from tests.integration.actions.small_gateway import CODE

LAURIER, NORTHGATE, BOREAL, MINUIT = "1002003001", "1002003002", "1002003003", "1002003004"
# Laurier: Amélie Laurier (administrator), Luc Roy, Nadia Haddad; Northgate: five; Boréal: 50 accounts; Minuit: nobody.
ACCEPT = {"fr": "oui", "en": "yes"}
REFUSE = {"fr": "non", "en": "no"}


async def adding(talk, account=f"{NORTHGATE} M5V 2T6"):
    conversation = talk(LAURIER)
    await conversation.say("?", "add_account")
    await conversation.say(account)
    assert conversation.names == ["utter_confirm_add_account"]
    return conversation


async def test_an_account_is_added_after_the_consequence_and_a_yes(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say(
        {"fr": f"ajoutez le compte {NORTHGATE}", "en": f"add account {NORTHGATE}"}[language], "add_account"
    )
    assert conversation.names == ["utter_question_other_postal_code"], (
        "the number is of the account to add, not a proof"
    )
    await conversation.say("M5V 2T")
    assert conversation.names == ["utter_wrong_other_postal_code"]
    await conversation.say("M5V 2T6")
    assert conversation.names == ["utter_confirm_add_account"]
    assert f"**{NORTHGATE}**" in conversation.text
    assert {"fr": "1 sur 50", "en": "1 of 50"}[language] in conversation.text
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_account_added"]
    assert re.search(r"\*\*M-[A-Z0-9]{8}\*\*", conversation.text)
    assert {"fr": "2 sur 50", "en": "2 of 50"}[language] in conversation.text
    assert len(await billing.rows(ProfileAccountRow)) == 1
    await conversation.say("?", "add_account")
    await conversation.say(f"{NORTHGATE} M5V 2T6")
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_account_added_already"]


async def test_the_number_in_the_first_message_is_not_the_one_that_is_proved(talk, language):
    conversation = talk("primus")
    await conversation.say(
        {"fr": f"ajoutez le compte {NORTHGATE}", "en": f"add account {NORTHGATE}"}[language], "add_account"
    )
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    await conversation.say(f"{LAURIER} H2X 1Y4")
    await conversation.say(CODE)
    assert conversation.gateway.proved == LAURIER
    assert conversation.names == ["utter_verified", "utter_question_other_postal_code"]


async def test_the_number_is_put_right_at_the_postal_code_and_at_the_question(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "add_account")
    await conversation.say(NORTHGATE)
    await conversation.say({"fr": f"pardon, le {MINUIT}", "en": f"sorry, {MINUIT}"}[language])
    assert conversation.names == ["utter_question_other_postal_code"]
    await conversation.say("J8X 2K1")
    assert f"**{MINUIT}**" in conversation.text
    await conversation.say({"fr": f"non, {BOREAL} G1R 4P5", "en": f"no, {BOREAL} G1R 4P5"}[language], "deny")
    assert f"**{BOREAL}**" in conversation.text
    assert conversation.slots["details"]["other_postal_code"] == "G1R 4P5"


async def test_a_no_adds_nothing(talk, billing):
    conversation = await adding(talk)
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_not_confirmed"]
    assert not billing.writes


async def test_an_account_that_does_not_match_is_answered_alike_whatever_is_wrong(talk, billing):
    said = set()
    for account in (f"{NORTHGATE} H2X 1Y4", "1002003999 M5V 2T6"):
        conversation = await adding(talk, account)
        said.add(await conversation.say(conversation.buttons[0]))
        assert conversation.names[0] == "utter_account_not_matched"
    assert len(said) == 1
    assert not await billing.rows(AuditRow)


async def test_the_fifty_first_account_is_refused_before_its_number_is_asked_for(talk, billing):
    conversation = talk(BOREAL)
    await conversation.say("?", "add_account")
    assert conversation.names == ["utter_profile_full"]
    assert " 50 " in conversation.text
    assert not conversation.open
    assert not billing.writes


async def test_a_lost_answer_to_an_added_account_says_what_is_not_known(talk, billing):
    conversation = await adding(talk)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_change_unknown"]
    billing.loses_answers = False
    await conversation.repeat()
    assert conversation.names == ["utter_account_added"]
    assert len(await billing.rows(ProfileAccountRow)) == 1


async def test_the_people_are_listed_with_their_roles_and_the_places_left(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "list_users")
    assert conversation.names == ["utter_users"]
    assert {"fr": "- Amélie Laurier (administrateur)", "en": "- Amélie Laurier (administrator)"}[
        language
    ] in conversation.text
    assert {"fr": "- Luc Roy (utilisateur secondaire)", "en": "- Luc Roy (secondary user)"}[
        language
    ] in conversation.text
    assert {"fr": "Il reste 2 places sur 5", "en": "2 places out of 5 are free"}[language] in conversation.text


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (NORTHGATE, {"fr": "Les 5 places sont prises", "en": "All 5 places are taken"}),
        (MINUIT, {"fr": "les 5 places sont libres", "en": "all 5 places are free"}),
    ],
)
async def test_a_full_profile_and_an_empty_one_are_said_to_be(talk, language, account, said):
    conversation = talk(account)
    await conversation.say("?", "list_users")
    assert said[language] in conversation.text


@pytest.mark.parametrize("request_id", ["list_users", "remove_user", "add_account"])
async def test_only_the_administrator_hears_who_is_registered(talk, monkeypatch, request_id):
    conversation = talk(LAURIER)
    signed = conversation.gateway.signed
    monkeypatch.setattr(
        conversation.gateway, "signed", lambda scope, **claims: signed(scope, **{**claims, "role": "secondary"})
    )
    await conversation.say("?", request_id)
    assert conversation.names == ["utter_administrator_only"]
    assert "Amélie" not in conversation.text
    assert not conversation.open


@pytest.mark.parametrize("request_id", ["list_users", "remove_user", "add_account"])
async def test_where_billing_is_away_nobody_is_named(talk, billing, request_id):
    conversation = talk(LAURIER)
    billing.down = True
    await conversation.say("?", request_id)
    assert conversation.names == ["utter_billing_unavailable"]
    assert not conversation.open


async def test_somebodys_access_is_taken_away_by_a_person_after_the_consequence_and_a_yes(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "remove_user")
    assert conversation.names == ["utter_users", "utter_question_removed_person"]
    await conversation.say("Kevin Tremblay")
    assert conversation.names == ["utter_wrong_removed_person"]
    await conversation.say({"fr": "c’est Luc", "en": "it’s Luc"}[language])
    assert conversation.names == ["utter_question_contact"]
    await conversation.say("514 555-0101")
    assert conversation.names == ["utter_confirm_remove_user"]
    assert {"fr": "**Luc Roy** (utilisateur secondaire)", "en": "**Luc Roy** (secondary user)"}[
        language
    ] in conversation.text
    assert not conversation.gateway.opened
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"]) == ("remove_user", "account")
    assert "Luc Roy" in opened["description"]
    assert opened["details"]["removed_person"] == "Luc Roy"
    laurier = next(row.id for row in await billing.rows(AccountRow) if row.number == LAURIER)
    users = [user for user in await billing.rows(AccountUserRow) if user.account_id == laurier]
    assert len(users) == 3, "a person does it"


async def test_the_administrator_is_taken_away_with_another_consequence(talk, language):
    conversation = talk(LAURIER)
    await conversation.say({"fr": "retirez Amélie Laurier", "en": "take Amélie Laurier off"}[language], "remove_user")
    assert conversation.names == ["utter_question_contact"], "who was said at once"
    await conversation.say("514 555-0101")
    assert {"fr": "une personne doit l’approuver", "en": "a person must approve it"}[language] in conversation.text


async def test_another_person_at_the_question_and_a_no(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("Luc Roy", "remove_user")
    await conversation.say("514 555-0101")
    await conversation.say({"fr": "non, Nadia Haddad", "en": "no, Nadia Haddad"}[language], "deny")
    assert "**Nadia Haddad**" in conversation.text
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_not_confirmed"]
    assert not conversation.gateway.opened


async def test_where_nobody_is_registered_nobody_can_be_taken_away(talk):
    conversation = talk(MINUIT)
    await conversation.say("?", "remove_user")
    assert conversation.names == ["utter_users_none_to_remove"]
    assert not conversation.open


OWNERS = {
    "fr": "de Café Minuit à Café Aurore inc., à partir du 1er avril",
    "en": "from Café Minuit to Café Aurore Inc., starting April 1",
}


async def test_a_new_owner_goes_to_a_person_with_names_and_date_without_a_proof(talk, billing, language):
    conversation = talk("primus")
    await conversation.say({"fr": "j'ai acheté un café", "en": "I bought a café"}[language], "transfer_ownership")
    assert conversation.names == ["utter_question_other_account_number"]
    await conversation.say(f"{MINUIT} J8X 2K1")
    assert conversation.names == ["utter_question_names_and_date"]
    await conversation.say("Aurore")
    assert conversation.names == ["utter_wrong_names_and_date"]
    await conversation.say(OWNERS[language])
    assert conversation.names == ["utter_question_contact"]
    await conversation.say("aurore@cafe.example")
    assert conversation.names == ["utter_confirm_transfer_ownership"]
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"]) == ("transfer_ownership", "account")
    assert OWNERS[language] in opened["description"]
    assert opened["details"]["other_account_number"] == MINUIT
    assert not billing.writes


async def test_an_unknown_account_of_a_new_owner_is_answered_like_a_known_one(talk, language):
    said = []
    for account in (f"{MINUIT} J8X 2K1", "1002003999 K1A 0B1"):
        conversation = talk("primus")
        heard = [await conversation.say("?", "transfer_ownership")]
        for answer in (account, OWNERS[language], "aurore@cafe.example", ACCEPT[language]):
            heard.append(await conversation.say(answer))
        said.append(heard)
    assert said[0] == said[1]


async def test_a_no_to_a_new_owner_opens_nothing(talk, language):
    conversation = talk("primus")
    await conversation.say("?", "transfer_ownership")
    for answer in (f"{MINUIT} J8X 2K1", OWNERS[language], "aurore@cafe.example", REFUSE[language]):
        await conversation.say(answer)
    assert conversation.names == ["utter_not_confirmed"]
    assert not conversation.gateway.opened
