"""How amounts, days and payment numbers are read from an answer, and from a sentence that nobody asked for."""

import datetime
from pathlib import Path

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.payment_fields import ALL, NONE, PAYMENT_READERS
from actions.turn import Turn
from knowledge import Shelf

NOW = datetime.datetime(2026, 3, 6, 2, 30, tzinfo=datetime.UTC)  # March 5 in Toronto


@pytest.fixture(scope="module")
def shelf():
    return Shelf(Path(__file__).resolve().parents[3] / "knowledge_base")


@pytest.fixture
def read(shelf):
    """What the reader of a field makes of a text; `asked` where it answers the question for that field."""

    def reading(field, text, *, asked=True, language="fr", request="report_payment", intent="out_of_scope"):
        message = {
            "event": "user",
            "text": text,
            "timestamp": NOW.timestamp(),
            "metadata": {"brand": "wrs"},
            "parse_data": {"intent": {"name": intent, "confidence": 0.95}},
        }
        slots = {"language": language, "requested_slot": field if asked else None, "request": request}
        tracker = Tracker("conversation-1", slots, {}, [message], False, None, {}, None)
        return PAYMENT_READERS[field](Turn.of(CollectingDispatcher(), tracker, shelf))

    return reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("60", "60.00"),
        ("c’est 60", "60.00"),
        ("1 204", "1204.00"),
        ("51,69", "51.69"),
        ("$51.69", "51.69"),
        ("50 piasses", "50.00"),
        ("0", None),
        ("0 $", None),
        ("-5", None),
        ("le 15", None),
        ("60 ou 80", None),
        ("dans 3 jours", None),
        ("tout", None),
    ],
)
def test_an_amount_is_above_zero_and_may_be_a_bare_number_where_it_was_asked_for(read, text, value):
    assert read("amount", text) == value


def test_a_bare_number_is_no_amount_where_nobody_asked_for_one(read):
    assert read("amount", "60", asked=False) is None


@pytest.mark.parametrize("text", ["tout", "le solde au complet", "all of it", "the full amount"])
def test_all_that_is_owed_can_be_promised_but_not_reported(read, text):
    assert read("amount", text, request="promise_to_pay") == ALL
    assert read("amount", text, request="report_payment") is None
    assert read("amount", text, request="promise_to_pay", asked=False) is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("hier", "fr", "2026-03-04"),
        ("aujourd’hui", "fr", "2026-03-05"),
        ("2", "fr", "2026-03-02"),
        ("the 2nd", "en", "2026-03-02"),
        ("payé hier, ma facture du 20 février", "fr", "2026-03-04"),
        ("demain", "fr", None),
        ("bientôt", "fr", None),
    ],
)
def test_a_payment_was_made_today_at_the_latest(read, text, language, day):
    assert read("paid_on", text, language=language) == day


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("vendredi", "fr", "2026-03-06"),
        ("aujourd’hui", "fr", "2026-03-05"),
        ("15", "en", "2026-03-15"),
        ("je paierai le 15 ma facture du 2 mars", "fr", "2026-03-15"),
        ("hier", "fr", None),
        ("quand je pourrai", "fr", None),
    ],
)
def test_a_promise_is_for_today_at_the_earliest(read, text, language, day):
    assert read("promised_on", text, language=language) == day


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("CA4K7Q2M", "CA4K7Q2M"),
        ("le numéro est CA-48 1902", "CA-48 1902"),
        ("chèque numéro 214", "214"),
        ("je n’en ai pas", NONE),
        ("I don’t have one", NONE),
        ("je sais pas", NONE),
        ("CAxKqBzTm", "CAxKqBzTm"),
        ("bonjour", None),
        ("c’est quoi, 1 référence?", None),
    ],
)
def test_a_reference_is_a_number_or_known_to_be_none(read, text, kept):
    assert read("reference", text) == kept


def test_a_reference_is_read_elsewhere_only_where_it_is_called_so(read):
    assert read("reference", "payé 60 $ le 2 mars 2026", asked=False) is None
    assert read("reference", "payé 60 $, référence CA4K7Q2M", asked=False) == "CA4K7Q2M"


@pytest.mark.parametrize(
    ("text", "language", "asked", "value"),
    [
        ("hier", "fr", True, "2026-03-04"),
        ("le 1er avril", "fr", True, "2026-04-01"),
        ("15", "fr", True, "2026-03-15"),
        ("lundi", "fr", True, "2026-03-02"),
        ("payé vendredi", "fr", True, "2026-02-27"),
        ("je vais payer vendredi", "fr", True, "2026-03-06"),
        ("on Friday, if I can", "en", True, "2026-03-06"),
        ("une boîte bleue", "fr", True, None),
        ("j'ai réglé lundi et jeudi c'est la Saint-Jean", "fr", False, "2026-03-02"),
        ("si je règle mardi, est-ce que je l'ai dimanche", "fr", False, "2026-03-10"),
        ("hier soir j'ai payé le modem", "fr", False, "2026-03-04"),
        ("I paid up on Friday, when do I start looking", "en", False, "2026-02-27"),
        ("if I pay tomorrow around what day would it be here", "en", False, "2026-03-06"),
        ("le technicien passe mercredi", "fr", False, None),
        ("quel est le délai après mon paiement", "fr", False, None),
        ("combien coûte-t-il si je paie deux fois", "fr", False, None),
    ],
)
def test_the_day_of_an_order_is_on_either_side_of_today(read, text, language, asked, value):
    assert read("ordered_on", text, language=language, asked=asked) == value
