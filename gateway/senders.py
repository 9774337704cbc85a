"""What leaves the program for a person's phone or mailbox: the letter, how a channel sends it, and how sending fails."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


@dataclasses.dataclass(frozen=True)
class Letter:
    """One text to one address. `channel` is "sms" or "email"; `address` a phone in E.164 or an e-mail address.

    `id` is the same each time that the letter is sent again. `subject`, `html` and `reply_to` are for mail only; `row` (of the outbox),
    `numbers` (that it may go out from, the best first) and `parts` (as which it goes out) for text messages.
    """

    id: str
    channel: str
    address: str
    language: str
    sender: str
    text: str
    subject: str = ""
    html: str = ""
    reply_to: str = ""
    row: int = 0
    numbers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


class SendFailed(Exception):
    """The letter did not go out. `final`: it never will, however often it is tried.

    `unknown`: nobody can tell whether it did. `opted_out`: the provider says that this number wants no texts of ours.
    """

    def __init__(self, reason: str, *, final: bool = False, unknown: bool = False, opted_out: bool = False) -> None:
        super().__init__(reason)
        self.final = final
        self.unknown = unknown
        self.opted_out = opted_out


class Sender(Protocol):
    """Sends letters on one channel."""

    async def send(self, letter: Letter) -> str | None:
        """Returns once the letter is accepted, with the id that the provider gave it, where it gives any. Raises SendFailed."""


class DevelopmentSender:
    """The console twin of the SMS and mail providers: a line of JSON for each letter, in a file that the developer reads.

    `{"at","channel","to","language","text"}`, for mail with its subject. Never used in production.
    """

    def __init__(self, path: Path, now: Callable[[], datetime.datetime]) -> None:
        self._path = path
        self._now = now

    async def send(self, letter: Letter) -> None:
        """Appends the letter to the file."""
        line = {
            "at": self._now().isoformat(),
            "channel": letter.channel,
            "to": letter.address,
            "language": letter.language,
            **({"subject": letter.subject} if letter.subject else {}),
            "text": letter.text,
        }
        try:
            await asyncio.to_thread(self._append, json.dumps(line, ensure_ascii=False))
        except OSError as error:
            raise SendFailed(f"{type(error).__name__}: {error}") from error

    def _append(self, line: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    async def latest(self, count: int = 50) -> list[dict[str, str]]:
        """The last letters, newest first."""
        if not self._path.exists():
            return []
        text = await asyncio.to_thread(self._path.read_text, "utf-8")
        return [json.loads(line) for line in reversed(text.splitlines()[-count:])]
