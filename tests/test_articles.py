"""The articles: all there in both languages, short enough, every figure named in the header and alike in both languages."""

import csv
import datetime
import re
from pathlib import Path

import pytest
import yaml

from desk.figures import figures
from knowledge import Shelf, read_article

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = ROOT / "knowledge_base"
SHELF = Shelf(KNOWLEDGE)
ARTICLES = sorted(SHELF.articles(), key=lambda article: (article.id, article.language))
IDS = sorted({article.id for article in ARTICLES})
NB = "\u00a0"
# How each company is called; none may stand in another's article.
NAMES = {"primus": r"primus", "wrs": r"\bwrs\b", "pitney-bowes": r"pitney|\bbowes\b"}

each = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article.id}.{article.language}")


def rows(name):
    with (KNOWLEDGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(article):
    return {"title": article.title, "body": article.body, "sms": article.sms or ""}


def test_the_catalogue_and_the_shelf_are_the_same_in_both_languages(language):
    files = sorted(f"{path.parts[-3]}/{path.stem}" for path in KNOWLEDGE.glob(f"*/{language}/*.md"))
    assert files == sorted(row["id"] for row in rows("catalog.csv"))
    assert len(files) == len(set(files)) == 104


def test_every_file_can_be_read():
    """The shelf would keep quiet about one that cannot: it serves the last good version."""
    for path in KNOWLEDGE.glob("*/*/*.md"):
        read_article(path)
    assert sorted(SHELF.brands) == sorted(path.parent.name for path in KNOWLEDGE.glob("*/brand.yml"))


def test_the_requests_of_the_list_of_the_brands_and_of_the_domain_are_the_same():
    listed = [row["id"] for row in rows("requests.csv")]
    assert len(listed) == len(set(listed))
    offered = {request for brand in SHELF.brands.values() for request in brand.requests}
    domain = [
        next(iter(intent)) if isinstance(intent, dict) else intent
        for path in (ROOT / "domain").glob("*.yml")
        for intent in yaml.safe_load(path.read_text(encoding="utf-8")).get("intents") or []
    ]
    assert set(listed) == offered
    assert set(listed) == set(domain) - {"ask_article", "clarify"}, (
        "those two are no requests: the answer and the question back"
    )
    assert set(listed) == set(yaml.safe_load((ROOT / "actions" / "requests.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("row", rows("requests.csv"), ids=lambda row: row["id"])
def test_a_request_is_offered_by_the_brands_that_the_list_names(row):
    named = set(SHELF.brands) if row["brands"] == "all" else set(row["brands"].split(";"))
    assert {brand.id for brand in SHELF.brands.values() if row["id"] in brand.requests} == named


@each
def test_an_article_is_short_enough_to_be_read(article):
    assert len(article.body.split()) <= 120
    assert 0 < len(article.title) <= 80
    assert article.sms is not None or len(article.body) <= 300
    assert len(article.sms or "") <= 280


@each
def test_an_article_is_light_markdown_and_its_text_message_plain(article):
    assert not re.search(r"^#|^\s*\||<[a-z/]|!\[|\]\(|`|^\s*>", article.body, re.M)
    assert not re.search(r"[*_#`«»…’“”—]|\]\(|\n", article.sms or ""), (
        "each of these costs an SMS its alphabet, or shows as it is"
    )


@each
def test_an_article_says_since_when_and_from_where(article):
    assert type(article.effective) is datetime.date
    assert article.source in {row["source"] for row in rows("catalog.csv") if row["id"] == article.id}
    assert article.section.strip()
    for fact in article.facts:
        assert set(fact) == {"figure", "what", "place"}
        assert all(text.strip() for text in fact.values())


@each
def test_the_requests_an_article_names_are_offered_by_its_brand(article):
    assert set(article.requests) <= set(SHELF.brands[article.brand].requests)
    assert len(article.requests) == len(set(article.requests))


@pytest.mark.parametrize("article_id", IDS)
def test_both_languages_of_an_article_lead_to_the_same_requests_and_source(article_id):
    french, english = SHELF.article(article_id, "fr"), SHELF.article(article_id, "en")
    assert french.requests == english.requests
    assert french.live == english.live
    assert (french.source, french.effective) == (english.source, english.effective)


@each
def test_no_other_brand_shows_in_an_article(article):
    others = "|".join(pattern for brand, pattern in NAMES.items() if brand != article.brand)
    for text in (*parts(article).values(), *article.phrasings):
        assert not re.search(others, text, re.I), text


@pytest.mark.parametrize("part", ["title", "body", "sms"])
@pytest.mark.parametrize("article_id", IDS)
def test_both_languages_of_an_article_have_the_same_figures(article_id, part):
    french, english = parts(SHELF.article(article_id, "fr"))[part], parts(SHELF.article(article_id, "en"))[part]
    # What « un », "one", « neuf » mean only the other language tells.
    assert figures(french, "fr") <= figures(english, "en", maybe=True)
    assert figures(english, "en") <= figures(french, "fr", maybe=True)


@each
def test_every_figure_of_an_article_is_named_in_its_header_or_set_for_its_brand(article):
    named = set().union(*(figures(fact["figure"], article.language, maybe=True) for fact in article.facts))
    brand = (KNOWLEDGE / article.brand / "brand.yml").read_text(encoding="utf-8")
    said = set().union(*(figures(text, article.language) for text in parts(article).values()))
    assert said <= named | figures(brand, article.language)


@each
def test_every_address_of_an_article_is_whole(article):
    for kind, text in figures(article.body, article.language) | figures(article.sms or "", article.language):
        if kind == "phone":
            assert len(text) == 10
        if kind == "address":
            assert re.fullmatch(r"[\w.+-]+@[\w.-]+\.\w+|[\w.-]+\.\w+(/\S*)?", text), text


SPACING = {
    "a no-break space before a colon": re.compile(rf"(?<![{NB}\d])(?<!https):(?!\d)"),
    "a no-break space within « »": re.compile(rf"«(?!{NB})|(?<!{NB})»"),
    "« » for quotations": re.compile(r"[\"“”]"),
    "no space before ? ! ;": re.compile(r"\s[?!;]"),
    "a no-break space before % and $": re.compile(r"(?<=\d) ?[%$]"),
}


@pytest.mark.parametrize("article", [a for a in ARTICLES if a.language == "fr"], ids=lambda article: article.id)
def test_a_french_article_is_set_as_french_is(article):
    broken = {rule: match.group() for rule, pattern in SPACING.items() if (match := pattern.search(article.body))}
    assert not broken
    assert not re.search(r"\b(chat|week-end|e-mails?|mails?|SMS)\b", f"{article.title} {article.body}", re.I), (
        "see the content guide"
    )


@pytest.mark.parametrize(
    ("french", "english", "same"),
    [
        ("12,95 $", "$12.95", True),
        ("1 250,00 $", "$1,250.00", True),
        (f"1{NB}250,00{NB}$", "$1250", True),
        ("de 8 h à 20 h", "8 a.m. to 8 p.m.", True),
        ("17 h", "5 p.m.", True),
        ("17 h", "5 a.m.", False),
        ("8 h 30", "8:30 a.m.", True),
        ("12 h", "12 p.m.", True),
        ("quatre personnes", "4 people", True),
        ("quatre personnes", "five people", False),
        ("1er mai 2010", "May 1, 2010", True),
        ("1er mai 2010", "May 2, 2010", False),
        ("le 2 juin", "July 2", False),
        ("99,9 %", "99.9%", True),
        ("99,9 %", "999%", False),
        ("1 888 576-4899", "1-888-576-4899", True),
        ("1 888 576-4899", "1 888 576-4898", False),
        ("L0M 1B4", "L0M  1B4", True),
        ("https://pie.primus.ca", "pie.primus.ca", True),
        ("https://pie.primus.ca", "https://pie.primus.com", False),
        ("1. Entrez\n2. Sortez", "Go in, go out", True),
    ],
)
def test_figures_are_compared_by_what_they_mean(french, english, same):
    assert (figures(french, "fr") == figures(english, "en")) is same
