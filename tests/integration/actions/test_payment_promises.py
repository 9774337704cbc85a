"""Dates on which customers will pay. Today is March 5, 2026."""

import re

import pytest

from billing.money_models import PaymentPromiseRow
from billing.notice_models import NoticeRow

TREMBLAY, BOUCHARD, WHITFIELD = "50010002", "50010003", "50010001"


async def promised(conversation, language, amount=None, day=None):
    """The way of a promise to its confirmation."""
    await conversation.say({"fr": "une entente", "en": "an arrangement"}[language], "promise_to_pay")
    assert conversation.names == ["utter_question_amount"]
    await conversation.say(amount or "60")
    assert conversation.names == ["utter_question_promised_on"]
    return await conversation.say(day or {"fr": "le 13 mars", "en": "March 13"}[language])


async def test_a_promise_is_recorded_and_promises_nothing_about_the_service(talk, billing, language):
    conversation = talk(TREMBLAY)
    said = await promised(conversation, language)
    assert conversation.names == ["utter_confirm_promise_to_pay"]
    assert {"fr": "60,00\u00a0$", "en": "$60.00"}[language] in said
    assert {"fr": "13 mars 2026", "en": "March 13, 2026"}[language] in said
    assert {"fr": "rien promettre au sujet d’un débranchement", "en": "can’t promise anything about a disconnection"}[
        language
    ] in said
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_promise_done"]
    assert {"fr": "rappel partira le 11 mars 2026", "en": "on March 11, 2026"}[language] in conversation.text
    notices = await billing.rows(NoticeRow)
    assert [row.event for row in notices] == ["promise_reminder", "payment_promise"]
    assert notices[0].due_at.date().isoformat() == "2026-03-11"
    [row] = await billing.rows(PaymentPromiseRow)
    assert row.reference in conversation.text
    assert (str(row.amount), row.promised_for.isoformat()) == ("60.00", "2026-03-13")


async def test_a_promise_for_today_announces_no_reminder(talk, billing, language):
    conversation = talk(TREMBLAY)
    await promised(conversation, language, day={"fr": "aujourd'hui", "en": "today"}[language])
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_promise_done"]
    assert not re.search("rappel|reminder", conversation.text, re.IGNORECASE)
    assert [row.event for row in await billing.rows(NoticeRow)] == ["payment_promise"]


async def test_all_that_is_owed_may_be_promised_without_its_figure(talk, billing, language):
    conversation = talk(BOUCHARD)
    said = await promised(conversation, language, amount={"fr": "tout au complet", "en": "the full balance"}[language])
    assert {"fr": "124,18\u00a0$", "en": "$124.18"}[language] in said
    await conversation.say(conversation.buttons[0])
    [row] = await billing.rows(PaymentPromiseRow)
    assert str(row.amount) == "124.18"


async def test_an_earlier_promise_is_shown_before_and_after_it_is_replaced(talk, billing, language):
    conversation = talk(TREMBLAY)
    await promised(conversation, language)
    await conversation.say(conversation.buttons[0])
    said = await promised(conversation, language, "80", {"fr": "le 20 mars", "en": "March 20"}[language])
    earlier = {"fr": "60,00\u00a0$ au plus tard le 13 mars 2026", "en": "$60.00 by March 13, 2026"}[language]
    assert earlier in said
    await conversation.say(conversation.buttons[0])
    assert earlier in conversation.text
    old, new = await billing.rows(PaymentPromiseRow)
    assert old.replaced_at is not None
    assert new.replaced_at is None


async def test_the_same_promise_again_is_said_to_stand(talk, billing, language):
    conversation = talk(TREMBLAY)
    await promised(conversation, language)
    first = await conversation.say(conversation.buttons[0])
    assert await conversation.repeat() == first
    await promised(conversation, language)
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_promise_already"]
    assert len(await billing.rows(PaymentPromiseRow)) == 1


