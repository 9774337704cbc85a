"""Payments that do not show. Today is March 5, 2026."""

import pytest

from billing.money_models import PaymentReportRow

LAURIER, TREMBLAY = "1002003001", "50010002"
NOT_ENOUGH = {"fr": "n’empêche pas, à lui seul", "en": "does not keep your account from becoming past due"}


async def reported(conversation, language, *, reference=None):
    """The way of a report to its confirmation, one answer at a time."""
    await conversation.say({"fr": "mon paiement", "en": "my payment"}[language], "report_payment")
    assert conversation.names == ["utter_question_amount"]
    await conversation.say({"fr": "51,69", "en": "51.69"}[language])
    assert conversation.names == ["utter_question_paid_on"]
    await conversation.say({"fr": "le 2 mars", "en": "March 2"}[language])
    assert conversation.names == ["utter_question_method"]
    await conversation.say({"fr": "Virement Interac", "en": "Interac e-Transfer"}[language])
    assert conversation.names == ["utter_question_reference"]
    return await conversation.say(reference or {"fr": "aucun", "en": "none"}[language])


async def test_a_payment_is_reported_and_searched_for(talk, billing, language):
    conversation = talk(TREMBLAY)
    said = await reported(conversation, language)
    assert {"fr": "51,69\u00a0$", "en": "$51.69"}[language] in said
    assert {"fr": "2 mars 2026", "en": "March 2, 2026"}[language] in said
    assert {"fr": "référence\u00a0: aucune", "en": "reference: none"}[language] in said
    assert NOT_ENOUGH[language] in said
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_report_searching"]
    assert NOT_ENOUGH[language] in conversation.text
    [row] = await billing.rows(PaymentReportRow)
    assert row.reference in conversation.text
    assert (str(row.amount), row.paid_on.isoformat(), row.method) == ("51.69", "2026-03-02", "e_transfer")
    assert row.payer_reference is None


@pytest.mark.parametrize(
    ("paid", "over"),
    [
        ({"fr": "aujourd'hui", "en": "today"}, False),
        ({"fr": "hier", "en": "yesterday"}, False),
        ({"fr": "le 3 mars", "en": "March 3"}, True),
    ],
)
async def test_an_e_transfer_takes_24_hours_to_enter_and_after_them_people_look_for_it(talk, language, paid, over):
    """It is 21:30: of a transfer made yesterday the 24 hours may still run."""
    conversation = talk(TREMBLAY)
    said = {"fr": f"virement interac de 51,69 $ {paid['fr']}", "en": f"interac e-transfer of $51.69 {paid['en']}"}
    await conversation.say(said[language], "report_payment")
    await conversation.say({"fr": "aucune", "en": "none"}[language])
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_report_searching"]
    runs = {"fr": "à la main, ce qui prend jusqu’à 24 heures", "en": "takes up to 24 hours"}[language]
    assert (runs in conversation.text) is not over
    if not over:
        assert conversation.buttons == ()
        return
    assert {"fr": "sont passées", "en": "are over"}[language] in conversation.text
    await conversation.say(conversation.buttons[0])
    assert conversation.slots["requested_slot"] == "contact", "what is known is not asked for"
    await conversation.say("418 555-0112")
    (request,) = conversation.gateway.opened
    for known in ("51", "24", {"fr": "3 mars 2026", "en": "March 3, 2026"}[language]):
        assert known in request["description"]


async def test_one_message_may_tell_all(talk, billing, language):
    conversation = talk(TREMBLAY)
    said = {
        "fr": "j’ai payé 51,69 $ par chèque hier, confirmation 4471902",
        "en": "I paid $51.69 by cheque yesterday, confirmation 4471902",
    }[language]
    await conversation.say(said, "report_payment")
    assert conversation.names == ["utter_confirm_report_payment"]
    await conversation.say(conversation.buttons[0])
    [row] = await billing.rows(PaymentReportRow)
    assert (row.method, row.paid_on.isoformat(), row.payer_reference) == ("cheque", "2026-03-04", "4471902")
    assert "24" not in conversation.text, "a cheque is no e-Transfer"


async def test_a_payment_on_file_is_found(talk, language):
    conversation = talk(LAURIER)
    said = {"fr": "j’ai payé 181,07 $ par chèque le 14 janvier", "en": "I paid $181.07 by cheque on January 14"}
    await conversation.say(said[language], "report_payment")
    await conversation.say({"fr": "je n’en ai pas", "en": "I don’t have one"}[language], "deny")
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_report_found"]
    assert {"fr": "14 janvier 2026", "en": "January 14, 2026"}[language] in conversation.text
    assert NOT_ENOUGH[language] in conversation.text


REFUSED = [
    ("amount", {"fr": "0 $", "en": "$0"}),
    ("paid_on", {"fr": "demain", "en": "tomorrow"}),
    ("method", {"fr": "avec des bonbons 12", "en": "with 12 candies"}),
    ("reference", {"fr": "12", "en": "12"}),
]


