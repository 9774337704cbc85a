"""Machines in conversation: coverage, technicians, preventive visits."""

import pytest
import yaml

from actions.equipment_fields import NO_ITEM, coverage_words, plural_pattern
from billing.field_service_models import MaintenanceVisitRow
from tests.integration.actions.talk import ROOT

LAVOIE, PRAIRIE, LAKEHEAD, HUDSON = "3A01234567", "7R00987654", "5D00445566", "SW-2290017"
PARTS = {"fr": "est-ce que les pièces sont couvertes", "en": "are parts covered"}


@pytest.mark.parametrize(
    ("serial", "question", "name", "said"),
    [
        (
            LAVOIE,
            {"fr": "la main d'oeuvre est couverte?", "en": "is labour covered?"},
            "utter_coverage_included",
            "Pi|Part",
        ),
        (LAVOIE, {"fr": "les FORMATIONS", "en": "TRAINING"}, "utter_coverage_extra_charge", "ormation|raining"),
        (LAKEHEAD, PARTS, "utter_coverage_extra_charge", "aucun|absence de contrat|no contract"),
        (LAVOIE, {"fr": "la tête de file", "en": "front of the line"}, "utter_coverage_not_offered", "tête|front"),
        (
            LAVOIE,
            {"fr": "un gestionnaire de compte", "en": "an account manager"},
            "utter_cover_to_confirm",
            "personne|person",
        ),
        (
            LAVOIE,
            {
                "fr": "mon contrat d’entretien couvre-t-il le remplacement des pièces",
                "en": "does my maintenance agreement cover parts",
            },
            "utter_coverage_included",
            "pièces|parts",
        ),
        (HUDSON, {"fr": "l'acces premium", "en": "premium access"}, "utter_coverage_included", "accès|access"),
    ],
)
async def test_each_verdict_of_the_table_is_said(talk, language, serial, question, name, said):
    conversation = talk("pitney-bowes")
    await conversation.say(f"{question[language]} {serial}", "check_coverage")
    assert conversation.names == [name]
    assert any(word in conversation.text.lower() for word in said.lower().split("|"))
    assert not conversation.open


