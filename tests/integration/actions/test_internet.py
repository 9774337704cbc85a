"""Internet service in conversation: where it can be had, which modem is accepted, plans, returns, reconnections."""

import re

import pytest

from actions.internet import Internet
from tests.integration.actions.small_gateway import CODE

WHITFIELD, TREMBLAY, BOUCHARD = "50010001", "50010002", "50010003"
SALES = {"fr": "exactitude de 99,9\u00a0%", "en": "99.9% accuracy"}


async def test_availability_names_the_network_and_promises_nothing(talk, language):
    conversation = talk("wrs")
    await conversation.say("dispo?", "check_availability")
    assert conversation.names == ["utter_question_place"]
    await conversation.say("k7l3n6")
    assert conversation.names == ["utter_availability_cable"]
    assert "K7L 3N6" in conversation.text
    assert "Cogeco" in conversation.text
    assert {"fr": "pas une garantie", "en": "not a guarantee"}[language] in conversation.text
    assert SALES[language] in conversation.text
    assert not conversation.open


@pytest.mark.parametrize(
    ("place", "name", "networks"),
    [
        ("K0A 1A0", "utter_availability_several", {"fr": "Rogers ou Cogeco", "en": "Rogers or Cogeco"}),
        ("T2P 1A1", "utter_availability_cable", {"fr": "Shaw", "en": "Shaw"}),
        ("B3J 1A1", "utter_availability_phone_line", {"fr": "DSL", "en": "DSL"}),
        ("X0A 0H0", "utter_availability_none", {"fr": "partielle", "en": "partial"}),
    ],
)
async def test_each_kind_of_area_has_its_answer(talk, language, place, name, networks):
    conversation = talk("wrs")
    await conversation.say(f"Internet {place}", "check_availability")
    assert conversation.names == [name], "the postal code of the first message is taken"
    assert networks[language] in conversation.text
    assert SALES[language] in conversation.text


async def test_a_zip_code_is_refused_in_words_and_another_place_asked_for(talk, language):
    conversation = talk("wrs")
    await conversation.say("dispo?", "check_availability")
    await conversation.say("12534")
    assert conversation.names == ["utter_not_in_canada", "utter_question_place"]
    await conversation.say("G6V 7M4")
    assert "Vidéotron" in conversation.text


async def test_after_three_places_that_are_none_a_person_is_offered(talk):
    conversation = talk("wrs")
    await conversation.say("dispo?", "check_availability")
    for _ in range(3):
        await conversation.say("12534")
    assert conversation.names == ["utter_not_in_canada", "utter_give_up_field"]
    assert conversation.buttons
    assert not conversation.open


async def test_a_place_that_is_no_postal_code_is_refused_with_an_example(talk):
    conversation = talk("wrs")
    await conversation.say("dispo?", "check_availability")
    await conversation.say("123")
    assert conversation.names == ["utter_wrong_place"]
    assert "H2X" in conversation.text


@pytest.mark.parametrize("request_id", ["check_availability", "check_modem"])
async def test_where_billing_is_away_it_is_said(talk, billing, request_id):
    conversation = talk("wrs")
    billing.down = True
    await conversation.say("CODA-4582, K7L 3N6, firmware 7.1.1.2.2b9", request_id)
    assert conversation.names == ["utter_billing_unavailable"]
    assert not conversation.open


async def asked_about(talk, *answers):
    """A conversation in which a modem was asked about, with these answers."""
    conversation = talk("wrs")
    await conversation.say("modem?", "check_modem")
    for answer in answers:
        await conversation.say(answer)
    return conversation


async def test_a_modem_is_asked_about_step_by_step(talk, language):
    conversation = await asked_about(talk)
    assert conversation.names == ["utter_question_model"]
    await conversation.say("Hitron coda 4582")
    assert conversation.names == ["utter_question_network"]
    assert conversation.buttons[0] == "Rogers"
    await conversation.say("Cogeco")
    assert conversation.names == ["utter_question_firmware"]
    await conversation.say("7.1.1.2.2b9")
    assert conversation.names == ["utter_modem_listed"]
    assert "Hitron CODA-4582" in conversation.text
    assert {"fr": "manquant ou volé", "en": "missing or stolen"}[language] in conversation.text


