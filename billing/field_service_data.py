"""What the field-service routes know without asking the database: the coverage table, distances, hours; read at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from billing.business_days import Hours
from billing.coverage import COLUMNS, Coverage, Item

_DATA = Path(__file__).parent / "data"
_CELLS = {"included": Coverage.INCLUDED, "extra": Coverage.EXTRA_CHARGE, None: Coverage.NOT_OFFERED}


@dataclass(frozen=True, slots=True)
class FieldServiceData:
    """`distances`: kilometres from the regional base, by the first three signs of a postal code."""

    items: Mapping[str, Item]
    distances: Mapping[str, Decimal]
    hours: Hours


def read_field_service_data() -> FieldServiceData:
    opens, closes = _read("brands")["pitney-bowes"]["figures"]["onsite_hours"]
    return FieldServiceData(
        items={entry["key"]: _item(entry) for entry in _read("coverage")},
        distances={area: Decimal(distance) for area, distance in _read("bases").items()},
        hours=Hours(time.fromisoformat(opens), time.fromisoformat(closes)),
    )


def _item(entry: dict[str, Any]) -> Item:
    return Item(
        key=entry["key"],
        name_fr=entry["name"]["fr"],
        name_en=entry["name"]["en"],
        cells={column: _CELLS[entry["cells"].get(column)] for column in COLUMNS},
        to_confirm=frozenset(entry.get("to_confirm", ())),
    )


def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / f"{name}.yml").read_text(encoding="utf-8"))
