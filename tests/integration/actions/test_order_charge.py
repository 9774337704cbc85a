"""What an order is charged, worked out after its article."""

from dataclasses import replace

import pytest

from actions.requests import read_live_answers
from billing.internet_data import read_internet_data
from billing.money import CAD

CHARGE = "wrs/pay-when-ordering"
TITLES = {name: spec.title for name, spec in read_live_answers().items()}


async def charged(talk, language, price, modem, ordered_on, place):
    conversation = talk("wrs")
    await conversation.say("…", CHARGE)
    assert conversation.buttons[0] == TITLES["order_charge"][language]
    await conversation.say(conversation.buttons[0])
    for field, said in (("monthly_price", price), ("modem_kind", modem), ("ordered_on", ordered_on), ("place", place)):
        assert conversation.slots["requested_slot"] == field
        await conversation.say(said)
    assert not conversation.open
    return conversation


async def test_what_an_order_is_charged_is_worked_out_from_the_price_that_is_seen(talk, billing, language):
    modem = {"fr": "je vais le louer", "en": "I'm renting it"}[language]
    ordered_on = {"fr": "le 18 mars", "en": "March 18"}[language]
    conversation = await charged(talk, language, "62 $" if language == "fr" else "$62", modem, ordered_on, "H2X 1Y4")
    assert conversation.names == ["utter_order_charge_partly"]
    for said in {  # 28.00 + 12.95 = 40.95
        "fr": (
            "14 jours sur 31",
            "28,00\u00a0$",
            "environ 12,95\u00a0$",
            "TPS (5\u00a0%)\u00a0: 2,05\u00a0$",
            "TVQ (9,975\u00a0%)\u00a0: 4,08\u00a0$",
            "47,08\u00a0$",
            "montant affiché à la commande",
        ),
        "en": (
            "14 of 31 days",
            "$28.00",
            "about $12.95",
            "GST (5%): $2.05",
            "QST (9.975%): $4.08",
            "$47.08",
            "the amount shown when you order",
        ),
    }[language]:
        assert said in conversation.text
    assert not billing.writes


async def test_who_cannot_tell_the_price_hears_the_share_and_no_figure_is_made_up(talk, language):
    unknown = {"fr": "je ne sais pas", "en": "I don't know"}[language]
    own = {"fr": "j'ai déjà mon modem", "en": "I already have one"}[language]
    last = {"fr": "le 31 mars", "en": "March 31"}[language]
    conversation = await charged(talk, language, unknown, own, last, "K7L 3N6")
    assert conversation.names == ["utter_order_charge_unknown"]
    assert {"fr": "1 jour sur 31", "en": "1 of 31 days"}[language] in conversation.text
    assert "$" not in conversation.text


async def test_a_wrong_price_place_or_day_is_asked_for_again_and_a_question_comes_between(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", CHARGE)
    await conversation.say(TITLES["order_charge"][language])
    await conversation.say("-5")
    assert conversation.names == ["utter_wrong_monthly_price"]
    await conversation.say("…", "wrs/need-modem")
    assert conversation.names == ["utter_article", "utter_question_monthly_price"]
    await conversation.say("49,95 $" if language == "fr" else "$49.95")
    await conversation.say("?")
    await conversation.say({"fr": "j'achète", "en": "buying"}[language])
    await conversation.say("2031-01-01")
    await conversation.say("12534")
    assert conversation.names[0] in ("utter_wrong_ordered_on", "utter_not_in_canada")
    answers = {"ordered_on": {"fr": "aujourd'hui", "en": "today"}[language], "place": "K7L 3N6"}
    for _ in range(3):
        if conversation.open:
            await conversation.say(answers[conversation.slots["requested_slot"]])
    assert conversation.names == ["utter_order_charge_partly"]
    assert {"fr": "27 jours sur 31", "en": "27 of 31 days"}[language] in conversation.text


def priced():
    """The provider's data once it has set its prices."""
    data = read_internet_data()
    plans = tuple(replace(plan, price=CAD("31.00") if plan.id != "dsl-7" else None) for plan in data.plans)
    figures = replace(data.figures, modem_price=CAD("99.00"), connection_fee=CAD("0.00"))
    return replace(data, plans=plans, figures=figures)


@pytest.mark.parametrize("internet_data", [priced()], ids=["priced"])
async def test_once_the_company_has_set_its_prices_the_plan_is_asked_for_and_all_is_known(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", CHARGE)
    await conversation.say(TITLES["order_charge"][language])
    assert conversation.names == ["utter_order_plans", "utter_question_plan"]
    assert {"fr": "Câble 75\u00a0: 31,00\u00a0$ par mois", "en": "Cable 75: $31.00 a month"}[
        language
    ] in conversation.text
    assert "DSL" not in conversation.text, "its price is not set"
    await conversation.say({"fr": "la deuxième", "en": "the second one"}[language])
    assert conversation.names == ["utter_question_modem_kind"]
    await conversation.say({"fr": "j'achète le modem", "en": "I'm buying the modem"}[language])
    await conversation.say({"fr": "le 18 mars", "en": "March 18"}[language])
    await conversation.say("T2P 1J9")
    assert conversation.names == ["utter_order_charge"]
    for said in {
        "fr": ("14,00\u00a0$", "99,00\u00a0$", "0,00\u00a0$", "132,25\u00a0$"),
        "en": ("$14.00", "$99.00", "$0.00", "$132.25"),
    }[language]:
        assert said in conversation.text


async def test_where_billing_is_away_nothing_is_worked_out(talk, billing, language):
    conversation = talk("wrs")
    await conversation.say("…", CHARGE)
    billing.down = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_billing_unavailable"]