@pytest.mark.parametrize(
    ("answers", "name", "said"),
    [
        (("Thomson DCM476", "videotron", "STB3.01.08"), "utter_modem_firmware_differs", "STB3.01.11"),
        (("DCM476", "cogeco", "je ne sais pas"), "utter_modem_firmware_missing", "STB3.01.08, STB3.01.11"),
        (("DCM476", "cogeco", "no idea"), "utter_modem_firmware_missing", "STB3.01.08, STB3.01.11"),
        (("CDA3-35", "Vidéotron", "5.3.13.1"), "utter_modem_listed_firmware_unknown", "Hitron CDA3-35"),
        (("Cisco DPC3008", "Rogers", "1.0.1"), "utter_modem_not_listed", "DPC3008"),
        (("CODA-4680", "cogeco", "7.2.4.5.1b33"), "utter_modem_wrong_network", "Shaw"),
        (("SR505N", "DSL", "2.6.2.6"), "utter_modem_listed", "SmartRG SR505N"),
        (("TP-Link TC7650", "cogeco", "1.0.11 Build 20180717"), "utter_modem_listed", "TC7650"),
        (("DCM476, s/n 251137808912", "cogeco", "x1.2"), "utter_modem_reported_lost_or_stolen", "police"),
    ],
)
async def test_each_verdict_is_said_with_its_reason(talk, language, answers, name, said):
    conversation = await asked_about(talk, *answers)
    assert conversation.names == [name]
    if said == "police":
        said = {"fr": "autorités", "en": "authorities"}[language]
    assert said in conversation.text


async def test_who_does_not_know_the_network_is_asked_for_the_postal_code(talk, language):
    unknown = {"fr": "je ne sais pas", "en": "I don’t know"}[language]
    conversation = await asked_about(talk, "CODA-4582", unknown)
    assert conversation.names == ["utter_question_place"]
    await conversation.say("K7L 3N6")
    await conversation.say(unknown)
    assert conversation.names == ["utter_modem_firmware_missing"]
    assert "Cogeco" in conversation.text


async def test_a_postal_code_in_place_of_the_network_is_taken(talk):
    conversation = await asked_about(talk, "CODA-4582", "P3E 5J1")
    assert conversation.names == ["utter_question_firmware"]
    await conversation.say("2.0.10.36T6")
    assert conversation.names == ["utter_modem_listed"]
    assert "Rogers" in conversation.text


async def test_where_two_networks_are_possible_each_is_answered_for(talk, language):
    conversation = await asked_about(talk, "CODA-4680", "K0A 1A0", "7.2.4.5.1b33")
    assert conversation.names == ["utter_modems_by_network"]
    assert re.search({"fr": r"Rogers\s: accepté", "en": r"Rogers: accepted"}[language], conversation.text)
    assert re.search({"fr": r"Cogeco\s: refusé", "en": r"Cogeco: refused"}[language], conversation.text)


@pytest.mark.parametrize(
    ("answers", "name"), [(("123456789",), "utter_no_value"), (("CODA-4582", "xyz"), "utter_wrong_network")]
)
async def test_what_is_no_model_and_no_network_is_refused(talk, answers, name):
    conversation = talk("wrs")
    await conversation.say("modem?", "check_modem")
    for answer in answers:
        await conversation.say(answer, "check_modem")
    assert conversation.names[0] == name
    assert conversation.open


