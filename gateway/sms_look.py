"""How an answer would reach a telephone, for who writes it: the text as it goes out, its parts and its alphabet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.message import Reply
from gateway.sms_alphabet import GSM, measure
from gateway.sms_text import compose, pages
from knowledge import Brand


def look(brand: Brand, language: str, text: str, choices: Sequence[str]) -> dict[str, Any]:
    """`text` as it is sent first, with the choices under it; `parts` of it, whether in the GSM `alphabet`, whether `more` follows."""
    words = brand.sms.around(language)
    buttons = tuple({"title": title, "reply": title} for title in choices)
    # An answer from an article: what is offered under it may be left out where it costs a part.
    reply = Reply(text, article=f"{brand.id}/preview", buttons=buttons)
    composed = compose([reply], words, accents=brand.sms.fold_accents)
    page = pages(composed.text, words, accents=brand.sms.fold_accents)
    cost = measure(page.now)
    return {"text": page.now, "more": bool(page.kept), "parts": cost.parts, "gsm": cost.alphabet == GSM}
