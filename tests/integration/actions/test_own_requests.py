"""The customer's requests in conversation: listed, added to, offered again instead of opened twice, with the time that is promised."""

import datetime

import pytest

from tests.integration.actions.small_gateway import DUE, NOW

LAURIER = "1002003001"
SAID = {"fr": "ma ligne grésille depuis ce matin", "en": "my line has crackled since this morning"}
DUE_WORDS = {"fr": "vendredi 6 mars à 16\u00a0h", "en": "Friday, March 6 at 4\u00a0p.m."}


async def opened(talk, language, who="primus", request="open_request"):
    conversation = talk(who)
    await conversation.say("?", request)
    await conversation.say(SAID[language])
    await conversation.say("514 555-0123")
    assert conversation.names == ["utter_request_opened"]
    return conversation


def kept(conversation, **changes):
    """A request of another conversation."""
    request = {
        "number": "R-1112223", "kind": "move_services", "state": "open", "contact": "+15145550199", "created_at": NOW.isoformat(),
        "due_at": DUE.isoformat(), "due_for": "answer", "due_zone": "America/Toronto",
    }  # fmt: skip
    conversation.gateway.others.append({**request, **changes})
    return conversation.gateway.others[-1]


async def test_who_opens_a_request_is_told_until_when_it_is_answered(talk, language):
    conversation = await opened(talk, language)
    assert DUE_WORDS[language] in conversation.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, {"fr": "Une personne vous répondra au plus tard le vendredi", "en": "A person will answer you by Friday"}),
        ({"due_for": "remote_help"}, {"fr": "un technicien sera envoyé", "en": "a technician will be sent"}),
        (
            {"due_for": "onsite", "due_zone": "America/Vancouver", "state": "in_progress"},
            {
                "fr": "au plus tard le vendredi 6 mars à 13\u00a0h (heure locale)",
                "en": "by Friday, March 6 at 1\u00a0p.m. (local time)",
            },
        ),
        (
            {"due_at": (NOW - datetime.timedelta(hours=9)).isoformat()},
            {"fr": "nous sommes en retard", "en": "we are late"},
        ),
        ({"due_at": None, "due_for": None, "state": "solved"}, {"fr": "réglée", "en": "solved"}),
    ],
)
async def test_the_state_of_a_request_says_until_when_the_next_step_is_owed(talk, language, changes, said):
    conversation = talk("primus")
    kept(conversation, **changes)
    await conversation.say("R-1112223", "request_status")
    await conversation.say("514 555-0199")
    assert conversation.names == ["utter_request_status"]
    assert said[language] in conversation.text
    assert "  " not in conversation.text


async def test_the_requests_are_listed_to_whom_has_proved_who_they_are(talk, language):
    conversation = await opened(talk, language, LAURIER)
    await conversation.say("?", "list_requests")
    assert conversation.names == ["utter_requests"]
    assert conversation.gateway.opened[0]["number"] in conversation.text
    assert DUE_WORDS[language] in conversation.text
    assert {"fr": "Ouvrir une demande de soutien", "en": "Open a support request"}[language] in conversation.text
    assert not conversation.open


async def test_nobody_sees_a_list_without_a_code(talk, language):
    conversation = await opened(talk, language)
    await conversation.say("?", "list_requests")
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    assert conversation.gateway.opened[0]["number"] not in conversation.text


async def test_where_there_is_none_the_list_says_so_and_offers_to_open_one(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "list_requests")
    assert conversation.names == ["utter_no_requests"]
    await conversation.say(conversation.buttons[0])
    assert conversation.names[-1].startswith("utter_question_description")


async def test_a_request_of_a_kind_that_the_assistant_does_not_know_is_listed_all_the_same(talk, language):
    conversation = await opened(talk, language, LAURIER)
    conversation.gateway.opened[0]["kind"] = "callback"
    await conversation.say("?", "list_requests")
    assert conversation.names == ["utter_requests"]


