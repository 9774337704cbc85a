"""What the Internet routes know without asking the database: areas, plans, modems and figures, read once at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from billing.availability import Plan
from billing.modems import Modem, plain
from billing.money import CAD

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class InternetFigures:
    """From `data/brands.yml`. What may be None is so where nobody set it; `reconnection_days` are business days."""

    delivery_days: int
    shipping: CAD
    modem_price: CAD | None
    connection_fee: CAD | None
    reconnection_fee: CAD | None
    reconnection_days: int | None


@dataclass(frozen=True, slots=True)
class InternetData:
    """`areas`: network by the first three signs of a postal code. `lost`: serial numbers as `modems.plain` writes them.

    `carriers`: the names of those that bring parcels, by language.
    """

    areas: Mapping[str, str]
    plans: tuple[Plan, ...]
    modems: tuple[Modem, ...]
    lost: frozenset[str]
    figures: InternetFigures
    carriers: Mapping[str, Mapping[str, str]]


def read_internet_data() -> InternetData:
    modems = _read("modems")
    return InternetData(
        areas={area: network for network, areas in _read("networks").items() for area in areas},
        plans=tuple(
            Plan(
                id=entry["id"],
                kind=entry["kind"],
                name_fr=entry["name"]["fr"],
                name_en=entry["name"]["en"],
                price=_set(entry["price"]),
            )
            for entry in _read("plans")
        ),
        modems=tuple(
            Modem(
                make=entry["make"],
                model=entry["model"],
                firmware={network: tuple(versions) for network, versions in entry["firmware"].items()},
            )
            for entry in modems["modems"]
        ),
        lost=frozenset(map(plain, modems["lost_or_stolen"])),
        figures=_figures(_read("brands")["wrs"]["figures"]),
        carriers=_read("carriers"),
    )


def _figures(figures: dict[str, Any]) -> InternetFigures:
    return InternetFigures(
        delivery_days=figures["modem_delivery_business_days"],
        shipping=CAD(figures["modem_shipping"]),
        modem_price=_set(figures["modem_price"]),
        connection_fee=_set(figures["connection_fee"]),
        reconnection_fee=_set(figures["reconnection_fee"]),
        reconnection_days=figures["reconnection_business_days"],
    )


def _set(amount: str | None) -> CAD | None:
    return None if amount is None else CAD(amount)


def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / f"{name}.yml").read_text(encoding="utf-8"))
