"""Modems that customers bring: the list goes by network, the firmware must match exactly."""

import pytest

from billing.internet_data import read_internet_data
from billing.modems import Modem, Reason, accepted_on, check_modem, find_modem, plain

CODA = Modem("Hitron", "CODA-4582", {"rogers": ("2.0.10.36T6",), "cogeco": ("7.1.1.2.2b9", "7.1.1.2.3")})
CDA3 = Modem("Hitron", "CDA3-35", {"rogers": ("5.3.13.1",), "videotron": ()})
TPLINK = Modem("TP-Link", "TC7650", {"cogeco": ("1.0.11 Build 20180717",)})
MODEMS = (CODA, CDA3, TPLINK)
LOST = frozenset({"HT009944172"})


def check(**changes):
    asked = {"network": "cogeco", "make": "Hitron", "model": "CODA-4582", "firmware": "7.1.1.2.2b9", "serial": None}
    return check_modem(MODEMS, LOST, **{**asked, **changes})


@pytest.mark.parametrize(
    ("changes", "reason", "accepted"),
    [
        ({}, Reason.LISTED, True),
        ({"firmware": "7.1.1.2.3"}, Reason.LISTED, True),
        ({"firmware": " 7.1.1.2.2B9 "}, Reason.LISTED, True),
        ({"make": None}, Reason.LISTED, True),
        ({"serial": "SN-1"}, Reason.LISTED, True),
        ({"firmware": "7.1.1.2.2"}, Reason.FIRMWARE_DIFFERS, False),
        ({"firmware": "7.1.1.2.2b"}, Reason.FIRMWARE_DIFFERS, False),
        ({"firmware": "7 1 1 2 2b9"}, Reason.FIRMWARE_DIFFERS, False),
        ({"firmware": "2.0.10.36T6"}, Reason.FIRMWARE_DIFFERS, False),
        ({"firmware": None}, Reason.FIRMWARE_MISSING, None),
        ({"firmware": "  "}, Reason.FIRMWARE_MISSING, None),
        ({"network": "shaw"}, Reason.WRONG_NETWORK, False),
        ({"network": "shaw", "firmware": None}, Reason.WRONG_NETWORK, False),
        ({"model": "CDA3-35", "network": "videotron"}, Reason.LISTED_FIRMWARE_UNKNOWN, None),
        ({"model": "CODA-4582U"}, Reason.NOT_LISTED, False),
        ({"model": "4582"}, Reason.NOT_LISTED, False),
        ({"model": ""}, Reason.NOT_LISTED, False),
        ({"make": "Arris"}, Reason.NOT_LISTED, False),
        ({"serial": "ht0099 44172"}, Reason.LOST_OR_STOLEN, False),
        ({"serial": "HT0099-44172", "model": "unheard of"}, Reason.LOST_OR_STOLEN, False),
    ],
)
def test_what_may_be_used(changes, reason, accepted):
    verdict = check(**changes)
    assert (verdict.reason, verdict.accepted) == (reason, accepted)


@pytest.mark.parametrize(
    ("make", "model"),
    [
        ("Hitron", "CODA-4582"),
        ("HITRON", "coda 4582"),
        (None, "coda4582"),
        ("", "Coda_4582"),
        ("hitron", "Hitron CODA-4582"),
        (None, "hitron coda–4582"),
    ],
)
def test_a_model_is_found_however_it_is_written(make, model):
    assert find_modem(MODEMS, make, model) is CODA


@pytest.mark.parametrize(("make", "model"), [("TP Link", "tc-7650"), ("tplink", "TP-LINK TC7650")])
def test_a_make_is_found_however_it_is_written(make, model):
    assert find_modem(MODEMS, make, model) is TPLINK


def test_where_a_refused_modem_would_be_accepted_is_told():
    assert set(check(network="shaw").modem.firmware) == {"rogers", "cogeco"}


def test_the_list_of_a_network():
    assert accepted_on(MODEMS, "cogeco") == (CODA, TPLINK)
    assert accepted_on(MODEMS, "shaw") == ()


def test_the_shipped_list_names_no_model_twice_and_every_reason_occurs_in_it():
    data = read_internet_data()
    assert len({(plain(modem.make), plain(modem.model)) for modem in data.modems}) == len(data.modems) >= 7
    assert all(version == version.strip() for one in data.modems for all_ in one.firmware.values() for version in all_)
    assert any(not versions for modem in data.modems for versions in modem.firmware.values())
    assert data.lost
    assert all(serial == plain(serial) for serial in data.lost)
