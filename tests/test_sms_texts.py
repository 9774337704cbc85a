"""What customers read, as it looks by text message: no more than three parts, and few on average."""

import datetime
import re
import statistics
import unicodedata
from pathlib import Path

import pytest
import yaml

from formats import day, money
from gateway.letters import Letters
from gateway.message import Reply
from gateway.models import Outgoing
from gateway.sms_alphabet import GSM, measure
from gateway.sms_fold import fold
from gateway.sms_text import LINK, MOST_PARTS, compose
from tests.test_articles import ARTICLES, SHELF
from tests.unit.gateway import test_letters as letters_there

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = yaml.safe_load((ROOT / "actions" / "requests.yml").read_text(encoding="utf-8"))
OFFERED = 3  # as actions/conversation.py
MEAN_OF_ARTICLES = {"fr": 1.6, "en": 1.3}
MEAN_OF_REPLIES = 1.4
AT_MOST_TWO = 0.95
LONGEST_LINK = 50  # characters
BRAND = SHELF.brands["pitney-bowes"]  # the one with the longest names


def by_text(reply, language):
    """One reply as it goes out."""
    return compose([reply], BRAND.sms.around(language), accents=True)


def bare(text):
    """The letters without their accents, which give way or not by the length of the whole."""
    folded = unicodedata.normalize("NFD", fold(text, accents=False).replace("œ", "oe"))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def answer(article):
    """An article as it is said, with its offers."""
    offered = [name for name in article.requests if name in SHELF.brands[article.brand].requests][:OFFERED]
    titles = [REQUESTS[name]["title"][article.language] for name in offered]
    buttons = tuple({"title": title, "reply": title} for title in titles)
    return Reply(article.sms or article.body, article=article.id, buttons=buttons)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article.id}.{article.language}")
def test_an_answer_is_whole_cheap_and_offers_what_can_be_done(article):
    said = by_text(answer(article), article.language)
    cost = measure(said.text)
    assert cost.alphabet == GSM
    assert cost.parts <= 2
    assert bare(article.sms or article.body) in bare(said.text)
    assert bool(said.choices) == bool(answer(article).buttons)
    assert all(bare(choice["title"]) in bare(said.text) for choice in said.choices)


def test_links_in_articles_are_short_by_text():
    """A text message shows a link whole: none may take more than a third of a part."""
    found = {link for article in ARTICLES for link in re.findall(LINK, by_text(answer(article), article.language).text)}
    assert found
    assert max(map(len, found)) <= LONGEST_LINK


def test_answers_cost_no_more_than_was_promised(language):
    parts = [
        measure(by_text(answer(article), language).text).parts for article in ARTICLES if article.language == language
    ]
    assert len(parts) == 104
    assert statistics.mean(parts) <= MEAN_OF_ARTICLES[language]


AMOUNT = {"amount": "1284.50", "currency": "CAD"}
DATE = "2026-11-30"
BILL_LINES = {
    "fr": "- Lignes d’affaires (2) : 89,90 $\n- Internet : 109,95 $\n- Taxes : 29,92 $",
    "en": "- Business lines (2): $89.90\n- Internet: $109.95\n- Taxes: $29.92",
}


