"""What customers may type: enough of it, of many kinds, no line twice, no frame over and over."""

import collections
import itertools
import re
import unicodedata
from pathlib import Path

import pytest

from bot.examples import article_examples, request_examples
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
SHELF = Shelf(ROOT / "knowledge_base")
REQUESTS = request_examples(ROOT / "data" / "nlu")
ARTICLE_LEAST, REQUEST_LEAST = 50, 50
SHORT_BY_NATURE = {"do/affirm", "do/deny", "do/greet", "do/goodbye", "do/thank"}
FRAME = 3  # words with which a phrasing begins


def groups():
    """(outcome, language) -> its phrasings, without the titles."""
    found = collections.defaultdict(list)
    for article in SHELF.articles():
        found[article.id, article.language] += article.phrasings
    for example in REQUESTS:
        found[example.outcome, example.language].append(example.text)
    return dict(found)


GROUPS = groups()
each = pytest.mark.parametrize("group", sorted(GROUPS), ids="{0[0]}.{0[1]}".format)


def words(text):
    folded = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"\w+", "".join(letter for letter in folded if not unicodedata.combining(letter)))


@each
def test_there_are_enough_phrasings(group):
    least = REQUEST_LEAST if group[0].startswith("do/") else ARTICLE_LEAST
    assert len(GROUPS[group]) >= least


def test_every_article_and_request_has_phrasings_in_both_languages():
    outcomes = {outcome for outcome, _ in GROUPS}
    assert len(outcomes) == 104 + 49
    assert set(GROUPS) == set(itertools.product(outcomes, ("fr", "en")))


@pytest.mark.parametrize("brand", sorted(SHELF.brands))
def test_no_phrasing_stands_for_two_outcomes_of_a_brand(brand):
    offered = {f"do/{request}" for request in SHELF.brands[brand].requests}
    examples = article_examples(SHELF, brand) + [example for example in REQUESTS if example.outcome in offered]
    outcomes = collections.defaultdict(set)
    for example in examples:
        outcomes[example.text.lower()].add(example.outcome)
    assert not {text: found for text, found in outcomes.items() if len(found) > 1}


@each
def test_no_phrasing_stands_twice(group):
    counted = collections.Counter(" ".join(words(text)) or text for text in GROUPS[group])
    assert not [text for text, count in counted.items() if count > 1]


@each
def test_no_two_phrasings_are_near_copies(group):
    long = [(text, set(words(text))) for text in GROUPS[group] if len(words(text)) >= 5]
    near = [(a, b) for (a, x), (b, y) in itertools.combinations(long, 2) if len(x & y) >= 0.8 * len(x | y)]
    assert not near


@each
def test_no_frame_is_repeated(group):
    texts = [words(text) for text in GROUPS[group]]
    frames = collections.Counter(tuple(text[:FRAME]) for text in texts if len(text) > FRAME)
    most = max(4, len(texts) // 50)
    assert not {frame: count for frame, count in frames.items() if count > most}


@each
def test_phrasings_are_of_many_kinds(group):
    texts = GROUPS[group]
    lengths = [len(words(text)) for text in texts]
    assert all(text == text.strip() and text for text in texts)
    assert any(length <= 4 for length in lengths), "as one types in a hurry"
    assert group[0] in SHORT_BY_NATURE or any(length >= 8 for length in lengths), "as one writes a sentence"


@each
def test_phrasings_hold_no_markup_of_entities_and_no_leftovers(group):
    for text in GROUPS[group]:
        assert not re.search(r"\[[^\]]*\][({]|[{}]|\bTODO\b|\bXXX\b", text), text
        assert len(text) <= 400, text
