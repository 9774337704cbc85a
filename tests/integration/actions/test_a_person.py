"""Asking for a person: in the queue while somebody is there; outside hours a request, with the time until which one is called back."""

DUE_WORDS = {"fr": "vendredi 6 mars à 16\u00a0h", "en": "Friday, March 6 at 4\u00a0p.m."}
SAID = {"fr": "ma ligne grésille depuis ce matin", "en": "my line has crackled since this morning"}


async def test_while_the_desk_is_open_one_waits_for_a_person(talk, language):
    conversation = talk("primus")
    await conversation.say("?", "talk_to_agent")
    assert conversation.names == ["utter_agent_open"]
    assert conversation.gateway.queued == "queued"


async def test_outside_hours_it_becomes_a_request_with_a_time(talk, language):
    conversation = talk("primus")
    conversation.gateway.open = False
    await conversation.say("?", "talk_to_agent")
    assert conversation.names == ["utter_agent_closed_request", "utter_start_request", "utter_question_description"]
    await conversation.say(SAID[language])
    assert conversation.names == ["utter_question_contact"]
    await conversation.say("514 555-0123")
    assert conversation.names == ["utter_request_opened"]
    assert DUE_WORDS[language] in conversation.text
    assert not conversation.gateway.queued, "nobody waits for a desk that is closed"


async def test_who_asks_in_the_middle_of_a_request_waits_for_the_opening(talk):
    conversation = talk("primus")
    conversation.gateway.open = False
    await conversation.say("?", "open_request")
    await conversation.say("?", "talk_to_agent")
    assert conversation.names == ["utter_agent_closed"]
    assert conversation.gateway.queued == "queued"
