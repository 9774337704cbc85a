"""The widget on a company's page: what the page can ask of it, a strict policy, hostile words, the keyboard, what a screen reader says."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import Chat
from tests.browser.replies import answered, by_name, reply
from tests.browser.site import SITE_SECRET, Site
from tests.browser.test_states import faults
from tests.integration.gateway.parts import Parts, said

pytestmark = [pytest.mark.browser]

Open = Callable[..., BrowserContext]
Look = Callable[[Page, str], None]


def ask(chat: Chat, *command: Any) -> None:
    """supportChat(…), as the page says it."""
    chat.page.evaluate("command => supportChat(...command)", list(command))


def signed(account: str = "1002003001", **changes: Any) -> str:
    now = int(time.time())
    claims = {"aud": "support-assistant", "brand": "primus", "account": account, "iat": now, "exp": now + 300}
    return jwt.encode({**claims, **changes}, SITE_SECRET, algorithm="HS256")


def test_what_is_asked_before_the_widget_is_there_waits_for_it(context: Open, site: Site, parts: Parts) -> None:
    browser = context("fr")
    browser.add_init_script(
        f"""window.supportChat = function () {{ (supportChat.q ||= []).push(arguments); }};
        window.heard = [];
        for (const name of ["ready", "open", "close", "unread", "message", "language", "identified"])
          supportChat("on", name, (detail) => heard.push([name, detail]));
        supportChat("setLanguage", "en");
        supportChat("identify", {json.dumps(signed())});
        supportChat("open");"""
    )
    chat = Chat(browser, site)
    expect(chat.panel).to_be_visible()
    expect(chat.part("disclosure")).to_have_text("Automated assistant")
    chat.say("hello")
    assert parts.turns[-1]["metadata"]["identity"] == "verified"
    heard = chat.page.evaluate("heard")
    assert ["ready", None] in heard
    assert ["open", None] in heard
    assert ["identified", {"identified": True}] in heard
    message = next(detail for name, detail in heard if name == "message")
    assert message == {"author": "assistant", "language": "en", "article": None}, "the page is told no words"
    chat.well()


def test_a_page_opens_identifies_starts_over_and_closes(context: Open, site: Site, parts: Parts) -> None:
    chat = Chat(context(), site)
    ask(chat, "open")
    expect(chat.panel).to_be_visible()
    chat.say("bonjour")
    assert parts.turns[-1]["metadata"]["identity"] == "none"
    chat.page.evaluate("window.identified = []; supportChat('on', 'identified', (d) => identified.push(d.identified))")

    def heard(count: int) -> None:
        for _ in range(100):
            if chat.page.evaluate("identified.length") == count:
                return
            chat.page.wait_for_timeout(50)
        raise AssertionError("the page was not told")

    ask(chat, "identify", "not a token")
    heard(1)
    ask(chat, "identify", signed())
    heard(2)
    assert chat.page.evaluate("identified") == [False, True]
    chat.say("mon solde")
    assert parts.turns[-1]["metadata"]["identity"] == "verified"
    first = chat.conversation
    # Somebody else signs in on the same browser: nothing of the first customer stays.
    ask(chat, "identify", signed("1002003002"))
    expect(chat.messages).to_have_count(0)
    chat.say("bonjour encore")
    assert chat.conversation != first
    ask(chat, "reset")
    expect(chat.messages).to_have_count(0)
    ask(chat, "say", "de la page")
    expect(chat.replies).to_have_count(1)
    assert parts.turns[-1]["metadata"]["identity"] == "none"
    ask(chat, "close")
    expect(chat.panel).to_be_hidden()
    assert (
        chat.page.evaluate("() => { try { supportChat('nothing'); } catch (error) { return error.name; } }")
        == "TypeError"
    )
    chat.well()


def test_a_page_sets_place_colours_and_its_own_button(context: Open, site: Site) -> None:
    attributes = 'data-position="left" data-colour="#0a6b2e" data-text-colour="#ffffff" data-launcher="hidden"'
    chat = Chat(context(), site, attributes=attributes)
    expect(chat.launcher).to_be_hidden()
    chat.page.evaluate(
        """document.querySelector("a").addEventListener("click", (e) => (e.preventDefault(), supportChat("open")))"""
    )
    link = chat.page.locator("a[href='#a']")
    link.click()
    expect(chat.field).to_be_focused()
    box = chat.panel.bounding_box()
    assert box
    assert box["x"] < 100
    assert chat.page.evaluate(
        "getComputedStyle(document.querySelector('support-chat').shadowRoot.querySelector('.head')).backgroundColor"
    ) == ("rgb(10, 107, 46)")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(link).to_be_focused()
    expect(chat.launcher).to_be_hidden()
    chat.well()


def test_a_widget_that_cannot_be_loaded_says_so_and_can_be_tried_again(context: Open, site: Site) -> None:
    chat = Chat(context(), site)
    site.network.up = False
    site.call(site.network.cut)
    chat.launcher.click()
    expect(chat.page.locator("[role=alert]")).to_contain_text("Vérifiez votre connexion")
    site.network.mend()
    chat.open()
    chat.say("bonjour")
    assert chat.violations() == []


def test_new_replies_are_counted_across_pages_and_tabs_until_they_are_seen(context: Open, site: Site) -> None:
    browser = context()
    chat = Chat(browser, site).open()
    chat.say("bonjour")
    chat.part("close").click()
    site.parts.answer = lambda turn: _later(said("un", "deux"))
    ask(chat, "open")
    chat.write("encore")
    expect(chat.own.last).to_have_attribute("data-state", "sent")
    chat.part("close").click()
    expect(chat.part("unread")).to_have_text("2")
    chat.page.reload()
    expect(chat.part("unread")).to_have_text("2")  # without being opened
    other = Chat(browser, site)
    expect(other.part("unread")).to_have_text("2")
    other.open()
    expect(chat.part("unread")).to_be_hidden()


async def _later(response: Any) -> Any:
    await asyncio.sleep(0.7)
    return response


def test_the_code_field_takes_a_pasted_code_and_offers_the_phones(context: Open, site: Site, parts: Parts) -> None:
    parts.answer = by_name
    chat = Chat(context(), site).open()
    chat.field.fill("envoyez le code")
    chat.field.press("Enter")
    expect(chat.field).to_have_attribute("inputmode", "numeric")
    assert chat.field.get_attribute("autocomplete") == "one-time-code"
    assert chat.field.evaluate("node => node.localName") == "input"
    expect(chat.field).to_be_focused()
    chat.page.keyboard.insert_text(" 123 456 ")
    chat.page.keyboard.press("Enter")
    expect(chat.own.last).to_contain_text("123 456")
    expect(chat.field).not_to_have_attribute("inputmode", "numeric")
    expect(chat.field).to_be_focused()


def test_files_are_dropped_and_pasted(context: Open, site: Site) -> None:
    chat = Chat(context(), site).open()
    chat.say("bonjour")
    give = """(what) => { const files = new DataTransfer(); files.items.add(new File(["x"], what + ".txt", {type: "text/plain"}));
        const root = document.querySelector("support-chat").shadowRoot;
        const how = {bubbles: true, cancelable: true, composed: true};
        if (what === "drop") root.querySelector("[data-test=log]").dispatchEvent(new DragEvent("drop", {...how, dataTransfer: files}));
        else root.querySelector("[data-test=field]").dispatchEvent(new ClipboardEvent("paste", {...how, clipboardData: files})); }"""
    for what in ("drop", "paste"):
        chat.page.evaluate(give, what)
        expect(chat.part("files")).to_contain_text(f"{what}.txt")
        chat.page.keyboard.press("Escape")
        expect(chat.part("sheet")).to_be_hidden()
    # Files wait for the request that is opened for them.
    chat.page.evaluate(give, "drop")
    expect(chat.part("sheet")).to_contain_text("Ouvrez-en une")
    request = {
        "kind": "open_request",
        "category": "support",
        "language": "fr",
        "contact": "+15145550123",
        "details": {},
    }
    site.inside(chat.conversation, "requests", {**request, "key": "1", "description": "Panne"})
    chat.part("submit").click()
    expect(chat.own.last).to_contain_text("Je veux ouvrir une demande de soutien")
    expect(chat.part("request")).to_be_visible()
    chat.part("submit").click()
    expect(chat.replies.last).to_contain_text("drop.txt")
    expect(chat.part("sheet")).to_be_hidden()
    chat.well()


def test_the_conversation_is_downloaded_as_text(context: Open, site: Site) -> None:
    chat = Chat(context("en"), site, language="en").open()
    chat.say("hello there")
    with chat.page.expect_download() as download:
        chat.part("menu").click()
        chat.part("download").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "conversation.txt"
    assert "You · " in text
    assert "hello there" in text
    assert "you said hello there" in text
    chat.well()


RUNS = [
    "<img src=x onerror=pwn()>", "<script>pwn()</script>", "<svg onload=pwn()>", "<iframe srcdoc='<script>parent.pwn()</script>'>",
    "<a href=javascript:pwn()>x</a>", "javascript:pwn()", "JaVaScRiPt:pwn()", "java\tscript:pwn()", " javascript:pwn()",
    "data:text/html,<script>pwn()</script>", "vbscript:pwn()", "[x](javascript:pwn())", "![x](javascript:pwn())",
    "**<b onclick=pwn()>x</b>**",
    "https://x.example/\"onmouseover=pwn()", "https://x.example/'><script>pwn()</script>", "mailto:x@x.example?body=<script>pwn()</script>",
    "{{constructor.constructor('pwn()')()}}", "${pwn()}", "</textarea><script>pwn()</script>", "</style><script>pwn()</script>",
    "<math><mtext></table><mglyph><style><img src=x onerror=pwn()>", "<template shadowrootmode=open><script>pwn()</script></template>",
    "<base href=//x.example>", "<meta http-equiv=refresh content=0;url=javascript:pwn()>",
]  # fmt: skip
WRAPS = ["{}", "avant {} après", "- {}\n- **{}**", "https://x.example/?q={}"]
HOSTILE = [wrap.format(text, text) if wrap.count("{}") == 2 else wrap.format(text) for wrap in WRAPS for text in RUNS]


def test_a_hundred_hostile_strings_run_nowhere(context: Open, site: Site, parts: Parts) -> None:
    assert len(HOSTILE) == 100
    browser = context()
    browser.add_init_script("window.pwned = 0; window.pwn = () => pwned++;")
    brand = {
        "id": "primus", "name": RUNS[0], "assistant": {"fr": RUNS[1], "en": RUNS[1]}, "subjects": {"fr": RUNS[2], "en": RUNS[2]},
        "colours": {"main": "red;} * {background: url(javascript:pwn())", "text_on_main": "#fff</style>"}, "phone": RUNS[3],
    }  # fmt: skip
    browser.route(
        "**/api/v1/brands", lambda route: route.fulfill(json=[brand], headers={"Access-Control-Allow-Origin": "*"})
    )

    async def hostile(turn: dict[str, Any]) -> Any:
        start = int(turn["text"].rpartition("#")[2])
        return answered(
            *(
                reply(
                    text,
                    title=text,
                    article=text,
                    buttons=[{"title": text, "payload": text}],
                    attachments=[{"title": text, "url": text, "type": text}],
                )
                for text in HOSTILE[start : start + 10]
            )
        )

    parts.answer = hostile
    chat = Chat(browser, site).open()
    for start in range(0, 100, 10):
        count = chat.replies.count()
        chat.field.fill("\n".join(HOSTILE[start : start + 10]).replace("\t", " ") + f" #{start}")
        chat.field.press("Enter")
        expect(chat.replies).to_have_count(count + 10)
    name = RUNS[0] + ".txt"
    chat.part("file").set_input_files([{"name": name, "mimeType": "text/plain", "buffer": b"x"}])
    expect(chat.part("files")).to_contain_text("<img src=x")
    found = chat.page.evaluate(
        """() => { const root = document.querySelector("support-chat").shadowRoot;
        const made = "script,img,iframe,object,embed,style,link,base,meta,math,template,[onerror],[onload],[onclick],[srcdoc]";
        const links = [...root.querySelectorAll("a")].map((a) => a.protocol);
        return {pwned, made: root.querySelectorAll(made).length, links: [...new Set(links)].sort()}; }"""
    )
    assert found == {"pwned": 0, "made": 0, "links": ["http:", "https:", "mailto:"]}
    chat.reload()
    expect(chat.messages).to_have_count(110)
    assert chat.page.evaluate("pwned") == 0
    chat.well()


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
