"""The public API (DESIGN.md): conversations by HTTP, for programs and for tests from outside."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.admission import Admission
from gateway.channels.doorway import taken_on
from gateway.channels.wire import check_repeat, checked_message_id, checked_text, line_of, reply_of
from gateway.conversation import Conversations
from gateway.database import Sessions
from gateway.message import Incoming
from gateway.models import Conversation
from gateway.outcome import Answer
from gateway.proof import page_of
from gateway.sentences import Sentences
from gateway.session import Proved, enter, renew, shown
from gateway.settings import Settings
from gateway.site_token import account_of
from gateway.web import Problem, json_object, json_response
from knowledge import Shelf

MOST_LINES = 2**31 - 1  # what the column holds
OPENAPI = Path(__file__).parent.parent / "openapi.json"


class Api:
    """The handlers; each parses, calls one function, renders."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        conversations: Conversations,
        prove: Callable[[AsyncSession, str, str], Awaitable[None]],
        proved: Proved,
        sentences: Sentences,
        shelf: Shelf,
        settings: Settings,
        admission: Admission,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._prove = prove
        self._proved = proved
        self._sentences = sentences
        self._shelf = shelf
        self._settings = settings
        self._admission = admission
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """The routes of this channel."""
        return [
            web.post("/api/v1/conversations", self.create),
            web.post("/api/v1/conversations/{id}/messages", self.send),
            web.get("/api/v1/conversations/{id}/messages", self.read),
            web.get("/api/openapi.json", self.document),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """A new conversation with a brand; its token is shown this once."""
        body = await json_object(request)
        brand, language = body.get("brand"), body.get("language")
        self._shelf.refresh()
        if not isinstance(brand, str) or brand not in self._shelf.brands:
            raise Problem("unknown_brand", 422, brand=str(brand)[:40], brands=", ".join(sorted(self._shelf.brands)))
        if language not in (None, "fr", "en"):
            raise Problem("unknown_language", 422)
        signed = body.get("identity_token")
        account = account_of(signed, brand, self._settings.identity_secrets, self._now())
        if signed is not None and account is None:
            raise Problem("identity_token", 403)
        async with taken_on(self._admission, language):
            async with self._sessions.begin() as session:
                conversation, token = transcript.new_conversation(session, brand, "api", language, self._now())
                if account:
                    await session.flush()
                    await self._prove(session, conversation.id, account)
                    token = await renew(session, conversation, "", None) or token
                    conversation.former_token_hash = None  # nobody has it
        return json_response({"conversation": conversation.id, "token": token}, 201)

    async def send(self, request: web.Request) -> web.Response:
        """One message, and the replies to it."""
        conversation = await self._authorized(request)
        body = await json_object(request, conversation.language)
        text = checked_text(body.get("text"), self._settings.message_characters, conversation.language)
        message_id = checked_message_id(body.get("message_id"), conversation.language)
        async with taken_on(self._admission, conversation.language, conversation.id):
            incoming = Incoming(conversation.id, text, message_id, self._now(), page_of(conversation))
            message = await self._conversations.receive(incoming)
        check_repeat(message, text, conversation.language)
        return json_response(self._rendered(await self._conversations.answer(message)))

    async def read(self, request: web.Request) -> web.Response:
        """The transcript from a sequence number on."""
        conversation = await self._authorized(request)
        after = request.query.get("after", "0")
        if not after.isdecimal() or len(after) > 12:
            raise Problem("bad_after", 422, conversation.language)
        async with self._sessions() as session:
            lines = await transcript.lines_after(session, conversation.id, min(int(after), MOST_LINES))
            lines = await shown(session, self._proved, self._sentences, conversation, lines)
        return json_response({"conversation": conversation.id, "messages": [line_of(line) for line in lines]})

    async def document(self, _: web.Request) -> web.FileResponse:
        """The OpenAPI document."""
        return web.FileResponse(OPENAPI, headers={"Content-Type": "application/json"})

    async def _authorized(self, request: web.Request) -> Conversation:
        found = await enter(self._sessions, request.match_info["id"], request.headers.get("Authorization", ""))
        if found is None:
            raise Problem("unauthorized", 401)
        return found

    def _rendered(self, answer: Answer) -> dict[str, object]:
        body: dict[str, object] = {
            "conversation": answer.conversation,
            "language": answer.language,
            "handled_by": answer.handled_by,
            "replies": [reply_of(line) for line in answer.lines],
        }
        if self._settings.show_understood:
            body["understood"] = answer.understood
        if answer.pending:
            body["pending"] = True
        if answer.token:
            body["token"] = (
                answer.token
            )  # new, as the customer has proved who they are; the old one ends once it is used
        return body
