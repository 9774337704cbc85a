"""Accounts, bills, machines, amounts, contacts: what is read, with its value, and what is not."""

import datetime
import itertools
from pathlib import Path

import pytest

import entities
from knowledge import read_brand

ROOT = Path(__file__).resolve().parents[3]
BRANDS = {name: read_brand(ROOT / "knowledge_base" / name) for name in ("primus", "wrs", "pitney-bowes")}
TODAY = datetime.date(2026, 3, 18)


def found(text, brand="primus", language="fr"):
    read = entities.find(text, language=language, today=TODAY, brand=BRANDS.get(brand))
    return [(entity.kind, entity.value) for entity in read]


def values(text, kind, brand="primus", language="fr"):
    return [value for of, value in found(text, brand, language) if of == kind]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45$", "45.00"),
        ("45,50 $", "45.50"),
        ("$1,200", "1200.00"),
        ("1 200,00 $", "1200.00"),
        ("1\u202f200,00\u00a0$", "1200.00"),
        ("$1,284.50", "1284.50"),
        ("1.284,50 $", "1284.50"),
        ("CA$62.09", "62.09"),
        ("62.09 CAD", "62.09"),
        ("45 piastres", "45.00"),
        ("45 bucks", "45.00"),
        ("cent dollars", "100.00"),
        ("two hundred dollars", "200.00"),
        ("deux cent cinquante dollars", "250.00"),
        ("quatre-vingt-dix-neuf dollars", "99.00"),
        ("soixante et onze piastres", "71.00"),
        ("a hundred bucks", "100.00"),
        ("one hundred and twenty-five dollars", "125.00"),
        ("forty-nine ninety-nine a month", "49.99"),
        ("12 dollars and 50 cents", "12.50"),
        ("50 ¢", "0.50"),
        ("2k$", "2000.00"),
        ("un montant de 45,50", "45.50"),
        ("j’ai payé 284,52 hier", "284.52"),
        ("I paid 150 yesterday", "150.00"),
        ("total: 62.09", "62.09"),
        ("le 15 mars 25 $", "25.00"),
        ("en mars 2026 200 $", "200.00"),
        ("FACTURE DE 184,52$", "184.52"),
    ],
)
def test_an_amount(text, amount, language):
    assert values(text, "amount", language=language) == [amount]


@pytest.mark.parametrize(
    "text",
    ["99,9 %", "H2X 1Y4", "compte 1002003001", "514 555-0101", "firmware 7.10", "3 factures", "il y a cent raisons", "2 pm",
     "je paie 3 lignes", "payé 2 factures", "30 Mbps", "12.5 Go", "le 15", "facture 90871", "2026", "a hundred people"],
)  # fmt: skip
def test_what_is_no_amount_is_not_read_as_one(text, language):
    assert values(text, "amount", language=language) == []


