"""The web channel: socket.io with the event names of existing Rasa widgets, and ids that only the server issues.

A session id is the conversation's id and its token in one ("id.token"): who has it has the conversation, nobody else. It is
given in `session_confirm` and may be shown again in `session_request`, by the same page or a second tab. Lines travel as
`bot_uttered` (to the customer) and `user_line` (the customer's own, for other tabs); each carries its sequence number, so that a
client that was away asks for what it missed (`after`) and drops what it has.

`session_request` may carry the signed token of the company's site (`identity_token`). A conversation that has proved another account
is not taken up with it: what one customer read is not shown to the next. Widgets that send no brand name it in the address that they
connect to (`https://…/?brand=wrs`).
"""

from __future__ import annotations

import datetime
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import socketio
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.admission import Admission
from gateway.channels.doorway import taken_on
from gateway.channels.frames import while_there
from gateway.channels.rooms import Rooms
from gateway.channels.verdict import Verdicts
from gateway.channels.wire import bare_line, check_repeat, checked_message_id, checked_text, line_for_pages, line_of
from gateway.conversation import Conversations
from gateway.database import Sessions
from gateway.message import Incoming, SessionOver
from gateway.models import Conversation, Message
from gateway.proof import page_of
from gateway.sentences import Sentences
from gateway.session import Proved, conversation_of, renew, renewed_token, shown
from gateway.settings import Settings
from gateway.site_token import account_of
from gateway.web import Problem
from knowledge import Brand, Shelf
from monitoring import request_id, traces

Standing = Callable[[AsyncSession, Conversation, Brand, datetime.datetime], Awaitable[dict[str, Any]]]

WEB = "web"
EVENTS = ("session_request", "user_uttered", "rate", "feedback", "standing")
PAGE = 200  # lines of one answer; a client asks again for the rest
BARE = "bare:"  # before a token's hash: the room of the pages of widgets made for Rasa
REMEMBERED = 20  # messages of a page
MOST_LINES = 10**9  # beyond any transcript, and within what a database calls an integer


