"""What follows the articles on an order: its parcel, the installer's appointment and the number to call."""

import datetime

import pytest
from sqlalchemy import select, update

from actions.requests import read_live_answers, read_requests
from billing.models import AccountRow
from billing.order_models import AppointmentRow, ShipmentRow
from tests.integration.actions.small_gateway import TODAY

SHIPPING, INSTALLATION = "wrs/modem-shipping", "wrs/installation-time"
PHONE = "wrs/why-phone-number"
WHITFIELD, TREMBLAY, BOUCHARD = "50010001", "50010002", "50010003"
TITLES = {name: spec.title for name, spec in read_live_answers().items()}
REPORT = read_requests()["open_request"].title
YES, NO = {"fr": "oui", "en": "yes"}, {"fr": "non", "en": "no"}


def on_file(account):
    """The row of an account, for a statement."""
    return select(AccountRow.id).where(AccountRow.number == account).scalar_subquery()


@pytest.fixture
def parcel(billing):
    """Changes Dana's parcel, as the company's own system would."""

    async def change(**values):
        await billing.change(update(ShipmentRow).where(ShipmentRow.account_id == on_file(WHITFIELD)).values(**values))

    return change


@pytest.fixture
def appointment(billing):
    """Changes Dana's appointment."""

    async def change(**values):
        row = AppointmentRow.account_id == on_file(WHITFIELD)
        await billing.change(update(AppointmentRow).where(row).values(**values))

    return change


def days(number):
    return TODAY + datetime.timedelta(days=number)


async def test_both_of_an_article_s_answers_are_offered_and_taken_by_words_or_place(talk, language):
    for said, asked in (
        (TITLES["track_parcel"][language], "account_number"),
        ({"fr": "la deuxième", "en": "the second one"}[language], "account_number"),
        (TITLES["modem_delivery"][language], "ordered_on"),
        ("1", "ordered_on"),
    ):
        conversation = talk("wrs")
        await conversation.say("…", SHIPPING)
        assert conversation.buttons[:2] == (TITLES["modem_delivery"][language], TITLES["track_parcel"][language])
        await conversation.say(said, SHIPPING, confidence=1.0)
        assert conversation.slots["requested_slot"] == asked, said


async def test_a_parcel_s_way_is_told_to_whom_has_proved_the_account(talk, billing, language):
    conversation = talk("wrs")
    await conversation.say("…", SHIPPING)
    await conversation.say(TITLES["track_parcel"][language])
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    await conversation.say("50010001 K7L 3N6")
    await conversation.say("482193")
    assert conversation.names == ["utter_verified", "utter_parcel_in_transit"]
    for said in {
        "fr": ("Postes Canada (Xpresspost)", "7023 2100 3941 4604", "K7L 3N6", "7 mars 2026"),
        "en": ("Canada Post (Xpresspost)", "7023 2100 3941 4604", "K7L 3N6", "March 7, 2026"),
    }[language]:
        assert said in conversation.text
    assert not conversation.open
    assert not billing.writes


@pytest.mark.parametrize(
    ("values", "stage", "told", "buttons"),
    [
        ({"state": "preparing", "tracking_number": None}, "preparing", {"fr": "1er mars 2026", "en": "March 1, 2026"}, 0),
        ({"expected_on": days(-1)}, "late", {"fr": "4 mars 2026", "en": "March 4, 2026"}, 2),
        ({"state": "delivered", "delivered_on": days(-2)}, "delivered", {"fr": "3 mars 2026", "en": "March 3, 2026"}, 2),
        ({"state": "returned"}, "returned", {"fr": "nous est revenu", "en": "came back to us"}, 2),
    ],
)  # fmt: skip
async def test_each_state_of_a_parcel_has_its_sentence_and_its_way_on(
    talk, parcel, language, values, stage, told, buttons
):
    await parcel(**values)
    conversation = talk(WHITFIELD)
    await conversation.say("…", SHIPPING)
    assert conversation.names == ["utter_article", f"utter_parcel_{stage}"]
    assert told[language] in conversation.text
    assert len(conversation.buttons) == buttons
    if stage == "late":
        await conversation.say(conversation.buttons[0])
        assert "7023 2100 3941 4604" in conversation.slots["details"]["description"], "what is known is not asked for"
        return
    assert ("7023" in conversation.text) == ("tracking_number" not in values)


async def test_who_has_no_parcel_is_told_so_and_can_have_the_arrival_worked_out(talk, language):
    conversation = talk(BOUCHARD)
    await conversation.say("…", SHIPPING)
    assert conversation.names == ["utter_article", "utter_parcel_none"]
    assert conversation.buttons == (TITLES["modem_delivery"][language], REPORT[language])
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_ordered_on"], "the article is not said twice"


