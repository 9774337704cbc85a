"""What is read on a phone: no Markdown, numbered choices, pages that end where a reader would pause."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.message import Reply
from gateway.sms_alphabet import measure
from gateway.sms_choices import choice_of
from gateway.sms_fold import fold
from gateway.sms_text import MOST_PARTS, compose, pages, plain
from tests.unit.gateway.sms_samples import WHOLE, texts

WORDS = {
    "fr": {
        "choose": "Répondez par un numéro\u00a0:",
        "choose_one": "Répondez 1\u00a0: {title}",
        "more": "Pour la suite, répondez SUITE.",
    },
    "en": {"choose": "Reply with a number:", "choose_one": "Reply 1: {title}", "more": "For the rest, reply MORE."},
}


def buttons(*titles):
    return tuple({"title": title, "reply": f"say {title}"} for title in titles)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Votre solde est de **284,52 $**.", "Votre solde est de 284,52 $."),
        ("__très__ *bien* _ici_ ***là***", "très bien ici là"),
        ("**Gras et\nlong**", "Gras et\nlong"),
        ("[Nos heures](https://x.ca/h)", "Nos heures https://x.ca/h"),
        ("[https://x.ca/](https://x.ca)", "https://x.ca"),
        ("[x.ca](https://x.ca/)", "https://x.ca/"),
        ("[nous écrire](mailto:a_b@x.ca)", "nous écrire a_b@x.ca"),
        ("[1 888 576-4899](tel:1 888)", "[1 888 576-4899](tel:1 888)"),
        ("<https://x.ca/a_b_c> et <a@b.ca>", "https://x.ca/a_b_c et a@b.ca"),
        ("https://fr.wikipedia.org/wiki/Rasa_(logiciel)_x", "https://fr.wikipedia.org/wiki/Rasa_(logiciel)_x"),
        ("![plan](https://x.ca/p.png \"Le plan\")", "plan https://x.ca/p.png"),
        ("## Titre ##\n\n> cité\n\n---\n* un\n+ deux\n- trois\n1. quatre", "Titre\ncité\n- un\n- deux\n- trois\n1. quatre"),
        ("`make run` et \\*étoile\\*", "make run et *étoile*"),
        ("```\ncode\n```", "code"),
        ("2 * 3 * 4 et snake_case_name et a_b@c_d.ca", "2 * 3 * 4 et snake_case_name et a_b@c_d.ca"),
        ("  trop   de   blancs  \n\n\n\nici ", "trop de blancs\nici"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_is_read_as_plain_words(markdown, text):
    assert plain(markdown) == text


def test_choices_are_numbered_lines_with_what_to_do_above_them():
    said = compose([Reply("Comment avez-vous payé?", buttons=buttons("Chèque", "Carte"))], WORDS["fr"], accents=True)
    assert said.text == "Comment avez-vous payé?\nRépondez par un numéro :\n1. Chèque\n2. Carte"
    assert choice_of("2", said.choices) == "say Carte"


def test_one_choice_says_how_to_take_it():
    said = compose([Reply("Desired?", buttons=buttons("Pay my bill"))], WORDS["en"], accents=True)
    assert said.text == "Desired?\nReply 1: Pay my bill"
    assert choice_of("1", said.choices) == "say Pay my bill"


def test_the_words_around_choices_are_left_out_where_they_cost_a_part():
    question = "x" * 140
    said = compose([Reply(question, buttons=buttons("Yes", "No"))], WORDS["en"], accents=True)
    assert said.text == f"{question}\n1. Yes\n2. No"
    assert measure(said.text).parts == 1


def test_a_questions_choices_are_all_there_whatever_they_cost():
    titles = [f"Choice number {number} of a long list" for number in range(1, 10)]
    said = compose([Reply("x" * 150, buttons=buttons(*titles))], WORDS["en"], accents=True)
    assert [choice["title"] for choice in said.choices] == titles
    assert all(title in said.text for title in titles)


def test_offers_under_an_answer_end_where_they_cost_a_part_but_the_first():
    offers = buttons("Pay my bill", "Set up automatic payment", "Report a payment")
    answer = Reply("x" * 142, article="primus/pay-online", buttons=offers)
    said = compose([answer], WORDS["en"], accents=True)
    assert said.text == f"{'x' * 142}\n1. Pay my bill"
    assert said.choices == offers[:1]
    longer = compose([Reply("x" * 158, article="primus/pay-online", buttons=offers)], WORDS["en"], accents=True)
    assert longer.choices == offers  # the first costs a part, and the others fit into it
    assert measure(longer.text).parts == 2


def test_the_replies_of_a_turn_are_one_text_with_one_row_of_numbers():
    said = compose(
        [
            Reply("**Done.**"),
            Reply(
                "Here is the bill.",
                attachments=({"title": "Bill", "url": "https://x.ca/b", "type": "application/pdf"},),
            ),
            Reply("Anything else?", buttons=buttons("Yes", "No")),
        ],
        WORDS["en"],
        accents=True,
    )
    assert (
        said.text
        == "Done.\nHere is the bill.\nBill https://x.ca/b\nAnything else?\nReply with a number:\n1. Yes\n2. No"
    )


def test_a_reply_without_words_has_its_choices():
    assert compose([Reply("", buttons=buttons("Yes", "No"))], WORDS["en"], accents=True).text.endswith("1. Yes\n2. No")
    assert compose([], WORDS["en"], accents=True).text == ""


def all_pages(text, words, accents=True):
    """Every page of a text, as a customer who asks for the rest gets them."""
    found = []
    while True:
        page = pages(text, words, accents=accents)
        found.append(page.now)
        if not page.kept:
            return found
        assert len(page.kept) < len(fold(text, accents)), "each page goes on"
        text = page.kept


def test_a_text_of_three_parts_is_one_page_and_a_longer_one_invites_to_the_rest(language):
    words = WORDS[language]
    assert pages("a" * 459, words, accents=True).kept == ""
    sentence = "This is a sentence of some length, to be read in one go. "
    first, *others = all_pages(sentence * 12, words)
    assert first.endswith("\n" + words["more"])
    assert measure(first).parts == MOST_PARTS
    assert first.removesuffix("\n" + words["more"]).endswith("one go.")
    assert len(others) == 1
    assert words["more"] not in others[-1]


def test_pages_of_many_texts_are_small_whole_and_go_to_the_end():
    words = WORDS["fr"]
    for text in texts(2_000, seed=11):
        if measure(fold(text, accents=False)).parts <= MOST_PARTS:
            continue
        found = all_pages(text, words, accents=False)
        assert all(0 < measure(page).parts <= MOST_PARTS for page in found)
        said = "".join(page.removesuffix("\n" + words["more"]) for page in found)
        assert re.sub(r"\s", "", said) == re.sub(r"\s", "", fold(text, accents=False))


@pytest.mark.parametrize("accents", [True, False])
def test_no_page_ends_within_a_link_an_address_an_amount_or_a_code(accents):
    chance = random.Random(5)
    for _ in range(100):
        tokens = [chance.choice([*WHOLE, "mot", "facture", "the", "balance,"]) for _ in range(160)]
        tokens = [token for n, token in enumerate(tokens) if n == 0 or not (token in WHOLE and tokens[n - 1] in WHOLE)]
        found = all_pages(" ".join(tokens), WORDS["fr"], accents)
        assert len(found) > 1
        for token in WHOLE:
            assert sum(page.count(fold(token, accents)) for page in found) == tokens.count(token), token


def test_a_page_does_not_part_a_choice_from_its_number():
    lines = "\n".join(f"{number}. A choice of some words, the {number}th of them" for number in range(1, 31))
    for page in all_pages(lines, WORDS["en"]):
        kept = page.removesuffix("\n" + WORDS["en"]["more"])
        assert all(re.fullmatch(r"\d+\. A choice of some words, the \d+th of them", line) for line in kept.splitlines())


def test_a_word_longer_than_a_page_goes_on_over_pages():
    found = all_pages("x" * 2000, WORDS["en"])
    assert sum(page.count("x") for page in found) == 2000
    heap = "e" + "\u0301" * 700
    assert sum(page.count("\u0301") for page in all_pages(heap, WORDS["en"])) >= 699


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=900), st.lists(st.text(min_size=1, max_size=30), max_size=4), st.booleans())
def test_any_reply_becomes_pages(text, titles, accents):
    said = compose([Reply(text, buttons=buttons(*titles))], WORDS["en"], accents=accents)
    assert len(said.choices) == len(titles)
    assert all(measure(page).parts <= MOST_PARTS for page in all_pages(said.text, WORDS["en"], accents))
    choice_of(text, said.choices)
