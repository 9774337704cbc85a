"""Hostile words in messages, names, articles, choices, links and files: nothing of them runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat import Chat
from tests.browser.replies import answered, reply
from tests.browser.site import Site
from tests.integration.gateway.parts import Parts

pytestmark = [pytest.mark.browser]

Open = Callable[..., BrowserContext]


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