class WebChannel:
    """The socket's events. `ready` tells a page whether the assistant has started."""

    def __init__(
        self,
        server: socketio.AsyncServer,
        *,
        sessions: Sessions,
        conversations: Conversations,
        prove: Callable[[AsyncSession, str, str], Awaitable[None]],
        proved: Proved,
        last_proved: Callable[[AsyncSession, str], Awaitable[str | None]],
        standing: Standing,
        shelf: Shelf,
        settings: Settings,
        sentences: Sentences,
        ready: Callable[[], bool],
        verdicts: Verdicts,
        admission: Admission,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._server = server
        self._sessions = sessions
        self._conversations = conversations
        self._prove = prove
        self._proved = proved
        self._last_proved = last_proved
        self._standing = standing
        self._shelf = shelf
        self._settings = settings
        self._sentences = sentences
        self._ready = ready
        self._verdicts = verdicts
        self._admission = admission
        self._now = now
        self.rooms = Rooms(sessions, self._send)
        # Which messages each page sent lately: the one that held a proof is owed the new session.
        self._said: dict[str, deque[int]] = {}
        server.on("connect", self.connect)
        server.on("disconnect", self.disconnect)
        handlers = (self.request_session, self.hear, self.rate, self.feedback, self.tell_standing)
        for event, handler in zip(EVENTS, handlers, strict=True):
            server.on(event, while_there(handler, server, self._refusal))
        conversations.listeners.append(self.rooms.tell)  # to every page that has the conversation open

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """A socket alone may do nothing; it needs a session."""
        query = parse_qs(environ.get("QUERY_STRING", ""))
        named = {name: query[name][0] for name in ("brand", "language") if name in query}
        await self._server.save_session(sid, {**named, "browser": "HTTP_ORIGIN" in environ})

    async def disconnect(self, sid: str, reason: Any = None) -> None:
        """A page is gone."""
        self.rooms.leave(sid)
        self._said.pop(sid, None)

    async def request_session(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Takes up the conversation of a session id, or starts a new one; tells its id and what was said after `after`."""
        data = data if isinstance(data, dict) else {}
        held = await self._server.get_session(sid) or {}
        custom = data.get("customData") if isinstance(data.get("customData"), dict) else {}
        given = {**{k: v for k, v in held.items() if k in ("brand", "language")}, **_named(custom), **_named(data)}
        brand, language = given.get("brand"), given.get("language")
        language = language if language in ("fr", "en") else None
        self._shelf.refresh()
        if brand is not None and (not isinstance(brand, str) or brand not in self._shelf.brands):
            brands = ", ".join(sorted(self._shelf.brands))
            return self._refusal(
                Problem("unknown_brand", 422, language, brand=str(brand)[:40], brands=brands), language
            )
        try:
            async with taken_on(self._admission, language):
                return await self._begin(sid, data, brand, language)
        except Problem as problem:
            return self._refusal(problem, language)

    async def _begin(self, sid: str, data: dict[str, Any], brand: str | None, language: str | None) -> dict[str, Any]:
        brand_id = brand or next(iter(self._shelf.brands))
        async with self._sessions.begin(brief=True) as session:
            conversation, session_id = await self._resume(session, data.get("session_id"), brand)
            account = account_of(
                data.get("identity_token"),
                conversation.brand if conversation else brand_id,
                self._settings.identity_secrets,
                self._now(),
            )
            if account and conversation:
                earlier = await self._last_proved(session, conversation.id)
                conversation = conversation if earlier in (None, account) else None
            if conversation is None:
                conversation, token = transcript.new_conversation(session, brand_id, WEB, language, self._now())
                session_id = f"{conversation.id}.{token}"
                await session.flush()
            if account:
                await self._prove(session, conversation.id, account)
                if renewed := await renew(session, conversation, "", None):
                    session_id = f"{conversation.id}.{renewed}"
            after = data.get("after")
            first = min(max(0, after), MOST_LINES) if type(after) is int else 0
            lines = await transcript.lines_after(session, conversation.id, first, PAGE + 1)
            lines = await shown(session, self._proved, self._sentences, conversation, lines)
            people = await self._standing(session, conversation, self._shelf.brands[conversation.brand], self._now())
        self.rooms.leave(sid)
        # A page with rasa-webchat asks for nothing but its session, and shows a line only where it has the very names that it knows.
        browser = bool((await self._server.get_session(sid) or {}).get("browser"))
        bare = browser and not data.keys() & {"after", "brand", "language"}
        await self._enter(sid, conversation, session_id, {"brand": brand, "browser": browser, "bare": bare})
        self.rooms.enter(sid, conversation)
        return {
            "session_id": session_id,
            "brand": conversation.brand,
            "language": conversation.language,
            "handled_by": conversation.handled_by,
            "people": people,
            "identified": account is not None,
            "ready": self._ready(),
            "lines": [line_of(line) for line in lines[:PAGE]],
            "more": len(lines) > PAGE,
        }

    async def tell_standing(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Who answers now, the place in line, the hours."""
        conversation, language = await self._held(sid)
        if conversation is None:
            return self._refusal(Problem("unauthorized", 401), language)
        self._shelf.refresh()
        async with self._sessions.glance() as session:
            talk = await session.get_one(Conversation, conversation)
            return await self._standing(session, talk, self._shelf.brands[talk.brand], self._now())

    async def hear(self, sid: str, data: Any = None) -> dict[str, Any]:
        """A message. The answer to the event is its acknowledgement: it stands in the transcript."""
        request_id.begin()  # a socket is one request that lasts; each message in it is one of its own
        with traces.served("message", {}):
            return await self._hear(sid, data if isinstance(data, dict) else {})

    async def _hear(self, sid: str, data: dict[str, Any]) -> dict[str, Any]:
        # Nothing is looked up before its place: those sent in a row keep their order.
        held = await self._server.get_session(sid) or {}
        conversation, language = held.get("conversation"), held.get("language") or "fr"
        try:
            if conversation is None:
                raise Problem("unauthorized", 401)
            text = checked_text(data.get("message"), self._settings.message_characters, language)
            # Widgets made for Rasa send no id; each of their messages is its own.
            message_id = checked_message_id(data.get("message_id") or secrets.token_hex(8), language)
            async with taken_on(self._admission, language, conversation):
                incoming = Incoming(conversation, text, message_id, self._now(), WEB, held=held["token"])
                message = await self._conversations.receive(incoming)
            check_repeat(message, text, language)
        except SessionOver:
            return self._refusal(Problem("unauthorized", 401), language)
        except Problem as problem:
            return self._refusal(problem, language)
        if sid in self._said:
            self._said[sid].append(message.id)
        return {"sequence": message.sequence, "text": message.text, "ready": self._ready()}

    async def rate(self, sid: str, data: Any = None) -> dict[str, Any]:
        """The customer's rating, `{"score", "comment"}`; acknowledged with `{"ok": true}` once it is kept."""
        return await self._judge(sid, data, self._verdicts.rate)

    async def feedback(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Whether a reply helped, `{"reply_id", "helpful"}`; acknowledged as a rating is."""
        return await self._judge(sid, data, self._verdicts.feedback)

    async def _send(self, conversation: Conversation, line: Message) -> None:
        if conversation.renewed_by is not None and line.answers == conversation.renewed_by:
            await self._hand_over(conversation, conversation.renewed_by)
        if line.private and conversation.home:  # it may have been proved by text, which is nothing to the page
            async with self._sessions() as session:
                [line] = await shown(session, self._proved, self._sentences, conversation, [line])
        if line.author == "customer":
            await self._server.emit("user_line", line_of(line), room=conversation.token_hash)
        else:
            body = {**line_for_pages(line), "handled_by": conversation.handled_by}
            await self._server.emit("bot_uttered", body, room=conversation.token_hash)
            await self._server.emit("bot_uttered", bare_line(line), room=BARE + conversation.token_hash)

    async def _hand_over(self, conversation: Conversation, message: int) -> None:
        """The page that sent the proof gets the conversation's new session; all others are left with the old one, which is over."""
        sid = next((sid for sid, said in self._said.items() if message in said), None)
        if sid is None:
            return
        self._said[sid].clear()
        token = renewed_token(self._settings.billing_token_secret, conversation.id, message)
        await self._enter(sid, conversation, f"{conversation.id}.{token}", await self._server.get_session(sid) or {})

    async def _enter(self, sid: str, conversation: Conversation, session_id: str, page: dict[str, Any]) -> None:
        """The page has the conversation from now on; it hears the lines of those who have its present token."""
        await self._leave(sid)
        kept = {
            **page,
            "conversation": conversation.id,
            "language": conversation.language,
            "token": conversation.token_hash,
            "room": (BARE if page.get("bare") else "") + conversation.token_hash,
        }
        await self._server.save_session(sid, kept)
        await self._server.enter_room(sid, kept["room"])
        self._said.setdefault(sid, deque(maxlen=REMEMBERED))
        await self._server.emit("session_confirm", session_id, to=sid)

    async def _judge(
        self, sid: str, data: Any, keep: Callable[[str, str | None, dict[str, Any]], Awaitable[None]]
    ) -> dict[str, Any]:
        conversation, language = await self._held(sid)
        try:
            if conversation is None:
                raise Problem("unauthorized", 401)
            await keep(conversation, language, data if isinstance(data, dict) else {})
        except Problem as problem:
            return self._refusal(problem, language)
        return {"ok": True}

    async def _held(self, sid: str) -> tuple[str | None, str]:
        """The conversation of a socket's session, None before it has one; and the language for its errors."""
        held = await self._server.get_session(sid) or {}
        conversation = held.get("conversation")
        if conversation is not None:
            async with self._sessions.glance() as session:
                found = await session.get(Conversation, conversation)
            # The session that the page came with is over: its customer has proved who they are, in another page.
            conversation = conversation if found and found.token_hash == held["token"] else None
        return conversation, held.get("language") or "fr"

    def _refusal(self, problem: Problem, language: str | None) -> dict[str, Any]:
        """A problem as the answer to an event; `retry_after`: the seconds after which the same will do."""
        title, detail = self._sentences.problem(problem.name, language or "fr", **problem.values)
        later = {"retry_after": problem.values["retry_after"]} if "retry_after" in problem.values else {}
        return {"error": problem.name, "title": title, "detail": detail, **later}

    async def _leave(self, sid: str) -> None:
        """A page that takes another session hears no more of the one that it had."""
        held = await self._server.get_session(sid)
        if held and "room" in held:
            await self._server.leave_room(sid, held["room"])

    async def _resume(
        self, session: AsyncSession, session_id: Any, brand: str | None
    ) -> tuple[Conversation | None, str]:
        if not isinstance(session_id, str) or "." not in session_id:
            return None, ""
        conversation, _, token = session_id.rpartition(".")
        found = await conversation_of(session, conversation, token)
        # A page of another brand starts its own conversation: nothing of one brand shows in another's. Nor is a program's taken up.
        if found is None or brand not in (None, found.brand) or page_of(found) != WEB:
            return None, ""
        return found, session_id


def _named(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("brand", "language") if data.get(name)}