async def test_while_the_desk_is_away_nothing_is_listed_or_added(talk, language):
    conversation = await opened(talk, language, LAURIER)
    await conversation.say("?", "add_to_request")
    conversation.gateway.down = True
    await conversation.say({"fr": "le bruit empire", "en": "the noise gets worse"}[language])
    assert conversation.names == ["utter_addition_unavailable"]
    assert "added" not in conversation.gateway.opened[0]


async def test_the_one_request_that_runs_is_added_to_without_its_number_or_contact(talk, language):
    conversation = await opened(talk, language)
    await conversation.say("?", "add_to_request")
    assert conversation.names == ["utter_question_addition"]
    await conversation.say("!")
    assert conversation.names == ["utter_wrong_addition"]
    await conversation.say("E-12")
    assert conversation.names == ["utter_request_added"]
    assert conversation.gateway.opened[0]["added"] == ["E-12"]
    assert DUE_WORDS[language] in conversation.text


async def test_another_conversations_request_needs_number_and_contact(talk, language):
    conversation = talk("primus")
    other = kept(conversation)
    await conversation.say("?", "add_to_request")
    assert conversation.names == ["utter_question_request_number"]
    await conversation.say("R-1112223")
    await conversation.say({"fr": "le camion arrive à midi", "en": "the truck comes at noon"}[language])
    assert conversation.names == ["utter_question_request_contact"]
    await conversation.say("514 555-0100")
    assert conversation.names == ["utter_request_not_found", "utter_question_request_number"]
    await conversation.say("R-1112223")
    await conversation.say("514 555-0199")
    assert conversation.names == ["utter_request_added"], "what was written is kept"
    assert other["added"] == [{"fr": "le camion arrive à midi", "en": "the truck comes at noon"}[language]]


async def test_after_three_wrong_tries_a_person_is_offered(talk, language):
    conversation = talk("primus")
    await conversation.say("R-9999999 514 555-0100", "add_to_request")
    await conversation.say({"fr": "le camion arrive à midi", "en": "the truck comes at noon"}[language])
    for _ in range(2):
        assert conversation.names[0] == "utter_request_not_found"
        await conversation.say("R-9999999")
        await conversation.say("514 555-0100")
    assert conversation.names == ["utter_request_not_found", "utter_give_up_field"]
    assert not conversation.open


async def test_a_long_first_message_is_itself_what_is_added(talk, language):
    conversation = await opened(talk, language)
    said = {
        "fr": "ajoutez à ma demande que le technicien doit passer par la cour arrière",
        "en": "please add to my request that the technician has to come through the back yard",
    }[language]
    await conversation.say(said, "add_to_request")
    assert conversation.names == ["utter_request_added"]
    assert conversation.gateway.opened[0]["added"] == [said]


@pytest.mark.parametrize(("state", "name"), [("solved", "utter_request_reopened"), ("closed", "utter_request_closed")])
async def test_what_was_solved_reopens_and_what_is_closed_does_not(talk, language, state, name):
    conversation = await opened(talk, language)
    conversation.gateway.opened[0]["state"] = state
    await conversation.say(conversation.gateway.opened[0]["number"], "add_to_request")
    await conversation.say({"fr": "le bruit est revenu", "en": "the noise is back"}[language])
    assert conversation.names == [name]
    if state == "closed":
        await conversation.say(conversation.buttons[0])
        assert conversation.names[-1].startswith("utter_question_description")


async def test_a_repeat_is_offered_the_open_request_and_may_be_added_to_it(talk, language):
    conversation = await opened(talk, language)
    said = {
        "fr": "ma ligne grésille encore et maintenant on n'entend plus rien du tout",
        "en": "my line still crackles and now we can hear nothing at all any more",
    }[language]
    await conversation.say(said, "open_request")
    assert conversation.names == ["utter_question_repeat"]
    assert conversation.gateway.opened[0]["number"] in conversation.text
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_request_added"]
    assert len(conversation.gateway.opened) == 1
    assert conversation.gateway.opened[0]["added"] == [said]


