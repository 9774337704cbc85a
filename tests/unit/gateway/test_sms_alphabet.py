"""What a text costs: the tables of 3GPP TS 23.038, and parts that no reader sees the seams of, over 10,000 random texts."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sms_alphabet import BASIC, EXTENSION, GSM, UCS2, Measure, clusters, cut, measure
from tests.unit.gateway.sms_samples import EMOJI, texts

TEXTS = texts(10_000)
# As the table stands in the specification, by rows of sixteen; the escape left out.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
ESCAPED = "\f^{}\\[~]|€"
UNITS = dict.fromkeys(TABLE, 1) | dict.fromkeys(ESCAPED, 2)


def septets(text):
    """Units of seven bits, None where a letter has none: counted from the specification's table."""
    try:
        return sum(UNITS[letter] for letter in text)
    except KeyError:
        return None


def doublets(text):
    """Units of sixteen bits."""
    return len(text.encode("utf-16-be")) // 2


def cost(text, read):
    """Alphabet, units and parts, counted without the code under test; `read`: the clusters by Unicode's own rule."""
    alphabet, count = (UCS2, doublets) if septets(text) is None else (GSM, septets)
    single, several = (70, 67) if alphabet == UCS2 else (160, 153)
    units = count(text)
    if units <= single:
        return Measure(alphabet, units, int(bool(text)))
    parts, room = 1, several
    for cluster in read:
        need = count(cluster)
        if need > room:
            parts, room = parts + 1, several
        room -= need
    return Measure(alphabet, units, parts)


def seams(pieces):
    """Where the pieces of a text meet."""
    at, found = 0, set()
    for piece in pieces[:-1]:
        at += len(piece)
        found.add(at)
    return found


def test_the_alphabet_is_that_of_the_specification():
    assert set(TABLE) == BASIC
    assert set(ESCAPED) == EXTENSION
    assert len(TABLE) == 127


def test_the_samples_are_of_all_kinds():
    costs = [measure(text) for text in TEXTS[:1000]]
    assert {cost.alphabet for cost in costs} == {GSM, UCS2}
    assert {cost.parts for cost in costs} > {0, 1, 2, 3, 4, 8}
    assert all(emoji in "".join(TEXTS[:1000]) for emoji in EMOJI)


def test_ten_thousand_texts_cost_what_an_independent_count_says_and_are_cut_between_what_is_read_as_one():
    for text in TEXTS:
        parts = cut(text)
        read = regex.findall(r"\X", text) if len(parts) > 1 else []
        expected = cost(text, read)
        assert measure(text) == expected
        assert len(parts) == expected.parts
        assert "".join(parts) == text
        assert all(parts)
        assert len(parts) < 2 or seams(parts) <= seams(read)
        count, single, several = (septets, 160, 153) if expected.alphabet == GSM else (doublets, 70, 67)
        assert all(count(part) <= (several if len(parts) > 1 else single) for part in parts)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_cut_into_itself(text):
    parts = cut(text)
    assert "".join(parts) == text
    assert "".join(clusters(text)) == text
    assert measure(text).parts == len(parts)
    assert seams(clusters(text)) <= seams(list(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 8, 2),  # the escape and its letter go to the second part together
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ç" * 66 + "😀" + "ç" * 3, 2),
        ("é" * 160, 1),
    ],
)
def test_parts_at_their_borders(text, parts):
    assert measure(text).parts == parts


@pytest.mark.parametrize("emoji", EMOJI)
@pytest.mark.parametrize("before", range(55, 68))
def test_an_emoji_at_the_seam_stays_whole(emoji, before):
    text = "x" * before + emoji + "y" * 40
    assert any(emoji in part for part in cut(text)) or regex.findall(r"\X", emoji) != [emoji]


def test_a_heap_of_accents_longer_than_a_part_is_cut_between_two_of_them():
    heap = "e" + "\u0301" * 200
    assert "".join(cut(heap)) == heap
    assert all(len(part) <= 67 for part in cut(heap))
