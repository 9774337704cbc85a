"""Where Internet service can be had, and what the shipped list of areas may say."""

import re
from pathlib import Path

import pytest
import yaml

from billing.account import province
from billing.availability import (
    CABLE_NETWORKS,
    NETWORKS,
    BadPostalCode,
    NotInCanada,
    Technology,
    availability,
    canadian_postal_code,
    is_named,
    plans_over,
    technology,
)
from billing.internet_data import read_internet_data

NETWORKS_FILE = Path(__file__).parents[3] / "billing" / "data" / "networks.yml"
DATA = read_internet_data()
AREAS = {"K7L": "cogeco", "M5V": "rogers", "G6V": "videotron"}
PHONE = (Technology("dsl", "phone-line"),)
ROGERS_OR_COGECO = (Technology("cable", "rogers"), Technology("cable", "cogeco"))
COGECO_OR_VIDEOTRON = (Technology("cable", "cogeco"), Technology("cable", "videotron"))
SHAW = (Technology("cable", "shaw"),)


@pytest.mark.parametrize(
    ("postal_code", "of_province", "technologies", "known"),
    [
        ("A1A1A1", "NL", PHONE, True),
        ("B3H1A1", "NS", PHONE, True),
        ("C1A1A1", "PE", PHONE, True),
        ("E1C1A1", "NB", PHONE, True),
        ("G1A1A1", "QC", COGECO_OR_VIDEOTRON, False),
        ("H9Z1A1", "QC", COGECO_OR_VIDEOTRON, False),
        ("J0A1A1", "QC", COGECO_OR_VIDEOTRON, False),
        ("K0A1A1", "ON", ROGERS_OR_COGECO, False),
        ("L0A1A1", "ON", ROGERS_OR_COGECO, False),
        ("M1A1A1", "ON", ROGERS_OR_COGECO, False),
        ("N0A1A1", "ON", ROGERS_OR_COGECO, False),
        ("P0A1A1", "ON", ROGERS_OR_COGECO, False),
        ("R3C4T3", "MB", SHAW, True),
        ("S4P1A1", "SK", SHAW, True),
        ("T2P1A1", "AB", SHAW, True),
        ("V6B1A1", "BC", SHAW, True),
        ("X1A1A1", "NT", (), False),
        ("Y1A1A1", "YT", (), False),
    ],
)
def test_the_first_letter_says_the_province_and_what_it_has(postal_code, of_province, technologies, known):
    found = availability(postal_code, AREAS)
    assert (found.province, found.technologies, found.known) == (of_province, technologies, known)
    assert found.dsl_possible == bool(technologies)


@pytest.mark.parametrize(
    ("postal_code", "network"), [("K7L3N6", "cogeco"), ("M5V2T6", "rogers"), ("G6V7M4", "videotron")]
)
def test_a_listed_area_has_one_network(postal_code, network):
    found = availability(postal_code, AREAS)
    assert (found.technologies, found.known) == ((Technology("cable", network),), True)


def test_an_area_listed_under_a_network_of_another_province_counts_as_not_listed():
    found = availability("M5V2T6", {"M5V": "videotron"})
    assert (found.technologies, found.known) == (ROGERS_OR_COGECO, False)


@pytest.mark.parametrize("text", ["K7L 3N6", "k7l3n6", " k7l-3n6 ", "Ｋ７Ｌ３Ｎ６"])
def test_a_postal_code_is_read_however_it_is_typed(text):
    assert canadian_postal_code(text) == "K7L3N6"


@pytest.mark.parametrize(
    "text", ["", "K7L", "K7L 3N", "K7L 3N66", "7KL 3N6", "D1A 1A1", "Z1A 1A1", "K1O 1A1", "K7L 3Q6", "1234", "K7L 3NÉ"]
)
def test_what_is_no_canadian_postal_code_is_refused(text):
    with pytest.raises(BadPostalCode):
        canadian_postal_code(text)


@pytest.mark.parametrize("text", ["12534", "12534-1234", "125341234", " 90210 "])
def test_a_zip_code_is_told_from_a_mistake(text):
    with pytest.raises(NotInCanada):
        canadian_postal_code(text)


def test_the_shipped_areas_are_each_listed_once_under_a_network_of_their_province():
    listed = yaml.safe_load(NETWORKS_FILE.read_text(encoding="utf-8"))
    areas = [area for group in listed.values() for area in group]
    assert len(areas) == len(set(areas)) == len(DATA.areas) > 50
    for area, network in DATA.areas.items():
        assert re.fullmatch("[A-Z][0-9][A-Z]", area)
        assert network in CABLE_NETWORKS[province("CA", area)]


def test_the_demonstration_customers_areas_are_listed():
    assert {DATA.areas[area] for area in ("K7L", "G6V", "P3E")} == {"cogeco", "videotron", "rogers"}


def test_plans_go_by_what_carries_them():
    def ids(*networks):
        return [plan.id for plan in plans_over([technology(network) for network in networks], DATA.plans)]

    assert ids("rogers") == ids("rogers", "cogeco") == ["cable-30", "cable-75"]
    assert ids("phone-line") == ["dsl-7"]
    assert ids() == []


@pytest.mark.parametrize("name", ["Câble 75", "cable 75", " Cable 75 ", "CÂBLE 75", "cable-75"])
def test_a_plan_is_known_by_its_name_in_both_languages(name):
    assert [plan.id for plan in DATA.plans if is_named(plan, name)] == ["cable-75"]


@pytest.mark.parametrize("name", ["", "75", "Cable 30"])
def test_another_name_is_another_plan(name):
    assert "cable-75" not in [plan.id for plan in DATA.plans if is_named(plan, name)]


def test_each_technology_of_a_plan_and_each_network_of_a_modem_is_known():
    assert {plan.kind for plan in DATA.plans} == {technology(network).kind for network in NETWORKS}
    assert {network for modem in DATA.modems for network in modem.firmware} == NETWORKS
