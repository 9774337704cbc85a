"""Rules on what a contract covers, item by item. A rule file: it imports the standard library only.

Source: the table at the end of the equipment maker's support description. Level 2 of software maintenance and premier
support are sold in the United States only: a Canadian customer is never promised them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# The columns of the table; "none" is what the text says of customers without a contract.
COLUMNS = ("standard", "performance", "software-1", "software-2", "premier", "none")
_COLUMN_OF = {
    "standard": "standard",
    "performance-8h": "performance",
    "performance-4h": "performance",
    "software-1": "software-1",
    "software-2": "software-2",
    "software-premier": "premier",
    "none": "none",
}
_UNITED_STATES_ONLY = frozenset({"software-2", "premier"})


class Coverage(StrEnum):
    INCLUDED = "included"
    EXTRA_CHARGE = "extra_charge"
    NOT_OFFERED = "not_offered"
    UNITED_STATES_ONLY = "united_states_only"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the table. `to_confirm`: the columns whose cell the source contradicts or leaves open."""

    key: str
    name_fr: str
    name_en: str
    cells: Mapping[str, Coverage]
    to_confirm: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cover:
    """What a contract says of an item; `to_confirm`: a person should look before anybody relies on it."""

    item: Item
    coverage: Coverage
    to_confirm: bool


def cover(item: Item, contract: str, country: str) -> Cover:
    """What the contract says of the item for a customer of a country ("CA", "US")."""
    column = _COLUMN_OF[contract]
    said = item.cells[column]
    if column in _UNITED_STATES_ONLY and country != "US" and said is not Coverage.NOT_OFFERED:
        return Cover(item, Coverage.UNITED_STATES_ONLY, to_confirm=False)
    return Cover(item, said, column in item.to_confirm)