async def test_a_day_or_place_in_the_question_is_worked_out_rather_than_looked_up(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say(
        {"fr": "j'ai payé hier pour K7L 3N6", "en": "I paid yesterday for K7L 3N6"}[language], SHIPPING
    )
    assert conversation.names == ["utter_article", "utter_delivery_expected"]


async def test_an_appointment_to_come_is_told_with_its_window_and_whom_the_installer_calls(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say("…", INSTALLATION)
    assert conversation.names == ["utter_article", "utter_appointment_to_come"]
    for said in {
        "fr": ("vendredi 13 mars", "entre 8\u00a0h et 12\u00a0h", "K7L 3N6", "se termine par 0111"),
        "en": ("Friday, March 13", "between 8\u00a0a.m. and 12\u00a0p.m.", "K7L 3N6", "ending in 0111"),
    }[language]:
        assert said in conversation.text
    assert conversation.buttons[0] == TITLES["installer_phone"][language]


@pytest.mark.parametrize(
    ("values", "stage", "buttons"),
    [
        ({"day": TODAY, "window_to": datetime.time(22)}, "today", 2),
        ({"day": TODAY}, "past", 2),
        ({"state": "done", "day": days(-3)}, "done", 0),
        ({"state": "missed", "day": days(-3)}, "missed", 2),
        ({"state": "cancelled"}, "cancelled", 2),
        ({"state": "done", "day": days(-90)}, "none", 2),
    ],
)
async def test_each_state_of_an_appointment_has_its_sentence_and_its_way_on(
    talk, appointment, language, values, stage, buttons
):
    """It is 21:30 on the fifth."""
    await appointment(**values)
    conversation = talk(WHITFIELD)
    await conversation.say("…", INSTALLATION)
    assert conversation.names == ["utter_article", f"utter_appointment_{stage}"]
    assert len(conversation.buttons) == buttons
    if stage == "missed":
        await conversation.say(REPORT[language])
        assert conversation.slots["request"] == "open_request"
        assert conversation.slots["requested_slot"] == "contact"


async def test_an_installer_without_a_number_to_call_is_told(talk, appointment, language):
    await appointment(phone=None)
    conversation = talk(WHITFIELD)
    await conversation.say("…", PHONE)
    assert {"fr": "Aucun numéro n’est noté", "en": "no number on file"}[language] in conversation.text


async def up_to_the_number(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say("…", INSTALLATION)
    await conversation.say(TITLES["installer_phone"][language])
    assert conversation.names == ["utter_question_installer_phone"]
    return conversation


async def test_another_number_for_the_installer_goes_to_people_after_a_yes(talk, language):
    conversation = await up_to_the_number(talk, language)
    await conversation.say({"fr": "613 555-01", "en": "613 555-01"}[language])
    assert conversation.names == ["utter_wrong_installer_phone"]
    await conversation.say("613 555-0188")
    assert conversation.names == ["utter_confirm_installer_phone"]
    assert "613 555-0188" in conversation.text
    assert {"fr": "vendredi 13 mars", "en": "Friday, March 13"}[language] in conversation.text
    await conversation.say({"fr": "non, plutôt le 613 555-0199", "en": "no, 613 555-0199 instead"}[language])
    assert "613 555-0199" in conversation.text
    await conversation.say(YES[language])
    assert conversation.names == ["utter_request_opened"]
    (request,) = conversation.gateway.opened
    assert request["contact"] == "+16135550199"
    assert "613 555-0199" in request["description"]
    assert "K7L 3N6" in request["description"]
    await conversation.repeat()
    assert len(conversation.gateway.opened) == 1


async def test_a_no_a_pause_and_a_question_on_the_way_send_nothing(talk, language):
    conversation = await up_to_the_number(talk, language)
    await conversation.say({"fr": "attends", "en": "wait"}[language])
    assert conversation.names == ["utter_take_your_time"]
    await conversation.say("…", PHONE)
    assert conversation.names == ["utter_article", "utter_question_installer_phone"]
    await conversation.say("613 555-0188")
    await conversation.say(NO[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not conversation.gateway.opened


async def test_without_an_appointment_to_come_there_is_no_number_to_change(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", PHONE)
    assert conversation.names == ["utter_article", "utter_appointment_missed"]
    stranger = talk("wrs")
    await stranger.say("…", PHONE)
    await stranger.say(TITLES["installer_phone"][language])
    await stranger.say("50010002 G6V 7M4")
    await stranger.say("482193")
    assert stranger.names == ["utter_verified", "utter_installer_phone_none"]
    assert not stranger.open


@pytest.mark.parametrize("article", [SHIPPING, INSTALLATION, PHONE])
async def test_where_billing_is_away_the_article_stays_and_the_rest_is_said_to_be_missing(
    talk, billing, language, article
):
    conversation = talk(WHITFIELD)
    billing.down = True
    await conversation.say("…", article)
    assert conversation.names == ["utter_article", "utter_billing_unavailable"]


async def test_where_the_desk_is_away_no_number_is_said_to_be_passed_on(talk, language):
    conversation = await up_to_the_number(talk, language)
    await conversation.say("613 555-0188")
    conversation.gateway.down = True
    await conversation.say(YES[language])
    assert not conversation.gateway.opened
    assert conversation.names == ["utter_billing_unavailable"]
