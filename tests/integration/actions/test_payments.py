"""Paying and automatic payment, from the request to the reference. Today is March 5, 2026, 21:30 in Toronto."""

import re

import pytest

from billing.models import AccountRow
from billing.money_models import PaymentLinkRow

LAURIER, NORTHGATE = "1002003001", "1002003002"
WHITFIELD, TREMBLAY = "50010001", "50010002"
LAVOIE = "0012345678"


async def autopay(billing, account):
    return next(row.autopay for row in await billing.rows(AccountRow) if row.number == account)


# --- a payment link


@pytest.mark.parametrize(
    ("account", "owed"),
    [
        (LAURIER, {"fr": "284,52\u00a0$", "en": "$284.52"}),
        (TREMBLAY, {"fr": "103,38\u00a0$", "en": "$103.38"}),
        (LAVOIE, {"fr": "240,00\u00a0$", "en": "$240.00"}),
    ],
)
async def test_a_link_pays_the_balance_once_until_a_time(talk, billing, language, account, owed):
    conversation = talk(account)
    await conversation.say("payer", "pay_bill")
    assert conversation.names[0] == "utter_pay_link"
    said = conversation.replies[0].text
    assert owed[language] in said
    assert re.search(r"https://aide\.example/pay/[\w-]{20,}", said)
    assert {"fr": "jusqu’à 22\u00a0h (heure de l’Est)", "en": "until 10\u00a0p.m. (Eastern Time)"}[language] in said
    assert {"fr": "une seule fois", "en": "once"}[language] in said
    assert {"fr": "jamais de numéro de carte", "en": "Never type a card number"}[language] in said
    [link] = await billing.rows(PaymentLinkRow)
    assert link.reference in said
    assert not conversation.open


