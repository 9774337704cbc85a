"""Nothing is lost, doubled or out of order: the network is cut and hangs, the server restarts, pages are reloaded and doubled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat import Chat
from tests.browser.site import Site
from tests.integration.gateway.parts import Parts, said

pytestmark = [pytest.mark.browser]

WAITING = "En attente de la connexion"
A_MESSAGE = 20  # bytes: signs of life are shorter, messages longer, compressed too


def turns(parts: Parts, *texts: str) -> list[str]:
    """How often the assistant was asked which of these."""
    return [turn["text"] for turn in parts.turns if turn["text"] in texts]


@pytest.fixture
def chat(context: Callable[..., BrowserContext], site: Site) -> Chat:
    return Chat(context(), site).open()


@pytest.mark.parametrize("when", ["cut_before", "cut_after"])
def test_a_message_that_is_cut_on_its_way_arrives_once(chat: Chat, site: Site, parts: Parts, when: str) -> None:
    chat.say("bonjour")
    cut = []

    def once(data: bytes) -> bool:
        if len(data) > A_MESSAGE and not cut:
            cut.append(data)
        return len(cut) == 1 and cut.append(b"") is None

    setattr(site.network, when, once)
    chat.say(f"message {when}")
    assert cut, "the network was cut"
    expect(chat.state(f"message {when}")).to_have_text("Envoyé")
    assert turns(parts, f"message {when}") == [f"message {when}"]
    assert chat.texts() == ["bonjour", "you said bonjour", f"message {when}", f"you said message {when}"]
    chat.well()


def test_an_answer_that_was_missed_arrives_once_and_soon(chat: Chat, site: Site, parts: Parts) -> None:
    away = asyncio.Event()

    async def slow(turn: dict[str, Any]) -> Any:
        await away.wait()
        return said("première partie", "seconde partie")

    parts.answer = slow
    chat.write("une question longue")
    expect(chat.state("une question longue")).to_have_text("Envoyé")
    expect(chat.part("typing")).to_be_visible()
    site.network.up = False
    site.call(site.network.cut)
    expect(chat.part("offline")).to_be_visible()
    expect(chat.part("typing")).to_be_hidden()
    site.call(away.set)
    time.sleep(0.5)
    site.network.up = True
    chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.replies).to_have_count(2, timeout=2_000)
    expect(chat.part("offline")).to_be_hidden()
    assert chat.texts() == ["une question longue", "première partie", "seconde partie"]
    chat.well()


def test_what_is_written_without_a_connection_is_kept_and_sent_once_in_order(
    chat: Chat, site: Site, parts: Parts
) -> None:
    chat.say("avant")
    site.network.up = False
    site.call(site.network.cut)
    for text in ("un", "deux", "trois"):
        chat.write(text)
    expect(chat.part("offline")).to_be_visible()
    for text in ("un", "deux", "trois"):
        expect(chat.own.filter(has_text=text).locator("[data-test=state]")).to_have_text(WAITING)
    site.network.up = True
    expect(chat.replies).to_have_count(4)  # by itself, within its longest pause
    assert [t for t in chat.texts() if not t.startswith("you")] == ["avant", "un", "deux", "trois"]
    assert turns(parts, "un", "deux", "trois") == ["un", "deux", "trois"]
    chat.well()


def test_a_page_that_is_closed_without_a_connection_leaves_its_messages_to_the_next(
    context: Callable[..., BrowserContext], site: Site, parts: Parts
) -> None:
    browser = context()
    first = Chat(browser, site).open()
    first.say("avant de fermer")
    site.network.up = False
    site.call(site.network.cut)
    first.write("écrit hors ligne")
    expect(first.state("écrit hors ligne")).to_have_text(WAITING)
    first.page.close()
    site.network.up = True
    second = Chat(browser, site).open()
    expect(second.replies).to_have_count(2)
    assert second.texts() == [
        "avant de fermer",
        "you said avant de fermer",
        "écrit hors ligne",
        "you said écrit hors ligne",
    ]
    assert turns(parts, "écrit hors ligne") == ["écrit hors ligne"]
    third = Chat(browser, site).open()
    expect(third.messages).to_have_count(4)
    second.well()


def test_two_tabs_show_the_same_and_one_of_them_sends(
    context: Callable[..., BrowserContext], site: Site, parts: Parts
) -> None:
    browser = context()
    first, second = Chat(browser, site).open(), Chat(browser, site).open()
    first.say("du premier onglet")
    expect(second.replies).to_have_count(1)
    second.say("du second onglet")
    expect(first.replies).to_have_count(2)
    site.network.up = False
    site.call(site.network.cut)
    first.write("hors ligne du premier")
    second.write("hors ligne du second")
    for tab in (first, second):
        for text in ("hors ligne du premier", "hors ligne du second"):
            expect(tab.own.filter(has_text=text).locator("[data-test=state]")).to_have_text(WAITING)
    site.network.up = True
    for tab in (first, second):
        expect(tab.replies).to_have_count(4)
        expect(tab.own).to_have_count(4)
    assert sorted(turns(parts, "hors ligne du premier", "hors ligne du second")) == [
        "hors ligne du premier",
        "hors ligne du second",
    ]
    assert first.texts() == second.texts()
    first.well()
    second.well()


def test_each_of_an_agents_messages_comes_into_view(chat: Chat, site: Site) -> None:
    chat.page.set_viewport_size({"width": 320, "height": 480})
    chat.say("bonjour")
    insert = (
        "INSERT INTO message (conversation, sequence, author, text, payload, language, private, at) "
        "SELECT id, last_sequence, 'agent', ?, '{}', 'fr', 0, active_at FROM conversation WHERE id = ?"
    )
    for number in range(4):
        site.change("UPDATE conversation SET last_sequence = last_sequence + 1 WHERE id = ?", chat.conversation)
        site.change(insert, f"{number} : " + "Je regarde votre dossier. " * 5, chat.conversation)
        chat.page.evaluate("dispatchEvent(new Event('online'))")  # what was missed is asked for
        expect(chat.replies.last).to_contain_text(f"{number} :")
        expect(chat.replies.last).to_be_in_viewport(ratio=0.9)


def test_a_reload_shows_the_conversation_as_it_was(chat: Chat) -> None:
    chat.say("bonjour")
    before = chat.texts()
    chat.reload()
    expect(chat.messages).to_have_count(2)
    assert chat.texts() == before
    chat.say("encore")
    chat.well()


def test_the_conversation_goes_on_after_a_restart_of_the_server(chat: Chat, site: Site, parts: Parts) -> None:
    chat.say("avant le redémarrage")
    site.stop_gateway()
    chat.write("pendant le redémarrage")
    expect(chat.part("offline")).to_be_visible()
    site.start_gateway()
    expect(chat.replies).to_have_count(2, timeout=20_000)
    chat.say("après le redémarrage")
    assert [text for text in chat.texts() if not text.startswith("you")] == [
        "avant le redémarrage",
        "pendant le redémarrage",
        "après le redémarrage",
    ]
    assert turns(parts, "pendant le redémarrage") == ["pendant le redémarrage"]
    chat.well()


def test_a_network_that_hangs_is_noticed_and_left(chat: Chat, site: Site, parts: Parts) -> None:
    chat.say("avant")
    site.network.silent = True
    chat.write("dans le vide")
    time.sleep(1)
    site.network.silent = False  # the connection that lost its bytes hangs on; a new one would not
    site.network.cut_before = lambda data: False
    expect(chat.replies).to_have_count(2, timeout=20_000)
    assert turns(parts, "dans le vide") == ["dans le vide"]
    chat.well()


def test_a_browser_that_says_it_is_offline(context: Callable[..., BrowserContext], site: Site, parts: Parts) -> None:
    browser = context()
    chat = Chat(browser, site).open()
    chat.say("avant")
    browser.set_offline(True)
    expect(chat.part("offline")).to_be_visible()
    chat.write("hors ligne")
    expect(chat.state("hors ligne")).to_have_text(WAITING)
    browser.set_offline(False)
    expect(chat.replies).to_have_count(2, timeout=2_000)
    assert turns(parts, "hors ligne") == ["hors ligne"]
    chat.well()


def test_who_writes_too_fast_is_sent_as_fast_as_the_server_takes_it(chat: Chat, parts: Parts) -> None:
    texts = [f"vite {n:02d}" for n in range(62)]  # the server takes 60 at once, then one a second
    for text in texts:
        chat.write(text)
    expect(chat.replies).to_have_count(len(texts), timeout=30_000)
    assert [text for text in chat.texts() if text.startswith("vite")] == texts
    assert turns(parts, *texts) == texts
    chat.well()
