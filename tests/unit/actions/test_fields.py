"""Values as people write them, in both languages: what is read, and what must not be taken for one."""

from pathlib import Path

import pytest

from actions import fields
from knowledge import read_brand

ROOT = Path(__file__).resolve().parents[3]
BRANDS = {name: read_brand(ROOT / "knowledge_base" / name) for name in ("primus", "wrs", "pitney-bowes")}

ACCOUNTS = [
    ("primus", "1002003001", "1002003001"),
    ("primus", "100 200 3001", "1002003001"),
    ("primus", "100-200-3001", "1002003001"),
    ("primus", "100.200.3001", "1002003001"),
    ("primus", "10 02 00 30 01", "1002003001"),
    ("primus", "100\u00a0200\u00a03001", "1002003001"),
    ("primus", "#1002003001", "1002003001"),
    ("primus", "mon compte est le 1002003001.", "1002003001"),
    ("primus", "Bonjour, c'est Amélie, compte no 1002003001, merci!", "1002003001"),
    ("primus", "my account number is 1002003001, thanks", "1002003001"),
    ("primus", "1002003001 H2X 1Y4", "1002003001"),
    ("primus", "1002003001 6", "1002003001"),
    ("wrs", "50010001", "50010001"),
    ("wrs", "5001 0001", "50010001"),
    ("wrs", "customer 5001-0001 please", "50010001"),
    ("wrs", "client 50010001, K7L 3N6", "50010001"),
    ("pitney-bowes", "0012345678", "0012345678"),
    ("pitney-bowes", "00 1234 5678", "0012345678"),
    ("pitney-bowes", "it's 00-1234-5678 I think", "0012345678"),
]


@pytest.mark.parametrize(("brand", "text", "number"), ACCOUNTS)
def test_an_account_number_is_read_as_its_brand_writes_it(brand, text, number):
    assert fields.account_number(text, BRANDS[brand]) == number


@pytest.mark.parametrize("brand", sorted(BRANDS))
def test_each_brand_reads_its_own_example(brand):
    example = BRANDS[brand].accounts["example"]
    assert fields.account_number(f"c'est le {example}", BRANDS[brand]) == example


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("primus", "100200300"),
        ("primus", "10020030011"),
        ("primus", "je ne l'ai pas"),
        ("primus", "le 12 mars 2026"),
        ("primus", "H2X 1Y4"),
        ("wrs", "1002003001"),
        ("wrs", "5001000"),
        ("wrs", "514 555-0101"),
        ("pitney-bowes", "1012345678"),
        ("pitney-bowes", "50010001"),
    ],
)
def test_what_is_no_account_number_of_the_brand_is_not_read_as_one(brand, text):
    assert fields.account_number(text, BRANDS[brand]) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H2X 1Y4", "H2X 1Y4"),
        ("h2x1y4", "H2X 1Y4"),
        ("H2X-1Y4", "H2X 1Y4"),
        ("H2X\u00a01Y4", "H2X 1Y4"),
        ("h2x  1y4", "H2X 1Y4"),
        ("mon code postal est le j8x 2k1, merci", "J8X 2K1"),
        ("It's K7L 3N6.", "K7L 3N6"),
        ("0012345678 H3B 2Y5", "H3B 2Y5"),
        ("12534", "12534"),
        ("zip 12534-1234.", "12534"),
    ],
)
def test_a_postal_code_is_read_in_its_usual_form(text, code):
    assert fields.postal_code(text) == code


