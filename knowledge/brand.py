"""A brand: its names, contacts, hours, policy figures and the requests it offers, from `<brand>/brand.yml`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import yaml


@dataclasses.dataclass(frozen=True)
class Brand:
    """What one company sets for itself; `hours` and `figures` are passed on as the file has them."""

    id: str
    name: str
    assistant: dict[str, str]
    department: dict[str, str]
    subjects: dict[str, str]
    colours: dict[str, str]
    contact: dict[str, Any]
    hours: dict[str, Any]
    accounts: dict[str, str]
    figures: dict[str, Any]
    requests: tuple[str, ...]


def read_brand(folder: Path) -> Brand:
    """Reads the brand of a folder. Raises TypeError where the file has a name too many or too few."""
    data = yaml.safe_load((folder / "brand.yml").read_text(encoding="utf-8"))
    return Brand(**{**data, "requests": tuple(data["requests"])})
