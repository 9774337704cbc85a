"""Whatever is read from outside, however it was made up: the readers answer, or refuse in their own words, and soon."""

import datetime
import os
import string
from pathlib import Path

import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.tokens import NotVerified, TokenRefused, read_token
from desk.attachments import BadFile, kind_of, plain_name
from desk.search import words_of
from entities.find import find
from gateway.channels.kannel import _decoded
from gateway.redact import CARD_MARK, is_kept_as, mask_cards, masked, passes_luhn
from gateway.site_token import account_of
from gateway.sms_choices import choice_of
from gateway.sms_keywords import keyword_in
from gateway.twilio_signature import is_signed
from knowledge import Shelf
from language import Detector
from tests.stack import SECRET

MANY = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "40")),
    deadline=2000,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
NOW = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
# What people write, what nobody does, and pieces that mean something to one reader or another.
PIECES = st.sampled_from(
    [
        "solde", "balance", "le 3 mars", "31/02/2026", "30 février", "demain", "$", "1 284,50 $", "1002003001", "H2X 1Y4", "STOP",
        "ARRÊT", "oui", "１２３４", "4539 5787 6362 1486", "\u202f", "\u200b", "é" * 50, "0" * 400, "-" * 200, "@", "a@b", "514 555-0101",
        "NIP",
        "12:99", "25h61", "99/99/9999", "mars mars mars", "٣", "²", "½", "\ud83d\ude00", "/", "\\",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=400), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def brand():
    return Shelf(Path("knowledge_base")).brands["primus"]


@pytest.fixture(scope="module")
def detector():
    return Detector()


@MANY
@given(text=TEXTS, known=st.sampled_from([None, "fr", "en"]))
def test_the_language_is_one_of_two_and_the_same_every_time(detector, text, known):
    found = detector.decide(text, known)
    assert found.language in ("fr", "en")
    assert detector.decide(text, known) == found


@MANY
@given(text=TEXTS, language=st.sampled_from(["fr", "en"]), prefer=st.sampled_from([None, "past", "future"]))
def test_entities_stand_in_the_text_and_never_overlap(brand, text, language, prefer):
    end = 0
    for entity in find(text, language=language, today=TODAY, brand=brand, prefer=prefer):
        assert end <= entity.start < entity.end <= len(text)
        end = entity.end


@MANY
@given(text=TEXTS)
@example("4539 5787 6362 1486" * 20)
@example("0 " * 2000)
def test_masking_is_done_once_and_keeps_no_card(text):
    once = masked(text)
    assert mask_cards(once) == once
    assert is_kept_as(text, once)
    runs = "".join(sign if sign in string.digits else " " for sign in once).split()
    assert not [run for run in runs if len(run) == 16 and run[0] in "456" and passes_luhn(run)]
    assert once == text or "•" in once or CARD_MARK in once


@MANY
@given(text=TEXTS)
def test_texts_of_phones_are_read_by_keyword_choice_and_search(brand, text):
    keyword_in(text, brand)
    assert choice_of(text, [{"title": "Oui", "reply": "oui"}, {"title": "Non", "reply": "non"}]) in (None, "oui", "non")
    assert all(word and word == word.lower() for word in words_of(text))


@MANY
@given(data=st.binary(max_size=300), charset=st.text(max_size=12), coding=st.text(max_size=3))
def test_any_bytes_in_any_alphabet_are_some_text(data, charset, coding):
    assert isinstance(_decoded(data, charset, coding), str)


@MANY
@given(data=st.one_of(st.binary(max_size=300), st.sampled_from([b"%PDF-", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"PK\x03\x04"])
       .flatmap(lambda head: st.binary(max_size=200).map(head.__add__))))  # fmt: skip
def test_a_file_is_of_a_kind_or_refused(data):
    try:
        kind, ending = kind_of(data)
    except BadFile:
        return
    assert kind
    assert ending


@MANY
@given(name=TEXTS)
@example("../../etc/passwd")
@example("a\x00b.pdf\r\nSet-Cookie: x")
def test_a_files_name_is_a_name(name):
    plain = plain_name(name, ".pdf")
    assert plain
    assert not set(plain) & set('/\\\x00\r\n"')


@MANY
@given(token=st.one_of(VALUES, st.dictionaries(st.sampled_from(["sub", "aud", "iss", "exp", "iat", "brand", "account"]), VALUES).map(
    lambda claims: _signed(claims))))  # fmt: skip
def test_a_signed_link_of_a_site_names_an_account_or_none(token):
    found = account_of(token, "primus", {"primus": SECRET}, NOW)
    assert found is None or isinstance(found, str)


@MANY
@given(claims=st.dictionaries(
    st.sampled_from(["scope", "aud", "iss", "exp", "brand", "account", "verified_at", "conversation", "role"]), VALUES))  # fmt: skip
def test_a_token_of_billing_is_read_or_refused(claims):
    for token in (_signed({"aud": "billing", "iss": "gateway", "exp": NOW.timestamp() + 60, **claims}), str(claims)):
        try:
            read_token(token, secret=SECRET, now=NOW)
        except (TokenRefused, NotVerified):
            continue


@MANY
@given(url=st.one_of(st.text(max_size=60), st.text(max_size=30).map("https://example.ca/sms?".__add__)),
       fields=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=30)), max_size=5), signature=st.text(max_size=40),
       header=st.none() | st.text(max_size=30))  # fmt: skip
def test_no_made_up_signature_is_one(url, fields, signature, header):
    assert not is_signed(url, fields, signature, header, [SECRET])


def _signed(claims):
    try:
        return jwt.encode(claims, SECRET, algorithm="HS256")
    except (TypeError, ValueError):
        return str(claims)
