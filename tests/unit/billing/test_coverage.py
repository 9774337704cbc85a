"""The coverage table: all its cells as the source has them, and what a Canadian customer is never promised."""

import pytest

from billing.coverage import COLUMNS, Coverage, cover
from billing.field_service import CONTRACTS
from billing.field_service_data import read_field_service_data

ITEMS = read_field_service_data().items
SIGNS = {"Y": Coverage.INCLUDED, "$": Coverage.EXTRA_CHARGE, "-": Coverage.NOT_OFFERED}
# The table of the source, column by column: standard, performance, software 1, software 2, premier.
TABLE = {
    "self_help": "YYYYY",
    "technical_support": "YYYYY",
    "onsite": "YY$YY",
    "priority_routing": "----Y",
    "phone_backup": "$$$$$",
    "next_business_day": "Y----",
    "guaranteed_response": "-Y---",
    "overnight_parts": "$$$$$",
    "parts_and_labour": "YY---",
    "preventive_maintenance": "YY---",
    "application_consultation": "$Y---",
    "mail_seminar": "$Y---",
    "account_manager": "Y----",
    "premier_access": "----Y",
    "relocation": "$$$$$",
    "training": "$$$$$",
}
BY_COLUMN = ("standard", "performance-8h", "software-1", "software-2", "software-premier")


def test_the_table_has_the_sixteen_lines_of_the_source_in_its_order():
    assert list(ITEMS) == list(TABLE)


@pytest.mark.parametrize("key", TABLE)
def test_each_cell_is_that_of_the_source_for_a_customer_in_the_united_states(key):
    said = [cover(ITEMS[key], contract, "US").coverage for contract in BY_COLUMN]
    assert said == [SIGNS[sign] for sign in TABLE[key]]


@pytest.mark.parametrize("key", TABLE)
@pytest.mark.parametrize("contract", ["software-2", "software-premier"])
def test_a_canadian_is_promised_nothing_of_what_is_sold_in_the_united_states_only(key, contract):
    there, here = (cover(ITEMS[key], contract, country).coverage for country in ("US", "CA"))
    assert here is (Coverage.NOT_OFFERED if there is Coverage.NOT_OFFERED else Coverage.UNITED_STATES_ONLY)


@pytest.mark.parametrize("key", TABLE)
@pytest.mark.parametrize("contract", ["standard", "performance-4h", "software-1", "none"])
def test_all_other_contracts_are_alike_in_both_countries(key, contract):
    assert cover(ITEMS[key], contract, "CA") == cover(ITEMS[key], contract, "US")


@pytest.mark.parametrize("key", TABLE)
def test_both_performance_contracts_have_one_column(key):
    assert cover(ITEMS[key], "performance-4h", "CA") == cover(ITEMS[key], "performance-8h", "CA")


def test_without_a_contract_there_is_help_on_the_web_and_a_technician_on_a_quote():
    said = {key: cover(item, "none", "CA").coverage for key, item in ITEMS.items()}
    assert {key for key, coverage in said.items() if coverage is Coverage.INCLUDED} == {"self_help"}
    assert {key for key, coverage in said.items() if coverage is Coverage.EXTRA_CHARGE} == {
        "onsite",
        "parts_and_labour",
    }


def test_the_doubtful_cells_are_marked():
    doubtful = {
        (key, contract)
        for key, item in ITEMS.items()
        for contract in BY_COLUMN
        if cover(item, contract, "US").to_confirm
    }
    assert doubtful == {
        ("onsite", "software-premier"),
        ("next_business_day", "standard"),
        ("guaranteed_response", "performance-8h"),
        ("account_manager", "standard"),
        ("account_manager", "performance-8h"),
    }


def test_what_is_surely_in_the_united_states_only_needs_no_confirming():
    assert cover(ITEMS["onsite"], "software-premier", "CA").to_confirm is False


def test_each_item_is_named_in_both_languages_and_names_known_columns_only():
    assert {column for item in ITEMS.values() for column in (*item.cells, *item.to_confirm)} == set(COLUMNS)
    assert all(item.name_fr != item.name_en for item in ITEMS.values())
    assert all(cover(item, contract, "CA") for item in ITEMS.values() for contract in CONTRACTS)