async def test_without_a_serial_number_the_contract_is_chosen(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say(PARTS[language], "check_coverage")
    assert conversation.names == ["utter_question_contract"]
    assert len(conversation.buttons) == 7
    await conversation.say(conversation.buttons[2])
    assert conversation.names == ["utter_coverage_included"]
    assert {"fr": "contrat standard", "en": "standard contract"}[language] in conversation.text


async def test_every_button_of_a_contract_names_that_contract(talk, language):
    for place in range(7):
        conversation = talk("pitney-bowes")
        await conversation.say("?", "onsite_estimate")
        await conversation.say(conversation.buttons[place])
        assert conversation.names == ["utter_question_place"], place
        chosen = conversation.slots["details"]["contract"]
        assert (
            chosen
            == ["performance-4h", "performance-8h", "standard", "software-1", "software-2", "software-premier", "none"][
                place
            ]
        )


async def test_performance_alone_is_not_enough(talk):
    conversation = talk("pitney-bowes")
    await conversation.say("?", "check_coverage")
    await conversation.say("performance")
    assert conversation.names == ["utter_wrong_contract"]


async def test_what_is_included_is_listed_and_what_is_not_clear_is_marked(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say(LAVOIE, "check_coverage")
    assert conversation.names == ["utter_cover_list"]
    assert {"fr": "Entretien préventif", "en": "Preventive maintenance"}[language] in conversation.text
    assert {"fr": "à confirmer par une personne", "en": "to be confirmed by a person"}[language] in conversation.text
    assert len(conversation.text.split()) <= 90


async def test_what_is_sold_in_the_united_states_only_is_not_promised(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say("?", "check_coverage")
    await conversation.say({"fr": "niveau 2", "en": "level 2"}[language])
    assert conversation.names == ["utter_cover_united_states"]
    conversation = talk("pitney-bowes")
    await conversation.say(
        PARTS[language].replace("pièces", "techniciens").replace("parts", "technicians"), "check_coverage"
    )
    await conversation.say({"fr": "niveau 2", "en": "level 2"}[language])
    assert conversation.names == ["utter_coverage_united_states_only"]


async def test_an_unknown_serial_number_is_asked_for_again_then_a_person_offered(talk):
    conversation = talk("pitney-bowes")
    await conversation.say("?", "check_coverage")
    await conversation.say("9Z99999999")
    assert conversation.names == ["utter_serial_unknown", "utter_question_contract"]
    await conversation.say(LAVOIE)
    assert conversation.names == ["utter_cover_list"]
    for last in range(3):
        await conversation.say("9Z99999999", "check_coverage" if not last else None)
    assert conversation.names == ["utter_serial_unknown", "utter_give_up_field"]


ESTIMATES = [
    (LAVOIE, "utter_onsite_target", {"fr": "**8 heures ouvrables**", "en": "**8 business hours**"}),
    (PRAIRIE, "utter_onsite_guaranteed", {"fr": "**4 heures ouvrables**", "en": "**4 business hours**"}),
    (LAKEHEAD, "utter_onsite_quote", {"fr": "devis", "en": "quote"}),
    (f"{PRAIRIE} P7B 5E1", "utter_onsite_not_in_zone", {"fr": "zones 1 et 2", "en": "zones 1 and 2"}),
    (f"{LAVOIE} P6A 1A1", "utter_onsite_beyond", {"fr": "240\u00a0km", "en": "240\u00a0km"}),
    (HUDSON, "utter_onsite_united_states", {"fr": "États-Unis", "en": "United States"}),
]


@pytest.mark.parametrize(("text", "name", "said"), ESTIMATES)
async def test_an_estimate_says_time_and_whether_it_is_promised(talk, language, text, name, said):
    conversation = talk("pitney-bowes")
    await conversation.say(text, "onsite_estimate")
    assert conversation.names == [name]
    assert said[language] in conversation.text
    assert conversation.buttons


async def test_an_estimate_tells_the_due_time_of_the_place(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say("?", "onsite_estimate")
    await conversation.say("performance 4")
    await conversation.say("R3C 4T3")
    # Thursday evening: four hours from Friday, 8 a.m., in Winnipeg.
    due = {"fr": "le vendredi 6 mars à 12\u00a0h", "en": "Friday, March 6 at 12\u00a0p.m."}
    assert due[language] in conversation.text
    assert {"fr": "zone 2", "en": "zone 2"}[language] in conversation.text.lower()


async def test_a_zip_code_for_a_visit_is_refused_in_words(talk):
    conversation = talk("pitney-bowes")
    await conversation.say("?", "onsite_estimate")
    await conversation.say("standard")
    await conversation.say("12534")
    assert conversation.names == ["utter_not_in_canada", "utter_question_place"]


async def visits_asked_for(billing):
    """Beside those that the demonstration customers come with."""
    return [row for row in await billing.rows(MaintenanceVisitRow) if len(row.reference) == len("T-7GK2MPQA")]


async def before_the_yes(talk, serial=LAVOIE, date="2026-04-14"):
    conversation = talk("pitney-bowes")
    await conversation.say(f"{serial} {date}", "schedule_maintenance")
    await conversation.say("514 555-0121")
    return conversation


async def test_a_preventive_visit_is_asked_for_once_after_a_yes(talk, billing, language):
    conversation = await before_the_yes(talk)
    assert conversation.names == ["utter_confirm_schedule_maintenance"]
    assert {"fr": "14 avril 2026", "en": "April 14, 2026"}[language] in conversation.text
    assert "514 555-0121" in conversation.text
    assert not await visits_asked_for(billing)
    first = await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_visit_asked_for"]
    assert await conversation.repeat() == first
    [visit] = await visits_asked_for(billing)
    assert visit.reference in first
    assert visit.contact == "+15145550121"


async def test_a_no_asks_for_no_visit(talk, billing, language):
    conversation = await before_the_yes(talk)
    await conversation.say({"fr": "non", "en": "no"}[language])
    assert conversation.names == ["utter_not_confirmed"]
    assert not billing.writes


@pytest.mark.parametrize(
    ("serial", "name"), [(PRAIRIE, "utter_maintenance_used_up"), (LAKEHEAD, "utter_maintenance_no_contract")]
)
async def test_who_has_no_visit_left_is_told_before_the_yes(talk, billing, serial, name):
    conversation = await before_the_yes(talk, serial)
    assert conversation.names == [name]
    assert conversation.buttons
    assert not billing.writes


async def test_a_visit_of_next_year_is_too_far_in_march_and_said_before_the_yes(talk):
    conversation = await before_the_yes(talk, PRAIRIE, "2027-01-12")
    assert conversation.names == ["utter_visit_day_too_far", "utter_question_preferred_on"]


async def test_the_last_visit_taken_meanwhile_is_refused_by_billing(talk, billing):
    first, second = await before_the_yes(talk), await before_the_yes(talk, date="2026-04-15")
    await first.say(first.buttons[0])
    second.slots["details"]["key"] = "another"
    await second.say(second.buttons[0])
    assert second.names == ["utter_maintenance_used_up"]


@pytest.mark.parametrize(
    ("date", "name"),
    [
        ("2026-04-18", "utter_visit_day_no_business_day"),
        ("2026-03-05", "utter_visit_day_not_in_future"),
        ("2026-12-01", "utter_visit_day_too_far"),
    ],
)
async def test_a_day_that_is_none_is_asked_for_again(talk, billing, date, name):
    conversation = await before_the_yes(talk, date=date)
    assert not billing.writes, "before anybody is asked for a yes"
    assert conversation.names == [name, "utter_question_preferred_on"]
    await conversation.say("2026-04-14")
    await conversation.say(conversation.buttons[0])
    assert len(await visits_asked_for(billing)) == 1


async def test_a_past_day_is_refused_with_an_example(talk):
    conversation = talk("pitney-bowes")
    await conversation.say(LAVOIE, "schedule_maintenance")
    await conversation.say("2025-04-14")
    assert conversation.names == ["utter_wrong_preferred_on"]


async def test_an_unknown_machine_has_no_visit(talk):
    conversation = await before_the_yes(talk, "9Z99999999")
    assert conversation.names == ["utter_serial_unknown", "utter_question_serial"]


async def test_a_lost_answer_is_said_to_be_unknown(talk, billing):
    conversation = await before_the_yes(talk)
    billing.loses_answers = True
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_visit_not_known"]
    billing.loses_answers = False
    await conversation.say(f"{LAVOIE} 2026-04-14", "schedule_maintenance")
    await conversation.say("514 555-0121")
    assert conversation.names == ["utter_visit_already"], "the last visit of the year is this very one"
    [visit] = await visits_asked_for(billing)
    assert visit.reference in conversation.text


def test_every_line_of_the_coverage_table_has_its_words():
    items = yaml.safe_load((ROOT / "billing" / "data" / "coverage.yml").read_text(encoding="utf-8"))
    assert {key for _, key in coverage_words()} - {NO_ITEM} == {item["key"] for item in items}


@pytest.mark.parametrize(
    ("phrase", "text"), [("pièce", "les pieces"), ("spare part", "spare parts"), ("délai garanti", "delais garantis")]
)
def test_plurals_and_accents_do_not_matter(phrase, text):
    assert plural_pattern(phrase).search(text)
    assert not plural_pattern(phrase).search("compartiments")
