"""Rules on modems that customers bring themselves: which are accepted, on which network, with which firmware.

A rule file: it imports the standard library only. Source: the Internet provider's FAQ, "own modem" and "second-hand
modem": the list depends on the network of the address, the firmware must match exactly ("close does not always count"),
and a modem that was reported missing or stolen is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    LISTED = "listed"
    FIRMWARE_DIFFERS = "firmware-differs"
    FIRMWARE_MISSING = "firmware-missing"
    LISTED_FIRMWARE_UNKNOWN = "listed-firmware-unknown"
    NOT_LISTED = "not-listed"
    WRONG_NETWORK = "wrong-network"
    LOST_OR_STOLEN = "reported-lost-or-stolen"


_ACCEPTED = {
    Reason.LISTED: True,
    # Not yet known: the customer reads it from the modem, or a person looks it up.
    Reason.FIRMWARE_MISSING: None,
    Reason.LISTED_FIRMWARE_UNKNOWN: None,
}


@dataclass(frozen=True, slots=True)
class Modem:
    """A model of the list. `firmware`: by network, the accepted versions; empty where the list does not say them."""

    make: str
    model: str
    firmware: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`modem` is None where the model is not on the list, and where it was not looked for."""

    reason: Reason
    modem: Modem | None = None

    @property
    def accepted(self) -> bool | None:
        """True, False, or None while something is missing to decide."""
        return _ACCEPTED.get(self.reason, False)


def check_modem(
    modems: Sequence[Modem],
    lost: Container[str],
    *,
    network: str,
    make: str | None,
    model: str,
    firmware: str | None,
    serial: str | None,
) -> Verdict:
    """Whether this modem may be used on the network. `lost`: serial numbers as `plain` writes them."""
    if serial is not None and plain(serial) in lost:
        return Verdict(Reason.LOST_OR_STOLEN)
    modem = find_modem(modems, make, model)
    if modem is None:
        return Verdict(Reason.NOT_LISTED)
    if network not in modem.firmware:
        return Verdict(Reason.WRONG_NETWORK, modem)
    accepted = modem.firmware[network]
    if not accepted:
        return Verdict(Reason.LISTED_FIRMWARE_UNKNOWN, modem)
    if firmware is None or not firmware.strip():
        return Verdict(Reason.FIRMWARE_MISSING, modem)
    same = firmware.strip().casefold() in {version.casefold() for version in accepted}
    return Verdict(Reason.LISTED if same else Reason.FIRMWARE_DIFFERS, modem)


def find_modem(modems: Sequence[Modem], make: str | None, model: str) -> Modem | None:
    """The listed modem of this name, however it is written: "coda 4582" and "Hitron CODA-4582" are one."""
    asked = plain(model)
    for modem in modems:
        own_make = plain(modem.make)
        if asked.removeprefix(own_make) == plain(modem.model) and (make is None or plain(make) in ("", own_make)):
            return modem
    return None


def accepted_on(modems: Sequence[Modem], network: str) -> tuple[Modem, ...]:
    """The list of one network."""
    return tuple(modem for modem in modems if network in modem.firmware)


def plain(text: str) -> str:
    """Letters and digits only, capitals: labels, letters and people put blanks and dashes where they like."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
