"""What stands behind the gateway, as one small server that does as it is told: assistant, actions and billing."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

SECRET = "a secret of the tests, long enough"


def said(*texts: str, understood: dict[str, Any] | None = None) -> web.Response:
    """An answer as the assistant's channel gives it."""
    replies = [{"text": text, "buttons": [], "article": None, "title": None, "attachments": []} for text in texts]
    return web.json_response({"replies": replies, "understood": understood})


async def echo(turn: dict[str, Any]) -> web.StreamResponse:
    return said(f"you said {turn['text']}")


class Parts:
    """What stands behind the gateway: one server that plays the assistant, the actions' health and billing."""

    def __init__(self) -> None:
        self.assistant_up = True
        self.answer: Callable[[dict[str, Any]], Awaitable[web.StreamResponse]] = echo
        self.turns: list[dict[str, Any]] = []
        self.requests: list[str | None] = []  # the id that came with each turn
        # What texts are understood as, by brand; how long that takes, and with what status it is answered.
        self.outcomes: dict[str, tuple[str, float]] = {}
        self.understands: list[dict[str, Any]] = []
        self.erased: list[str] = []
        self.understanding_s = 0.0
        self.understanding_status = 200
        self.understanding: Callable[[dict[str, Any]], web.Response] = self.as_told
        self.at_once = self.most_at_once = 0
        self.accounts = {
            ("primus", "1002003001", "H2X 1Y4"): {"sms": "+15145550101", "email": "comptes@laurier.example"},
            ("primus", "1002003002", "M5V 2T6"): {"sms": "+14165550102"},
            ("wrs", "50010001", "K7L 3N6"): {"email": "dana@whitfield.example"},
        }
        self.located: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.taken: list[int] = []
        self.forgets_what_was_taken = False
        self.billing_status = 200
        # What billing tells of the customer's account, by path; which was asked for, with what token.
        self.facts: dict[str, dict[str, Any]] = {}
        self.facts_asked: list[tuple[str, str]] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/webhooks/gateway/", self.alive),
                web.post("/webhooks/gateway/turn", self.turn),
                web.post("/webhooks/gateway/understand", self.understand),
                web.post("/webhooks/gateway/meanings", self.meanings),
                web.post("/webhooks/gateway/erase", self.erase),
                web.get("/healthz", self.healthy),
                web.get("/readyz", self.healthy),
                web.post("/v1/locate", self.locate),
                web.get("/v1/balance", self.fact),
                web.get("/v1/bills/latest", self.fact),
                web.get("/v1/notices", self.list_notices),
                web.post("/v1/notices/taken", self.take_notices),
            ]
        )
        return app

    async def healthy(self, _: web.Request) -> web.Response:
        return web.json_response({})

    async def alive(self, _: web.Request) -> web.Response:
        return web.json_response({}, status=200 if self.assistant_up else 503)

    async def turn(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        body = await request.json()
        self.turns.append(body)
        self.requests.append(request.headers.get("X-Request-Id"))
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            return await self.answer(body)
        finally:
            self.at_once -= 1

    async def understand(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        body = await request.json()
        self.understands.append(body)
        await asyncio.sleep(self.understanding_s)
        if self.understanding_status != 200:
            return web.json_response({}, status=self.understanding_status)
        return self.understanding(body)

    async def meanings(self, request: web.Request) -> web.Response:
        """Like words, like directions: enough for questions that are asked in nearly the same words."""
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        if self.understanding_status != 200:
            return web.json_response({}, status=self.understanding_status)
        vectors = []
        for text in (await request.json())["text"]:
            vector = [0] * 64
            for word in text.lower().split():
                place = zlib.crc32(word.encode()) % 64
                vector[place] = min(127, vector[place] + 20)
            vectors.append(vector)
        return web.json_response({"vectors": vectors})

    def as_told(self, body: dict[str, Any]) -> web.Response:
        outcome, confidence = self.outcomes.get(body["brand"], ("do/out_of_scope", 0.9))
        found = {
            "outcome": outcome,
            "confidence": confidence,
            "unsure": False,
            "candidates": [{"id": outcome, "confidence": confidence}],
        }
        return web.json_response({"texts": [found for _ in body["text"]]})

    async def erase(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        if not self.assistant_up:
            return web.Response(status=503)
        conversations = (await request.json())["conversations"]
        self.erased += conversations
        return web.json_response({"erased": len(conversations)})

    async def locate(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.located.append(body)
        contacts = self.accounts.get((body["brand"], body["account"], body["postal_code"]))
        if self.billing_status != 200:
            return web.Response(status=self.billing_status)
        if contacts is None:
            return web.json_response({}, status=404)
        known = [{"channel": channel, "address": address} for channel, address in contacts.items()]
        return web.json_response({"account": body["account"], "contacts": known})

    async def fact(self, request: web.Request) -> web.Response:
        self.facts_asked.append((request.path, request.headers["Authorization"].removeprefix("Bearer ")))
        found = self.facts.get(request.path)
        return web.json_response(found if found else {}, status=200 if found else 404)

    async def list_notices(self, request: web.Request) -> web.Response:
        return web.json_response([one for one in self.notices if one["id"] not in self.taken])

    async def take_notices(self, request: web.Request) -> web.Response:
        ids = (await request.json())["ids"]
        if self.forgets_what_was_taken:
            self.forgets_what_was_taken = False
            return web.Response(status=500)
        self.taken += ids
        return web.json_response({"taken": len(ids)})
