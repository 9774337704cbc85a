"""A brand: its names, contacts, hours, policy figures, text messages and the requests it offers, from `<brand>/brand.yml`."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import yaml

from knowledge.sms import Sms, read_sms

# A drawing as SVG's <path d="…"> has it: pages draw it node by node, so that no policy forbids it as it would an image.
DRAWING = re.compile(r"[MmZzLlHhVvCcSsQqTtAa0-9eE .,-]{1,2000}")


class BrandError(ValueError):
    """The file is not a complete brand; the message names the file and what is wrong."""


@dataclasses.dataclass(frozen=True)
class Brand:
    """What one company sets for itself; `hours` and `figures` are passed on as the file has them.

    Optional in the file are `sms` (what it leaves out stands in `sms.yml` beside the folders of the brands), `logo`, lines in a field of 24
    by 24, and `greeting`, the first line of the chat.
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
    logo: str = ""
    greeting: dict[str, str] | None = None


def read_brand(folder: Path) -> Brand:
    """Reads the brand of a folder. Raises BrandError where the file is broken, or has a name too many or too few."""
    path = folder / "brand.yml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        sms = read_sms(data.get("sms") or {}, folder.parent / "sms.yml")
        brand = Brand(**{**data, "requests": tuple(data["requests"]), "sms": sms})
    except (AttributeError, KeyError, OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise BrandError(f"{path}: {error!r}") from error
    if brand.logo and not DRAWING.fullmatch(brand.logo):
        raise BrandError(f"{path}: logo must be the lines of one SVG path")
    if brand.greeting is not None and brand.greeting.keys() != {"fr", "en"}:
        raise BrandError(f"{path}: greeting needs fr and en")
    if brand.id != folder.name:
        raise BrandError(f"{path}: the id is {brand.id!r}, the folder {folder.name!r}")
    return brand