async def test_a_repeat_may_be_another_matter(talk, language):
    conversation = await opened(talk, language)
    await conversation.say("?", "open_request")
    await conversation.say({"fr": "une autre", "en": "another one"}[language])
    await conversation.say(
        {"fr": "la facture compte un modem de trop", "en": "the bill has one modem too many"}[language]
    )
    await conversation.say("514 555-0123")
    assert conversation.names == ["utter_request_opened"]
    assert len(conversation.gateway.opened) == 2


async def test_a_repeat_of_what_needs_a_proof_is_offered_the_open_one_too(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("?", "move_services")
    await conversation.say("500, rue Sainte-Catherine Est, Montréal H2L 2C6")
    await conversation.say("2026-04-14")
    await conversation.say("514 555-0123")
    assert len(conversation.gateway.opened) == 1
    await conversation.say("?", "move_services")
    assert conversation.names == ["utter_question_repeat"]
    await conversation.say({"fr": "ajouter", "en": "add"}[language])
    assert conversation.names == ["utter_question_addition"]
    await conversation.say({"fr": "plutôt le 15 avril", "en": "April 15 rather"}[language])
    assert conversation.names == ["utter_request_added"]


async def test_another_request_of_the_conversation_is_no_repeat(talk, language):
    conversation = await opened(talk, language, LAURIER)
    await conversation.say("?", "move_services")
    assert "utter_question_repeat" not in conversation.names


AGAIN = {"fr": "réessayez svp", "en": "try again please"}
ELSEWHERE = {"fr": "plutôt au 514 555-0177", "en": "rather at 514 555-0177"}


async def kept_while_away(talk, language):
    """A support request that could not be opened."""
    conversation = talk("primus")
    await conversation.say("?", "open_request")
    await conversation.say(SAID[language])
    conversation.gateway.down = True
    await conversation.say("514 555-0123")
    assert conversation.names == ["utter_desk_unavailable", "utter_question_try_again"]
    return conversation


@pytest.mark.parametrize("answer", ["yes", "again", "contact", "button", "matter"])
async def test_what_could_not_be_opened_is_kept_and_opened_later(talk, language, answer):
    conversation = await kept_while_away(talk, language)
    yes, said = conversation.buttons[0], {"fr": "oui", "en": "yes"}[language]
    await conversation.say(said)
    assert conversation.names == ["utter_desk_unavailable", "utter_question_try_again"]
    assert not conversation.gateway.opened
    conversation.gateway.down = False
    if answer == "matter":
        await conversation.say(SAID[language], "open_request")
    else:
        await conversation.say(
            {"yes": said, "again": AGAIN[language], "contact": "514 555-0123", "button": yes}[answer]
        )
    assert conversation.names == ["utter_request_opened"]
    (request,) = conversation.gateway.opened
    assert (request["description"], request["contact"]) == (SAID[language], "+15145550123")
    assert not conversation.open


async def test_another_contact_at_the_question_takes_the_place_of_the_first(talk, language):
    conversation = await kept_while_away(talk, language)
    conversation.gateway.down = False
    await conversation.say(ELSEWHERE[language])
    assert conversation.names == ["utter_request_opened"]
    assert [request["contact"] for request in conversation.gateway.opened] == ["+15145550177"]


async def test_who_says_not_to_try_again_is_not_taken_for_a_yes(talk, language):
    conversation = await kept_while_away(talk, language)
    conversation.gateway.down = False
    await conversation.say({"fr": "ne réessayez pas", "en": "don't try again"}[language])
    assert conversation.names == ["utter_out_of_scope_in_form", "utter_question_try_again"]
    assert not conversation.gateway.opened


async def test_a_no_leaves_it_unopened(talk, language):
    conversation = await kept_while_away(talk, language)
    conversation.gateway.down = False
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_try_again_refused"]
    assert not conversation.gateway.opened
    assert not conversation.open


async def test_a_question_in_between_is_answered_and_it_is_asked_again(talk, language):
    conversation = await kept_while_away(talk, language)
    conversation.gateway.down = False
    await conversation.say("?", "primus/ebill-viewer")
    assert conversation.names[-1] == "utter_question_try_again"
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_request_opened"]
