"""How a line of the transcript looks to a client, over HTTP and over the socket alike."""

from __future__ import annotations

import unicodedata
from typing import Any

from gateway.models import Message
from gateway.redact import is_kept_as
from gateway.web import Problem


def reply_of(line: Message) -> dict[str, Any]:
    """A reply as the public API gives it."""
    payload = line.payload
    return {
        "id": str(line.id) if line.id else None,
        "text": line.text,
        "article": payload.get("article"),
        "title": payload.get("title"),
        "buttons": payload.get("buttons") or [],
        "attachments": payload.get("attachments") or [],
    } | ({"offers": payload["offers"]} if payload.get("offers") else {})


def line_of(line: Message) -> dict[str, Any]:
    """A line of the transcript: who said it, when, in which language."""
    return {
        **reply_of(line),
        "sequence": line.sequence,
        "author": line.author,
        # A code has a field of its own on the page; what else a form waits for is not the page's matter.
        "asks": "code" if line.payload.get("asks") == "code" else None,
        "language": line.language,
        "message_id": line.message_id,
        "channel": line.channel,
        "at": line.at.isoformat(),
    }


def line_for_pages(line: Message) -> dict[str, Any]:
    """A reply as pages hear it: our line, with the choices under the name that Rasa has for them too."""
    body = line_of(line)
    choices = _quick_replies(line)
    return {**body, "quick_replies": choices} if choices else body


def bare_line(line: Message) -> dict[str, Any]:
    """A reply as Rasa's own socket has it: `text`, and `quick_replies` where there are any; links stand in the text."""
    payload, choices = line.payload, _quick_replies(line)
    title = [f"**{payload['title']}**"] if payload.get("title") else []
    links = [f"[{file['title']}]({file['url']})" for file in payload.get("attachments") or []]
    text = "\n\n".join(part for part in (*title, line.text, *links) if part)
    return {"text": text, "quick_replies": choices} if choices else {"text": text}


def _quick_replies(line: Message) -> list[dict[str, str]]:
    buttons = line.payload.get("buttons") or []
    return [{"title": b["title"], "payload": b["reply"], "content_type": "text"} for b in buttons]


def checked_text(value: Any, characters: int, language: str | None) -> str:
    """A message's text as it may be stored. Raises Problem: no text, empty, too long, not text at all."""
    if not isinstance(value, str) or not value.strip():
        raise Problem("empty_message", 422, language)
    if len(value) > characters:
        raise Problem("long_message", 413, language, characters=characters)
    # Control characters and lone surrogates are no text (and PostgreSQL stores no NUL).
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\r\t" for letter in value):
        raise Problem("binary_message", 422, language)
    return value.strip()


def check_repeat(message: Message, text: str, language: str | None) -> None:
    """A message id that comes again brings the same text: another text would be acknowledged, and lost. Raises Problem."""
    if not is_kept_as(text, message.text):
        raise Problem("message_id_used", 422, language)


def checked_message_id(value: Any, language: str | None) -> str:
    """The client's id of a message. Raises Problem."""
    if not isinstance(value, str) or not 1 <= len(value) <= 128 or not value.isprintable():
        raise Problem("bad_message_id", 422, language)
    return value
