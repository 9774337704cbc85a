"""What each brand offers and its figures, as `data/brands.yml` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from billing.autopay import TakenRule
from billing.money import CAD, ZERO
from billing.promise import PromiseLimits
from billing.reminders import Ladder

_FILE = Path(__file__).parent / "data" / "brands.yml"


@dataclass(frozen=True, slots=True)
class Brand:
    """One entry. The figures of what a brand does not offer are None or stand at their defaults, and are not asked."""

    id: str
    name: Mapping[str, str]
    offers: frozenset[str] = frozenset()
    least_payment: CAD = ZERO
    above_balance: CAD = ZERO
    methods: frozenset[str] = frozenset()
    autopay: TakenRule | None = None
    reprint_months: int | None = None
    promise: PromiseLimits | None = None
    ladder: Ladder | None = None
    secondary_users: int = 0
    profile_accounts: int = 0
    call_days: int = 0


@dataclass(frozen=True, slots=True)
class Brands:
    """All brands by their id."""

    entries: Mapping[str, Brand] = field(default_factory=dict)

    def __getitem__(self, brand: str) -> Brand:
        """The brand; one that the file does not name offers nothing."""
        return self.entries.get(brand) or Brand(brand, {"fr": brand, "en": brand})

    def offering(self, what: str) -> tuple[str, ...]:
        """The ids of the brands that offer this."""
        return tuple(brand.id for brand in self.entries.values() if what in brand.offers)


def read_brands(path: Path = _FILE) -> Brands:
    """The file; raises KeyError, ValueError or TypeError where an entry lacks what it offers."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Brands({brand: _brand(brand, entry) for brand, entry in content.items()})


def _brand(brand: str, entry: dict[str, Any]) -> Brand:
    offers = frozenset(entry["offers"])
    profile = entry["profile"] if "eservice" in offers else {"secondary_users": 0, "accounts": 0}
    return Brand(
        id=brand,
        name=entry["name"],
        offers=offers,
        least_payment=CAD(entry["payments"]["least"]),
        above_balance=CAD(entry["payments"]["above_balance"]),
        methods=frozenset(entry["methods"]),
        autopay=TakenRule(**entry["autopay"]) if "autopay" in offers else None,
        reprint_months=entry["documents"]["reprint_months"],
        promise=_promise(entry["promise"]) if "payment_promise" in offers else None,
        ladder=Ladder(**entry["reminders"]) if "reminders" in offers else None,
        secondary_users=profile["secondary_users"],
        profile_accounts=profile["accounts"],
        call_days=entry["call_details"]["days"] if "call_details" in offers else 0,
    )


def _promise(entry: dict[str, Any]) -> PromiseLimits:
    return PromiseLimits(entry["most_days"], CAD(entry["least"]), entry["reminder_days"])
