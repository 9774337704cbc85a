"""What an article must be before it is published."""

import dataclasses
from pathlib import Path

import pytest

from desk.article_rules import Proposed, Surroundings, check, set_as_french
from desk.console.article_form import surroundings
from knowledge import Shelf

FOLDER = Path(__file__).resolve().parents[3] / "knowledge_base"
SHELF = Shelf(FOLDER)
GOOD = {
    "fr": Proposed("Nombre de comptes", "Jusqu’à **50** comptes.", "", ("combien de comptes",), [], "Page 1"),
    "en": Proposed("How many accounts", "Up to **50** accounts.", "", ("how many accounts",), [], "Page 1"),
}
AROUND = Surroundings("figures: {accounts: 50}", ["WRS", "Pitney Bowes"], ["pay_bill", "list_users"])


def faults(source="faq", requests=(), around=AROUND, **changes):
    """(language, field, name) of what is wrong with a good article after some changes, `fr_body="…"`."""
    texts = dict(GOOD)
    for name, value in changes.items():
        language, _, field = name.partition("_")
        texts[language] = dataclasses.replace(texts[language], **{field: value})
    return [(one.language, one.field, one.name) for one in check(texts, source, requests, around)]


def test_a_good_article_has_no_faults():
    assert faults(requests=["pay_bill"]) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"en_body": ""}, ("en", "body", "body_missing")),
        ({"fr_title": " "}, ("fr", "title", "title_missing")),
        ({"fr_section": ""}, ("fr", "section", "section_missing")),
        ({"source": ""}, (None, "source", "source_missing")),
        ({"requests": ["pay_bill", "pay_bill"]}, (None, "requests", "requests_wrong")),
        ({"requests": ["buy_rented_modem"]}, (None, "requests", "requests_wrong")),
        ({"en_phrasings": ()}, ("en", "phrasings", "phrasings_missing")),
        ({"fr_title": "x" * 81}, ("fr", "title", "title_long")),
        ({"fr_body": "mot " * 121}, ("fr", "body", "body_long")),
        ({"fr_body": "mot " * 80}, ("fr", "sms", "sms_missing")),
        ({"en_sms": "x" * 281}, ("en", "sms", "sms_long")),
        ({"en_sms": "Up to 50."}, ("fr", "sms", "sms_one_language")),
        ({"fr_sms": "« 50 »", "en_sms": "50"}, ("fr", "sms", "sms_sign")),
        ({"fr_sms": "50\n50", "en_sms": "50"}, ("fr", "sms", "sms_sign")),
        ({"en_body": "# Accounts\n50"}, ("en", "body", "body_markdown")),
        ({"en_body": "50 <b>accounts</b>"}, ("en", "body", "body_markdown")),
        ({"en_body": "50 [accounts](https://a.ca)"}, ("en", "body", "body_markdown")),
        ({"en_body": "50 ![a](b)"}, ("en", "body", "body_markdown")),
        ({"en_body": "50 javascript:alert(1)"}, ("en", "body", "scheme")),
        ({"en_body": "50 ftp://a.ca/x"}, ("en", "body", "scheme")),
        ({"en_sms": "50 data:text/html,x", "fr_sms": "50"}, ("en", "sms", "scheme")),
        ({"en_body": "50, then 77."}, ("en", "body", "figure_unnamed")),
        ({"en_body": "50, then 77."}, ("fr", "body", "figure_only_there")),
        ({"en_facts": [("77", "", "page 2")]}, ("en", "facts", "facts_incomplete")),
        ({"fr_body": "Les 50 comptes de pitney bowes"}, ("fr", "body", "other_brand")),
        ({"fr_phrasings": ("comme chez WRS",)}, ("fr", "phrasings", "other_brand")),
        ({"fr_body": "50 comptes, par e-mail."}, ("fr", "body", "not_french")),
        ({"fr_body": "50, 888 576-489."}, ("fr", "body", "figure_unnamed")),
    ],
)
def test_a_fault_is_named_at_its_place(changes, fault):
    assert fault in faults(**changes)


def test_a_figure_may_be_named_in_the_header_or_set_for_the_brand():
    fact = [("77", "pages", "page 2")]
    assert faults(fr_body="50 et 77.", en_body="50 and 77.", fr_facts=fact, en_facts=fact) == []
    assert faults(fr_body="cinquante, soit 50", en_body="fifty, that is 50") == []


def test_https_and_mail_addresses_are_allowed_where_they_are_named():
    fact = [("https://a.example.ca/x", "the page", "page 2"), ("aide@a.ca", "mail", "page 2")]
    body = "50 : https://a.example.ca/x ou aide@a.ca"
    assert faults(fr_body=body, en_body=body.replace(" ou ", " or "), fr_facts=fact, en_facts=fact) == []


def test_a_phrasing_of_another_article_is_refused_with_that_articles_title():
    around = dataclasses.replace(AROUND, taken={("fr", "combien de comptes"): "Autre article"})
    (fault,) = check(
        GOOD | {"fr": dataclasses.replace(GOOD["fr"], phrasings=("Combien de comptes",))}, "faq", (), around
    )
    assert (fault.name, fault.values["title"]) == ("phrasing_taken", "Autre article")


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Le total : 5 $ ou 10 %", "Le total\u00a0: 5\u00a0$ ou 10\u00a0%"),
        ('Dites "oui" !', "Dites «\u00a0oui\u00a0»!"),
        ("Vraiment ? Oui ; non !", "Vraiment? Oui; non!"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("à 8:30, https://pie.primus.ca/a:b", "à 8:30, https://pie.primus.ca/a:b"),
        ("**paiement unique** : vous", "**paiement unique**\u00a0: vous"),
    ],
)
def test_french_is_set_and_what_is_set_stays(typed, set_):
    assert set_as_french(typed) == set_
    assert set_as_french(set_) == set_


@pytest.mark.parametrize("brand", sorted(SHELF.brands))
def test_the_articles_that_come_with_the_program_could_be_published_at_the_desk(brand):
    for article in SHELF.articles(brand):
        if article.language == "fr":
            texts = {
                one.language: Proposed(
                    one.title,
                    one.body,
                    one.sms or "",
                    one.phrasings,
                    [(fact["figure"], fact["what"], fact["place"]) for fact in one.facts],
                    one.section,
                )
                for one in (article, SHELF.article(article.id, "en"))
            }
            around = surroundings(SHELF, FOLDER, SHELF.brands[brand], article.id)
            assert check(texts, article.source, article.requests, around) == [], article.id
            assert set_as_french(texts["fr"].body) == texts["fr"].body