@pytest.mark.parametrize(
    ("amount", "day", "name", "limit", "again"),
    [
        ("900", "le 13", "utter_promise_too_much", {"fr": "103,38\u00a0$", "en": "$103.38"}, "amount"),
        ("0.50", "le 13", "utter_promise_too_little", {"fr": "1,00\u00a0$", "en": "$1.00"}, "amount"),
        ("60", "le 30 juin", "utter_promise_bad_day", {"fr": "4 avril 2026", "en": "April 4, 2026"}, "promised_on"),
    ],
)
async def test_a_limit_is_said_and_what_it_limits_asked_again(talk, billing, language, amount, day, name, limit, again):
    conversation = talk(TREMBLAY)
    await promised(conversation, language, amount, day if language == "fr" else day.replace("le 30 juin", "June 30"))
    assert not billing.writes, "before anybody is asked for a yes"
    assert conversation.names == [name, f"utter_question_{again}"]
    assert limit[language] in conversation.text
    await conversation.say({"amount": "60", "promised_on": "15"}[again])
    assert conversation.names == ["utter_confirm_promise_to_pay"]
    await conversation.say(conversation.buttons[0])
    assert len(await billing.rows(PaymentPromiseRow)) == 1


@pytest.mark.parametrize("field", ["amount", "promised_on"])
async def test_a_promise_needs_an_amount_and_a_day_to_come(talk, language, field):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    if field == "promised_on":
        await conversation.say("60")
    wrong = {"amount": "0", "promised_on": {"fr": "hier", "en": "yesterday"}[language]}[field]
    await conversation.say(wrong)
    assert conversation.names == [f"utter_wrong_{field}"]


@pytest.mark.parametrize(
    ("correction", "kept"),
    [
        ({"fr": "plutôt 80 $", "en": "make it $80"}, ("80.00", "2026-03-13")),
        ({"fr": "non, le 20 mars", "en": "no, March 20"}, ("60.00", "2026-03-20")),
    ],
)
async def test_a_promise_is_put_right_at_the_confirmation(talk, billing, language, correction, kept):
    conversation = talk(TREMBLAY)
    await promised(conversation, language)
    await conversation.say(correction[language], "deny")
    assert conversation.names == ["utter_confirm_promise_to_pay"]
    await conversation.say(conversation.buttons[0])
    [row] = await billing.rows(PaymentPromiseRow)
    assert (str(row.amount), row.promised_for.isoformat()) == kept


async def test_a_no_records_nothing(talk, billing, language):
    conversation = talk(TREMBLAY)
    await promised(conversation, language)
    await conversation.say({"fr": "non", "en": "no"}[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not await billing.rows(PaymentPromiseRow)


async def test_who_owes_nothing_has_nothing_to_promise(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say("…", "promise_to_pay")
    assert conversation.names == ["utter_promise_nothing_owed"]
    assert not conversation.open


async def test_billing_away_before_the_yes_and_after_it(talk, billing, language):
    conversation = talk(TREMBLAY)
    billing.down = True
    await conversation.say("…", "promise_to_pay")
    assert conversation.names == ["utter_billing_unavailable"]
    billing.down = False
    await promised(conversation, language)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_promise_unknown"]


async def test_a_question_on_the_way_is_answered_and_the_way_goes_on(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    await conversation.say("?", "help")
    assert conversation.names == ["utter_help", "utter_question_promised_on"]


async def test_a_limit_that_changed_meanwhile_is_still_kept_by_billing(talk, billing, language):
    conversation = talk(TREMBLAY)
    await promised(conversation, language)
    conversation.slots["details"]["amount"] = "900.00"
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_promise_too_much", "utter_question_amount"]
    assert not await billing.rows(PaymentPromiseRow)


@pytest.mark.parametrize(
    ("said", "kept"),
    [({"fr": "non, 40 $ plutôt", "en": "no, $40 instead"}, "40.00"), ({"fr": "60 $", "en": "$60"}, None)],
)
async def test_an_earlier_answer_is_put_right_at_a_later_question(talk, language, said, kept):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    assert conversation.names == ["utter_question_promised_on"]
    await conversation.say(said[language], "deny" if kept else "out_of_scope")
    if kept:
        assert conversation.names == ["utter_noted", "utter_question_promised_on"]
        assert conversation.slots["details"]["amount"] == kept
    else:
        assert "utter_noted" not in conversation.names
