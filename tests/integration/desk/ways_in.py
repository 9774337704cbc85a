"""The real form and actions behind the real gateway, on the real billing, without Rasa: what each message means is said by the test.

A `Customer` asks for a request by one of the doors and answers each question; `Played` carries it out, as the assistant would.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from actions.billing_client import BillingClient
from actions.gateway_client import GatewayClient
from desk.models import SupportRequest
from knowledge import Shelf
from tests.integration.actions.requests_played import POSTAL_CODE_OF, YES, answer, asked
from tests.integration.actions.talk import Conversation
from tests.integration.gateway import sms_steps
from tests.integration.gateway.conftest import Gateway

CODE = re.compile(r"\b\d{6}\b")
NUMBER = re.compile(r"\bR-\d{7}\b")
WAITED_S = 60.0
_IDS = itertools.count(1)


class Inside(GatewayClient):
    """The actions' own client, for one conversation; what the test's conversation knows of the customer comes with each turn."""

    def __init__(self, gateway: Gateway, conversation: str, brand: str) -> None:
        super().__init__(gateway.http, (gateway.internal_url,), gateway.settings.internal_secret, 5.0)
        self._conversation = conversation
        self.brand = brand
        self.proved: str | None = None
        self.pin = self.code = None

    async def _post(self, conversation: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        return await super()._post(self._conversation, what, body)


class Played:
    """What stands in the assistant's place: `meant` says which request a message asks for.

    `turns`: how many it took. `unsafe`: numbers that were said while no other connection saw their row.
    """

    def __init__(self, shelf: Shelf, billing_url: str) -> None:
        self.gateway: Gateway | None = None
        self.meant: dict[str, str] = {}
        self.talks: dict[str, Conversation] = {}
        self.turns = 0
        self.unsafe: list[str] = []
        self._shelf = shelf
        self._billing_url = billing_url

    async def __call__(self, turn: dict[str, Any]) -> web.StreamResponse:
        assert self.gateway
        told, name = turn["metadata"], turn["conversation"]
        if name not in self.talks:
            inside = Inside(self.gateway, name, told["brand"])
            billing = BillingClient(self.gateway.http, self._billing_url, 5.0)
            self.talks[name] = Conversation(self._shelf, inside, billing, told["language"])  # type: ignore[arg-type]
        talk = self.talks[name]
        talk.language = talk.slots["language"] = told["language"]
        talk.gateway.proved = told["account_ending"] if told["identity"] == "verified" else None
        await talk.say(turn["text"], self.meant.get(turn["text"]), message_id=turn["message_id"])
        safe = {one.number for one in await self.gateway.rows(SupportRequest)} if NUMBER.search(talk.text) else set()
        self.unsafe += [number for number in NUMBER.findall(talk.text) if number not in safe]
        replies = [
            {
                "text": one.text,
                "buttons": [{"title": title, "payload": title} for title in one.buttons],
                "article": None,
                "title": None,
                "act": one.act,
                "attachments": [],
            }
            for one in talk.replies
        ]
        intent = self.meant.get(turn["text"], "out_of_scope")
        confidence = 0.9 if turn["text"] in self.meant else 0.3
        candidates = [{"id": f"do/{intent}", "confidence": confidence}]
        understood = {"intent": intent, "article": None, "confidence": confidence, "candidates": candidates}
        self.turns += 1
        return web.json_response({"replies": replies, "understood": understood, "asks": asked(talk) or ""})


class Customer:
    """Somebody who writes in one language, by one door. `write` sends a message; `read` gives all that was answered so far."""

    def __init__(
        self, played: Played, language: str, write: Callable[[str], Awaitable[None]], read: Callable[[], Awaitable[str]]
    ) -> None:
        self.language = language
        self.id = ""
        self._played = played
        self._last = ""
        self._write = write
        self._read = read

    @property
    def talk(self) -> Conversation:
        """The conversation as the actions know it."""
        return self._played.talks[self.id]

    async def ask_for(self, request: str, text: str, account: str | None) -> list[str]:
        """Asks for a request and answers until nothing is asked any more; the fields that were asked for."""
        self._played.meant[text] = request
        await self.say(text)
        fields = []
        while field := asked(self.talk):
            fields.append(field)
            assert len(fields) < 14, f"{request} asks and asks: {fields}"
            await self.say(await self._answer(field, account))
        return fields

    async def say(self, text: str) -> None:
        """Writes, and waits until the assistant has answered."""
        known, turns = set(self._played.talks), self._played.turns
        await self._write(text)
        async with asyncio.timeout(WAITED_S):
            while self._played.turns == turns:
                await asyncio.sleep(0.01)
        self.id = self.id or (set(self._played.talks) - known).pop()

    async def has_read(self, *words: str) -> str:
        """All that came back, once it holds the words."""
        text, words = "", tuple(word.replace("\u00a0", " ") for word in words)  # a text message has no other blank
        try:
            async with asyncio.timeout(WAITED_S):
                while not all(word in text for word in words):
                    await asyncio.sleep(0.02)
                    text = (await self._read()).replace("\u00a0", " ")
        except TimeoutError:
            raise AssertionError(f"{words} are not in: {text}") from None
        return text

    async def _answer(self, field: str, account: str | None) -> str:
        if field == "confirmation":
            return YES[self.language]
        if field == "account_number":
            return str(account)
        if field == "postal_code":
            return POSTAL_CODE_OF[str(account)]
        if field == "code":
            return await self._code()
        return answer(self.talk)

    async def _code(self) -> str:
        """The last code that went out, to whichever address on file."""
        gateway = self._played.gateway
        assert gateway
        async with asyncio.timeout(WAITED_S):
            while True:
                codes = [found for one in gateway.texts() for found in CODE.findall(one["text"])]
                if codes and codes[-1] != self._last:
                    self._last = codes[-1]
                    return self._last
                await asyncio.sleep(0.02)


async def by_api(played: Played, brand: str, language: str) -> Customer:
    """Over the public API."""
    assert played.gateway
    talk = await played.gateway.talk(brand, language)

    async def write(text: str) -> None:
        await talk.say(text, f"m-{next(_IDS)}")

    async def read() -> str:
        return "\n".join(line["text"] for line in await talk.lines() if line["author"] == "assistant")

    return Customer(played, language, write, read)


def by_chat(page: Any) -> Callable[[Played, str, str], Awaitable[Customer]]:
    """In the page's chat."""

    async def begin(played: Played, brand: str, language: str) -> Customer:
        opened = await page()
        await opened.session(brand=brand, language=language)

        async def write(text: str) -> None:
            await opened.say(text)

        async def read() -> str:
            return "\n".join(line["text"] for line in opened.heard)

        return Customer(played, language, write, read)

    return begin


async def by_text(played: Played, brand: str, language: str) -> Customer:
    """By text message, each customer from a telephone of their own."""
    gateway = played.gateway
    assert gateway
    phone = f"+1514555{next(_IDS) % 10000:04d}"

    async def write(text: str) -> None:
        await sms_steps.say(gateway, text, customer=phone, number=sms_steps.NUMBERS[brand][0])

    async def read() -> str:
        return "\n".join(one["text"] for one in gateway.texts() if one["to"] == phone)

    return Customer(played, language, write, read)
