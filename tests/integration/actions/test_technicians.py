"""A technician in conversation: remote help first, the machine, its address, and what the clock of a visit needs."""

LAVOIE, PRAIRIE, LAKEHEAD = "3A01234567", "7R00987654", "5D00445566"


async def test_a_technician_is_requested_after_it_is_said_what_comes_first(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say("tech", "request_technician")
    assert conversation.names == ["utter_technician_remote_first", "utter_question_remote_help"]
    assert "60 minutes" in conversation.text
    assert len(conversation.buttons) == 2
    await conversation.say("peut-être", "affirm")
    assert conversation.names == ["utter_wrong_remote_help"], "the answer is neither"
    await conversation.say({"fr": "non pas encore", "en": "not yet"}[language])
    assert conversation.names == ["utter_question_model"]
    await conversation.say(f"DM300 {LAKEHEAD}")
    assert conversation.names == ["utter_question_error_code"], "the serial number beside the model is taken"
    await conversation.say({"fr": "aucun", "en": "none"}[language])
    assert conversation.names == ["utter_question_site_address"]
    await conversation.say({"fr": "en arrière du magasin", "en": "behind the store"}[language])
    assert conversation.names == ["utter_wrong_new_address"]
    await conversation.say("350 Red River Rd, Thunder Bay P7B 5E1")
    assert conversation.names == ["utter_question_description_equipment"]
    await conversation.say(
        {"fr": "elle avale les enveloppes de travers", "en": "it swallows envelopes sideways"}[language]
    )
    await conversation.say("print@lakehead.example")
    assert conversation.names == ["utter_request_opened", "utter_technician_quote"]
    [opened] = conversation.gateway.opened
    told = {"model": "DM300", "serial": LAKEHEAD, "remote_help": "not_yet", "error_code": "unknown"}
    assert opened["details"] | told == opened["details"]
    assert opened["details"]["site_address"].startswith("350 Red River")
    assert opened["details"]["onsite"]["contract"] == "none"


async def test_the_desk_gets_what_the_clock_of_a_visit_needs(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say(f"SendPro C {PRAIRIE} E-12", "request_technician")
    for said in (
        {"fr": "oui", "en": "yes"}[language],
        "200 Main St, Winnipeg R3C 4T3",
        "it tears envelopes",
        "514 555-0121",
    ):
        await conversation.say(said)
    assert conversation.names == ["utter_request_opened"]
    [opened] = conversation.gateway.opened
    assert opened["details"]["remote_help"] == "tried"
    assert opened["details"]["onsite"] == {
        "contract": "performance-4h",
        "zone": 2,
        "time_zone": "America/Winnipeg",
        "province": "MB",
    }


async def test_where_billing_is_away_a_technician_is_requested_all_the_same(talk, billing, language):
    conversation = talk("pitney-bowes")
    await conversation.say(f"SendPro C {PRAIRIE} E-12", "request_technician")
    billing.down = True
    for said in (
        {"fr": "oui", "en": "yes"}[language],
        "200 Main St, Winnipeg R3C 4T3",
        "it tears envelopes",
        "514 555-0121",
    ):
        await conversation.say(said)
    assert conversation.names == ["utter_request_opened"]
    assert conversation.gateway.opened[0]["details"]["onsite"] == {}


async def test_all_that_the_first_message_tells_of_a_machine_is_taken(talk, language):
    conversation = talk("pitney-bowes")
    text = {
        "fr": f"il faut un technicien, ma SendPro C {LAVOIE} affiche l'erreur E-12 et ne scelle plus rien, 514 555-0121",
        "en": f"send a technician, my SendPro C {LAVOIE} shows error E-12 and seals nothing any more, 514 555-0121",
    }
    await conversation.say(text[language], "request_technician")
    assert conversation.names == ["utter_technician_remote_first", "utter_question_remote_help"]
    await conversation.say(conversation.buttons[1])
    assert conversation.names == ["utter_question_site_address"]
    await conversation.say("1, Place Ville Marie, Montréal H3B 2Y5")
    assert conversation.names == ["utter_request_opened"]
    assert conversation.gateway.opened[0]["details"]["error_code"] == "E-12"