@pytest.mark.parametrize(
    "text", ["H2X", "D2X 1Y4", "W1A 1A1", "H2X 1Y44", "AH2X1Y4", "1002003001", "123456", "Montréal", "50010001", ""]
)
def test_what_is_no_postal_code_is_not_read_as_one(text):
    assert fields.postal_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "amelie@laurier.example",
        "amelie@laurier.example.",
        "amelie@laurier.example, merci",
        "amelie@laurier.example!!",
        "amelie@laurier.example?",
        "amelie@laurier.example…",
        "(amelie@laurier.example)",
        "<amelie@laurier.example>",
        "[amelie@laurier.example]",
        '"amelie@laurier.example"',
        "'amelie@laurier.example'",
        "«amelie@laurier.example»",
        "« amelie@laurier.example »",
        "“amelie@laurier.example”",
        "*amelie@laurier.example*",
        "mailto:amelie@laurier.example",
        "mon adresse est amelie@laurier.example svp",
        "send it to amelie@laurier.example please",
        "pas luc@ mais amelie@laurier.example",
    ],
)
def test_an_email_is_read_without_what_stands_around_it(text):
    assert fields.email(text) == "amelie@laurier.example"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Amelie.Roy+factures@Laurier.EXAMPLE", "Amelie.Roy+factures@laurier.example"),
        ("o'brien@northgate.example", "o'brien@northgate.example"),
        ("émilie@québec.example", "émilie@québec.example"),
        ("first.last@mail.northgate.example", "first.last@mail.northgate.example"),
    ],
)
def test_an_email_keeps_what_belongs_to_it(text, address):
    assert fields.email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "amelie",
        "amelie@",
        "@laurier.example",
        "amelie@laurier",
        "amelie@@laurier.example",
        "amelie@laurier..example",
        "a @ b.ca",
        "",
    ],
)
def test_what_is_no_email_is_not_read_as_one(text):
    assert fields.email(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "514 555-0123",
        "514-555-0123",
        "514.555.0123",
        "5145550123",
        "(514) 555 0123",
        "+1 514 555 0123",
        "1-514-555-0123",
        "514\u00a0555-0123",
        "514–555–0123",
        "mon cell c'est le 514 555-0123 merci",
        "call me at (514) 555-0123 after 5",
        "514 555-0123 poste 12",
        "514 555-0123 ou 514 555-0199",
        "compte 1002003001, tél. 514 555-0123",
    ],
)
def test_a_phone_is_read_in_its_usual_forms(text):
    assert fields.phone(text) == "+15145550123"


@pytest.mark.parametrize(
    "text",
    [
        "555-0123", "514 555 012", "50010001", "0012345678", "1002003001", "mon compte est le 1002003001", "2026-11-21", "H2X 1Y4",
        "R-4821937", "62,09 $", "4111 1111 1111 1111", "appelez-moi", "",
    ],
)  # fmt: skip
def test_what_is_no_phone_is_not_read_as_one(text):
    assert fields.phone(text) is None


def test_a_contact_is_a_mail_address_or_a_phone():
    assert fields.contact("luc@laurier.example") == "luc@laurier.example"
    assert fields.contact("le 514 555-0123") == "+15145550123"
    assert fields.contact("514 555-0123 ou luc@laurier.example") == "luc@laurier.example"
    assert fields.contact("chez moi, le soir") is None


def test_a_contact_is_read_back_as_people_here_write_it():
    assert fields.contact_as_written("+15145550123") == "514 555-0123"
    assert fields.contact_as_written("luc@laurier.example") == "luc@laurier.example"


@pytest.mark.parametrize(
    "text",
    [
        "R-4821937",
        "r4821937",
        "R 4821937",
        "r 482 1937",
        "R-482-1937",
        "R‑4821937",
        "R–4821937",
        "4821937",
        "482 1937",
        "4 821 937",
        "#4821937.",
        "ma demande R-4821937 du 12 mars",
        "what about request 4821937?",
        "R-4821937 514 555-0123",
        "4821937 514 555-0123",
        "514 555-0123, R-4821937",
    ],
)
def test_a_request_number_is_read_however_it_is_typed(text):
    assert fields.request_number(text) == "R-4821937"


@pytest.mark.parametrize(
    "text",
    [
        "R-482193",
        "R-48219371",
        "514 555-0123",
        "(514) 555-0123",
        "(514)555-0123",
        "5145550123",
        "1002003001",
        "50010001",
        "2026-11-21",
    ],
)
def test_what_is_no_request_number_is_not_read_as_one(text):
    assert fields.request_number(text) is None


def test_a_description_says_enough_to_act_upon():
    assert fields.description("  ma ligne grésille ") == "ma ligne grésille"
    assert fields.description("no dial tone") == "no dial tone"


@pytest.mark.parametrize(
    "text", ["panne", "anticonstitutionnellement", "ça va", "12345 67890 12345", "??? !!!", "", "ok ok"]
)
def test_too_little_is_no_description(text):
    assert fields.description(text) is None


@pytest.mark.parametrize(
    "text",
    ["514 555-0123", "call me at (514) 555-0123", "amelie@laurier.example", "mon courriel: amelie@laurier.example"],
)
def test_a_message_may_be_a_contact_and_nothing_else(text):
    assert fields.only_a_contact(text)


@pytest.mark.parametrize(
    "text", ["ma ligne est en panne depuis hier, appelez au 514 555-0123", "ma ligne est en panne", "rappelez-moi", ""]
)
def test_a_message_that_says_more_or_no_contact_is_not_only_one(text):
    assert not fields.only_a_contact(text)


def test_a_phrase_is_heard_without_its_accents_and_only_as_words():
    assert fields.says("Je n’ai pas REÇU le code", ["pas recu"])
    assert fields.says("didn’t get it", ["didn't get"])
    assert not fields.says("mailing machine", ["mail"])
    assert not fields.says("rien", ["pas recu"])
