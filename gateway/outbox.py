"""Where codes and mails go. The console twin of the SMS and mail providers writes them to a file that the developer reads."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Outbox(Protocol):
    """Sends one text to one address; raises OSError where it could not."""

    async def send(self, channel: str, to: str, language: str, text: str) -> None:
        """`channel` is "sms" or "email"; `to` a phone in E.164 or an e-mail address."""


class DevelopmentOutbox:
    """A line of JSON for each text: `{"at","channel","to","language","text"}`. Never used in production."""

    def __init__(self, path: Path, now: Callable[[], datetime.datetime]) -> None:
        self._path = path
        self._now = now

    async def send(self, channel: str, to: str, language: str, text: str) -> None:
        """Appends the text to the file."""
        line = {"at": self._now().isoformat(), "channel": channel, "to": to, "language": language, "text": text}
        await asyncio.to_thread(self._append, json.dumps(line, ensure_ascii=False))

    def _append(self, line: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    async def latest(self, count: int = 50) -> list[dict[str, str]]:
        """The last texts, newest first."""
        if not self._path.exists():
            return []
        text = await asyncio.to_thread(self._path.read_text, "utf-8")
        return [json.loads(line) for line in reversed(text.splitlines()[-count:])]
