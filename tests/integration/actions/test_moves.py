"""Moves of services and machines: where to and when, then a representative."""

import pytest


@pytest.mark.parametrize(
    ("who", "name"),
    [("0012345678", "utter_move_machines"), ("50010001", "utter_move_services"), ("1002003001", "utter_move_services")],
)
async def test_a_move_is_asked_about_and_left_to_a_representative(talk, language, who, name):
    conversation = talk(who)
    await conversation.say("move", "move_services")
    assert conversation.names == ["utter_question_new_address"]
    await conversation.say("bientôt")
    assert conversation.names[0] == "utter_no_value" or conversation.open
    await conversation.say("500, rue Sainte-Catherine Est, Montréal H2L 2C6")
    assert conversation.names == ["utter_question_preferred_on"]
    await conversation.say({"fr": "le 3 avril", "en": "April 3"}[language])
    await conversation.say("514 555-0121")
    assert conversation.names == ["utter_request_opened", name]
    assert "H2L 2C6" in conversation.gateway.opened[0]["description"]
    assert {"fr": "3 avril 2026", "en": "April 3, 2026"}[language] in conversation.gateway.opened[0]["description"]
