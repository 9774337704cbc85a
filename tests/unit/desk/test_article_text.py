"""An article's file and its parts, and what changed between two texts."""

import datetime
from pathlib import Path

import pytest

from desk.article_text import ArticleText, Fact, Unreadable, read_text, write_text
from desk.difference import ADDED, LEFT_OUT, REMOVED, SAME, difference
from knowledge import read_article

FOLDER = Path(__file__).resolve().parents[3] / "knowledge_base"
AWKWARD = ArticleText(
    title="Payer : « comment » # et 'quand'",
    body="Une ligne.\n\n- deux\n---\n- trois",
    sms='Payez "en ligne"',
    phrasings=("- c'est où: [payer]?", "null", "12", "a\\b", "{x}", "é\u00a0à"),
    facts=(Fact("1 250,00\u00a0$", "le total", "page 1, ligne «\u00a02\u00a0»"),),
    source="une source",
    section="null",
    effective=datetime.date(2026, 12, 1),
    requests=("pay_bill",),
    other=(("owner", {"name": "Amélie", "list": [1, 2]}),),
)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/fr/a*.md")), ids=lambda path: path.stem)
def test_the_articles_that_come_with_the_program_are_written_as_they_are_read(path, tmp_path):
    text = read_text(path.read_text(encoding="utf-8"))
    own = tmp_path / path.parts[-3] / "fr" / path.name
    own.parent.mkdir(parents=True)
    own.write_text(write_text(f"{path.parts[-3]}/{path.stem}", text), encoding="utf-8")
    assert read_article(own) == read_article(path)
    assert read_text(own.read_text(encoding="utf-8")) == text


def test_nothing_that_people_type_breaks_a_file(tmp_path):
    file = write_text("primus/awkward", AWKWARD)
    assert read_text(file) == AWKWARD
    path = tmp_path / "primus" / "fr" / "awkward.md"
    path.parent.mkdir(parents=True)
    path.write_text(file, encoding="utf-8")
    article = read_article(path)
    assert (article.title, article.phrasings, article.body) == (AWKWARD.title, AWKWARD.phrasings, AWKWARD.body)


def test_an_unfinished_draft_is_a_file_too():
    assert read_text(write_text("primus/x", ArticleText())) == ArticleText()


@pytest.mark.parametrize(
    "file",
    ["", "no header", "---\n- a\n---\nbody", "---\na: [\n---\n", "x\n---\na: b\n---\n", "---\nfacts: [1]\n---\n"],
)
def test_what_is_no_article_is_told_so(file):
    with pytest.raises(Unreadable):
        read_text(file)


def kinds(old, new):
    return [(one.kind, one.text) for one in difference(old, new)]


def test_a_word_that_changed_is_shown_in_its_sentence():
    assert kinds("Jusqu’à 4 personnes.", "Jusqu’à 5 personnes.") == [
        (SAME, "Jusqu’à "),
        (REMOVED, "4"),
        (ADDED, "5"),
        (SAME, " personnes."),
    ]


def test_the_same_text_has_no_difference():
    assert difference("a\nb", "a\nb") == []


def test_another_text_is_shown_whole():
    assert kinds("Un vieux texte ici.", "Tout est nouveau là-bas, vraiment!") == [
        (REMOVED, "Un vieux texte ici."),
        (ADDED, "Tout est nouveau là-bas, vraiment!"),
    ]


def test_long_stretches_that_did_not_change_are_left_out():
    old = "\n".join(f"ligne {number}" for number in range(40))
    found = difference(old, old.replace("ligne 20", "ligne vingt"))
    assert LEFT_OUT in {one.kind for one in found}
    assert len("".join(one.text for one in found).splitlines()) < 12


def test_nothing_is_lost_between_the_pieces():
    old, new = "a b c\nd e f\n", "a x c\nd f\ng\n"
    found = difference(old, new)
    assert "".join(one.text for one in found if one.kind != ADDED) == old
    assert "".join(one.text for one in found if one.kind != REMOVED) == new
