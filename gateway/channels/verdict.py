"""The customer's verdict, from the public API and the web channel: a rating of the conversation, and whether a reply helped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web

from gateway.channels.wire import checked_text
from gateway.database import Sessions
from gateway.desk_change import DeskChange
from gateway.models import Conversation
from gateway.redact import masked
from gateway.session import enter
from gateway.web import Problem, json_object
from knowledge import Brand, Shelf

PATH = "/api/v1/conversations/{id}"
SCORES = range(1, 6)
COMMENT_MOST = 2000
LARGEST = 2**31 - 1  # what the column holds


class Verdicts:
    """`rate` and `feedback` are called by the web channel too; both raise Problem. `keep_rating`, `keep_feedback`: desk/verdict.py."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        at_desk: Callable[[str], AbstractAsyncContextManager[DeskChange]],
        shelf: Shelf,
        keep_rating: Callable[[DeskChange, int, str | None], Awaitable[None]],
        keep_feedback: Callable[[DeskChange, Brand, int, bool], Awaitable[bool]],
    ) -> None:
        self._sessions = sessions
        self._at_desk = at_desk
        self._shelf = shelf
        self._keep_rating = keep_rating
        self._keep_feedback = keep_feedback

    def routes(self) -> list[web.RouteDef]:
        """The routes of the public API."""
        return [
            web.post(f"{PATH}/rating", self.post_rating),
            web.post(f"{PATH}/messages/{{reply_id}}/feedback", self.post_feedback),
        ]

    async def post_rating(self, request: web.Request) -> web.Response:
        """The conversation's rating; the latest counts."""
        talk = await self._authorized(request)
        await self.rate(talk.id, talk.language, await json_object(request, talk.language))
        return web.Response(status=204)

    async def post_feedback(self, request: web.Request) -> web.Response:
        """Whether a reply helped; the latest counts."""
        talk = await self._authorized(request)
        body = await json_object(request, talk.language)
        await self.feedback(talk.id, talk.language, {**body, "reply_id": request.match_info["reply_id"]})
        return web.Response(status=204)

    async def rate(self, conversation: str, language: str | None, data: dict[str, Any]) -> None:
        """`{"score": 1 to 5, "comment": text or null}`; the comment is masked as messages are."""
        score, comment = data.get("score"), data.get("comment")
        if type(score) is not int or score not in SCORES:
            raise Problem("bad_score", 422, language)
        if comment is not None:
            comment = checked_text(comment, COMMENT_MOST, language) if comment != "" else None
        if comment:
            comment = masked(comment)
        async with self._at_desk(conversation) as change:
            await self._keep_rating(change, score, comment)

    async def feedback(self, conversation: str, language: str | None, data: dict[str, Any]) -> None:
        """`{"reply_id": a reply's id, "helpful": true or false}`."""
        reply, helpful = data.get("reply_id"), data.get("helpful")
        if type(helpful) is not bool:
            raise Problem("bad_helpful", 422, language)
        known = isinstance(reply, str) and reply.isascii() and reply.isdecimal() and int(reply[:12]) <= LARGEST
        self._shelf.refresh()
        async with self._at_desk(conversation) as change:
            brand = self._shelf.brands[change.talk.brand]
            if not known or not await self._keep_feedback(change, brand, int(str(reply)), helpful):
                raise Problem("unknown_reply", 404, language)

    async def _authorized(self, request: web.Request) -> Conversation:
        given = request.headers.get("Authorization", "")
        found = await enter(self._sessions, request.match_info["id"], given)
        if found is None:
            raise Problem("unauthorized", 401)
        return found
