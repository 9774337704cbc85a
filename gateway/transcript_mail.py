"""The conversation by mail, to an address that its customer gives: how often, and what stands in the letter.

The letter waits in the outbox as the conversation's id and its last line; the lines are read when it is sent, and kept nowhere else.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.database import Sessions, take_turns
from gateway.models import Conversation, Message, Outgoing
from gateway.outbox import Outbox, put
from gateway.proof import has_proof, page_of
from gateway.sentences import Sentences
from gateway.session import enter, withheld
from gateway.web import Problem, json_object
from knowledge import Shelf

TRANSCRIPT = "transcript"
WITHIN = datetime.timedelta(hours=24)
# Anybody can have a conversation and name an address: neither is a way to fill a mailbox, nor all of them a way to fill many.
BY_CONVERSATION, BY_ADDRESS, BY_BRAND_AN_HOUR = 3, 3, 120
MOST_LINES = 500


class TranscriptMail:
    """The handler of the public API, and what fills the letter when it is sent."""

    def __init__(
        self, *, sessions: Sessions, outbox: Outbox, shelf: Shelf, now: Callable[[], datetime.datetime]
    ) -> None:
        self._sessions = sessions
        self._outbox = outbox
        self._shelf = shelf
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """The route of the public API."""
        return [web.post("/api/v1/conversations/{id}/transcript", self.send)]

    async def send(self, request: web.Request) -> web.Response:
        """`{"email"}` -> 202: it is on its way."""
        talk = await enter(self._sessions, request.match_info["id"], request.headers.get("Authorization", ""))
        if talk is None:
            raise Problem("unauthorized", 401)
        body = await json_object(request, talk.language)
        address = _address(body.get("email"), talk.language)
        async with self._sessions.begin() as session:
            await put_transcript(session, talk, address, self._now())
        self._outbox.wake()
        return web.Response(status=202)


async def put_transcript(session: AsyncSession, talk: Conversation, address: str, now: datetime.datetime) -> None:
    """Puts the letter into the outbox. Raises Problem where there is nothing to send, or too much was sent."""
    await take_turns(session, f"{TRANSCRIPT}:{talk.brand}")
    talk = await session.get_one(Conversation, talk.id, populate_existing=True)
    if not talk.last_sequence:
        raise Problem("empty_transcript", 409, talk.language)
    sent = select(func.count()).select_from(Outgoing).where(Outgoing.letter == TRANSCRIPT, Outgoing.brand == talk.brand)
    lately = sent.where(Outgoing.created_at > now - WITHIN)
    own = await session.scalar(lately.where(Outgoing.key.startswith(f"{TRANSCRIPT}:{talk.id}:", autoescape=True))) or 0
    to_address = await session.scalar(lately.where(func.lower(Outgoing.address) == address.lower())) or 0
    of_brand = await session.scalar(sent.where(Outgoing.created_at > now - datetime.timedelta(hours=1))) or 0
    if own >= BY_CONVERSATION or to_address >= BY_ADDRESS or of_brand >= BY_BRAND_AN_HOUR:
        raise Problem("many_transcripts", 429, talk.language)
    put(
        session,
        key=f"{TRANSCRIPT}:{talk.id}:{secrets.token_hex(8)}",
        brand=talk.brand,
        language=talk.language or "fr",
        channel="email",
        address=address,
        letter=TRANSCRIPT,
        # What was said under a proof goes along where the proof lasts while it is asked for.
        values={
            "conversation": talk.id,
            "until": talk.last_sequence,
            "proved": await has_proof(session, talk.id, now, page_of(talk)),
        },
        now=now,
    )


def entries_of(sessions: Sessions, shelf: Shelf, sentences: Sentences) -> Callable[[dict[str, Any]], Any]:
    """What the outbox asks when it sends the letter: the lines of the conversation, as `entries`."""

    async def read(values: dict[str, Any]) -> dict[str, Any]:
        async with sessions() as session:
            talk = await session.get_one(Conversation, values["conversation"])
            newest = (
                select(Message)
                .where(Message.conversation == talk.id, Message.sequence <= values["until"])
                .order_by(Message.sequence.desc())
                .limit(MOST_LINES)
            )
            lines = list(await session.scalars(newest))[::-1]
        if not values.get("proved"):
            lines = [withheld(line, sentences, talk) if line.private else line for line in lines]
        zone = ZoneInfo(str(shelf.brands[talk.brand].hours["time_zone"]))
        return {
            "entries": [
                {
                    "author": line.author if line.author in ("customer", "agent") else "assistant",
                    "at": line.at.astimezone(zone),
                    "text": "\n".join(part for part in (line.payload.get("title"), line.text) if part),
                }
                for line in lines
            ]
        }

    return read


def _address(value: object, language: str | None) -> str:
    if not isinstance(value, str) or len(value) > 254:
        raise Problem("bad_email", 422, language)
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Problem("bad_email", 422, language) from error
