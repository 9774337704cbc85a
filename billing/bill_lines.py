"""The lines of a demonstration bill: its total, cut into services of the brand and taxes of the province.

The words and shares stand in `data/bill_lines.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from billing.bill import Line
from billing.money import CAD
from billing.tax import Tax, shares, split_total, taxes

_WORDS = Path(__file__).parent / "data" / "bill_lines.yml"


@dataclass(frozen=True, slots=True)
class BillLineWords:
    """The content of `data/bill_lines.yml`."""

    services: Mapping[str, list[dict[str, Any]]]
    taxes: Mapping[str, dict[str, str]]


def read_bill_line_words() -> BillLineWords:
    content = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return BillLineWords(services=content["services"], taxes=content["taxes"])


def bill_lines(
    words: BillLineWords,
    *,
    brand: str,
    country: str,
    postal_code: str,
    contract: str | None,
    rented_modem: bool,
    total: CAD,
) -> tuple[Line, ...]:
    """Service lines, then tax lines, that come to exactly the total. Raises LookupError where no service line fits."""
    services = [
        service
        for service in words.services.get(brand, [])
        if contract in service.get("contracts", [contract])
        and service.get("rented_modem", rented_modem) == rented_modem
    ]
    if not services:
        raise LookupError(f"no service line for brand {brand}, contract {contract}")
    charged = taxes(country, postal_code)
    price, tax_amounts = split_total(total, charged)
    service_amounts = shares(price, tuple(service["share"] for service in services))
    return (
        *(
            Line("service", service["fr"], service["en"], amount, service["key"])
            for service, amount in zip(services, service_amounts, strict=True)
        ),
        *(_tax_line(words, tax, amount) for tax, amount in zip(charged, tax_amounts, strict=True)),
    )


def _tax_line(words: BillLineWords, tax: Tax, amount: CAD) -> Line:
    entry = words.taxes[tax.code]
    return Line(
        kind="tax",
        description_fr=entry["fr"].format(rate=_percent(tax.percent).replace(".", ",")),
        description_en=entry["en"].format(rate=_percent(tax.percent)),
        amount=amount,
        key=tax.code,
    )


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f}"
