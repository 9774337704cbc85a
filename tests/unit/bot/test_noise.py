"""Noisy copies for training: the same at every training, never empty, still like the original."""

import difflib
from pathlib import Path

import pytest
import yaml

from bot.examples import article_examples, request_examples
from bot.noise import Noise
from knowledge import Shelf

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def phrasings():
    """All phrasings of one brand and all requests: what the noise is made of."""
    examples = [*request_examples(ROOT / "data" / "nlu"), *article_examples(Shelf(ROOT / "knowledge_base"), "primus")]
    assert len(examples) > 1000
    return [example.text for example in examples]


def copies(texts, seed=11):
    noise = Noise(seed)
    return [noise.copy(text) for text in texts]


def test_the_same_seed_makes_the_same_copies(phrasings):
    assert copies(phrasings) == copies(phrasings)


def test_another_seed_makes_others(phrasings):
    assert copies(phrasings, 11) != copies(phrasings, 12)


def test_no_copy_is_empty_and_none_holds_a_line_break(phrasings):
    for text, copy in zip(phrasings, copies(phrasings), strict=True):
        assert copy.strip(), text
        assert copy == " ".join(copy.split())


def test_a_copy_is_noisy_but_still_like_its_original(phrasings):
    pairs = list(zip(phrasings, copies(phrasings), strict=True))
    changed = sum(copy != text.lower() for text, copy in pairs)
    assert changed > len(pairs) / 2
    alike = [difflib.SequenceMatcher(None, text.lower(), copy).ratio() for text, copy in pairs[:400]]
    assert sum(alike) / len(alike) > 0.8


def test_short_words_and_single_letters_are_copied_without_an_error():
    noise = Noise()
    for text in ("a", "ok", "oui", "1", "no", "svp", "é", "’", "l’an", "x y z"):
        for _ in range(50):
            noise.copy(text)
    assert {noise.copy("1") for _ in range(50)} == {"1"}


def test_the_lists_hold_texts_only():
    """YAML reads a bare "no", "off" or "4" as something else: the copies would say "False"."""
    lists = yaml.safe_load((ROOT / "bot" / "noise.yml").read_text(encoding="utf-8"))
    for words in lists.values():
        for word, spellings in words.items():
            assert all(isinstance(text, str) for text in (word, *spellings)), word


def test_words_are_misspelt_as_they_sound(phrasings):
    heard = Noise(3)
    found = {heard.copy("vous pouvez changer quand la facture", number) for number in range(200)}
    assert any("changé" in copy for copy in found)
    assert any("pouvé" in copy for copy in found)
