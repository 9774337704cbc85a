"""What is worked out or looked up after an article: when a modem arrives, and how far the reminders of a late account have come."""

import datetime

import pytest
from sqlalchemy import insert, select, update

from actions.requests import read_live_answers
from billing.models import AccountRow, BillRow, PaymentRow
from billing.money import CAD
from tests.integration.actions.small_gateway import TODAY

SHIPPING, REMINDERS = "wrs/modem-shipping", "wrs/disconnection"
TREMBLAY, BOUCHARD, WHITFIELD = "50010002", "50010003", "50010001"
TITLES = {name: spec.title for name, spec in read_live_answers().items()}


def on_file(account):
    """The row of an account, for a statement."""
    return select(AccountRow.id).where(AccountRow.number == account).scalar_subquery()


async def test_a_modem_s_arrival_is_worked_out_from_the_day_it_is_paid_and_where_it_goes(talk, billing, language):
    conversation = talk("wrs")
    await conversation.say({"fr": "délai de livraison", "en": "delivery time"}[language], SHIPPING)
    assert conversation.names == ["utter_article"]
    assert conversation.buttons[0] == TITLES["modem_delivery"][language]
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_ordered_on"], "the article is not said twice"
    await conversation.say({"fr": "le 1er avril", "en": "April 1"}[language])
    assert conversation.names == ["utter_question_place"]
    await conversation.say("g6v7m4")
    assert conversation.names == ["utter_delivery_expected"]
    for said in {
        "fr": (
            "1er avril 2026",
            "G6V 7M4",
            "9 avril 2026",
            "3 avril 2026 (Vendredi saint)",
            "12,95\u00a0$, plus les taxes",
        ),
        "en": ("April 1, 2026", "G6V 7M4", "April 9, 2026", "April 3, 2026 (Good Friday)", "$12.95, plus tax"),
    }[language]:
        assert said in conversation.text
    assert not conversation.open
    assert not billing.writes


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"fr": "j'ai payé hier, quand est-il à K7L 3N6", "en": "I paid yesterday, when is it at K7L 3N6"}, ["utter_delivery_expected"]),
        ({"fr": "si je règle mardi, il arrive quand", "en": "if I pay on Tuesday, when is it here"}, ["utter_question_place"]),
        ({"fr": "combien de jours jusqu'au H2X 1Y4", "en": "how many days to H2X 1Y4"}, ["utter_question_ordered_on"]),
    ],
)  # fmt: skip
async def test_what_the_question_tells_is_not_asked_for(talk, language, said, names):
    conversation = talk("wrs")
    await conversation.say(said[language], SHIPPING)
    assert conversation.names == ["utter_article", *names]


async def test_a_day_that_has_nothing_to_do_with_paying_is_left_alone(talk, language):
    conversation = talk("wrs")
    said = {
        "fr": "le technicien passe mercredi et le modem n'est pas là",
        "en": "the technician comes on Wednesday and the modem isn't here",
    }
    await conversation.say(said[language], SHIPPING)
    assert conversation.names == ["utter_article"]