async def test_the_amount_that_is_said_is_the_links(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say({"fr": "payer 50 $ sur ma facture", "en": "pay $50 on my bill"}[language], "pay_bill")
    assert {"fr": "50,00\u00a0$", "en": "$50.00"}[language] in conversation.text
    [link] = await billing.rows(PaymentLinkRow)
    assert str(link.amount) == "50.00"


async def test_wrs_says_the_payee_and_the_memo_of_the_latest_unpaid_bill(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("payer", "pay_bill")
    assert conversation.names == ["utter_pay_link", "utter_pay_e_transfer"]
    assert "**WRS WEB SOLUTIONS INC**" in conversation.text
    assert "**facture W-40120**" in conversation.text
    assert "24" in conversation.text


async def test_other_brands_say_nothing_of_interac(talk):
    conversation = talk(LAVOIE)
    await conversation.say("payer", "pay_bill")
    assert "Interac" not in conversation.text


async def test_nothing_owed_is_said_and_no_link_made(talk, billing):
    conversation = talk(WHITFIELD)
    await conversation.say("payer", "pay_bill")
    assert conversation.names == ["utter_pay_nothing_owed"]
    assert not await billing.rows(PaymentLinkRow)


async def test_more_than_is_owed_is_refused_with_the_most(talk, billing, language):
    conversation = talk(LAURIER)
    await conversation.say({"fr": "payer 900 $", "en": "pay $900"}[language], "pay_bill")
    assert conversation.names == ["utter_pay_too_much"]
    assert {"fr": "284,52\u00a0$", "en": "$284.52"}[language] in conversation.text
    assert not await billing.rows(PaymentLinkRow)


async def test_less_than_is_taken_is_refused_with_the_least(talk, language):
    conversation = talk(LAURIER)
    await conversation.say({"fr": "payer 0,50 $", "en": "pay $0.50"}[language], "pay_bill")
    assert conversation.names == ["utter_pay_too_little"]
    assert {"fr": "1,00\u00a0$", "en": "$1.00"}[language] in conversation.text


async def test_the_link_is_made_once_for_a_message(talk, billing):
    conversation = talk(TREMBLAY)
    first = await conversation.say("payer", "pay_bill")
    assert await conversation.repeat() == first
    assert len(await billing.rows(PaymentLinkRow)) == 1


async def test_a_lost_answer_about_a_link_is_said_as_such(talk, billing, language):
    conversation = talk(TREMBLAY)
    billing.loses_answers = True
    await conversation.say("payer", "pay_bill")
    assert conversation.names == ["utter_pay_unknown"]
    assert {"fr": "Rien n’a été débité", "en": "Nothing was charged"}[language] in conversation.text


async def test_a_stranger_proves_who_they_are_before_any_amount(talk, billing):
    conversation = talk("wrs")
    await conversation.say("payer", "pay_bill")
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    assert not billing.writes


# --- automatic payment


@pytest.mark.parametrize(
    ("account", "rule", "first"),
    [
        (
            LAURIER,
            {"fr": "15 jours après la date de chaque facture", "en": "15 days after the date of each bill"},
            {"fr": "le 8 mars 2026", "en": "on March 8, 2026"},
        ),
        (
            TREMBLAY,
            {"fr": "le 1er de chaque mois", "en": "on the 1st of each month"},
            {"fr": "le 1er avril 2026", "en": "on April 1, 2026"},
        ),
    ],
)
async def test_automatic_payment_starts_after_its_first_day_is_said(talk, billing, language, account, rule, first):
    conversation = talk(account)
    await conversation.say("autopay", "set_up_autopay")
    assert conversation.names == ["utter_confirm_set_up_autopay"]
    assert rule[language] in conversation.text
    assert first[language] in conversation.text
    assert not billing.writes
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_autopay_started"]
    assert first[language] in conversation.text
    assert re.search(r"A-[A-Z0-9]{8}", conversation.text)
    assert await autopay(billing, account)


async def test_automatic_payment_that_is_on_is_said_with_its_next_day(talk, billing, language):
    conversation = talk(NORTHGATE)
    await conversation.say("autopay", "set_up_autopay")
    assert conversation.names == ["utter_autopay_already"]
    assert {"fr": "le 15 mars 2026", "en": "on March 15, 2026"}[language] in conversation.text
    assert not conversation.open
    assert not billing.writes


@pytest.mark.parametrize("account", [NORTHGATE, WHITFIELD])
async def test_automatic_payment_stops_after_what_follows_is_said(talk, billing, language, account):
    conversation = talk(account)
    await conversation.say("stop", "cancel_autopay")
    assert conversation.names == ["utter_confirm_cancel_autopay"]
    assert {"fr": "n’aura pas lieu", "en": "won’t be taken"}[language] in conversation.text
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_autopay_stopped"]
    assert re.search(r"A-[A-Z0-9]{8}", conversation.text)
    assert not await autopay(billing, account)


async def test_automatic_payment_that_is_off_needs_no_stop(talk, billing):
    conversation = talk(LAURIER)
    await conversation.say("stop", "cancel_autopay")
    assert conversation.names == ["utter_autopay_not_active"]
    assert not billing.writes


@pytest.mark.parametrize(("account", "request_id"), [(LAURIER, "set_up_autopay"), (WHITFIELD, "cancel_autopay")])
async def test_a_no_leaves_automatic_payment_as_it_is(talk, billing, language, account, request_id):
    conversation = talk(account)
    before = await autopay(billing, account)
    await conversation.say("autopay", request_id)
    await conversation.say({"fr": "non", "en": "no"}[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not billing.writes
    assert await autopay(billing, account) is before


async def test_a_repeat_of_the_yes_starts_it_once_and_says_the_same(talk, billing):
    conversation = talk(LAURIER)
    await conversation.say("autopay", "set_up_autopay")
    first = await conversation.say(conversation.buttons[0])
    assert await conversation.repeat() == first
    assert await autopay(billing, LAURIER)


async def test_billing_away_before_the_yes_changes_nothing_and_after_it_is_not_known(talk, billing):
    conversation = talk(LAURIER)
    billing.down = True
    await conversation.say("autopay", "set_up_autopay")
    assert conversation.names == ["utter_billing_unavailable"]
    billing.down = False
    await conversation.say("autopay", "set_up_autopay")
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_autopay_unknown"]


async def test_only_an_administrator_sets_automatic_payment(talk, billing):
    conversation = talk(LAURIER)
    conversation.gateway.role = "secondary"
    await conversation.say("autopay", "set_up_autopay")
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_administrator_only"]
    assert not await autopay(billing, LAURIER)


async def test_the_question_is_asked_again_whole_in_the_other_language(talk, language):
    conversation = talk(LAURIER)
    await conversation.say("autopay", "set_up_autopay")
    conversation.slots["language"] = {"fr": "en", "en": "fr"}[language]
    await conversation.say("…", "change_language")
    assert conversation.names[-1] == "utter_confirm_set_up_autopay"
    assert {"fr": "on March 8, 2026", "en": "le 8 mars 2026"}[language] in conversation.text


async def test_replies_are_short(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("payer", "pay_bill")
    lengths = [len(reply.text.split()) for reply in conversation.replies]
    await conversation.say({"fr": "60 $ vendredi", "en": "$60 on Friday"}[language], "promise_to_pay")
    lengths.append(len(conversation.text.split()))
    await conversation.say(conversation.buttons[0])
    lengths.append(len(conversation.text.split()))
    said = {
        "fr": "payé 60 $ hier par virement, référence 4471",
        "en": "paid $60 yesterday by e-transfer, reference 4471",
    }
    await conversation.say(said[language], "report_payment")
    lengths.append(len(conversation.text.split()))
    await conversation.say(conversation.buttons[0])
    lengths.append(len(conversation.text.split()))
    assert len(lengths) == 6
    assert max(lengths) <= 90
