"""Our own labelled messages (tests/evaluation): whole, of many kinds, and never among those that are learned from."""

import collections
import json
import re
import unicodedata
from pathlib import Path

import pytest

from bot.examples import article_examples, request_examples
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "evaluation"
SHELF = Shelf(ROOT / "knowledge_base")
STYLES = {"casual", "formal", "terse", "typo", "situation", "mixed", "long"}


def read(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


CASES, LANGUAGE_CASES = read("understanding.jsonl"), read("language.jsonl")


def plain(text):
    folded = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"\w+", "".join(letter for letter in folded if not unicodedata.combining(letter))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_names_outcomes_that_its_brand_has(case):
    assert set(case) == {"id", "brand", "language", "style", "text", "expect"}
    assert re.fullmatch(rf"{case['language']}-[aro]-\d{{3}}", case["id"])
    assert case["style"] in STYLES
    known = {article.id for article in SHELF.articles(case["brand"])} | {
        f"do/{r}" for r in SHELF.brands[case["brand"]].requests
    }
    assert case["expect"]
    assert set(case["expect"]) <= known
    kind = {
        "a": lambda o: not o.startswith("do/"),
        "r": lambda o: o.startswith("do/"),
        "o": lambda o: o == "do/out_of_scope",
    }
    assert kind[case["id"].split("-")[1]](case["expect"][0])


def test_there_are_enough_cases_of_every_kind():
    assert len(CASES) >= 300
    assert sum(case["expect"] == ["do/out_of_scope"] for case in CASES) >= 30
    by_language = collections.Counter(case["language"] for case in CASES)
    assert abs(by_language["fr"] - by_language["en"]) <= 0.1 * len(CASES)
    assert {case["style"] for case in CASES} == STYLES
    for brand in SHELF.brands:
        assert len({case["expect"][0] for case in CASES if case["brand"] == brand}) >= 60


def test_no_case_stands_twice():
    for cases in (CASES, LANGUAGE_CASES):
        assert len({case["id"] for case in cases}) == len(cases)
    assert len({(case["brand"], plain(case["text"])) for case in CASES}) == len(CASES)
    assert len({case["text"] for case in LANGUAGE_CASES}) == len(LANGUAGE_CASES)


def test_long_messages_are_held_out():
    """A greeting may be learned too; a whole sentence that is would measure memory, not understanding."""
    learned = {plain(example.text) for example in request_examples(ROOT / "data" / "nlu")}
    learned |= {plain(example.text) for brand in SHELF.brands for example in article_examples(SHELF, brand)}
    assert not [
        case["text"] for case in CASES if plain(case["text"]) in learned and len(plain(case["text"]).split()) > 2
    ]
    assert sum(plain(case["text"]) in learned for case in CASES) <= 0.05 * len(CASES)


CALIBRATION = [
    json.loads(line)
    for language in ("fr", "en")
    for line in (ROOT / "data" / "calibration" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CALIBRATION, ids=lambda case: case["id"])
def test_a_calibration_message_names_outcomes_that_its_brand_has(case):
    assert set(case) == {"id", "brand", "language", "style", "text", "expect"}
    assert case["style"] in STYLES
    known = {article.id for article in SHELF.articles(case["brand"])}
    known |= {f"do/{request}" for request in SHELF.brands[case["brand"]].requests}
    assert case["expect"]
    assert set(case["expect"]) <= known


def test_calibration_messages_are_neither_learned_nor_evaluated():
    """Weights and thresholds would otherwise be set on what is known by heart, or on what they are then judged by."""
    assert len(CALIBRATION) >= 700
    known = {plain(example.text) for example in request_examples(ROOT / "data" / "nlu")}
    known |= {plain(example.text) for brand in SHELF.brands for example in article_examples(SHELF, brand)}
    known |= {plain(case["text"]) for case in CASES}
    assert not [c["text"] for c in CALIBRATION if plain(c["text"]) in known and len(plain(c["text"]).split()) > 3]


def test_language_cases_are_short_and_half_of_each():
    assert len(LANGUAGE_CASES) >= 150
    assert all(1 <= len(case["text"].split()) <= 5 for case in LANGUAGE_CASES)
    assert collections.Counter(case["language"] for case in LANGUAGE_CASES) == {"fr": 75, "en": 75}
