"""The premier PIN: past the queue, kept nowhere, one sentence for all that may be wrong."""

import json

import pytest

from actions.equipment_fields import PIN_MARK as MARK_OF_THE_ACTIONS
from billing.field_service_models import PremierTryRow
from gateway.redact import PIN_MARK

LAVOIE, HUDSON = "3A01234567", "SW-2290017"


async def with_pin(talk, pin, machine=HUDSON):
    conversation = talk("pitney-bowes")
    await conversation.say("pin", "premier_access")
    assert conversation.names == ["utter_question_machine"]
    await conversation.say(machine)
    assert conversation.names == ["utter_question_pin"]
    await conversation.say(pin)
    return conversation


async def test_by_text_message_it_is_said_that_the_pin_stays_on_the_phone(talk, language):
    conversation = talk("pitney-bowes")
    conversation.channel = "sms"
    await conversation.say("pin", "premier_access")
    await conversation.say(HUDSON)
    assert conversation.names == ["utter_question_pin_sms"]
    assert {"fr": "téléphone", "en": "phone"}[language] in conversation.text


@pytest.mark.parametrize(("machine", "pin"), [(HUDSON, "4821"), ("0012345681", "48 21"), ("sw2290017", "c'est 4821.")])
async def test_a_right_pin_goes_before_all_others_and_is_kept_nowhere(talk, language, machine, pin):
    conversation = await with_pin(talk, pin, machine)
    assert conversation.names == ["utter_premier_open"]
    assert {"fr": "niveau 2", "en": "level 2"}[language] in conversation.text
    assert conversation.gateway.queued == "premier"
    assert conversation.gateway.pin is None
    assert "4821" not in json.dumps([conversation._events, conversation.slots, conversation.text])


async def test_a_pin_in_the_first_message_is_taken(talk, language):
    conversation = talk("pitney-bowes")
    text = {"fr": f"mon NIP Premier est 4821, {HUDSON}", "en": f"my Premier PIN is 4821, {HUDSON}"}
    await conversation.say(text[language], "premier_access")
    assert conversation.names == ["utter_premier_open"]


async def test_outside_hours_the_place_is_for_the_opening(talk):
    conversation = talk("pitney-bowes")
    conversation.gateway.open = False
    await conversation.say(f"PIN 4821 {HUDSON}", "premier_access")
    assert conversation.names == ["utter_premier_closed"]


@pytest.mark.parametrize(("machine", "pin"), [(HUDSON, "1111"), (LAVOIE, "4821"), ("9Z99999999", "4821")])
async def test_one_sentence_for_all_that_is_wrong_with_a_pin(talk, billing, language, machine, pin):
    conversation = await with_pin(talk, pin, machine)
    assert conversation.names == ["utter_premier_refused"]
    assert conversation.gateway.queued is None
    assert len(await billing.rows(PremierTryRow)) == 1


async def test_a_mistyped_pin_is_refused_and_not_repeated(talk):
    conversation = await with_pin(talk, "48211")
    assert conversation.names == ["utter_wrong_pin"]
    assert "48211" not in json.dumps(conversation._events)


async def test_a_pin_that_the_gateway_forgot_is_asked_for_again(talk):
    conversation = talk("pitney-bowes")
    await conversation.say(f"{PIN_MARK} {HUDSON}", "premier_access")
    assert conversation.names == ["utter_pin_not_kept", "utter_question_pin"]
    await conversation.say("4821")
    assert conversation.names == ["utter_premier_open"]


async def test_where_billing_is_away_a_pin_is_not_called_wrong(talk, billing):
    conversation = talk("pitney-bowes")
    billing.down = True
    await conversation.say(f"PIN 4821 {HUDSON}", "premier_access")
    assert conversation.names == ["utter_premier_not_known"]


def test_gateway_and_actions_mean_the_same_mark():
    assert PIN_MARK == MARK_OF_THE_ACTIONS