@pytest.mark.parametrize(
    ("brand", "text", "expected"),
    [
        ("primus", "mon compte 1002003001", [("account", "1002003001")]),
        ("primus", "100-200-3001 H2X1Y4", [("account", "1002003001"), ("postal", "H2X 1Y4")]),
        ("primus", "compte 5145550101", [("account", "5145550101")]),
        ("primus", "5145550101", [("phone", "+15145550101")]),
        ("primus", "compte 1002003001, tél. 514 555-0123", [("account", "1002003001"), ("phone", "+15145550123")]),
        ("primus", "my account’s 1002003001, call (416) 555-0102", [("account", "1002003001"), ("phone", "+14165550102")]),
        ("primus", "+33 1 23 45 67 89", [("phone", "+33123456789")]),
        ("primus", "1 800 672-6937", [("phone", "+18006726937")]),
        ("wrs", "client 5001-0001", [("account", "50010001")]),
        ("wrs", "50010001", [("account", "50010001")]),
        ("wrs", "le 2026-11-21", [("date", "2026-11-21")]),
        ("wrs", "192.168.0.1", []),
        ("pitney-bowes", "00 1234 5678", [("account", "0012345678")]),
        ("primus", "50010001", []),
        (None, "mon compte 50010001", [("account", "50010001")]),
        (None, "50010001", []),
        ("primus", "P-90871", [("bill", "P-90871")]),
        ("primus", "p90871", [("bill", "P-90871")]),
        ("primus", "facture P 90871", [("bill", "P-90871")]),
        ("primus", "facture 90871", [("bill", "P-90871")]),
        ("primus", "la facture no 90871 de 184,52 $", [("bill", "P-90871"), ("amount", "184.52")]),
        ("wrs", "invoice #40112", [("bill", "W-40112")]),
        (None, "facture 90871", [("bill", "90871")]),
        ("wrs", "W‑40112", [("bill", "W-40112")]),
        ("primus", "R-4821937", [("request", "R-4821937")]),
        ("primus", "r 482 1937", [("request", "R-4821937")]),
        ("primus", "ma demande 4821937", [("request", "R-4821937")]),
        ("primus", "4821937", []),
        ("pitney-bowes", "3A01234567", [("serial", "3A01234567")]),
        ("pitney-bowes", "sw-2290017", [("serial", "SW-2290017")]),
        ("pitney-bowes", "numéro de série : 7r00987654", [("serial", "7R00987654")]),
        ("wrs", "serial number is 251137808912", [("serial", "251137808912")]),
        ("wrs", "s/n HT0099-44172", [("serial", "HT0099-44172")]),
        ("primus", "K7L 3N6", [("postal", "K7L 3N6")]),
        ("pitney-bowes", "zip 12534-1234", [("postal", "12534")]),
        ("pitney-bowes", "Hudson, NY 12534", [("postal", "12534")]),
        ("primus", "Écrivez à Amelie.Roy@Laurier.EXAMPLE.", [("email", "Amelie.Roy@laurier.example")]),
        ("primus", "mars2026@example.org", [("email", "mars2026@example.org")]),
        ("wrs", "Hitron CODA-4582", [("model", "CODA-4582")]),
        ("wrs", "mon coda4582", [("model", "CODA-4582")]),
        ("wrs", "a Thomson DCM 476", [("model", "DCM476")]),
        ("wrs", "my Netgear CM1200", [("model", "CM1200")]),
        ("wrs", "modèle SBG-10", [("model", "SBG-10")]),
        ("pitney-bowes", "ma send pro c", [("model", "SendPro C")]),
        ("pitney-bowes", "DM-300", [("model", "DM300")]),
        ("pitney-bowes", "the relay7000 jams", [("model", "Relay 7000")]),
        ("wrs", "firmware 7.1.1.32", [("firmware", "7.1.1.32")]),
        ("wrs", "micrologiciel v7.1.1", [("firmware", "7.1.1")]),
        ("wrs", "stab.02.53", [("firmware", "STAB.02.53")]),
        ("wrs", "version 7.1.1.2.2b9", [("firmware", "7.1.1.2.2b9")]),
        ("pitney-bowes", "erreur 2E15", [("error_code", "2E15")]),
        ("pitney-bowes", "code E-47", [("error_code", "E-47")]),
        ("pitney-bowes", "l’écran affiche 0a12", [("error_code", "0A12")]),
        ("wrs", "error 691", [("error_code", "691")]),
        ("wrs", "T3 timeouts", [("error_code", "T3")]),
        ("primus", "le code est 123456", []),
        ("primus", "erreur de 45 $", [("amount", "45.00")]),
        ("primus", "une erreur le 15 mars", [("date", "2026-03-15")]),
        ("pitney-bowes", "la SendPro C (3A01234567) affiche l’erreur 2E15 depuis le 3 mars",
         [("model", "SendPro C"), ("serial", "3A01234567"), ("error_code", "2E15"), ("date", "2026-03-03")]),
    ],
)  # fmt: skip
def test_a_number_is_read_as_what_it_is(brand, text, expected, language):
    assert [pair for pair in found(text, brand, language) if pair[0] != "time"] == expected


def test_places_are_those_of_the_message():
    text = "Payé\u00a0: 1\u202f200,00\u00a0$ le 1ᵉʳ mars, ŒUVRE e\u0301te\u0301, facture P‑90871"
    read = entities.find(text, language="fr", today=TODAY, brand=BRANDS["primus"])
    assert [(entity.kind, entity.value, entity.text) for entity in read] == [
        ("amount", "1200.00", "1\u202f200,00\u00a0$"),
        ("date", "2026-03-01", "le 1ᵉʳ mars"),
        ("bill", "P-90871", "P‑90871"),
    ]
    assert all(text[entity.start : entity.end] == entity.text for entity in read)


@pytest.mark.parametrize(
    "text",
    ["", " ", "????", "\ufeff\u200b", "İİİ 15 mars", "😀 45$ 😀", "𝟒𝟓 $", "1" * 5000, "a1 " * 2000, "le 3 " * 400, "$" * 500,
     "deux cents " * 300, "\x00 P-90871", "@" * 300, "1.2." * 500, "²³ mars", "٣ mars", "- " * 1000],
)  # fmt: skip
def test_any_text_is_borne(text, language):
    read = entities.find(text, language=language, today=TODAY, brand=BRANDS["wrs"])
    assert all(one.end <= two.start for one, two in itertools.pairwise(read))
    assert all(text[entity.start : entity.end] == entity.text for entity in read)
    assert {entity.kind for entity in read} <= set(entities.KINDS)
