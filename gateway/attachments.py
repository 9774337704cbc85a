"""Files of the customer's own support requests, over the public API: added as multipart, listed, given back as downloads.

Whoever has the conversation's token may add to a request of that conversation, or of the account that it has proved.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from aiohttp import BodyPartReader, web
from sqlalchemy.ext.asyncio import AsyncSession

from desk.attachments import MOST_BYTES, BadFile, Files, attach, attachments_of, kind_of
from desk.models import Attachment, SupportRequest
from desk.request_log import Refused
from desk.request_states import LIVE
from desk.requests import requests_of
from gateway.database import Sessions
from gateway.desk_change import DeskChange
from gateway.identity import Identity
from gateway.models import Conversation
from gateway.proof import page_of
from gateway.sentences import Sentences
from gateway.session import enter
from gateway.web import Problem, json_response

CHUNK = 64 * 1024
REQUESTS = "/api/v1/conversations/{id}/requests"
PATH = REQUESTS + "/{number}/attachments"
SHOWN = 120  # characters of a description, enough to know a request by


class Attachments:
    """The handlers; each parses, calls one function, renders."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        identity: Identity,
        files: Files,
        at_desk: Callable[[str], AbstractAsyncContextManager[DeskChange]],
        sentences: Sentences,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._identity = identity
        self._files = files
        self._at_desk = at_desk
        self._sentences = sentences
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """The routes of a request's files."""
        return [
            web.get(REQUESTS, self.requests),
            web.post(PATH, self.add),
            web.get(PATH, self.list),
            web.get(PATH + "/{attachment}", self.download),
        ]

    async def requests(self, request: web.Request) -> web.Response:
        """The customer's own requests: those of the conversation, and of the account that it has proved; at most ten."""
        conversation = await self._authorized(request)
        async with self._sessions() as session:
            account = await self._identity.proved_account(session, conversation.id, page_of(conversation))
            found = await requests_of(session, conversation.brand, conversation.id, account)
        return json_response({"requests": [_request_body(one) for one in found]})

    async def add(self, request: web.Request) -> web.Response:
        """One file, as the part `file` of a multipart body; the same bytes again are the first one."""
        conversation = await self._authorized(request)
        async with self._sessions() as session:
            found = await self._request(session, conversation, request)
        name, data = await self._file(request, conversation.language)
        try:
            kind_of(data)
            stored = await asyncio.to_thread(self._files.keep, data)
        except BadFile as bad:
            raise self._problem(bad, conversation.language) from bad
        kept = False
        try:
            async with self._sessions.begin() as session:
                row, new = await attach(
                    session,
                    found.id,
                    files=self._files,
                    stored=stored,
                    data=data,
                    name=name,
                    actor="customer",
                    now=self._now(),
                )
            kept = new
        except BadFile as bad:
            raise self._problem(bad, conversation.language) from bad
        except Refused as refused:
            raise Problem("request_closed", 409, conversation.language) from refused
        finally:
            if not kept:
                self._files.forget(stored)
        if new:
            await self._tell(conversation, found.number, row)
        return json_response(_body(row), 201 if new else 200)

    async def list(self, request: web.Request) -> web.Response:
        """The files of a request."""
        conversation = await self._authorized(request)
        async with self._sessions() as session:
            found = await self._request(session, conversation, request)
            rows = await attachments_of(session, found.id)
        return json_response({"attachments": [_body(row) for row in rows]})

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file as a download."""
        number = request.match_info["attachment"]
        conversation = await self._authorized(request)
        async with self._sessions() as session:
            found = await self._request(session, conversation, request)
            rows = await attachments_of(session, found.id)
        row = next((row for row in rows if str(row.id) == number), None)
        response = self._files.download(row) if row else None
        if response is None:
            raise Problem("not_found", 404, conversation.language)
        return response

    async def _authorized(self, request: web.Request) -> Conversation:
        found = await enter(self._sessions, request.match_info["id"], request.headers.get("Authorization", ""))
        if found is None:
            raise Problem("unauthorized", 401)
        return found

    async def _request(self, session: AsyncSession, conversation: Conversation, request: web.Request) -> SupportRequest:
        account = await self._identity.proved_account(session, conversation.id, page_of(conversation))
        number = request.match_info["number"]
        own = await requests_of(session, conversation.brand, conversation.id, account, number=number)
        if not own:
            raise Problem("unknown_request", 404, conversation.language)
        return own[0]

    async def _file(self, request: web.Request, language: str | None) -> tuple[str, bytes]:
        """The name and the bytes of the part `file`; reads no more than a file may hold. Raises Problem."""
        if not request.content_type.startswith("multipart/"):
            raise Problem("no_file", 400, language)
        try:
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader) and part.name == "file":
                    data = bytearray()
                    while chunk := await part.read_chunk(CHUNK):
                        data += chunk
                        if len(data) > MOST_BYTES:
                            raise Problem("attachment_too_large", 413, language, megabytes=MOST_BYTES // 1024**2)
                    return part.filename or "", bytes(data)
        except (ValueError, AssertionError) as error:  # a body that is no multipart, whatever its header says
            raise Problem("no_file", 400, language) from error
        raise Problem("no_file", 400, language)

    async def _tell(self, conversation: Conversation, number: str, row: Attachment) -> None:
        """A line of the conversation, so that every page of the customer and the desk read of the file."""
        async with self._at_desk(conversation.id) as change:
            text = self._sentences.say("file_added", change.language, file=row.name, number=number)
            await change.say("assistant", text, message_id=f"file:{row.id}")

    def _problem(self, bad: BadFile, language: str | None) -> Problem:
        status = {"too_large": 413, "bad_type": 415}.get(bad.reason, 422)
        return Problem(f"attachment_{bad.reason}", status, language, megabytes=MOST_BYTES // 1024**2)


def _body(row: Attachment) -> dict[str, object]:
    return {"id": row.id, "name": row.name, "type": row.kind, "size": row.size, "at": row.at.isoformat()}


def _request_body(found: SupportRequest) -> dict[str, object]:
    return {
        "number": found.number,
        "state": found.state,
        "open": found.state in LIVE,
        "description": found.description[:SHOWN],
        "created_at": found.created_at.isoformat(),
    }
