"""Rules on where Internet service can be had: by the province and area of a postal code, over whose lines.

A rule file: it imports the standard library and other rule files only. Source: the Internet provider's FAQ, "postal code
search": Rogers or Cogeco in Ontario, Cogeco or Vidéotron in Quebec, Shaw in the four western provinces, telephone lines
alone in the Atlantic provinces. Which of two networks serves an area comes from a list that is never complete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billing.account import normal_postal_code, province
from billing.money import CAD

PHONE_LINE = "phone-line"
CABLE_NETWORKS: Mapping[str, tuple[str, ...]] = {
    "ON": ("rogers", "cogeco"),
    "QC": ("cogeco", "videotron"),
    "AB": ("shaw",),
    "BC": ("shaw",),
    "MB": ("shaw",),
    "SK": ("shaw",),
}
NETWORKS = frozenset({PHONE_LINE, *(network for networks in CABLE_NETWORKS.values() for network in networks)})
_PHONE_LINES_ONLY = frozenset({"NB", "NL", "NS", "PE"})

# Canada Post writes no D, F, I, O, Q or U anywhere, and no W or Z in front.
_CANADIAN = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]")
_UNITED_STATES = re.compile(r"[0-9]{5}")


class BadPostalCode(Exception):
    """The text is no Canadian postal code."""


class NotInCanada(Exception):
    """The text is a ZIP code of the United States."""


@dataclass(frozen=True, slots=True)
class Technology:
    """A way to the Internet: `kind` "cable" or "dsl", `network` whose lines they are."""

    kind: str
    network: str


@dataclass(frozen=True, slots=True)
class Availability:
    """What may be had in an area; never a promise for an address.

    `known`: it is known whose lines serve the area; else `technologies` are all that the province has. `dsl_possible`:
    an address that no cable reaches may still have DSL over its telephone line.
    """

    province: str
    technologies: tuple[Technology, ...]
    known: bool
    dsl_possible: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan by its name. `kind` is a technology's; `price`: a month of it before tax, None where the company has not set it."""

    id: str
    kind: str
    name_fr: str
    name_en: str
    price: CAD | None = None


def canadian_postal_code(text: str) -> str:
    """The postal code as it is kept ("K7L3N6"), in whatever way it was typed. Raises BadPostalCode and NotInCanada."""
    code = normal_postal_code(text)
    if _UNITED_STATES.fullmatch(code):
        raise NotInCanada
    if not _CANADIAN.fullmatch(code):
        raise BadPostalCode
    return code


def availability(postal_code: str, areas: Mapping[str, str]) -> Availability:
    """What may be had at a normal Canadian postal code. `areas`: network by the code's first three signs, in part."""
    of_province = province("CA", postal_code) or ""
    if of_province in _PHONE_LINES_ONLY:
        return Availability(of_province, (technology(PHONE_LINE),), known=True, dsl_possible=True)
    networks = CABLE_NETWORKS.get(of_province, ())
    listed = areas.get(postal_code[:3])
    if listed in networks:
        networks = (listed,)
    return Availability(
        of_province, tuple(map(technology, networks)), known=len(networks) == 1, dsl_possible=bool(networks)
    )


def technology(network: str) -> Technology:
    return Technology("dsl" if network == PHONE_LINE else "cable", network)


def plans_over(technologies: Sequence[Technology], plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans that these technologies can carry, in the order of the list."""
    kinds = {one.kind for one in technologies}
    return tuple(plan for plan in plans if plan.kind in kinds)


def is_named(plan: Plan, name: str) -> bool:
    """Whether an account's plan, written in either language, is this one."""
    return name.strip().casefold() in {plan.name_fr.casefold(), plan.name_en.casefold(), plan.id}