def typical(language):
    """Each place of the replies with a value as a customer meets it; longer ones rather than shorter ones."""
    french = language == "fr"
    brand, amount, date = BRAND, money(AMOUNT, language), day(DATE, language)
    by_kind = {
        amount: "amount balance past_due total difference previous cost owed least most bill_total",
        date: "date due paid expected bill_date previous_date promised_on paid_on preferred_on since until earliest latest end next"
        " opens taken ordered delivered",
        "comptabilite@groupe-laurier.example": "email ebill_email new_email old_email registration_email contact",
        "P-1002003001": "number bill reference memo other_account_number example serial",
        "4": "accounts allowed left months km zone free most_accounts place minutes calls ending",
        "Amélie Tremblay-Gagnon": "full_name name removed_person",
        "613 555-0111": "installer_phone",
        "https://aide.example.ca/b/3kT9vQx2LmPz": "url",
        "": "sent holidays by_hand since replaces replaced reminder consequence detail",
    }
    found = {name: value for value, names in by_kind.items() for name in names.split()}
    return found | {
        "address": "Reconditionnement du modem, WRS Web Solutions Inc., 30 Stonemount Cres, Angus ON L0M 1B4",
        "assistant": brand.assistant[language],
        "body": "",
        "brand": brand.name,
        "contract": "le contrat performance 4 heures" if french else "the 4-hour performance contract",
        "carrier": "Postes Canada (Xpresspost)" if french else "Canada Post (Xpresspost)",
        "tracking": " Numéro de repérage : 7023 2100 3941 4604."
        if french
        else " Tracking number: 7023 2100 3941 4604.",
        "kind": "installation",
        "known": amount,
        "missing": "le modem et l’installation (activation ou transfert)"
        if french
        else "the modem and the installation (activation or transfer)",
        "window": "entre 8 h et 12 h" if french else "between 8 a.m. and 12 p.m.",
        "closes": "17 h" if french else "5 p.m.",
        "delay": "un délai d’environ 5 jours ouvrables" if french else "a delay of about 5 business days",
        "department": brand.department[language],
        "description": "Forfait Internet Affaires 100" if french else "Business Internet 100 plan",
        "fee": "de nouveaux frais d’installation de 50,00 $" if french else "a new installation fee of $50.00",
        "firmware": "7.1.1.2.2b9",
        "hours": "8",
        "item": "l’entretien préventif" if french else "preventive maintenance",
        "lines": BILL_LINES[language],
        "method": "virement Interac" if french else "Interac e-Transfer",
        "model": "Hitron CODA-4582",
        "network": "Vidéotron",
        "networks": "Cogeco ou Vidéotron" if french else "Cogeco or Vidéotron",
        "days": "5",
        "shipping": "12,95 $, plus les taxes" if french else "$12.95, plus tax",
        "payee": "WRS WEB SOLUTIONS INC",
        "percent": "99,9" if french else "99.9",
        "phone": "Vous pouvez aussi appeler le 1 800 672-6937." if french else "You can also call 1 800 672-6937.",
        "plan": "Internet 100",
        "reach": "On vous répondra au 514 555-0101." if french else "You’ll be answered at 514 555-0101.",
        "role": "utilisateur secondaire" if french else "secondary user",
        "rule": "15 jours après la date de chaque facture" if french else "15 days after the date of each bill",
        "state": "en cours de traitement" if french else "in progress",
        "subjects": brand.subjects[language],
        "title": "Activer le paiement automatique" if french else "Set up automatic payment",
        "verdict": "compris" if french else "included",
        "zones": "1 et 2" if french else "1 and 2",
    }


def replies(language):
    """Each reply of the domain in a language, filled."""
    for path in sorted((ROOT / "domain").glob("*.yml")):
        for name, variants in (yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}).items():
            (text,) = [one["text"] for one in variants if one["condition"][0]["value"] == language]
            if name != "utter_article":  # measured above
                yield name, text.format(**typical(language))


def test_a_reply_fits_three_parts_most_fit_two_and_the_mean_is_low(language):
    parts = {name: measure(by_text(Reply(text), language).text).parts for name, text in replies(language)}
    assert len(parts) > 200
    assert max(parts.values()) <= MOST_PARTS
    assert sum(count <= 2 for count in parts.values()) >= AT_MOST_TWO * len(parts)
    assert statistics.mean(parts.values()) <= MEAN_OF_REPLIES


def test_the_gateways_own_sentences_fit_two_parts(language):
    said = yaml.safe_load((ROOT / "gateway" / "data" / "sentences.yml").read_text(encoding="utf-8"))["sentences"]
    for name, texts in said.items():
        values = {
            "brand": "WRS Web Solutions",
            "phone": "1 800 672-6937",
            "file": "facture-mars-2026.pdf",
            "number": "1000234",
        }
        text = texts[language].format(**values)
        assert measure(fold(text, accents=True)).parts <= 2, name


@pytest.mark.parametrize("letter", sorted(letters_there.VALUES))
def test_a_letter_by_text_fits_two_parts(letter, language):
    row = Outgoing(
        id=7, key="k", brand=BRAND.id, language=language, channel="sms", address="+15145550101", letter=letter,
        created_at=datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC),
    )  # fmt: skip
    text = fold(Letters(SHELF).write(row, letters_there.values(letter)).text, accents=True)
    assert measure(text).parts <= 2
