"""The widget without a mouse, without a picture, enlarged, in high contrast and on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import Chat
from tests.browser.replies import by_name
from tests.browser.site import Site
from tests.browser.test_states import faults
from tests.integration.gateway.parts import Parts

pytestmark = [pytest.mark.browser]

Open = Callable[..., BrowserContext]
Look = Callable[[Page, str], None]


def test_a_conversation_to_its_end_by_keyboard_alone(context: Open, site: Site, parts: Parts, language: str) -> None:
    parts.answer = by_name
    french = language == "fr"
    chat = Chat(context(language), site, language=language)
    keys = chat.page.keyboard

    def reach(test: str, key: str = "Tab") -> None:
        """Goes on with one key until the focus is there."""
        for _ in range(25):
            keys.press(key)
            focused = "document.querySelector('support-chat').shadowRoot.activeElement?.dataset.test"
            if chat.page.evaluate(focused) == test:
                return
        raise AssertionError(f"{test} cannot be reached")

    reach("launcher")
    keys.press("Enter")
    expect(chat.field).to_be_focused()
    keys.type("un choix svp" if french else "a choice please")
    keys.press("Enter")
    expect(chat.part("reply-button")).to_have_count(3)
    reach("reply-button", "Shift+Tab")
    keys.press("Enter")
    expect(chat.replies).to_have_count(2)
    expect(chat.field).to_be_focused()
    keys.type("un article" if french else "an article")
    keys.press("Enter")
    expect(chat.replies).to_have_count(3)
    reach("no", "Shift+Tab")
    keys.press("Space")
    expect(chat.part("helped")).to_contain_text("noté" if french else "noted")
    reach("menu", "Shift+Tab")
    keys.press("Enter")
    expect(chat.part("download")).to_be_focused()
    keys.press("Escape")
    expect(chat.part("menu")).to_be_focused()
    keys.press("Enter")
    reach("rate")
    keys.press("Enter")
    keys.press("Space")
    for _ in range(3):
        keys.press("ArrowRight")
    expect(chat.part("score-4")).to_be_checked()
    reach("comment")
    keys.type("Bien")
    reach("submit")
    keys.press("Enter")
    expect(chat.part("sheet-done")).to_be_visible()
    keys.press("Escape")
    expect(chat.part("sheet")).to_be_hidden()
    expect(chat.panel).to_be_visible()
    keys.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    chat.well()


SPOKEN = {
    "fr": """
- dialog "Conversation avec PRIMUS":
  - heading "PRIMUS" [level=2]
  - paragraph: Assistant automatisé
  - button "English"
  - button "Plus de choix"
  - button "Fermer la conversation"
  - log "Messages":
    - paragraph: Bonjour! Je suis l’assistant virtuel de PRIMUS.
    - paragraph: /Je suis un programme informatique, pas une personne/
    - paragraph: /Je peux vous aider/
    - paragraph: /N’écrivez jamais ici de numéro de carte/
    - text: /Vous/
    - paragraph: un choix svp
    - time
    - text: /Assistant/
    - paragraph: Est-ce de ceci que vous parlez?
    - time
    - group "Réponses proposées":
      - button "Voir ma dernière facture"
      - button "Comprendre ma facture"
      - button "Parler à une personne"
  - button "Joindre un fichier"
  - textbox "Écrivez votre message"
  - button "Envoyer"
""",
    "en": """
- dialog "Conversation with PRIMUS":
  - heading "PRIMUS" [level=2]
  - paragraph: Automated assistant
  - button "Français"
  - button "More options"
  - button "Close the conversation"
  - log "Messages":
    - paragraph: Hello! I’m the PRIMUS virtual assistant.
    - paragraph: /I’m a computer program, not a person/
    - paragraph: /I can help with/
    - paragraph: /Never type a card number/
    - text: /You/
    - paragraph: a choice svp
    - time
    - text: /Assistant/
    - paragraph: Is it one of these?
    - time
    - group "Suggested replies":
      - button "See my latest bill"
      - button "Understand my bill"
      - button "Talk to a person"
  - button "Attach a file"
  - textbox "Write your message"
  - button "Send"
""",
}


def test_what_a_screen_reader_says_in_order(context: Open, site: Site, parts: Parts, language: str) -> None:
    parts.answer = by_name
    chat = Chat(context(language), site, language=language).open()
    chat.say("un choix svp" if language == "fr" else "a choice please")
    expect(chat.panel).to_match_aria_snapshot(SPOKEN[language].replace("a choice svp", "a choice please"))
    assert chat.replies.last.get_attribute("lang") == language


def test_each_message_is_announced_once(context: Open, site: Site, parts: Parts) -> None:
    chat = Chat(context(), site).open()
    # Nothing is read out for a moment after the conversation was taken up.
    expect(chat.page.locator("[role=log]")).to_have_attribute("aria-live", "polite")
    chat.page.evaluate(
        """() => { const log = document.querySelector("support-chat").shadowRoot.querySelector("[role=log]");
        window.said = [];
        new MutationObserver((changes) => changes.forEach((change) => {
          if (log.getAttribute("aria-live") === "off") return;
          for (const node of change.addedNodes) if (node.parentElement === log) said.push(node.textContent);
        })).observe(log, {childList: true}); }"""
    )
    chat.say("bonjour")
    site.network.up = False
    site.call(site.network.cut)
    expect(chat.part("offline")).to_be_visible()
    chat.write("hors ligne")
    site.network.mend()
    chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.replies).to_have_count(2)
    heard = chat.page.evaluate("said")
    assert len(heard) == 4
    for words, text in zip(("bonjour", "you said bonjour", "hors ligne", "you said hors ligne"), heard, strict=True):
        assert words in text


def test_twice_as_large_on_half_a_window(context: Open, site: Site, look: Look, language: str) -> None:
    """200 % zoom of a window of 1280 by 900: what is left of it is 640 by 450 points."""
    chat = Chat(
        context(language, viewport={"width": 640, "height": 450}, device_scale_factor=2), site, language=language
    )
    chat.open()
    chat.say("bonjour")
    expect(chat.field).to_be_in_viewport()
    expect(chat.replies.last).to_be_in_viewport()
    look(chat.page, f"{language}-zoom")
    assert faults(chat.page) == []
    chat.part("menu").click()
    for name in ("download", "restart"):
        expect(chat.part(name)).to_be_in_viewport()


def test_high_contrast_and_paper(context: Open, site: Site, look: Look) -> None:
    chat = Chat(context(forced_colors="active"), site).open()
    chat.say("bonjour")
    look(chat.page, "fr-forced-colours")
    assert faults(chat.page) == []
    chat.page.emulate_media(media="print", forced_colors="none")
    look(chat.page, "fr-print")
    expect(chat.replies.last).to_be_visible()
    expect(chat.field).to_be_hidden()
    expect(chat.part("close")).to_be_hidden()
