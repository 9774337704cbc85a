"""From a ranking to a verdict."""

import pytest

from bot.verdict import CALIBRATED, SHOWN, judge

SURE, CLOSE, LOST = CALIBRATED.sure, CALIBRATED.close, CALIBRATED.lost
REFUSED = "do/out_of_scope"


def ranking(*confidences, first="primus/user-limit", second="do/list_users"):
    names = [first, second, "primus/more-users", "do/greet", "do/help", "do/cancel", "do/thank"]
    return list(zip(names, confidences, strict=False))


def test_a_clear_first_is_the_answer():
    verdict = judge(ranking(0.9, 0.05), "combien de personnes", False)
    assert (verdict.outcome, verdict.confidence, verdict.unsure) == ("primus/user-limit", 0.9, False)
    assert (verdict.intent, verdict.article) == ("ask_article", "primus/user-limit")


def test_a_request_is_an_intent_and_no_article():
    verdict = judge(ranking(0.9, 0.05, first="do/check_balance"), "mon solde", False)
    assert (verdict.intent, verdict.article) == ("check_balance", None)


def test_no_more_candidates_are_shown_than_a_person_reads():
    verdict = judge(ranking(0.5, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05), "texte", False)
    assert [name for name, _ in verdict.candidates] == [name for name, _ in ranking(*[0.1] * SHOWN)]


@pytest.mark.parametrize(
    ("first", "second", "unsure"),
    [
        (SURE - 0.01, (SURE - 0.01) * CLOSE + 0.001, True),
        (SURE - 0.01, (SURE - 0.01) * CLOSE - 0.001, False),  # the second is far behind
        (SURE, SURE - 0.01, False),  # sure enough to answer
        (0.2, 0.2, True),
        (LOST, LOST, True),
    ],
)
def test_two_close_outcomes_are_asked_about_once(first, second, unsure):
    assert judge(ranking(first, second), "texte", False).unsure is unsure
    assert judge(ranking(first, second), "texte", True).unsure is False, "never twice in a row"


@pytest.mark.parametrize("place", ["first", "second"])
def test_out_of_scope_is_no_choice_to_ask_about(place):
    assert judge(ranking(0.3, 0.29, **{place: REFUSED}), "texte", False).unsure is False


def test_where_nothing_is_likely_it_is_out_of_scope():
    verdict = judge(ranking(LOST - 0.001, 0.05, 0.05, 0.05, 0.05, 0.05), "texte", False)
    assert (verdict.outcome, verdict.intent, verdict.unsure) == (REFUSED, "out_of_scope", False)
    assert verdict.candidates[0] == (REFUSED, pytest.approx(1 - LOST + 0.001))
    assert verdict.candidates[1][0] == "primus/user-limit"
    assert len(verdict.candidates) == SHOWN


@pytest.mark.parametrize("text", ["", "12", "???", "👍", "284,52 $", "___"])
def test_a_text_without_a_letter_means_nothing_however_it_is_ranked(text):
    verdict = judge(ranking(0.99, 0.001), text, False)
    assert verdict.intent == "out_of_scope"
    assert 0 <= verdict.confidence <= 1