async def test_plans_are_listed_and_a_person_changes_the_plan(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say("forfait", "change_plan")
    assert conversation.names == ["utter_plans", "utter_question_plan"]
    assert {"fr": "Câble 75** (votre forfait actuel)", "en": "Cable 75** (your current plan)"}[
        language
    ] in conversation.text
    await conversation.say({"fr": "le cable 30", "en": "the 30 one"}[language])
    assert conversation.names == ["utter_question_contact"]
    await conversation.say("dana@whitfield.example")
    assert conversation.names == ["utter_request_opened", "utter_plan_days"]
    assert {"fr": "quelques jours", "en": "a few days"}[language] in conversation.text
    [opened] = conversation.gateway.opened
    assert (opened["kind"], opened["category"]) == ("change_plan", "sales")
    assert {"fr": "Câble 30", "en": "Cable 30"}[language] in opened["description"]
    assert "75" in opened["description"]


async def test_the_plan_of_the_first_message_is_taken_and_the_same_plan_is_none(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say({"fr": "mets-moi au Câble 75", "en": "switch me to Cable 75"}[language], "change_plan")
    assert conversation.names == ["utter_plans", "utter_start_request", "utter_question_contact"]
    conversation = talk(TREMBLAY)
    await conversation.say({"fr": "je veux le Câble 30", "en": "I want Cable 30"}[language], "change_plan")
    assert conversation.names == ["utter_plans", "utter_plan_same"]
    assert not conversation.open
    assert not conversation.gateway.opened


async def test_a_plan_that_is_not_listed_is_refused(talk):
    conversation = talk(TREMBLAY)
    await conversation.say("forfait", "change_plan")
    await conversation.say("plan 500")
    assert conversation.names == ["utter_wrong_plan"]


async def test_a_plan_needs_a_proof_first(talk):
    conversation = talk("wrs")
    await conversation.say("forfait", "change_plan")
    assert conversation.names == ["utter_need_identity", "utter_question_account_number"]
    await conversation.say(f"{WHITFIELD} K7L 3N6")
    await conversation.say(CODE)
    assert conversation.names == ["utter_verified", "utter_plans", "utter_question_plan"]


async def test_where_the_desk_is_away_no_days_are_promised(talk):
    conversation = talk(WHITFIELD)
    await conversation.say("forfait", "change_plan")
    await conversation.say("30")

    async def away(*_):
        from actions.gateway_client import GatewayError

        raise GatewayError("away")

    conversation.gateway.open_request = away
    await conversation.say("dana@whitfield.example")
    assert conversation.names == ["utter_desk_unavailable", "utter_question_try_again"]


async def test_a_return_says_how_and_opens_a_request(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say({"fr": "je retourne mon modem", "en": "sending my modem back"}[language], "return_modem")
    for figure in ("PR323420", "30 Stonemount Cres", "L0M 1B4"):
        assert figure in conversation.text
    assert {"fr": "jamais en personne", "en": "never in person"}[language] in conversation.text
    assert {"fr": "port à vos frais", "en": "postage at your expense"}[language] in conversation.text
    await conversation.say("613 555-0111")
    assert conversation.names == ["utter_request_opened"]
    assert conversation.gateway.opened[0]["kind"] == "return_modem"
    assert "modem" in conversation.gateway.opened[0]["description"]


async def test_a_reconnection_says_what_is_owed_and_what_is_not_known_and_offers_to_pay(talk, language):
    conversation = talk(BOUCHARD)
    await conversation.say("rebranchez", "reconnect_service")
    assert {"fr": "124,18\u00a0$", "en": "$124.18"}[language] in conversation.text
    assert {"fr": "dont une personne vous dira le montant", "en": "whose amount a person will tell you"}[
        language
    ] in conversation.text
    assert {"fr": "27 février 2026", "en": "February 27, 2026"}[language] in conversation.text
    await conversation.say("sophie@bouchard.example")
    assert conversation.names == ["utter_request_opened", "utter_reconnection_pay"]
    assert conversation.buttons == ({"fr": "Payer ma facture", "en": "Pay my bill"}[language],)
    assert {"fr": "124,18", "en": "124.18"}[language] in conversation.gateway.opened[0]["description"]


async def test_who_is_not_disconnected_is_told_so(talk, language):
    conversation = talk(WHITFIELD)
    await conversation.say("rebranchez", "reconnect_service")
    assert conversation.names == ["utter_not_disconnected"]
    assert len(conversation.buttons) == 2
    assert not conversation.open


@pytest.mark.parametrize("request_id", ["change_plan", "reconnect_service"])
async def test_where_billing_is_away_nothing_is_opened(talk, billing, request_id):
    conversation = talk(BOUCHARD)
    billing.down = True
    await conversation.say("svp", request_id)
    assert conversation.names == ["utter_billing_unavailable"]
    assert not conversation.gateway.opened


async def test_a_fee_and_a_delay_that_are_known_are_said(talk, language):
    class Known:
        async def get(self, *_, **__):
            return {
                "disconnected_on": "2026-02-27",
                "owed": {"amount": "0.00", "currency": "CAD"},
                "fee": {"amount": "50.00", "currency": "CAD"},
                "delay_business_days": 5,
            }

    conversation = talk(BOUCHARD)
    internet = Internet(Known(), None, conversation._specs)
    conversation._form._operations.prepare["reconnection"] = internet.reconnection
    await conversation.say("rebranchez", "reconnect_service")
    assert conversation.names[0] == "utter_reconnection_paid"
    assert {"fr": "50,00\u00a0$", "en": "$50.00"}[language] in conversation.text
    assert {"fr": "5 jours ouvrables", "en": "5 business days"}[language] in conversation.text
