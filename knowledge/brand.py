"""A brand: its names, contacts, hours, policy figures, text messages and the requests it offers, from `<brand>/brand.yml`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import yaml

from knowledge.sms import Sms, read_sms


class BrandError(ValueError):
    """The file is not a complete brand; the message names the file and what is wrong."""


@dataclasses.dataclass(frozen=True)
class Brand:
    """What one company sets for itself; `hours` and `figures` are passed on as the file has them.

    `sms` is optional in the file: what it leaves out stands in `sms.yml` beside the folders of the brands.
    """

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
    sms: Sms


def read_brand(folder: Path) -> Brand:
    """Reads the brand of a folder. Raises BrandError where the file is broken, or has a name too many or too few."""
    path = folder / "brand.yml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        sms = read_sms(data.get("sms") or {}, folder.parent / "sms.yml")
        brand = Brand(**{**data, "requests": tuple(data["requests"]), "sms": sms})
    except (AttributeError, KeyError, OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise BrandError(f"{path}: {error!r}") from error
    if brand.id != folder.name:
        raise BrandError(f"{path}: the id is {brand.id!r}, the folder {folder.name!r}")
    return brand