@pytest.mark.parametrize(("field", "wrong"), REFUSED)
async def test_a_value_that_is_none_is_refused_with_an_example(talk, language, field, wrong):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "report_payment")
    right = {"amount": "60", "paid_on": {"fr": "hier", "en": "yesterday"}[language], "method": "PayPal"}
    for known, value in right.items():
        if known == field:
            break
        await conversation.say(value)
    await conversation.say(wrong[language], "report_payment", 0.3)
    assert conversation.names == [f"utter_wrong_{field}"]
    assert conversation.slots["requested_slot"] == field


async def test_a_bare_number_is_the_amount_that_was_asked_for(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "report_payment")
    await conversation.say("60")
    assert conversation.slots["details"]["amount"] == "60.00"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ({"fr": "le numéro est CA-48 1902", "en": "the number is CA-48 1902"}, "CA-48 1902"),
        ({"fr": "je n’ai pas de numéro", "en": "I don’t have any"}, None),
        ({"fr": "non", "en": "no"}, None),
        ({"fr": "CAxKqBzTm", "en": "CAxKqBzTm"}, "CAxKqBzTm"),
    ],
)
async def test_a_reference_is_kept_as_written_or_known_to_be_none(talk, billing, language, text, kept):
    conversation = talk(TREMBLAY)
    await reported(conversation, language, reference=text[language])
    assert conversation.names == ["utter_confirm_report_payment"]
    await conversation.say(conversation.buttons[0])
    [row] = await billing.rows(PaymentReportRow)
    assert row.payer_reference == kept


async def test_a_question_about_the_reference_is_no_reference(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say(
        {"fr": "payé 60 $ hier par carte", "en": "paid $60 yesterday by card"}[language], "report_payment"
    )
    await conversation.say({"fr": "c’est quoi, 1 référence?", "en": "what is 1 reference?"}[language], "ask_article")
    assert "reference" not in conversation.slots["details"]


async def test_a_no_reports_nothing(talk, billing, language):
    conversation = talk(TREMBLAY)
    await reported(conversation, language)
    await conversation.say({"fr": "non", "en": "no"}[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not await billing.rows(PaymentReportRow)


CORRECTIONS = [
    ({"fr": "non, c’était 61,69 $", "en": "no, it was $61.69"}, ("61.69", "2026-03-02", "e_transfer")),
    ({"fr": "non, le 3 mars", "en": "no, March 3"}, ("51.69", "2026-03-03", "e_transfer")),
    ({"fr": "non, par chèque", "en": "no, by cheque"}, ("51.69", "2026-03-02", "cheque")),
]


@pytest.mark.parametrize(("correction", "kept"), CORRECTIONS)
async def test_a_correction_at_the_confirmation_is_asked_about_again(talk, billing, language, correction, kept):
    conversation = talk(TREMBLAY)
    await reported(conversation, language)
    await conversation.say(correction[language], "deny")
    assert conversation.names == ["utter_confirm_report_payment"]
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    [row] = await billing.rows(PaymentReportRow)
    assert (str(row.amount), row.paid_on.isoformat(), row.method) == kept


async def test_a_day_too_long_ago_is_refused_with_the_limits_and_asked_again(talk, billing, language):
    conversation = talk(TREMBLAY)
    said = {"fr": "payé 60 $ par carte le 2 mars 2025", "en": "paid $60 by card on 2025-03-02"}[language]
    await conversation.say(said, "report_payment")
    await conversation.say({"fr": "aucune", "en": "none"}[language])
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_report_bad_day", "utter_question_paid_on"]
    assert {"fr": "5 novembre 2025", "en": "November 5, 2025"}[language] in conversation.text
    await conversation.say({"fr": "hier", "en": "yesterday"}[language])
    assert conversation.names == ["utter_confirm_report_payment"]
    await conversation.say(conversation.buttons[0])
    [row] = await billing.rows(PaymentReportRow)
    assert row.paid_on.isoformat() == "2026-03-04"


async def test_a_repeat_and_a_second_report_are_one_report(talk, billing, language):
    conversation = talk(TREMBLAY)
    await reported(conversation, language)
    first = await conversation.say(conversation.buttons[0])
    assert await conversation.repeat() == first
    await reported(conversation, language)
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_report_already"]
    assert len(await billing.rows(PaymentReportRow)) == 1


async def test_a_lost_answer_about_a_report_is_said_and_reporting_again_is_safe(talk, billing, language):
    conversation = talk(TREMBLAY)
    await reported(conversation, language)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_report_unknown"]
    billing.loses_answers = False
    await reported(conversation, language)
    await conversation.say(conversation.buttons[0])
    assert len(await billing.rows(PaymentReportRow)) == 1


async def test_a_brand_offers_the_ways_to_pay_that_its_backend_knows(talk):
    ways = {}
    for account in (LAURIER, TREMBLAY):
        conversation = talk(account)
        await conversation.say("60", "report_payment")
        await conversation.say("60")
        await conversation.say("le 2", "report_payment")
        ways[account] = conversation.buttons
    assert "PayPal" in ways[TREMBLAY]
    assert ways[LAURIER]
    assert "PayPal" not in ways[LAURIER]
