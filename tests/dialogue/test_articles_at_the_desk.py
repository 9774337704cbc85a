"""What is published at the desk is what customers read, in the whole program, without training."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk_client import DeskClient
from tests.integration.desk.knowledge_steps import form_of
from tests.stack import Stack, running

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]

OWNER = "/desk/knowledge/wrs/company-owner"
QUESTION = {"fr": "à qui appartient votre compagnie?", "en": "who owns your company?"}
ANSWER = {"fr": "Une réponse **toute neuve** du bureau.", "en": "A **brand-new** answer of the desk."}
NEW = {
    "brand": "wrs",
    "slug": "mascot",
    "fr_title": "Notre mascotte, le castor",
    "en_title": "Our mascot, the beaver",
    "fr_body": "Notre mascotte est un castor qui porte une tuque.",
    "en_body": "Our mascot is a beaver who wears a toque.",
    "fr_phrasings": "c'est quoi votre mascotte\nl'animal sur vos camions, le castor",
    "en_phrasings": "what is your mascot\nthe animal on your trucks, the beaver",
    "fr_section": "Accueil",
    "en_section": "Home",
    "source": "wrs-internet-faq",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A program of its own: what is published here is learned, and dialogues beside it would wait for that."""
    with running(ROOT, tmp_path_factory.mktemp("articles")) as program:
        yield program


@pytest.fixture(scope="module")
def desk(stack: Stack) -> DeskClient:
    """The administrator."""
    return DeskClient(stack)


def within_a_minute(so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if so():
            return
        time.sleep(1)
    raise AssertionError("not within 60 s")


def test_an_edited_article_is_answered_with_its_new_text_within_a_minute(stack: Stack, desk: DeskClient) -> None:
    form = form_of(desk.get(OWNER))
    texts = {"fr_body": ANSWER["fr"], "en_body": ANSWER["en"], "fr_sms": "", "en_sms": ""}
    titles = {"fr_title": "Le propriétaire de la compagnie", "en_title": "The owner of the company"}
    page = desk.post(OWNER, do="publish", **{**form, **texts, **titles, "fr_facts": "", "en_facts": ""})
    assert "les clients lisent ce texte dans la minute" in page
    said = stack.talk("wrs", "en")
    for language in ("fr", "en"):
        # The assistant finds it, the actions say it.
        within_a_minute(
            lambda one=language: ANSWER[one] in stack.talk("wrs", one).say(QUESTION[one])["replies"][0]["text"]
        )  # type: ignore[misc]
    said.say(QUESTION["en"])
    # And the gateway names it, for who reads the conversation.
    within_a_minute(lambda: titles["fr_title"] in desk.get(f"/desk/conversations/{said.conversation}"))


def test_a_new_article_is_found_within_a_minute_without_training(stack: Stack, desk: DeskClient) -> None:
    day = form_of(desk.get("/desk/knowledge/new?brand=wrs"))["effective"]
    page = desk.post("/desk/knowledge/new", do="publish", base="", effective=day, **NEW)
    assert "les clients lisent ce texte dans la minute" in page
    for language, text in (
        ("fr", "quelle est la mascotte de votre compagnie?"),
        ("en", "which animal is your mascot?"),
    ):
        within_a_minute(
            lambda one=language, asked=text: stack.talk("wrs", one).say(asked)["understood"]["article"] == "wrs/mascot"  # type: ignore[misc]
        )