async def test_a_parcel_that_should_be_there_is_left_to_people(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", SHIPPING)
    await conversation.say(conversation.buttons[0])
    await conversation.say({"fr": "le 2 février", "en": "February 2"}[language])
    await conversation.say("H2X 1Y4")
    assert conversation.names == ["utter_delivery_late"]
    assert len(conversation.buttons) == 2
    await conversation.say(conversation.buttons[0])
    assert conversation.slots["request"] == "open_request"


async def test_a_wrong_day_or_place_is_asked_for_again(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", SHIPPING)
    await conversation.say(conversation.buttons[0])
    await conversation.say("2031-01-01")
    await conversation.say("12534")
    assert conversation.names[0] in ("utter_wrong_ordered_on", "utter_not_in_canada")
    answers = {"ordered_on": {"fr": "hier", "en": "yesterday"}[language], "place": "X0A 0H0"}
    for _ in range(3):
        if conversation.open:
            await conversation.say(answers[conversation.slots["requested_slot"]])
    assert conversation.names == ["utter_delivery_expected"]


async def test_an_arrival_that_is_left_for_another_request_is_offered_again_with_its_day(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", SHIPPING)
    await conversation.say(conversation.buttons[0])
    await conversation.say({"fr": "hier", "en": "yesterday"}[language])
    await conversation.say("…", "check_availability")
    assert conversation.names == ["utter_left_aside", "utter_question_place"]
    await conversation.say("K7L 3N6")
    assert conversation.names == ["utter_availability_cable", "utter_offer_left"]
    await conversation.say(TITLES["modem_delivery"][language])
    assert conversation.names == ["utter_question_place"]
    await conversation.say("K7L 3N6")
    assert conversation.names == ["utter_delivery_expected"]


async def test_a_question_a_pause_and_a_correction_leave_the_arrival_where_it_is(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", SHIPPING)
    await conversation.say(conversation.buttons[0])
    await conversation.say({"fr": "hier", "en": "yesterday"}[language])
    await conversation.say("…", "wrs/need-modem")
    assert conversation.names == ["utter_article", "utter_question_place"]
    await conversation.say({"fr": "attends", "en": "wait"}[language])
    assert conversation.names == ["utter_take_your_time"]
    await conversation.say({"fr": "non, payé le 2 mars", "en": "no, paid on March 2"}[language])
    assert conversation.names == ["utter_noted", "utter_question_place"]
    await conversation.say("K7L 3N6")
    assert {"fr": "2 mars 2026", "en": "March 2, 2026"}[language] in conversation.text
    await conversation.say("…", SHIPPING)
    await conversation.say(conversation.buttons[0])
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_cancelled"]


async def test_a_verified_customer_hears_how_far_the_reminders_have_come(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say(
        {"fr": "allez-vous couper mon Internet", "en": "are you going to cut me off"}[language], REMINDERS
    )
    assert conversation.names == ["utter_article", "utter_reminders_overdue"]
    for said in {
        "fr": ("103,38\u00a0$", "13 janvier 2026", "2 rappels", "avis de retard"),
        "en": ("$103.38", "January 13, 2026", "2 reminders", "overdue email"),
    }[language]:
        assert said in conversation.text
    assert len(conversation.buttons) == 2


async def test_others_are_asked_who_they_are_first(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", REMINDERS)
    assert conversation.names == ["utter_article"]
    await conversation.say(TITLES["reminder_stage"][language])
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    await conversation.say("50010002 G6V 7M4")
    await conversation.say("482193")
    assert conversation.names == ["utter_verified", "utter_reminders_overdue"]


@pytest.mark.parametrize(("who", "name"), [(WHITFIELD, "nothing_late"), (BOUCHARD, "disconnected")])
async def test_an_account_that_is_paid_and_one_that_is_disconnected(talk, language, who, name):
    conversation = talk(who)
    await conversation.say("…", REMINDERS)
    assert conversation.names == ["utter_article", f"utter_reminders_{name}"]


@pytest.mark.parametrize(("days", "name"), [(2, "none"), (5, "reminder"), (70, "calls")])
async def test_each_other_stage_has_its_sentence(talk, billing, language, days, name):
    due = TODAY - datetime.timedelta(days=days)
    await billing.change(update(BillRow).where(BillRow.account_id == on_file(TREMBLAY)).values(due_on=due))
    conversation = talk(TREMBLAY)
    await conversation.say("…", REMINDERS)
    assert conversation.names == ["utter_article", f"utter_reminders_{name}"]


async def test_a_service_that_is_off_though_nothing_is_owed_any_more(talk, billing, language):
    paid = {"account_id": on_file(BOUCHARD), "paid_on": TODAY, "amount": CAD("124.18"), "method": "online"}
    await billing.change(insert(PaymentRow).values(**paid))
    conversation = talk(BOUCHARD)
    await conversation.say("…", REMINDERS)
    assert conversation.names == ["utter_article", "utter_reminders_disconnected_paid"]
    assert len(conversation.buttons) == 1


@pytest.mark.parametrize("article", [SHIPPING, REMINDERS])
async def test_where_billing_is_away_the_article_stays_and_the_rest_is_said_to_be_missing(
    talk, billing, language, article
):
    conversation = talk(TREMBLAY)
    billing.down = True
    await conversation.say({"fr": "payé hier, pour H2X 1Y4", "en": "paid yesterday, for H2X 1Y4"}[language], article)
    assert conversation.names == ["utter_article", "utter_billing_unavailable"]


async def test_in_the_middle_of_a_form_the_article_alone_is_said(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("…", REMINDERS)
    assert conversation.names == ["utter_article", "utter_question_amount"]


@pytest.mark.parametrize(
    ("who", "article", "name", "told"),
    [
        ("1002003002", "primus/automatic-payment-date", "utter_autopay_next", {"fr": "15 mars 2026", "en": "March 15, 2026"}),
        ("1002003001", "primus/automatic-payment-date", "utter_autopay_next_off", {"fr": "8 mars 2026", "en": "March 8, 2026"}),
        (WHITFIELD, "wrs/automatic-payment-timing", "utter_autopay_next", {"fr": "1er avril 2026", "en": "April 1, 2026"}),
    ],
)  # fmt: skip
async def test_the_day_of_the_next_automatic_payment_follows_its_article(talk, language, who, article, name, told):
    conversation = talk(who)
    await conversation.say("…", article)
    assert conversation.names == ["utter_article", name]
    assert told[language] in conversation.text
